package paper

// starOrders are the commands of Star's line mode behind ESC that have a fixed length.
var starOrders = map[byte]order{
	'@': {0, func(d *Decoder, _ []byte) { d.reset() }},
	'E': {0, func(d *Decoder, _ []byte) { d.style.Bold = true }},
	'F': {0, func(d *Decoder, _ []byte) { d.style.Bold = false }},
	'G': {0, func(d *Decoder, _ []byte) { d.style.strike = true }},
	'H': {0, func(d *Decoder, _ []byte) { d.style.strike = false }},
	'4': {0, func(d *Decoder, _ []byte) { d.style.Invert = true }},
	'5': {0, func(d *Decoder, _ []byte) { d.style.Invert = false }},
	'-': {1, func(d *Decoder, p []byte) { d.style.Underline = p[0]%48 != 0 }},
	'i': {2, func(d *Decoder, p []byte) { d.size(1+int(p[1]%48%6), 1+int(p[0]%48%6)) }},
	'W': {1, func(d *Decoder, p []byte) { d.style.Wide = 1 + int(p[0]%48%6) }},
	'h': {1, func(d *Decoder, p []byte) { d.style.High = 1 + int(p[0]%48%6) }},
	'd': {1, func(d *Decoder, p []byte) {
		if d.flush(); p[0]%48 >= 2 {
			d.down(72) // to the cutter
		}
		d.cut()
	}},
	'a': {1, func(d *Decoder, p []byte) {
		d.flush()
		d.down(int(p[0]) * d.spacing)
		d.x = 0
	}},
	'J': {1, func(d *Decoder, p []byte) {
		d.flush()
		d.down(2 * int(p[0]))
		d.x = 0
	}},
	'z': {1, func(d *Decoder, p []byte) { d.spacing = map[bool]int{true: 32, false: 24}[on(p[0])] }},
	ack: {1, func(d *Decoder, _ []byte) { d.starStatus() }},
	bel: {2, nil}, rs: {2, nil}, 'R': {1, nil}, 'l': {1, nil}, 'Q': {1, nil}, 'M': {0, nil}, 'P': {0, nil}, ' ': {1, nil}, 's': {2, nil}, 'p': {0, nil},
	'q': {0, nil}, '$': {1, nil}, 'C': {1, nil}, 'N': {1, nil}, 'O': {0, nil}, '0': {0, nil}, '1': {0, nil}, '3': {1, nil}, 'y': {1, nil},
}

// starStatus answers ESC ACK SOH: a header that tells the length, cover and line in the
// third byte, paper in the sixth.
func (d *Decoder) starStatus() {
	c := d.condition()
	out := []byte{0x0f, 0x06, 0, 0, 0, 0, 0}
	if c.CoverOpen {
		out[2] |= 0x20
	}
	if !c.prints() {
		out[2] |= 0x08
	}
	if c.NoPaper {
		out[5] |= 0x0c
	}
	d.say(out...)
}

// starGroup is ESC GS and what follows.
func (d *Decoder) starGroup(b []byte) int {
	if len(b) < 4 {
		return 0
	}
	switch b[2] {
	case 'a':
		d.align = b[3] % 48 % 3
		return 4
	case 't', 'x':
		return 4
	case 'S':
		if len(b) < 9 {
			return 0
		}
		stride, rows := number(b[4:6]), number(b[6:8])
		return d.withData(b, 9, stride*rows, func(p []byte) { d.picture(bitmap(p, stride, rows), Part{}) })
	case 'A', 'R': // positions
		if len(b) < 5 {
			return 0
		}
		if n := number(b[3:5]); b[2] == 'A' {
			d.x = min(n, d.area)
		} else {
			d.x = min(d.x+n, d.area)
		}
		return 5
	case 'y':
		return d.starQR(b)
	}
	d.page.Strange++
	return 3
}

// starQR is ESC GS y.
func (d *Decoder) starQR(b []byte) int {
	switch b[3] {
	case 'P':
		d.printQR()
		return 4
	case 'I':
		return 4
	case 'S':
		if len(b) < 6 {
			return 0
		}
		switch b[4] {
		case '1':
			d.qr.level = int(b[5] % 48 % 4)
		case '2':
			d.qr.module = max(1, min(int(b[5]), 8))
		}
		return 6
	case 'D':
		if len(b) < 8 {
			return 0
		}
		return d.withData(b, 8, number(b[6:8]), func(p []byte) { d.qr.data = string(p) })
	}
	d.page.Strange++
	return 4
}
