package paper

import (
	"rsc.io/qr"

	"innopay/internal/receipt/escpos/dots"
)

// qrState is the code that is being made.
type qrState struct {
	data   string
	module int // dots
	level  int // 0 L .. 3 H
}

func newQR() qrState { return qrState{module: 3} }

// mostQR is what the largest code holds, in bytes.
const mostQR = 2_953

// epsonQR is GS ( k with cn 49.
func (d *Decoder) epsonQR(fn byte, p []byte) {
	switch {
	case fn == 'C' && len(p) >= 1:
		d.qr.module = max(1, min(int(p[0]), 16))
	case fn == 'E' && len(p) >= 1:
		d.qr.level = int(p[0] % 48 % 4)
	case fn == 'P' && len(p) >= 1:
		d.qr.data = string(p[1:])
	case fn == 'Q':
		d.printQR()
	}
}

// printQR draws the code, or nothing when it cannot be one or is wider than the paper.
func (d *Decoder) printQR() {
	if d.qr.data == "" || len(d.qr.data) > mostQR {
		return
	}
	code, err := qr.Encode(d.qr.data, []qr.Level{qr.L, qr.M, qr.Q, qr.H}[d.qr.level])
	if err != nil || code.Size*d.qr.module > d.area {
		d.page.Strange++
		return
	}
	img := dots.New(code.Size, code.Size)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				img.Set(x, y)
			}
		}
	}
	img = img.Scale(d.qr.module, d.qr.module)
	d.picture(img, Part{Code: d.qr.data})
	d.down(dots.CellHeight)
}
