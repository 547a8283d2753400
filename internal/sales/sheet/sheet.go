// Package sheet writes long tables as CSV and XLSX, row by row: in memory is one page of
// them and no more. A workbook is packed as a whole, so its rows wait in a temporary file,
// which loses its name as soon as it has one: nothing of it is found on the disk, also
// after a crash.
package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/xuri/excelize/v2"

	"innopay/internal/grid"
	"innopay/money"
)

// bom makes Excel read a CSV file as UTF-8.
const bom = "\xEF\xBB\xBF"

// unnameEvery is after how many rows is looked whether a temporary file came into being.
const unnameEvery = 256

// Out is a table under way. It is used by one goroutine. Cells are text, or money.Won or
// int64, which are numbers; text is never a formula, whatever it begins with.
type Out interface {
	// Row adds one.
	Row(cells ...any) error
	// Flush has what was written leave, where the format can.
	Flush() error
	// Close ends the table, and has all of it leave.
	Close() error
	// Drop gives up what a table holds, without another byte of it; after Close it does
	// nothing. It must be called.
	Drop()
}

// New begins a table with its headings.
func New(w io.Writer, f grid.Format, title string, head []string) (Out, error) {
	if f == grid.XLSX {
		return newBook(w, title, head)
	}
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, err
	}
	t := &text{out: csv.NewWriter(w)}
	t.out.UseCRLF = true
	return t, t.out.Write(head)
}

type text struct {
	out  *csv.Writer
	line []string
}

func (t *text) Row(cells ...any) error {
	t.line = t.line[:0]
	for _, c := range cells {
		switch v := c.(type) {
		case money.Won:
			t.line = append(t.line, strconv.FormatInt(int64(v), 10))
		case int64:
			t.line = append(t.line, strconv.FormatInt(v, 10))
		case string:
			t.line = append(t.line, grid.Guard(v))
		default:
			return fmt.Errorf("sheet: a cell of type %T", c)
		}
	}
	return t.out.Write(t.line)
}

func (t *text) Flush() error {
	t.out.Flush()
	return t.out.Error()
}

func (t *text) Close() error { return t.Flush() }

func (*text) Drop() {}

type book struct {
	to     io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	folder string // of its temporary file
	rows   int
	gone   bool
}

func newBook(w io.Writer, title string, head []string) (*book, error) {
	folder, err := os.MkdirTemp("", "innopay-sheet-") // 0700
	if err != nil {
		return nil, fmt.Errorf("sheet: %w", err)
	}
	b := &book{to: w, folder: folder, file: excelize.NewFile(excelize.Options{TmpDir: folder})}
	if err := b.open(title, head); err != nil {
		b.Drop()
		return nil, err
	}
	return b, nil
}

func (b *book) open(title string, head []string) (err error) {
	if err := b.file.SetSheetName("Sheet1", title); err != nil {
		return err
	}
	bold, err := b.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return err
	}
	if b.stream, err = b.file.NewStreamWriter(title); err != nil {
		return err
	}
	if err := b.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	line := make([]any, len(head))
	for i, h := range head {
		line[i] = excelize.Cell{StyleID: bold, Value: h}
	}
	b.rows = 1
	return b.stream.SetRow("A1", line)
}

func (b *book) Row(cells ...any) error {
	for i, c := range cells {
		switch v := c.(type) {
		case money.Won:
			cells[i] = int64(v)
		case string:
			if v == "" {
				cells[i] = nil // no cell at all
			}
		case int64:
		default:
			return fmt.Errorf("sheet: a cell of type %T", c)
		}
	}
	b.rows++
	if err := b.stream.SetRow("A"+strconv.Itoa(b.rows), cells); err != nil {
		return err
	}
	if b.rows%unnameEvery == 0 {
		b.unname()
	}
	return nil
}

// unname takes the name from the temporary file. Where a system does not let an open file
// lose it, Close removes it.
func (b *book) unname() {
	names, err := os.ReadDir(b.folder)
	if err != nil {
		return
	}
	for _, n := range names {
		_ = os.Remove(filepath.Join(b.folder, n.Name()))
	}
}

// Flush does nothing: a workbook is packed at its end.
func (b *book) Flush() error { return nil }

func (b *book) Close() error {
	defer b.Drop()
	if err := b.stream.Flush(); err != nil {
		return err
	}
	b.unname()
	_, err := b.file.WriteTo(b.to)
	return err
}

func (b *book) Drop() {
	if b.gone {
		return
	}
	b.gone = true
	_ = b.file.Close()         // its temporary file has no name that it could be removed by
	_ = os.RemoveAll(b.folder) // an empty folder that stays tells nobody anything
}
