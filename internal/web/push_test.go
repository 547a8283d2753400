package web_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// browserOf is what a browser says of its subscription.
func browserOf(t *testing.T, name string) map[string]any {
	t.Helper()
	return browserAt(t, "https://push.example/"+name)
}

func browserAt(t *testing.T, endpoint string) map[string]any {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	must(t, err)
	auth := make([]byte, 16)
	_, _ = rand.Read(auth) // never fails
	text := base64.RawURLEncoding.EncodeToString
	return map[string]any{"endpoint": endpoint, "keys": map[string]any{"p256dh": text(key.PublicKey().Bytes()), "auth": text(auth)}}
}

// unsubscribing makes the subscription again whenever it went.
func (s *stage) unsubscribing(t *testing.T) *scene {
	t.Helper()
	subscribe := func() map[string]string {
		id, _ := s.to(http.MethodPost, "/v1/push/subscriptions", browserOf(t, "walk-away")).cookie(s.owner).do().json(t)["id"].(string)
		return map[string]string{"id": id}
	}
	sc := &scene{path: subscribe()}
	sc.after = func(a reply) {
		if a.StatusCode == http.StatusNoContent {
			sc.path = subscribe()
		}
	}
	return sc
}

// pushService is a push service on this machine that only counts.
type pushService struct {
	*httptest.Server
	mu  sync.Mutex
	got []string
}

func newPushService(t *testing.T) *pushService {
	t.Helper()
	p := &pushService{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // encrypted; internal/push opens it
		p.mu.Lock()
		defer p.mu.Unlock()
		p.got = append(p.got, r.URL.Path)
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(p.Close)
	return p
}

// told lists who was told since it was last asked.
func (p *pushService) told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	slices.Sort(got)
	return got
}

// push works until no push waits.
func (r *rig) push(t *testing.T) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = r.options.Push.Round(t.Context())
		must(t, err)
	}
}

// subscribe has the session's device told, and gives the id.
func (r *rig) subscribe(t *testing.T, session *http.Cookie, browser map[string]any) string {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/push/subscriptions", browser).cookie(session).do()
	id, _ := a.json(t)["id"].(string)
	if a.StatusCode != http.StatusCreated || !strings.HasPrefix(id, "psh_") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return id
}

// paidRequest is a request of the first shop that its buyer pays, told of to the end.
func (r *rig) paidRequest(t *testing.T) {
	t.Helper()
	asked := r.ask(t, 14_500)
	_, err := r.payBy(t, tokenOf(t, asked["url"]), fmt.Sprint(asked["id"]), "APPROVE")
	must(t, err)
	r.settle(t)
	r.push(t)
}

func TestDevicesOfTheShopAreToldOfAPaidRequestUntilTheyLogOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := newPushService(t)
	owner, staff, other := r.login(t, "one-owner"), r.login(t, "one-staff"), r.login(t, "two-owner")
	key := r.to(http.MethodGet, "/v1/push/key", nil).cookie(staff).do()
	if raw, err := base64.RawURLEncoding.DecodeString(fmt.Sprint(key.json(t)["publicKey"])); err != nil || len(raw) != 65 || key.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s, %v", key.body, err)
	}
	r.subscribe(t, owner, browserAt(t, p.URL+"/owner"))
	gone := r.subscribe(t, owner, browserAt(t, p.URL+"/gone"))
	r.subscribe(t, staff, browserAt(t, p.URL+"/staff"))
	r.subscribe(t, other, browserAt(t, p.URL+"/other"))
	r.pay(t, r.one, r.order(t, 10_000)) // at the counter: the seller knows
	r.settle(t)
	r.push(t)
	if told := p.told(); len(told) != 0 {
		t.Errorf("told of a sale at the counter: %v", told)
	}
	r.paidRequest(t)
	if told := p.told(); !slices.Equal(told, []string{"/gone", "/owner", "/staff"}) {
		t.Errorf("told: %v", told)
	}
	if a := r.to(http.MethodDelete, "/v1/push/subscriptions/"+gone, nil).cookie(staff).do(); a.StatusCode != http.StatusNotFound || a.json(t)["code"] != "PUSH_NOT_FOUND" {
		t.Errorf("a colleague removes it: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodDelete, "/v1/push/subscriptions/"+gone, nil).cookie(owner).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodDelete, "/v1/sessions/current", nil).cookie(staff).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.paidRequest(t)
	if told := p.told(); !slices.Equal(told, []string{"/owner"}) {
		t.Errorf("told after one was removed and one logged out: %v", told)
	}
	// Who logs in on the same device has its notices alone.
	r.subscribe(t, other, browserAt(t, p.URL+"/owner"))
	r.paidRequest(t)
	if told := p.told(); len(told) != 0 {
		t.Errorf("the device of another user was told: %v", told)
	}
}

func TestDevicesAreToldOfARequestThatExpired(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := newPushService(t)
	r.ask(t, 14_500)
	r.settle(t)
	r.clock.Advance(23 * time.Hour)
	r.subscribe(t, r.login(t, "one-owner"), browserAt(t, p.URL+"/owner"))
	r.clock.Advance(2 * time.Hour)
	r.settle(t)
	r.push(t)
	if told := p.told(); !slices.Equal(told, []string{"/owner"}) {
		t.Errorf("told: %v", told)
	}
}

func TestAnAddressInsideIsNoPushService(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner := r.login(t, "one-owner")
	for _, endpoint := range []string{"https://169.254.169.254/latest/meta-data/", "http://push.example/x", "https://10.0.0.1/x", "https://db.internal/x"} {
		a := r.to(http.MethodPost, "/v1/push/subscriptions", browserAt(t, endpoint)).cookie(owner).do()
		errs, _ := a.json(t)["errors"].([]any)
		if a.StatusCode != http.StatusUnprocessableEntity || len(errs) != 1 || !strings.Contains(string(a.body), "INVALID_PUSH_ENDPOINT") {
			t.Errorf("%s: %d %s", endpoint, a.StatusCode, a.body)
		}
	}
}
