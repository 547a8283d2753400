//go:build !race

package escpos_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/escpos/paper"
	"innopay/internal/receipt/receipttest"
	"innopay/money"
)

// Papers are drawn by one goroutine each, dot by dot, which the race detector makes ten
// times slower and finds nothing in: make test runs these without it.

// same holds a paper against the lines that were to be on it.
func same(p paper.Page, lines []escpos.Line) error {
	if p.Wrapped+p.Broken+p.Strange != 0 {
		return fmt.Errorf("%d lines wrapped, %d characters broken, %d commands strange", p.Wrapped, p.Broken, p.Strange)
	}
	var parts []paper.Part
	for _, one := range p.Parts {
		if _, ok := one.Read(); ok {
			parts = append(parts, one)
		}
	}
	if len(parts) != len(lines) {
		return fmt.Errorf("%d lines, not %d:\n%s", len(parts), len(lines), p.Text())
	}
	for i, want := range lines {
		if got, _ := parts[i].Read(); got != want.Text {
			return fmt.Errorf("line %d: %q, not %q", i, got, want.Text)
		}
		if parts[i].Image == nil && want.Text != "" && strings.TrimLeft(want.Text, " ") == want.Text && (parts[i].Bold != want.Bold || parts[i].Double != want.Double) {
			return fmt.Errorf("line %d: %q bold %v double %v", i, want.Text, parts[i].Bold, parts[i].Double)
		}
	}
	return nil
}

func TestThePaperIsTheSlip(t *testing.T) {
	t.Parallel()
	for name, r := range receipttest.Receipts() {
		for _, english := range []bool{false, true} {
			for _, o := range textModes() {
				t.Run(fmt.Sprint(name, english, o), func(t *testing.T) {
					t.Parallel()
					s := r.In(receipt.Language{English: english})
					doc, err := escpos.Encode(s, link, o)
					if err != nil {
						t.Fatal(err)
					}
					p := printed(t, o, doc)
					if err := same(p, escpos.Lines(s, link, o.Columns)); err != nil {
						t.Error(err)
					}
					if codes := p.Codes(); len(codes) != 1 || codes[0] != link {
						t.Errorf("codes %q", codes)
					}
					text := squash(p.Text())
					for _, w := range receipttest.Words(s) {
						if w = squash(escpos.Clean(w)); dots.Width(w) <= o.Columns/2-2 && !strings.Contains(text, w) {
							t.Errorf("%q is not on the paper:\n%s", w, p.Text())
						}
					}
					if pictures := pictures(p); (s.Signature != nil) != (pictures >= 1) || pictures > 3 {
						t.Errorf("%d pictures", pictures)
					}
				})
			}
		}
	}
}

// pictures counts what was printed as dots and is no line of text.
func pictures(p paper.Page) (n int) {
	for _, one := range p.Parts {
		if _, text := one.Read(); one.Image != nil && !text {
			n++
		}
	}
	return n
}

// TestARasterIsThePicture: the printer draws dot by dot what was painted.
func TestARasterIsThePicture(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{32, 42, 48} {
		for name, r := range receipttest.Receipts() {
			s := r.In(receipt.Language{})
			o := escpos.Options{Columns: columns, Mode: escpos.Raster, Hangul: escpos.Full}
			doc, err := escpos.Encode(s, link, o)
			must(t, err)
			want, err := escpos.Picture(s, link, columns)
			must(t, err)
			p := printed(t, o, doc)
			if p.Strange+p.Broken+p.Wrapped != 0 || p.Image.Width != columns*12 {
				t.Errorf("%s: %d dots, %d strange", name, p.Image.Width, p.Strange)
			}
			if got := p.Image.Band(0, want.Height); !bytes.Equal(got.Bits, want.Bits) || black(want) < 5_000 {
				t.Errorf("%s on %d columns: another picture, %d dots", name, columns, black(want))
			}
		}
	}
}

func black(b *dots.Bitmap) (n int) {
	for y := range b.Height {
		for x := range b.Width {
			if b.Black(x, y) {
				n++
			}
		}
	}
	return n
}

// slips are slips of any texts.
func slips() *rapid.Generator[receipt.Slip] {
	row := rapid.Custom(func(t *rapid.T) receipt.Row {
		return receipt.Row{
			Label: texts(60).Draw(t, "label"), Value: texts(60).Draw(t, "value"), Note: texts(30).Draw(t, "note"), Mark: texts(8).Draw(t, "mark"),
			Long: rapid.Bool().Draw(t, "long"), Total: rapid.Bool().Draw(t, "total"),
		}
	})
	return rapid.Custom(func(t *rapid.T) receipt.Slip {
		s := receipt.Slip{
			Shop: texts(60).Draw(t, "shop"), Title: texts(40).Draw(t, "title"), Amount: money.Won(rapid.Int64Range(1, 9_999_999_999).Draw(t, "amount")).String(),
			Stamp: texts(10).Draw(t, "stamp"), Note: texts(100).Draw(t, "text"), Simulated: texts(60).Draw(t, "simulated"), Signed: texts(10).Draw(t, "signed"),
			Unsigned: texts(30).Draw(t, "unsigned"), Reprint: texts(12).Draw(t, "reprint"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "sections") {
			s.Sections = append(s.Sections, receipt.Section{Title: texts(40).Draw(t, "heading"), Notice: texts(60).Draw(t, "notice"), Rows: rapid.SliceOfN(row, 0, 4).Draw(t, "rows")})
		}
		return s
	})
}

// TestNoLineExceedsItsColumns, whatever stands on the slip; and the paper is the layout.
func TestNoLineExceedsItsColumns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := slips().Draw(t, "slip")
		o := rapid.SampledFrom(textModes()).Draw(t, "printer")
		lines := escpos.Lines(s, "", o.Columns)
		for _, l := range lines {
			if l.Width > o.Columns {
				t.Fatalf("%q is %d wide, on %d columns", l.Text, l.Width, o.Columns)
			}
		}
		doc, err := escpos.Encode(s, "", o)
		if err != nil {
			t.Fatal(err)
		}
		if err := same(printed(t, o, doc), lines); err != nil {
			t.Fatal(err)
		}
	})
}
