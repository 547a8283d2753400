package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// maxUnpacked bounds what is unpacked of an XLSX file, in bytes: 5,000 rows of a
// catalogue are a fifth of it, and reading takes some ten times as much memory.
const maxUnpacked = 16 << 20

// readXLSX reads the first sheet.
func readXLSX(file []byte, add func(number int, cells []string) error) (err error) {
	defer func() {
		// The library reads what anybody may send; where it trusts an index of the file,
		// the file is wrong.
		if recover() != nil {
			err = ErrUnreadable
		}
	}()
	// Both limits alike: nothing is written to a disk.
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked, RawCellValue: true})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer book.Close() //nolint:errcheck // nothing is on a disk
	if err := bound(book); err != nil {
		return err
	}
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return ErrNoHeadings
	}
	rows, err := book.Rows(sheets[0])
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	defer rows.Close() //nolint:errcheck // nothing is on a disk
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		if err != nil {
			return &RowError{number, ErrUnreadable}
		}
		for i, c := range cells {
			if !utf8.ValidString(c) {
				cells[i] = strings.ToValidUTF8(c, "\uFFFD")
			}
		}
		if err := add(number, cells); err != nil {
			return err
		}
	}
	if err := rows.Error(); err != nil {
		return fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	return nil
}

// readCSV reads text in UTF-8, UTF-16 with its mark, or CP949 as Excel in Korea writes
// it, with commas, semicolons or tabs.
func readCSV(file []byte, add func(number int, cells []string) error) error {
	text, err := decoded(file)
	if err != nil {
		return err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	for {
		cells, err := r.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &wrong):
			return &RowError{wrong.Line, ErrUnreadable}
		case err != nil:
			return fmt.Errorf("%w: %w", ErrUnreadable, err)
		}
		line, _ := r.FieldPos(0)
		if err := add(line, cells); err != nil {
			return err
		}
	}
}

// decoded is the text of a file. What is valid UTF-8 and not plain ASCII is never valid
// in CP949 by chance for more than a few letters, so UTF-8 is tried first.
func decoded(file []byte) (string, error) {
	if rest, ok := bytes.CutPrefix(file, []byte("\xEF\xBB\xBF")); ok {
		file = rest
	}
	if bytes.HasPrefix(file, []byte("\xFF\xFE")) || bytes.HasPrefix(file, []byte("\xFE\xFF")) {
		text, _, err := transform.Bytes(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder(), file)
		if err != nil {
			return "", ErrEncoding
		}
		return string(text), nil
	}
	if utf8.Valid(file) {
		return string(file), nil
	}
	text, _, err := transform.Bytes(korean.EUCKR.NewDecoder(), file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return "", ErrEncoding
	}
	return string(text), nil
}

// separator is what stands most often in the first line.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}
