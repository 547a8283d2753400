package media

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// Ports hands out the RTP ports of calls: even ones of a range (RFC 3550 11), which a
// firewall can name. It is safe for concurrent use.
type Ports struct {
	Host        netip.Addr
	First, Last uint16

	mu   sync.Mutex
	next uint16
}

// ErrPorts is returned when every port of the range is taken.
var ErrPorts = errors.New("media: no RTP port is free")

// Open binds the next free port. Ports go round, so that late packets of a call that is
// over do not meet the next call at once.
func (p *Ports) Open(ctx context.Context) (*net.UDPConn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	first := int(p.First) + int(p.First)%2
	count := (int(p.Last)-first)/2 + 1
	var listen net.ListenConfig
	for range max(0, count) {
		port := first + 2*(int(p.next)%count)
		p.next = uint16((int(p.next) + 1) % count)                                                      //nolint:gosec // below the number of ports
		conn, err := listen.ListenPacket(ctx, "udp", netip.AddrPortFrom(p.Host, uint16(port)).String()) //nolint:gosec // at most Last
		if err != nil {
			continue // taken by another program
		}
		if udp, ok := conn.(*net.UDPConn); ok {
			return udp, nil
		}
		_ = conn.Close()
	}
	return nil, ErrPorts
}

// maxPacket is the longest packet that is read; a longer one is cut, and then refused by
// its check or harmless.
const maxPacket = 2048

// maxFailures is how many reads in a row may fail before the caller counts as silent.
const maxFailures = 100

// Line carries the packets of one call over UDP. It sends to where the caller said, until
// it knows where the caller's packets really come from (symmetric RTP): behind a router
// that is another address.
type Line struct {
	conn *net.UDPConn

	mu      sync.Mutex
	secure  *Secure // nil: not encrypted
	remote  netip.AddrPort
	latched bool
	buffer  []byte // of what is sent, encrypted

	strangers atomic.Uint64
}

// NewLine takes a port, the address of the caller's SDP, and the keys where the call is
// encrypted.
func NewLine(conn *net.UDPConn, remote netip.AddrPort, secure *Secure) *Line {
	return &Line{conn: conn, secure: secure, remote: plain(remote)}
}

// errNowhere is returned while nobody knows where the caller is.
var errNowhere = errors.New("media: no address of the caller")

// Send is called by one session.
func (l *Line) Send(packet []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.remote.IsValid() || l.remote.Port() == 0 {
		return errNowhere
	}
	if l.secure != nil {
		var err error
		if l.buffer, err = l.secure.Encrypt(l.buffer, packet); err != nil {
			return err
		}
		packet = l.buffer
	}
	_, err := l.conn.WriteToUDPAddrPort(packet, l.remote)
	return err
}

// Redirect takes a new address from the caller's SDP (re-INVITE), and looks again where
// the packets come from.
func (l *Line) Redirect(remote netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remote, l.latched = plain(remote), false
}

// Rekey takes the keys of a new offer: the caller's telephone was changed within the call.
func (l *Line) Rekey(secure *Secure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.secure = secure
}

// Serve hands what comes to the session until the line is closed.
func (l *Line) Serve(s *Session) {
	var received, decrypted [maxPacket]byte
	defer clear(received[:])
	defer clear(decrypted[:])
	for failures := 0; failures < maxFailures; {
		n, from, err := l.conn.ReadFromUDPAddrPort(received[:])
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // an ICMP answer to what was sent; the next read goes on
			failures++
			continue
		}
		failures = 0
		l.take(s, received[:n], decrypted[:], plain(from))
	}
}

// take judges one packet: from a stranger, or forged, or the caller's.
func (l *Line) take(s *Session, packet, buffer []byte, from netip.AddrPort) {
	secure, known := l.known(from)
	if !known {
		l.strangers.Add(1)
		return
	}
	if secure != nil {
		var err error
		if packet, err = secure.Decrypt(buffer, packet); err != nil {
			l.strangers.Add(1)
			return
		}
	}
	if s.Receive(packet) == nil {
		l.latch(from)
	}
}

// known lets everybody in until the caller's address is known, and then only it; and it
// gives the keys.
func (l *Line) known(from netip.AddrPort) (*Secure, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.secure, !l.latched || from.Addr() == l.remote.Addr()
}

// latch follows the caller. The port may change during a call, the address may not.
func (l *Line) latch(from netip.AddrPort) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.remote, l.latched = from, true
}

// Strangers is how many packets came from elsewhere or were forged.
func (l *Line) Strangers() uint64 { return l.strangers.Load() }

// Port is our own, for SDP.
func (l *Line) Port() uint16 {
	if a, err := netip.ParseAddrPort(l.conn.LocalAddr().String()); err == nil {
		return a.Port()
	}
	return 0
}

// Close frees the port and ends Serve.
func (l *Line) Close() error { return l.conn.Close() }

// plain is an IPv4 address in its own form, however the socket tells it.
func plain(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }
