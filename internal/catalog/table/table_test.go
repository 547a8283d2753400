package table_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/korean"
	"pgregory.net/rapid"

	"innopay/internal/catalog/table"
	"innopay/internal/grid"
	"innopay/money"
)

func written(tb testing.TB, f grid.Format, rows ...[]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := table.Write(&b, f, slices.Values(rows)); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func cp949(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := korean.EUCKR.NewEncoder().String(s)
	if err != nil {
		tb.Fatal(err)
	}
	return []byte(b)
}

func TestHeadingsOfManyKinds(t *testing.T) {
	t.Parallel()
	want := []grid.Row{{Number: 2, Cells: map[grid.Column]string{table.Name: "아메리카노", table.Price: "4500", table.SoldOut: "예"}}}
	for name, file := range map[string]string{
		"Korean": "상품명,가격,품절\n아메리카노,4500,예\n", "English": "Name,Unit Price,Sold_Out\n아메리카노,4500,예\n", "another order": "품절,상품명,가격\r\n예,아메리카노,4500\r\n",
		"mark": "\ufeff상품명,가격,품절\n아메리카노,4500,예", "semicolons": "상품명;가격;품절\n아메리카노;4500;예\n", "tabs": "상품명\t가격\t품절\n아메리카노\t4500\t예\n",
		"with stars": "상품명 *,가격 *,품절\n 아메리카노 ,4500,예\n", "blank rows": "상품명,가격,품절\n아메리카노,4500,예\n,,\n\n",
	} {
		got, err := table.Read(grid.CSV, []byte(file))
		if diff := cmp.Diff(want, got.Rows); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "상품명,가격\n똠방각하 뷁,100\n"
	wide := []byte("\xff\xfe")
	for _, r := range text {
		wide = binary.LittleEndian.AppendUint16(wide, uint16(r)) //nolint:gosec // of the first plane
	}
	for name, file := range map[string][]byte{"UTF-8": []byte(text), "CP949": cp949(t, text), "UTF-16": wide} {
		got, err := table.Read(grid.CSV, file)
		if err != nil || len(got.Rows) != 1 || got.Rows[0].Cells[table.Name] != "똠방각하 뷁" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if _, err := table.Read(grid.CSV, []byte("name\n\xff\xff\xff")); !errors.Is(err, grid.ErrEncoding) {
		t.Errorf("no encoding: %v", err)
	}
}

func TestUnknownColumnsAreNamed(t *testing.T) {
	t.Parallel()
	got, err := table.Read(grid.CSV, []byte("비고,상품명,"+strings.Repeat("가", 60)+"\n싸다,우유,x\n"))
	if err != nil || len(got.Rows) != 1 || len(got.Rows[0].Cells) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if diff := cmp.Diff([]string{"비고", strings.Repeat("가", 40)}, got.Ignored); diff != "" {
		t.Error(diff)
	}
}

func TestWhatIsNoTable(t *testing.T) {
	t.Parallel()
	many := "상품명\n" + strings.Repeat("우유\n", grid.MaxRows+1)
	for name, c := range map[string]struct {
		format grid.Format
		file   string
		want   error
	}{
		"nothing": {grid.CSV, "", grid.ErrNoHeadings}, "no headings": {grid.CSV, "우유,100\n", grid.ErrNoHeadings}, "twice": {grid.CSV, "상품명,name\n", grid.ErrTwice},
		"too many": {grid.CSV, many, grid.ErrTooManyRows}, "too wide": {grid.CSV, strings.Repeat("a,", 200) + "상품명", grid.ErrTooWide},
		"a quote": {grid.CSV, "상품명,가격\n\"우유,100\n", grid.ErrUnreadable}, "too large": {grid.CSV, strings.Repeat("x", grid.MaxFile+1), grid.ErrTooManyRows},
		"text as XLSX": {grid.XLSX, "상품명,가격", grid.ErrUnreadable}, "nothing as XLSX": {grid.XLSX, "", grid.ErrUnreadable},
		"empty lines": {grid.CSV, "상품명\n" + strings.Repeat(",\n", 20_001), grid.ErrTooManyRows},
	} {
		if _, err := table.Read(c.format, []byte(c.file)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var row *grid.RowError
	if _, err := table.Read(grid.CSV, []byte("상품명\n우유\n\"물\"x\n")); !errors.As(err, &row) || row.Row != 3 {
		t.Errorf("where: %v", err)
	}
}

// packed is a workbook with other content in one of its parts.
func packed(tb testing.TB, file []byte, part string, content io.Reader) []byte {
	tb.Helper()
	r, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range r.File {
		to, err := w.Create(f.Name)
		if err != nil {
			tb.Fatal(err)
		}
		from, err := f.Open()
		if err != nil {
			tb.Fatal(err)
		}
		var source io.Reader = from
		if f.Name == part {
			source = content
		}
		if _, err := io.Copy(to, source); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

func sheetOf(rows string) io.Reader {
	return strings.NewReader(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`)
}

func TestBombsAreNotUnpacked(t *testing.T) {
	t.Parallel()
	plain := written(t, grid.XLSX)
	for name, content := range map[string]io.Reader{
		"a large part": io.LimitReader(zeros{}, 100<<20),
		"far rows":     sheetOf(`<row r="1"><c r="A1" t="inlineStr"><is><t>상품명</t></is></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>`),
		"far columns":  sheetOf(`<row r="1"><c r="XFD1"><v>1</v></c></row>`),
	} {
		file := packed(t, plain, sheet1, content)
		if len(file) > grid.MaxFile {
			t.Fatalf("%s: %d bytes", name, len(file))
		}
		if s, err := table.Read(grid.XLSX, file); err == nil {
			t.Errorf("%s was read: %d rows", name, len(s.Rows))
		}
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

func TestAWorkbookAsPeopleMakeIt(t *testing.T) {
	t.Parallel()
	file := packed(t, written(t, grid.XLSX), sheet1, sheetOf(
		`<row r="1"><c r="A1" t="inlineStr"><is><t>상품명</t></is></c><c r="B1" t="inlineStr"><is><t>가격</t></is></c><c r="C1" t="inlineStr"><is><t>바코드</t></is></c><c r="D1" t="inlineStr"><is><t>품절</t></is></c></row>`+
			`<row r="4"><c r="A4" t="inlineStr"><is><t>우유</t></is></c><c r="B4"><v>2900</v></c><c r="C4"><v>8801234567893</v></c><c r="D4" t="b"><v>1</v></c></row>`))
	got, err := table.Read(grid.XLSX, file)
	want := []grid.Row{{Number: 4, Cells: map[grid.Column]string{table.Name: "우유", table.Price: "2900", table.Barcode: "8801234567893", table.SoldOut: "1"}}}
	if diff := cmp.Diff(want, got.Rows); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func TestTheTemplateIsATable(t *testing.T) {
	t.Parallel()
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		got, err := table.Read(f, written(t, f))
		if err != nil || !slices.Equal(got.Columns, table.Columns) || len(got.Rows)+len(got.Ignored) != 0 {
			t.Errorf("%s: %+v, %v", f, got, err)
		}
	}
}

func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{"=1+1", "+1", "-1", "@x", "\tx", "'=1", "0012", "8801234567893"} {
		row := make([]string, len(table.Columns))
		row[0] = evil
		line := strings.Split(string(written(t, grid.CSV, row)), "\r\n")[1]
		if first := strings.TrimPrefix(line, `"`)[0]; first != '\'' {
			t.Errorf("%q is written as %q", evil, line)
		}
		if strings.Contains(string(written(t, grid.XLSX, row)), "<f>") {
			t.Errorf("%q is a formula", evil)
		}
	}
}

func TestNumbersMarksAndTaxes(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int64{"4500": 4500, "4,500": 4500, "4 500원": 4500, "₩4,500": 4500, "4500.0": 4500, "4.5E3": 4500, "-3": -3, "12개": 12} {
		if got, ok := grid.Number(s); !ok || got != want {
			t.Errorf("%q: %d, %v", s, got, ok)
		}
	}
	for _, s := range []string{"", "4.5", "사천", "0x10", "1_000", "NaN", "Inf", "1e300", "9223372036854775808"} {
		if got, ok := grid.Number(s); ok {
			t.Errorf("%q: %d", s, got)
		}
	}
	for s, want := range map[string]bool{"예": true, "Y": true, "O": true, "TRUE": true, "": false, "아니요": false, "x": false, "0": false} {
		if got, ok := grid.YesNo(s); !ok || got != want {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
	if _, ok := grid.YesNo("아마"); ok {
		t.Error("perhaps is a mark")
	}
	for s, want := range map[string]money.TaxType{"과세": money.Taxable, "면세": money.TaxFree, "TAX_FREE": money.TaxFree, "taxable": money.Taxable} {
		if got, ok := table.TaxType(s); !ok || got != want {
			t.Errorf("%q: %v, %v", s, got, ok)
		}
	}
}

// TestWhatIsWrittenIsRead: every text that a product may hold comes back from both kinds
// of files.
func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bits := append(strings.Split("가뷁A0=+-@'\",;\t\n_x&<>́😀 ", ""), "_x0041_", "_x000D_", "\\.", "]]>", "8801234567893")
		text := rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 12).Draw(t, "bits"), "")
		})
		rows := rapid.SliceOfN(rapid.SliceOfN(text, len(table.Columns), len(table.Columns)), 1, 5).Draw(t, "rows")
		var want []grid.Row
		for i, row := range rows {
			r := grid.Row{Number: i + 2, Cells: map[grid.Column]string{}}
			for j, c := range table.Columns {
				row[j] = strings.Map(printable, row[j])
				if c == table.Price || c == table.Stock {
					row[j] = fmt.Sprint(len(row[j]))
				}
				row[j] = strings.TrimSpace(row[j])
				r.Cells[c] = row[j]
			}
			want = append(want, r)
		}
		for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
			var b bytes.Buffer
			if err := table.Write(&b, f, slices.Values(rows)); err != nil {
				t.Fatal(err)
			}
			got, err := table.Read(f, b.Bytes())
			if diff := cmp.Diff(want, got.Rows); err != nil || diff != "" {
				t.Fatalf("%s: %v %s", f, err, diff)
			}
		}
	})
}

// printable drops what no product may hold.
func printable(r rune) rune {
	if r < 0x20 {
		return -1
	}
	return r
}

// FuzzRead: whatever is sent is read within the bounds or refused with a reason.
func FuzzRead(f *testing.F) {
	f.Add(true, written(f, grid.XLSX))
	f.Add(false, written(f, grid.CSV))
	f.Add(false, cp949(f, "상품명,가격\n똠방각하,100\n"))
	f.Add(false, []byte("name;price\n\"a;1\n"))
	f.Add(true, packed(f, written(f, grid.XLSX), sheet1, sheetOf(`<row r="0"><c r="A0" t="s"><v>-1</v></c></row>`)))
	f.Fuzz(func(t *testing.T, workbook bool, file []byte) {
		format := grid.CSV
		if workbook {
			format = grid.XLSX
		}
		s, err := table.Read(format, file)
		if err != nil {
			return
		}
		if len(s.Rows) > grid.MaxRows || len(s.Columns) == 0 {
			t.Fatalf("%d rows, columns %v", len(s.Rows), s.Columns)
		}
		for _, r := range s.Rows {
			for c, text := range r.Cells {
				if !s.Has(c) || len([]rune(text)) > 500 || r.Number < 1 {
					t.Fatalf("row %d, column %s: %q", r.Number, c, text)
				}
			}
		}
	})
}
