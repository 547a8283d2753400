package paper_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos"
	"innopay/internal/receipt/escpos/paper"
	"innopay/internal/receipt/receipttest"
)

// feed has a printer of 384 dots read bytes, in pieces of a size.
func feed(l paper.Language, size int, doc []byte) (pages []paper.Page, said []byte) {
	d := paper.New(384, l)
	d.Page = func(p paper.Page) { pages = append(pages, p) }
	d.Answer = func(b []byte) { said = append(said, b...) }
	for piece := range slices.Chunk(doc, max(1, size)) {
		_, _ = d.Write(piece) // it never fails
	}
	d.Close()
	return pages, said
}

func one(t *testing.T, l paper.Language, doc string) paper.Page {
	t.Helper()
	pages, _ := feed(l, len(doc), []byte(doc))
	if len(pages) != 1 {
		t.Fatalf("%d papers of %q", len(pages), doc)
	}
	return pages[0]
}

// bytes of 뷁 in CP949.
const bwelk = "\x94\xee"

func TestTextIsReadAsAPrinterPrintsIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		language paper.Language
		doc      string
		want     string
		broken   int
		wrapped  int
	}{
		"plain":                              {paper.ESCPOS, "abc\n", "abc\n", 0, 0},
		"Hangul while it is on":              {paper.ESCPOS, "\x1c&\xc7\xd1\xb1\xdb\n", "한글\n", 0, 0},
		"Hangul while it is off":             {paper.ESCPOS, "\xc7\xd1\n", "??\n", 2, 0},
		"off again by FS .":                  {paper.ESCPOS, "\x1c&\x1c.\xc7\xd1\n", "??\n", 2, 0},
		"off again by ESC @":                 {paper.ESCPOS, "\x1c&\x1b@\xc7\xd1\n", "??\n", 2, 0},
		"Star has it always":                 {paper.Star, "\xc7\xd1\n", "한\n", 0, 0},
		"beyond KS X 1001":                   {paper.Star, bwelk + "\n", "뷁\n", 0, 0},
		"a character cut in half":            {paper.ESCPOS, "\x1c&\xc7\n", "?\n", 1, 0},
		"a line that is too long":            {paper.ESCPOS, strings.Repeat("x", 33) + "\n", strings.Repeat("x", 32) + "\nx\n", 0, 1},
		"double takes two columns":           {paper.ESCPOS, "\x1d!\x11" + strings.Repeat("x", 17) + "\n", strings.Repeat("x", 16) + "\nx\n", 0, 1},
		"a position":                         {paper.ESCPOS, "a\x1b$\x78\x00b\n", "a         b\n", 0, 0},
		"a relative one, backwards":          {paper.ESCPOS, "ab\x1b\\\xf4\xffc\n", "abc\n", 0, 0},
		"an order we know not":               {paper.ESCPOS, "\x1b\x7fa\n", "a\n", 0, 0},
		"lines fed at once":                  {paper.ESCPOS, "a\x1bd\x03b\n", "a\nb\n", 0, 0},
		"Star's bold has no parameter":       {paper.Star, "\x1bEa\x1bF\n", "a\n", 0, 0},
		"ESC/POS's bold has one":             {paper.ESCPOS, "\x1bE\x01a\x1bE\x00\n", "a\n", 0, 0},
		"Star is known by what it alone has": {paper.Auto, "\x1b\x1da\x00\x1bEa\x1bF\n", "a\n", 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := one(t, c.language, c.doc)
			if p.Text() != c.want || p.Broken != c.broken || p.Wrapped != c.wrapped {
				t.Errorf("%q, %d broken, %d wrapped", p.Text(), p.Broken, p.Wrapped)
			}
		})
	}
}

func TestStylesAreSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		language     paper.Language
		doc          string
		bold, double bool
	}{
		"plain":             {paper.ESCPOS, "a\n", false, false},
		"ESC E":             {paper.ESCPOS, "\x1bE\x01a\n", true, false},
		"ESC G":             {paper.ESCPOS, "\x1bG\x01a\n", true, false},
		"ESC !":             {paper.ESCPOS, "\x1b!\x38a\n", true, true},
		"GS !":              {paper.ESCPOS, "\x1d!\x11a\n", false, true},
		"GS ! high alone":   {paper.ESCPOS, "\x1d!\x01a\n", false, false},
		"FS W":              {paper.ESCPOS, "\x1cW\x01a\n", false, true},
		"Star's ESC i":      {paper.Star, "\x1bi\x01\x01a\n", false, true},
		"Star's ESC W, h":   {paper.Star, "\x1bW\x01\x1bh\x01\x1bEa\n", true, true},
		"Star's, taken off": {paper.Star, "\x1bi\x01\x01\x1bi\x00\x00a\n", false, false},
	} {
		if p := one(t, c.language, c.doc); p.Parts[0].Bold != c.bold || p.Parts[0].Double != c.double {
			t.Errorf("%s: %+v", name, p.Parts[0])
		}
	}
}

func TestPicturesOfEveryKindAreDrawn(t *testing.T) {
	t.Parallel()
	stored := "\x30\x70\x30\x01\x01\x31\x08\x00\x02\x00\xff\x01"
	for name, c := range map[string]struct {
		language paper.Language
		doc      string
	}{
		"GS v 0":      {paper.ESCPOS, "\x1dv0\x00\x01\x00\x02\x00\xff\x01"},
		"GS ( L":      {paper.ESCPOS, "\x1d(L\x0c\x00" + stored + "\x1d(L\x02\x00\x30\x32"},
		"GS 8 L":      {paper.ESCPOS, "\x1d8L\x0c\x00\x00\x00" + stored + "\x1d(L\x02\x00\x30\x32"},
		"ESC GS S":    {paper.Star, "\x1b\x1dS\x01\x01\x00\x02\x00\x00\xff\x01"},
		"double wide": {paper.ESCPOS, "\x1dv0\x01\x01\x00\x02\x00\xf0\x01"},
	} {
		p := one(t, c.language, c.doc)
		if len(p.Parts) != 1 || p.Parts[0].Image == nil || p.Image.Height != 2 || !p.Image.Black(0, 0) || p.Image.Black(0, 1) || !p.Image.Black(7, 0) || !p.Image.Black(map[bool]int{true: 15, false: 7}[name == "double wide"], 1) {
			t.Errorf("%s: %d parts, %d high", name, len(p.Parts), p.Image.Height)
		}
	}
}

func TestCutsAndKicksAreSeen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		language paper.Language
		doc      string
		cut      bool
		kicks    int
	}{
		"torn off":      {paper.ESCPOS, "a\n", false, 0},
		"GS V 0":        {paper.ESCPOS, "a\n\x1dV\x00", true, 0},
		"GS V B":        {paper.ESCPOS, "a\n\x1dVB\x10", true, 0},
		"ESC i":         {paper.ESCPOS, "a\n\x1bi", true, 0},
		"Star's ESC d":  {paper.Star, "a\n\x1bd\x03", true, 0},
		"ESC p":         {paper.ESCPOS, "\x1bp\x00\x19\xfaa\n", false, 1},
		"DLE DC4":       {paper.ESCPOS, "\x10\x14\x01\x00\x01a\n", false, 1},
		"Star's BEL":    {paper.Star, "\x07a\n", false, 1},
		"BEL in Epsons": {paper.ESCPOS, "\x07a\n", false, 0},
	} {
		if p := one(t, c.language, c.doc); p.Cut != c.cut || p.Kicks != c.kicks {
			t.Errorf("%s: cut %v, %d kicks", name, p.Cut, p.Kicks)
		}
	}
}

func TestAPrinterAnswersHowItIs(t *testing.T) {
	t.Parallel()
	const ask = "\x10\x04\x01\x10\x04\x02\x10\x04\x04"
	for name, c := range map[string]struct {
		is         paper.Condition
		ask, wants string
	}{
		"well":          {paper.Condition{}, ask + "\x1dr\x01", "\x12\x12\x12\x00"},
		"no paper":      {paper.Condition{NoPaper: true}, ask + "\x1dr\x01", "\x1a\x32\x72"},
		"cover open":    {paper.Condition{CoverOpen: true}, ask, "\x1a\x16\x12"},
		"offline":       {paper.Condition{Offline: true}, ask, "\x1a\x12\x12"},
		"Star":          {paper.Condition{}, "\x1b\x06\x01", "\x0f\x06\x00\x00\x00\x00\x00"},
		"Star, open":    {paper.Condition{CoverOpen: true}, "\x1b\x06\x01", "\x0f\x06\x28\x00\x00\x00\x00"},
		"Star, no roll": {paper.Condition{NoPaper: true}, "\x1b\x06\x01", "\x0f\x06\x08\x00\x00\x0c\x00"},
	} {
		var said []byte
		d := paper.New(576, paper.Auto)
		d.Answer = func(b []byte) { said = append(said, b...) }
		d.Condition = func() paper.Condition { return c.is }
		_, _ = d.Write([]byte(c.ask)) // it never fails
		if string(said) != c.wants {
			t.Errorf("%s: % x, not % x", name, said, c.wants)
		}
	}
}

func TestWhatCannotBePrintedIsNotOnThePaper(t *testing.T) {
	t.Parallel()
	var pages []paper.Page
	d := paper.New(384, paper.ESCPOS)
	d.Page = func(p paper.Page) { pages = append(pages, p) }
	out := false
	d.Condition = func() paper.Condition { return paper.Condition{NoPaper: out} }
	_, _ = d.Write([]byte("first\n")) // it never fails
	out = true
	_, _ = d.Write([]byte("second\n\x1dV\x00")) // likewise
	d.Close()
	if len(pages) != 1 || pages[0].Text() != "first\n" || pages[0].Cut {
		t.Errorf("%+v", pages)
	}
}

// TestACommandTooLongIsPassedOver: what it claims to bring is read and forgotten.
func TestACommandTooLongIsPassedOver(t *testing.T) {
	t.Parallel()
	doc := slices.Concat([]byte("\x1dv0\x00\xff\x00\xff\xff"), bytes.Repeat([]byte{0xff}, 0xff*0xffff), []byte("after\n"))
	for _, size := range []int{1000, 70_000, len(doc)} {
		pages, _ := feed(paper.ESCPOS, size, doc)
		if len(pages) != 1 || pages[0].Text() != "after\n" || pages[0].Strange != 1 {
			t.Fatalf("in pieces of %d: %d papers, %.80q", size, len(pages), pages[0].Text())
		}
	}
}

func FuzzDecoder(f *testing.F) {
	s := receipttest.Receipts()["part"].In(receipt.Language{})
	for _, mode := range []escpos.Mode{escpos.CP949, escpos.StarLine} {
		doc, err := escpos.Encode(s, "https://pay.example/r/x", escpos.Options{Columns: 32, Mode: mode, Hangul: escpos.KSX})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(doc[:120], uint8(0)) // short, for the engine shortens what it finds
	}
	for _, doc := range []string{"\x1b*\x21\x08\x00\xff\xff\xff\n", "\x1d8L\xff\xff\xff\x7f", "\x1dk\x04abc\x00\x1b{\x01", "\x1d(k\x03\x00\x31\x51\x30", "\x1b\x1dyD1\x00\x03\x00abc\x1b\x1dyP\x1bd\x02", "\x1dL\xff\xff\x1dW\x00\x00\x1b$\xff\xff뷁", "\x1b \xff\x1d!\x77abc\n"} {
		f.Add([]byte(doc), uint8(1))
	}
	f.Fuzz(func(t *testing.T, doc []byte, language uint8) {
		l := paper.Language(language % 3)
		whole, said := feed(l, len(doc), doc)
		pieces, again := feed(l, 3, doc)
		if len(whole) != len(pieces) || !bytes.Equal(said, again) {
			t.Fatalf("%d papers at once, %d in pieces", len(whole), len(pieces))
		}
		for i, p := range whole {
			if p.Image.Width != 384 || p.Image.Height > 24_000 || len(p.Parts) > 5_000 || len(p.Image.Bits) != p.Image.Stride*p.Image.Height {
				t.Fatalf("%d by %d, %d parts", p.Image.Width, p.Image.Height, len(p.Parts))
			}
			if p.Text() != pieces[i].Text() || !bytes.Equal(p.Image.Bits, pieces[i].Image.Bits) {
				t.Fatal("the paper depends on how the bytes come")
			}
		}
	})
}
