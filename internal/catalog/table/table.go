// Package table is a catalogue as a table in a file: its columns and how people write
// tax kinds. Files are read and written by innopay/internal/grid; which product a row
// means is the catalogue's.
package table

import (
	"context"
	"io"
	"strings"

	"innopay/internal/grid"
	"innopay/money"
)

// The columns, in the order in which they are written.
const (
	Name      grid.Column = "name"
	Category  grid.Column = "category"
	Price     grid.Column = "price"
	Tax       grid.Column = "tax"
	Barcode   grid.Column = "barcode"
	Stock     grid.Column = "stock"
	SoldOut   grid.Column = "soldOut"
	Favourite grid.Column = "favourite"
	ID        grid.Column = "id"
)

// Columns lists them all.
var Columns = []grid.Column{Name, Category, Price, Tax, Barcode, Stock, SoldOut, Favourite, ID}

// layout is the table of products.
var layout = grid.Layout{
	Columns: Columns,
	Words: map[grid.Column][]string{
		Name:      {"상품명", "이름", "품명", "name", "productname", "product"},
		Category:  {"분류", "카테고리", "분류명", "category", "categoryname"},
		Price:     {"가격", "단가", "판매가", "판매가격", "price", "unitprice"},
		Tax:       {"과세구분", "과세", "과세유형", "tax", "taxtype"},
		Barcode:   {"바코드", "barcode"},
		Stock:     {"재고", "재고수량", "stock", "quantity"},
		SoldOut:   {"품절", "품절여부", "soldout"},
		Favourite: {"즐겨찾기", "favourite", "favorite"},
		ID:        {"상품번호", "상품id", "id", "productid"},
	},
	Keys:    []grid.Column{Name, ID, Barcode},
	Numbers: []grid.Column{Price, Stock},
	Sheet:   "상품",
	Help: [][]string{
		{"열", "설명"},
		{"상품명", "1~100자. 새 상품은 꼭 입력해 주세요."},
		{"분류", "없는 분류는 새로 만들어요. 비워 두면 분류가 없어요."},
		{"가격", "부가세를 포함한 원 단위 가격이에요. 1~9,999,999,999."},
		{"과세구분", "과세 또는 면세. 비워 두면 가맹점의 과세 유형을 따라요."},
		{"바코드", "영문, 숫자, - 48자까지. 가맹점 안에서 하나뿐이어야 해요."},
		{"재고", "비워 두면 재고를 세지 않아요."},
		{"품절", "예 또는 아니요."},
		{"즐겨찾기", "예 또는 아니요."},
		{"상품번호", "내려받은 파일에만 있어요. 그대로 두면 그 상품을 고쳐요. 새 상품은 비워 주세요."},
		{"", ""},
		{"규칙", "상품번호, 바코드, 상품명과 분류 순서로 같은 상품을 찾아 고치고, 없으면 새로 만들어요."},
		{"", "파일에 없는 열은 그대로 두고, 파일에 없는 상품도 지우지 않아요."},
		{"", "한 파일에 5,000줄, 5MB까지 넣을 수 있어요."},
		{"예", "아메리카노 | 커피 | 4,500 | 과세 | 8801234567893 | 30 | 아니요 | 예"},
	},
	Widths: []float64{28, 14, 12, 10, 18, 8, 8, 10, 32},
}

// Heading is the word that stands over a column.
func Heading(c grid.Column) string { return layout.Heading(c) }

// Read reads a file of products, as grid.Layout does.
func Read(f grid.Format, file []byte) (grid.Sheet, error) { return layout.Read(f, file) }

// Open reads a file of products that somebody sent, as grid.Layout does.
func Open(ctx context.Context, f grid.Format, file []byte) (grid.Sheet, error) {
	return layout.Open(ctx, f, file)
}

// Write writes a file of products; the cells stand in the order of Columns.
func Write(w io.Writer, f grid.Format, rows func(yield func(cells []string) bool)) error {
	return layout.Write(w, f, rows)
}

var taxWords = map[string]money.TaxType{
	"과세": money.Taxable, "taxable": money.Taxable, "면세": money.TaxFree, "taxfree": money.TaxFree, "비과세": money.TaxFree,
}

// TaxType reads a tax kind as people write it.
func TaxType(s string) (money.TaxType, bool) {
	t, ok := taxWords[strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "").Replace(s))]
	return t, ok
}

// TaxWord is how TaxType is written.
func TaxWord(t money.TaxType) string {
	if t == money.TaxFree {
		return "면세"
	}
	return "과세"
}
