package catalog_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"innopay/fault"
	"innopay/internal/catalog"
	"innopay/internal/outbox"
)

// overheard keeps the events of transactions that were committed.
type overheard struct {
	catalog.Store
	told []string
}

func (o *overheard) Tx(ctx context.Context, fn func(ctx context.Context, tx catalog.Tx) error) error {
	var events []string
	err := o.Store.Tx(ctx, func(ctx context.Context, tx catalog.Tx) error {
		events = nil
		return fn(ctx, ear{tx, &events})
	})
	if err == nil {
		o.told = append(o.told, events...)
	}
	return err
}

type ear struct {
	catalog.Tx
	events *[]string
}

func (e ear) Emit(ctx context.Context, event outbox.Event) error {
	*e.events = append(*e.events, string(event.Type)+" "+event.Payload)
	return e.Tx.Emit(ctx, event)
}

// TestDevicesAreToldOfEveryChange of the catalogue, once for each: by name when it is of a
// few products, and of nothing that changed nothing.
func TestDevicesAreToldOfEveryChange(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	o := &overheard{Store: s.Store}
	s.Store = o
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	said := func(what, want string) {
		t.Helper()
		if got := strings.Join(o.told, "; "); got != want {
			t.Errorf("%s: told %q, want %q", what, got, want)
		}
		o.told = nil
	}
	named := func(ids ...string) string {
		payload, err := json.Marshal(catalog.Told{ProductIDs: ids})
		must(err)
		return "catalog.changed " + string(payload)
	}
	const whole = "catalog.changed {\"productIds\":[]}"
	three := int64(3)
	counted := latte()
	counted.Stock = &three
	p, err := s.AddProduct(ctx, taxed, "usr_1", counted)
	must(err)
	said("added", named(p.ID))
	other, err := s.AddProduct(ctx, taxed, "usr_1", counted)
	must(err)
	said("another", named(other.ID))
	yes := true
	_, err = s.Mark(ctx, taxed, "usr_1", p.ID, catalog.Marks{SoldOut: &yes})
	must(err)
	said("sold out", named(p.ID))
	_, err = s.Mark(ctx, taxed, "usr_1", p.ID, catalog.Marks{SoldOut: &yes})
	must(err)
	said("sold out again", "")
	_, err = s.Sold(ctx, taxed, "pay_1", map[string]int64{p.ID: 1, other.ID: 3, "prd_gone": 1})
	must(err)
	first, second := p.ID, other.ID
	if second < first {
		first, second = second, first
	}
	said("sold", named(first, second))
	_, err = s.Sold(ctx, taxed, "pay_1", map[string]int64{p.ID: 1, other.ID: 3})
	must(err)
	_, err = s.Sold(ctx, taxed, "pay_2", map[string]int64{other.ID: 1})
	must(err)
	said("sold twice, and what there is none of", "")
	must(s.Returned(ctx, taxed, "pay_1"))
	if got := strings.Join(o.told, "; "); !strings.Contains(got, p.ID) || !strings.Contains(got, other.ID) || len(o.told) != 1 {
		t.Errorf("returned: told %q", got)
	}
	o.told = nil
	_, err = s.AddCategory(ctx, taxed, "usr_1", catalog.Category{Name: "음료"})
	must(err)
	said("a category", whole)
	if err := s.RemoveProduct(ctx, taxed, "usr_1", p.ID, 99); fault.KindOf(err) != fault.Conflict {
		t.Errorf("removed at a version that is not: %v", err)
	}
	said("a change that was refused", "")
	many := map[string]int64{}
	for range 21 {
		one, err := s.AddProduct(ctx, taxed, "usr_1", counted)
		must(err)
		many[one.ID] = 1
	}
	o.told = nil
	_, err = s.Sold(ctx, taxed, "pay_3", many)
	must(err)
	said("more than a few", whole)
}
