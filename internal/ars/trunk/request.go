package trunk

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"
)

// Transports as the SIP library names them.
const (
	transportUDP = "UDP"
	transportTCP = "TCP"
	transportTLS = "TLS"
)

const (
	maxForwards = 70
	allow       = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"
)

// errNoAnswer is returned when the other side did not answer in time.
var errNoAnswer = errors.New("trunk: no answer")

// reply answers a request; what cannot be sent will be asked for again.
func reply(tx sip.ServerTransaction, req *sip.Request, code int, reason string, headers ...sip.Header) {
	res := sip.NewResponseFromRequest(req, code, reason, nil)
	for _, h := range headers {
		res.AppendHeader(h)
	}
	_ = tx.Respond(res)
}

// here is our address as the other side sees it: of signalling and of sound.
func (s *Server) here(other netip.Addr) netip.Addr {
	switch {
	case s.external.IsValid() && !other.IsLoopback():
		return s.external
	case !s.listen.Addr().IsUnspecified():
		return s.listen.Addr()
	}
	// Listening everywhere: the machine knows from which address it would send. No packet
	// leaves for this.
	dialer := net.Dialer{Timeout: time.Second}
	c, err := dialer.DialContext(context.Background(), "udp", netip.AddrPortFrom(other, 9).String())
	if err != nil {
		return s.listen.Addr()
	}
	defer c.Close()
	if a, ok := c.LocalAddr().(*net.UDPAddr); ok {
		return a.AddrPort().Addr().Unmap()
	}
	return s.listen.Addr()
}

// port is that of a transport.
func (s *Server) port(transport string) uint16 {
	if transport == transportTLS {
		return s.listenTLS.Port()
	}
	return s.listen.Port()
}

// contact is where the other side sends the requests of a call.
func (s *Server) contact(transport string, other netip.Addr) *sip.ContactHeader {
	uri := sip.Uri{Scheme: "sip", User: s.user(), Host: bracketed(s.here(other)), Port: int(s.port(transport))}
	if transport != transportUDP {
		uri.UriParams.Add("transport", strings.ToLower(transport))
	}
	return &sip.ContactHeader{Address: uri}
}

// user is what stands before the @ of our addresses.
func (s *Server) user() string {
	if n := korean(s.number); n != "" {
		return n
	}
	return "ars"
}

// bracketed is an address as the host of a URI.
func bracketed(a netip.Addr) string {
	if a.Is6() {
		return "[" + a.String() + "]"
	}
	return a.String()
}

// send has the request go out over the transport and waits for its final answer, so long
// as a limit says.
func (s *Server) send(ctx context.Context, req *sip.Request, other netip.Addr) (*sip.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.Answer)
	defer cancel()
	s.address(req, other)
	res, err := s.client.Do(ctx, req, nothing)
	if err != nil {
		return nil, errors.Join(errNoAnswer, err)
	}
	if res == nil {
		return nil, errNoAnswer
	}
	return res, nil
}

// address writes where the request comes from, and takes the socket we listen on: carriers
// know us by its port.
func (s *Server) address(req *sip.Request, other netip.Addr) {
	transport := req.Transport()
	req.RemoveHeader("Via")
	via := &sip.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: transport, Host: bracketed(s.here(other)), Port: int(s.port(transport))}
	via.Params.Add("branch", sip.GenerateBranch())
	via.Params.Add("rport", "")
	req.PrependHeader(via)
	if transport == transportUDP {
		req.Laddr = sip.Addr{IP: net.IP(s.listen.Addr().AsSlice()), Port: int(s.listen.Port())}
	}
}

// nothing keeps the library from adding headers: they are all there.
func nothing(*sipgo.Client, *sip.Request) error { return nil }

// bare is a request with the headers that every one has.
func bare(method sip.RequestMethod, to sip.Uri, transport string) *sip.Request {
	req := sip.NewRequest(method, to)
	req.SetTransport(transport)
	forwards := sip.MaxForwardsHeader(maxForwards)
	req.AppendHeader(&forwards)
	req.SetBody(nil)
	return req
}

// sourceOf is where a message really came from.
func sourceOf(req *sip.Request) netip.AddrPort {
	a, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
