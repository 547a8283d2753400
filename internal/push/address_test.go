package push_test

import (
	"net/http"
	"strings"
	"testing"

	"innopay/internal/push"
)

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
