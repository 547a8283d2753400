package media_test

import (
	"log/slog"
	"math"
	"testing"

	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
)

// noise is white, and the same in every run.
type noise uint64

func (n *noise) next() float64 {
	*n = *n*6364136223846793005 + 1442695040888963407
	return float64(*n>>32)/math.MaxInt32 - 1
}

// tone is a pair of frequencies with its levels in samples, and noise.
type tone struct {
	low, high           float64
	lowLevel, highLevel float64
	noise               float64 // of a uniform distribution
}

const pad = "123A456B789C*0#D"

func toneOf(key int) tone {
	return tone{
		low:  []float64{697, 770, 852, 941}[key/4],
		high: []float64{1209, 1336, 1477, 1633}[key%4], lowLevel: 6000, highLevel: 6000,
	}
}

// sound appends the tone to a recording.
func sound(out []byte, law g711.Law, ms int, t tone, n *noise) []byte {
	for i := range 8 * ms {
		at := 2 * math.Pi * float64(i) / 8000
		v := t.lowLevel*math.Sin(t.low*at) + t.highLevel*math.Sin(t.high*at) + t.noise*n.next()
		out = append(out, law.Encode(int16(max(-32000, min(32000, v)))))
	}
	return out
}

// hear plays a recording to a session without telephone events.
func hear(t *testing.T, law g711.Law, recording []byte) string {
	t.Helper()
	r := newRig(t, law, 0)
	for i := 0; len(recording) > 0; i++ {
		n := min(160, len(recording))
		r.clock.Advance(media.Interval)
		r.receive(packet{seq: uint16(i), timestamp: uint32(160 * i), kind: law.PayloadType(), payload: recording[:n]})
		recording = recording[n:]
	}
	return string(r.pressed)
}

// TestTonesAreKeys: every key, from the shortest tone that a receiver must take, at any
// place in the stream, in both laws.
func TestTonesAreKeys(t *testing.T) {
	t.Parallel()
	for _, law := range []g711.Law{g711.PCMU, g711.PCMA} {
		for _, ms := range []int{40, 60, 100, 400} {
			for gap := 40; gap < 66; gap += 5 {
				var recording []byte
				for key := range pad {
					recording = sound(recording, law, gap, tone{}, new(noise))
					recording = sound(recording, law, ms, toneOf(key), new(noise))
				}
				if got := hear(t, law, recording); got != pad {
					t.Errorf("%v, %d ms after %d ms: %q", law, ms, gap, got)
				}
			}
		}
	}
}

func TestTonesAreKeysInNoise(t *testing.T) {
	t.Parallel()
	n := noise(1)
	right, all := 0, 0
	for range 20 {
		for key := range pad {
			pair := toneOf(key)
			pair.noise = 6000 * math.Sqrt(3) / math.Sqrt(10) // 10 dB below the tones
			recording := sound(nil, g711.PCMA, 50, tone{noise: pair.noise}, &n)
			recording = sound(recording, g711.PCMA, 80, pair, &n)
			recording = sound(recording, g711.PCMA, 50, tone{noise: pair.noise}, &n)
			all++
			if hear(t, g711.PCMA, recording) == pad[key:key+1] {
				right++
			}
		}
	}
	if right < all*98/100 {
		t.Errorf("%d of %d tones of 80 ms are read right", right, all)
	}
}

func TestWhatIsNoToneIsNoKey(t *testing.T) {
	t.Parallel()
	n := noise(2)
	one, twisted, quiet, off := toneOf(0), toneOf(0), toneOf(0), toneOf(0)
	one.highLevel = 0
	twisted.highLevel = 1500
	quiet.lowLevel, quiet.highLevel = 40, 40
	off.low, off.high = 733, 1270
	for name, recording := range map[string][]byte{
		"silence":      sound(nil, g711.PCMU, 1000, tone{}, &n),
		"noise":        sound(nil, g711.PCMU, 10000, tone{noise: 20000}, &n),
		"one tone":     sound(nil, g711.PCMU, 1000, one, &n),
		"12 dB apart":  sound(nil, g711.PCMU, 1000, twisted, &n),
		"too quiet":    sound(nil, g711.PCMU, 1000, quiet, &n),
		"between keys": sound(nil, g711.PCMU, 1000, off, &n),
		"20 ms":        sound(sound(nil, g711.PCMU, 20, toneOf(5), &n), g711.PCMU, 40, tone{}, &n),
	} {
		if got := hear(t, g711.PCMU, recording); got != "" {
			t.Errorf("%s is read as %q", name, got)
		}
	}
}

func TestAToneThatFlickersIsOneKey(t *testing.T) {
	t.Parallel()
	var recording []byte
	for range 5 {
		recording = sound(recording, g711.PCMU, 60, toneOf(3), new(noise))
		recording = sound(recording, g711.PCMU, 10, tone{}, new(noise))
	}
	if got := hear(t, g711.PCMU, recording); got != "A" {
		t.Errorf("read as %q", got)
	}
}

// TestSpeechIsNoKey: three minutes of our own prompts, which a caller's telephone may
// echo.
func TestSpeechIsNoKey(t *testing.T) {
	t.Parallel()
	l, err := speech.Load(nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range speech.Clips() {
		if got := hear(t, g711.PCMU, l.Audio(c, g711.PCMU)); got != "" {
			t.Errorf("%s is read as %q", c, got)
		}
	}
}

// TestTonesAreNotListenedForWhereEventsAreOffered: each key would come twice.
func TestTonesAreNotListenedForWhereEventsAreOffered(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	recording := sound(nil, g711.PCMU, 200, toneOf(0), new(noise))
	for i := range len(recording) / 160 {
		r.receive(packet{seq: uint16(i), timestamp: uint32(160 * i), payload: recording[160*i : 160*i+160]})
	}
	r.receive(event(100, 1, 1, true, false, 0))
	if string(r.pressed) != "1" {
		t.Errorf("read as %q", r.pressed)
	}
}
