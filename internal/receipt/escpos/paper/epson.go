package paper

import (
	"encoding/binary"

	"innopay/internal/receipt/escpos/dots"
)

func on(b byte) bool { return b&1 == 1 }

// size sets how often dots are repeated.
func (d *Decoder) size(wide, high int) { d.style.Wide, d.style.High = wide, high }

// escOrders are the commands of ESC/POS behind ESC that have a fixed length. Those
// without a function change nothing that we draw.
var escOrders = map[byte]order{
	'@': {0, func(d *Decoder, _ []byte) { d.reset() }},
	'!': {1, func(d *Decoder, p []byte) {
		d.style.Bold, d.style.Underline = p[0]&0x08 != 0, p[0]&0x80 != 0
		d.size(1+int(p[0]>>5&1), 1+int(p[0]>>4&1))
	}},
	'E':  {1, func(d *Decoder, p []byte) { d.style.Bold = on(p[0]) }},
	'G':  {1, func(d *Decoder, p []byte) { d.style.strike = on(p[0]) }},
	'-':  {1, func(d *Decoder, p []byte) { d.style.Underline = p[0]%48 != 0 }},
	'a':  {1, func(d *Decoder, p []byte) { d.align = p[0] % 48 % 3 }},
	'2':  {0, func(d *Decoder, _ []byte) { d.spacing = 30 }},
	'3':  {1, func(d *Decoder, p []byte) { d.spacing = int(p[0]) }},
	' ':  {1, func(d *Decoder, p []byte) { d.gap = int(p[0]) }},
	'$':  {2, func(d *Decoder, p []byte) { d.x = min(number(p), d.area) }},
	'\\': {2, func(d *Decoder, p []byte) { d.x = max(0, min(d.x+int(int16(binary.LittleEndian.Uint16(p))), d.area)) }},
	'd': {1, func(d *Decoder, p []byte) {
		d.flush()
		d.down(int(p[0]) * d.spacing)
		d.x = 0
	}},
	'J': {1, func(d *Decoder, p []byte) {
		d.flush()
		d.down(int(p[0]))
		d.x = 0
	}},
	'p': {3, func(d *Decoder, _ []byte) { d.page.Kicks++ }},
	'i': {0, func(d *Decoder, _ []byte) { d.cut() }},
	'm': {0, func(d *Decoder, _ []byte) { d.cut() }},
	'M': {1, nil}, 't': {1, nil}, 'R': {1, nil}, '{': {1, nil}, 'V': {1, nil}, 'r': {1, nil}, '=': {1, nil}, 'c': {2, nil}, 'S': {0, nil}, 'L': {0, nil},
	'T': {1, nil}, 'W': {8, nil}, '%': {1, nil}, '?': {1, nil}, 'U': {1, nil}, 'e': {1, nil}, 'K': {1, nil}, 'u': {1, nil}, 'v': {0, nil}, 'B': {2, nil},
}

// fsOrders are those behind FS.
var fsOrders = map[byte]order{
	'&': {0, func(d *Decoder, _ []byte) { d.hangul = true }},
	'.': {0, func(d *Decoder, _ []byte) { d.hangul = false }},
	'!': {1, func(d *Decoder, p []byte) {
		d.style.Underline = p[0]&0x80 != 0
		d.size(1+int(p[0]>>2&1), 1+int(p[0]>>3&1))
	}},
	'W': {1, func(d *Decoder, p []byte) { d.size(1+int(p[0]&1), 1+int(p[0]&1)) }},
	'-': {1, func(d *Decoder, p []byte) { d.style.Underline = p[0]%48 != 0 }},
	'S': {2, nil}, 'C': {1, nil}, 'p': {2, nil}, '?': {2, nil},
}

// gsOrders are those behind GS.
var gsOrders = map[byte]order{
	'!': {1, func(d *Decoder, p []byte) { d.size(1+int(p[0]>>4&7), 1+int(p[0]&7)) }},
	'B': {1, func(d *Decoder, p []byte) { d.style.Invert = on(p[0]) }},
	'L': {2, func(d *Decoder, p []byte) {
		d.left = min(number(p), d.width-8)
		d.area = min(d.area, d.width-d.left)
	}},
	'W': {2, func(d *Decoder, p []byte) { d.area = max(8, min(number(p), d.width-d.left)) }},
	'r': {1, func(d *Decoder, p []byte) { d.transmit(p[0]) }},
	'P': {2, nil}, 'a': {1, nil}, 'H': {1, nil}, 'h': {1, nil}, 'w': {1, nil}, 'f': {1, nil}, '/': {1, nil}, ':': {0, nil}, '^': {3, nil}, 'b': {1, nil},
	'I': {1, func(d *Decoder, _ []byte) { d.say(0x02) }}, // a model with two-byte characters
	'$': {2, nil}, '\\': {2, nil}, 'T': {1, nil}, '#': {1, nil}, 'E': {1, nil}, 'j': {1, nil},
}

// transmit is GS r, which is answered in its turn: whatever stood before it is printed
// by then. A printer that cannot print does not get so far.
func (d *Decoder) transmit(what byte) {
	if !d.prints() {
		return
	}
	d.flush()
	switch what {
	case 1, '1', 2, '2', 4, '4':
		d.say(0x00)
	}
}

// cut ends the paper.
func (d *Decoder) cut() {
	d.flush()
	d.x = 0
	if d.prints() {
		d.give(true)
	}
}

// group is GS and what follows.
func (d *Decoder) group(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case 'V':
		return d.cutting(b)
	case '(':
		if len(b) < 5 {
			return 0
		}
		name := b[2]
		return d.withData(b, 5, number(b[3:5]), func(p []byte) { d.extended(name, p) })
	case '8':
		if len(b) < 7 {
			return 0
		}
		return d.withData(b, 7, number(b[3:7]), func(p []byte) { d.extended(b[2], p) })
	case 'v':
		return d.raster(b)
	case 'k':
		return d.barcode(b)
	case '*':
		if len(b) < 4 {
			return 0
		}
		return d.withData(b, 4, int(b[2])*int(b[3])*8, func([]byte) {})
	}
	return d.table(b, gsOrders)
}

// cutting is GS V, which has one more parameter when the paper is fed first.
func (d *Decoder) cutting(b []byte) int {
	if len(b) < 3 {
		return 0
	}
	if b[2] < 'A' {
		d.cut()
		return 3
	}
	if len(b) < 4 {
		return 0
	}
	d.flush()
	d.down(int(b[3]))
	d.cut()
	return 4
}

// raster is GS v 0.
func (d *Decoder) raster(b []byte) int {
	if len(b) < 8 {
		return 0
	}
	stride, rows := number(b[4:6]), number(b[6:8])
	scale := int(b[3] % 48 % 4)
	return d.withData(b, 8, stride*rows, func(p []byte) {
		d.picture(bitmap(p, stride, rows).Scale(1+scale&1, 1+scale>>1), Part{})
	})
}

// bitmap is rows of whole bytes, cut at the widest paper there is.
func bitmap(p []byte, stride, rows int) *dots.Bitmap {
	out := dots.New(min(stride*8, MaxWidth), min(rows, maxHeight))
	for y := range out.Height {
		copy(out.Bits[y*out.Stride:(y+1)*out.Stride], p[y*stride:(y+1)*stride])
	}
	return out
}

// barcode is GS k, drawn as nothing: slips of ours have none.
func (d *Decoder) barcode(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	if b[2] >= 'A' {
		return d.withData(b, 4, int(b[3]), func([]byte) {})
	}
	return d.untilNUL(b)
}

// extended is GS ( and GS 8: what has a length of its own.
func (d *Decoder) extended(name byte, p []byte) {
	switch {
	case name == 'k' && len(p) >= 2 && p[0] == '1':
		d.epsonQR(p[1], p[2:])
	case name == 'L' && len(p) >= 2:
		d.graphics(p[1], p[2:])
	}
}

// graphics is GS ( L and GS 8 L: function 112 keeps a picture, 50 prints it.
func (d *Decoder) graphics(fn byte, p []byte) {
	switch fn {
	case 112:
		if len(p) < 8 {
			return
		}
		wide, rows := number(p[4:6]), number(p[6:8])
		stride := (wide + 7) / 8
		if len(p[8:]) < stride*rows || wide == 0 {
			return
		}
		img := bitmap(p[8:], stride, rows)
		d.pict = img.Scale(1+int(p[1]-1)&1, 1+int(p[2]-1)&1)
	case 2, 50:
		if d.pict != nil {
			d.picture(d.pict, Part{})
		}
		d.pict = nil
	}
}
