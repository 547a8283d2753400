package g711_test

import (
	"math"
	"testing"

	"innopay/internal/ars/g711"
)

var laws = []g711.Law{g711.PCMU, g711.PCMA}

func TestACodeSurvivesTheWayThereAndBack(t *testing.T) {
	t.Parallel()
	for _, law := range laws {
		for b := range 256 {
			sample := law.Decode(byte(b))
			if again := law.Decode(law.Encode(sample)); again != sample {
				t.Errorf("%v: %#02x is %d and comes back as %d", law, b, sample, again)
			}
		}
	}
}

// TestKnownValues are the corners of the tables in ITU-T G.711.
func TestKnownValues(t *testing.T) {
	t.Parallel()
	tests := []struct {
		law    g711.Law
		code   byte
		sample int16
	}{
		{g711.PCMU, 0xff, 0},
		{g711.PCMU, 0x80, 32124}, {g711.PCMU, 0x00, -32124},
		{g711.PCMU, 0xfe, 8}, {g711.PCMU, 0x7e, -8},
		{g711.PCMA, 0xd5, 8}, {g711.PCMA, 0x55, -8},
		{g711.PCMA, 0xaa, 32256}, {g711.PCMA, 0x2a, -32256},
	}
	for _, test := range tests {
		if got := test.law.Decode(test.code); got != test.sample {
			t.Errorf("%v: %#02x is %d, want %d", test.law, test.code, got, test.sample)
		}
		if got := test.law.Encode(test.sample); got != test.code {
			t.Errorf("%v: %d is %#02x, want %#02x", test.law, test.sample, got, test.code)
		}
	}
	if g711.PCMU.Silence() != 0xff {
		t.Errorf("silence of mu-law is %#02x", g711.PCMU.Silence())
	}
}

func TestEverySampleGetsTheNearestCode(t *testing.T) {
	t.Parallel()
	for _, law := range laws {
		for v := math.MinInt16; v <= math.MaxInt16; v += 8 { // multiples of what both resolve
			got := gap(v, law.Decode(law.Encode(int16(v))))
			best := math.MaxInt
			for b := range 256 {
				best = min(best, gap(v, law.Decode(byte(b))))
			}
			if got != best {
				t.Fatalf("%v: %d is %d away, the nearest code %d", law, v, got, best)
			}
		}
	}
}

func gap(v int, sample int16) int {
	return int(math.Abs(float64(v - int(sample))))
}

// TestASineKeepsItsQuality: the laws promise about 38 dB.
func TestASineKeepsItsQuality(t *testing.T) {
	t.Parallel()
	for _, law := range laws {
		var signal, noise float64
		for i := range 8000 {
			v := int16(16000 * math.Sin(2*math.Pi*440*float64(i)/8000))
			d := float64(v) - float64(law.Decode(law.Encode(v)))
			signal += float64(v) * float64(v)
			noise += d * d
		}
		if db := 10 * math.Log10(signal/noise); db < 37 {
			t.Errorf("%v: signal to noise %.1f dB", law, db)
		}
	}
}

func TestMuLawBecomesALaw(t *testing.T) {
	t.Parallel()
	in := make([]byte, 256)
	for i := range in {
		in[i] = byte(i)
	}
	for i, b := range g711.ToA(in) {
		if want := g711.PCMA.Encode(g711.PCMU.Decode(byte(i))); b != want {
			t.Errorf("%#02x becomes %#02x, want %#02x", i, b, want)
		}
	}
}
