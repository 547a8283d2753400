package picture_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"innopay/internal/catalog/picture"
)

// corners is a picture whose four corners differ: red, green, blue, black.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{0xff, 0, 0, 0xff}
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{0, 0xff, 0, 0xff}
			case x < w/2 && y >= h/2:
				c = color.NRGBA{0, 0, 0xff, 0xff}
			case x >= w/2:
				c = color.NRGBA{0, 0, 0, 0xff}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func pngOf(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(tb testing.TB, m image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func decoded(t *testing.T, b []byte) image.Image {
	t.Helper()
	m, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// seen names the colours of the four corners, row by row.
func seen(m image.Image) string {
	b := m.Bounds()
	out := ""
	for _, at := range []image.Point{{b.Dx() / 8, b.Dy() / 8}, {b.Dx() * 7 / 8, b.Dy() / 8}, {b.Dx() / 8, b.Dy() * 7 / 8}, {b.Dx() * 7 / 8, b.Dy() * 7 / 8}} {
		r, g, bl, _ := m.At(at.X, at.Y).RGBA()
		switch {
		case r > 0xc000 && g > 0xc000 && bl > 0xc000:
			out += "w"
		case r > 0xc000:
			out += "r"
		case g > 0xc000:
			out += "g"
		case bl > 0xc000:
			out += "b"
		default:
			out += "k"
		}
	}
	return out
}

// tiff is the least EXIF that says how the camera was held.
func tiff(order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	b := []byte(mark)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 1)
	b = order.AppendUint16(b, 274)
	b = order.AppendUint16(b, 3)
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, orientation)
	return append(b, 0, 0, 0, 0, 0, 0)
}

// held puts EXIF with a place of GPS in words into a JPEG.
func held(file []byte, orientation uint16) []byte {
	exif := append([]byte("Exif\x00\x00"), tiff(binary.BigEndian, "MM\x00*", orientation)...)
	exif = append(exif, "GPS 37.5665N 126.9780E"...)
	out := append([]byte(nil), file[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(exif)+2)) //nolint:gosec // some dozen bytes
	return append(append(out, exif...), file[2:]...)
}

// heldPNG puts a chunk eXIf behind the head.
func heldPNG(file []byte, orientation uint16) []byte {
	body := append([]byte("eXIf"), tiff(binary.LittleEndian, "II*\x00", orientation)...)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)) //nolint:gosec // some dozen bytes
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	return append(append(append([]byte(nil), file[:33]...), chunk...), file[33:]...)
}

func TestPicturesAreTurnedUpright(t *testing.T) {
	t.Parallel()
	upright := []string{"rgbk", "grkb", "kbgr", "bkrg", "rbgk", "brkg", "kgbr", "gkrb"} // by orientation
	for i, want := range upright {
		jp, pn := held(jpegOf(t, corners(64, 64)), uint16(i+1)), heldPNG(pngOf(t, corners(64, 64)), uint16(i+1))
		for name, file := range map[string][]byte{"jpeg": jp, "png": pn} {
			p, err := picture.Make(file)
			if err != nil {
				t.Fatal(name, err)
			}
			if got := seen(decoded(t, p.Large)); got != want {
				t.Errorf("%s, orientation %d: %s, want %s", name, i+1, got, want)
			}
		}
	}
}

func TestNothingOfTheFileButItsPixels(t *testing.T) {
	t.Parallel()
	p, err := picture.Make(held(jpegOf(t, corners(900, 700)), 6))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{p.Large, p.Small} {
		if bytes.Contains(b, []byte("GPS")) || bytes.Contains(b, []byte("Exif")) {
			t.Error("what was written holds what the camera wrote")
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ w, h, large, small int }{
		{4000, 3000, 640, 240}, {641, 2000, 640, 240}, {640, 640, 640, 240}, {300, 400, 300, 240}, {100, 50, 50, 50}, {1, 1, 1, 1}, {1279, 1279, 640, 240},
	} {
		p, err := picture.Make(pngOf(t, corners(c.w, c.h)))
		if err != nil {
			t.Fatal(err)
		}
		large, small := decoded(t, p.Large).Bounds(), decoded(t, p.Small).Bounds()
		if large != image.Rect(0, 0, c.large, c.large) || small != image.Rect(0, 0, c.small, c.small) {
			t.Errorf("%d x %d: %v and %v", c.w, c.h, large, small)
		}
		if c.w > 40 {
			if got := seen(decoded(t, p.Large)); got != "rgbk" {
				t.Errorf("%d x %d shows %s", c.w, c.h, got)
			}
		}
	}
}

func TestTheMiddleIsCutOut(t *testing.T) {
	t.Parallel()
	m := image.NewNRGBA(image.Rect(0, 0, 1200, 400)) // clear at both sides: white
	for y := range 400 {
		for x := 400; x < 800; x++ {
			m.SetNRGBA(x, y, color.NRGBA{0, 0, 0xff, 0xff})
		}
	}
	p, err := picture.Make(pngOf(t, m))
	if err != nil {
		t.Fatal(err)
	}
	if got := seen(decoded(t, p.Large)); got != "bbbb" {
		t.Errorf("shows %s", got)
	}
	blank, err := picture.Make(pngOf(t, image.NewNRGBA(image.Rect(0, 0, 50, 50))))
	if err != nil {
		t.Fatal(err)
	}
	if got := seen(decoded(t, blank.Large)); got != "wwww" {
		t.Errorf("a clear picture shows %s, not white", got)
	}
}

// bomb is a PNG that says it is of that size and has next to nothing in it.
func bomb(tb testing.TB, w, h uint32, depth byte) []byte {
	tb.Helper()
	file := pngOf(tb, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(file[16:], w)
	binary.BigEndian.PutUint32(file[20:], h)
	file[24], file[25] = depth, 6
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

func TestWhatIsTooLargeIsNotDecoded(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"pixels": bomb(t, 20_000, 2_001, 8), "side": bomb(t, 20_001, 1, 8), "deep": bomb(t, 5_000, 4_001, 16), "bytes": make([]byte, picture.MaxFile+1),
	} {
		// A decoder that was asked would say that the file ends too early.
		if _, err := picture.Make(file); !errors.Is(err, picture.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
	}
	many := progressive(t, 4_000, 4_000)
	if _, err := picture.Make(many); !errors.Is(err, picture.ErrTooLarge) {
		t.Errorf("a progressive JPEG of 16 million pixels: %v", err)
	}
}

// progressive is the head of a JPEG in several passes.
func progressive(tb testing.TB, w, h int) []byte {
	tb.Helper()
	file := jpegOf(tb, image.NewGray(image.Rect(0, 0, 8, 8)))
	at := bytes.Index(file, []byte{0xff, 0xc0})
	file[at+1] = 0xc2
	binary.BigEndian.PutUint16(file[at+5:], uint16(h)) //nolint:gosec // some thousands
	binary.BigEndian.PutUint16(file[at+7:], uint16(w)) //nolint:gosec // some thousands
	return file
}

// dot is a WebP of one pixel, without loss.
const dot = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="

func TestWhatIsNoPicture(t *testing.T) {
	t.Parallel()
	webp, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := picture.Make(webp); err != nil {
		t.Errorf("WebP: %v", err)
	}
	var moving bytes.Buffer
	if err := gif.Encode(&moving, corners(8, 8), nil); err != nil {
		t.Fatal(err)
	}
	whole := jpegOf(t, corners(64, 64))
	for name, file := range map[string][]byte{
		"nothing": nil, "text": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "GIF": moving.Bytes(), "cut": whole[:len(whole)/2], "head": whole[:20],
		"no pixels": bomb(t, 0, 0, 8),
	} {
		if _, err := picture.Make(file); !errors.Is(err, picture.ErrUnreadable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheSameFileGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	file := jpegOf(t, corners(1000, 777))
	one, err := picture.Make(file)
	two, err2 := picture.Make(file)
	if err != nil || err2 != nil || !bytes.Equal(one.Large, two.Large) || !bytes.Equal(one.Small, two.Small) {
		t.Error(err, err2, "the pictures differ")
	}
}

// FuzzMake: whatever is sent makes two JPEGs of a square or is refused.
func FuzzMake(f *testing.F) {
	webp, err := base64.StdEncoding.DecodeString(dot)
	if err != nil {
		f.Fatal(err)
	}
	small := corners(16, 12)
	f.Add(webp)
	f.Add(pngOf(f, small))
	f.Add(jpegOf(f, small))
	f.Add(held(jpegOf(f, small), 6))
	f.Add(heldPNG(pngOf(f, small), 5))
	f.Add(bomb(f, 1<<31, 1<<31, 16))
	f.Fuzz(func(t *testing.T, file []byte) {
		if head, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && head.Width*head.Height > 1<<20 && head.Width*head.Height <= picture.MaxPixels {
			return // decodes for long
		}
		p, err := picture.Make(file)
		if err != nil {
			if !errors.Is(err, picture.ErrUnreadable) && !errors.Is(err, picture.ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		for _, b := range [][]byte{p.Large, p.Small} {
			m, err := jpeg.Decode(bytes.NewReader(b))
			if err != nil || m.Bounds().Dx() != m.Bounds().Dy() || m.Bounds().Dx() > picture.LargeSide {
				t.Fatal(fmt.Sprint(err, m.Bounds()))
			}
		}
	})
}
