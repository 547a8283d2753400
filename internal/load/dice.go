package load

// Dice is a small deterministic source of choices (SplitMix64): the same seed makes
// the same load. Not safe for concurrent use, and nothing secret depends on it.
type Dice struct{ state uint64 }

// NewDice returns dice that throw what the seed says.
func NewDice(seed uint64) *Dice { return &Dice{seed*0x9e3779b97f4a7c15 + 1} }

// Roll is an integer in 0..n-1; n is positive.
func (d *Dice) Roll(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n)) //nolint:gosec // n is positive and small
}
