package api_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"innopay/internal/payment"
	"innopay/internal/web/api"
	"innopay/money"
)

// paper is a writer that counts what reached it and can be torn off.
type paper struct {
	header  http.Header
	bytes   bytes.Buffer
	flushed int // bytes when it was flushed last
	tearAt  int // bytes after which the reader is gone; 0: never
}

var errGone = errors.New("the reader is gone")

func (p *paper) Header() http.Header { return p.header }
func (p *paper) WriteHeader(int)     {}
func (p *paper) Flush()              { p.flushed = p.bytes.Len() }
func (p *paper) Write(b []byte) (int, error) {
	if p.tearAt > 0 && p.bytes.Len() > p.tearAt {
		return 0, errGone
	}
	return p.bytes.Write(b)
}

// pages are rows made as they are asked for, with what was seen when they were.
func pages(rows, size int, seen func(before string)) func(string) ([]payment.Payment, bool, error) {
	given := 0
	return func(before string) ([]payment.Payment, bool, error) {
		seen(before)
		var ps []payment.Payment
		for ; len(ps) < size && given < rows; given++ {
			ps = append(ps, payment.Payment{
				ID: fmt.Sprintf("pay_%08d", given), OrderName: "커피", Status: payment.Done, Split: money.Split{Amount: 1},
				RequestedAt: time.Unix(int64(given), 0),
			})
		}
		return ps, given < rows, nil
	}
}

// TestExportKeepsNothing asks for each page only when all rows before it have left, and
// goes on from the last of them.
func TestExportKeepsNothing(t *testing.T) {
	t.Parallel()
	const rows, size = 10_000, 500
	w := &paper{header: http.Header{}}
	asked := 0
	must(t, api.Export(w, api.ExportMost, pages(rows, size, func(before string) {
		if asked == 0 && w.flushed == 0 {
			t.Error("the head does not leave before the first page is read")
		}
		if asked > 0 {
			if want := fmt.Sprintf("pay_%08d", asked*size-1); before != want {
				t.Errorf("page %d goes on from %q, want %q", asked, before, want)
			}
			if !bytes.Contains(w.bytes.Bytes()[:w.flushed], []byte(before)) {
				t.Errorf("page %d is read while rows of the one before wait", asked)
			}
		}
		asked++
	})))
	all, err := csv.NewReader(strings.NewReader(w.bytes.String())).ReadAll()
	must(t, err)
	if len(all) != rows+1 || asked != rows/size {
		t.Errorf("%d lines of %d pages", len(all), asked)
	}
}

func TestExportEndsWhenTheReaderLeaves(t *testing.T) {
	t.Parallel()
	w := &paper{header: http.Header{}, tearAt: 100_000}
	asked := 0
	err := api.Export(w, api.ExportMost, pages(1_000_000, 500, func(string) { asked++ }))
	if !errors.Is(err, errGone) || asked > 5 {
		t.Errorf("%v after %d pages", err, asked)
	}
}

func TestExportEndsWhenThePagesFail(t *testing.T) {
	t.Parallel()
	broken := errors.New("the database is away")
	w := &paper{header: http.Header{}}
	err := api.Export(w, api.ExportMost, func(string) ([]payment.Payment, bool, error) { return nil, false, broken })
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// TestExportSaysThatRowsAreMissing ends a file that is too long with a line for people.
func TestExportSaysThatRowsAreMissing(t *testing.T) {
	t.Parallel()
	for rows, cut := range map[int]bool{1_200: false, 1_201: true} {
		w := &paper{header: http.Header{}}
		must(t, api.Export(w, 1_200, pages(rows, 500, func(string) {})))
		all, err := csv.NewReader(strings.NewReader(w.bytes.String())).ReadAll()
		must(t, err)
		last := all[len(all)-1][0]
		if got := strings.HasPrefix(last, "1,200건까지만"); got != cut || len(all) != min(rows, 1_201)+1 {
			t.Errorf("%d rows: %d lines, the last %q", rows, len(all), last)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
