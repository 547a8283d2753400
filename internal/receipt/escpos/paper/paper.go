// Package paper is a receipt printer without the machine: it reads what printers are
// sent, ESC/POS or Star's line mode, draws the paper dot by dot and tells the text on it
// cell by cell. The virtual printer of the demo and the tests of what writes for printers
// stand on it. It trusts nothing that it reads: every length is bounded.
package paper

import (
	"strings"

	"innopay/internal/receipt/escpos/dots"
)

// Limits of what one printer keeps in its head.
const (
	MaxWidth  = 832      // dots: 112 mm paper
	maxHeight = 24_000   // of one paper: 3 m; what comes beneath is not drawn
	maxParts  = 5_000    // of one paper
	maxHeld   = 1 << 20  // bytes of one command
	maxSkip   = 16 << 20 // of one command that is too long, which is read and forgotten
	maxText   = 400      // characters of one line
	roll      = 200_000  // dots of paper in one printer, 25 m; then there is no more
)

// Part is one line or picture, as it stands on the paper from top to bottom.
type Part struct {
	Text   string // of a line, without blanks at its end
	Bold   bool   // of its first character
	Double bool   // its first character is twice as wide and as high
	Image  *dots.Bitmap
	Code   string // content of a QR code
}

// Page is one paper, up to the cut.
type Page struct {
	Image *dots.Bitmap
	Parts []Part
	Cut   bool // false: it hangs in the printer
	// Wrapped counts lines that were longer than the paper is wide, Broken characters
	// that were none, Strange commands that are not known.
	Wrapped, Broken, Strange int
	Kicks                    int // of the cash drawer, since the paper before
}

// Text is all that can be read on the paper, line by line; a line that was sent as a
// picture of text is read from it, a code is not there.
func (p Page) Text() string {
	var b strings.Builder
	for _, one := range p.Parts {
		switch text, ok := one.Read(); {
		case one.Code != "", one.Image != nil && !ok:
			continue
		default:
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

// Codes are the contents of the QR codes.
func (p Page) Codes() []string {
	var out []string
	for _, one := range p.Parts {
		if one.Code != "" {
			out = append(out, one.Code)
		}
	}
	return out
}

// Language is what a printer understands.
type Language uint8

// The languages.
const (
	Auto Language = iota // ESC/POS, until the first command that only Star has
	ESCPOS
	Star
)

// Condition is how a printer is, as it answers when it is asked.
type Condition struct {
	NoPaper, CoverOpen, Offline bool
}

// prints reports whether it can print.
func (c Condition) prints() bool { return !c.NoPaper && !c.CoverOpen && !c.Offline }

// style is how the next characters are printed.
type style struct {
	dots.Style
	strike bool // double strike looks like bold
}

// glyph is one character on the line that is being set.
type glyph struct {
	r     rune
	style dots.Style
	x     int
}

// Decoder is one printer. It is fed with Write; Feed and the handlers run in the
// caller's goroutine. Not safe for concurrent use.
type Decoder struct {
	// Page takes a paper that was cut, or torn off by Close.
	Page func(Page)
	// Answer takes what the printer says when it is asked; nil: it is mute.
	Answer func([]byte)
	// Condition tells how the printer is; nil: well. One that cannot print forgets what it
	// is told to print.
	Condition func() Condition

	width    int
	language Language
	held     []byte
	skip     int

	style   style
	hangul  bool // two-byte characters are on (FS &)
	align   byte
	left    int // margin
	area    int // width of the printing area
	spacing int // from line to line
	gap     int // to the right of each character

	line []glyph
	x, y int
	fed  int // of the roll, in dots
	qr   qrState
	pict *dots.Bitmap // stored by GS 8 L
	page Page
}

// New is a printer of so many dots across, 8..MaxWidth.
func New(width int, l Language) *Decoder {
	d := &Decoder{width: max(8, min(width, MaxWidth)), language: l}
	d.reset()
	d.fresh()
	return d
}

// reset is ESC @.
func (d *Decoder) reset() {
	d.style, d.hangul, d.align, d.left, d.area, d.spacing, d.gap = style{}, d.language == Star, 0, 0, d.width, 30, 0
	d.line, d.x, d.qr, d.pict = nil, 0, newQR(), nil
}

// fresh puts in new paper.
func (d *Decoder) fresh() {
	d.page, d.y = Page{Image: dots.New(d.width, 0)}, 0
}

// Write takes bytes as they come, in pieces of any size. It never fails.
func (d *Decoder) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if d.skip > 0 {
			k := min(d.skip, len(p))
			d.skip -= k
			p = p[k:]
			continue
		}
		k := min(len(p), maxHeld+16-len(d.held))
		d.held = append(d.held, p[:k]...)
		p = p[k:]
		d.work()
	}
	return n, nil
}

// work does what is whole in the held bytes.
func (d *Decoder) work() {
	at := 0
	for at < len(d.held) && d.skip == 0 {
		n := d.step(d.held[at:])
		if n == 0 {
			break
		}
		at += n
	}
	if d.skip > 0 { // the rest of what is held belongs to it first
		k := min(d.skip, len(d.held)-at)
		d.skip -= k
		at += k
		d.held = append(d.held[:0], d.held[at:]...)
		if d.skip == 0 && len(d.held) > 0 {
			d.work()
		}
		return
	}
	if at > 0 { // while a long picture comes in small pieces nothing moves
		d.held = append(d.held[:0], d.held[at:]...)
	}
	if len(d.held) >= maxHeld+16 { // no command of ours is so long
		d.page.Strange++
		d.held = d.held[:0]
	}
}

// Close tears the paper off, if anything is on it.
func (d *Decoder) Close() {
	d.flush()
	d.give(false)
}

func (d *Decoder) give(cut bool) {
	if d.page.Cut = cut; len(d.page.Parts) == 0 {
		d.fresh() // white paper is nobody's
		return
	}
	if d.Page != nil {
		d.page.Image.Grow(min(d.y, maxHeight))
		d.Page(d.page)
	}
	d.fresh()
}

// condition is how the printer is, which also runs out of paper by itself.
func (d *Decoder) condition() Condition {
	var c Condition
	if d.Condition != nil {
		c = d.Condition()
	}
	c.NoPaper = c.NoPaper || d.fed >= roll
	return c
}

func (d *Decoder) prints() bool { return d.condition().prints() }

func (d *Decoder) say(b ...byte) {
	if d.Answer != nil {
		d.Answer(b)
	}
}

// char sets one character on the line, which breaks when it is full.
func (d *Decoder) char(r rune) {
	s := d.style.Style
	s.Bold = s.Bold || d.style.strike
	wide := max(1, s.Wide)
	w := dots.Cells(r) * dots.CellWidth * wide
	if d.x+w > d.area && d.x > 0 {
		d.page.Wrapped++
		d.feedLine()
	}
	if len(d.line) < maxText {
		d.line = append(d.line, glyph{r, s, d.x})
	}
	d.x += w + d.gap*wide
}

// flush prints the line that was set, without feeding.
func (d *Decoder) flush() (height int) {
	if len(d.line) == 0 {
		return 0
	}
	for _, g := range d.line {
		height = max(height, dots.CellHeight*max(1, g.style.High))
	}
	line := d.line
	d.line = nil
	if !d.prints() {
		return height
	}
	left := d.start(d.x)
	bottom := min(d.y+height, maxHeight)
	d.page.Image.Grow(bottom)
	text := ""
	for _, g := range line {
		for n := dots.Width(text); n*dots.CellWidth*max(1, line[0].style.Wide) < g.x-dots.CellWidth/2 && n < maxText; n++ {
			text += " "
		}
		d.page.Image.Text(d.left+left+g.x, d.y+height-dots.CellHeight*max(1, g.style.High), string(g.r), g.style)
		text += string(g.r)
	}
	first := line[0].style
	d.part(Part{Text: strings.TrimRight(text, " "), Bold: first.Bold, Double: first.Wide == 2 && first.High == 2})
	return height
}

// start is where something so wide begins in the printing area.
func (d *Decoder) start(width int) int {
	switch free := max(0, d.area-width); d.align {
	case 1:
		return free / 2
	case 2:
		return free
	}
	return 0
}

func (d *Decoder) part(p Part) {
	if len(d.page.Parts) < maxParts {
		d.page.Parts = append(d.page.Parts, p)
	}
}

// feedLine prints the line and goes to the next one.
func (d *Decoder) feedLine() {
	empty := len(d.line) == 0
	height := d.flush()
	if empty && d.prints() {
		d.part(Part{})
	}
	d.down(max(height, d.spacing))
	d.x = 0
}

func (d *Decoder) down(n int) {
	if d.prints() {
		d.y = min(d.y+n, maxHeight)
		d.fed += n
	}
}

// picture prints dots across the paper, one beneath the other.
func (d *Decoder) picture(b *dots.Bitmap, p Part) {
	d.flush()
	d.x = 0
	if !d.prints() || b == nil {
		return
	}
	d.page.Image.Grow(min(d.y+b.Height, maxHeight))
	d.page.Image.Put(b, d.left+d.start(b.Width), d.y)
	d.down(b.Height)
	if p.Code == "" {
		p.Image = b
	}
	d.part(p)
}
