package main

import (
	"encoding/binary"
	"math"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"innopay/clock"
)

// Figures of a caller's sound.
const (
	interval  = 20 * time.Millisecond
	samples   = 160 // of a packet
	rtpHeader = 12
	lateAfter = 10 * time.Millisecond // after its time a packet counts as late
	rtpPort   = 4000
	sipPort   = 5060
)

// heard is what callers heard of the other side.
type heard struct {
	expected uint64
	received uint64
	missed   uint64  // by their numbers
	late     uint64  // later than the punctual ones
	jitter   float64 // seconds, RFC 3550; of the caller in the middle
	jitters  []float64
}

// add joins what another caller heard.
func (h *heard) add(o heard) {
	h.received += o.received
	h.missed += o.missed
	h.late += o.late
	h.jitters = append(h.jitters, o.jitter)
	slices.Sort(h.jitters)
	h.jitter = h.jitters[len(h.jitters)/2]
}

// caller is one telephone: it sends silence and counts what comes.
type caller struct {
	clock clock.Clock
	rtp   *net.UDPConn
	to    netip.AddrPort
	seq   uint16
	ssrc  uint32

	mu       sync.Mutex
	on       bool
	received uint64
	first    uint32 // extended number
	newest   uint32
	begin    time.Time
	stamp    uint32
	transits []float64 // seconds that each packet came after its time
	jitter   float64
}

func newCaller(c clock.Clock, host string, ssrc uint32) (*caller, error) {
	conn, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.ParseIP(host), Port: rtpPort})
	if err != nil {
		return nil, err
	}
	return &caller{clock: c, rtp: conn, ssrc: ssrc}, nil
}

// listen begins or ends what counts.
func (c *caller) listen(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.on = on
}

// send sends one packet of silence.
func (c *caller) send(packet []byte) {
	c.seq++
	packet[0], packet[1] = 0x80, 0 // version 2, PCMU
	binary.BigEndian.PutUint16(packet[2:], c.seq)
	binary.BigEndian.PutUint32(packet[4:], uint32(c.seq)*samples)
	binary.BigEndian.PutUint32(packet[8:], c.ssrc)
	_, _ = c.rtp.WriteToUDPAddrPort(packet, c.to) // what is not sent is missed by the other side
}

// receive counts packets until the socket is closed.
func (c *caller) receive() {
	b := make([]byte, 2048)
	for {
		n, _, err := c.rtp.ReadFromUDPAddrPort(b)
		if err != nil {
			return
		}
		if n >= rtpHeader && b[1]&0x7f == 0 {
			c.count(binary.BigEndian.Uint16(b[2:]), binary.BigEndian.Uint32(b[4:]), c.clock.Now())
		}
	}
}

func (c *caller) count(seq uint16, stamp uint32, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.on {
		return
	}
	if c.received == 0 {
		c.first, c.newest, c.begin, c.stamp = uint32(seq), uint32(seq), at, stamp
	} else if step := int16(seq - uint16(c.newest)); step > 0 { //nolint:gosec // modulo 2^16 by RFC 3550
		c.newest += uint32(step)
	}
	c.received++
	transit := at.Sub(c.begin).Seconds() - float64(int32(stamp-c.stamp))/8000 //nolint:gosec // modulo 2^32 by RFC 3550
	if n := len(c.transits); n > 0 {
		c.jitter += (math.Abs(transit-c.transits[n-1]) - c.jitter) / 16
	}
	c.transits = append(c.transits, transit)
}

// result is what was heard.
func (c *caller) result() heard {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := heard{received: c.received, jitter: c.jitter}
	if c.received == 0 {
		return h
	}
	expected := uint64(c.newest-c.first) + 1
	h.missed = expected - min(expected, c.received)
	punctual := slices.Min(c.transits)
	for _, t := range c.transits {
		if t-punctual > lateAfter.Seconds() {
			h.late++
		}
	}
	return h
}
