package demo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"innopay/test/process"
)

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
	if _, body := get(t, f.BaseURL+"/healthz"); !strings.Contains(body, "certificate") {
		t.Errorf("who has not installed the authority is let in: %s", body)
	}
	phone := d.Client()
	ask := func(method, url, token string, body any) (*http.Response, string) {
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
		res, err := phone.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close() //nolint:errcheck // read to its end
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(text)
	}
	login := f.Merchants[0].Logins[0]
	in, said := ask(http.MethodPost, f.BaseURL+"/v1/sessions", "", map[string]string{"loginId": login.LoginID, "password": login.Password})
	if c := in.Cookies(); in.StatusCode != http.StatusCreated || len(c) != 1 || c[0].Name != "__Host-innopay" || !c[0].Secure {
		t.Errorf("login: %d %s %v", in.StatusCode, said, in.Cookies())
	}
	if in.Header.Get("Strict-Transport-Security") != "" {
		t.Error("browsers are told that every program of this name speaks https")
	}
	for path, without := range map[string]int{
		"/simulator/acquirer/journal": 401, "/simulator/mail": 401, "/simulator/phone/01000000001/messages": 401, "/simulator/phone/setup": 401,
		"/simulator/acquirer/cards": 200, "/simulator/phone": 200,
	} {
		if res, said := ask(http.MethodGet, f.BaseURL+path, "", nil); res.StatusCode != without {
			t.Errorf("%s without the token: %d %s", path, res.StatusCode, said)
		}
		if res, said := ask(http.MethodGet, f.BaseURL+path, f.SimulatorToken, nil); res.StatusCode != 200 {
			t.Errorf("%s with the token: %d %s", path, res.StatusCode, said)
		}
	}
	if res, _ := ask(http.MethodPost, f.BaseURL+"/simulator/acquirer/stop", "", nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("anybody ends the simulator: %d", res.StatusCode)
	}
	if res, _ := ask(http.MethodGet, f.SimulatorURL+"/simulator/mail", "", nil); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("the simulator itself: %d", res.StatusCode)
	}
	if code, page := get(t, f.CAURL); code != 200 || !strings.Contains(page, f.BaseURL+"/app/") {
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
