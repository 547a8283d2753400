// Package g711 converts between 16-bit samples and the two companding laws of the
// telephone network (ITU-T G.711). Both directions are tables; what plays a prompt
// copies bytes and converts nothing.
package g711

// Law is one of the two compandings. The zero value is mu-law.
type Law uint8

// The laws, named as in SDP.
const (
	PCMU Law = iota // mu-law, RTP payload type 0
	PCMA            // A-law, RTP payload type 8
)

// String is the encoding name of SDP (RFC 3551 4.5.14).
func (l Law) String() string {
	if l == PCMA {
		return "PCMA"
	}
	return "PCMU"
}

// PayloadType is the static RTP payload type (RFC 3551 table 4).
func (l Law) PayloadType() uint8 {
	if l == PCMA {
		return 8
	}
	return 0
}

// Silence is the byte of a sample of zero.
func (l Law) Silence() byte { return l.Encode(0) }

// Decode is the sample a byte stands for.
func (l Law) Decode(b byte) int16 {
	if l == PCMA {
		return fromA[b]
	}
	return fromMu[b]
}

// Encode is the byte that comes nearest to a sample.
func (l Law) Encode(sample int16) byte {
	if l == PCMA {
		return toA[index(sample, shiftA)]
	}
	return toMu[index(sample, shiftMu)]
}

// index is the place of a sample in a table of encodings.
func index(sample int16, shift int) int { return (int(sample) + 1<<15) >> shift }

// ToA converts mu-law to A-law in a new slice.
func ToA(mu []byte) []byte {
	out := make([]byte, len(mu))
	for i, b := range mu {
		out[i] = muToA[b]
	}
	return out
}

// Mu-law resolves 14 bits and A-law 13, so the tables are indexed by that many bits of
// a sample.
const (
	shiftMu = 2
	shiftA  = 3
)

var (
	fromMu = table(decodeMu)
	fromA  = table(decodeA)
	toMu   = inverse(&fromMu, shiftMu)
	toA    = inverse(&fromA, shiftA)
	muToA  = transcode()
)

// table computes the 256 samples of a law.
func table(decode func(byte) int16) (t [256]int16) {
	for i := range t {
		t[i] = decode(byte(i))
	}
	return t
}

// inverse finds for every sample of the resolution the code whose sample is nearest.
// Codes of a law rise with their samples once ordered, so one sweep finds them all.
func inverse(samples *[256]int16, shift int) []byte {
	order := ordered(samples)
	out := make([]byte, 1<<(16-shift))
	at := 0
	for i := range out {
		value := i<<shift - 1<<15
		for at+1 < len(order) && distance(value, samples[order[at+1]]) <= distance(value, samples[order[at]]) {
			at++
		}
		out[i] = order[at]
	}
	return out
}

// ordered are the codes by rising sample. Of the two codes that mu-law has for zero the
// later byte comes last and wins.
func ordered(samples *[256]int16) [256]byte {
	var order [256]byte
	for i := range order {
		order[i] = byte(i)
	}
	for i := 1; i < len(order); i++ {
		for k := i; k > 0 && samples[order[k]] < samples[order[k-1]]; k-- {
			order[k], order[k-1] = order[k-1], order[k]
		}
	}
	return order
}

func distance(value int, sample int16) int {
	if d := value - int(sample); d >= 0 {
		return d
	}
	return int(sample) - value
}

// decodeMu is ITU-T G.711 table 2: all bits inverted, sign, three bits of segment, four
// of interval, bias 33, scaled from 14 to 16 bits.
func decodeMu(b byte) int16 {
	b = ^b
	magnitude := (int16(b&0x0f)<<1+33)<<(b>>4&7) - 33
	if b&0x80 != 0 {
		return -magnitude << shiftMu
	}
	return magnitude << shiftMu
}

// decodeA is ITU-T G.711 table 1: even bits inverted, sign, three bits of segment, four
// of interval, scaled from 13 to 16 bits.
func decodeA(b byte) int16 {
	b ^= 0x55
	magnitude := int16(b&0x0f)<<1 + 1
	if segment := b >> 4 & 7; segment > 0 {
		magnitude = (magnitude + 32) << (segment - 1)
	}
	if b&0x80 == 0 {
		return -magnitude << shiftA
	}
	return magnitude << shiftA
}

func transcode() (t [256]byte) {
	for i := range t {
		t[i] = PCMA.Encode(fromMu[i])
	}
	return t
}
