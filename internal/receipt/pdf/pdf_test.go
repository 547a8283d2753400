package pdf_test

import (
	"bytes"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"innopay/internal/receipt"
	"innopay/internal/receipt/pdf"
	"innopay/internal/receipt/receipttest"
)

// textOf is what pdftotext reads in a PDF, without white space.
func textOf(t *testing.T, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slip.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-raw", "-enc", "UTF-8", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (Debian: poppler-utils): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), "")
}

// boxes are the sizes of the pages in points. The last one in a file is that of all
// pages which have none.
func boxes(b []byte) []string {
	var out []string
	for _, m := range regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+ [0-9.]+)\]`).FindAllSubmatch(b, -1) {
		out = append(out, string(m[1]))
	}
	return out[:max(0, len(out)-1)]
}

func TestEveryFieldIsPrinted(t *testing.T) {
	t.Parallel()
	for name, r := range receipttest.Receipts() {
		for _, l := range []receipt.Language{{}, {English: true}} {
			for _, paper := range []pdf.Paper{pdf.A4, pdf.Roll} {
				s := r.In(l)
				b, err := pdf.Render(s, paper)
				if err != nil {
					t.Fatal(err)
				}
				text := textOf(t, b)
				for _, want := range receipttest.Words(s) {
					for word := range strings.FieldsSeq(want) {
						if !strings.Contains(text, word) {
							t.Errorf("%s, %s: %q is not printed", name, l.Code(), word)
						}
					}
				}
			}
		}
	}
}

func TestSameBytesForTheSameSlip(t *testing.T) {
	t.Parallel()
	s := receipttest.Receipts()["part"].In(receipt.Language{})
	one, err := pdf.Render(s, pdf.A4)
	if err != nil {
		t.Fatal(err)
	}
	// Also after others were printed: the type is shared.
	for range 3 {
		if _, err := pdf.Render(receipttest.Long().In(receipt.Language{}), pdf.Roll); err != nil {
			t.Fatal(err)
		}
		two, err := pdf.Render(s, pdf.A4)
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%d and %d bytes, %v", len(one), len(two), err)
		}
	}
}

func TestPaper(t *testing.T) {
	t.Parallel()
	short, long := receipttest.Receipts()["sale"].In(receipt.Language{}), receipttest.Long().In(receipt.Language{})
	render := func(s receipt.Slip, on pdf.Paper) []string {
		b, err := pdf.Render(s, on)
		if err != nil {
			t.Fatal(err)
		}
		return boxes(b)
	}
	for name, r := range receipttest.Receipts() {
		if got := render(r.In(receipt.Language{}), pdf.A4); len(got) != 1 || got[0] != "595.28 841.89" {
			t.Errorf("A4, %s: %v", name, got)
		}
	}
	if got := render(long, pdf.A4); len(got) < 2 {
		t.Errorf("A4 with many lines: %v", got)
	}
	for _, s := range []receipt.Slip{short, long} {
		if got := render(s, pdf.Roll); len(got) != 1 || !strings.HasPrefix(got[0], "226.77 ") {
			t.Errorf("80 mm: %v", got)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	s := receipttest.Receipts()["part"].In(receipt.Language{})
	for b.Loop() {
		if _, err := pdf.Render(s, pdf.A4); err != nil {
			b.Fatal(err)
		}
	}
}

// inked is how many dots of the first page are dark, as Poppler draws it.
func inked(t *testing.T, b []byte) int {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slip")
	if err := os.WriteFile(file+".pdf", b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "pdftoppm", "-r", "100", "-f", "1", "-singlefile", "-png", file+".pdf", file).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm (Debian: poppler-utils): %v %s", err, out)
	}
	f, err := os.Open(file + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // read only
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, _, _, _ := img.At(x, y).RGBA(); r < 0x8000 {
				n++
			}
		}
	}
	return n
}

// TestRareSyllablesAreDrawn: NanumSquare names 뷁 and leaves it empty.
func TestRareSyllablesAreDrawn(t *testing.T) {
	t.Parallel()
	slip := receipttest.Receipts()["sale"].In(receipt.Language{})
	render := func(shop string) []byte {
		slip.Shop = shop
		b, err := pdf.Render(slip, pdf.Roll)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	rare, blank := render("뷁뷁뷁뷁"), render("    ")
	if drawn := inked(t, rare) - inked(t, blank); drawn < 300 {
		t.Errorf("four syllables are %d dots", drawn)
	}
	if text := textOf(t, rare); !strings.Contains(text, "뷁뷁뷁뷁") {
		t.Error("they cannot be copied")
	}
	if bytes.Contains(blank, []byte("NanumGothicCoding")) {
		t.Error("a slip without them carries the font")
	}
}
