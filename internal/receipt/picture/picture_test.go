package picture_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"testing"

	"innopay/internal/receipt"
	"innopay/internal/receipt/picture"
	"innopay/internal/receipt/receipttest"
)

func paint(t *testing.T, s receipt.Slip) image.Image {
	t.Helper()
	b, err := picture.Render(s)
	if err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// count is how many pixels have a colour.
func count(m image.Image, c color.RGBA) int {
	n := 0
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			if m.At(x, y) == c {
				n++
			}
		}
	}
	return n
}

var (
	red   = color.RGBA{196, 50, 10, 255}
	amber = color.RGBA{181, 71, 8, 255}
	ink   = color.RGBA{18, 22, 31, 255}
)

func TestStampAndMarkArePainted(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ stamped, simulated bool }{
		"sale": {false, true}, "part": {true, true}, "full": {true, true}, "without a card": {false, false},
	} {
		m := paint(t, receipttest.Receipts()[name].In(receipt.Language{}))
		if m.Bounds().Dx() != picture.Width || m.Bounds().Dy() < picture.Width {
			t.Errorf("%s: %v", name, m.Bounds())
		}
		if got := count(m, red) > 500; got != want.stamped {
			t.Errorf("%s: stamp %v", name, got)
		}
		if got := count(m, amber) > 500; got != want.simulated {
			t.Errorf("%s: simulated mark %v", name, got)
		}
	}
}

func TestSignatureIsPainted(t *testing.T) {
	t.Parallel()
	with := receipttest.Receipts()["sale"].In(receipt.Language{})
	without := with
	without.Signature = nil
	if a, b := count(paint(t, with), ink), count(paint(t, without), ink); a < b+500 {
		t.Errorf("%d dark pixels with a signature, %d without", a, b)
	}
}

func TestSameBytesAndAnEndToHeight(t *testing.T) {
	t.Parallel()
	s := receipttest.Receipts()["open"].In(receipt.Language{English: true})
	one, err := picture.Render(s)
	if err != nil {
		t.Fatal(err)
	}
	if two, err := picture.Render(s); err != nil || !bytes.Equal(one, two) {
		t.Errorf("differs, %v", err)
	}
	long := receipttest.Long()
	for range 2 {
		long.Lines = append(long.Lines, long.Lines...)
	}
	if _, err := picture.Render(long.In(receipt.Language{})); !errors.Is(err, picture.ErrTooHigh) {
		t.Errorf("%v", err)
	}
}
