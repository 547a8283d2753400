package dots_test

import (
	"bytes"
	"image"
	"testing"

	"pgregory.net/rapid"

	"innopay/internal/receipt/escpos/dots"
)

// grids are bitmaps of any size with any dots on them.
func grids(longest int) *rapid.Generator[*dots.Bitmap] {
	return rapid.Custom(func(t *rapid.T) *dots.Bitmap {
		b := dots.New(rapid.IntRange(0, longest).Draw(t, "width"), rapid.IntRange(0, longest).Draw(t, "height"))
		if b.Width == 0 || b.Height == 0 {
			return b
		}
		for range rapid.IntRange(0, 60).Draw(t, "dots") {
			b.Set(rapid.IntRange(0, b.Width-1).Draw(t, "x"), rapid.IntRange(0, b.Height-1).Draw(t, "y"))
		}
		return b
	})
}

// same holds a bitmap against what each of its dots is to be.
func same(t *rapid.T, what string, got *dots.Bitmap, width, height int, want func(x, y int) bool) {
	t.Helper()
	plain := dots.New(width, height)
	for y := range plain.Height {
		for x := range plain.Width {
			if want(x, y) {
				plain.Set(x, y)
			}
		}
	}
	if got.Width != plain.Width || got.Height != plain.Height || !bytes.Equal(got.Bits, plain.Bits) {
		t.Fatalf("%s: %d by %d with %x, not %d by %d with %x", what, got.Width, got.Height, got.Bits, plain.Width, plain.Height, plain.Bits)
	}
}

// TestWholeBytesMoveAsDotsDo: what is done eight dots at a time is what is done one by one.
func TestWholeBytesMoveAsDotsDo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		under, over := grids(60).Draw(t, "under"), grids(40).Draw(t, "over")
		x, y := rapid.IntRange(-50, 70).Draw(t, "left"), rapid.IntRange(-50, 70).Draw(t, "top")

		put := dots.New(under.Width, under.Height)
		copy(put.Bits, under.Bits)
		put.Put(over, x, y)
		same(t, "put", put, under.Width, under.Height, func(i, j int) bool { return under.Black(i, j) || over.Black(i-x, j-y) })

		width, height := rapid.IntRange(1, 40).Draw(t, "wide"), rapid.IntRange(1, 40).Draw(t, "high")
		same(t, "cut", under.Cut(image.Rect(x, y, x+width, y+height)), width, height, func(i, j int) bool { return under.Black(x+i, y+j) })

		wide, high := rapid.IntRange(1, 7).Draw(t, "times wide"), rapid.IntRange(1, 7).Draw(t, "times high")
		same(t, "scaled", over.Scale(wide, high), over.Width*wide, over.Height*high, func(i, j int) bool { return over.Black(i/wide, j/high) })
	})
}
