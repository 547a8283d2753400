package trunk

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"innopay/clock"
)

// What one source may send in a second, and at once. INVITE means those that begin a call.
const (
	invitesPerSecond  = 5
	invitesAtOnce     = 10
	optionsPerSecond  = 20
	optionsAtOnce     = 40
	messagesPerSecond = 500 // of any kind: keys of a hundred calls by INFO are far less
	messagesAtOnce    = 1000
	maxSources        = 4096 // sources that are remembered
	forgetSource      = time.Minute
)

// Limits of connections over TCP and TLS.
const (
	maxConnections = 100
	idleConnection = 10 * time.Minute
	writeWait      = 5 * time.Second
	firstMessage   = 10 * time.Second // until then a new connection has to have sent something
	acceptPause    = 100 * time.Millisecond
)

// agents are programs that look for telephone lines to misuse. They are easily renamed:
// the list of networks is the defence, this keeps noise away.
var agents = [][]byte{
	[]byte("friendly-scanner"), []byte("sipvicious"), []byte("sipcli"), []byte("pplsip"), []byte("sundayddr"), []byte("sip-scan"),
}

// filter stands before the SIP library: what it drops costs no transaction, no answer and
// no line in the log.
type filter struct {
	networks []netip.Prefix
	clock    clock.Clock
	dropped  dropped

	mu      sync.Mutex
	sources map[netip.Addr]*source
	swept   time.Time
}

// dropped counts by reason.
type dropped struct{ network, agent, rate, garbage atomic.Uint64 }

type source struct {
	invites, options, all *rate.Limiter
	at                    time.Time
}

func newFilter(networks []netip.Prefix, c clock.Clock) *filter {
	return &filter{networks: networks, clock: c, sources: map[netip.Addr]*source{}}
}

// allowed reports whether the address is in one of the networks.
func (f *filter) allowed(addr netip.Addr) bool {
	addr = addr.Unmap()
	return slices.ContainsFunc(f.networks, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// pass judges one packet, or one message of a stream.
func (f *filter) pass(from netip.Addr, packet []byte) bool {
	if !f.allowed(from) {
		f.dropped.network.Add(1)
		return false
	}
	if len(bytes.TrimLeft(packet, "\r\n\x00")) == 0 { // keeps a way through a router open; the library ignores it
		return f.count(from, "")
	}
	m, ok := peek(packet)
	if !ok {
		f.dropped.garbage.Add(1)
		return false
	}
	return f.judge(from, m)
}

// judge is the rest of pass, for a message whose head is known.
func (f *filter) judge(from netip.Addr, m glance) bool {
	agent := bytes.ToLower(m.agent)
	if slices.ContainsFunc(agents, func(a []byte) bool { return bytes.Contains(agent, a) }) {
		f.dropped.agent.Add(1)
		return false
	}
	method := m.method
	if m.within { // of a call that runs
		method = ""
	}
	return f.count(from, method)
}

// count takes a token of the source.
func (f *filter) count(from netip.Addr, method string) bool {
	now := f.clock.Now()
	s := f.source(from.Unmap(), now)
	ok := s != nil && s.all.AllowN(now, 1)
	switch {
	case ok && method == "INVITE":
		ok = s.invites.AllowN(now, 1)
	case ok && method == "OPTIONS":
		ok = s.options.AllowN(now, 1)
	}
	if !ok {
		f.dropped.rate.Add(1)
	}
	return ok
}

// source is nil when too many are remembered.
func (f *filter) source(addr netip.Addr, now time.Time) *source {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.sources[addr]; s != nil {
		s.at = now
		return s
	}
	if now.Sub(f.swept) > forgetSource {
		for a, s := range f.sources {
			if now.Sub(s.at) > forgetSource {
				delete(f.sources, a)
			}
		}
		f.swept = now
	}
	if len(f.sources) >= maxSources {
		return nil
	}
	s := &source{
		invites: rate.NewLimiter(invitesPerSecond, invitesAtOnce),
		options: rate.NewLimiter(optionsPerSecond, optionsAtOnce),
		all:     rate.NewLimiter(messagesPerSecond, messagesAtOnce),
		at:      now,
	}
	f.sources[addr] = s
	return s
}

// packets is a socket that gives only what passes the filter.
type packets struct {
	net.PacketConn
	filter *filter
	used   int
	ready  func() // called with the first reading: from then on the library knows the socket
}

// maxFailures is how many reads may fail in a row before the socket counts as broken.
const maxFailures = 1000

// ReadFrom is called by one goroutine, with one buffer: it wipes the packet before, which
// may hold a digit of a card. An error that is not the socket's end would end the
// library's reading for good.
func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	p.ready()
	clear(b[:min(p.used, len(b))])
	var failure error
	for failures := 0; failures < maxFailures; {
		n, from, err := p.PacketConn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return n, from, err
		}
		if err != nil {
			failures, failure = failures+1, err
			continue
		}
		failures, p.used = 0, n
		if p.filter.pass(addrOf(from), b[:n]) {
			return n, from, nil
		}
	}
	return 0, nil, failure
}

// listener accepts connections from the networks, and so many at once.
type listener struct {
	net.Listener
	filter *filter
	open   *atomic.Int64
}

// Accept closes what is not wanted without a word.
func (l listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return nil, err
		}
		if err != nil { // no file descriptor is free; the library would stop listening
			if l.filter.clock.Sleep(context.Background(), acceptPause) != nil {
				return nil, net.ErrClosed
			}
			continue
		}
		if !l.filter.allowed(addrOf(c.RemoteAddr())) {
			l.filter.dropped.network.Add(1)
			_ = c.Close()
			continue
		}
		if l.open.Add(1) > maxConnections {
			l.open.Add(-1)
			l.filter.dropped.rate.Add(1)
			_ = c.Close()
			continue
		}
		return &connection{Conn: c, l: l, wait: firstMessage}, nil
	}
}

// connection ends when nothing comes for long.
type connection struct {
	net.Conn
	l      listener
	closed sync.Once
	wait   time.Duration
}

// Read is called by one goroutine.
func (c *connection) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(c.l.filter.clock.Now().Add(c.wait)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.wait = idleConnection
	}
	return n, quietEnd(err)
}

// Write gives up on who reads nothing.
func (c *connection) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(c.l.filter.clock.Now().Add(writeWait)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// Close gives the place back.
func (c *connection) Close() error {
	c.closed.Do(func() { c.l.open.Add(-1) })
	return c.Conn.Close()
}

// quietEnd makes the end of a connection by time or reset one that is logged by nobody.
func quietEnd(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(net.ErrClosed, err)
}

func addrOf(a net.Addr) netip.Addr {
	switch a := a.(type) {
	case *net.UDPAddr:
		return a.AddrPort().Addr().Unmap()
	case *net.TCPAddr:
		return a.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
