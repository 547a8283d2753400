package escpos

import "innopay/internal/receipt"

// Line is a line of text as it was laid out, before pictures take the place of some.
type Line struct {
	Text         string
	Width        int
	Bold, Double bool
}

// Lines lays a slip out as text.
func Lines(s receipt.Slip, link string, columns int) []Line {
	var out []Line
	for _, b := range lay(s, link, Options{Columns: columns, Mode: CP949, Hangul: Full}) {
		if b.kind == words {
			out = append(out, Line{b.text, b.width(), b.bold, b.double})
		}
	}
	return out
}

// Beyond is beyond.
func Beyond(text string) bool { return beyond(text) }

// Wrap is wrap.
func Wrap(text string, room int, anywhere bool) []string { return wrap(text, room, anywhere) }
