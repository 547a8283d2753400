package telephone

import (
	"bytes"
	"encoding/binary"
	"math"

	"innopay/internal/ars/g711"
)

// toneLength and toneSpace are of a key as sound, in samples: 100 ms, and as much apart.
const (
	toneLength = 800
	toneSpace  = 800
)

// Tones writes keys as sound in A-law, after a moment of silence.
func Tones(keys string) []byte {
	low := map[byte]float64{'1': 697, '2': 697, '3': 697, '4': 770, '5': 770, '6': 770, '7': 852, '8': 852, '9': 852, '*': 941, '0': 941, '#': 941}
	high := map[byte]float64{'1': 1209, '4': 1209, '7': 1209, '*': 1209, '2': 1336, '5': 1336, '8': 1336, '0': 1336, '3': 1477, '6': 1477, '9': 1477, '#': 1477}
	var out []byte
	for i := range len(keys) {
		for n := range toneLength + toneSpace {
			sample := 0.0
			if n < toneLength {
				at := 2 * math.Pi * float64(n) / 8000
				sample = 8000 * (math.Sin(low[keys[i]]*at) + math.Sin(high[keys[i]]*at))
			}
			out = append(out, g711.PCMA.Encode(int16(sample)))
		}
	}
	return out
}

// QuietWAV is a recording of so many seconds of nothing.
func QuietWAV(seconds uint32) []byte {
	length := seconds * 16000
	samples := make([]byte, length)
	var b bytes.Buffer
	b.WriteString("RIFF")
	for _, v := range []any{
		36 + length, []byte("WAVEfmt "), uint32(16), uint16(1), uint16(1), uint32(8000), uint32(16000), uint16(2), uint16(16),
		[]byte("data"), length, samples,
	} {
		_ = binary.Write(&b, binary.LittleEndian, v) // to memory
	}
	return b.Bytes()
}
