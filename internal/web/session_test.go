package web_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"innopay/internal/web"
	"innopay/internal/web/limit"
)

func TestSession(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := map[string]string{"loginId": " One-Owner ", "password": loginPassword}
	a := r.to(http.MethodPost, "/v1/sessions", body).header("User-Agent", "브라우저\x07 1").do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	got := a.json(t)
	user, _ := got["user"].(map[string]any)
	if got["merchantId"] != r.one.ID || user["role"] != "OWNER" || user["loginId"] != "one-owner" || got["expiresAt"] == nil {
		t.Errorf("%v", got)
	}
	c := a.Cookies()[0]
	if c.Name != "innopay-session" || c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 || len(c.Value) < 43 {
		t.Errorf("cookie %v", c)
	}
	if now := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(c).do().json(t); now["id"] != got["id"] {
		t.Errorf("current %v", now)
	}
	out := r.to(http.MethodDelete, "/v1/sessions/current", nil).cookie(c).do()
	if out.StatusCode != http.StatusNoContent || out.Header.Get("Clear-Site-Data") != `"cache"` || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("logout: %d %v", out.StatusCode, out.Header)
	}
	if a := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(c).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("after logout: %d", a.StatusCode)
	}
	if strings.Contains(r.log.String(), loginPassword) || strings.Contains(r.log.String(), c.Value) {
		t.Error("a secret is in the log")
	}
}

func TestLoginFails(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, tt := range []struct {
		name, id, password, totp, code string
		status                         int
	}{
		{"password", "one-owner", "wrong", "", "LOGIN_FAILED", 401},
		{"nobody", "nobody", loginPassword, "", "LOGIN_FAILED", 401},
		{"code missing", "operator", loginPassword, "", "TOTP_REQUIRED", 401},
		{"code wrong", "operator", loginPassword, "000000", "LOGIN_FAILED", 401},
		{"odd characters", "a\u0001b", "x", "", "LOGIN_FAILED", 401},
	} {
		a := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": tt.id, "password": tt.password, "totpCode": tt.totp}).do()
		if a.StatusCode != tt.status || a.json(t)["code"] != tt.code || len(a.Cookies()) != 0 {
			t.Errorf("%s: %d %s", tt.name, a.StatusCode, a.body)
		}
	}
	if c := r.login(t, "operator"); c.Value == "" {
		t.Error("the operator cannot log in")
	}
}

func TestSecureServer(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.BaseURL = "https://pay.example.com" })
	a := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": "one-owner", "password": loginPassword}).do()
	c := a.Cookies()[0]
	if c.Name != "__Host-innopay" || !c.Secure || c.Path != "/" || c.Domain != "" {
		t.Errorf("cookie %v", c)
	}
	if h := a.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(h, "max-age=63072000") {
		t.Errorf("HSTS %q", h)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(c).do(); a.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(plainCookie(c.Value)).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("with the cookie of plain http: %d", a.StatusCode)
	}
	if out := r.to(http.MethodDelete, "/v1/sessions/current", nil).cookie(c).do(); out.StatusCode != http.StatusNoContent {
		t.Fatalf("logout: %d", out.StatusCode)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(c).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("after logout: %d", a.StatusCode)
	}
}

func TestOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := r.login(t, "one-owner")
	body := map[string]any{"name": "빵", "price": 100}
	for name, header := range map[string][2]string{
		"cross-site":   {"Sec-Fetch-Site", "cross-site"},
		"same site":    {"Sec-Fetch-Site", "same-site"},
		"other origin": {"Origin", "http://evil.example"},
		"no origin":    {"Origin", "null"},
	} {
		a := r.to(http.MethodPost, "/v1/products", body).cookie(c).header(header[0], header[1]).do()
		if a.StatusCode != http.StatusForbidden || a.json(t)["code"] != "CROSS_ORIGIN" {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is allowed to read", name)
		}
	}
	for name, header := range map[string][2]string{"same origin": {"Sec-Fetch-Site", "same-origin"}, "own origin": {"Origin", base}} {
		if a := r.to(http.MethodPost, "/v1/products", body).cookie(c).header(header[0], header[1]).do(); a.StatusCode != http.StatusCreated {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}

func TestFloodsAreSlowed(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) {
		o.Logins, o.Writes = limit.Rate{PerSecond: 0.1, Burst: 2}, limit.Rate{PerSecond: 1, Burst: 3}
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("10.0.0.0/8")}
	})
	try := func(forwarded string) reply {
		c := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": "nobody", "password": "x"})
		if forwarded != "" {
			c.header("X-Forwarded-For", forwarded) // httptest's peer is 192.0.2.1, a trusted one
		}
		return c.do()
	}
	for range 2 {
		if a := try("203.0.113.7, 10.1.2.3"); a.StatusCode != http.StatusUnauthorized {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	slowed := try("203.0.113.7")
	if slowed.StatusCode != http.StatusTooManyRequests || slowed.json(t)["code"] != "RATE_LIMITED" || slowed.Header.Get("Retry-After") != "10" ||
		slowed.json(t)["retryable"] != true {
		t.Errorf("%d %s %v", slowed.StatusCode, slowed.body, slowed.Header)
	}
	if a := try("1.2.3.4, 203.0.113.7"); a.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a made-up address in front was believed: %d", a.StatusCode)
	}
	if a := try("203.0.113.8"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("another client: %d", a.StatusCode)
	}
	for i := range 4 {
		a := r.to(http.MethodPost, "/v1/payments", "{").as(r.one).do()
		if want := map[bool]int{false: 400, true: 429}[i == 3]; a.StatusCode != want {
			t.Errorf("write %d: %d %s", i, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodPost, "/v1/payments", "{").as(r.two).do(); a.StatusCode != http.StatusBadRequest {
		t.Errorf("another merchant: %d", a.StatusCode)
	}
	r.clock.Advance(time.Minute)
	if a := try("203.0.113.7"); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("after a while: %d", a.StatusCode)
	}
}

// TestFloodsFromManyAddressesAreOneClient: nobody gets further by what he says of
// himself, or by the addresses of his own network.
func TestFloodsFromManyAddressesAreOneClient(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		peer, header func(i int) string
		slowed       bool
	}{
		"made-up proxies": {func(int) string { return "198.51.100.7:1234" }, func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, true},
		"one network":     {func(i int) string { return fmt.Sprintf("[2001:db8:1:2::%x]:1234", i+1) }, func(int) string { return "" }, true},
		"many networks":   {func(i int) string { return fmt.Sprintf("[2001:db8:1:%x::1]:1234", i+1) }, func(int) string { return "" }, false},
		"many hosts":      {func(i int) string { return fmt.Sprintf("198.51.100.%d:1234", i+1) }, func(int) string { return "" }, false},
	} {
		r := newRig(t, func(o *web.Options) { o.Logins = limit.Rate{PerSecond: 0.1, Burst: 2} })
		last := 0
		for i := range 4 {
			c := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": fmt.Sprint("nobody", i), "password": "x"})
			c.req.RemoteAddr = tt.peer(i)
			for _, h := range []string{"X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"} {
				if v := tt.header(i); v != "" {
					c.header(h, v)
				}
			}
			last = c.do().StatusCode
		}
		if slowed := last == http.StatusTooManyRequests; slowed != tt.slowed {
			t.Errorf("%s: the last of four answers %d", name, last)
		}
	}
}

// TestWhatAProxySaysOfItselfChangesNothing: scheme and host come from the
// configuration, never from a header.
func TestWhatAProxySaysOfItselfChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := map[string]string{"loginId": "one-owner", "password": loginPassword}
	c := r.to(http.MethodPost, "/v1/sessions", body).header("X-Forwarded-Proto", "https").header("X-Forwarded-Host", "evil.example").header("Forwarded", "proto=https;host=evil.example")
	a := c.do()
	if k := a.Cookies()[0]; k.Secure || k.Name != "innopay-session" || a.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("the scheme of a header is believed: %v", k)
	}
	paid := r.to(http.MethodPost, "/v1/payments", r.order(t, 1000)).as(r.one).idempotent("host").header("X-Forwarded-Host", "evil.example")
	paid.req.Host = "evil.example"
	if url := fmt.Sprint(paid.do().json(t)["receiptUrl"]); !strings.HasPrefix(url, base+"/r/") {
		t.Errorf("receipt at %s", url)
	}
	if a := r.to(http.MethodPost, "/v1/sessions", body).header("X-HTTP-Method-Override", "DELETE").header("X-Original-URL", "/v1/sessions/current").do(); a.StatusCode != http.StatusCreated {
		t.Errorf("another method or address by a header: %d", a.StatusCode)
	}
}
