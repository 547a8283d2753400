package push_test

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"innopay/internal/push"
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
		if push.Public(netip.MustParseAddr(s)) {
			t.Errorf("%s is called", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "::ffff:8.8.8.8", "2606:4700::1", "2a00:1450:4001::1", "2400::1"} {
		if !push.Public(netip.MustParseAddr(s)) {
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
		if push.ValidEndpoint(s, false) {
			t.Errorf("%.80q is taken", s)
		}
	}
	for _, s := range []string{
		"https://fcm.googleapis.com/fcm/send/abc:def-_", "https://updates.push.services.mozilla.com/wpush/v2/gAAA", "https://web.push.apple.com/QGuQ",
		"https://db5p.notify.windows.com/w/?token=BQYAAA%3d", "https://push.example:443/x", "https://push2.example/",
	} {
		if !push.ValidEndpoint(s, false) {
			t.Errorf("%q is refused", s)
		}
	}
	for s, want := range map[string]bool{
		"http://127.0.0.1:8080/x": true, "https://127.0.0.1:8443/x": true, "http://[::1]:8080/x": true, "http://localhost:8080/x": true,
		"http://10.0.0.1/x": false, "http://push.example/x": false, "ftp://127.0.0.1/x": false, "https://169.254.169.254/": false,
	} {
		if push.ValidEndpoint(s, true) != want {
			t.Errorf("with loopback %q: %v", s, !want)
		}
	}
}

// TestANameThatLeadsInsideIsNotCalled goes past the check of the endpoint, as a name does
// whose address changed after it was given.
func TestANameThatLeadsInsideIsNotCalled(t *testing.T) {
	t.Parallel()
	p := newProvider(t)
	for name, c := range map[string]struct {
		loopback, reached bool
	}{"production": {false, false}, "demo": {true, true}} {
		for _, address := range []string{p.URL, strings.Replace(p.URL, "127.0.0.1", "localhost", 1)} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/inside", http.NoBody)
			must(t, err)
			res, err := push.NewClient(c.loopback).Do(req)
			if err == nil {
				_ = res.Body.Close() // read only
			}
			if (err == nil) != c.reached || err != nil && !strings.Contains(err.Error(), "not on the public internet") {
				t.Errorf("%s, %s: %v", name, address, err)
			}
		}
	}
	if got := p.taken(); len(got) != 2 {
		t.Errorf("%d calls arrived", len(got))
	}
}

func TestAProxyOfTheEnvironmentIsNoWayInside(t *testing.T) {
	p := newProvider(t)
	t.Setenv("HTTPS_PROXY", p.URL)
	t.Setenv("HTTP_PROXY", p.URL)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://push.invalid/x", http.NoBody)
	must(t, err)
	if res, err := push.NewClient(true).Do(req); err == nil {
		_ = res.Body.Close() // read only
		t.Error("it went by the proxy")
	}
	if got := p.taken(); len(got) != 0 {
		t.Errorf("%d calls arrived", len(got))
	}
}
