package media_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

func TestClipsAreSentOneAfterTheOther(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	a, b := bytes.Repeat([]byte{1}, 200), bytes.Repeat([]byte{2}, 120)
	r.s.Play(7, [][]byte{a, {}, b})
	for range 3 {
		r.s.Tick()
	}
	if want := append(slices.Clone(a[:40]), b...); !bytes.Equal(r.sent[0].Payload, a[:160]) || !bytes.Equal(r.sent[1].Payload, want) {
		t.Error("the clips are cut or mixed")
	}
	if !bytes.Equal(r.sent[2].Payload, bytes.Repeat([]byte{0xff}, 160)) {
		t.Error("after the clips it is not silent")
	}
	if !slices.Equal(r.played, []uint64{7}) {
		t.Errorf("played %v", r.played)
	}
}

func TestTheEndOfAClipIsFilledWithSilence(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMA, events)
	r.s.Play(1, [][]byte{bytes.Repeat([]byte{1}, 10)})
	r.s.Tick()
	want := append(bytes.Repeat([]byte{1}, 10), bytes.Repeat([]byte{0xd5}, 150)...)
	if !bytes.Equal(r.sent[0].Payload, want) || r.sent[0].PayloadType != 8 {
		t.Errorf("sent %d, type %d", r.sent[0].Payload, r.sent[0].PayloadType)
	}
}

// TestASharedClipIsNotChanged: all calls play the same bytes.
func TestASharedClipIsNotChanged(t *testing.T) {
	t.Parallel()
	clip := bytes.Repeat([]byte{9}, 250)
	first, second := newRig(t, g711.PCMU, events), newRig(t, g711.PCMU, events)
	first.s.Play(1, [][]byte{clip})
	first.s.Tick()
	second.s.Play(1, [][]byte{clip})
	first.s.Tick()
	second.s.Tick()
	if !bytes.Equal(clip, bytes.Repeat([]byte{9}, 250)) || second.sent[0].Payload[0] != 9 {
		t.Error("a call wrote into the clip of another")
	}
}

func TestPacketsAreNumberedAndTimed(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	for range 4 {
		r.s.Tick()
	}
	for i, p := range r.sent {
		if p.SequenceNumber != 0xfffe+uint16(i) || p.Timestamp != r.sent[0].Timestamp+uint32(160*i) || p.SSRC != r.sent[0].SSRC || p.Marker != (i == 0) {
			t.Errorf("packet %d: %+v", i, p.Header)
		}
	}
}

func TestPlayingIsReplacedAndStopped(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	long := bytes.Repeat([]byte{1}, 16000)
	r.s.Play(1, [][]byte{long})
	r.s.Tick()
	r.s.Play(2, [][]byte{bytes.Repeat([]byte{2}, 320)})
	r.s.Tick()
	r.s.Stop()
	r.s.Tick()
	r.s.Play(3, nil)
	r.s.Tick()
	var first []byte
	for _, p := range r.sent {
		first = append(first, p.Payload[0])
	}
	if !bytes.Equal(first, []byte{1, 2, 0xff, 0xff}) || !slices.Equal(r.played, []uint64{3}) {
		t.Errorf("sent %v, played %v", first, r.played)
	}
}

func TestHoldStopsTheClockOfWhatPlays(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.s.Play(1, [][]byte{bytes.Repeat([]byte{1}, 320)})
	r.s.Tick()
	r.s.Hold(true)
	r.s.Tick()
	r.s.Tick()
	if len(r.sent) != 1 || len(r.played) != 0 {
		t.Errorf("sent %d packets on hold", len(r.sent)-1)
	}
	r.s.Hold(false)
	r.s.Tick()
	if len(r.sent) != 2 || !slices.Equal(r.played, []uint64{1}) {
		t.Errorf("after hold: %d packets, played %v", len(r.sent), r.played)
	}
}

func TestAClosedSessionIsDeafAndDumb(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.s.Play(1, [][]byte{{1}})
	r.s.Close()
	r.s.Tick()
	if err := r.s.Receive(event(1, 1, 1, true, false, 0).bytes(t)); !errors.Is(err, media.ErrPacket) {
		t.Errorf("received: %v", err)
	}
	if len(r.sent)+len(r.played)+len(r.pressed) != 0 {
		t.Errorf("sent %d, played %v, read %q", len(r.sent), r.played, r.pressed)
	}
}

func TestAPacketThatCannotBeSentIsCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.s.Tick()
	r.broken = true
	r.s.Play(5, [][]byte{{1}})
	r.s.Tick()
	if s := r.s.Stats(); s.Sent != 1 || s.Unsent != 1 || len(r.played) != 1 {
		t.Errorf("%+v, played %v", s, r.played)
	}
}

func TestForeignPacketsAreDroppedAndCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	good := packet{payload: []byte{1}}.bytes(t)
	version := slices.Clone(good)
	version[0] = 0x40
	for name, b := range map[string][]byte{
		"empty": nil, "short": good[:11], "another codec": packet{kind: 18}.bytes(t), "A-law in a mu-law call": packet{kind: 8}.bytes(t),
		"STUN": append([]byte{0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42}, make([]byte, 12)...), "version 1": version,
	} {
		if err := r.s.Receive(b); !errors.Is(err, media.ErrPacket) {
			t.Errorf("%s: %v", name, err)
		}
	}
	r.clock.Advance(time.Second)
	if s := r.s.Stats(); s.Dropped != 6 || s.Received != 0 || r.s.Silent() != time.Second {
		t.Errorf("%+v, silent for %v", s, r.s.Silent())
	}
	r.receive(packet{kind: 13, payload: []byte{60}})
	if r.s.Silent() != 0 {
		t.Error("comfort noise counts as silence")
	}
}

func TestLossIsCounted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		seq            []uint16
		received, lost uint64
	}{
		"nothing":        {nil, 0, 0},
		"all":            {[]uint16{65534, 65535, 0, 1}, 4, 0},
		"two missing":    {[]uint16{10, 11, 14, 15}, 4, 2},
		"late":           {[]uint16{10, 12, 11, 13}, 4, 0},
		"twice":          {[]uint16{10, 10, 11}, 3, 0},
		"over the end":   {[]uint16{65530, 3}, 2, 8},
		"a leap is none": {[]uint16{10, 12, 40000, 40001}, 4, 1},
	} {
		r := newRig(t, g711.PCMU, events)
		for _, seq := range test.seq {
			r.receive(packet{seq: seq})
		}
		if s := r.s.Stats(); s.Received != test.received || s.Lost != test.lost {
			t.Errorf("%s: %+v", name, s)
		}
	}
	r := newRig(t, g711.PCMU, events)
	for _, p := range []packet{{seq: 1}, {seq: 3}, {seq: 50, ssrc: 9}, {seq: 51, ssrc: 9}} {
		r.receive(p)
	}
	if s := r.s.Stats(); s.Received != 4 || s.Lost != 1 {
		t.Errorf("another source: %+v", s)
	}
}

func TestJitterIsMeasured(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		late        time.Duration // every second packet
		least, most time.Duration
	}{
		"even":             {0, 0, 10 * time.Microsecond},
		"every second one": {8 * time.Millisecond, 7 * time.Millisecond, 9 * time.Millisecond},
	} {
		r := newRig(t, g711.PCMU, events)
		for i := range 400 {
			r.clock.Advance(media.Interval)
			if test.late > 0 {
				r.clock.Advance([]time.Duration{test.late, -test.late}[i%2])
			}
			r.receive(packet{seq: uint16(i), timestamp: uint32(160 * i)})
		}
		if j := r.s.Stats().Jitter; j < test.least || j > test.most {
			t.Errorf("%s: %v", name, j)
		}
	}
}

func TestASessionNeedsRandomness(t *testing.T) {
	t.Parallel()
	if _, err := media.NewSession(media.Config{Random: bytes.NewReader(nil), Clock: clock.System{}}); err == nil {
		t.Error("a session without randomness began")
	}
}

// BenchmarkTick is the work of a call every 20 ms, without the socket.
func BenchmarkTick(b *testing.B) {
	s, err := media.NewSession(media.Config{
		Sink: nowhere{}, Listener: nowhere{}, Clock: clock.System{}, Random: bytes.NewReader(make([]byte, 10)),
	})
	if err != nil {
		b.Fatal(err)
	}
	clip := make([]byte, 80000)
	b.ReportAllocs()
	for b.Loop() {
		s.Play(1, [][]byte{clip})
		s.Tick()
	}
}

type nowhere struct{}

func (nowhere) Send([]byte) error { return nil }
func (nowhere) Pressed(byte)      {}
func (nowhere) Played(uint64)     {}

// FuzzReceive: whatever arrives at the port of a call, nothing panics, and what is told
// are keys.
func FuzzReceive(f *testing.F) {
	f.Add([]byte{0x80, 101, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 0x8a, 0, 0}, true)
	f.Add([]byte{0x80, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5, 0x8a, 0, 0}, false)
	f.Add([]byte{0xbf, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1}, false)
	f.Fuzz(func(t *testing.T, stream []byte, offered bool) {
		kind := uint8(0)
		if offered {
			kind = events
		}
		r := newRig(t, g711.PCMU, kind)
		for len(stream) > 0 {
			n := min(len(stream), 1+int(stream[0]))
			_ = r.s.Receive(stream[:n])
			r.clock.Advance(time.Duration(stream[0]) * time.Millisecond)
			stream = stream[n:]
		}
		for _, key := range r.pressed {
			if !strings.ContainsRune("0123456789*#ABCD", rune(key)) {
				t.Errorf("%q is no key", key)
			}
		}
		s := r.s.Stats()
		if s.Jitter < 0 || s.Jitter > time.Minute || s.Lost > 1<<40 {
			t.Errorf("%+v", s)
		}
	})
}

// TestASessionRunsBeforeAnybodyListens: a call sends silence before it is taken, and
// keeps the keys of those who dial at once; when it was given up it keeps none.
func TestASessionRunsBeforeAnybodyListens(t *testing.T) {
	t.Parallel()
	r := newRig(t, g711.PCMU, events)
	r.s.Listen(nil)
	r.receive(event(1, 1, 1, true, false, 0))
	r.s.Play(1, [][]byte{make([]byte, 160)})
	r.s.Tick()
	r.s.Listen(r)
	r.receive(event(2, 2000, 2, true, false, 0))
	r.s.Play(2, [][]byte{make([]byte, 160)})
	r.s.Tick()
	r.s.Listen(nil)
	r.receive(event(3, 4000, 3, true, false, 0))
	r.s.Listen(r)
	if string(r.pressed) != "12" || len(r.played) != 1 || r.played[0] != 2 {
		t.Errorf("pressed %q, played %v", r.pressed, r.played)
	}
}
