package dialogue

// Outcomes is the number of outcomes, for the fuzz test.
const Outcomes = outcomes

// Held counts the bytes of entries that the machine holds.
func Held(d *Dialogue) int {
	held := 0
	for _, e := range []*entry{&d.typed, &d.number, &d.expiry, &d.birth, &d.password} {
		for _, b := range e.digits {
			if b != 0 {
				held++
			}
		}
		held += e.n
	}
	for _, a := range d.out {
		if _, ok := a.(Pay); ok {
			held++
		}
	}
	return held
}
