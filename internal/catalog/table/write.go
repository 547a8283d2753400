package table

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// bom makes Excel read a CSV file as UTF-8.
const bom = "\xEF\xBB\xBF"

// Names of the sheets of a workbook.
const (
	productSheet = "상품"
	helpSheet    = "도움말"
)

// help is what stands on the second sheet of a workbook.
var help = [][]string{
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
}

// Write writes a file: headings and the rows, whose cells stand in the order of Columns.
// A workbook has a second sheet that explains the columns.
func Write(w io.Writer, f Format, rows func(yield func(cells []string) bool)) error {
	if f == XLSX {
		return writeXLSX(w, rows)
	}
	return writeCSV(w, rows)
}

func head() []string {
	out := make([]string, len(Columns))
	for i, c := range Columns {
		out[i] = c.Heading()
	}
	return out
}

func writeCSV(w io.Writer, rows func(yield func(cells []string) bool)) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(head()); err != nil {
		return err
	}
	for cells := range rows {
		guarded := slices.Clone(cells)
		for i, c := range Columns {
			if c.text() {
				guarded[i] = Guard(cells[i])
			}
		}
		if err := out.Write(guarded); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// text reports whether a column holds what people wrote.
func (c Column) text() bool { return c != Price && c != Stock }

func writeXLSX(w io.Writer, rows func(yield func(cells []string) bool)) error {
	book := excelize.NewFile()
	defer book.Close() //nolint:errcheck // nothing of it is on a disk that is not removed
	if err := book.SetSheetName("Sheet1", productSheet); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	if err := writeHelp(book); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("table: %w", err)
	}
	out, err := book.NewStreamWriter(productSheet)
	if err != nil {
		return fmt.Errorf("table: %w", err)
	}
	if err := layOut(out); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	line := make([]any, len(Columns))
	for i, h := range head() {
		line[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := out.SetRow("A1", line); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	number := 1
	for cells := range rows {
		number++
		for i, c := range Columns {
			line[i] = sheetCell(c, cells[i])
		}
		if err := out.SetRow(fmt.Sprint("A", number), line); err != nil {
			return fmt.Errorf("table: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	return book.Write(w)
}

// sheetCell is a cell of a workbook, where text is text and never a formula.
func sheetCell(c Column, s string) any {
	if n, ok := Number(s); ok && !c.text() {
		return n
	}
	if s == "" {
		return nil
	}
	if strings.HasPrefix(s, "'") {
		return "'" + s // reading takes one away
	}
	return s
}

// layOut sets widths and keeps the headings in sight.
func layOut(out *excelize.StreamWriter) error {
	for i, width := range []float64{28, 14, 12, 10, 18, 8, 8, 10, 32} {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func writeHelp(book *excelize.File) error {
	if _, err := book.NewSheet(helpSheet); err != nil {
		return err
	}
	for i, row := range help {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := book.SetCellStr(helpSheet, cell, text); err != nil {
				return err
			}
		}
	}
	return book.SetColWidth(helpSheet, "B", "B", 70)
}
