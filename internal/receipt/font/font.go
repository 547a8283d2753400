// Package font is the type in which receipts are printed: NanumSquare in two weights,
// unchanged, under the SIL Open Font License 1.1 (OFL.txt beside it), which lets it be
// bundled and embedded. All 11,172 syllables of Hangul are in it.
package font

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
)

// Family is the name under which documents carry it.
const Family = "NanumSquare"

// Licence is what the font may be used under; it goes with every copy of it.
//
//go:embed OFL.txt
var Licence string

//go:embed NanumSquareR.ttf
var regular []byte

//go:embed NanumSquareB.ttf
var bold []byte

// TrueType is the file of a weight, a copy for the caller: fpdf writes into what it is
// given when it makes the part that a document needs.
func TrueType(heavy bool) []byte {
	if heavy {
		return slices.Clone(bold)
	}
	return slices.Clone(regular)
}

var (
	parsedRegular = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(regular) })
	parsedBold    = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(bold) })
)

// Parsed is a weight as it is drawn from. Safe for concurrent use.
func Parsed(heavy bool) (*sfnt.Font, error) {
	if heavy {
		return parsedBold()
	}
	return parsedRegular()
}

// Face is a weight in a size, in pixels to the em. Not safe for concurrent use.
func Face(size float64, heavy bool) (font.Face, error) {
	f, err := Parsed(heavy)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
}

// Clean is text as it can be printed: one line, '?' for what the type has no picture
// of, as texts to phones have it.
func Clean(text string) string {
	f, err := Parsed(false)
	if err != nil {
		return text // the file is ours, and a test reads it
	}
	var b sfnt.Buffer
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Variation_Selector, r), r == '\u200d':
			return -1
		}
		if g, err := f.GlyphIndex(&b, r); err != nil || g == 0 || r > 0xffff {
			return '?'
		}
		return r
	}, text)
}
