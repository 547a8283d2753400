package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/web"
	"innopay/internal/web/problem"
)

func TestHeadersOnEveryRoute(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	paths := []string{"/", "/app/", "/app/assets/app-1a2b.js", "/healthz", "/readyz", "/openapi.json", "/docs", "/docs/errors", "/docs/style.css", "/developers", "/developers/page.js", "/developers/examples/pay.mjs",
		"/r/x", "/activate/x", "/nowhere", "/v1/nowhere", "/simulator/phone"}
	for path := range operations(t, r) {
		paths = append(paths, path)
	}
	for _, path := range paths {
		a := r.to(http.MethodGet, path, nil).do()
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Referrer-Policy": "no-referrer",
			"Permissions-Policy": "geolocation=()", "Content-Security-Policy": "frame-ancestors 'none'", "Trace-Id": "trc_", "Cache-Control": "",
		} {
			if got := a.Header.Get(name); got == "" || !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if strings.Contains(a.Header.Get("Content-Security-Policy"), "unsafe") || a.Header.Get("Strict-Transport-Security") != "" {
			t.Errorf("%s: %v", path, a.Header)
		}
		if strings.HasPrefix(path, "/v1/") && a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be cached: %q", path, a.Header.Get("Cache-Control"))
		}
		if len(a.body) > 0 && !strings.Contains(a.Header.Get("Content-Type"), "/") {
			t.Errorf("%s: content type %q", path, a.Header.Get("Content-Type"))
		}
	}
	framed := newRig(t, func(o *web.Options) { o.AllowFraming = true })
	if p := framed.to(http.MethodGet, "/app/", nil).do().Header.Get("Content-Security-Policy"); !strings.Contains(p, "frame-ancestors 'self'") {
		t.Errorf("demo: %q", p)
	}
	if p := framed.to(http.MethodGet, "/r/x", nil).do().Header.Get("Content-Security-Policy"); !strings.Contains(p, "frame-ancestors 'self'") {
		t.Errorf("receipt in the demo: %q", p)
	}
	if p := r.to(http.MethodGet, "/r/x", nil).do().Header.Get("Content-Security-Policy"); !strings.Contains(p, "frame-ancestors 'none'") {
		t.Errorf("receipt: %q", p)
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/v1/nothing", 404, ""},
		{"GET", "/v1/payments/pay_1/nothing", 404, ""},
		{"GET", "/simulator/acquirer/journal", 404, ""},
		{"GET", "/debug/pprof/", 404, ""},
		{"GET", "/.git/config", 404, ""},
		{"GET", "/v1/payments/%00", 404, ""},
		{"GET", "/v1/payments/%ff", 404, ""},
		{"DELETE", "/v1/payments", 405, "GET, HEAD, POST"},
		{"PATCH", "/v1/settings", 405, "GET, HEAD, PUT"},
		{"TRACE", "/v1/merchant", 405, "GET, HEAD"},
		{"OPTIONS", "/v1/payments", 405, "GET, HEAD, POST"},
		{"POST", "/healthz", 405, "GET, HEAD"},
		{"POST", "/r/x/receipt.pdf", 405, "GET, HEAD"},
	} {
		a := r.to(tt.method, tt.path, nil).as(r.one).do()
		if a.StatusCode != tt.status || a.Header.Get("Allow") != tt.allow || a.Header.Get("Content-Type") != problem.ContentType {
			t.Errorf("%s %s: %d %q %s", tt.method, tt.path, a.StatusCode, a.Header.Get("Allow"), a.body)
		}
	}
	if a := r.to(http.MethodHead, "/v1/merchant", nil).as(r.one).do(); a.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %d", a.StatusCode)
	}
	for _, path := range []string{"//evil.example/", "/\\evil.example", "/app//evil.example/..", "/?next=//evil.example"} {
		a := r.to(http.MethodGet, path, nil).do()
		if l := a.Header.Get("Location"); strings.HasPrefix(l, "//") || strings.Contains(l, "://") || strings.HasPrefix(l, "/\\") {
			t.Errorf("%s leads to %q", path, l)
		}
	}
}

func TestHealthAndSimulators(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk of the tests is full")
	var down error
	r := newRig(t, func(o *web.Options) {
		o.Ready = func(context.Context) error { return down }
		o.Simulators = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "simulated") })
	})
	if a := r.to(http.MethodGet, "/readyz", nil).do(); a.StatusCode != http.StatusOK {
		t.Errorf("ready: %d", a.StatusCode)
	}
	down = broken
	a := r.to(http.MethodGet, "/readyz", nil).do()
	if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || bytes.Contains(a.body, []byte("disk")) {
		t.Errorf("not ready: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodGet, "/healthz", nil).do(); a.StatusCode != http.StatusOK {
		t.Errorf("alive: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, "/simulator/acquirer/journal", nil).do(); string(a.body) != "simulated" {
		t.Errorf("simulator: %d %s", a.StatusCode, a.body)
	}
}

// failing is an Authenticator over a database that does not answer, or a bug.
type failing struct {
	merchant.Authenticator
	panics any
}

func (f failing) KeyPrincipal(context.Context, string) (merchant.Principal, error) {
	if f.panics != nil {
		panic(f.panics)
	}
	return merchant.Principal{}, errors.New("dial tcp 10.9.8.7:5432: connection refused")
}

func TestBrokenInside(t *testing.T) {
	t.Parallel()
	down := newRig(t, func(o *web.Options) { o.Login = failing{Authenticator: o.Login} })
	a := down.to(http.MethodGet, "/v1/merchant", nil).as(down.one).do()
	if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || bytes.Contains(a.body, []byte("10.9.8.7")) {
		t.Errorf("database down: %d %s", a.StatusCode, a.body)
	}
	const secret = "a value that must not be told"
	bug := newRig(t, func(o *web.Options) { o.Login = failing{o.Login, secret} })
	a = bug.to(http.MethodGet, "/v1/merchant", nil).as(bug.one).do()
	if got := a.json(t); a.StatusCode != http.StatusInternalServerError || got["code"] != "INTERNAL" || got["traceId"] != a.Header.Get("Trace-Id") ||
		a.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("bug: %d %s", a.StatusCode, a.body)
	}
	log := bug.log.String()
	if strings.Contains(log, secret) || bytes.Contains(a.body, []byte(secret)) || !strings.Contains(log, `"msg":"panic"`) {
		t.Error("the panic is told, or not logged")
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a := r.to(http.MethodGet, "/v1/payments?buyerName=%EA%B5%AC%EB%A7%A4%EC%9E%90&buyerPhoneLast4=9876", nil).as(r.one).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	var last map[string]any
	for line := range strings.Lines(strings.TrimSpace(r.log.String())) {
		var entry map[string]any
		must(t, json.Unmarshal([]byte(line), &entry))
		if entry["msg"] == "request" {
			last = entry
		}
	}
	if last["method"] != "GET" || last["route"] != "GET /v1/payments" || last["status"] != 200.0 || last["trace"] != a.Header.Get("Trace-Id") ||
		last["merchant"] != r.one.ID || !strings.HasPrefix(fmt.Sprint(last["principal"]), "key_") {
		t.Errorf("%v", last)
	}
	for _, bad := range []string{"구매자", "9876", r.one.key} {
		if strings.Contains(r.log.String(), bad) {
			t.Errorf("%q is in the log", bad)
		}
	}
}

func TestDocumentIsFresh(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	served := r.to(http.MethodGet, "/openapi.json", nil).do()
	committed, err := os.ReadFile("../../api/openapi.json")
	must(t, err)
	if !bytes.Equal(served.body, committed) {
		t.Error("api/openapi.json is not what the server serves: run make generate")
	}
	page, err := os.ReadFile("../../docs/api/errors.md")
	must(t, err)
	if string(page) != problem.Markdown() {
		t.Error("docs/api/errors.md is not fresh: run make generate")
	}
	if bytes.Contains(served.body, []byte("simulator")) {
		t.Error("simulators are in the document")
	}
	methods := served.json(t)
	for _, name := range []string{"components", "schemas", "PaymentRequest", "properties", "method"} {
		methods, _ = methods[name].(map[string]any)
	}
	if got := fmt.Sprint(methods["enum"]); got != "[CARD CASH]" {
		t.Errorf("methods offered: %s", got)
	}
	for _, path := range []string{"/docs", "/docs/errors"} {
		a := r.to(http.MethodGet, path, nil).do()
		if a.StatusCode != http.StatusOK || bytes.Contains(a.body, []byte("<script")) || bytes.Contains(a.body, []byte("://")) {
			t.Errorf("%s: %d", path, a.StatusCode)
		}
		for _, want := range map[string][]string{"/docs": {"/v1/payments/{id}/cancel", "at most 64 characters", "PaymentRequest"}, "/docs/errors": {"DUPLICATE_ORDER", "SUM_MISMATCH"}}[path] {
			if !bytes.Contains(a.body, []byte(want)) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
}

func TestServerOverTheNetwork(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	s := web.Server(r.handler, r.options.Log)
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	t.Cleanup(func() {
		must(t, s.Close())
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Error("a time-out is missing")
	}
	ask := func(raw string) string {
		t.Helper()
		c, err := net.DialTimeout("tcp", l.Addr().String(), 5*time.Second)
		must(t, err)
		defer c.Close()
		must(t, c.SetDeadline(time.Now().Add(10*time.Second)))
		_, err = c.Write([]byte(raw))
		must(t, err)
		b := make([]byte, 4096)
		n, _ := c.Read(b)
		return string(b[:n])
	}
	for name, tt := range map[string]struct{ raw, want string }{
		"fine":             {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "HTTP/1.1 200"},
		"huge header":      {"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n", "HTTP/1.1 431"},
		"two lengths":      {"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "HTTP/1.1 400"},
		"blank in header":  {"GET /healthz HTTP/1.1\r\nHost: x\r\nX : a\r\n\r\n", "HTTP/1.1 400"},
		"chunked nonsense": {"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400"},
	} {
		if got := ask(tt.raw); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
