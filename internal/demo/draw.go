package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// side of a drawing in pixels; its own unit is a hundredth of it.
const side = 360

// drawing is a picture of a product, made of flat shapes.
type drawing struct {
	on   *image.RGBA
	path vector.Rasterizer
}

// point is a place on a drawing, 0..100 from the left and the top.
type point struct{ x, y float64 }

func newDrawing(ground color.RGBA) *drawing {
	d := &drawing{on: image.NewRGBA(image.Rect(0, 0, side, side))}
	draw.Draw(d.on, d.on.Bounds(), image.NewUniform(ground), image.Point{}, draw.Src)
	return d
}

// file is the drawing as a PNG.
func (d *drawing) file() ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed}
	err := encoder.Encode(&out, d.on)
	return out.Bytes(), err
}

// margin is left around what is drawn: tiles cut pictures at their edges.
const margin = 0.8

func scale(v float64) float32 { return float32(((v-50)*margin + 50) * side / 100) }

// fill paints the inside of a line through points, which is round at its corners where
// corner is more than 0.
func (d *drawing) fill(c color.RGBA, corner float64, ps ...point) {
	d.path.Reset(side, side)
	n := len(ps)
	for i, p := range ps {
		from, to := toward(p, ps[(i+n-1)%n], corner), toward(p, ps[(i+1)%n], corner)
		if i == 0 {
			d.path.MoveTo(scale(from.x), scale(from.y))
		} else {
			d.path.LineTo(scale(from.x), scale(from.y))
		}
		d.path.QuadTo(scale(p.x), scale(p.y), scale(to.x), scale(to.y))
	}
	d.path.ClosePath()
	d.path.Draw(d.on, d.on.Bounds(), image.NewUniform(c), image.Point{})
}

// toward is the place that lies so far from p in the direction of q, at most half way.
func toward(p, q point, far float64) point {
	long := math.Hypot(q.x-p.x, q.y-p.y)
	if long == 0 {
		return p
	}
	part := min(far/long, 0.5)
	return point{p.x + (q.x-p.x)*part, p.y + (q.y-p.y)*part}
}

// rect is filled from a corner on.
func (d *drawing) rect(c color.RGBA, corner, x, y, width, height float64) {
	d.fill(c, corner, point{x, y}, point{x + width, y}, point{x + width, y + height}, point{x, y + height})
}

// ellipse is filled around its middle, turned by degrees.
func (d *drawing) ellipse(c color.RGBA, x, y, wide, high, turned float64) {
	const corners = 48
	sin, cos := math.Sincos(turned * math.Pi / 180)
	ps := make([]point, corners)
	for i := range ps {
		s, k := math.Sincos(2 * math.Pi * float64(i) / corners)
		u, v := wide*k, high*s
		ps[i] = point{x + u*cos - v*sin, y + u*sin + v*cos}
	}
	d.fill(c, 0.5, ps...)
}

// shade is a colour with less light, or with more for parts above 1.
func shade(c color.RGBA, part float64) color.RGBA {
	of := func(v uint8) uint8 { return uint8(min(255, float64(v)*part)) }
	return color.RGBA{of(c.R), of(c.G), of(c.B), 255}
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 255} //nolint:gosec // a byte each
}
