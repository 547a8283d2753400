// Package grid reads and writes tables in files: XLSX as Excel has it, or CSV. It knows
// headings, encodings and how people write numbers, days and yes; what a row means is
// said by whoever lays the table out.
package grid

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
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

// Layout is a kind of table: its columns in the order in which they are written, and the
// words that stand over them. Plain data.
type Layout struct {
	Columns []Column
	// Words for each column; the first is the one that is written. Reading knows them
	// without blanks, hyphens, underscores and stars, in small letters.
	Words map[Column][]string
	// Keys are the columns of which a file has one at least, or it is no such table.
	Keys []Column
	// Numbers are the columns that hold whole numbers; the others hold text.
	Numbers []Column
	Sheet   string     // name of the sheet of a workbook
	Help    [][]string // what stands on a workbook's second sheet
	Widths  []float64  // of a workbook's columns, in characters
}

// Heading is the word that stands over a column.
func (l Layout) Heading(c Column) string {
	if words := l.Words[c]; len(words) > 0 {
		return words[0]
	}
	return string(c)
}

// columnOf is the column that a heading means, however it is written.
func (l Layout) columnOf(heading string) (Column, bool) {
	plain := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "", "*", "", "\u00a0", "").Replace(heading))
	for _, c := range l.Columns {
		if slices.Contains(l.Words[c], plain) {
			return c, true
		}
	}
	return "", false
}

// text reports whether a column holds what people wrote.
func (l Layout) text(c Column) bool { return !slices.Contains(l.Numbers, c) }

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
	ErrUnreadable  = errors.New("grid: the file cannot be read")
	ErrEncoding    = errors.New("grid: text in no encoding that is read")
	ErrNoHeadings  = errors.New("grid: no row of headings")
	ErrTwice       = errors.New("grid: a column stands twice")
	ErrTooManyRows = errors.New("grid: too many rows")
	ErrTooWide     = errors.New("grid: too many columns")
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
func (l Layout) Read(f Format, file []byte) (Sheet, error) {
	if len(file) > MaxFile {
		return Sheet{}, ErrTooManyRows
	}
	b := &builder{layout: l}
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
	layout Layout
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
		c, ok := b.layout.columnOf(unguard(text))
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
	if !slices.ContainsFunc(b.layout.Keys, b.sheet.Has) {
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

// firstSerial is the day that Excel counts as 1, less one for the leap day of 1900 that
// it believes in; days before March 1900 are of no use here.
var firstSerial = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// Day reads a day as people write it (2026-11-01, 2026.11.1, 2026/11/01, 20261101) or as
// a workbook keeps it (a number of days), between 2000 and 2099.
func Day(s string) (clock.Day, bool) {
	plain := strings.TrimSuffix(strings.NewReplacer(".", "-", "/", "-", "년", "-", "월", "-", "일", "", " ", "").Replace(s), "-")
	for _, form := range []string{"2006-1-2", "20060102"} {
		if t, err := time.Parse(form, plain); err == nil {
			return known(t)
		}
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n < 30_000 || n > 80_000 {
		return "", false
	}
	return known(firstSerial.AddDate(0, 0, int(n)))
}

func known(t time.Time) (clock.Day, bool) {
	if t.Year() < 2000 || t.Year() > 2099 {
		return "", false
	}
	return clock.Day(t.Format(time.DateOnly)), true
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
