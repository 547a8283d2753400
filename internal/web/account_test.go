package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/web"
)

// goodAccount is good for what people ask of their own sessions, nil for everything else.
func (s *stage) goodAccount(t *testing.T, f field) *scene {
	t.Helper()
	switch f.operation {
	case "PUT /v1/password":
		return &scene{body: map[string]any{"presentPassword": loginPassword, "password": loginPassword}}
	case "DELETE /v1/sessions/{id}":
		return s.again(s.elsewhere(t), func() map[string]string { return s.elsewhere(t) }, nil)
	}
	return nil
}

// elsewhere is another session of the second shop's owner.
func (s *stage) elsewhere(t *testing.T) map[string]string {
	t.Helper()
	there := s.to(http.MethodGet, "/v1/sessions/current", nil).cookie(s.login(t, "two-owner")).do().json(t)
	id, _ := there["id"].(string)
	return map[string]string{"id": id}
}

// remember gives two-staff its password back after it was changed, and keeps it logged in
// while the clock passes every lock.
func (s *stage) remember(t *testing.T, a reply) {
	t.Helper()
	if a.StatusCode == http.StatusNoContent {
		s.reset(t, "two-staff")
	}
	s.forgetful = s.login(t, "two-staff")
}

// reset sets a user's password through a link.
func (r *rig) reset(t *testing.T, loginID string) {
	t.Helper()
	for _, shop := range []shop{r.one, r.two} {
		users, err := r.registry.Users(t.Context(), shop.Tenant())
		must(t, err)
		for _, u := range users {
			if u.LoginID != loginID {
				continue
			}
			issued, err := r.registry.IssuePasswordLink(t.Context(), "test", shop.Tenant(), u.ID)
			must(t, err)
			_, err = r.options.Activations.RedeemStep(t.Context(), merchant.Redemption{Token: issued.Token, Password: loginPassword})
			must(t, err)
		}
	}
}

const galaxy = "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"

// sessionsOf is what the list of own sessions says, by id.
func sessionsOf(t *testing.T, r *rig, c *http.Cookie) map[string]map[string]any {
	t.Helper()
	list, _ := r.to(http.MethodGet, "/v1/sessions", nil).cookie(c).do().json(t)["sessions"].([]any)
	out := map[string]map[string]any{}
	for _, each := range list {
		s, _ := each.(map[string]any)
		id, _ := s["id"].(string)
		out[id] = s
	}
	return out
}

func idOf(t *testing.T, r *rig, c *http.Cookie) string {
	t.Helper()
	id, _ := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(c).do().json(t)["id"].(string)
	return id
}

func TestOwnSessionsAreListedWithTheirDevices(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := map[string]string{"loginId": "one-owner", "password": loginPassword}
	phone := r.to(http.MethodPost, "/v1/sessions", body).header("User-Agent", galaxy).do().Cookies()[0]
	r.login(t, "one-staff")
	till := r.login(t, "one-owner")
	push, _ := r.to(http.MethodPost, "/v1/push/subscriptions", browserOf(t, "mine")).cookie(phone).do().json(t)["id"].(string)
	all := sessionsOf(t, r, till)
	if len(all) != 2 {
		t.Fatalf("%v", all)
	}
	one, two := all[idOf(t, r, phone)], all[idOf(t, r, till)]
	device, _ := one["device"].(map[string]any)
	if one["current"] != false || device["kind"] != "PHONE" || device["system"] != "Android" || device["browser"] != "Samsung Internet" || one["pushId"] != push {
		t.Errorf("the phone: %v", one)
	}
	if device, _ := two["device"].(map[string]any); two["current"] != true || device["kind"] != "UNKNOWN" || two["pushId"] != nil {
		t.Errorf("the till: %v", two)
	}
	for _, moment := range []string{"createdAt", "seenAt", "expiresAt"} {
		if text, _ := one[moment].(string); !strings.HasSuffix(text, "+09:00") {
			t.Errorf("%s: %v", moment, one[moment])
		}
	}
	if got := r.to(http.MethodGet, "/v1/sessions", nil).cookie(till).do().json(t); got["minimumPassword"] != float64(merchant.MinOwnerPassword) {
		t.Errorf("%v", got)
	}
	if got := string(r.to(http.MethodGet, "/v1/sessions", nil).cookie(till).do().body); strings.Contains(got, "SM-S918N") || strings.Contains(got, "192.0.2.1") {
		t.Errorf("tells more than people need: %s", got)
	}
}

func TestLoggingOutOtherDevices(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here, phone, tablet, staff := r.login(t, "one-owner"), r.login(t, "one-owner"), r.login(t, "one-owner"), r.login(t, "one-staff")
	in := func(c *http.Cookie) bool {
		return r.to(http.MethodGet, "/v1/merchant", nil).cookie(c).do().StatusCode == http.StatusOK
	}
	if a := r.to(http.MethodDelete, "/v1/sessions/"+idOf(t, r, staff), nil).cookie(here).do(); a.StatusCode != http.StatusNotFound || !in(staff) {
		t.Errorf("a colleague's: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodDelete, "/v1/sessions/"+idOf(t, r, phone), nil).cookie(here).do(); a.StatusCode != http.StatusNoContent || in(phone) || !in(tablet) {
		t.Errorf("the phone: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodDelete, "/v1/sessions", nil).cookie(here).do(); a.StatusCode != http.StatusNoContent || in(tablet) || !in(here) || !in(staff) {
		t.Errorf("all others: %d %s", a.StatusCode, a.body)
	}
}

func TestChangingTheOwnPassword(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here, other := r.login(t, "one-owner"), r.login(t, "one-owner")
	change := func(present, next string) reply {
		return r.to(http.MethodPut, "/v1/password", map[string]string{"presentPassword": present, "password": next}).cookie(here).do()
	}
	const next = "eleven amber kettles 93"
	if a := change("not it", next); a.StatusCode != http.StatusForbidden || a.json(t)["code"] != "PASSWORD_WRONG" {
		t.Errorf("wrong: %d %s", a.StatusCode, a.body)
	}
	a := change(loginPassword, "short")
	errors, _ := a.json(t)["errors"].([]any)
	if first, _ := errors[0].(map[string]any); a.StatusCode != http.StatusUnprocessableEntity || first["field"] != "/password" {
		t.Errorf("short: %d %s", a.StatusCode, a.body)
	}
	if a := change(loginPassword, next); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for who, want := range map[*http.Cookie]int{here: http.StatusOK, other: http.StatusUnauthorized} {
		if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(who).do(); a.StatusCode != want {
			t.Errorf("%d, not %d", a.StatusCode, want)
		}
	}
	for range 10 {
		r.clock.Advance(time.Minute)
		change("not it", next)
	}
	if a := change(next, next); a.StatusCode != http.StatusTooManyRequests || a.json(t)["code"] != "LOGIN_LOCKED" || a.Header.Get("Retry-After") == "" {
		t.Errorf("after ten wrong ones: %d %s", a.StatusCode, a.body)
	}
	if log := r.log.String(); strings.Contains(log, next) || strings.Contains(log, "not it") {
		t.Error("a password is in the log")
	}
}

// TestDevicesHearOfSettingsAndOfTheirEnd listens with two devices of an owner and one of
// another shop.
func TestDevicesHearOfSettingsAndOfTheirEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.StreamLife = time.Minute })
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { defer close(over); r.options.Live.Run(ctx) }()
	t.Cleanup(func() { stop(); <-over })
	here, phone := r.login(t, "one-owner"), r.login(t, "one-owner")
	as := func(c *http.Cookie) func(*http.Request) { return func(req *http.Request) { req.AddCookie(c) } }
	mine, _ := listen(t, server.URL, as(here))
	lost, _ := listen(t, server.URL, as(phone))
	theirs, _ := listen(t, server.URL, func(req *http.Request) { req.SetBasicAuth(r.two.key, "") })
	for _, each := range []<-chan string{mine, lost, theirs} {
		heard(t, each, "retry: ")
	}
	settings := r.to(http.MethodGet, "/v1/settings", nil).cookie(here).do().json(t)
	settings["cart"] = false
	if a := r.to(http.MethodPut, "/v1/settings", settings).cookie(here).do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, each := range []<-chan string{mine, lost} {
		heard(t, each, "event: settings\n", `data: {"type":"settings.changed","version":2}`)
	}
	if a := r.to(http.MethodDelete, "/v1/sessions/"+idOf(t, r, phone), nil).cookie(here).do(); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	heard(t, lost, "event: ended\n")
	for range lost { // it ends by itself
	}
	if a := r.to(http.MethodPut, "/v1/settings", r.to(http.MethodGet, "/v1/settings", nil).as(r.two).do().json(t)).as(r.two).do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if m := heard(t, theirs, "event: "); !strings.Contains(m, "settings.changed") {
		t.Errorf("the other shop heard %s", m)
	}
}
