// Package media is the sound of a call: prompts out and keys in, over RTP. It knows
// nothing of SIP and nothing of the dialogue. A session is fed with packets and with
// ticks, so that a test drives it without sockets and without time.
package media

import (
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtp"

	"innopay/clock"
	"innopay/internal/ars/g711"
)

// Sink takes the packets of a call to the caller: a socket, or the track of a browser.
// A packet is valid until Send returns.
type Sink interface{ Send(packet []byte) error }

// Listener is told what happens to the sound of a call. Its methods must not block: the
// pacer of many calls runs them.
type Listener interface {
	// Pressed is one press of a key: 0 to 9, *, # or A to D.
	Pressed(key byte)
	// Played says that what Play was given is over.
	Played(token uint64)
}

// Config of a session.
type Config struct {
	Law      g711.Law
	Events   uint8 // RTP payload type of telephone events; 0: none offered, tones are listened for
	Sink     Sink
	Listener Listener // nil: what happens is told to nobody until Listen
	Clock    clock.Clock
	Random   io.Reader // for the source and the first numbers of packets (RFC 3550 5.1)
}

// Session is the sound of one call. It is safe for concurrent use.
type Session struct {
	Config

	mu      sync.Mutex
	player  player
	header  rtp.Header
	packet  [rtpHeader + frame]byte
	keys    keyReader
	tones   toneReader
	way     way
	in      reception
	heard   time.Time
	dropped uint64
	sent    uint64
	unsent  uint64
	held    bool
	closed  bool
	taken   bool       // somebody has listened
	early   []byte     // keys from before that
	telling sync.Mutex // keys are told in their order; taken before mu
}

// rtpHeader is the length of a header without extensions.
const rtpHeader = 12

// ErrPacket is returned for what is no RTP of this call.
var ErrPacket = errors.New("media: not a packet of this call")

// NewSession returns a session that sends silence. It fails when there is no randomness.
func NewSession(c Config) (*Session, error) {
	var seed [10]byte
	if _, err := io.ReadFull(c.Random, seed[:]); err != nil {
		return nil, err
	}
	return &Session{Config: c, heard: c.Clock.Now(), header: rtp.Header{
		Version: 2, Marker: true, PayloadType: c.Law.PayloadType(), SSRC: binary.BigEndian.Uint32(seed[:]),
		Timestamp: binary.BigEndian.Uint32(seed[4:]), SequenceNumber: binary.BigEndian.Uint16(seed[8:]),
	}}, nil
}

// Listen has the listener told from now on, in place of the one before. A session runs
// before anybody takes the call: the caller's router has to be opened.
//
// Keys that came before anybody listened are told now: some callers' telephones dial the
// first ones as soon as they are answered.
func (s *Session) Listen(l Listener) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.mu.Lock()
	s.Listener = l
	early := s.early
	s.early, s.taken = nil, s.taken || l != nil
	s.mu.Unlock()
	if l != nil {
		for _, key := range early {
			l.Pressed(key)
		}
	}
	clear(early)
}

// Play replaces what plays; the sounds are shared and not copied. Without any sound
// Played is told with the next packet.
func (s *Session) Play(token uint64, sounds [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.player.play(token, sounds)
}

// Stop goes silent with the next packet; Played is not told.
func (s *Session) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.player.stop()
}

// Hold stops sending, and with it what plays, until it is called again with false.
func (s *Session) Hold(held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = held
}

// Close ends the session: nothing is sent, read or told any more.
func (s *Session) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.player.stop()
	s.keys, s.tones = keyReader{}, toneReader{} // the last keys of a card number
	clear(s.early)
	s.early = nil
}

// Tick sends the next 20 ms. Silence is sent too: it keeps the way through the caller's
// router open.
func (s *Session) Tick() {
	if ended := s.tick(); ended != 0 {
		if l := s.listener(); l != nil {
			l.Played(ended)
		}
	}
}

func (s *Session) listener() Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Listener
}

func (s *Session) tick() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.held {
		return 0
	}
	ended := s.player.next(s.packet[rtpHeader:], s.Law.Silence())
	if _, err := s.header.MarshalTo(s.packet[:]); err != nil { // the buffer is a header's length and more
		s.unsent++
		return ended
	}
	s.header.Marker = false
	s.header.SequenceNumber++
	s.header.Timestamp += frame
	// A packet that cannot be sent is a packet lost: the next one may come through.
	if err := s.Sink.Send(s.packet[:]); err != nil {
		s.unsent++
	} else {
		s.sent++
	}
	return ended
}

// Receive takes one packet. ErrPacket says that it is none of this call; it is counted
// and changes nothing else.
func (s *Session) Receive(packet []byte) error {
	pressed, err := s.receive(packet)
	s.tell(pressed)
	return err
}

// Signal takes a key that came by SIP INFO or by a browser's data channel. What is no key
// is ignored.
func (s *Session) Signal(key byte) {
	if strings.IndexByte(keys, key) >= 0 && s.open(bySignal) {
		s.tell([]byte{key})
	}
}

// way is how keys come. Some telephones send each key in two ways, and so the first key of
// a call decides: the other ways are not heard (reliability 3.3).
type way uint8

const (
	undecided way = iota
	byEvent
	byTone
	bySignal
)

// by reports whether keys come that way.
func (s *Session) by(w way) bool {
	if s.way == undecided {
		s.way = w
	}
	return s.way == w
}

// open is by for those who do not hold the lock.
func (s *Session) open(w way) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closed && s.by(w)
}

// tell tells keys, and forgets them.
func (s *Session) tell(pressed []byte) {
	if len(pressed) == 0 {
		return
	}
	s.telling.Lock()
	defer s.telling.Unlock()
	s.mu.Lock()
	l := s.Listener
	if l == nil && !s.closed && !s.taken {
		s.early = append(s.early, pressed[:min(len(pressed), mostEarly-len(s.early))]...)
	}
	s.mu.Unlock()
	if l != nil {
		for _, key := range pressed {
			l.Pressed(key)
		}
	}
	clear(pressed)
}

// mostEarly is how many keys wait for somebody to listen.
const mostEarly = 16

func (s *Session) receive(packet []byte) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var h rtp.Header
	n, err := h.Unmarshal(packet)
	if err != nil || s.closed || h.Version != 2 || !s.speaks(h.PayloadType) {
		s.dropped++
		return nil, ErrPacket
	}
	payload, ok := unpadded(packet[n:], h.Padding)
	if !ok {
		s.dropped++
		return nil, ErrPacket
	}
	now := s.Clock.Now()
	s.heard = now
	s.in.count(&h, now, h.PayloadType == s.Law.PayloadType())
	switch {
	case s.Events != 0 && h.PayloadType == s.Events:
		if key, ok := s.keys.read(&h, payload, now); ok && s.by(byEvent) {
			return []byte{key}, nil
		}
	case s.Events == 0 && h.PayloadType == s.Law.PayloadType():
		if pressed := s.tones.read(s.Law, payload[:min(len(payload), maxSound)]); len(pressed) > 0 && s.by(byTone) {
			return pressed, nil
		}
	}
	return nil, nil
}

// unpadded is a payload without its padding (RFC 3550 5.1). Browsers try the way to us with
// packets of zeros, which bear the type and the timestamp of what they sent last: after a
// key they would be the key 0.
func unpadded(payload []byte, padded bool) ([]byte, bool) {
	if !padded {
		return payload, true
	}
	if len(payload) == 0 {
		return nil, false
	}
	size := int(payload[len(payload)-1])
	if size == 0 || size > len(payload) {
		return nil, false
	}
	return payload[:len(payload)-size], true
}

// maxSound is the longest sound of a packet that is listened to: 200 ms.
const maxSound = 1600

// comfortNoise is RFC 3389: a caller's telephone that sends no silence.
const comfortNoise = 13

func (s *Session) speaks(payloadType uint8) bool {
	return payloadType == s.Law.PayloadType() || payloadType == comfortNoise || s.Events != 0 && payloadType == s.Events
}

// Silent is how long nothing came from the caller.
func (s *Session) Silent() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Clock.Now().Sub(s.heard)
}

// Stats are the counts so far.
func (s *Session) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := Stats{Dropped: s.dropped, Sent: s.sent, Unsent: s.unsent}
	s.in.fill(&out)
	return out
}
