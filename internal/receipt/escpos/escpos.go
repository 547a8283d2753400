// Package escpos writes a slip in the language of receipt printers: ESC/POS with Hangul
// in CP949, the whole slip as a picture for printers without Hangul, or Star's line
// mode. It opens no connection: what it gives goes to a printer as it is.
package escpos

import (
	"errors"

	"rsc.io/qr"

	"innopay/internal/receipt"
	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/picture"
)

// Mode is what a printer is told in.
type Mode string

// The modes.
const (
	CP949    Mode = "CP949"     // ESC/POS, text; Hangul from the printer's own font
	Raster   Mode = "RASTER"    // ESC/POS, one picture; for printers without Hangul
	StarLine Mode = "STAR_LINE" // Star line mode, text
)

// Hangul is which syllables a printer's own font has.
type Hangul string

// What printers have of Hangul.
const (
	Full Hangul = "FULL"      // all 11,172
	KSX  Hangul = "KS_X_1001" // 2,350: a line with others is sent as a picture
)

// MaxDocument is the most that goes to a printer at once, in bytes. A picture of 80 mm
// paper reaches it at 90 cm.
const MaxDocument = 512 << 10

// Errors of writing.
var (
	// ErrTooLong: the document would pass MaxDocument; as text it is far smaller.
	ErrTooLong = errors.New("escpos: the document is too long")
	// ErrOptions: there is no such printer.
	ErrOptions = errors.New("escpos: no such printer")
)

// Options say which printer it is.
type Options struct {
	Columns int // of font A: 32 on 58 mm paper, 42 or 48 on 80 mm
	Mode    Mode
	Hangul  Hangul
	Drawer  bool // open the cash drawer first
}

// Valid reports whether there are such printers.
func (o Options) Valid() bool {
	return (o.Columns == 32 || o.Columns == 42 || o.Columns == 48) && (o.Mode == CP949 || o.Mode == Raster || o.Mode == StarLine) &&
		(o.Hangul == Full || o.Hangul == KSX)
}

// Dots is how many dots the columns are wide.
func (o Options) Dots() int { return o.Columns * dots.CellWidth }

// Encode writes a slip, with a code of the link beneath it (none when link is empty).
// Safe for concurrent use.
func Encode(s receipt.Slip, link string, o Options) ([]byte, error) {
	if !o.Valid() {
		return nil, ErrOptions
	}
	if o.Mode == Raster {
		img, err := Picture(s, link, o.Columns)
		if err != nil {
			return nil, err
		}
		return o.write([]block{{kind: image, image: img}})
	}
	return o.write(lay(s, link, o))
}

// Picture is the slip in black and white as wide as the columns, for printers that take
// pictures.
func Picture(s receipt.Slip, link string, columns int) (*dots.Bitmap, error) {
	width := columns * dots.CellWidth
	img, err := picture.Paint(s, picture.Printer(width))
	switch {
	case errors.Is(err, picture.ErrTooHigh):
		return nil, ErrTooLong
	case err != nil:
		return nil, err
	}
	out := dots.Of(img)
	if link == "" {
		return out, nil
	}
	code, err := codeOf(link, width)
	if err != nil {
		return nil, err
	}
	top := out.Height
	out.Grow(top + code.Height)
	out.Put(code, (width-code.Width)/2, top)
	return out, nil
}

// Figures of the code: the size of a module in dots, the white border in modules.
const (
	moduleDots = 6
	quietZone  = 2
)

// codeOf is the link as a QR code with its border, no wider than width.
func codeOf(link string, width int) (*dots.Bitmap, error) {
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return nil, err
	}
	side := code.Size + 2*quietZone
	size := min(moduleDots, width/side)
	if size < 1 {
		return nil, ErrTooLong
	}
	out := dots.New(side, side)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				out.Set(x+quietZone, y+quietZone)
			}
		}
	}
	return out.Scale(size, size), nil
}

// Test is what stands on a page by which a printer is tried: Hangul, a syllable outside
// of KS X 1001, both sizes, rules and sums.
func Test(l receipt.Language, shop string, o Options) receipt.Slip {
	s := receipt.Slip{Language: l, Shop: shop, Title: l.Say("testPage"), Copy: string(o.Mode), Amount: l.Won(1_234_567), Note: l.Say("testNote")}
	s.Sections = []receipt.Section{{Title: l.Say("testHangul"), Rows: []receipt.Row{
		{Label: "가나다라마바사", Value: "아자차카타파하"}, {Label: "KS X 1001", Value: "한글"}, {Label: "CP949", Value: "뷁 똠 펲 믜"},
		{Label: l.Say("total"), Value: l.Won(1_234_567), Total: true},
	}}}
	return s
}

// Page writes a test page: in text modes with a ruler of the columns on top.
func Page(s receipt.Slip, link string, o Options) ([]byte, error) {
	if !o.Valid() || o.Mode == Raster {
		return Encode(s, link, o)
	}
	return o.write(append([]block{{kind: words, text: ruler(o.Columns)}}, lay(s, link, o)...))
}

// ruler is a line as long as the paper is wide: 1234567890..
func ruler(columns int) string {
	b := make([]byte, columns)
	for i := range b {
		b[i] = "1234567890"[i%10]
	}
	return string(b)
}
