package escpos

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"

	"innopay/internal/receipt/escpos/dots"
	"innopay/internal/receipt/font"
)

// substitutes are characters that printers show otherwise or not at all: 0x5C is a won
// sign on Korean printers, which have the sign itself in two bytes.
var substitutes = strings.NewReplacer("₩", "￦", `\`, "＼", "–", "-", "—", "-", "•", "·", "\u00a0", " ", "“", `"`, "”", `"`, "‘", "'", "’", "'")

// Clean is text as a printer can have it: one line, '?' for what neither the type nor
// CP949 has.
func Clean(text string) string {
	text = font.Clean(substitutes.Replace(norm.NFC.String(text)))
	return strings.Map(func(r rune) rune {
		if r < 0x80 || len(encoded(r)) == 2 {
			return r
		}
		return '?'
	}, text)
}

// encoded is a character in CP949, nil when it is not in it.
func encoded(r rune) []byte {
	b, err := korean.EUCKR.NewEncoder().Bytes([]byte(string(r)))
	if err != nil {
		return nil
	}
	return b
}

// Bytes is cleaned text in CP949.
func Bytes(text string) []byte {
	b, err := korean.EUCKR.NewEncoder().Bytes([]byte(text))
	if err != nil { // a character that Clean would have replaced
		return Bytes(Clean(text))
	}
	return b
}

// beyond reports whether cleaned text has syllables that a printer with KS X 1001 alone
// has not. CP949 keeps them in rows and cells that the standard leaves free.
func beyond(text string) bool {
	for _, r := range text {
		if r < 0x80 || !unicode.Is(unicode.Hangul, r) {
			continue
		}
		if b := encoded(r); len(b) != 2 || b[0] < 0xb0 || b[0] > 0xc8 || b[1] < 0xa1 {
			return true
		}
	}
	return false
}

// wrap breaks cleaned text into lines no wider than room columns, which is 2 at least:
// between words where it can be, inside one that is too long or may be broken anywhere.
func wrap(text string, room int, anywhere bool) []string {
	room = max(room, 2)
	var lines []string
	line := ""
	fits := func(s string) bool { return dots.Width(s) <= room }
	for word := range strings.FieldsSeq(text) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if fits(joined) {
			line = joined
			continue
		}
		if line != "" && !anywhere {
			lines = append(lines, line)
			line = ""
		} else if line != "" && fits(line+" ") {
			line += " "
		}
		for _, r := range word {
			if line != "" && !fits(line+string(r)) {
				lines = append(lines, strings.TrimRight(line, " "))
				line = ""
			}
			line += string(r)
		}
	}
	return append(lines, line)
}
