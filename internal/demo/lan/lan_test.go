package lan_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rsc.io/qr"

	"innopay/internal/demo/lan"
)

var now = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

func home() lan.Names {
	return lan.Names{Primary: "192.168.0.5", Addresses: []netip.Addr{netip.MustParseAddr("192.168.0.5"), netip.MustParseAddr("127.0.0.1")}, Hosts: []string{"localhost", "till", "till.local"}}
}

func issue(t *testing.T, dir string, n lan.Names, at time.Time) lan.Certificate {
	t.Helper()
	c, err := lan.Issue(dir, n, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shown is the certificate that a server with the files shows.
func shown(t *testing.T, c lan.Certificate) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(c.File, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}

// believes reports whether a telephone that installed the authority believes the server
// at the name.
func believes(t *testing.T, c lan.Certificate, name string, at time.Time) error {
	t.Helper()
	ca, err := x509.ParseCertificate(c.Authority)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	_, err = shown(t, c).Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: at})
	return err
}

func TestATelephoneBelievesTheServerAtEachOfItsNamesAndNoOther(t *testing.T) {
	t.Parallel()
	c := issue(t, t.TempDir(), home(), now)
	for _, name := range []string{"[192.168.0.5]", "[127.0.0.1]", "localhost", "till", "till.local"} {
		if err := believes(t, c, name, now); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"[192.168.0.6]", "bank.example"} {
		if believes(t, c, name, now) == nil {
			t.Errorf("%s is believed", name)
		}
	}
	if believes(t, c, "till", now.AddDate(0, 1, 5)) == nil {
		t.Error("a server's certificate of last month is believed")
	}
	for _, name := range []string{"ca.key", "ca.crt", "server.key", "server.crt"} {
		info, err := os.Stat(filepath.Join(filepath.Dir(c.File), name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

// TestTheAuthorityCannotVouchForTheWorld signs for a bank with the authority's key.
func TestTheAuthorityCannotVouchForTheWorld(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := issue(t, dir, home(), now)
	ca, err := x509.ParseCertificate(c.Authority)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "ca.key"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	for name, forged := range map[string]*x509.Certificate{
		"a bank":      {DNSNames: []string{"bank.example"}},
		"an address":  {IPAddresses: []net.IP{net.IPv4(203, 0, 113, 7)}},
		"an own name": {DNSNames: []string{"till.local"}},
	} {
		forged.SerialNumber, forged.NotBefore, forged.NotAfter = ca.SerialNumber, ca.NotBefore, ca.NotAfter
		forged.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		der, err := x509.CreateCertificate(nil, forged, ca, shown(t, c).PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(ca)
		_, err = cert.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now})
		var refused x509.CertificateInvalidError
		if ours := name == "an own name"; ours != (err == nil) || !ours && (!errors.As(err, &refused) || refused.Reason != x509.CANotAuthorizedForThisName) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheAuthorityIsKeptWhileItIsGood(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := issue(t, dir, home(), now)
	second := issue(t, dir, home(), now.Add(24*time.Hour))
	if !first.Renewed || second.Renewed || first.Fingerprint != second.Fingerprint {
		t.Errorf("%v %v", first.Renewed, second.Renewed)
	}
	if a, b := shown(t, first), shown(t, second); a.NotAfter.Sub(b.NotBefore) < 0 || b.NotAfter.Sub(now) < 30*24*time.Hour {
		t.Errorf("the server's was not made anew: %v %v", a.NotAfter, b.NotAfter)
	}
	moved := home()
	moved.Addresses = append(moved.Addresses, netip.MustParseAddr("10.1.2.3"))
	if c := issue(t, dir, moved, now); c.Renewed || believes(t, c, "[10.1.2.3]", now) != nil {
		t.Error("another address at home needs no other authority")
	}
	public := home()
	public.Addresses = append(public.Addresses, netip.MustParseAddr("203.0.113.7"))
	c := issue(t, dir, public, now)
	if !c.Renewed || believes(t, c, "[203.0.113.7]", now) != nil {
		t.Error("an address outside needs an authority that may vouch for it")
	}
	if late := issue(t, dir, public, now.AddDate(0, 11, 10)); !late.Renewed {
		t.Error("an authority that ends soon was kept")
	}
	for name, spoil := range map[string]func() error{
		"the key is another's": func() error {
			text, err := os.ReadFile(filepath.Join(dir, "server.key"))
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "ca.key"), text, 0o600))
		},
		"the certificate is none": func() error { return os.WriteFile(filepath.Join(dir, "ca.crt"), []byte("x"), 0o600) },
		"the key is gone":         func() error { return os.Remove(filepath.Join(dir, "ca.key")) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if c := issue(t, dir, home(), now); !c.Renewed || believes(t, c, "till", now) != nil {
			t.Errorf("%s: %v", name, c.Renewed)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	if n := lan.NamesOf("127.0.0.2"); n.Primary != "127.0.0.2" || len(n.Addresses) != 1 || n.Hosts[0] != "localhost" {
		t.Errorf("%+v", n)
	}
	if n := lan.NamesOf("Till.example"); n.Primary != "Till.example" || n.Hosts[len(n.Hosts)-1] != "till.example" {
		t.Errorf("%+v", n)
	}
	for _, all := range []string{"", "0.0.0.0", "::"} {
		n := lan.NamesOf(all)
		if a, err := netip.ParseAddr(n.Primary); err != nil || a.IsUnspecified() || a != n.Addresses[0] {
			t.Errorf("%q: %+v", all, n)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	c := lan.Certificate{Authority: []byte("der"), Fingerprint: "AA BB"}
	h, err := lan.Page(c, "https://192.168.0.5:8443/app/")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	page := ask(http.MethodGet, "/ca", "User-Agent", "Mozilla/5.0 (Linux; Android 14)")
	for _, want := range []string{`<html lang="ko">`, "인증서 내려받기", `href="/ca.crt"`, "AA BB", `href="https://192.168.0.5:8443/app/"`} {
		if !strings.Contains(page.Body.String(), want) {
			t.Errorf("no %s in the page", want)
		}
	}
	if n := strings.Count(page.Body.String(), "<details open>"); n != 1 {
		t.Errorf("%d ways are open", n)
	}
	if !strings.Contains(page.Header().Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-") {
		t.Errorf("%v", page.Header())
	}
	if english := ask(http.MethodGet, "/ca", "Accept-Language", "en-US,en;q=0.9"); !strings.Contains(english.Body.String(), "Download the certificate") {
		t.Error("no English")
	}
	file := ask(http.MethodGet, "/ca.crt")
	if file.Body.String() != "der" || file.Header().Get("Content-Type") != "application/x-x509-ca-cert" {
		t.Errorf("%v", file.Header())
	}
	if to := ask(http.MethodGet, "/"); to.Code != http.StatusFound || to.Header().Get("Location") != "/ca" {
		t.Errorf("%d %v", to.Code, to.Header())
	}
	for _, path := range []string{"/app/", "/v1/sessions", "/ca.key", "/../tls/ca.key", "/server.key"} {
		if got := ask(http.MethodGet, path); got.Code == http.StatusOK {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	if got := ask(http.MethodPost, "/ca"); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.Code)
	}
}

// TestTerminal reads the modules back from the drawing.
func TestTerminal(t *testing.T) {
	t.Parallel()
	const text = "http://192.168.0.5:8444/ca"
	drawn, err := lan.Terminal(text)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(drawn, "\n"), "\n")
	for i, line := range lines {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[38;5;16;48;5;231m"), "\x1b[0m")
		for j, r := range []rune(line) {
			x, y := j-4, 2*i-4
			if top, bottom := r == '█' || r == '▀', r == '█' || r == '▄'; top != code.Black(x, y) || bottom != code.Black(x, y+1) {
				t.Fatalf("at %d, %d: %c", x, y, r)
			}
		}
		if n := len([]rune(line)); n != code.Size+8 {
			t.Fatalf("line %d has %d modules", i, n)
		}
	}
	if len(lines)*2 < code.Size+8 {
		t.Errorf("%d lines for %d modules", len(lines), code.Size)
	}
}
