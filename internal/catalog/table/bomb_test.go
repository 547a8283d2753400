package table_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"innopay/internal/catalog/table"
)

// workbook is an XLSX file with one sheet of the given rows and shared strings.
func workbook(t *testing.T, shared, rows string) []byte {
	t.Helper()
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>`,
		"_rels/.rels":                `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/_rels/workbook.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook ` + ns + ` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/sharedStrings.xml":       `<sst ` + ns + `>` + shared + `</sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet ` + ns + `><sheetData>` + rows + `</sheetData></worksheet>`,
	} {
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const headings = `<row r="1"><c r="A1" t="inlineStr"><is><t>상품명</t></is></c><c r="B1" t="inlineStr"><is><t>가격</t></is></c></row>`

// TestATextThatStandsEverywhereIsBounded: in a workbook a long text is kept once and named
// by as many cells as one likes, so that a small file would become any amount of text.
func TestATextThatStandsEverywhereIsBounded(t *testing.T) { //nolint:paralleltest // it looks at the memory of the whole process
	long := `<si><t>` + strings.Repeat("가", 300_000) + `</t></si>`
	rich := `<si>` + strings.Repeat(`<r><t>`+strings.Repeat("가", 1000)+`</t></r>`, 300) + `</si>`
	for name, shared := range map[string]string{"plain": long, "in pieces": rich} {
		wide := headings + `<row r="2">` + strings.Repeat(`<c t="s"><v>0</v></c>`, 2000) + `</row>`
		var deep strings.Builder
		deep.WriteString(headings)
		for i := range 2000 {
			fmt.Fprintf(&deep, `<row r="%d"><c t="s"><v>0</v></c><c><v>1</v></c></row>`, i+2)
		}
		for shape, rows := range map[string]string{"in a row": wide, "in a column": deep.String()} {
			file := workbook(t, shared, rows)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := table.Read(table.XLSX, file)
			runtime.ReadMemStats(&after)
			var want error
			if shape == "in a row" {
				want = table.ErrTooWide
			}
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 100 || !errors.Is(err, want) {
				t.Errorf("%s, %s, %d KB: %d MB, %v", name, shape, len(file)>>10, took, err)
			}
		}
	}
	// What people have: a remark in each row that is the same everywhere.
	var rows strings.Builder
	rows.WriteString(headings)
	for i := range 2000 {
		fmt.Fprintf(&rows, `<row r="%d"><c t="s"><v>0</v></c><c><v>1000</v></c><c t="s"><v>1</v></c></row>`, i+2)
	}
	sheet, err := table.Read(table.XLSX, workbook(t, `<si><r><t>우</t></r><r><t>유</t></r></si><si><r><t>매일 </t></r><r><t>`+strings.Repeat("들어와요 ", 100)+`</t></r></si>`, rows.String()))
	if err != nil || len(sheet.Rows) != 2000 || sheet.Rows[1999].Cells[table.Name] != "우유" {
		t.Errorf("%d rows, %v", len(sheet.Rows), err)
	}
}
