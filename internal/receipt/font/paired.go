package font

import (
	"image"
	"slices"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// First and last syllable of Hangul in Unicode.
const (
	firstSyllable = '\uac00'
	lastSyllable  = '\ud7a3'
)

// undrawn are the syllables that NanumSquare names and leaves empty.
var undrawn = sync.OnceValue(func() map[rune]bool {
	out := map[rune]bool{}
	f, err := Parsed(false)
	if err != nil {
		return out // the file is ours, and a test reads it
	}
	var b sfnt.Buffer
	for r := firstSyllable; r <= lastSyllable; r++ {
		g, err := f.GlyphIndex(&b, r)
		if err != nil {
			continue
		}
		if outline, err := f.LoadGlyph(&b, g, fixed.I(16), nil); err != nil || len(outline) == 0 {
			out[r] = true
		}
	}
	return out
})

// Run is a part of a text that one font draws.
type Run struct {
	Text     string
	Borrowed bool // Rest draws it
}

// Runs splits a text by the font that draws each part, for documents that name their
// fonts: a syllable that NanumSquare leaves empty is borrowed.
func Runs(text string) []Run {
	var out []Run
	for _, r := range text {
		borrowed := r >= firstSyllable && r <= lastSyllable && undrawn()[r]
		if n := len(out); n > 0 && out[n-1].Borrowed == borrowed {
			out[n-1].Text += string(r)
			continue
		}
		out = append(out, Run{string(r), borrowed})
	}
	return out
}

// Rest is the file of the font that draws every syllable, a copy for the caller.
func Rest() []byte { return slices.Clone(coding) }

// RestFamily is the name under which documents carry it.
const RestFamily = "NanumGothicCoding"

// paired is a face that borrows from another what it does not draw.
type paired struct{ own, rest font.Face }

func (p *paired) of(r rune) font.Face {
	if r >= firstSyllable && r <= lastSyllable && undrawn()[r] {
		return p.rest
	}
	return p.own
}

// Close implements font.Face.
func (p *paired) Close() error { return nil }

// Glyph implements font.Face.
func (p *paired) Glyph(dot fixed.Point26_6, r rune) (image.Rectangle, image.Image, image.Point, fixed.Int26_6, bool) {
	return p.of(r).Glyph(dot, r)
}

// GlyphBounds implements font.Face.
func (p *paired) GlyphBounds(r rune) (fixed.Rectangle26_6, fixed.Int26_6, bool) {
	return p.of(r).GlyphBounds(r)
}

// GlyphAdvance implements font.Face.
func (p *paired) GlyphAdvance(r rune) (fixed.Int26_6, bool) { return p.of(r).GlyphAdvance(r) }

// Kern implements font.Face.
func (p *paired) Kern(a, b rune) fixed.Int26_6 {
	if p.of(a) != p.own || p.of(b) != p.own {
		return 0
	}
	return p.own.Kern(a, b)
}

// Metrics implements font.Face.
func (p *paired) Metrics() font.Metrics { return p.own.Metrics() }
