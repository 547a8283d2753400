package escpos

import "innopay/internal/receipt/escpos/dots"

// language is how a family of printers is told things.
type language interface {
	begin(drawer bool) []byte
	text(line []byte, bold, double bool) []byte
	picture(b *dots.Bitmap) []byte
	code(link string, module int) []byte
	end() []byte
}

// write puts blocks into the printer's language.
func (o Options) write(blocks []block) ([]byte, error) {
	var lang language = epson{}
	if o.Mode == StarLine {
		lang = star{}
	}
	out := lang.begin(o.Drawer)
	for _, b := range blocks {
		switch b.kind {
		case words:
			out = append(out, lang.text(Bytes(b.text), b.bold, b.double)...)
		case image:
			for top := 0; top < b.image.Height; top += bandRows {
				out = append(out, lang.picture(b.image.Band(top, bandRows))...)
			}
		case code:
			img, err := codeOf(b.text, o.Dots())
			if err != nil {
				return nil, err
			}
			out = append(out, lang.code(b.text, moduleOf(img))...)
		}
		if len(out) > MaxDocument {
			return nil, ErrTooLong
		}
	}
	if out = append(out, lang.end()...); len(out) > MaxDocument {
		return nil, ErrTooLong
	}
	return out, nil
}

// bandRows is how much of a picture goes at once: small printers hold no more.
const bandRows = 128

// moduleOf is how many dots a module of the code has, within what both families take.
func moduleOf(img *dots.Bitmap) int {
	for x := range img.Width {
		if !img.Black(x, x) {
			continue
		}
		return max(1, min(8, x/quietZone))
	}
	return moduleDots
}

func low(n int) byte { return byte(n & 0xff) }

func high(n int) byte { return byte(n >> 8 & 0xff) }

// epson is ESC/POS.
type epson struct{}

func (epson) begin(drawer bool) []byte {
	out := []byte{0x1b, '@', 0x1c, '&'} // initialise; two-byte characters on (FS &)
	if drawer {
		out = append(out, 0x1b, 'p', 0, 25, 250) // a pulse of 50 ms on pin 2
	}
	return out
}

func (epson) text(line []byte, bold, double bool) []byte {
	var out []byte
	if bold {
		out = append(out, 0x1b, 'E', 1)
	}
	if double {
		out = append(out, 0x1d, '!', 0x11)
	}
	out = append(append(out, line...), '\n')
	if double {
		out = append(out, 0x1d, '!', 0)
	}
	if bold {
		out = append(out, 0x1b, 'E', 0)
	}
	return out
}

// picture is GS v 0.
func (epson) picture(b *dots.Bitmap) []byte {
	return append([]byte{0x1d, 'v', '0', 0, low(b.Stride), high(b.Stride), low(b.Height), high(b.Height)}, b.Bits...)
}

// code is GS ( k: model 2, size of a module, correction M, the data, print.
func (epson) code(link string, module int) []byte {
	n := len(link) + 3
	out := []byte{0x1b, 'a', 1, 0x1d, '(', 'k', 4, 0, '1', 'A', '2', 0, 0x1d, '(', 'k', 3, 0, '1', 'C', low(module), 0x1d, '(', 'k', 3, 0, '1', 'E', '1'}
	out = append(append(out, 0x1d, '(', 'k', low(n), high(n), '1', 'P', '0'), link...)
	return append(out, 0x1d, '(', 'k', 3, 0, '1', 'Q', '0', 0x1b, 'a', 0)
}

func (epson) end() []byte {
	return []byte{0x1c, '.', 0x1b, 'd', 3, 0x1d, 'V', 'B', 0} // FS ., three lines, to the cutter and partial cut
}

// star is Star's line mode.
type star struct{}

func (star) begin(drawer bool) []byte {
	out := []byte{0x1b, '@'}
	if drawer {
		out = append(out, 0x1b, 0x07, 20, 20, 0x07) // pulse of 200 ms; open drawer 1
	}
	return out
}

func (star) text(line []byte, bold, double bool) []byte {
	var out []byte
	if bold {
		out = append(out, 0x1b, 'E')
	}
	if double {
		out = append(out, 0x1b, 'i', 1, 1)
	}
	out = append(append(out, line...), '\n')
	if double {
		out = append(out, 0x1b, 'i', 0, 0)
	}
	if bold {
		out = append(out, 0x1b, 'F')
	}
	return out
}

// picture is ESC GS S.
func (star) picture(b *dots.Bitmap) []byte {
	return append([]byte{0x1b, 0x1d, 'S', 1, low(b.Stride), high(b.Stride), low(b.Height), high(b.Height), 0}, b.Bits...)
}

// code is ESC GS y: model 2, correction M, size of a module, the data, print.
func (star) code(link string, module int) []byte {
	n := len(link)
	out := []byte{0x1b, 0x1d, 'a', 1, 0x1b, 0x1d, 'y', 'S', '0', 2, 0x1b, 0x1d, 'y', 'S', '1', 1, 0x1b, 0x1d, 'y', 'S', '2', low(module)}
	out = append(append(out, 0x1b, 0x1d, 'y', 'D', '1', 0, low(n), high(n)), link...)
	return append(out, 0x1b, 0x1d, 'y', 'P', 0x1b, 0x1d, 'a', 0)
}

func (star) end() []byte { return []byte{0x1b, 'd', 3} } // feed to the cutter and partial cut
