package call_test

import (
	"context"
	"encoding/binary"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"innopay/call"
)

// looseIPv4 reads a host as inet_aton of C libraries does: one to four numbers, each
// decimal, octal or hexadecimal, the last one filling what is left. Some resolvers and
// proxies still do, so that no such host may pass for a name.
func looseIPv4(host string) bool {
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(parts) > 4 {
		return false
	}
	for _, p := range parts {
		digits, base := strings.ToLower(p), 10
		switch {
		case strings.HasPrefix(digits, "0x"):
			digits, base = digits[2:], 16
		case len(digits) > 1 && digits[0] == '0':
			base = 8
		}
		if digits == "" && base == 16 {
			continue // glibc takes 0x for 0
		}
		if _, err := strconv.ParseUint(digits, base, 32); err != nil {
			return false
		}
	}
	return true
}

// FuzzGuard: an address that passes is one that http takes, by https, at a port that is
// called, by a name that is no address in any spelling; and whatever it is, a name that
// leads inside is not called.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{
		"https://shop.example/innopay", "https://shop.example:8443/?a=b", "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://127.0.0.0X1/",
		"https://0177.0.0.1/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1%25lo]/", "https://a.0x/", "https://1.1.1.1./", "https://shop.example@10.0.0.1/", "https://shop.example\\@10.0.0.1/",
		"https://%31%32%37.0.0.1/", "https://shop.example:0443/", "https:///shop.example", "HTTPS://SHOP.EXAMPLE/",
	} {
		f.Add(s)
	}
	g := call.Guard{Ports: []string{"443", "8443"}}
	inside := g
	asked := false
	inside.Resolve = func(context.Context, string) ([]netip.Addr, error) {
		asked = true
		return []netip.Addr{netip.MustParseAddr("::ffff:10.0.0.1")}, nil
	}
	client := inside.Client()
	f.Fuzz(func(t *testing.T, s string) {
		if !g.Valid(s) {
			return
		}
		u, err := url.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		host := u.Hostname()
		if _, err := netip.ParseAddr(host); err == nil || looseIPv4(host) {
			t.Fatalf("%q is an address", host)
		}
		if u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.Port() != "" && u.Port() != "443" && u.Port() != "8443" || !strings.Contains(host, ".") {
			t.Fatalf("%q passes", s)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s, http.NoBody)
		if err != nil {
			t.Fatalf("%q passes and is none: %v", s, err)
		}
		asked = false
		res, err := client.Do(req)
		if err == nil {
			_ = res.Body.Close() // read only
			t.Fatalf("%q was called", s)
		}
		if asked && !errors.Is(err, call.ErrNotPublic) {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

// FuzzPublic: no address is public whose IPv4 part, in any of the ways of writing one in
// IPv6, is not.
func FuzzPublic(f *testing.F) {
	for _, s := range []string{"::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "2001:0:a00:1::", "::10.0.0.1", "2606:4700::1", "8.8.8.8", "fe80::5efe:10.0.0.1"} {
		a := netip.MustParseAddr(s).As16()
		f.Add(binary.BigEndian.Uint64(a[:8]), binary.BigEndian.Uint64(a[8:]))
	}
	f.Fuzz(func(t *testing.T, high, low uint64) {
		var b [16]byte
		binary.BigEndian.PutUint64(b[:8], high)
		binary.BigEndian.PutUint64(b[8:], low)
		a := netip.AddrFrom16(b)
		if call.Public(a) != call.Public(a.Unmap()) {
			t.Fatalf("%s is judged by its spelling", a)
		}
		if !call.Public(a) {
			return
		}
		// RFC 4291 2.5.5, 3056 (6to4), 4380 (Teredo), 6052 (NAT64).
		for name, p := range map[string]netip.Prefix{
			"6to4": netip.MustParsePrefix("2002::/16"), "Teredo": netip.MustParsePrefix("2001::/32"), "NAT64": netip.MustParsePrefix("64:ff9b::/96"), "compatible": netip.MustParsePrefix("::/96"),
		} {
			if a.Is6() && !a.Is4In6() && p.Contains(a) {
				t.Fatalf("%s is called by way of %s", a, name)
			}
		}
		if v := a.Unmap(); v.IsPrivate() || v.IsLoopback() || v.IsLinkLocalUnicast() || v.IsMulticast() || v.IsUnspecified() {
			t.Fatalf("%s is called", a)
		}
	})
}
