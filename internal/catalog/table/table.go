// Package table is a catalogue as a table in a file: XLSX as Excel has it, or CSV. It
// knows headings, encodings and how people write numbers and yes; which product a row
// means is the catalogue's.
package table

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"innopay/money"
)

// Format is the kind of a file.
type Format string

// The formats.
const (
	XLSX Format = "xlsx"
	CSV  Format = "csv"
)

// ContentType of files of the format.
func (f Format) ContentType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Column is what a column holds.
type Column string

// The columns, in the order in which they are written.
const (
	Name      Column = "name"
	Category  Column = "category"
	Price     Column = "price"
	Tax       Column = "tax"
	Barcode   Column = "barcode"
	Stock     Column = "stock"
	SoldOut   Column = "soldOut"
	Favourite Column = "favourite"
	ID        Column = "id"
)

// Columns lists them all.
var Columns = []Column{Name, Category, Price, Tax, Barcode, Stock, SoldOut, Favourite, ID}

// headings are the words for each column; the first is the one that is written.
var headings = map[Column][]string{
	Name:      {"상품명", "이름", "품명", "name", "productname", "product"},
	Category:  {"분류", "카테고리", "분류명", "category", "categoryname"},
	Price:     {"가격", "단가", "판매가", "판매가격", "price", "unitprice"},
	Tax:       {"과세구분", "과세", "과세유형", "tax", "taxtype"},
	Barcode:   {"바코드", "barcode"},
	Stock:     {"재고", "재고수량", "stock", "quantity"},
	SoldOut:   {"품절", "품절여부", "soldout"},
	Favourite: {"즐겨찾기", "favourite", "favorite"},
	ID:        {"상품번호", "상품id", "id", "productid"},
}

// Heading is the word that stands over a column.
func (c Column) Heading() string {
	if words := headings[c]; len(words) > 0 {
		return words[0]
	}
	return string(c)
}

// columnOf is the column that a heading means, however it is written.
func columnOf(heading string) (Column, bool) {
	plain := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "", "*", "", "\u00a0", "").Replace(heading))
	for _, c := range Columns {
		if slices.Contains(headings[c], plain) {
			return c, true
		}
	}
	return "", false
}

// Bounds of a file.
const (
	MaxFile    = 5 << 20 // bytes
	MaxRows    = 5_000   // with something in them, without the headings
	maxLines   = 20_000  // with the empty ones
	maxColumns = 100
	maxIgnored = 20  // headings that are told of
	maxHeading = 40  // characters told of one
	maxCell    = 500 // characters kept of one: more than anything may have
)

// Reasons why a file is no table. A *RowError may be wrapped around the first.
var (
	ErrUnreadable  = errors.New("table: the file cannot be read")
	ErrEncoding    = errors.New("table: text in no encoding that is read")
	ErrNoHeadings  = errors.New("table: no row of headings")
	ErrTwice       = errors.New("table: a column stands twice")
	ErrTooManyRows = errors.New("table: too many rows")
	ErrTooWide     = errors.New("table: too many columns")
)

// RowError says in which row of the file something cannot be read.
type RowError struct {
	Row int
	Err error
}

// Error names the row.
func (e *RowError) Error() string { return fmt.Sprintf("row %d: %v", e.Row, e.Err) }

// Unwrap gives the reason.
func (e *RowError) Unwrap() error { return e.Err }

// Row is one row with something in it. A column that the file has and the row leaves
// empty is in Cells with nothing in it.
type Row struct {
	Number int // in the file, from 1; the headings are a row too
	Cells  map[Column]string
}

// Sheet is a file as read.
type Sheet struct {
	Columns []Column // that the file has, in its order
	Ignored []string // headings of other columns
	Rows    []Row
}

// Has reports whether the file has a column.
func (s Sheet) Has(c Column) bool { return slices.Contains(s.Columns, c) }

// Read reads a file. It takes a few dozen megabytes while it runs, so callers bound how
// many run at once.
func Read(f Format, file []byte) (Sheet, error) {
	if len(file) > MaxFile {
		return Sheet{}, ErrTooManyRows
	}
	b := &builder{}
	var err error
	if f == XLSX {
		err = readXLSX(file, b.add)
	} else {
		err = readCSV(file, b.add)
	}
	switch {
	case err != nil:
		return Sheet{}, err
	case b.places == nil:
		return Sheet{}, ErrNoHeadings
	}
	return b.sheet, nil
}

// builder makes a sheet of lines.
type builder struct {
	sheet  Sheet
	places []Column // by position; empty: ignored
	lines  int
}

// add takes one line of the file; number is its row.
func (b *builder) add(number int, cells []string) error {
	if b.lines++; b.lines > maxLines {
		return ErrTooManyRows
	}
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	switch {
	case len(cells) == 0:
		return nil
	case len(cells) > maxColumns:
		return ErrTooWide
	case b.places == nil:
		return b.head(cells)
	case len(b.sheet.Rows) == MaxRows:
		return ErrTooManyRows
	}
	row := Row{Number: number, Cells: make(map[Column]string, len(b.sheet.Columns))}
	filled := false
	for i, c := range b.places {
		if c == "" {
			continue
		}
		text := ""
		if i < len(cells) {
			text = cut(strings.TrimSpace(cells[i]), maxCell)
		}
		row.Cells[c] = unguard(text)
		filled = filled || text != ""
	}
	if filled {
		b.sheet.Rows = append(b.sheet.Rows, row)
	}
	return nil
}

func (b *builder) head(cells []string) error {
	places := make([]Column, len(cells))
	for i, text := range cells {
		text = strings.TrimSpace(text)
		c, ok := columnOf(unguard(text))
		switch {
		case ok && slices.Contains(places, c):
			return ErrTwice
		case ok:
			places[i] = c
			b.sheet.Columns = append(b.sheet.Columns, c)
		case text != "" && len(b.sheet.Ignored) < maxIgnored:
			b.sheet.Ignored = append(b.sheet.Ignored, Shown(text))
		}
	}
	if !b.sheet.Has(Name) && !b.sheet.Has(ID) && !b.sheet.Has(Barcode) {
		return ErrNoHeadings
	}
	b.places = places
	return nil
}

// cut is the beginning of a text, in characters.
func cut(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// Shown is what may be told of a cell: its beginning, without control characters.
func Shown(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, cut(s, maxHeading))
}

// Number reads a whole number as people write it: with separators of thousands, with
// won or pieces behind it, or as a sheet keeps it (4500.0).
func Number(s string) (int64, bool) {
	s = strings.NewReplacer(",", "", " ", "", "원", "", "개", "", "₩", "", "￦", "").Replace(s)
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, true
	}
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s, "xXpP_") || x != float64(int64(x)) || x > 1e15 || x < -1e15 {
		return 0, false
	}
	return int64(x), true
}

var (
	yes = []string{"예", "네", "y", "yes", "true", "1", "o", "○", "v", "✓"}
	no  = []string{"", "아니요", "아니오", "n", "no", "false", "0", "x", "×", "-"}
)

// YesNo reads a mark as people write it; nothing is no.
func YesNo(s string) (value, ok bool) {
	s = strings.ToLower(s)
	return slices.Contains(yes, s), slices.Contains(yes, s) || slices.Contains(no, s)
}

// Mark is how YesNo is written.
func Mark(value bool) string {
	if value {
		return yes[0]
	}
	return no[1]
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

// longNumber is how many digits a sheet shows as they are; longer ones it rounds.
const longNumber = 11

// Guard is a cell of a CSV file that no sheet reads as a formula, and whose digits stay
// as they are: a leading zero would be dropped, a long number rounded. The mark in front
// is the one that sheets themselves use for text; what begins with it gets another.
func Guard(s string) string {
	if s == "" {
		return s
	}
	if strings.ContainsRune("=+-@\t\r'", rune(s[0])) {
		return "'" + s
	}
	if strings.Trim(s, "0123456789") == "" && (s[0] == '0' || len(s) > longNumber) {
		return "'" + s
	}
	return s
}

// unguard takes one mark of Guard away.
func unguard(s string) string { return strings.TrimPrefix(s, "'") }
