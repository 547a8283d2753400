// Package sheet lays a slip out in one column of lines, for print and picture alike. It
// draws nothing: a printer or painter places the marks.
package sheet

import (
	"strings"

	"innopay/internal/receipt"
	"innopay/internal/receipt/font"
)

// Measure is how wide a text is, in the unit of the column.
type Measure func(text string, size float64, heavy bool) float64

// Tone is the colour of a mark.
type Tone uint8

// The tones.
const (
	Ink   Tone = iota
	Quiet      // labels
	Bad        // money that went back, stamps
	Warn       // not a real sale
)

// Shape is what kind of mark it is.
type Shape uint8

// The shapes.
const (
	Text  Shape = iota
	Rule        // a dashed line over the column's width
	Stamp       // text in a frame, turned by eight degrees about its middle
	Hand        // a signature
)

// Mark is one thing on the sheet. X and Y are the left end of a text's base line, the
// left end of a rule, the middle of a stamp, the top left corner of a signature.
type Mark struct {
	Shape Shape
	X, Y  float64
	Size  float64 // of text; of a signature the width
	Heavy bool
	Tone  Tone
	Text  string
	Hand  *receipt.Drawing
}

// Block is marks that stay together on one page.
type Block struct {
	Top, Height float64
	Marks       []Mark
}

// Sheet is a slip laid out.
type Sheet struct {
	Blocks []Block
	Height float64
}

// Proportions, in ems.
const (
	leading  = 1.5  // from line to line
	base     = 1.08 // from a line's top to its base line
	small    = 0.85 // beside the plain text
	gap      = 1.0  // least space between label and value
	handWide = 11.0 // width of a signature
	most     = 0.55 // of the column for a label before it is broken
)

// Lay lays a slip out in a column of the given width, with em as the size of its text.
func Lay(s receipt.Slip, m Measure, width, em float64) Sheet {
	l := &layer{measure: m, width: width, em: em}
	l.head(s)
	for _, one := range s.Sections {
		l.section(one)
	}
	if s.Signed != "" {
		l.title(s.Signed)
	}
	switch {
	case s.Signature != nil:
		l.hand(s.Signature)
	case s.Unsigned != "":
		l.middle(s.Unsigned, small, false, Quiet)
	}
	l.space(0.5)
	l.middle(s.Note, small, false, Quiet)
	return Sheet{l.blocks, l.y}
}

// layer is a sheet under way.
type layer struct {
	measure   Measure
	width, em float64
	y         float64
	blocks    []Block
}

func (l *layer) head(s receipt.Slip) {
	if s.Reprint != "" {
		l.middle(s.Reprint, 1.2, true, Ink)
	}
	if s.Simulated != "" {
		l.middle(s.Simulated, 1, true, Warn)
		l.space(0.5)
	}
	l.middle(s.Shop, 1.4, true, Ink)
	l.middle(s.Title+" · "+s.Copy, 1, false, Quiet)
	l.middle(s.Amount, 2.2, true, Ink)
	if s.Stamp != "" {
		size := 1.4 * l.em
		l.block(size*2.6, Mark{Shape: Stamp, X: l.width / 2, Y: l.y + size*1.3, Size: size, Heavy: true, Tone: Bad, Text: s.Stamp})
	}
}

func (l *layer) section(s receipt.Section) {
	if s.Title != "" {
		l.title(s.Title)
	} else {
		l.rule()
	}
	if s.Notice != "" {
		l.middle(s.Notice, small, false, Ink)
	}
	for _, row := range s.Rows {
		l.row(row)
	}
}

func (l *layer) title(text string) {
	l.space(0.4)
	l.rule()
	l.block(l.em*leading, Mark{X: 0, Y: l.y + l.em*base, Size: l.em * small, Heavy: true, Tone: Quiet, Text: font.Clean(text)})
}

func (l *layer) rule() {
	l.block(l.em*0.8, Mark{Shape: Rule, Y: l.y + l.em*0.4, Tone: Quiet})
}

func (l *layer) space(ems float64) { l.y += ems * l.em }

func (l *layer) block(height float64, marks ...Mark) {
	l.blocks = append(l.blocks, Block{l.y, height, marks})
	l.y += height
}

// middle centres a text, on as many lines as it needs.
func (l *layer) middle(text string, ems float64, heavy bool, tone Tone) {
	size := ems * l.em
	for _, line := range l.broken(text, size, heavy, l.width, false) {
		l.block(size*leading, Mark{
			X: (l.width - l.measure(line, size, heavy)) / 2, Y: l.y + size*base, Size: size, Heavy: heavy, Tone: tone, Text: line,
		})
	}
}

// row puts a label on the left and its value on the right; both break, and the note
// stands beneath the label.
func (l *layer) row(r receipt.Row) {
	label, tone, heavy := r.Label, Quiet, r.Total
	if r.Mark != "" {
		label += " " + r.Mark
	}
	if r.Total || r.Note != "" {
		tone = Ink
	}
	valueTone := Ink
	if r.Back {
		valueTone = Bad
	}
	room := l.width * most
	if r.Note != "" { // what is sold needs the room, its price does not
		room = l.width - gap*l.em - l.measure(r.Value, l.em, true)
	}
	left := l.broken(label, l.em, heavy, room, false)
	widest := 0.0
	for _, line := range left {
		widest = max(widest, l.measure(line, l.em, heavy))
	}
	right := l.broken(r.Value, l.em, heavy || r.Note != "", max(l.width-widest-gap*l.em, l.width*(1-most)), r.Long)
	var marks []Mark
	for i, line := range left {
		marks = append(marks, Mark{X: 0, Y: l.line(i), Size: l.em, Heavy: heavy, Tone: tone, Text: line})
	}
	lines := len(left)
	if r.Note != "" {
		marks = append(marks, Mark{X: 0, Y: l.line(lines), Size: l.em * small, Tone: Quiet, Text: font.Clean(r.Note)})
		lines++
	}
	for i, line := range right {
		bold := heavy || r.Note != ""
		marks = append(marks, Mark{X: l.width - l.measure(line, l.em, bold), Y: l.line(i), Size: l.em, Heavy: bold, Tone: valueTone, Text: line})
	}
	l.block(float64(max(lines, len(right)))*l.em*leading, marks...)
}

func (l *layer) line(i int) float64 { return l.y + float64(i)*l.em*leading + l.em*base }

func (l *layer) hand(d *receipt.Drawing) {
	width := handWide * l.em
	if d.Height > d.Width { // a tall one is drawn as high as others are wide
		width = width * float64(d.Width) / float64(d.Height)
	}
	height := width * float64(d.Height) / float64(d.Width)
	l.block(height+l.em, Mark{Shape: Hand, X: (l.width - width) / 2, Y: l.y + l.em/2, Size: width, Hand: d})
}

// broken is a text in lines no wider than room: between words where it can be, inside
// one that is too long or may be broken anywhere.
func (l *layer) broken(text string, size float64, heavy bool, room float64, anywhere bool) []string {
	var lines []string
	line := ""
	fits := func(s string) bool { return l.measure(s, size, heavy) <= room }
	for word := range strings.FieldsSeq(font.Clean(text)) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if fits(joined) && !anywhere || fits(joined) && line == "" {
			line = joined
			continue
		}
		if line != "" && !anywhere {
			lines = append(lines, line)
			line = ""
		} else if line != "" {
			line += " "
		}
		for _, r := range word {
			if line != "" && !fits(line+string(r)) {
				lines = append(lines, line)
				line = ""
			}
			line += string(r)
		}
	}
	return append(lines, line)
}
