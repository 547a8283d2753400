// Package picture paints a slip as a PNG, for messengers that show pictures and for
// printers that print them. The same slip gives the same bytes.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/draw"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"

	"innopay/internal/receipt"
	"innopay/internal/receipt/font"
	"innopay/internal/receipt/sheet"
)

// Width of a picture in pixels: what a printer of 80 mm prints across.
const Width = 576

// Format is how large a picture is and what it is for.
type Format struct {
	Width  int     // in pixels
	Margin int     // on each side
	Em     float64 // size of its text
}

// Screen is a picture to look at.
var Screen = Format{Width: Width, Margin: 24, Em: 24}

// Printer is a picture as wide as a printer prints, which leaves its own margin.
func Printer(dots int) Format { return Format{Width: dots, Margin: 2, Em: 22} }

// MaxHeight bounds the memory of a picture, in pixels.
const MaxHeight = 20_000

// ErrTooHigh: the slip has more lines than a picture can show; its page and its PDF
// have all.
var ErrTooHigh = errors.New("picture: the slip is too long")

// Render paints the slip as a PNG to look at. It is safe for concurrent use.
func Render(s receipt.Slip) ([]byte, error) {
	img, err := Paint(s, Screen)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return b.Bytes(), nil
}

// Paint paints the slip. It returns ErrTooHigh for one that is longer than MaxHeight,
// and is safe for concurrent use.
func Paint(s receipt.Slip, f Format) (*image.RGBA, error) {
	p := &painter{Format: f, faces: map[style]xfont.Face{}}
	out := sheet.Lay(s, p.measure, float64(f.Width-2*f.Margin), f.Em)
	height := int(math.Ceil(out.Height)) + 2*f.Margin
	if height > MaxHeight {
		return nil, ErrTooHigh
	}
	p.image = image.NewRGBA(image.Rect(0, 0, f.Width, height))
	draw.Draw(p.image, p.image.Bounds(), image.White, image.Point{}, draw.Src)
	for _, b := range out.Blocks {
		for _, m := range b.Marks {
			p.mark(m)
		}
	}
	if p.err != nil {
		return nil, fmt.Errorf("picture: %w", p.err)
	}
	return p.image, nil
}

// Hand paints a signature alone, black and so wide, with room for the pen around it.
func Hand(d *receipt.Drawing, width int) *image.RGBA {
	if d.Height > d.Width { // a tall one is drawn as high as others are wide
		width = max(1, width*d.Width/d.Height)
	}
	height := width * d.Height / max(1, d.Width)
	p := &painter{image: image.NewRGBA(image.Rect(0, 0, width+2*pen+2, height+2*pen+2))}
	p.hand(image.Black, sheet.Mark{Size: float64(width), Hand: d}, pen, pen)
	return p.image
}

type style struct {
	size  float64
	heavy bool
}

type painter struct {
	Format
	image *image.RGBA
	faces map[style]xfont.Face
	err   error
}

func (p *painter) face(size float64, heavy bool) xfont.Face {
	key := style{size, heavy}
	if p.faces[key] == nil {
		f, err := font.Face(size, heavy)
		if err != nil {
			p.err = err
			return nil
		}
		p.faces[key] = f
	}
	return p.faces[key]
}

func (p *painter) measure(text string, size float64, heavy bool) float64 {
	f := p.face(size, heavy)
	if f == nil {
		return 0
	}
	return float64(xfont.MeasureString(f, text)) / 64
}

var tones = map[sheet.Tone]color.RGBA{
	sheet.Ink: {18, 22, 31, 255}, sheet.Quiet: {74, 82, 99, 255}, sheet.Bad: {196, 50, 10, 255}, sheet.Warn: {181, 71, 8, 255},
}

func (p *painter) mark(m sheet.Mark) {
	tone := image.NewUniform(tones[m.Tone])
	x, y := m.X+float64(p.Margin), m.Y+float64(p.Margin)
	switch m.Shape {
	case sheet.Text:
		p.text(p.image, tone, m, x, y)
	case sheet.Rule:
		for at := p.Margin; at < p.Width-p.Margin; at += 8 {
			draw.Draw(p.image, image.Rect(at, int(y), at+4, int(y)+1), tone, image.Point{}, draw.Src)
		}
	case sheet.Stamp:
		p.stamp(tone, m, x, y)
	case sheet.Hand:
		p.hand(tone, m, x, y)
	}
}

func (p *painter) text(on draw.Image, tone image.Image, m sheet.Mark, x, y float64) {
	f := p.face(m.Size, m.Heavy)
	if f == nil {
		return
	}
	d := xfont.Drawer{Dst: on, Src: tone, Face: f, Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(x) * 64), Y: fixed.Int26_6(math.Round(y) * 64)}}
	d.DrawString(m.Text)
}

// stampTurn is how far a stamp is turned, in degrees against the clock.
const stampTurn = 8

// stamp paints text and frame upright on a sheet of their own, and turns that.
func (p *painter) stamp(tone image.Image, m sheet.Mark, x, y float64) {
	width, high := p.measure(m.Text, m.Size, true)+m.Size*1.2, m.Size*1.7
	box := image.Rect(0, 0, int(width), int(high))
	own := image.NewRGBA(box)
	draw.Draw(own, box, tone, image.Point{}, draw.Src)
	draw.Draw(own, box.Inset(4), image.Transparent, image.Point{}, draw.Src)
	p.text(own, tone, m, m.Size*0.6, high/2+m.Size*0.35)
	sin, cos := math.Sincos(-stampTurn * math.Pi / 180)
	cx, cy := width/2, high/2
	draw.BiLinear.Transform(p.image, f64.Aff3{cos, -sin, x - cos*cx + sin*cy, sin, cos, y - sin*cx - cos*cy}, own, box, draw.Over, nil)
}

// pen is the width of a signature's line, in pixels.
const pen = 3

func (p *painter) hand(tone image.Image, m sheet.Mark, x, y float64) {
	scale := m.Size / float64(m.Hand.Width)
	at := func(v receipt.Vertex) (float64, float64) { return pen + float64(v.X)*scale, pen + float64(v.Y)*scale }
	box := image.Rect(0, 0, int(m.Size+2*pen)+1, int(float64(m.Hand.Height)*scale+2*pen)+1)
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, line := range m.Hand.Lines {
		for i := 1; i < len(line); i++ {
			ax, ay := at(line[i-1])
			bx, by := at(line[i])
			segment(r, ax, ay, bx, by)
		}
	}
	r.Draw(p.image, box.Add(image.Pt(int(x-pen), int(y-pen))), tone, image.Point{})
}

// segment is a line with the pen's width and square ends, so that a dot shows too. All
// are drawn in the same sense, for overlaps to add up and not to cancel out.
func segment(r *vector.Rasterizer, ax, ay, bx, by float64) {
	dx, dy := bx-ax, by-ay
	length := math.Hypot(dx, dy)
	if length == 0 {
		dx, dy, length = 1, 0, 1
	}
	dx, dy = dx/length*pen/2, dy/length*pen/2
	r.MoveTo(float32(ax-dx-dy), float32(ay-dy+dx))
	r.LineTo(float32(bx+dx-dy), float32(by+dy+dx))
	r.LineTo(float32(bx+dx+dy), float32(by+dy-dx))
	r.LineTo(float32(ax-dx+dy), float32(ay-dy-dx))
	r.ClosePath()
}
