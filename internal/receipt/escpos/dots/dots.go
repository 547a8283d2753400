// Package dots is black and white as a receipt printer puts it on paper: a grid of
// dots, 8 to the millimetre, and text painted into it cell by cell. What writes for
// printers and what draws their paper share it.
package dots

import (
	"image"
	"image/color"
)

// Bitmap is dots in rows of whole bytes, the leftmost dot in the highest bit and 1 for
// black, as GS v 0 and ESC GS S want them. Not safe for concurrent writing.
type Bitmap struct {
	Width, Height int // in dots
	Stride        int // bytes of a row
	Bits          []byte
}

// New is white paper.
func New(width, height int) *Bitmap {
	width, height = max(width, 0), max(height, 0)
	stride := (width + 7) / 8
	return &Bitmap{width, height, stride, make([]byte, stride*height)}
}

// Set blackens a dot; outside of the paper nothing happens.
func (b *Bitmap) Set(x, y int) {
	if x >= 0 && y >= 0 && x < b.Width && y < b.Height {
		b.Bits[y*b.Stride+x/8] |= 0x80 >> (x % 8)
	}
}

// Black reports whether a dot is.
func (b *Bitmap) Black(x, y int) bool {
	return x >= 0 && y >= 0 && x < b.Width && y < b.Height && b.Bits[y*b.Stride+x/8]&(0x80>>(x%8)) != 0
}

// Put lays another bitmap's black dots over this one, its top left corner at x, y.
func (b *Bitmap) Put(src *Bitmap, x, y int) {
	for j := range src.Height {
		for i, eight := range src.Bits[j*src.Stride : (j+1)*src.Stride] {
			for k := i * 8; eight != 0; k++ { // most of a paper is white
				if eight&0x80 != 0 && k < src.Width {
					b.Set(x+k, y+j)
				}
				eight <<= 1
			}
		}
	}
}

// Invert turns black and white in a rectangle (white on black printing).
func (b *Bitmap) Invert(r image.Rectangle) {
	r = r.Intersect(image.Rect(0, 0, b.Width, b.Height))
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			b.Bits[y*b.Stride+x/8] ^= 0x80 >> (x % 8)
		}
	}
}

// Grow makes the paper at least so high.
func (b *Bitmap) Grow(height int) {
	if height > b.Height {
		b.Bits = append(b.Bits, make([]byte, (height-b.Height)*b.Stride)...)
		b.Height = height
	}
}

// Band is the rows from top on, at most height of them; it shares their dots.
func (b *Bitmap) Band(top, height int) *Bitmap {
	height = max(0, min(height, b.Height-top))
	return &Bitmap{b.Width, height, b.Stride, b.Bits[top*b.Stride : (top+height)*b.Stride]}
}

// Scale is the bitmap with every dot repeated.
func (b *Bitmap) Scale(wide, high int) *Bitmap {
	if wide == 1 && high == 1 {
		return b
	}
	out := New(b.Width*wide, b.Height*high)
	for y := range out.Height {
		for x := range out.Width {
			if b.Black(x/wide, y/high) {
				out.Set(x, y)
			}
		}
	}
	return out
}

// darkness from which a dot is printed, of 255. A printer's dots are larger than their
// grid, so greys get lost rather than smeared.
const threshold = 150

// Of is a picture in black and white. What is transparent is paper.
func Of(img *image.RGBA) *Bitmap {
	r := img.Bounds()
	out := New(r.Dx(), r.Dy())
	for y := range out.Height {
		row := img.Pix[y*img.Stride : y*img.Stride+4*out.Width]
		for x := range out.Width {
			p := row[4*x : 4*x+4 : 4*x+4]
			if light := (299*int(p[0])+587*int(p[1])+114*int(p[2]))/1000 + 255 - int(p[3]); light < threshold {
				out.Set(x, y)
			}
		}
	}
	return out
}

var palette = color.Palette{color.White, color.Black}

// Image is the bitmap as a picture of two colours.
func (b *Bitmap) Image() *image.Paletted {
	out := image.NewPaletted(image.Rect(0, 0, b.Width, b.Height), palette)
	for y := range b.Height {
		for x := range b.Width {
			if b.Black(x, y) {
				out.Pix[y*out.Stride+x] = 1
			}
		}
	}
	return out
}
