package media

import (
	"math"
	"time"

	"github.com/pion/rtp"
)

// Stats is how the sound of a call came through, in packets.
type Stats struct {
	Received uint64
	Lost     uint64 // between the first and the newest; what comes late or twice makes up for it
	Dropped  uint64 // no RTP, or not from the caller
	Sent     uint64
	Unsent   uint64        // refused by the socket or the track
	Jitter   time.Duration // RFC 3550 6.4.1
}

// reception counts what comes in (RFC 3550 A.3 and A.8).
type reception struct {
	started  time.Time
	ssrc     uint32
	first    uint32 // extended sequence number
	highest  uint32
	received uint64
	lost     uint64 // of earlier sources
	total    uint64 // of all sources
	transit  float64
	jitter   float64 // in samples
}

// count takes one packet. A new source, or a leap that no loss explains, starts anew.
// Only sound tells the jitter: all packets of a key carry one timestamp.
func (r *reception) count(h *rtp.Header, at time.Time, sound bool) {
	seq := uint32(h.SequenceNumber)
	r.total++
	if r.started.IsZero() || h.SSRC != r.ssrc || leap(uint16(r.highest), h.SequenceNumber) { //nolint:gosec // the low half
		r.lost += r.missing()
		r.started, r.ssrc, r.first, r.highest, r.received, r.transit = at, h.SSRC, seq, seq, 0, math.NaN()
	} else if step := int16(h.SequenceNumber - uint16(r.highest)); step > 0 { //nolint:gosec // modulo 2^16 by RFC 3550
		r.highest += uint32(step)
	}
	r.received++
	if sound {
		r.measure(h.Timestamp, at)
	}
}

// maxLeap is the most packets that are taken for lost: a minute of sound.
const maxLeap = 3000

func leap(from, to uint16) bool {
	step := int(int16(to - from)) //nolint:gosec // modulo 2^16 by RFC 3550
	return step > maxLeap || step < -maxLeap
}

// measure follows the jitter of audio; its clock runs with 8,000 a second.
func (r *reception) measure(timestamp uint32, at time.Time) {
	transit := at.Sub(r.started).Seconds()*sampleRate - float64(timestamp)
	if d := math.Abs(transit - r.transit); d < sampleRate { // a second and more is a new timestamp, not jitter
		r.jitter += (d - r.jitter) / 16
	}
	r.transit = transit
}

// missing is how many packets of the source did not come.
func (r *reception) missing() uint64 {
	if r.started.IsZero() {
		return 0
	}
	expected := uint64(r.highest-r.first) + 1
	return expected - min(expected, r.received)
}

// fill writes the counts of reception.
func (r *reception) fill(s *Stats) {
	s.Received, s.Lost = r.total, r.lost+r.missing()
	s.Jitter = time.Duration(r.jitter / sampleRate * float64(time.Second))
}
