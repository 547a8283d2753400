package paper

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"innopay/internal/receipt/escpos/dots"
)

// Control characters.
const (
	eot = 0x04
	enq = 0x05
	ack = 0x06
	bel = 0x07
	ht  = 0x09
	lf  = 0x0a
	dle = 0x10
	dc4 = 0x14
	etb = 0x17
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
	rs  = 0x1e
)

// step does one command or character and gives how many bytes it took; 0 when more are
// needed.
func (d *Decoder) step(b []byte) int {
	switch c := b[0]; {
	case c == esc:
		return d.escape(b)
	case c == fs && d.language != Star:
		return d.table(b, fsOrders)
	case c == gs && d.language != Star:
		return d.group(b)
	case c == dle:
		return d.realTime(b)
	case c == lf:
		d.feedLine()
	case c == ht: // to the next column of eight
		d.x = (d.x/(8*dots.CellWidth) + 1) * 8 * dots.CellWidth
	case c == bel && d.language == Star:
		d.page.Kicks++
	case c < 0x20: // CR and the rest move nothing
	case c < 0x80:
		d.char(rune(c))
	default:
		return d.twoBytes(b)
	}
	return 1
}

// twoBytes is a character in CP949, or, while two-byte characters are off, one of a code
// page that we do not draw.
func (d *Decoder) twoBytes(b []byte) int {
	if !d.hangul {
		d.page.Broken++
		d.char('?')
		return 1
	}
	if len(b) < 2 {
		return 0
	}
	text, err := korean.EUCKR.NewDecoder().Bytes(b[:2])
	r, n := utf8.DecodeRune(text)
	if err != nil || r == utf8.RuneError || n != len(text) {
		d.page.Broken++
		d.char('?')
		if b[1] < 0x20 { // the second half is a command
			return 1
		}
		return 2
	}
	d.char(r)
	return 2
}

// order is a command with a fixed number of parameters.
type order struct {
	params int
	do     func(d *Decoder, p []byte)
}

// table runs a command of fixed length, whose name is the second byte.
func (d *Decoder) table(b []byte, orders map[byte]order) int {
	if len(b) < 2 {
		return 0
	}
	o, ok := orders[b[1]]
	if !ok {
		d.page.Strange++
		return 2
	}
	n := 2 + o.params
	if len(b) < n {
		return 0
	}
	if o.do != nil {
		o.do(d, b[2:n])
	}
	return n
}

// star turns a printer that has not made up its mind into one of Star's.
func (d *Decoder) star() bool {
	if d.language == Auto {
		d.language, d.hangul = Star, true
	}
	return d.language == Star
}

// escape is ESC and what follows.
func (d *Decoder) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	if d.language != ESCPOS && (b[1] == gs || b[1] == ack || b[1] == rs || b[1] == bel) {
		d.star()
	}
	if d.language == Star {
		if b[1] == gs {
			return d.starGroup(b)
		}
		if b[1] == 'D' {
			return d.untilNUL(b)
		}
		return d.table(b, starOrders)
	}
	switch b[1] {
	case '*':
		return d.columns(b)
	case 'D':
		return d.untilNUL(b)
	}
	return d.table(b, escOrders)
}

// untilNUL reads a list of tabs, at most 32, which we do not move by.
func (d *Decoder) untilNUL(b []byte) int {
	for i := 2; i < len(b); i++ {
		if b[i] == 0 || i > 34 {
			return i + 1
		}
	}
	return 0
}

// columns is ESC *: a picture in columns of 8 or 24 dots, set like a character.
func (d *Decoder) columns(b []byte) int {
	if len(b) < 5 {
		return 0
	}
	rows := 8
	if b[2] >= 32 {
		rows = 24
	}
	wide := number(b[3:5])
	return d.withData(b, 5, wide*rows/8, func(p []byte) {
		img := dots.New(min(wide, MaxWidth), rows)
		for x := range img.Width {
			for y := range rows {
				if p[x*rows/8+y/8]&(0x80>>(y%8)) != 0 {
					img.Set(x, y)
				}
			}
		}
		d.picture(img, Part{})
	})
}

// withData waits until a command's data is there, and skips it when it is too much.
func (d *Decoder) withData(b []byte, head, data int, do func(p []byte)) int {
	if data > maxHeld {
		d.page.Strange++
		d.skip = min(data, maxSkip)
		return head
	}
	if len(b) < head+data {
		return 0
	}
	do(b[head : head+data])
	return head + data
}

func number(b []byte) int {
	n := 0
	for _, one := range slices.Backward(b) {
		n = n<<8 | int(one)
	}
	return n
}

// realTime is DLE and what follows: questions that are answered at once.
func (d *Decoder) realTime(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case eot:
		if len(b) < 3 {
			return 0
		}
		d.tell(b[2])
		return 3
	case enq:
		if len(b) < 3 {
			return 0
		}
		return 3
	case dc4: // pulse, buzzer, power: all have three parameters but clearing
		if len(b) < 5 {
			return 0
		}
		if b[2] == 1 {
			d.page.Kicks++
		}
		return 5
	}
	d.page.Strange++
	return 1
}

// tell answers DLE EOT: bits 1 and 4 are always set, 0 and 7 never.
func (d *Decoder) tell(what byte) {
	c := d.condition()
	out := byte(0x12)
	set := func(on bool, bits byte) {
		if on {
			out |= bits
		}
	}
	switch what {
	case 1:
		set(!c.prints(), 0x08)
	case 2:
		set(c.CoverOpen, 0x04)
		set(c.NoPaper, 0x20)
	case 4:
		set(c.NoPaper, 0x60)
	}
	d.say(out)
}
