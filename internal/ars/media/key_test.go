package media_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pion/rtp"

	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

// step is a packet of a key after a pause.
type step struct {
	after     time.Duration
	timestamp uint32
	code      byte
	marker    bool
	end       bool
}

// press is how clients send a key that is held for a while: a packet every 20 ms with one
// timestamp, and the end three times.
func press(timestamp uint32, code byte, packets int) []step {
	out := make([]step, 0, packets+3)
	for i := range packets {
		out = append(out, step{20 * time.Millisecond, timestamp, code, i == 0, false})
	}
	for range 3 {
		out = append(out, step{0, timestamp, code, false, true})
	}
	return out
}

func join(all ...[]step) []step {
	var out []step
	for _, s := range all {
		out = append(out, s...)
	}
	return out
}

func pause(d time.Duration, s []step) []step {
	s[0].after = d
	return s
}

func TestOnePressIsOneKey(t *testing.T) {
	t.Parallel()
	held := press(1000, 7, 200)
	held[50].after = 2 * time.Second // the network stalls while the key is held
	repeated := press(500, 5, 4)
	for range 14 {
		repeated = join(repeated, pause(350*time.Millisecond, press(500, 5, 4)))
	}
	unmarked := join(press(1000, 1, 3), press(2000, 1, 3))
	for i := range unmarked {
		unmarked[i].marker = false
	}
	eager := press(1000, 3, 6)
	for i := range eager {
		eager[i].marker = true
	}
	eager[3].after = 500 * time.Millisecond // stalls, and the end has not been seen
	lateEnd := join(press(1000, 6, 3), []step{{300 * time.Millisecond, 1000, 6, false, true}})
	endOnly := []step{{0, 1000, 4, false, true}, {0, 1000, 4, false, true}, {time.Second, 9000, 4, false, true}}
	overtaken := join(press(1000, 1, 3), press(2000, 2, 2), []step{{5 * time.Millisecond, 1000, 1, false, true}}, press(2000, 2, 2)[1:], press(3000, 3, 2))
	backwards := join(press(23200, 2, 4), pause(time.Second, press(13280, 1, 4)), pause(time.Second, press(23200, 2, 4)))
	for name, test := range map[string]struct {
		steps []step
		want  string
	}{
		"three ends":                     {press(1000, 1, 3), "1"},
		"every key":                      {join(press(1, 0, 1), press(2, 9, 1), press(3, 10, 1), press(4, 11, 1), press(5, 12, 1), press(6, 15, 1)), "09*#AD"},
		"held for four seconds, a stall": {held, "7"},
		"one timestamp for all presses":  {repeated, "555555555555555"},
		"the same key twice, no marker":  {unmarked, "11"},
		"a marker on every packet":       {eager, "3"},
		"an end that comes late":         {lateEnd, "6"},
		"only the ends arrive":           {endOnly, "44"},
		"an end that was overtaken":      {overtaken, "123"},
		"timestamps that go back":        {backwards, "212"},
		"other events than keys":         {press(1000, 16, 3), ""},
		"key after flash":                {join(press(1000, 16, 3), press(1000, 1, 3)), "1"},
	} {
		r := newRig(t, g711.PCMU, events)
		for i, s := range test.steps {
			r.clock.Advance(s.after)
			r.receive(event(uint16(i), s.timestamp, s.code, s.marker, s.end, uint16(160*i)))
		}
		if string(r.pressed) != test.want {
			t.Errorf("%s: read as %q, want %q", name, r.pressed, test.want)
		}
	}
}

func TestAnEventThatIsCutOffIsNoKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.receive(packet{kind: events, payload: []byte{1, 10, 0}})
	r.receive(packet{kind: events})
	if len(r.pressed) != 0 {
		t.Errorf("read as %q", r.pressed)
	}
}

// TestPaddingIsNoKey: Chromium sends packets of zeros under the type and the timestamp of
// the last key, to find out what the way to us can bear.
func TestPaddingIsNoKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.receive(event(1, 1000, 1, true, false, 160))
	r.receive(event(2, 1000, 1, false, true, 320))
	h := rtp.Header{Version: 2, Padding: true, PayloadType: events, SequenceNumber: 3, Timestamp: 1000}
	zeros, err := (&rtp.Packet{Header: h, PaddingSize: 58}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.s.Receive(zeros); err != nil {
		t.Error(err)
	}
	// A key may be padded, too.
	h.SequenceNumber, h.Timestamp, h.Marker = 4, 3000, true
	padded, err := (&rtp.Packet{Header: h, Payload: []byte{2, 10, 0, 160}, PaddingSize: 4}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.s.Receive(padded); err != nil {
		t.Error(err)
	}
	if string(r.pressed) != "12" {
		t.Errorf("read as %q", r.pressed)
	}
	for _, size := range []byte{0, 200} {
		wrong := slices.Clone(zeros)
		wrong[len(wrong)-1] = size
		if err := r.s.Receive(wrong); !errors.Is(err, media.ErrPacket) {
			t.Errorf("padding of %d: %v", size, err)
		}
	}
}

// TestAKeyThatComesInTwoWaysIsOne: the first key decides which way is heard.
func TestAKeyThatComesInTwoWaysIsOne(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	for i := range 3 {
		r.receive(event(uint16(i), uint32(1000*i), byte(i), true, false, 0))
		r.s.Signal("012"[i])
	}
	if string(r.pressed) != "012" {
		t.Errorf("events first: read as %q", r.pressed)
	}

	r = newRig(t, g711.PCMU, events)
	for i := range 3 {
		r.s.Signal("0*#"[i])
		r.receive(event(uint16(i), uint32(1000*i), byte(i), true, false, 0))
	}
	if string(r.pressed) != "0*#" {
		t.Errorf("signals first: read as %q", r.pressed)
	}

	r = newRig(t, g711.PCMU, 0)
	r.s.Signal('7')
	tone := sound(nil, g711.PCMU, 160, toneOf(8), new(noise))
	for i := range len(tone) / 160 {
		r.receive(packet{seq: uint16(i), payload: tone[160*i : 160*i+160]})
	}
	if string(r.pressed) != "7" {
		t.Errorf("signal and tone: read as %q", r.pressed)
	}
}

func TestASignalThatIsNoKeyIsIgnored(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	for _, key := range []byte{0, ' ', 'E', '!', 0xff} {
		r.s.Signal(key)
	}
	r.receive(event(1, 1, 5, true, false, 0))
	r.s.Close()
	r.s.Signal('1')
	if string(r.pressed) != "5" {
		t.Errorf("read as %q", r.pressed)
	}
}
