package sheet_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"innopay/internal/grid"
	"innopay/internal/sales/sheet"
	"innopay/money"
)

var head = []string{"거래번호", "상품명", "금액"}

// TestALongTableTakesLittleMemory writes many rows of some cells in both formats and
// looks at the heap, and at what lies in the temporary folder, while it goes on. Not
// parallel: the heap is the process's, and the folder is set by the environment.
func TestALongTableTakesLittleMemory(t *testing.T) {
	const most, columns = 48 << 20, 8
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		runtime.GC()
		var before, now runtime.MemStats
		runtime.ReadMemStats(&before)
		var peak uint64
		out, err := sheet.New(io.Discard, f, "거래", make([]string, columns))
		must(t, err)
		cells := make([]any, columns)
		for i := range rows {
			for c := range cells {
				cells[c] = "내용 " + fmt.Sprint(i, c)
			}
			cells[5] = money.Won(i)
			must(t, out.Row(cells...))
			if i%500 == 0 {
				must(t, out.Flush())
			}
			if i%(rows/4) == rows/4-1 {
				runtime.GC()
				runtime.ReadMemStats(&now)
				peak = max(peak, now.HeapAlloc-min(before.HeapAlloc, now.HeapAlloc))
				named(t, folder)
			}
		}
		must(t, out.Close())
		if peak > most {
			t.Errorf("%s: %d MB of heap for %d rows", f, peak>>20, rows)
		}
		t.Logf("%s: at most %.1f MB of heap over %d rows", f, float64(peak)/(1<<20), rows)
		if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
			t.Errorf("%s: left on the disk: %v %v", f, left, err)
		}
	}
}

// named fails when a file with a name lies under the folder.
func named(t *testing.T, folder string) {
	t.Helper()
	must(t, filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			t.Errorf("%s has a name", path)
		}
		return err
	}))
}

func TestTextIsNoFormula(t *testing.T) {
	t.Parallel()
	evil := `=HYPERLINK("http://evil.example","누르기")`
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		var b bytes.Buffer
		out, err := sheet.New(&b, f, "거래", head)
		must(t, err)
		must(t, out.Row(evil, "", money.Won(-500)))
		must(t, out.Close())
		if f == grid.CSV {
			if want := "\xEF\xBB\xBF거래번호,상품명,금액\r\n"; !strings.HasPrefix(b.String(), want) || strings.Contains(b.String(), "\n=") || strings.Contains(b.String(), "\n\"=") || !strings.HasSuffix(b.String(), ",,-500\r\n") {
				t.Errorf("%q", b.String())
			}
			continue
		}
		book, err := excelize.OpenReader(&b)
		must(t, err)
		if formula, err := book.GetCellFormula("거래", "A2"); err != nil || formula != "" {
			t.Errorf("a formula: %q %v", formula, err)
		}
		rows, err := book.GetRows("거래")
		if err != nil || len(rows) != 2 || rows[0][2] != "금액" || rows[1][0] != evil || rows[1][2] != "-500" {
			t.Errorf("%v %v", rows, err)
		}
		if kind, err := book.GetCellType("거래", "C2"); err != nil || kind != excelize.CellTypeUnset {
			t.Errorf("an amount is of type %v, no number: %v", kind, err)
		}
		must(t, book.Close())
	}
}

func TestACellThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, f := range []grid.Format{grid.CSV, grid.XLSX} {
		out, err := sheet.New(io.Discard, f, "거래", head)
		must(t, err)
		if err := out.Row(1.5); err == nil {
			t.Errorf("%s takes a fraction", f)
		}
		out.Drop()
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
