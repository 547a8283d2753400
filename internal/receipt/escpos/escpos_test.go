package escpos_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"pgregory.net/rapid"

	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/escpos/paper"
	"innopay/internal/receipt/receipttest"
)

const link = "https://pay.example/r/01ja2b3c4d5e6f7g8h9jakbmcn01ja2b3c4d5e6f7g8h9jakbmcnSECRETSECRETSECRETSE"

// printed is what a printer puts on paper, byte by byte as well as at once.
func printed(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, o escpos.Options, doc []byte) paper.Page {
	t.Helper()
	lang := paper.ESCPOS
	if o.Mode == escpos.StarLine {
		lang = paper.Star
	}
	var pages []paper.Page
	for _, size := range []int{1, 7, len(doc)} {
		d := paper.New(o.Dots(), lang)
		d.Page = func(p paper.Page) { pages = append(pages, p) }
		for piece := range slices.Chunk(doc, max(1, size)) {
			if _, err := d.Write(piece); err != nil {
				t.Fatalf("%v", err)
			}
		}
		d.Close()
	}
	if len(pages) != 3 || !pages[0].Cut {
		t.Fatalf("%d papers", len(pages))
	}
	for _, p := range pages[1:] {
		if p.Text() != pages[0].Text() || !bytes.Equal(p.Image.Bits, pages[0].Image.Bits) {
			t.Fatalf("the paper depends on how the bytes come:\n%s\n%s", p.Text(), pages[0].Text())
		}
	}
	return pages[0]
}

// textModes are the printers that get text.
func textModes() []escpos.Options {
	var out []escpos.Options
	for _, columns := range []int{32, 42, 48} {
		for _, mode := range []escpos.Mode{escpos.CP949, escpos.StarLine} {
			for _, hangul := range []escpos.Hangul{escpos.Full, escpos.KSX} {
				out = append(out, escpos.Options{Columns: columns, Mode: mode, Hangul: hangul})
			}
		}
	}
	return out
}

func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestASyllableThatAPrinterLacksIsPainted(t *testing.T) {
	t.Parallel()
	s := receipttest.Receipts()["sale"].In(receipt.Language{})
	for _, mode := range []escpos.Mode{escpos.CP949, escpos.StarLine} {
		full, err := escpos.Encode(s, "", escpos.Options{Columns: 32, Mode: mode, Hangul: escpos.Full})
		must(t, err)
		old, err := escpos.Encode(s, "", escpos.Options{Columns: 32, Mode: mode, Hangul: escpos.KSX})
		must(t, err)
		code, err := korean.EUCKR.NewEncoder().String("뷁")
		must(t, err)
		if !bytes.Contains(full, []byte(code)) || bytes.Contains(old, []byte(code)) {
			t.Errorf("%s: a printer with all syllables gets it as text %v, one without %v", mode, bytes.Contains(full, []byte(code)), bytes.Contains(old, []byte(code)))
		}
		o := escpos.Options{Columns: 32, Mode: mode, Hangul: escpos.KSX}
		if text := printed(t, o, old).Text(); strings.Count(text, "시험 가게 뷁") != 2 {
			t.Errorf("%s: %s", mode, text)
		}
	}
	for text, want := range map[string]bool{"가힝한글": false, "힣": true, "뷁": true, "똠": true, "믜": true, "펲시": true, "abc 123": false, "㎖·￦×": false} {
		if escpos.Beyond(text) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
}

// TestAllOfHangulHasACode: every syllable is in CP949, and 2,350 of them are in KS X 1001.
func TestAllOfHangulHasACode(t *testing.T) {
	t.Parallel()
	standard := 0
	for r := '가'; r <= '힣'; r++ {
		if got := escpos.Clean(string(r)); got != string(r) || len(escpos.Bytes(got)) != 2 {
			t.Fatalf("%c becomes %q", r, got)
		}
		if !escpos.Beyond(string(r)) {
			standard++
		}
	}
	if standard != 2350 {
		t.Errorf("%d syllables in KS X 1001", standard)
	}
}

func TestWhatAPrinterCannotHaveIsReplaced(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"₩1,000": "￦1,000", `a\b`: "a＼b", "우유 😀 500㎖": "우유 ? 500㎖", "a\nb\tc": "a b c", "\x1b@\x1d": "@", "한글": "한글", "é": "?", "“따옴표”": `"따옴표"`, "1–2": "1-2",
	} {
		if got := escpos.Clean(text); got != want {
			t.Errorf("%q becomes %q, not %q", text, got, want)
		}
	}
}

func TestOptionsThatNoPrinterHasAreRefused(t *testing.T) {
	t.Parallel()
	good := escpos.Options{Columns: 32, Mode: escpos.CP949, Hangul: escpos.Full}
	for _, o := range []escpos.Options{{}, {Columns: 33, Mode: escpos.CP949, Hangul: escpos.Full}, {Columns: 32, Mode: "cp949", Hangul: escpos.Full}, {Columns: 32, Mode: escpos.CP949}} {
		if _, err := escpos.Encode(receipt.Slip{}, "", o); !errors.Is(err, escpos.ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := escpos.Encode(receipt.Slip{}, "", good); err != nil {
		t.Error(err)
	}
}

func TestACopySaysSo(t *testing.T) {
	t.Parallel()
	s := receipttest.Receipts()["cash"].In(receipt.Language{})
	s.Reprint = s.Say("reprint")
	for _, o := range textModes() {
		doc, err := escpos.Encode(s, link, o)
		must(t, err)
		p := printed(t, o, doc)
		if first := p.Parts[0]; strings.TrimSpace(first.Text) != "재발행 (사본)" || !first.Bold || !first.Double {
			t.Errorf("%+v: it begins with %q", o, first.Text)
		}
	}
}

func TestTheDrawerOpensWhenAskedTo(t *testing.T) {
	t.Parallel()
	s := receipttest.Receipts()["cash"].In(receipt.Language{})
	for _, mode := range []escpos.Mode{escpos.CP949, escpos.StarLine, escpos.Raster} {
		for _, drawer := range []bool{false, true} {
			o := escpos.Options{Columns: 48, Mode: mode, Hangul: escpos.Full, Drawer: drawer}
			doc, err := escpos.Encode(s, "", o)
			must(t, err)
			if kicks := printed(t, o, doc).Kicks; (kicks == 1) != drawer || kicks > 1 {
				t.Errorf("%s %v: %d kicks", mode, drawer, kicks)
			}
		}
	}
}

func TestADocumentThatIsTooLongIsRefused(t *testing.T) {
	t.Parallel()
	r := receipttest.Long()
	s := r.In(receipt.Language{})
	if _, err := escpos.Encode(s, link, escpos.Options{Columns: 48, Mode: escpos.Raster, Hangul: escpos.Full}); !errors.Is(err, escpos.ErrTooLong) {
		t.Errorf("as a picture: %v", err)
	}
	doc, err := escpos.Encode(s, link, escpos.Options{Columns: 48, Mode: escpos.CP949, Hangul: escpos.Full})
	if err != nil || len(doc) > 32<<10 {
		t.Errorf("as text: %d bytes, %v", len(doc), err)
	}
}

func TestTheTestPageShowsWhatAPrinterCanDo(t *testing.T) {
	t.Parallel()
	for _, o := range textModes() {
		s := escpos.Test(receipt.Language{}, "시험 가게", o)
		doc, err := escpos.Page(s, link, o)
		must(t, err)
		p := printed(t, o, doc)
		ruler := p.Parts[0].Text
		if len(ruler) != o.Columns || !strings.HasPrefix(ruler, "1234567890123") || len(p.Codes()) != 1 {
			t.Errorf("%q, codes %q", ruler, p.Codes())
		}
		for _, w := range []string{"뷁 똠 펲 믜", "가나다라마바사", "1,234,567원", "시험 인쇄"} {
			if !strings.Contains(p.Text(), w) {
				t.Errorf("%+v: no %q on\n%s", o, w, p.Text())
			}
		}
	}
}

// texts are what people type into names and reasons, and what they should not.
func texts(longest int) *rapid.Generator[string] {
	r := rapid.OneOf(
		rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}}}), rapid.RuneFrom([]rune(" abcXYZ019-,.()")),
		rapid.RuneFrom([]rune("뷁똠펲믜 😀₩\\·×…\u1112\u1161\u11ab\x1b\x1d\n\t￦é\u200d")),
	)
	return rapid.StringOfN(r, 0, longest, -1)
}

// TestWrappingLosesNothing: no character is lost, split or put elsewhere.
func TestWrappingLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := escpos.Clean(texts(120).Draw(t, "text"))
		room := rapid.IntRange(2, 48).Draw(t, "room")
		var all strings.Builder
		for _, line := range escpos.Wrap(text, room, rapid.Bool().Draw(t, "anywhere")) {
			if dots.Width(line) > room || !utf8.ValidString(line) {
				t.Fatalf("%q in %d", line, room)
			}
			b, err := korean.EUCKR.NewDecoder().Bytes(escpos.Bytes(line))
			if err != nil || string(b) != line {
				t.Fatalf("%q comes back as %q, %v", line, b, err)
			}
			all.WriteString(line)
		}
		if squash(all.String()) != squash(text) {
			t.Fatalf("%q becomes %q", text, all.String())
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
