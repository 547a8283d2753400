package jobs_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/audit"
	"innopay/internal/jobs"
)

// TestHeads exports over midnight in Seoul and reads back, past a line that a power
// cut tore.
func TestHeads(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "audit")
	h := jobs.Heads{Folder: folder, Log: slog.New(slog.DiscardHandler)}
	var want []audit.Seal
	for i, at := range []time.Time{start, start.Add(time.Minute), start.Add(24 * time.Hour)} {
		s := audit.Seal{Seq: int64(i + 1), Hash: strings.Repeat("ab", 31) + "0" + string(rune('1'+i)), At: at}
		if err := h.Export(s); err != nil {
			t.Fatal(err)
		}
		want = append(want, audit.Seal{Seq: s.Seq, Hash: s.Hash})
	}
	for day, lines := range map[string]int{"2028-02-29": 2, "2028-03-01": 1} {
		b, err := os.ReadFile(filepath.Join(folder, "audit-"+day+".head"))
		if err != nil || strings.Count(string(b), "\n") != lines {
			t.Errorf("%s: %v %q", day, err, b)
		}
	}
	f, err := os.OpenFile(filepath.Join(folder, "audit-2028-03-01.head"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("4 abab"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := jobs.ReadHeads(folder)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("read %+v, %v, want %+v", got, err, want)
	}
	if got, err := jobs.ReadHeads(filepath.Join(folder, "none")); err != nil || len(got) != 0 {
		t.Errorf("a folder nobody wrote: %v %v", got, err)
	}
}
