package dialogue

import "fmt"

// maxEntry is the longest entry: a card number (ISO/IEC 7812-1).
const maxEntry = 19

// entry holds the digits of one answer in place, so that no copy of them is ever left
// behind by a growing slice.
type entry struct {
	digits [maxEntry]byte
	n      int
}

// push adds a digit; what does not fit is dropped, which the collector never lets happen.
func (e *entry) push(digit byte) {
	if e.n < len(e.digits) {
		e.digits[e.n] = digit
		e.n++
	}
}

// bytes are the digits, for as long as nothing is pushed or wiped.
func (e *entry) bytes() []byte { return e.digits[:e.n] }

// take moves the digits of another entry here.
func (e *entry) take(from *entry) {
	*e = *from
	from.wipe()
}

// wipe overwrites the digits.
func (e *entry) wipe() { *e = entry{} }

// wipe overwrites everything that the caller has entered.
func (d *Dialogue) wipe() {
	for _, e := range []*entry{&d.typed, &d.number, &d.expiry, &d.birth, &d.password} {
		e.wipe()
	}
}

// Format prints the step and nothing that was entered.
func (d *Dialogue) Format(f fmt.State, _ rune) { _, _ = fmt.Fprintf(f, "dialogue(%s)", d.at) }
