// Package pdf prints a slip as a PDF, on A4 or on a roll of 80 mm. The same slip gives
// the same bytes.
package pdf

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"

	"innopay/internal/receipt"
	"innopay/internal/receipt/font"
	"innopay/internal/receipt/sheet"
)

// Paper is what is printed on.
type Paper uint8

// The papers.
const (
	A4   Paper = iota
	Roll       // 80 mm wide and as long as the slip
)

// Sizes in millimetres.
const (
	a4Width, a4Height = 210.0, 297.0
	a4Column, a4Em    = 120.0, 3.4
	a4Least           = 2.7 // em that a slip is made smaller to, to stay on one page
	a4Margin          = 15.0
	rollWidth         = 80.0
	rollColumn        = 72.0 // what a printer of such rolls prints
	rollEm            = 3.1
	rollMargin        = 5.0
)

// Render prints the slip. It is safe for concurrent use.
func Render(s receipt.Slip, on Paper) ([]byte, error) {
	p := &printer{column: a4Column, em: a4Em, left: (a4Width - a4Column) / 2, margin: a4Margin, page: fpdf.SizeType{Wd: a4Width, Ht: a4Height}}
	if on == Roll {
		p.column, p.em, p.left, p.margin = rollColumn, rollEm, (rollWidth-rollColumn)/2, rollMargin
	}
	p.open(s)
	out := sheet.Lay(s, p.measure, p.column, p.em)
	if room := a4Height - 2*a4Margin; on == A4 && out.Height > room {
		if smaller := sheet.Lay(s, p.measure, p.column, max(a4Least, 0.99*p.em*room/out.Height)); smaller.Height <= room {
			out = smaller
		}
	}
	if on == Roll {
		p.page = fpdf.SizeType{Wd: rollWidth, Ht: max(out.Height+2*rollMargin, rollWidth)}
	}
	p.print(out)
	var b bytes.Buffer
	if err := p.Output(&b); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return b.Bytes(), nil
}

type printer struct {
	*fpdf.Fpdf
	page                     fpdf.SizeType
	column, em, left, margin float64
	x, y                     float64 // where the column's corner is on the page
	lent                     bool    // the font of rare syllables is in the document
}

func (p *printer) open(s receipt.Slip) {
	p.Fpdf = fpdf.New("P", "mm", "A4", "")
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(0, 0, 0)
	p.SetCatalogSort(true)
	p.SetCreationDate(s.At.UTC())
	p.SetModificationDate(s.At.UTC())
	p.SetProducer("INNOPAY", true)
	p.SetTitle(font.Clean(s.Shop+" "+s.Title), true)
	p.SetLang(s.Code())
	p.AddUTF8FontFromBytes(font.Family, "", font.TrueType(false))
	p.AddUTF8FontFromBytes(font.Family, "B", font.TrueType(true))
}

func (p *printer) font(size float64, heavy bool) {
	style := ""
	if heavy {
		style = "B"
	}
	p.SetFont(font.Family, style, 10)
	p.SetFontUnitSize(size)
}

// borrow sets the font of the syllables that ours names and leaves empty. It is large, and
// few slips have one: a document without them does without it.
func (p *printer) borrow(size float64) {
	if !p.lent {
		p.AddUTF8FontFromBytes(font.RestFamily, "", font.Rest())
		p.lent = true
	}
	p.SetFont(font.RestFamily, "", 10)
	p.SetFontUnitSize(size)
}

func (p *printer) measure(text string, size float64, heavy bool) float64 {
	width := 0.0
	for _, run := range font.Runs(text) {
		p.wear(run, size, heavy)
		width += p.GetStringWidth(run.Text)
	}
	return width
}

func (p *printer) wear(run font.Run, size float64, heavy bool) {
	if run.Borrowed {
		p.borrow(size)
		return
	}
	p.font(size, heavy)
}

// write puts a text on its base line.
func (p *printer) write(x, y float64, text string, size float64, heavy bool) {
	for _, run := range font.Runs(text) {
		p.wear(run, size, heavy)
		p.Text(x, y, run.Text)
		x += p.GetStringWidth(run.Text)
	}
}

// print places the blocks, each whole on one page.
func (p *printer) print(s sheet.Sheet) {
	bottom := 0.0
	for _, b := range s.Blocks {
		if p.PageNo() == 0 || b.Top+b.Height > bottom {
			p.AddPageFormat("P", p.page)
			p.x, p.y = p.left, p.margin-b.Top
			bottom = b.Top + p.page.Ht - 2*p.margin + 0.01
		}
		for _, m := range b.Marks {
			p.mark(m)
		}
	}
}

var tones = map[sheet.Tone][3]int{sheet.Ink: {18, 22, 31}, sheet.Quiet: {74, 82, 99}, sheet.Bad: {196, 50, 10}, sheet.Warn: {181, 71, 8}}

func (p *printer) mark(m sheet.Mark) {
	c := tones[m.Tone]
	p.SetTextColor(c[0], c[1], c[2])
	p.SetDrawColor(c[0], c[1], c[2])
	x, y, size := p.x+m.X, p.y+m.Y, max(m.Size, 1)
	switch m.Shape {
	case sheet.Text:
		p.write(x, y, m.Text, size, m.Heavy)
	case sheet.Rule:
		p.SetLineWidth(0.2)
		p.SetDashPattern([]float64{1, 1}, 0)
		p.Line(x, y, x+p.column, y)
		p.SetDashPattern(nil, 0)
	case sheet.Stamp:
		width := p.measure(m.Text, size, m.Heavy)
		p.TransformBegin()
		p.TransformRotate(stampTurn, x, y)
		p.SetLineWidth(0.7)
		p.RoundedRect(x-width/2-m.Size*0.6, y-m.Size*0.85, width+m.Size*1.2, m.Size*1.7, 1.5, "1234", "D")
		p.write(x-width/2, y+m.Size*0.35, m.Text, size, m.Heavy)
		p.TransformEnd()
	case sheet.Hand:
		p.hand(m, x, y)
	}
}

// stampTurn is how far a stamp is turned, in degrees against the clock.
const stampTurn = 8

func (p *printer) hand(m sheet.Mark, x, y float64) {
	scale := m.Size / float64(m.Hand.Width)
	p.SetLineWidth(0.5)
	p.SetLineCapStyle("round")
	p.SetLineJoinStyle("round")
	for _, line := range m.Hand.Lines {
		for i, v := range line {
			at := p.LineTo
			if i == 0 {
				at = p.MoveTo
			}
			at(x+float64(v.X)*scale, y+float64(v.Y)*scale)
		}
		p.DrawPath("D")
	}
	p.SetLineCapStyle("butt")
}
