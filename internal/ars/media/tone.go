package media

import (
	"math"

	"innopay/internal/ars/g711"
)

// In-band tones (ITU-T Q.23 and Q.24) are looked for in blocks of 12.75 ms, so that two
// whole ones lie in the shortest tone that must be taken (40 ms).
const (
	block      = 102
	confirms   = 2       // equal blocks that make a key
	releases   = 2       // blocks without it that end it
	minEnergy  = 1e4     // mean square of a sample: -50 dB of full scale
	twist      = 6.31    // 8 dB between the two tones
	purity     = 0.7     // of the block's energy in the two tones
	rivalRatio = 4.0     // a tone is 6 dB above its neighbours of the same group
	sampleRate = 8000    // G.711
	tonesEach  = 4       // of a group
	noKey      = byte(0) // no tone, or more than one key
)

var (
	low  = coefficients(697, 770, 852, 941)
	high = coefficients(1209, 1336, 1477, 1633)
)

const pad = "123A456B789C*0#D"

func coefficients(hertz ...float64) (c [tonesEach]float64) {
	for i, f := range hertz {
		c[i] = 2 * math.Cos(2*math.Pi*f/sampleRate)
	}
	return c
}

// toneReader makes presses of tones, by Goertzel's algorithm. It is for lines that did
// not offer telephone events; on others every key would come twice.
type toneReader struct {
	low, high [tonesEach][2]float64 // the last two values of each filter
	energy    float64
	n         int

	held  byte // the key that is down
	seen  byte // of the last block
	times int  // that seen was seen
	quiet int  // blocks without held
}

// read takes the sound of one packet and returns the keys whose press began in it.
func (t *toneReader) read(law g711.Law, payload []byte) []byte {
	var out []byte
	for _, b := range payload {
		t.add(float64(law.Decode(b)))
		if t.n < block {
			continue
		}
		if key := t.step(t.decide()); key != noKey {
			out = append(out, key)
		}
	}
	return out
}

// add runs one sample through all filters.
func (t *toneReader) add(x float64) {
	for i := range tonesEach {
		filter(&t.low[i], low[i], x)
		filter(&t.high[i], high[i], x)
	}
	t.energy += x * x
	t.n++
}

func filter(s *[2]float64, c, x float64) {
	s[0], s[1] = x+c*s[0]-s[1], s[0]
}

// step takes the key of one block and says whether a press begins.
func (t *toneReader) step(key byte) byte {
	if key == t.seen {
		t.times++
	} else {
		t.seen, t.times = key, 1
	}
	if t.held != noKey {
		if key == t.held {
			t.quiet = 0
		} else if t.quiet++; t.quiet >= releases {
			t.held = noKey
		}
	}
	if key == noKey || t.held != noKey || t.times < confirms {
		return noKey
	}
	t.held, t.quiet = key, 0
	return key
}

// decide says which key a whole block is, and begins the next.
func (t *toneReader) decide() byte {
	row, lowPower, lowAlone := strongest(&t.low, low)
	column, highPower, highAlone := strongest(&t.high, high)
	energy := t.energy
	t.low, t.high, t.energy, t.n = [tonesEach][2]float64{}, [tonesEach][2]float64{}, 0, 0
	switch {
	case energy < minEnergy*block,
		!lowAlone || !highAlone,
		lowPower > highPower*twist || highPower > lowPower*twist,
		// A pure tone of energy E gives a power of E*N/2.
		2*(lowPower+highPower) < purity*energy*block:
		return noKey
	}
	return pad[tonesEach*row+column]
}

// strongest finds the strongest tone of a group, and whether it stands alone.
func strongest(group *[tonesEach][2]float64, c [tonesEach]float64) (at int, best float64, alone bool) {
	var powers [tonesEach]float64
	for i, s := range group {
		powers[i] = s[0]*s[0] + s[1]*s[1] - c[i]*s[0]*s[1]
		if powers[i] > powers[at] {
			at = i
		}
	}
	best = powers[at]
	for i, p := range powers {
		if i != at && p*rivalRatio > best {
			return at, best, false
		}
	}
	return at, best, true
}
