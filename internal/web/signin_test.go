package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/internal/passkeytest"
	"innopay/internal/signin"
	"innopay/internal/web"
	"innopay/internal/web/limit"
)

// letters has the rig write mails.
func (r *rig) letters() {
	r.post.mail = true
	r.dispatcher.Subscribers = append(r.dispatcher.Subscribers, signin.New(signin.Options{
		Store: r.db, Messages: r.options.Messages, Links: r.activations, Directory: r.registry, Base: base, Clock: r.clock, Log: r.options.Log,
	}))
}

func TestAForgottenPasswordOverHTTP(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.letters()
	c := r.login(t, "one-owner")
	const address = "owner.one@example.com"
	if m := r.to(http.MethodGet, "/v1/mail-address", nil).cookie(c).do().json(t); m["offered"] != true || m["address"] != nil || m["pending"] != nil {
		t.Errorf("before there is one: %v", m)
	}
	a := r.to(http.MethodPut, "/v1/mail-address", map[string]any{"presentPassword": loginPassword, "address": address}).cookie(c).do()
	if a.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(r.post.to(address)[0].Text)
	if a := r.to(http.MethodPost, "/v1/mail-address/verify", map[string]any{"code": code}).cookie(c).do(); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if m := r.to(http.MethodGet, "/v1/mail-address", nil).cookie(c).do().json(t); m["address"] != "o***@example.com" && !strings.Contains(fmt.Sprint(m["address"]), "*") {
		t.Errorf("%v", m)
	}
	known := r.to(http.MethodPost, "/v1/password-resets", map[string]any{"loginId": "one-owner"}).do()
	unknown := r.to(http.MethodPost, "/v1/password-resets", map[string]any{"loginId": "no-such-owner"}).do()
	if known.StatusCode != http.StatusAccepted || unknown.StatusCode != known.StatusCode || !bytes.Equal(unknown.body, known.body) || len(known.Header) != len(unknown.Header) {
		t.Errorf("known %d %q %v, unknown %d %q %v", known.StatusCode, known.body, known.Header, unknown.StatusCode, unknown.body, unknown.Header)
	}
	r.settle(t)
	mails := r.post.to(address)
	link := regexp.MustCompile(base + `(/activate/\S+)`).FindStringSubmatch(mails[len(mails)-1].Text)
	if len(mails) != 2 || link == nil || !strings.Contains(mails[1].HTML, link[0]) {
		t.Fatalf("%d mails, link %v", len(mails), link)
	}
	if page := r.to(http.MethodGet, link[1], nil).do(); page.StatusCode != http.StatusOK {
		t.Errorf("the page of the link: %d", page.StatusCode)
	}
	if log := r.log.String(); strings.Contains(log, link[1]) || strings.Contains(log, address) || strings.Contains(log, code) {
		t.Error("a link, an address or a code is in the log")
	}
}

func TestAPersonIsToldOfANewDevice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.letters()
	const address = "staff.one@example.com"
	c := r.login(t, "one-staff")
	r.to(http.MethodPut, "/v1/mail-address", map[string]any{"presentPassword": loginPassword, "address": address}).cookie(c).do()
	r.settle(t)
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(r.post.to(address)[0].Text)
	r.to(http.MethodPost, "/v1/mail-address/verify", map[string]any{"code": code}).cookie(c).do()
	agent := "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
	in := func(device ...*http.Cookie) *http.Cookie {
		t.Helper()
		call := r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": "one-staff", "password": loginPassword}).header("User-Agent", agent)
		for _, d := range device {
			call.cookie(d)
		}
		a := call.do()
		if a.StatusCode != http.StatusCreated || len(a.Cookies()) != 2 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		r.settle(t)
		return a.Cookies()[1]
	}
	device := in()
	if device.Name != "innopay-device" || !device.HttpOnly || device.SameSite != http.SameSiteStrictMode || device.MaxAge < 365*24*3600 {
		t.Errorf("cookie %v", device)
	}
	mails := r.post.to(address)
	if len(mails) != 2 || !strings.Contains(mails[1].Subject, "새 기기") || !strings.Contains(mails[1].Text, "Android · Chrome") || !strings.Contains(mails[1].Text, "2026-03-02 12:0") {
		t.Fatalf("%d mails: %+v", len(mails), mails)
	}
	in(device)
	if n := len(r.post.to(address)); n != 2 {
		t.Errorf("the same device again: %d mails", n)
	}
}

// A flood of tries on one login, by every spelling and both ways in, is evaluated ten
// times at most in a window; unknown logins are treated alike.
func TestBruteForceIsEvaluatedTenTimes(t *testing.T) {
	t.Parallel()
	free := limit.Rate{PerSecond: 1e6, Burst: 1e6}
	r := newRig(t, func(o *web.Options) { o.Logins, o.Writes = free, free })
	key, _ := r.enrol(t, r.login(t, "one-owner"))
	key.Verified = false
	var judged [2]atomic.Int64
	for round := range 30 {
		var all sync.WaitGroup
		for i, spellings := range [][]string{{"one-owner", " ONE-OWNER", "One-Owner\u200b", "ｏne-owner"}, {"no-owner", " NO-OWNER", "No-Owner\u200b", "ｎo-owner"}} {
			for n := range 12 {
				all.Go(func() {
					a := r.guess(t, i == 0 && n == 0, key, spellings[n%len(spellings)], round*12+n)
					switch a.StatusCode {
					case http.StatusUnauthorized:
						judged[i].Add(1)
					case http.StatusTooManyRequests, http.StatusServiceUnavailable:
						if a.Header.Get("Retry-After") == "" {
							t.Errorf("%d without Retry-After", a.StatusCode)
						}
					default:
						t.Errorf("%d %s", a.StatusCode, a.body)
					}
				})
			}
		}
		r.until(&all)
		r.clock.Advance(20 * time.Second)
	}
	for i, who := range []string{"known", "unknown"} {
		if n := judged[i].Load(); n < 5 || n > 10 {
			t.Errorf("%d tries on a %s login were evaluated", n, who)
		}
	}
}

// until waits for all, and lets the time of those pass who wait for their turn.
func (r *rig) until(all *sync.WaitGroup) {
	done := make(chan struct{})
	go func() {
		all.Wait()
		close(done)
	}()
	for {
		select {
		case <-done:
			return
		case <-time.After(5 * time.Millisecond):
			r.clock.Advance(5 * time.Millisecond)
		}
	}
}

// guess is one wrong try, by password or by a passkey that verifies nobody.
func (r *rig) guess(t *testing.T, byKey bool, key *passkeytest.Key, loginID string, n int) reply {
	t.Helper()
	if !byKey {
		return r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": loginID, "password": fmt.Sprint("guess number ", n)}).do()
	}
	asked := r.to(http.MethodPost, "/v1/sessions/passkey/options", nil).header("Origin", named).header("Sec-Fetch-Site", "same-origin").do().json(t)
	return r.to(http.MethodPost, "/v1/sessions/passkey", map[string]any{"challenge": asked["challenge"], "credential": key.Get(t, asked["publicKey"])}).do()
}

func TestHeadersAndCookiesOfEveryRoute(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.BaseURL = "https://pay.example.com" })
	seen := 0
	look := func(name string, a reply) {
		t.Helper()
		seen++
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
		} {
			if got := a.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q", name, header, got)
			}
		}
		policy := a.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "base-uri 'none'") || strings.Contains(policy, "unsafe-") {
			t.Errorf("%s: policy %q", name, policy)
		}
		if p := a.Header.Get("Referrer-Policy"); p != "no-referrer" && p != "same-origin" {
			t.Errorf("%s: referrer %q", name, p)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "" || a.Header.Get("Server") != "" {
			t.Errorf("%s: %v", name, a.Header)
		}
		if len(a.body) > 0 && !strings.Contains(a.Header.Get("Content-Type"), "/") {
			t.Errorf("%s: a body without a type", name)
		}
		for _, c := range a.Cookies() {
			if !strings.HasPrefix(c.Name, "__Host-") || !c.Secure || !c.HttpOnly || c.SameSite < http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s: cookie %v", name, c)
			}
		}
	}
	given := bodies(t, r)
	for path, methods := range operations(t, r) {
		for _, method := range methods {
			name := method + " " + path
			for who, c := range map[string]*call{"nobody": request(r, method, path, given[name]), "key": request(r, method, path, given[name]).as(r.one)} {
				if path == "/v1/events" && who == "key" {
					continue // a stream
				}
				a := c.do()
				look(name+" as "+who, a)
				if cache := a.Header.Get("Cache-Control"); !strings.Contains(cache, "no-store") && !strings.Contains(cache, "private") {
					t.Errorf("%s as %s: cache %q", name, who, cache)
				}
			}
		}
	}
	for _, page := range []string{
		"/", "/app/", "/app/login", "/app/settings/security", "/p/none", "/r/none", "/a/none", "/activate/none", "/docs", "/docs/errors", "/openapi.json", "/healthz", "/readyz", "/nowhere", "/simulator/phone",
	} {
		look(page, r.to(http.MethodGet, page, nil).do())
	}
	look("login", r.to(http.MethodPost, "/v1/sessions", map[string]string{"loginId": "one-owner", "password": loginPassword}).do())
	if seen < 100 {
		t.Errorf("only %d answers were looked at", seen)
	}
}
