package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/catalog"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/store"
	"innopay/money"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// sells is a directory of merchants that differ by their tax type alone.
type sells map[merchant.Tenant]money.TaxType

func (s sells) Merchant(_ context.Context, t merchant.Tenant) (merchant.Merchant, error) {
	tax, ok := s[t]
	if !ok {
		return merchant.Merchant{}, merchant.ErrNotFound
	}
	return merchant.Merchant{ID: t.ID(), TaxType: tax}, nil
}

var (
	taxed = merchant.TenantOf("mer_taxed")
	mixed = merchant.TenantOf("mer_mixed")
	free  = merchant.TenantOf("mer_free")
)

func newService(t *testing.T) *catalog.Service {
	t.Helper()
	dir := t.TempDir()
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), store.Options{
		SQLitePath: dbtest.SQLite(t, dir), Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Sealer: keys,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &catalog.Service{
		Store: store.NewCatalog(db), Clock: clock.NewFake(start), IDs: id.NewSource(nil),
		Merchants: sells{taxed: money.Taxable, mixed: money.Mixed, free: money.TaxFree},
	}
}

func fields(err error) (out []string) {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		for _, x := range f.Fields {
			out = append(out, x.Path)
		}
	}
	slices.Sort(out)
	return out
}

func latte() catalog.Product {
	return catalog.Product{Name: "카페라떼", Price: 5_500, Tax: money.Taxable}
}

func TestProductLivesAndGoes(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	p, err := s.AddProduct(ctx, mixed, "usr_1", latte())
	if err != nil || !id.Valid(id.Product, p.ID) || p.Version != 1 || p.MerchantID != mixed.ID() || !p.CreatedAt.Equal(start) {
		t.Fatalf("%+v, %v", p, err)
	}
	p.Name, p.Tax, p.SoldOut = "우유", money.TaxFree, true
	saved, err := s.SaveProduct(ctx, mixed, "usr_1", p)
	if err != nil || saved.Version != 2 {
		t.Fatalf("%+v, %v", saved, err)
	}
	got, err := s.Product(ctx, mixed, p.ID)
	if diff := cmp.Diff(saved, got, cmpopts.EquateApproxTime(0)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.SaveProduct(ctx, mixed, "usr_1", p); !errors.Is(err, catalog.ErrChanged) {
		t.Errorf("saved on an old version: %v", err)
	}
	if err := s.RemoveProduct(ctx, mixed, "usr_1", p.ID, 1); !errors.Is(err, catalog.ErrChanged) {
		t.Errorf("removed on an old version: %v", err)
	}
	if err := s.RemoveProduct(ctx, mixed, "usr_1", p.ID, 2); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"read":       second(s.Product(ctx, mixed, p.ID)),
		"save":       second(s.SaveProduct(ctx, mixed, "usr_1", saved)),
		"remove":     s.RemoveProduct(ctx, mixed, "usr_1", p.ID, 2),
		"read no id": second(s.Product(ctx, mixed, "../etc/passwd\x00")),
	} {
		if !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s what is gone: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestAnotherMerchantsProductIsAsIfAbsent(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	p, err := s.AddProduct(ctx, taxed, "usr_1", latte())
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.AddCategory(ctx, taxed, "usr_1", catalog.Category{Name: "커피"})
	if err != nil {
		t.Fatal(err)
	}
	absent := id.NewSource(nil).At(id.Product, start)
	for _, productID := range []string{p.ID, absent} {
		stolen := latte()
		stolen.ID, stolen.Version = productID, 1
		for name, err := range map[string]error{
			"read":   second(s.Product(ctx, mixed, productID)),
			"save":   second(s.SaveProduct(ctx, mixed, "usr_2", stolen)),
			"remove": s.RemoveProduct(ctx, mixed, "usr_2", productID, 1),
		} {
			if !errors.Is(err, catalog.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	in := latte()
	in.CategoryID = c.ID
	if _, err := s.AddProduct(ctx, mixed, "usr_2", in); !slices.Equal(fields(err), []string{"/categoryId"}) {
		t.Errorf("another merchant's category: %v", err)
	}
	if err := s.RemoveCategory(ctx, mixed, "usr_2", c.ID, 1); !errors.Is(err, catalog.ErrNoCategory) {
		t.Errorf("another merchant's category is removed: %v", err)
	}
	if got, err := s.Product(ctx, taxed, p.ID); err != nil || got.Version != 1 {
		t.Errorf("the product changed: %+v, %v", got, err)
	}
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	less := int64(-1)
	_, err := s.AddProduct(ctx, mixed, "usr_1", catalog.Product{
		Name: "a\u202eb", Price: 0, Tax: "SOME", Barcode: "88 00", CategoryID: "cat_x", Sort: -1, Stock: &less,
	})
	want := []string{"/barcode", "/categoryId", "/name", "/price", "/sort", "/stock", "/tax"}
	if diff := cmp.Diff(want, fields(err)); diff != "" {
		t.Error(diff)
	}
	for name, c := range map[string]struct {
		tenant merchant.Tenant
		change func(*catalog.Product)
		ok     bool
	}{
		"longest name":            {mixed, func(p *catalog.Product) { p.Name = strings.Repeat("가", 100) }, true},
		"a character more":        {mixed, func(p *catalog.Product) { p.Name = strings.Repeat("가", 101) }, false},
		"blank around":            {mixed, func(p *catalog.Product) { p.Name = " 라떼" }, false},
		"new line":                {mixed, func(p *catalog.Product) { p.Name = "라\n떼" }, false},
		"no text":                 {mixed, func(p *catalog.Product) { p.Name = "\xff" }, false},
		"dearest":                 {mixed, func(p *catalog.Product) { p.Price = money.Max }, true},
		"a won more":              {mixed, func(p *catalog.Product) { p.Price = money.Max + 1 }, false},
		"tax-free at mixed":       {mixed, func(p *catalog.Product) { p.Tax = money.TaxFree }, true},
		"tax-free at taxable":     {taxed, func(p *catalog.Product) { p.Tax = money.TaxFree }, false},
		"taxable at tax-free":     {free, func(p *catalog.Product) { p.Tax = money.Taxable }, false},
		"a product is not mixed":  {mixed, func(p *catalog.Product) { p.Tax = money.Mixed }, false},
		"longest barcode":         {mixed, func(p *catalog.Product) { p.Barcode = strings.Repeat("8", 48) }, true},
		"longer barcode":          {mixed, func(p *catalog.Product) { p.Barcode = strings.Repeat("8", 49) }, false},
		"full-width barcode":      {mixed, func(p *catalog.Product) { p.Barcode = "８８" }, false},
		"category nobody made":    {mixed, func(p *catalog.Product) { p.CategoryID = id.NewSource(nil).At(id.Category, start) }, false},
		"an id of another prefix": {mixed, func(p *catalog.Product) { p.CategoryID = id.NewSource(nil).At(id.Product, start) }, false},
	} {
		p := latte()
		c.change(&p)
		_, err := s.AddProduct(ctx, c.tenant, "usr_1", p)
		if c.ok && err != nil || !c.ok && fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.AddProduct(ctx, merchant.TenantOf("mer_nobody"), "usr_1", latte()); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("a product of nobody: %v", err)
	}
}

func TestABarcodeIsOneProducts(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	in := latte()
	in.Barcode = "8800000000001"
	if _, err := s.AddProduct(ctx, mixed, "usr_1", in); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddProduct(ctx, mixed, "usr_1", in); !errors.Is(err, catalog.ErrBarcodeTaken) {
		t.Errorf("added: %v", err)
	}
	other, err := s.AddProduct(ctx, mixed, "usr_1", latte())
	if err != nil {
		t.Fatal(err)
	}
	other.Barcode = in.Barcode
	if _, err := s.SaveProduct(ctx, mixed, "usr_1", other); !errors.Is(err, catalog.ErrBarcodeTaken) {
		t.Errorf("saved: %v", err)
	}
	if _, err := s.AddProduct(ctx, taxed, "usr_1", in); err != nil {
		t.Errorf("at another merchant: %v", err)
	}
}

func TestListGivesEveryProductOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	for i := range 25 {
		p := latte()
		p.Sort = int64(i % 3)
		if _, err := s.AddProduct(ctx, mixed, "usr_1", p); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	var f catalog.Filter
	last := int64(0)
	for pages := 1; ; pages++ {
		page, err := s.List(ctx, mixed, f, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Products {
			if seen[p.ID] || p.Sort < last {
				t.Errorf("%s twice, or out of order", p.ID)
			}
			seen[p.ID], last = true, p.Sort
		}
		if f.Cursor = page.Next; f.Cursor == "" {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d products", len(seen))
	}
	for _, limit := range []int{-1, 0, 1} {
		if page, err := s.List(ctx, mixed, catalog.Filter{}, limit); err != nil || len(page.Products) != 1 {
			t.Errorf("limit %d: %d products, %v", limit, len(page.Products), err)
		}
	}
	for _, cursor := range []string{"x", "1", "1.", "-1.prd_x", "1.prd_x", "99999999999999999999.x", "1." + strings.Repeat("x", 1<<16)} {
		if _, err := s.List(ctx, mixed, catalog.Filter{Cursor: cursor}, 10); fault.KindOf(err) != fault.Invalid {
			t.Errorf("cursor of %d bytes: %v", len(cursor), err)
		}
	}
	for _, text := range []string{"\xff", "a\x00", strings.Repeat("가", 101)} {
		if _, err := s.List(ctx, mixed, catalog.Filter{Text: text}, 10); fault.KindOf(err) != fault.Invalid {
			t.Errorf("text of %d bytes: %v", len(text), err)
		}
	}
	for _, f := range []catalog.Filter{{CategoryID: "' or 1=1 --"}, {Barcode: "%"}, {Text: "없는 것"}} {
		if page, err := s.List(ctx, mixed, f, 10); err != nil || len(page.Products) != 0 {
			t.Errorf("%d products, %v", len(page.Products), err)
		}
	}
}

func TestCategories(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	c, err := s.AddCategory(ctx, mixed, "usr_1", catalog.Category{Name: "커피", Sort: 2})
	if err != nil || c.Version != 1 || !id.Valid(id.Category, c.ID) {
		t.Fatalf("%+v, %v", c, err)
	}
	in := latte()
	in.CategoryID = c.ID
	p, err := s.AddProduct(ctx, mixed, "usr_1", in)
	if err != nil {
		t.Fatal(err)
	}
	if page, err := s.List(ctx, mixed, catalog.Filter{CategoryID: c.ID}, 10); err != nil || len(page.Products) != 1 {
		t.Errorf("%d products in it, %v", len(page.Products), err)
	}
	if _, err := s.AddCategory(ctx, mixed, "usr_1", catalog.Category{Name: "커피"}); !errors.Is(err, catalog.ErrNameTaken) {
		t.Errorf("the same name: %v", err)
	}
	if _, err := s.AddCategory(ctx, mixed, "usr_1", catalog.Category{Name: "", Sort: -1}); !slices.Equal(fields(err), []string{"/name", "/sort"}) {
		t.Errorf("wrong: %v", err)
	}
	c.Name = "음료"
	saved, err := s.SaveCategory(ctx, mixed, "usr_1", c)
	if err != nil || saved.Version != 2 {
		t.Fatalf("%+v, %v", saved, err)
	}
	if _, err := s.SaveCategory(ctx, mixed, "usr_1", c); !errors.Is(err, catalog.ErrChanged) {
		t.Errorf("on an old version: %v", err)
	}
	list, err := s.Categories(ctx, mixed)
	if diff := cmp.Diff([]catalog.Category{saved}, list); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if err := s.RemoveCategory(ctx, mixed, "usr_1", c.ID, 2); err != nil {
		t.Fatal(err)
	}
	if got, err := s.Product(ctx, mixed, p.ID); err != nil || got.CategoryID != "" {
		t.Errorf("its product: %+v, %v", got, err)
	}
	for i := range catalog.MaxCategories {
		if _, err := s.AddCategory(ctx, mixed, "usr_1", catalog.Category{Name: fmt.Sprintf("분류 %d", i)}); err != nil {
			t.Fatalf("category %d: %v", i, err)
		}
	}
	if _, err := s.AddCategory(ctx, mixed, "usr_1", catalog.Category{Name: "하나 더"}); !slices.Equal(fields(err), []string{"/name"}) {
		t.Errorf("one more than the limit: %v", err)
	}
}
