// Package font is the type in which receipts are printed: NanumSquare in two weights, and
// NanumGothicCoding, whose characters are half as wide as its syllables, for the cells of
// receipt printers. Both are unchanged, under the SIL Open Font License 1.1 (OFL.txt
// beside them), which lets them be bundled and embedded. NanumSquare names all 11,172
// syllables of Hangul and draws 2,479; the other font draws all, and takes its place for
// the rest.
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

//go:embed NanumGothicCoding.ttf
var coding []byte

var (
	parsedCoding  = sync.OnceValues(func() (*sfnt.Font, error) { return opentype.Parse(coding) })
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
	own, err := opentype.NewFace(f, options(size))
	if err != nil {
		return nil, err
	}
	rest, err := Cells(size)
	if err != nil {
		return nil, err
	}
	return &paired{own, rest}, nil
}

// Cells is the font of a receipt printer's cells in a size, in pixels to the em, which is
// the width of a syllable; everything in ASCII is half as wide. Not safe for concurrent
// use.
func Cells(size float64) (font.Face, error) {
	f, err := parsedCoding()
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(f, options(size))
}

func options(size float64) *opentype.FaceOptions {
	return &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull}
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
