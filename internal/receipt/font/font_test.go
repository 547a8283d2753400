package font_test

import (
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"

	"innopay/internal/receipt/font"
)

// first and last syllable of Hangul in Unicode.
const first, last = '\uac00', '\ud7a3'

func TestEverySyllableHasAPicture(t *testing.T) {
	t.Parallel()
	for _, heavy := range []bool{false, true} {
		f, err := font.Parsed(heavy)
		if err != nil {
			t.Fatal(err)
		}
		var b sfnt.Buffer
		n := 0
		for r := first; r <= last; r++ {
			if g, err := f.GlyphIndex(&b, r); err == nil && g != 0 {
				n++
			}
		}
		if n != 11_172 {
			t.Errorf("heavy %v: %d syllables", heavy, n)
		}
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"뷁 ㈜": "뷁 ㈜", "커피😀": "커피?", "a\tb\nc\x00": "a b c", "": "", "漢字 ₩1,000 × 2": "漢字 ₩1,000 × 2",
	} {
		if got := font.Clean(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLicenceIsBesideTheFont(t *testing.T) {
	t.Parallel()
	if !strings.Contains(font.Licence, "SIL OPEN FONT LICENSE") || !strings.Contains(font.Licence, "NAVER Corporation") {
		t.Error(font.Licence)
	}
}
