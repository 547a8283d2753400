// Package picture makes the two pictures of a product out of what somebody sent: it
// decodes JPEG, PNG and WebP within bounds, turns the picture the way it was taken,
// cuts out its middle and writes it again as JPEG. Nothing of the file but its pixels
// comes through: no place, no time, no name of a camera.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	_ "image/png" // one of the formats that are read

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // one of the formats that are read
)

// Bounds of what is read and written.
const (
	MaxFile   = 5 << 20       // bytes
	MaxPixels = 40_000_000    // of the picture as sent
	LargeSide = 640           // most of the large picture's side, in pixels
	SmallSide = 240           // of the small one
	maxBytes  = 4 * MaxPixels // of the picture while it is decoded
	maxSide   = 20_000
	quality   = 85 // of JPEG
	// passesDepth is what the decoder keeps of a pixel of a progressive JPEG, in bytes.
	passesDepth = 12
)

// Reasons why a file makes no picture. Nothing else is returned by Make.
var (
	ErrUnreadable = errors.New("picture: no picture that can be read")
	ErrTooLarge   = errors.New("picture: too many pixels")
)

// Pair is a square picture in two sizes, as JPEG.
type Pair struct{ Large, Small []byte }

// Make reads a file and makes the pictures. The same file gives the same bytes. It takes
// up to 200 MB while it runs, so callers bound how many run at once.
func Make(file []byte) (Pair, error) {
	if len(file) > MaxFile {
		return Pair{}, ErrTooLarge
	}
	// The head says how large it will be, before anything is allocated for it.
	head, format, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return Pair{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if format != "jpeg" && format != "png" && format != "webp" {
		return Pair{}, ErrUnreadable // a decoder that some other part of the program brought
	}
	perPixel := depth(head.ColorModel)
	if format == "jpeg" && progressive(file) {
		perPixel = passesDepth
	}
	if err := bounded(head, perPixel); err != nil {
		return Pair{}, err
	}
	whole, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return Pair{}, fmt.Errorf("%w: %w", ErrUnreadable, err)
	}
	if whole.Bounds().Empty() {
		return Pair{}, ErrUnreadable
	}
	large := turned(square(whole), orientation(format, file))
	var p Pair
	if p.Large, err = encode(large); err != nil {
		return Pair{}, err
	}
	p.Small, err = encode(scaled(large, SmallSide))
	return p, err
}

// bounded refuses a picture that would take more memory than it may.
func bounded(c image.Config, perPixel int) error {
	if c.Width < 1 || c.Height < 1 {
		return ErrUnreadable
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > MaxPixels || c.Width*c.Height*perPixel > maxBytes {
		return ErrTooLarge
	}
	return nil
}

// depth is how many bytes a decoder keeps of a pixel.
func depth(m color.Model) int {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.Gray16Model, color.Alpha16Model:
		return 2
	}
	return 4
}

// square is the middle of the picture on white, no larger than LargeSide.
func square(m image.Image) *image.RGBA {
	b := m.Bounds()
	side := min(b.Dx(), b.Dy())
	at := image.Pt(b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2)
	// Whole pixels are averaged first: a filter over the full picture would need several
	// times its memory.
	return scaled(averaged(m, at, side, max(1, side/LargeSide)), LargeSide)
}

// averaged makes one pixel of each block of k by k, on white.
func averaged(m image.Image, at image.Point, side, k int) *image.RGBA {
	n := side / k
	out := image.NewRGBA(image.Rect(0, 0, n, n))
	wide, fast := m.(image.RGBA64Image)
	count := uint64(k) * uint64(k) //nolint:gosec // a side by a side
	for y := range n {
		for x := range n {
			var r, g, b, a uint64
			for dy := range k {
				for dx := range k {
					px, py := at.X+x*k+dx, at.Y+y*k+dy
					if fast {
						c := wide.RGBA64At(px, py)
						r, g, b, a = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A)
						continue
					}
					cr, cg, cb, ca := m.At(px, py).RGBA()
					r, g, b, a = r+uint64(cr), g+uint64(cg), b+uint64(cb), a+uint64(ca)
				}
			}
			white := 0xffff*count - a // what shows through
			out.SetRGBA(x, y, color.RGBA{eight(r+white, count), eight(g+white, count), eight(b+white, count), 0xff})
		}
	}
	return out
}

// eight is the mean of 16-bit values in 8 bits.
func eight(sum, count uint64) uint8 { return uint8(min(sum/count, 0xffff) >> 8) }

// scaled is the picture with a side of most pixels; a smaller one stays as it is.
func scaled(m *image.RGBA, most int) *image.RGBA {
	if m.Bounds().Dx() <= most {
		return m
	}
	out := image.NewRGBA(image.Rect(0, 0, most, most))
	draw.CatmullRom.Scale(out, out.Bounds(), m, m.Bounds(), draw.Src, nil)
	return out
}

func encode(m image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return b.Bytes(), nil
}

// turned undoes how the camera was held (EXIF 2.32, tag 274).
func turned(m *image.RGBA, orientation int) *image.RGBA {
	n := m.Bounds().Dx()
	last := n - 1
	// from is where the pixel at x, y of the upright picture stands in m.
	var from func(x, y int) (int, int)
	switch orientation {
	case 2:
		from = func(x, y int) (int, int) { return last - x, y }
	case 3:
		from = func(x, y int) (int, int) { return last - x, last - y }
	case 4:
		from = func(x, y int) (int, int) { return x, last - y }
	case 5:
		from = func(x, y int) (int, int) { return y, x }
	case 6:
		from = func(x, y int) (int, int) { return y, last - x }
	case 7:
		from = func(x, y int) (int, int) { return last - y, last - x }
	case 8:
		from = func(x, y int) (int, int) { return last - y, x }
	default:
		return m
	}
	out := image.NewRGBA(m.Bounds())
	for y := range n {
		for x := range n {
			fx, fy := from(x, y)
			out.SetRGBA(x, y, m.RGBAAt(fx, fy))
		}
	}
	return out
}
