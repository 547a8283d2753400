package catalog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"innopay/internal/catalog"
	"innopay/internal/catalog/table"
	"innopay/internal/merchant"
	"innopay/money"
)

// took is an import of CSV text.
func took(t *testing.T, s *catalog.Service, text string, change ...func(*catalog.Import)) catalog.Report {
	t.Helper()
	in := catalog.Import{Format: table.CSV, File: []byte(text)}
	for _, f := range change {
		f(&in)
	}
	r, err := s.Import(t.Context(), mixed, "usr_1", in)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sheet is the whole catalogue as rows of its file, without ids.
func sheet(t *testing.T, s *catalog.Service) []string {
	t.Helper()
	all, names, err := s.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, len(all))
	for i, p := range all {
		cells := p.Cells(names[p.CategoryID])
		out[i] = strings.Join(cells[:len(cells)-1], ",")
	}
	return out
}

func wrongs(r catalog.Report) (out []string) {
	for _, e := range r.Errors {
		out = append(out, fmt.Sprintf("%d %s %s", e.Row, e.Column, e.Code))
		if e.Message == "" {
			out = append(out, "says nothing")
		}
	}
	return out
}

func TestImportCreatesUpdatesAndLeavesAlone(t *testing.T) {
	t.Parallel()
	s := newService(t)
	first := "상품명,분류,가격,과세구분,바코드,재고,품절,즐겨찾기\n" +
		"아메리카노,커피,\"4,500원\",과세,8801234567893,30,,예\n우유,,2900,면세,,,예,\n"
	want := []string{"아메리카노,커피,4500,과세,8801234567893,30,아니요,예", "우유,,2900,면세,,,예,아니요"}
	r := took(t, s, first, func(in *catalog.Import) { in.DryRun = true })
	if diff := cmp.Diff(catalog.Report{Rows: 2, Created: 2, Categories: 1}, r); diff != "" || len(sheet(t, s)) != 0 {
		t.Errorf("a dry run: %s, left %v", diff, sheet(t, s))
	}
	r = took(t, s, first)
	if diff := cmp.Diff(catalog.Report{Rows: 2, Created: 2, Categories: 1, Done: true}, r); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, sheet(t, s)); diff != "" {
		t.Error(diff)
	}
	if r = took(t, s, first); r.Unchanged != 2 || r.Created+r.Updated+r.Categories != 0 || !r.Done {
		t.Errorf("the same again: %+v", r)
	}
	// By barcode, by name and category, and a new one; columns that are not there stay.
	r = took(t, s, "바코드,상품명,가격,비고\n8801234567893,아이스 아메리카노,5000,\n,우유,3000,\n,빵,1500,새것\n")
	if diff := cmp.Diff(catalog.Report{Rows: 3, Created: 1, Updated: 2, Done: true, Ignored: []string{"비고"}}, r); diff != "" {
		t.Error(diff)
	}
	want = []string{"아이스 아메리카노,커피,5000,과세,8801234567893,30,아니요,예", "우유,,3000,면세,,,예,아니요", "빵,,1500,과세,,,아니요,아니요"}
	if diff := cmp.Diff(want, sheet(t, s)); diff != "" {
		t.Error(diff)
	}
	// By id, everything may change; an empty cell of a column that is there empties it.
	all, _, err := s.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	r = took(t, s, "상품번호,상품명,분류,재고,바코드\n"+all[0].ID+",라떼,,,\n")
	if r.Updated != 1 || sheet(t, s)[0] != "라떼,,5000,과세,,,아니요,예" {
		t.Errorf("%+v, %v", r, sheet(t, s))
	}
}

func TestImportNamesEveryBadRow(t *testing.T) {
	t.Parallel()
	s := newService(t)
	took(t, s, "상품명,분류,가격,바코드\n물,음료,1000,880\n차,음료,1000,\n")
	took(t, s, "상품명,분류,가격,바코드\n빵,,1000,991\n빵,,1000,992\n")
	before := sheet(t, s)
	bad := "상품명,분류,가격,과세구분,바코드,재고,품절,상품번호\n" +
		"물,음료,1000,과세,880,,,\n" + // 2: good
		"물,음료,1000,과세,880,,,\n" + // 3: the same product again
		",,1000,,,,,\n" + // 4: no name
		"주스,,공짜,반반,한글,-1,아마,\n" + // 5: everything
		"콜라,,1,,777,,,\n" + // 6: good
		"사이다,,2,,777,,,\n" + // 7: its barcode
		"새차,,3,,,,,prd_none\n" + // 8: nobody's id
		"새물,,3,,,,,\n" + // 9: good
		"새물,,4,,,,,\n" + // 10: the same name
		"비싼것,,10000000000,,,,,\n" + // 11: too dear
		"곰,\x01,3,,,,,\n" // 12: a category of nothing
	want := []string{
		"3  DUPLICATE", "4 name INVALID_TEXT", "5 price INVALID_NUMBER", "5 tax UNKNOWN_VALUE", "5 soldOut UNKNOWN_VALUE", "5 barcode INVALID_BARCODE", "5 stock OUT_OF_RANGE",
		"7 barcode DUPLICATE", "8 id UNKNOWN_PRODUCT", "10 name DUPLICATE", "11 price OUT_OF_RANGE", "12 category INVALID_TEXT",
	}
	r := took(t, s, bad)
	if diff := cmp.Diff(want, wrongs(r)); diff != "" || r.Done || r.ErrorCount != len(want) || r.Rows != 11 {
		t.Errorf("%s %+v", diff, r)
	}
	if diff := cmp.Diff(before, sheet(t, s)); diff != "" {
		t.Errorf("a bad row, and something was written: %s", diff)
	}
	r = took(t, s, bad, func(in *catalog.Import) { in.Partial = true })
	if !r.Done || r.Created != 2 || r.Updated != 0 || r.Unchanged != 1 || r.ErrorCount != len(want) {
		t.Errorf("%+v", r)
	}
	if got := sheet(t, s); len(got) != len(before)+2 {
		t.Errorf("%v", got)
	}
	for _, e := range r.Errors {
		if e.Row == 5 && e.Column == table.Price && e.Value != "공짜" {
			t.Errorf("%+v", e)
		}
	}
}

func TestImportOfProductsThatAreAlike(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for range 2 {
		p := latte()
		if _, err := s.AddProduct(t.Context(), mixed, "usr_1", p); err != nil {
			t.Fatal(err)
		}
	}
	if got := wrongs(took(t, s, "상품명,가격\n카페라떼,1\n")); !slices.Equal(got, []string{"2 name AMBIGUOUS"}) {
		t.Errorf("%v", got)
	}
	// Two barcodes are two products, whatever their name.
	took(t, s, "상품명,가격,바코드\n물,100,881\n물,200,882\n")
	if got := sheet(t, s); len(got) != 4 {
		t.Errorf("two sizes of one name are two products: %v", got)
	}
	all, _, err := s.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	if got := wrongs(took(t, s, "상품번호,바코드\n"+all[0].ID+",881\n")); !slices.Equal(got, []string{"2 barcode BARCODE_TAKEN"}) {
		t.Errorf("%v", got)
	}
}

func TestImportKnowsWhatTheMerchantSells(t *testing.T) {
	t.Parallel()
	s := newService(t)
	in := catalog.Import{Format: table.CSV, File: []byte("상품명,가격,과세구분\n쌀,100,\n술,100,과세\n")}
	r, err := s.Import(t.Context(), free, "usr_1", in)
	if err != nil || !slices.Equal(wrongs(r), []string{"3 tax NOT_SOLD"}) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestImportOfNoTable(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for code, in := range map[string]catalog.Import{
		"NO_HEADINGS": {Format: table.CSV, File: []byte("물,100\n")}, "UNREADABLE_FILE": {Format: table.XLSX, File: []byte("물,100\n")},
		"INVALID_ENCODING": {Format: table.CSV, File: []byte("name\n\xff\xff")}, "DUPLICATE": {Format: table.CSV, File: []byte("name,이름\n")},
		"TOO_MANY": {Format: table.CSV, File: []byte("name\n" + strings.Repeat("a\n", table.MaxRows+1))}, "TOO_LARGE": {Format: table.CSV, File: []byte(strings.Repeat("a,", 200))},
	} {
		_, err := s.Import(t.Context(), mixed, "usr_1", in)
		if got := fields(err); !slices.Equal(got, []string{""}) || !strings.Contains(err.Error(), code) {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// hasty is a store in which somebody else is faster, so many times.
type hasty struct {
	catalog.Store
	times  int
	meddle func(ctx context.Context)
}

func (h *hasty) Tx(ctx context.Context, fn func(ctx context.Context, tx catalog.Tx) error) error {
	if h.times > 0 {
		h.times--
		h.meddle(ctx)
	}
	return h.Store.Tx(ctx, fn)
}

func TestImportMeetsOthersChanges(t *testing.T) {
	t.Parallel()
	s := newService(t)
	took(t, s, "상품명,가격,재고\n물,1000,5\n차,1000,5\n")
	all, _, err := s.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	other := *s
	h := &hasty{Store: s.Store, times: 1}
	h.meddle = func(ctx context.Context) {
		if _, err := other.Sold(ctx, mixed, "pay_meanwhile", map[string]int64{all[1].ID: 2}); err != nil {
			t.Error(err)
		}
	}
	s.Store = h
	if r := took(t, s, "상품명,가격\n물,1100\n차,1100\n"); !r.Done || r.Updated != 2 {
		t.Errorf("%+v", r)
	}
	s.Store = h.Store
	if diff := cmp.Diff([]string{"물,,1100,과세,,5,아니요,아니요", "차,,1100,과세,,3,아니요,아니요"}, sheet(t, s)); diff != "" {
		t.Errorf("a sale was lost: %s", diff)
	}
	n := 0
	h.times, h.meddle = 10, func(ctx context.Context) {
		n++
		if _, err := other.Restock(ctx, mixed, "usr_2", all[0].ID, catalog.Count{Add: new(int64(1))}); err != nil {
			t.Error(err)
		}
	}
	s.Store = h
	if _, err := s.Import(t.Context(), mixed, "usr_1", catalog.Import{Format: table.CSV, File: []byte("상품명,가격\n물,1200\n")}); !errors.Is(err, catalog.ErrChanged) {
		t.Errorf("always somebody faster: %v", err)
	}
}

// TestAnImportThatSetsStocksSaysSo: a file that was made before the day's sales would take
// them back.
func TestAnImportThatSetsStocksSaysSo(t *testing.T) {
	t.Parallel()
	s := newService(t)
	took(t, s, "상품명,가격,재고\n물,1000,5\n차,1000,5\n")
	all, _, err := s.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Sold(t.Context(), mixed, "pay_1", map[string]int64{all[0].ID: 2}); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string][2]int{"상품명,가격,재고\n물,1100,5\n차,1100,5\n커피,1,9\n": {2, 1}, "상품명,가격\n물,1100\n차,1100\n": {2, 0}} {
		r, err := s.Import(t.Context(), mixed, "usr_1", catalog.Import{Format: table.CSV, File: []byte(file), DryRun: true})
		if err != nil || r.Updated != want[0] || r.Restocked != want[1] {
			t.Errorf("%q: %+v, %v", file, r, err)
		}
	}
}

// TestARowThatTurnsBadMeanwhileIsNotLeftOut in silence: nobody has seen it yet.
func TestARowThatTurnsBadMeanwhileIsNotLeftOut(t *testing.T) {
	t.Parallel()
	s := newService(t)
	other := *s
	s.Store = &hasty{Store: s.Store, times: 1, meddle: func(ctx context.Context) {
		if _, err := other.AddProduct(ctx, mixed, "usr_2", catalog.Product{Name: "먼저", Price: 1, Tax: money.Taxable, Barcode: "880"}); err != nil {
			t.Error(err)
		}
	}}
	took(t, &other, "상품명,가격,바코드\n물,1000,881\n")
	all, _, err := other.All(t.Context(), mixed)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := s.Import(t.Context(), mixed, "usr_1", catalog.Import{Format: table.CSV, File: []byte("상품번호,바코드\n" + all[0].ID + ",880\n")}); !errors.Is(err, catalog.ErrChanged) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestImportOfManyRows(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var b strings.Builder
	b.WriteString("상품명,가격,분류\n")
	for i := range table.MaxRows {
		fmt.Fprintf(&b, "상품 %d,%d,분류 %d\n", i, i+1, i%20)
	}
	if r := took(t, s, b.String()); !r.Done || r.Created != table.MaxRows || r.Categories != 20 {
		t.Errorf("%+v", r)
	}
	if r := took(t, s, b.String()); r.Unchanged != table.MaxRows {
		t.Errorf("again: %+v", r)
	}
	wrong := strings.ReplaceAll(b.String(), ",분류 ", "원정,분류 ")
	if r := took(t, s, wrong); len(r.Errors) != 200 || r.ErrorCount != table.MaxRows {
		t.Errorf("%d errors of %d", len(r.Errors), r.ErrorCount)
	}
	if got := sheet(t, s); got[4999] != "상품 4999,분류 19,5000,과세,,,아니요,아니요" {
		t.Errorf("the order of the file is not that of the screen: %s", got[4999])
	}
}

// TestExportImportedAgainChangesNothing, whatever the products are.
func TestExportImportedAgainChangesNothing(t *testing.T) {
	t.Parallel()
	s := newService(t)
	bits := append(strings.Split("가뷁A0=+-@'\",;_x&<> ", ""), "_x0041_", "😀", "000123456789")
	shops := 0
	rapid.Check(t, func(rt *rapid.T) {
		shops++
		shop := merchant.TenantOf(fmt.Sprint("mer_", shops))
		s.Merchants.(sells)[shop] = money.Mixed
		text := rapid.Custom(func(t *rapid.T) string {
			return strings.TrimSpace("상" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 8).Draw(t, "bits"), ""))
		})
		var categories []string
		for i := range rapid.IntRange(0, 2).Draw(rt, "categories") {
			c, err := s.AddCategory(t.Context(), shop, "usr_1", catalog.Category{Name: fmt.Sprint(text.Draw(rt, "category"), i)})
			if err != nil {
				rt.Fatal(err)
			}
			categories = append(categories, c.ID)
		}
		for i := range rapid.IntRange(1, 5).Draw(rt, "products") {
			p := catalog.Product{
				Name: text.Draw(rt, "name"), Price: money.Won(rapid.Int64Range(1, int64(money.Max)).Draw(rt, "price")), SoldOut: rapid.Bool().Draw(rt, "soldOut"),
				Favourite: rapid.Bool().Draw(rt, "favourite"), Tax: rapid.SampledFrom([]money.TaxType{money.Taxable, money.TaxFree}).Draw(rt, "tax"),
			}
			if rapid.Bool().Draw(rt, "has a barcode") {
				p.Barcode = rapid.SampledFrom([]string{"-", "0", "88012345678", "ABC-"}).Draw(rt, "barcode") + fmt.Sprint(i)
			}
			if rapid.Bool().Draw(rt, "is counted") {
				p.Stock = new(rapid.Int64Range(0, catalog.MaxStock).Draw(rt, "stock"))
			}
			if len(categories) > 0 {
				p.CategoryID = rapid.SampledFrom(append(categories, "")).Draw(rt, "in")
			}
			if _, err := s.AddProduct(t.Context(), shop, "usr_1", p); err != nil {
				rt.Fatal(err)
			}
		}
		all, names, err := s.All(t.Context(), shop)
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range []table.Format{table.CSV, table.XLSX} {
			var b bytes.Buffer
			err := table.Write(&b, f, func(yield func([]string) bool) {
				for _, p := range all {
					if !yield(p.Cells(names[p.CategoryID])) {
						return
					}
				}
			})
			if err != nil {
				rt.Fatal(err)
			}
			r, err := s.Import(t.Context(), shop, "usr_1", catalog.Import{Format: f, File: b.Bytes()})
			if want := (catalog.Report{Rows: len(all), Unchanged: len(all), Done: true}); err != nil || cmp.Diff(want, r) != "" {
				rt.Fatalf("%s: %+v, %v", f, r, err)
			}
		}
	})
}
