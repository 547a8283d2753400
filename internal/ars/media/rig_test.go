package media_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtp"

	"innopay/clock"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
)

// events is the payload type of telephone events in these tests.
const events = 101

// rig is a session in virtual time that writes down what it does.
type rig struct {
	t       *testing.T
	s       *media.Session
	clock   *clock.Fake
	mu      sync.Mutex
	sent    []rtp.Packet
	pressed []byte
	played  []uint64
	broken  bool
}

func newRig(t *testing.T, law g711.Law, events uint8) *rig {
	t.Helper()
	r := &rig{t: t, clock: clock.NewFake(time.Unix(1_800_000_000, 0))}
	s, err := media.NewSession(media.Config{
		Law: law, Events: events, Sink: r, Listener: r, Clock: r.clock, Random: bytes.NewReader([]byte("abcdefgh\xff\xfe")),
	})
	if err != nil {
		t.Fatal(err)
	}
	r.s = s
	return r
}

func (r *rig) Send(packet []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.broken {
		return errors.New("no route")
	}
	var p rtp.Packet
	if err := p.Unmarshal(slices.Clone(packet)); err != nil {
		return err
	}
	r.sent = append(r.sent, p)
	return nil
}

func (r *rig) Pressed(key byte)    { r.pressed = append(r.pressed, key) }
func (r *rig) Played(token uint64) { r.played = append(r.played, token) }

// packet is one that the caller sends.
type packet struct {
	seq       uint16
	timestamp uint32
	ssrc      uint32
	kind      uint8
	marker    bool
	payload   []byte
}

func (p packet) bytes(t *testing.T) []byte {
	t.Helper()
	h := rtp.Header{Version: 2, Marker: p.marker, PayloadType: p.kind, SequenceNumber: p.seq, Timestamp: p.timestamp, SSRC: p.ssrc}
	b, err := (&rtp.Packet{Header: h, Payload: p.payload}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (r *rig) receive(p packet) {
	r.t.Helper()
	if err := r.s.Receive(p.bytes(r.t)); err != nil {
		r.t.Errorf("packet %d: %v", p.seq, err)
	}
}

// event is a packet of a key (RFC 4733).
func event(seq uint16, timestamp uint32, code byte, marker, end bool, lasted uint16) packet {
	payload := []byte{code, 10, 0, 0}
	if end {
		payload[1] |= 0x80
	}
	binary.BigEndian.PutUint16(payload[2:], lasted)
	return packet{seq: seq, timestamp: timestamp, kind: events, marker: marker, payload: payload}
}
