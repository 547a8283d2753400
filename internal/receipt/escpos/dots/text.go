package dots

import (
	"image"
	"image/color"
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"

	"innopay/internal/receipt/font"
)

// The cell of a printer's font A, in dots. A Hangul syllable takes two side by side.
const (
	CellWidth  = 12
	CellHeight = 24
)

// Cells is how many columns a character takes: one in ASCII, two for all that printers
// keep as two bytes.
func Cells(r rune) int {
	if r < 0x80 {
		return 1
	}
	return 2
}

// Width is how many columns a text takes.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += Cells(r)
	}
	return n
}

// Style is how a text is printed.
type Style struct {
	Bold       bool
	Wide, High int // how often each dot is repeated, 0 and 1 for once
	Underline  bool
	Invert     bool // white on black
}

// scale is by how much a style stretches.
func (s Style) scale() (wide, high int) { return max(1, s.Wide), max(1, s.High) }

// Text paints a line of text with its top left corner at x, y, and gives how far it
// reaches to the right. Safe for concurrent use on different bitmaps.
func (b *Bitmap) Text(x, y int, text string, s Style) (end int) {
	wide, high := s.scale()
	start := x
	for _, r := range text {
		b.Put(Glyph(r, s.Bold).Scale(wide, high), x, y)
		x += Cells(r) * CellWidth * wide
	}
	bottom := y + CellHeight*high
	if s.Underline {
		for i := start; i < x; i++ {
			b.Set(i, bottom-1)
			b.Set(i, bottom-2)
		}
	}
	if s.Invert {
		b.Invert(image.Rect(start, y, x, bottom))
	}
	return x
}

// glyphSize is the size of the type, which fills its cells; baseline is how far below
// the cell's top its letters stand. Both in dots.
const (
	glyphSize = 24
	baseline  = 20
)

type glyphKey struct {
	r    rune
	bold bool
}

// glyphs keeps what was painted. Faces are not safe for concurrent use, so painting
// goes one by one. At most all of Hangul in two weights is kept: 1.6 MB.
var glyphs = struct {
	sync.Mutex
	kept map[glyphKey]*Bitmap
	face xfont.Face
}{kept: map[glyphKey]*Bitmap{}}

// mostGlyphs bounds what is kept; beyond it all is painted anew.
const mostGlyphs = 24_000

// Glyph is a character in its cells. It is shared: nobody may write on it.
func Glyph(r rune, bold bool) *Bitmap {
	glyphs.Lock()
	defer glyphs.Unlock()
	plain := kept(glyphKey{r, false}, func() *Bitmap { return paint(r) })
	if !bold {
		return plain
	}
	return kept(glyphKey{r, true}, func() *Bitmap { return struck(plain) })
}

// kept is a glyph from memory, made when it is not there.
func kept(key glyphKey, drawn func() *Bitmap) *Bitmap {
	if g := glyphs.kept[key]; g != nil {
		return g
	}
	if len(glyphs.kept) >= mostGlyphs {
		clear(glyphs.kept)
	}
	g := drawn()
	glyphs.kept[key] = g
	return g
}

// struck is a glyph in bold, as printers do it: struck twice, a dot apart. The second
// strike leaves out the dot that would close a gap, or 뻴 would look like 뼬.
func struck(g *Bitmap) *Bitmap {
	twice := New(g.Width, g.Height)
	twice.Put(g, 0, 0)
	for y := range g.Height {
		for x := range g.Width - 1 {
			if g.Black(x, y) && (x+2 >= g.Width || !g.Black(x+2, y)) {
				twice.Set(x+1, y)
			}
		}
	}
	return twice
}

// paint draws one character into the middle of its cells.
func paint(r rune) *Bitmap {
	cell := New(Cells(r)*CellWidth, CellHeight)
	if glyphs.face == nil {
		var err error
		if glyphs.face, err = font.Cells(glyphSize); err != nil {
			return cell // the file is ours, and a test reads it
		}
	}
	img := image.NewRGBA(image.Rect(0, 0, cell.Width, cell.Height))
	left := max(0, fixed.I(cell.Width)-xfont.MeasureString(glyphs.face, string(r))) / 2
	d := xfont.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: glyphs.face, Dot: fixed.Point26_6{X: left, Y: fixed.I(baseline)}}
	d.DrawString(string(r))
	return Of(img)
}
