package storetest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/catalog"
	"innopay/money"
)

// Products runs the part of the suite that holds for every catalog.Store. Its tests
// share one store and keep apart by their desks, as merchants do.
func Products(t *testing.T, fresh func(t *testing.T) catalog.Store) {
	t.Helper()
	shared := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, catalog.Store)
	}{
		{"products are read back whole", productRoundTrip},
		{"changes meet the version they read", productVersions},
		{"a barcode is one product's", barcodeTaken},
		{"lists and their conditions", productList},
		{"categories", categories},
		{"products are the tenant's", productsOfTenant},
		{"pictures", productPictures},
		{"products are counted", productCount},
		{"what sales took", stockMoves},
		{"the last pieces are sold once", oneTakes},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, shared)
		})
	}
}

func product(d *Desk, name string, sort int64) catalog.Product {
	d.Now = d.Now.Add(time.Millisecond) // later products have larger ids
	return catalog.Product{
		MerchantID: d.Merchant, ID: d.ID(id.Product), Name: name, Price: 4_500, Tax: money.Taxable, Sort: sort,
		CreatedAt: d.Now, Version: 1,
	}
}

// change runs fn in a transaction and compares what it says with want.
func change(t *testing.T, s catalog.Store, want error, fn func(ctx context.Context, tx catalog.Tx) error) {
	t.Helper()
	if err := s.Tx(t.Context(), fn); !errors.Is(err, want) {
		t.Errorf("want %v, got %v", want, err)
	}
}

func add(t *testing.T, s catalog.Store, ps ...catalog.Product) {
	t.Helper()
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error {
		for _, p := range ps {
			if err := tx.InsertProduct(ctx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

func productRoundTrip(t *testing.T, s catalog.Store) {
	d := NewDesk(201)
	stock := int64(0)
	plain, full := product(d, "물", 1), product(d, "아메리카노", 2)
	full.CategoryID, full.Barcode, full.SoldOut, full.Favourite, full.Stock = d.ID(id.Category), "8800000000001", true, true, &stock
	full.Tax, full.Price = money.TaxFree, money.Max
	add(t, s, plain, full)
	for _, want := range []catalog.Product{plain, full} {
		got, err := s.Product(t.Context(), d.Tenant(), want.ID)
		if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	}
	if _, err := s.Product(t.Context(), d.Tenant(), "prd_none"); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("no product: %v", err)
	}
	stop := errors.New("stop")
	third := product(d, "셋째", 3)
	change(t, s, stop, func(ctx context.Context, tx catalog.Tx) error {
		return errors.Join(tx.InsertProduct(ctx, third), tx.Record(ctx, d.record("product.added", third.ID)), stop)
	})
	if _, err := s.Product(t.Context(), d.Tenant(), third.ID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("after a failure: %v", err)
	}
}

func productVersions(t *testing.T, s catalog.Store) {
	d := NewDesk(202)
	p := product(d, "물", 1)
	add(t, s, p)
	p.Name, p.Price, p.Version = "탄산수", 2_000, 2
	update := func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateProduct(ctx, p) }
	change(t, s, nil, update)
	change(t, s, catalog.ErrStale, update)
	got, err := s.Product(t.Context(), d.Tenant(), p.ID)
	if diff := cmp.Diff(p, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	remove := func(version int64) func(context.Context, catalog.Tx) error {
		return func(ctx context.Context, tx catalog.Tx) error {
			return tx.DeleteProduct(ctx, d.Tenant(), p.ID, version)
		}
	}
	change(t, s, catalog.ErrStale, remove(1))
	change(t, s, nil, remove(2))
	change(t, s, catalog.ErrStale, remove(2))
}

func barcodeTaken(t *testing.T, s catalog.Store) {
	one, two := NewDesk(203), NewDesk(204)
	first, second, other := product(one, "하나", 1), product(one, "둘", 2), product(two, "하나", 1)
	first.Barcode, other.Barcode = "8800000000001", "8800000000001"
	add(t, s, first, second, other) // each merchant has its own
	third := product(one, "셋", 3)
	third.Barcode = first.Barcode
	change(t, s, catalog.ErrTaken, func(ctx context.Context, tx catalog.Tx) error { return tx.InsertProduct(ctx, third) })
	second.Barcode, second.Version = first.Barcode, 2
	change(t, s, catalog.ErrTaken, func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateProduct(ctx, second) })
	third.Barcode = ""
	add(t, s, third) // none is not one
}

func productList(t *testing.T, s catalog.Store) {
	d := NewDesk(205)
	names := []string{"Americano", "카페라떼", "100% 주스", "a_b", "크루아상!"}
	var ps []catalog.Product
	for i, n := range names {
		ps = append(ps, product(d, n, int64(len(names)-i)/2)) // some share a place
	}
	coffee := d.ID(id.Category)
	ps[0].CategoryID, ps[1].CategoryID = coffee, coffee
	ps[2].Barcode, ps[3].Favourite = "8800000000001", true
	add(t, s, ps...)
	list := func(f catalog.Filter, after catalog.Position, limit int) string {
		t.Helper()
		got, err := s.Products(t.Context(), d.Tenant(), f, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		for _, p := range got {
			for i := range ps {
				if ps[i].ID == p.ID {
					fmt.Fprint(&out, i)
				}
			}
		}
		return out.String()
	}
	begin := catalog.Position{Sort: -1}
	for name, c := range map[string]struct {
		filter catalog.Filter
		want   string
	}{
		"all": {catalog.Filter{}, "42301"}, "case": {catalog.Filter{Text: "AMERI"}, "0"}, "hangul": {catalog.Filter{Text: "라떼"}, "1"},
		"percent": {catalog.Filter{Text: "%"}, "2"}, "underscore": {catalog.Filter{Text: "_"}, "3"}, "mark": {catalog.Filter{Text: "!"}, "4"},
		"barcode as text": {catalog.Filter{Text: "8800000000001"}, "2"}, "part of a barcode": {catalog.Filter{Text: "88000"}, ""},
		"barcode": {catalog.Filter{Barcode: "8800000000001"}, "2"}, "category": {catalog.Filter{CategoryID: coffee}, "01"},
		"favourite": {catalog.Filter{Favourite: true}, "3"}, "both": {catalog.Filter{CategoryID: coffee, Text: "카"}, "1"},
	} {
		if got := list(c.filter, begin, 10); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	paged, at := "", begin
	for {
		page := list(catalog.Filter{}, at, 2)
		if page == "" {
			break
		}
		paged += page
		last := ps[page[len(page)-1]-'0']
		at = catalog.Position{Sort: last.Sort, ID: last.ID}
	}
	if paged != "42301" {
		t.Errorf("page by page: %s", paged)
	}
}

func categories(t *testing.T, s catalog.Store) {
	d := NewDesk(206)
	cs := []catalog.Category{
		{MerchantID: d.Merchant, ID: d.ID(id.Category), Name: "빵", Sort: 2, Version: 1},
		{MerchantID: d.Merchant, ID: d.ID(id.Category), Name: "커피", Sort: 1, Version: 1},
	}
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error {
		return errors.Join(tx.InsertCategory(ctx, cs[0]), tx.InsertCategory(ctx, cs[1]))
	})
	twin := cs[0]
	twin.ID = d.ID(id.Category)
	change(t, s, catalog.ErrTaken, func(ctx context.Context, tx catalog.Tx) error { return tx.InsertCategory(ctx, twin) })
	renamed := cs[1]
	renamed.Name, renamed.Version = "빵", 2
	change(t, s, catalog.ErrTaken, func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateCategory(ctx, renamed) })
	renamed.Name = "음료"
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateCategory(ctx, renamed) })
	change(t, s, catalog.ErrStale, func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateCategory(ctx, renamed) })
	got, err := s.Categories(t.Context(), d.Tenant())
	if diff := cmp.Diff([]catalog.Category{renamed, cs[0]}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	p := product(d, "라떼", 1)
	p.CategoryID = renamed.ID
	add(t, s, p)
	change(t, s, catalog.ErrStale, func(ctx context.Context, tx catalog.Tx) error {
		return tx.DeleteCategory(ctx, d.Tenant(), renamed.ID, 1)
	})
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error {
		return tx.DeleteCategory(ctx, d.Tenant(), renamed.ID, 2)
	})
	if _, err := s.Category(t.Context(), d.Tenant(), renamed.ID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("a deleted category: %v", err)
	}
	if left, err := s.Product(t.Context(), d.Tenant(), p.ID); err != nil || left.CategoryID != "" || left.Version != 2 {
		t.Errorf("its product: %+v, %v", left, err)
	}
}

func productsOfTenant(t *testing.T, s catalog.Store) {
	one, two := NewDesk(207), NewDesk(208)
	p := product(one, "물", 1)
	c := catalog.Category{MerchantID: one.Merchant, ID: one.ID(id.Category), Name: "물", Version: 1}
	add(t, s, p)
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error { return tx.InsertCategory(ctx, c) })
	foreign := two.Tenant()
	if _, err := s.Product(t.Context(), foreign, p.ID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("product: %v", err)
	}
	if _, err := s.Category(t.Context(), foreign, c.ID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("category: %v", err)
	}
	ps, err := s.Products(t.Context(), foreign, catalog.Filter{}, catalog.Position{Sort: -1}, 10)
	cs, err2 := s.Categories(t.Context(), foreign)
	if len(ps)+len(cs) != 0 || errors.Join(err, err2) != nil {
		t.Errorf("%d products, %d categories, %v", len(ps), len(cs), errors.Join(err, err2))
	}
	stolen, taken := p, c
	stolen.MerchantID, stolen.Version = two.Merchant, 2
	taken.MerchantID, taken.Version = two.Merchant, 2
	for name, fn := range map[string]func(context.Context, catalog.Tx) error{
		"update product":  func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateProduct(ctx, stolen) },
		"delete product":  func(ctx context.Context, tx catalog.Tx) error { return tx.DeleteProduct(ctx, foreign, p.ID, 1) },
		"update category": func(ctx context.Context, tx catalog.Tx) error { return tx.UpdateCategory(ctx, taken) },
		"delete category": func(ctx context.Context, tx catalog.Tx) error { return tx.DeleteCategory(ctx, foreign, c.ID, 1) },
	} {
		if err := s.Tx(t.Context(), fn); !errors.Is(err, catalog.ErrStale) {
			t.Errorf("%s of another merchant: %v", name, err)
		}
	}
}
