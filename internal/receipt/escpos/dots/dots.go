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
	whole := x >= 0 && x+src.Stride*8 <= b.Stride*8 && b.Width-x >= src.Width
	for j := max(0, -y); j < min(src.Height, b.Height-y); j++ {
		row := src.Bits[j*src.Stride : (j+1)*src.Stride]
		if whole {
			lay(b.Bits[(y+j)*b.Stride+x/8:(y+j+1)*b.Stride], row, x%8)
			continue
		}
		for i, eight := range row {
			for k := i * 8; eight != 0; k++ { // most of a paper is white
				if eight&0x80 != 0 && k < src.Width {
					b.Set(x+k, y+j)
				}
				eight <<= 1
			}
		}
	}
}

// lay puts a row over another one, so many dots to the right. Beyond its width a row is
// white.
func lay(over, row []byte, right int) {
	for i, eight := range row {
		if eight == 0 {
			continue
		}
		over[i] |= eight >> right
		if rest := eight << (8 - right); rest != 0 {
			over[i+1] |= rest
		}
	}
}

// Cut is a part of the bitmap, white where it reaches beyond it.
func (b *Bitmap) Cut(r image.Rectangle) *Bitmap {
	out := New(r.Dx(), r.Dy())
	for y := range out.Height {
		from := r.Min.Y + y
		if from < 0 || from >= b.Height {
			continue
		}
		row, to := b.Bits[from*b.Stride:(from+1)*b.Stride], out.Bits[y*out.Stride:(y+1)*out.Stride]
		if r.Min.X >= 0 && r.Max.X <= b.Width {
			first, left := r.Min.X/8, r.Min.X%8
			for i := range to {
				to[i] = row[first+i] << left
				if left > 0 && first+i+1 < len(row) {
					to[i] |= row[first+i+1] >> (8 - left)
				}
			}
			if beyond := out.Width % 8; beyond > 0 {
				to[len(to)-1] &= 0xff << (8 - beyond)
			}
			continue
		}
		for x := range out.Width {
			if b.Black(r.Min.X+x, from) {
				out.Set(x, y)
			}
		}
	}
	return out
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
	for y := range b.Height {
		first := out.Bits[y*high*out.Stride:][:out.Stride]
		for i, eight := range b.Bits[y*b.Stride : (y+1)*b.Stride] {
			for x := i * 8; eight != 0; x++ {
				if eight&0x80 != 0 && x < b.Width {
					for k := x * wide; k < (x+1)*wide; k++ {
						first[k/8] |= 0x80 >> (k % 8)
					}
				}
				eight <<= 1
			}
		}
		for again := 1; again < high; again++ {
			copy(out.Bits[(y*high+again)*out.Stride:], first)
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
