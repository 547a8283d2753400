package lan

import (
	"strings"

	"rsc.io/qr"
)

// quiet is the empty border that a code needs, in modules (ISO/IEC 18004).
const quiet = 4

// halves are two modules, one above the other; dark is drawn, light is left.
var halves = map[[2]bool]string{{true, true}: "█", {true, false}: "▀", {false, true}: "▄", {false, false}: " "}

// black on white whatever the terminal's own colours are, and back.
const (
	paper = "\x1b[38;5;16;48;5;231m"
	plain = "\x1b[0m"
)

// Terminal draws a text as a QR code for a terminal, two rows of modules in a line.
func Terminal(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		b.WriteString(paper)
		for x := -quiet; x < code.Size+quiet; x++ {
			b.WriteString(halves[[2]bool{code.Black(x, y), code.Black(x, y+1)}])
		}
		b.WriteString(plain + "\n")
	}
	return b.String(), nil
}
