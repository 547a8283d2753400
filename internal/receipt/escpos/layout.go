package escpos

import (
	"strings"

	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/picture"
)

// kind is what a block is.
type kind uint8

const (
	words kind = iota // a line of text
	image             // a picture
	code              // a QR code, centred
)

// block is one thing on the paper, one beneath the other.
type block struct {
	kind   kind
	text   string // cleaned; of a code its content
	bold   bool
	double bool // twice as wide and as high: takes two columns for one
	image  *dots.Bitmap
}

// width is how many columns a line of text takes.
func (b block) width() int {
	if b.double {
		return 2 * dots.Width(b.text)
	}
	return dots.Width(b.text)
}

// layout is a slip on its way onto paper.
type layout struct {
	Options
	blocks []block
}

// lay sets a slip in columns of characters.
func lay(s receipt.Slip, link string, o Options) []block {
	l := &layout{Options: o}
	l.head(s)
	for _, one := range s.Sections {
		l.section(one)
	}
	if s.Signed != "" {
		l.title(s.Signed)
	}
	switch {
	case s.Signature != nil:
		l.blocks = append(l.blocks, block{kind: image, image: signature(s.Signature, o.Dots())})
	case s.Unsigned != "":
		l.middle(s.Unsigned, false)
	}
	l.rule()
	l.middle(s.Note, false)
	if link != "" {
		l.line("", false) // a code wants white around it
		l.blocks = append(l.blocks, block{kind: code, text: link})
	}
	if o.Hangul == KSX {
		l.paintBeyond()
	}
	return l.blocks
}

func (l *layout) head(s receipt.Slip) {
	if s.Reprint != "" {
		l.large(s.Reprint)
		l.line("", false)
	}
	if s.Simulated != "" {
		l.middle(s.Simulated, true)
	}
	l.large(s.Shop)
	l.middle(s.Title+" · "+s.Copy, false)
	l.line("", false)
	l.large(s.Amount)
	if s.Stamp != "" {
		l.large("[ " + s.Stamp + " ]")
	}
	l.line("", false)
}

func (l *layout) section(s receipt.Section) {
	if s.Title != "" {
		l.title(s.Title)
	} else {
		l.rule()
	}
	if s.Notice != "" {
		l.middle(s.Notice, false)
	}
	for _, row := range s.Rows {
		l.row(row)
	}
}

func (l *layout) line(text string, bold bool) {
	l.blocks = append(l.blocks, block{kind: words, text: strings.TrimRight(text, " "), bold: bold})
}

func (l *layout) rule() { l.line(strings.Repeat("-", l.Columns), false) }

func (l *layout) title(text string) {
	l.rule()
	for _, line := range wrap(Clean(text), l.Columns, false) {
		l.line(line, true)
	}
}

// middle centres a text on as many lines as it needs.
func (l *layout) middle(text string, bold bool) {
	for _, line := range wrap(Clean(text), l.Columns, false) {
		l.line(strings.Repeat(" ", (l.Columns-dots.Width(line))/2)+line, bold)
	}
}

// large centres a text in double size, or bold in plain size when it would need more
// than two lines.
func (l *layout) large(text string) {
	half := l.Columns / 2
	lines := wrap(Clean(text), half, false)
	if len(lines) > 2 {
		l.middle(text, true)
		return
	}
	for _, line := range lines {
		text := strings.TrimRight(strings.Repeat(" ", (half-dots.Width(line))/2)+line, " ")
		l.blocks = append(l.blocks, block{kind: words, text: text, bold: true, double: true})
	}
}

// labelMost is how much of the paper a label may take before it is broken, in percent.
const labelMost = 55

// row puts a label on the left and its value on the right; both break, and the note
// stands beneath the label.
func (l *layout) row(r receipt.Row) {
	label := Clean(r.Label)
	if r.Mark != "" {
		label += " " + Clean(r.Mark)
	}
	value := Clean(r.Value)
	room := l.Columns * labelMost / 100
	if r.Note != "" { // what is sold needs the room, its price does not
		room = max(l.Columns-1-dots.Width(value), l.Columns/2)
	}
	left := wrap(label, room, false)
	widest := 0
	for _, line := range left {
		widest = max(widest, dots.Width(line))
	}
	right := wrap(value, l.Columns-widest-1, r.Long)
	for i := range max(len(left), len(right)) {
		var a, b string
		if i < len(left) {
			a = left[i]
		}
		if i < len(right) {
			b = right[i]
		}
		l.line(a+strings.Repeat(" ", l.Columns-dots.Width(a)-dots.Width(b))+b, r.Total)
	}
	if r.Note != "" {
		for _, line := range wrap(Clean(r.Note), l.Columns-2, false) {
			l.line("  "+line, false)
		}
	}
}

// lineGap is what printers leave between lines, in dots.
const lineGap = 6

// paintBeyond turns lines that the printer's font cannot show into pictures of them.
func (l *layout) paintBeyond() {
	for i, b := range l.blocks {
		if b.kind != words || !beyond(b.text) {
			continue
		}
		style := dots.Style{Bold: b.bold}
		if b.double {
			style.Wide, style.High = 2, 2
		}
		img := dots.New(l.Dots(), dots.CellHeight*max(1, style.High)+lineGap)
		img.Text(0, 0, b.text, style)
		l.blocks[i] = block{kind: image, image: img}
	}
}

// handDots is how wide a signature is drawn.
const handDots = 288

// signature is the drawn name in the middle of the paper.
func signature(d *receipt.Drawing, width int) *dots.Bitmap {
	drawn := dots.Of(picture.Hand(d, handDots))
	out := dots.New(width, drawn.Height)
	out.Put(drawn, max(0, (width-drawn.Width)/2), 0)
	return out
}
