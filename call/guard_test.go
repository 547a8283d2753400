package call_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"innopay/call"
)

func TestOnlyAddressesOfThePublicInternetAreCalled(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.1.2.3", "169.254.0.1", "169.254.169.254",
		"172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
		"203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1",
		"3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700::1%eth0", "4000::1",
	} {
		if call.Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is called", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "::ffff:8.8.8.8", "2606:4700::1", "2a00:1450:4001::1", "2400::1"} {
		if !call.Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is not called", s)
		}
	}
}

// inside are endpoints that lead, or could lead, to somewhere inside.
var inside = []string{
	"", "push.example", "//push.example/x", "http://push.example/x", "ftp://push.example/x", "file:///etc/passwd", "javascript:alert(1)", "https:push.example", "https://",
	"https://localhost/x", "https://x.localhost/x", "https://db.internal/x", "https://printer.local/x", "https://router.lan/x", "https://intranet/x", "https://push./x", "https://.example/x",
	"https://127.0.0.1/x", "https://127.1/x", "https://2130706433/x", "https://0x7f000001/x", "https://0x7f.0.0.0x1/x", "https://0177.0.0.1/x", "https://10.0.0.1/x",
	"https://169.254.169.254/latest/meta-data/", "https://1.1.1.1/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x", "https://[2606:4700::1]/x",
	"https://user@push.example/x", "https://user:word@push.example/x", "https://push.example:8443/x", "https://push.example:22/", "https://push.example/x#part",
	"https://push.example/a b", "https://push.example/\n", "https://push.example/\u00e4", "https://pu\u0455h.example/", "https://push%2eexample/x",
	"https://push.example/" + strings.Repeat("x", 1000), "https://" + strings.Repeat("x", 64) + ".example/", "https://push..example/",
}

func TestAnEndpointThatLeadsInsideIsRefused(t *testing.T) {
	t.Parallel()
	for _, s := range inside {
		if (call.Guard{}).Valid(s) {
			t.Errorf("%.80q is taken", s)
		}
	}
	for _, s := range []string{
		"https://fcm.googleapis.com/fcm/send/abc:def-_", "https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://web.push.apple.com/QGuQ",
		"https://db5p.notify.windows.com/w/?token=BQYAAA%3d", "https://push.example:443/x", "https://push2.example/",
	} {
		if !(call.Guard{}).Valid(s) {
			t.Errorf("%q is refused", s)
		}
	}
	for s, want := range map[string]bool{"https://shop.example:8443/x": true, "https://shop.example:8444/x": false, "https://shop.example/x": true} {
		if (call.Guard{Ports: []string{"443", "8443"}}).Valid(s) != want {
			t.Errorf("with two ports %q: %v", s, !want)
		}
	}
	for s, want := range map[string]bool{
		"http://127.0.0.1:8080/x": true, "https://127.0.0.1:8443/x": true, "http://[::1]:8080/x": true, "http://localhost:8080/x": true,
		"http://10.0.0.1/x": false, "http://push.example/x": false, "ftp://127.0.0.1/x": false, "https://169.254.169.254/": false,
	} {
		if (call.Guard{Loopback: true}).Valid(s) != want {
			t.Errorf("with loopback %q: %v", s, !want)
		}
	}
}

// TestANameIsCalledWhereItsAddressesWereLookedAt has names whose addresses are not what
// they seem: what is asked once is what is dialed, and one bad address refuses them all.
func TestANameIsCalledWhereItsAddressesWereLookedAt(t *testing.T) {
	t.Parallel()
	arrived := 0
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived++ }))
	t.Cleanup(inside.Close)
	port := inside.URL[strings.LastIndex(inside.URL, ":")+1:]
	parse := func(all ...string) (out []netip.Addr) {
		for _, s := range all {
			out = append(out, netip.MustParseAddr(s))
		}
		return out
	}
	for name, answers := range map[string][][]netip.Addr{
		"loopback":               {parse("127.0.0.1")},
		"mapped":                 {parse("::ffff:127.0.0.1")},
		"metadata":               {parse("169.254.169.254")},
		"private behind public":  {parse("8.8.8.8", "10.0.0.1")},
		"carrier grade NAT":      {parse("100.64.0.1")},
		"multicast":              {parse("224.0.0.1")},
		"rebinding to this host": {parse("127.0.0.1"), parse("8.8.8.8")},
	} {
		asked := 0
		g := call.Guard{Ports: []string{port}, Resolve: func(context.Context, string) ([]netip.Addr, error) {
			asked++
			return answers[min(asked, len(answers))-1], nil
		}}
		if err := get(t, g, "http://shop.example:"+port); !errors.Is(err, call.ErrNotPublic) || asked != 1 {
			t.Errorf("%s: asked %d times, %v", name, asked, err)
		}
	}
	elsewhere := call.Guard{Resolve: func(context.Context, string) ([]netip.Addr, error) { return parse("8.8.8.8"), nil }}
	if err := get(t, elsewhere, "http://shop.example:22"); !errors.Is(err, call.ErrNotPublic) {
		t.Errorf("another port: %v", err)
	}
	none := call.Guard{Resolve: func(context.Context, string) ([]netip.Addr, error) { return nil, nil }}
	if err := get(t, none, "http://shop.example:443"); err == nil {
		t.Error("a name without address")
	}
	if arrived != 0 {
		t.Errorf("%d calls arrived", arrived)
	}
	// The planted good one: the same name, where this machine is allowed.
	asked := 0
	demo := call.Guard{Loopback: true, Resolve: func(context.Context, string) ([]netip.Addr, error) {
		if asked++; asked > 1 {
			return parse("10.0.0.1"), nil
		}
		return parse("127.0.0.1"), nil
	}}
	if err := get(t, demo, "http://shop.example:"+port); err != nil || arrived != 1 || asked != 1 {
		t.Errorf("the demo: %v, %d arrived, asked %d times", err, arrived, asked)
	}
}

func get(t *testing.T, g call.Guard, address string) error {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := g.Client().Do(r)
	if err == nil {
		_ = res.Body.Close() // nothing of it is wanted
	}
	return err
}
