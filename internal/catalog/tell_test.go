package catalog_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
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

// listening is a catalogue whose events a test hears.
type listening struct {
	*catalog.Service
	t *testing.T
	o *overheard
}

func newListening(t *testing.T) *listening {
	t.Helper()
	s := newService(t)
	o := &overheard{Store: s.Store}
	s.Store = o
	return &listening{s, t, o}
}

// said compares what was told since it was asked last.
func (l *listening) said(what, want string) {
	l.t.Helper()
	if got := strings.Join(l.o.told, "; "); got != want {
		l.t.Errorf("%s: told %q, want %q", what, got, want)
	}
	l.o.told = nil
}

func (l *listening) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// added is a product of which there are three.
func (l *listening) added() string {
	l.t.Helper()
	three := int64(3)
	counted := latte()
	counted.Stock = &three
	p, err := l.AddProduct(l.t.Context(), taxed, "usr_1", counted)
	l.must(err)
	return p.ID
}

func (l *listening) sold(paymentID string, quantities map[string]int64) {
	l.t.Helper()
	_, err := l.Sold(l.t.Context(), taxed, paymentID, quantities)
	l.must(err)
}

// naming is the event that names products.
func (l *listening) naming(ids ...string) string {
	l.t.Helper()
	payload, err := json.Marshal(catalog.Told{ProductIDs: ids})
	l.must(err)
	return "catalog.changed " + string(payload)
}

// whole is the event that names none.
const whole = `catalog.changed {"productIds":[]}`

// TestDevicesAreToldOfEveryChange of the catalogue, once for each: by name when it is of a
// few products, and of nothing that changed nothing.
func TestDevicesAreToldOfEveryChange(t *testing.T) {
	t.Parallel()
	s, ctx := newListening(t), t.Context()
	one := s.added()
	s.said("added", s.naming(one))
	other := s.added()
	s.said("another", s.naming(other))
	yes := true
	for _, want := range []string{s.naming(one), ""} { // the second time it is sold out already
		_, err := s.Mark(ctx, taxed, "usr_1", one, catalog.Marks{SoldOut: &yes})
		s.must(err)
		s.said("sold out", want)
	}
	s.sold("pay_1", map[string]int64{one: 1, other: 3, "prd_gone": 1})
	both := []string{one, other}
	slices.Sort(both)
	s.said("sold", s.naming(both...))
	s.sold("pay_1", map[string]int64{one: 1, other: 3})
	s.sold("pay_2", map[string]int64{other: 1})
	s.said("sold twice, and what there is none of", "")
	s.must(s.Returned(ctx, taxed, "pay_1"))
	s.said("returned", s.naming(both...))
	_, err := s.AddCategory(ctx, taxed, "usr_1", catalog.Category{Name: "음료"})
	s.must(err)
	s.said("a category", whole)
	if err := s.RemoveProduct(ctx, taxed, "usr_1", one, 99); fault.KindOf(err) != fault.Conflict {
		t.Errorf("removed at a version that is not: %v", err)
	}
	s.said("a change that was refused", "")
}

// TestAChangeOfManyProductsNamesNone: whoever hears of it reads them all.
func TestAChangeOfManyProductsNamesNone(t *testing.T) {
	t.Parallel()
	s := newListening(t)
	many := map[string]int64{}
	for range 20 {
		many[s.added()] = 1
	}
	s.o.told = nil
	s.sold("pay_1", many)
	s.said("twenty", s.naming(slices.Sorted(maps.Keys(many))...))
	many[s.added()] = 1
	s.o.told = nil
	s.sold("pay_2", many)
	s.said("twenty-one", whole)
}
