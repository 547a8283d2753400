package push

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

// A device names the address that we call, so whoever logs in could have us call
// anything (server-side request forgery). Therefore: https at its usual port and by
// name alone, an address of the public internet at the moment of dialing, no redirect,
// no proxy, and nothing of the answer but its status is ever looked at.

// validEndpoint reports whether a push service may be reached there.
func validEndpoint(s string, loopback bool) bool {
	if len(s) > maxEndpoint || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Opaque != "" || u.User != nil || strings.Contains(s, "#") {
		return false
	}
	host := u.Hostname()
	if loopback && isLoopback(host) {
		return u.Scheme == "https" || u.Scheme == "http"
	}
	if u.Scheme != "https" || u.Port() != "" && u.Port() != "443" {
		return false
	}
	return named(host)
}

// named is a domain name with a dot in it, whose last label is no number: addresses in
// digits, in all their spellings, and names of the own network are none.
func named(host string) bool {
	labels := strings.Split(host, ".")
	last := labels[len(labels)-1]
	if len(host) > 253 || len(labels) < 2 || strings.ContainsAny(host, ":%_") || strings.Trim(last, "0123456789") == "" || strings.HasPrefix(last, "0x") {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	switch strings.ToLower(last) {
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

// public reports whether an address is one of the public internet.
func public(a netip.Addr) bool {
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

var errNotPublic = errors.New("push: the push service is not on the public internet")

// newClient calls public addresses alone. The check stands where the connection is made,
// after the name was resolved, so that a name that changes its mind is no way around it.
func newClient(loopback bool) *http.Client {
	d := &net.Dialer{
		Timeout: tryFor,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil {
				return errNotPublic
			}
			if public(at.Addr()) || loopback && at.Addr().Unmap().IsLoopback() {
				return nil
			}
			return errNotPublic
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext: d.DialContext, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12},
			MaxIdleConns: 4 * atOnce, MaxIdleConnsPerHost: atOnce, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: tryFor,
			MaxResponseHeaderBytes: 16 << 10, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
