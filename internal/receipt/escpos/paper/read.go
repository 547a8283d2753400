package paper

import (
	"image"
	"strings"
	"sync"

	"innopay/internal/receipt/escpos/dots"
)

// mostWhite is how much a painted line may have beneath it, in dots.
const mostWhite = 8

// Read is the text of a part: of a line as it was printed, of a picture what can be read
// of it, when it is a line of text that was painted cell by cell in our own type. False
// for other pictures and for codes.
func (p Part) Read() (string, bool) {
	if p.Code != "" {
		return "", false
	}
	if p.Image == nil {
		return p.Text, true
	}
	for _, scale := range []int{1, 2} {
		if white := p.Image.Height - dots.CellHeight*scale; white < 0 || white > mostWhite {
			continue
		}
		for _, bold := range []bool{false, true} {
			if text, ok := readLine(p.Image, scale, bold); ok {
				return text, true
			}
		}
	}
	return "", false
}

// known are the characters by what they look like, one table a weight.
var known = map[bool]func() map[string]rune{
	false: sync.OnceValue(func() map[string]rune { return looks(false) }),
	true:  sync.OnceValue(func() map[string]rune { return looks(true) }),
}

func looks(bold bool) map[string]rune {
	out := map[string]rune{}
	add := func(r rune) {
		g := dots.Glyph(r, bold)
		if key := string(g.Bits); out[key] == 0 {
			out[key] = r
		}
	}
	for _, r := range " 0123456789-.,:()[]#*/+ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%&'\"!?;=<>@_~`^{}|$·×￦＼…" {
		add(r)
	}
	for r := '가'; r <= '힣'; r++ {
		add(r)
	}
	return out
}

// readLine reads cell by cell: two cells when they are a character together, else one.
func readLine(b *dots.Bitmap, scale int, bold bool) (string, bool) {
	table := known[bold]()
	var text strings.Builder
	columns := b.Width / (dots.CellWidth * scale)
	for at := 0; at < columns; {
		r, n := rune(0), 0
		for _, cells := range []int{2, 1} {
			if at+cells > columns {
				continue
			}
			if found := table[look(b, at, cells, scale)]; found != 0 && dots.Cells(found) == cells {
				r, n = found, cells
				break
			}
		}
		if n == 0 {
			return "", false
		}
		text.WriteRune(r)
		at += n
	}
	return strings.TrimRight(text.String(), " "), true
}

// look is what some cells look like, as the key of a table.
func look(b *dots.Bitmap, at, cells, scale int) string {
	left, width := at*dots.CellWidth*scale, cells*dots.CellWidth
	if scale == 1 {
		return string(b.Cut(image.Rect(left, 0, left+width, dots.CellHeight)).Bits)
	}
	cell := dots.New(width, dots.CellHeight)
	for y := range cell.Height {
		for x := range cell.Width {
			if b.Black(left+x*scale, y*scale) {
				cell.Set(x, y)
			}
		}
	}
	return string(cell.Bits)
}
