package web_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"innopay/internal/payment"
	"innopay/internal/store/storetest"
	"innopay/internal/web"
	"innopay/internal/web/limit"
)

// Figures of the proof: EXPORT_ROWS payments, 3,000 unless set (make export-memory: 100,000), and
// what the heap may grow by meanwhile, whatever their number.
const (
	shareOfRows = 3_000
	mostHeap    = 64 << 20
	sampleEvery = 5 * time.Millisecond
)

// TestALongHistoryLeavesInLittleMemory has the server send a long history as CSV and as
// XLSX to a client that keeps nothing, and watches the heap of the process. Not parallel:
// the heap is everybody's.
func TestALongHistoryLeavesInLittleMemory(t *testing.T) { //nolint:paralleltest // see above
	rows := shareOfRows
	if s := os.Getenv("EXPORT_ROWS"); s != "" {
		var err error
		rows, err = strconv.Atoi(s)
		must(t, err)
	}
	r := newRig(t, func(o *web.Options) { o.Exports = limit.Rate{PerSecond: 1000, Burst: 1000} })
	fill(t, r, rows)
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	defer debug.SetGCPercent(debug.SetGCPercent(25)) // what is measured is what is held, not what is not collected yet
	peaks := map[string]uint64{}
	for _, format := range []string{"csv", "xlsx"} {
		path := filepath.Join(t.TempDir(), "history."+format)
		stop := watchHeap()
		size := fetchTo(t, server.URL+"/v1/payments/export?format="+format, r.one.key, path)
		peaks[format] = stop()
		t.Logf("%s: %d rows, %.1f MB sent, the heap grew by %.1f MB at most", format, rows, float64(size)/(1<<20), float64(peaks[format])/(1<<20))
		if peaks[format] > mostHeap {
			t.Errorf("%s: the heap grew by %d MB over %d rows", format, peaks[format]>>20, rows)
		}
		if got := countRows(t, format, path); got != rows+1 {
			t.Errorf("%s: %d lines, want %d and their head", format, got, rows)
		}
	}
}

// fill gives the first shop so many payments, past the acquirer.
func fill(t *testing.T, r *rig, rows int) {
	t.Helper()
	d := storetest.NewDesk(4_000)
	d.Merchant, d.Now = r.one.ID, r.clock.Now().Add(-24*time.Hour)
	const batch = 250
	for from := 0; from < rows; from += batch {
		n := min(batch, rows-from)
		ins, outs := make([]payment.Intent, n), make([]payment.Outcome, n)
		for i := range ins {
			ins[i] = d.Intent()
		}
		for _, err := range r.db.CommitIntents(context.Background(), ins) {
			must(t, err)
		}
		for i := range outs {
			outs[i] = d.Approved(ins[i])
		}
		for _, err := range r.db.CommitOutcomes(context.Background(), outs) {
			must(t, err)
		}
	}
}

// watchHeap begins to look at the heap; what it gives ends that and tells by how much it
// grew at most.
func watchHeap() func() uint64 {
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	var peak atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(sampleEvery)
		defer tick.Stop()
		for {
			var now runtime.MemStats
			runtime.ReadMemStats(&now)
			peak.Store(max(peak.Load(), now.HeapAlloc))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 {
		close(done)
		<-ended
		return peak.Load() - min(peak.Load(), before.HeapAlloc)
	}
}

// fetchTo writes an answer to a file as it comes.
func fetchTo(t *testing.T, url, key, path string) int64 {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	must(t, err)
	req.SetBasicAuth(key, "")
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer func() { must(t, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%d", resp.StatusCode)
	}
	out, err := os.Create(path)
	must(t, err)
	size, err := io.Copy(out, resp.Body)
	must(t, err)
	must(t, out.Close())
	return size
}

// countRows counts the lines of a file, its head with them.
func countRows(t *testing.T, format, path string) int {
	t.Helper()
	if format == "csv" {
		f, err := os.Open(path)
		must(t, err)
		defer func() { must(t, f.Close()) }()
		return count(t, f, "\n")
	}
	book, err := zip.OpenReader(path)
	must(t, err)
	defer func() { must(t, book.Close()) }()
	for _, part := range book.File {
		if strings.HasPrefix(part.Name, "xl/worksheets/") {
			return countIn(t, part, "<row ")
		}
	}
	return 0
}

func countIn(t *testing.T, part *zip.File, text string) int {
	t.Helper()
	f, err := part.Open()
	must(t, err)
	defer func() { must(t, f.Close()) }()
	return count(t, f, text)
}

// count counts a text in what is read, piece by piece.
func count(t *testing.T, from io.Reader, text string) int {
	t.Helper()
	r, n, tail := bufio.NewReader(from), 0, []byte(nil)
	piece := make([]byte, 1<<16)
	for {
		got, err := r.Read(piece)
		tail = append(tail, piece[:got]...)
		n += bytes.Count(tail, []byte(text))
		if at := bytes.LastIndex(tail, []byte(text)); at >= 0 {
			tail = tail[at+len(text):]
		}
		tail = tail[len(tail)-min(len(tail), len(text)-1):]
		if errors.Is(err, io.EOF) {
			return n
		}
		must(t, err)
	}
}
