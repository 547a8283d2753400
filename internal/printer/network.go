package printer

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A merchant names the address that we connect to, so whoever manages a shop could have
// us connect to anything (server-side request forgery). Therefore: only networks that
// the operator names, only the ports of printers, and the address is looked at again at
// the moment of dialing. What comes back is read as status bits and shown to nobody.

// Ports of printers: 9100 and what print servers with several printers put beside it.
const (
	defaultPort = 9100
	lowestPort  = 9100
	highestPort = 9199
)

// metadata is where clouds keep the secrets of machines: never a printer.
var metadata = []netip.Addr{netip.MustParseAddr("169.254.169.254"), netip.MustParseAddr("fd00:ec2::254")}

// ValidNetwork reports whether printers may stand in a network at all: a private or
// link-local one. Loopback is none, for there our own services are.
func ValidNetwork(n netip.Prefix) bool {
	for _, s := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"} {
		outer := netip.MustParsePrefix(s)
		if n.IsValid() && outer.Bits() <= n.Bits() && outer.Contains(n.Addr()) {
			return true
		}
	}
	return false
}

// allowed reports whether a printer may be there.
func (s *Service) allowed(at netip.AddrPort) bool {
	at = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	if s.Virtual.IsValid() && at == s.Virtual {
		return true
	}
	for _, m := range metadata {
		if at.Addr().WithZone("") == m {
			return false
		}
	}
	if at.Port() < lowestPort || at.Port() > highestPort {
		return false
	}
	for _, n := range s.Networks {
		if n.Contains(at.Addr().WithZone("")) {
			return true
		}
	}
	return false
}

// address reads host or host:port as people type it, and gives it in one form. A name is
// looked up, and its address judged, when it is dialed.
func (s *Service) address(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxAddress {
		return "", false
	}
	host, port := text, defaultPort
	if h, p, err := net.SplitHostPort(text); err == nil {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil || strconv.FormatUint(n, 10) != p {
			return "", false
		}
		host, port = h, int(n)
	}
	if a, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		at := netip.AddrPortFrom(a.Unmap(), uint16(port))
		return at.String(), s.allowed(at)
	}
	if port < lowestPort || port > highestPort || !hostName(host) {
		return "", false
	}
	return net.JoinHostPort(strings.ToLower(host), strconv.Itoa(port)), true
}

// hostName is a name of letters, digits and hyphens whose last label is no number:
// addresses in digits, in all their spellings, are none.
func hostName(host string) bool {
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if len(host) > 253 || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(strings.ToLower(last), "0x") {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		for _, c := range []byte(l) {
			if c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
				return false
			}
		}
	}
	return true
}

var errForbidden = errors.New("printer: no printer may be at that address")

// dialer opens a connection to a printer.
type dialer func(ctx context.Context, address string) (net.Conn, error)

// connect dials what is allowed. The check stands where the connection is made, after a
// name was resolved, so that a name that changes its mind is no way around it.
func (s *Service) connect(ctx context.Context, address string) (net.Conn, error) {
	d := &net.Dialer{
		Timeout: s.times.connect, KeepAlive: 15 * time.Second,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !s.allowed(at) {
				return errForbidden
			}
			return nil
		},
	}
	return d.DialContext(ctx, "tcp", address)
}
