package media

import (
	"time"

	"github.com/pion/rtp"
)

// keys are the digits of telephone events 0 to 15 (RFC 4733 3.2).
const keys = "0123456789*#ABCD"

// pressGap tells a new press from a repeated packet where a client gives every press the
// same timestamp.
const pressGap = 100 * time.Millisecond

// press names one press: all its packets carry the same timestamp and event.
type press struct {
	timestamp uint32
	event     byte
}

// keyReader makes presses of telephone events. A press is one however often its packets
// are repeated and however long the key is held or the network stalls.
type keyReader struct {
	now, before press
	any         bool // there was a press
	two         bool // and one before it
	ended       bool // an end bit of the press was seen
	heard       time.Time
}

// read takes the payload of one packet and returns the key of a new press. The rule
// passed every client that was tried: a new press has another timestamp or event than the
// one before; or it has the marker after an end and a pause, because recorded presses
// (sipp) all have one timestamp. Time alone never makes a press.
func (k *keyReader) read(h *rtp.Header, payload []byte, at time.Time) (byte, bool) {
	if len(payload) < 4 || int(payload[0]) >= len(keys) {
		return 0, false
	}
	p := press{h.Timestamp, payload[0]}
	end := payload[1]&0x80 != 0
	paused := at.Sub(k.heard) > pressGap
	switch {
	case !k.any:
	case p == k.now:
		if !h.Marker || !k.ended || !paused {
			k.ended = k.ended || end
			k.heard = at
			return 0, false
		}
	case k.two && p == k.before && !h.Marker:
		return 0, false // a packet of the press before, overtaken by this one's
	}
	k.before, k.two = k.now, k.any
	k.now, k.any, k.ended, k.heard = p, true, end, at
	return keys[p.event], true
}
