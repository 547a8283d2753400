package call

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Guard is for addresses that somebody outside names: devices name their push services,
// shops the receivers of their webhooks. Whoever logs in could have us call anything
// (server-side request forgery). Therefore: https at a port that is allowed and by name
// alone, only addresses of the public internet at the moment of dialing, no redirect, no
// proxy. The zero value takes the usual port.
type Guard struct {
	// Ports that may be called; none: 443 alone.
	Ports []string
	// Loopback allows this machine as well, at any port and without TLS: for tests and
	// the demo.
	Loopback bool
	// Most is the longest address in bytes; 0: 1000.
	Most int
	// Timeout bounds connecting and the TLS handshake, each; 0: 5 s.
	Timeout time.Duration
	// Idle is how many connections to one host are kept for the next call.
	Idle int
	// Resolve gives the addresses of a name; nil asks the system.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
}

const (
	mostAddress  = 1000
	guardTimeout = 5 * time.Second
	mostDialed   = 4 // addresses of one name that are tried
)

func (g Guard) ports() []string {
	if len(g.Ports) == 0 {
		return []string{"443"}
	}
	return g.Ports
}

func (g Guard) timeout() time.Duration {
	if g.Timeout <= 0 {
		return guardTimeout
	}
	return g.Timeout
}

// Valid reports whether the address may be called, as far as it can be told without
// asking for the addresses of its name.
func (g Guard) Valid(s string) bool {
	most := g.Most
	if most == 0 {
		most = mostAddress
	}
	if len(s) > most || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.User != nil || strings.Contains(s, "#") {
		return false
	}
	host := u.Hostname()
	if g.Loopback && isLoopback(host) {
		return u.Scheme == "https" || u.Scheme == "http"
	}
	if u.Scheme != "https" || u.Port() != "" && !slices.Contains(g.ports(), u.Port()) {
		return false
	}
	return named(host)
}

// named is a domain name with a dot in it, whose last label is no number: addresses in
// digits, in all their spellings, and names of the own network are none.
func named(host string) bool {
	labels := strings.Split(host, ".")
	last := strings.ToLower(labels[len(labels)-1])
	if len(host) > 253 || len(labels) < 2 || strings.ContainsAny(host, ":%_") || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	switch last {
	case "localhost", "local", "internal", "lan", "home", "corp", "intranet":
		return false
	}
	return true
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// unroutable are the blocks of the special-purpose registries (RFC 6890) that netip has
// no word for, with what would lead into IPv4 by way of IPv6.
var unroutable = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
)

// global is all of IPv6 that is given out.
var global = netip.MustParsePrefix("2000::/3")

func prefixes(all ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(all))
	for i, s := range all {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}

// Public reports whether an address is one of the public internet.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" || a.Is6() && !global.Contains(a) {
		return false
	}
	for _, p := range unroutable {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// ErrNotPublic: the name leads, or may lead, to somewhere that is not on the public
// internet, or to a port that is not called.
var ErrNotPublic = errors.New("call: it is not on the public internet")

func (g Guard) allowed(a netip.Addr) bool {
	return Public(a) || g.Loopback && a.Unmap().IsLoopback()
}

// Client calls what the guard allows and nothing else. It is safe for concurrent use.
func (g Guard) Client() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: g.dial, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			MaxIdleConns: 4 * max(1, g.Idle), MaxIdleConnsPerHost: max(1, g.Idle), IdleConnTimeout: time.Minute, TLSHandshakeTimeout: g.timeout(),
			MaxResponseHeaderBytes: 16 << 10, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// dial asks for the addresses of the name itself and connects to one of those it has
// looked at, so that a name that changes its mind is no way around it. One address that
// is not public refuses the name as a whole.
func (g Guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, ErrNotPublic
	}
	all, err := g.addresses(ctx, host)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if !g.allowed(a) || !a.Unmap().IsLoopback() && !slices.Contains(g.ports(), port) {
			return nil, ErrNotPublic
		}
	}
	d := &net.Dialer{
		Timeout: g.timeout(),
		// The same check where the connection is made: the second wall.
		ControlContext: func(_ context.Context, _, at string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(at)
			if err != nil || !g.allowed(to.Addr()) {
				return ErrNotPublic
			}
			return nil
		},
	}
	for _, a := range all[:min(len(all), mostDialed)] {
		var c net.Conn
		if c, err = d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port)); err == nil {
			return c, nil
		}
	}
	return nil, err
}

// addresses of a host, at least one.
func (g Guard) addresses(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{a}, nil
	}
	resolve := g.Resolve
	if resolve == nil {
		resolve = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, g.timeout())
	defer cancel()
	all, err := resolve(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("call: no address of the name: %w", err)
	}
	if len(all) == 0 {
		return nil, errors.New("call: the name has no address")
	}
	return all, nil
}
