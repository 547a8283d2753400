package demo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"innopay/internal/demo"
	"innopay/test/process"
)

// answer is what a server said.
type answer struct {
	code    int
	text    string
	header  http.Header
	cookies []*http.Cookie
}

// ask asks as a telephone that installed the demo's authority; token may be empty.
func ask(t *testing.T, d *process.Demo, method, url, token string, body any) answer {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := d.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Error(err)
	}
	return answer{res.StatusCode, string(text), res.Header, res.Cookies()}
}

// TestOnTheNetwork starts a demo on an address that is not the usual one, as a telephone
// of the same network would find it. It is still this machine's.
func TestOnTheNetwork(t *testing.T) {
	t.Parallel()
	o := options(t)
	o.Listen = strings.Replace(o.Listen, "127.0.0.1", "127.0.0.2", 1)
	o.TLS = true
	d, f := start(t, o)
	if f.BaseURL != "https://"+o.Listen || f.SimulatorToken == "" || f.CAURL == "" {
		t.Fatalf("demo.json: %s %q %s", f.BaseURL, f.SimulatorToken, f.CAURL)
	}
	if _, said := get(t, f.BaseURL+"/healthz"); !strings.Contains(said, "certificate") {
		t.Errorf("who has not installed the authority is let in: %s", said)
	}
	login := f.Merchants[0].Logins[0]
	in := ask(t, d, http.MethodPost, f.BaseURL+"/v1/sessions", "", map[string]string{"loginId": login.LoginID, "password": login.Password})
	if c := in.cookies; in.code != http.StatusCreated || len(c) != 2 || c[0].Name != "__Host-innopay" || c[1].Name != "__Host-innopay-device" || !c[0].Secure || !c[1].Secure {
		t.Errorf("login: %+v", in)
	}
	if in.header.Get("Strict-Transport-Security") != "" {
		t.Error("browsers are told that every program of this name speaks https")
	}
	guarded(t, d, f)
	if code, page := get(t, f.CAURL); code != http.StatusOK || !strings.Contains(page, f.BaseURL+"/app/") {
		t.Errorf("%s: %d", f.CAURL, code)
	}
	for _, path := range []string{"/app/", "/v1/sessions", "/simulator/mail"} {
		if code, _ := get(t, strings.TrimSuffix(f.CAURL, "/ca")+path); code != http.StatusNotFound {
			t.Errorf("the page's port serves %s: %d", path, code)
		}
	}
	authority, err := os.ReadFile(f.CACertificate)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Stop(stopWithin); err != nil {
		t.Error(err)
	}
	_, again := start(t, o)
	if again.BaseURL != f.BaseURL || again.CAURL != f.CAURL || again.SimulatorToken != f.SimulatorToken {
		t.Errorf("%s %s, were %s %s", again.BaseURL, again.CAURL, f.BaseURL, f.CAURL)
	}
	if kept, err := os.ReadFile(f.CACertificate); err != nil || !bytes.Equal(kept, authority) {
		t.Error("a telephone has to install the authority again after a restart")
	}
}

// guarded looks what of the simulators is told without the token.
func guarded(t *testing.T, d *process.Demo, f demo.File) {
	t.Helper()
	for path, without := range map[string]int{
		"/simulator/acquirer/journal": 401, "/simulator/mail": 401, "/simulator/phone/01000000001/messages": 401, "/simulator/phone/setup": 401,
		"/simulator/acquirer/cards": 200, "/simulator/phone": 200,
	} {
		if a := ask(t, d, http.MethodGet, f.BaseURL+path, "", nil); a.code != without {
			t.Errorf("%s without the token: %+v", path, a)
		}
		if a := ask(t, d, http.MethodGet, f.BaseURL+path, f.SimulatorToken, nil); a.code != http.StatusOK {
			t.Errorf("%s with the token: %+v", path, a)
		}
	}
	if a := ask(t, d, http.MethodPost, f.BaseURL+"/simulator/acquirer/stop", "", nil); a.code != http.StatusUnauthorized {
		t.Errorf("anybody ends the simulator: %+v", a)
	}
	if a := ask(t, d, http.MethodGet, f.SimulatorURL+"/simulator/mail", "", nil); a.code != http.StatusUnauthorized {
		t.Errorf("the simulator itself: %+v", a)
	}
}

// TestOthersAreLetInOnlyWithTLS refuses what would be read on the way, in one line.
func TestOthersAreLetInOnlyWithTLS(t *testing.T) {
	t.Parallel()
	o := options(t)
	for _, args := range [][]string{
		{"demo", "--data", o.Dir, "--listen", "0.0.0.0:0"},
		{"demo", "--data", o.Dir, "--tls", "--tls-cert", "x", "--tls-key", "y"},
		{"demo", "--data", o.Dir, "--tls", "--listen", "nowhere"},
	} {
		code, said, err := process.Output(t.Context(), o.Binary, args...)
		if code != 2 || err != nil || strings.Count(strings.TrimSpace(said), "\n") != 0 || said == "" {
			t.Errorf("%v: %d %v %q", args, code, err, said)
		}
	}
}
