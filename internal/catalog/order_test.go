package catalog_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/catalog"
	"innopay/internal/merchant"
)

// TestAnOrderIsWhatWasAsked: the listed ones stand in their order in the places that
// they held, everything else stays between them, and no two share a place.
func TestAnOrderIsWhatWasAsked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		ids, sorts, last := make([]string, n), make([]int64, n), int64(0)
		for i := range n {
			ids[i] = fmt.Sprint("p", i)
			last = min(catalog.MaxSort, last+rapid.SampledFrom([]int64{0, 0, 1, 5, catalog.MaxSort}).Draw(t, "gap"))
			sorts[i] = last
		}
		listed := rapid.Permutation(ids).Draw(t, "order")[:rapid.IntRange(0, n).Draw(t, "listed")]
		moved, ok := catalog.Arrange(ids, sorts, listed)
		if !ok {
			t.Fatal("refused")
		}
		at := map[string]int64{}
		for i, one := range ids {
			at[one] = sorts[i]
		}
		maps.Copy(at, moved)
		after := slices.SortedFunc(maps.Keys(at), func(a, b string) int { return int(at[a] - at[b]) })
		want, next := slices.Clone(ids), 0
		for i, one := range want {
			if slices.Contains(listed, one) {
				want[i] = listed[next]
				next++
			}
		}
		if !slices.Equal(after, want) {
			t.Fatalf("%v, want %v", after, want)
		}
		seen := map[int64]bool{}
		for _, sort := range at {
			if seen[sort] || sort < 0 || sort > catalog.MaxSort {
				t.Fatalf("places %v", at)
			}
			seen[sort] = true
		}
	})
}

func TestAListThatNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, listed := range [][]string{{"c"}, {"a", "a"}, {"a", "b", "c"}} {
		if _, ok := catalog.Arrange([]string{"a", "b"}, []int64{0, 1}, listed); ok {
			t.Errorf("%v was taken", listed)
		}
	}
}

// three are products and categories of one shop.
func three(t *testing.T, s *catalog.Service) (ps [3]catalog.Product, cs [3]catalog.Category) {
	t.Helper()
	for i := range 3 {
		s.Clock.(*clock.Fake).Advance(time.Millisecond)
		var err error
		p := latte()
		p.Name = fmt.Sprint("상품 ", i)
		if ps[i], err = s.AddProduct(t.Context(), taxed, "usr_1", p); err != nil {
			t.Fatal(err)
		}
		if cs[i], err = s.AddCategory(t.Context(), taxed, "usr_1", catalog.Category{Name: fmt.Sprint("분류 ", i)}); err != nil {
			t.Fatal(err)
		}
	}
	return ps, cs
}

func listedNames(t *testing.T, s *catalog.Service) string {
	t.Helper()
	page, err := s.List(t.Context(), taxed, catalog.Filter{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	cs, err := s.Categories(t.Context(), taxed)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range page.Products {
		out = append(out, p.Name[len(p.Name)-1:])
	}
	for _, c := range cs {
		out = append(out, c.Name[len(c.Name)-1:])
	}
	return strings.Join(out, "")
}

func TestOrderOfProductsAndCategories(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	ps, cs := three(t, s) // all at sort 0: age decides
	moved, err := s.OrderProducts(ctx, taxed, "usr_1", []string{ps[2].ID, ps[0].ID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.OrderCategories(ctx, taxed, "usr_1", []string{cs[1].ID, cs[2].ID, cs[0].ID}); err != nil {
		t.Fatal(err)
	}
	if got := listedNames(t, s); got != "210120" {
		t.Errorf("in order %s", got)
	}
	for _, p := range moved {
		if now, err := s.Product(ctx, taxed, p.ID); err != nil || now.Version != p.Version || now.Sort != p.Sort {
			t.Errorf("answered %+v, is %+v, %v", p, now, err)
		}
	}
	// The same once more moves nothing, and nobody's version.
	if again, err := s.OrderProducts(ctx, taxed, "usr_1", []string{ps[2].ID, ps[1].ID, ps[0].ID}); err != nil || len(again) != 0 {
		t.Errorf("%v, %v", again, err)
	}
	absent := id.NewSource(nil).At(id.Product, start)
	for name, err := range map[string]error{
		"gone": second(s.OrderProducts(ctx, taxed, "usr_1", []string{absent})), "another's": second(s.OrderProducts(ctx, mixed, "usr_2", []string{ps[0].ID})),
		"category gone": second(s.OrderCategories(ctx, taxed, "usr_1", []string{absent})), "category of another": second(s.OrderCategories(ctx, mixed, "usr_2", []string{cs[0].ID})),
	} {
		if !errors.Is(err, catalog.ErrChanged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, err := range map[string]error{
		"twice": second(s.OrderProducts(ctx, taxed, "usr_1", []string{ps[0].ID, ps[0].ID})),
		"many":  second(s.OrderCategories(ctx, taxed, "usr_1", make([]string, catalog.MaxCategories+1))),
	} {
		if got := fields(err); !slices.Equal(got, []string{"/ids"}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if got := listedNames(t, s); got != "210120" {
		t.Errorf("after refusals %s", got)
	}
}

func TestMarksAskForNoVersion(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	p, err := s.AddProduct(ctx, taxed, "usr_1", latte())
	if err != nil {
		t.Fatal(err)
	}
	yes, no := true, false
	for _, c := range []struct {
		marks              catalog.Marks
		soldOut, favourite bool
		version            int64
	}{
		{catalog.Marks{SoldOut: &yes}, true, false, 2}, {catalog.Marks{SoldOut: &yes}, true, false, 2}, {catalog.Marks{Favourite: &yes}, true, true, 3},
		{catalog.Marks{}, true, true, 3}, {catalog.Marks{SoldOut: &no, Favourite: &no}, false, false, 4},
	} {
		got, err := s.Mark(ctx, taxed, "usr_1", p.ID, c.marks)
		if err != nil || got.SoldOut != c.soldOut || got.Favourite != c.favourite || got.Version != c.version || got.Available() == c.soldOut {
			t.Errorf("%+v: %+v, %v", c.marks, got, err)
		}
	}
	if _, err := s.Mark(ctx, mixed, "usr_2", p.ID, catalog.Marks{SoldOut: &yes}); !errors.Is(err, catalog.ErrNotFound) {
		t.Errorf("another's: %v", err)
	}
}

func TestStockIsSetAndAddedTo(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	p, err := s.AddProduct(ctx, taxed, "usr_1", latte())
	if err != nil {
		t.Fatal(err)
	}
	n := func(v int64) *int64 { return &v }
	for _, c := range []struct {
		count catalog.Count
		want  int64
	}{
		{catalog.Count{Add: n(5)}, 5}, {catalog.Count{Add: n(-2)}, 3}, {catalog.Count{Set: n(10)}, 10}, {catalog.Count{Add: n(-20)}, 0}, {catalog.Count{Set: n(catalog.MaxStock)}, catalog.MaxStock},
	} {
		got, err := s.Restock(ctx, taxed, "usr_1", p.ID, c.count)
		if err != nil || *got.Stock != c.want || got.Available() != (c.want > 0) {
			t.Errorf("%+v, %v", got, err)
		}
	}
	for field, c := range map[string]catalog.Count{
		"/set": {}, "/add": {Add: n(1)}, "/set ": {Set: n(-1)}, "/add ": {Add: n(catalog.MaxStock + 1)}, "/set  ": {Set: n(1), Add: n(1)},
	} {
		if got := fields(second(s.Restock(ctx, taxed, "usr_1", p.ID, c))); !slices.Equal(got, []string{strings.TrimSpace(field)}) {
			t.Errorf("%s: %v", field, got)
		}
	}
	// Many at once: none is lost.
	if _, err := s.Restock(ctx, taxed, "usr_1", p.ID, catalog.Count{Set: n(0)}); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := s.Restock(ctx, taxed, "usr_1", p.ID, catalog.Count{Add: n(2)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got, err := s.Product(ctx, taxed, p.ID); err != nil || *got.Stock != 16 {
		t.Errorf("%v, %v", *got.Stock, err)
	}
}

func photo(t *testing.T, side int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, side, side))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesOfProducts(t *testing.T) {
	t.Parallel()
	s, ctx := newService(t), t.Context()
	p, err := s.AddProduct(ctx, taxed, "usr_1", latte())
	if err != nil {
		t.Fatal(err)
	}
	sizeOf := func(tenant merchant.Tenant, size catalog.Size) (int, error) {
		b, err := s.Picture(ctx, tenant, p.ID, size)
		if err != nil {
			return 0, err
		}
		m, err := jpeg.DecodeConfig(bytes.NewReader(b))
		return m.Width, err
	}
	if _, err := sizeOf(taxed, catalog.Small); !errors.Is(err, catalog.ErrNoPicture) {
		t.Errorf("none yet: %v", err)
	}
	p, err = s.SetPicture(ctx, taxed, "usr_1", p.ID, photo(t, 700))
	if err != nil || p.Picture != 2 || p.Version != 2 {
		t.Fatalf("%+v, %v", p, err)
	}
	for size, want := range map[catalog.Size]int{catalog.Small: 240, catalog.Large: 640} {
		if got, err := sizeOf(taxed, size); err != nil || got != want {
			t.Errorf("%s: %d, %v", size, got, err)
		}
	}
	// Replacing the product keeps the picture, and the same picture again is another one.
	p.Name = "우유"
	if p, err = s.SaveProduct(ctx, taxed, "usr_1", p); err != nil || p.Picture != 2 || p.Version != 3 {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = s.SetPicture(ctx, taxed, "usr_1", p.ID, photo(t, 700)); err != nil || p.Picture != 4 {
		t.Errorf("%+v, %v", p, err)
	}
	for name, err := range map[string]error{
		"another's": second(s.SetPicture(ctx, mixed, "usr_2", p.ID, photo(t, 8))), "another's, removed": second(s.RemovePicture(ctx, mixed, "usr_2", p.ID)),
		"no id": second(s.Picture(ctx, taxed, "../x", catalog.Small)),
	} {
		if !errors.Is(err, catalog.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sizeOf(mixed, catalog.Small); !errors.Is(err, catalog.ErrNoPicture) {
		t.Errorf("another sees it: %v", err)
	}
	if got := fields(second(s.SetPicture(ctx, taxed, "usr_1", p.ID, []byte("GIF89a")))); !slices.Equal(got, []string{""}) {
		t.Errorf("no picture: %v", got)
	}
	if p, err = s.RemovePicture(ctx, taxed, "usr_1", p.ID); err != nil || p.Picture != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if _, err := sizeOf(taxed, catalog.Large); !errors.Is(err, catalog.ErrNoPicture) {
		t.Errorf("removed: %v", err)
	}
	if again, err := s.RemovePicture(ctx, taxed, "usr_1", p.ID); err != nil || again.Version != p.Version {
		t.Errorf("%+v, %v", again, err)
	}
}
