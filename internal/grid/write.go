package grid

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

// helpSheet is the name of the second sheet of a workbook.
const helpSheet = "도움말"

// Write writes a file: headings and the rows, whose cells stand in the order of the
// columns. A workbook has a second sheet that explains them.
func (l Layout) Write(w io.Writer, f Format, rows func(yield func(cells []string) bool)) error {
	if f == XLSX {
		return l.writeXLSX(w, rows)
	}
	return l.writeCSV(w, rows)
}

func (l Layout) head() []string {
	out := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		out[i] = l.Heading(c)
	}
	return out
}

func (l Layout) writeCSV(w io.Writer, rows func(yield func(cells []string) bool)) error {
	if _, err := io.WriteString(w, bom); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(l.head()); err != nil {
		return err
	}
	for cells := range rows {
		guarded := slices.Clone(cells)
		for i, c := range l.Columns {
			if l.text(c) {
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

func (l Layout) writeXLSX(w io.Writer, rows func(yield func(cells []string) bool)) error {
	book := excelize.NewFile()
	defer book.Close() //nolint:errcheck // nothing of it is on a disk that is not removed
	if err := book.SetSheetName("Sheet1", l.Sheet); err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	if err := l.writeHelp(book); err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	bold, err := book.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	out, err := book.NewStreamWriter(l.Sheet)
	if err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	if err := l.layOut(out); err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	line := make([]any, len(l.Columns))
	for i, h := range l.head() {
		line[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	if err := out.SetRow("A1", line); err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	number := 1
	for cells := range rows {
		number++
		for i, c := range l.Columns {
			line[i] = l.sheetCell(c, cells[i])
		}
		if err := out.SetRow(fmt.Sprint("A", number), line); err != nil {
			return fmt.Errorf("grid: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("grid: %w", err)
	}
	return book.Write(w)
}

// sheetCell is a cell of a workbook, where text is text and never a formula.
func (l Layout) sheetCell(c Column, s string) any {
	if n, ok := Number(s); ok && !l.text(c) {
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
func (l Layout) layOut(out *excelize.StreamWriter) error {
	for i, width := range l.Widths {
		if err := out.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	return out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

func (l Layout) writeHelp(book *excelize.File) error {
	if _, err := book.NewSheet(helpSheet); err != nil {
		return err
	}
	for i, row := range l.Help {
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
