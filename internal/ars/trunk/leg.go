// Package trunk answers telephone calls over SIP (RFC 3261): it listens on UDP, TCP and
// TLS, admits calls of the configured carriers, negotiates their sound and hands each call
// to whoever takes it. It knows nothing of payments. The SIP library is behind its types
// and could be changed.
//
// Keys of a call are digits of cards: nothing of a message's body is logged, also not by
// the library.
package trunk

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"innopay/internal/ars/media"
)

// Leg is one answered call. It is safe for concurrent use.
type Leg struct {
	id      string
	caller  string
	session *media.Session
	line    *media.Line
	server  *Server
	peer    peer

	mu       sync.Mutex
	pressing sync.Mutex     // held from the answer to a key by INFO until the key is told
	target   sip.Uri        // where our requests go
	source   netip.AddrPort // where the newest request came from
	sent     uint32         // CSeq of our newest request
	received uint32         // and of the other side's
	acks     map[uint32]chan struct{}
	sound    sound
	expiry   expiry
	expires  time.Time // zero: never
	refresh  time.Time // when we have to refresh the session; zero: the caller does
	held     bool
	alive    time.Time // newest request of the other side
	gone     bool      // the other side hung up: no BYE
	reason   string

	over sync.Once
	done chan struct{}
	bye  sync.Once
	hung chan struct{} // closed when our hanging up has ended
}

// peer is what never changes of the other side of a dialog (RFC 3261 12).
type peer struct {
	carrier   string
	transport string
	callID    string
	tag       string
	from, to  sip.Header // of our requests
	routes    []string
	started   time.Time
}

// ID is unique: letters, digits and '-'.
func (l *Leg) ID() string { return l.id }

// Caller is the number of the caller, digits only in its Korean form that begins with 0
// (or a representative number of eight digits); empty when it is withheld or foreign.
// Somebody may have forged it: it identifies no one.
func (l *Leg) Caller() string { return l.caller }

// Media is the sound of the call. It runs and sends silence; whoever takes the call calls
// Listen on it first.
func (l *Leg) Media() *media.Session { return l.session }

// Done is closed when the call is over: the other side hung up, its session expired,
// nothing came from it for too long, or our own hanging up has ended.
func (l *Leg) Done() <-chan struct{} { return l.done }

// HangUp ends the call, and does not wait for it. It may be called more than once.
func (l *Leg) HangUp() {
	l.bye.Do(func() {
		go func() {
			defer close(l.hung)
			l.farewell()
			l.end("hung up by us", false)
		}()
	})
}

// farewell sends BYE unless the other side knows already.
func (l *Leg) farewell() {
	l.mu.Lock()
	gone := l.gone
	l.mu.Unlock()
	if gone {
		return
	}
	// Whoever does not answer a BYE has gone too.
	_, _ = l.request(context.Background(), sip.BYE)
}

// end closes Done; the first reason counts. gone says that the other side knows.
func (l *Leg) end(reason string, gone bool) {
	l.mu.Lock()
	l.gone = l.gone || gone
	if l.reason == "" {
		l.reason = reason
	}
	l.mu.Unlock()
	l.over.Do(func() { close(l.done) })
}

// request sends a request within the call, and waits for its answer.
func (l *Leg) request(ctx context.Context, method sip.RequestMethod, headers ...sip.Header) (*sip.Response, error) {
	l.mu.Lock()
	l.sent++
	target, source, sequence := l.target, l.source, l.sent
	l.mu.Unlock()
	req := bare(method, target, l.peer.transport)
	id := sip.CallIDHeader(l.peer.callID)
	req.AppendHeader(sip.HeaderClone(l.peer.from))
	req.AppendHeader(sip.HeaderClone(l.peer.to))
	req.AppendHeader(&id)
	req.AppendHeader(&sip.CSeqHeader{SeqNo: sequence, MethodName: method})
	req.AppendHeader(l.server.contact(l.peer.transport, source.Addr()))
	for _, r := range l.peer.routes {
		req.AppendHeader(sip.NewHeader("Route", r))
	}
	for _, h := range headers {
		req.AppendHeader(h)
	}
	req.SetDestination(l.destination(target, source).String())
	return l.server.send(ctx, req, source.Addr())
}

// destination is where a request goes: to the target over UDP when it is an address of the
// carrier, else to where the caller's requests come from. A target that a caller made up
// makes us send to nobody else, and one behind a router is reached.
func (l *Leg) destination(target sip.Uri, source netip.AddrPort) netip.AddrPort {
	if l.peer.transport != transportUDP || len(l.peer.routes) > 0 {
		return source
	}
	addr, err := netip.ParseAddr(target.Host)
	if err != nil || !l.server.filter.allowed(addr) || target.Port < 0 || target.Port > 65535 {
		return source
	}
	port := uint16(target.Port)
	if port == 0 {
		port = uint16(sip.DefaultUdpPort)
	}
	return netip.AddrPortFrom(addr.Unmap(), port)
}

// follows takes a request of the dialog by its number: an old one is refused.
func (l *Leg) follows(req *sip.Request) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := req.CSeq().SeqNo
	if n <= l.received {
		return false
	}
	l.received, l.alive = n, l.server.clock.Now()
	if source := sourceOf(req); source.IsValid() {
		l.source = source
	}
	return true
}

// retarget takes a new contact.
func (l *Leg) retarget(req *sip.Request) {
	if c := req.Contact(); c != nil && c.Address.Host != "" {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.target = *c.Address.Clone()
	}
}

// expect is closed when the ACK of an INVITE comes. There is one at a time.
func (l *Leg) expect(sequence uint32) (acked <-chan struct{}, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.acks) > 0 {
		return nil, false
	}
	c := make(chan struct{})
	l.acks[sequence] = c
	return c, true
}

// acknowledged is the ACK of an INVITE.
func (l *Leg) acknowledged(sequence uint32) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c, ok := l.acks[sequence]; ok {
		close(c)
		delete(l.acks, sequence)
	}
}

// renew starts the life of the session anew.
func (l *Leg) renew(e expiry, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.expiry, l.expires, l.refresh = e, time.Time{}, time.Time{}
	if e.every == 0 {
		return
	}
	l.expires = now.Add(e.patience())
	if e.refresher == byUs {
		l.refresh = now.Add(e.every / 2)
	}
}

// overdue is why the call has to end now, if it has.
func (l *Leg) overdue(now time.Time, limits Limits) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.expires.IsZero() && now.After(l.expires):
		return "session expired"
	case now.Sub(l.peer.started) > limits.Longest:
		return "too long"
	case !l.held && min(l.session.Silent(), now.Sub(l.alive)) > limits.Silence:
		return "silent"
	}
	return ""
}

// refreshDue is the session's life when it is our turn to refresh it.
func (l *Leg) refreshDue(now time.Time) (expiry, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.refresh.IsZero() || now.Before(l.refresh) {
		return expiry{}, false
	}
	l.refresh = now.Add(l.expiry.every / 4) // should this one fail
	return l.expiry, true
}
