package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/outbox"
	"innopay/internal/webhook"
)

// receiver is what an owner says of a webhook.
func receiver() map[string]any {
	return map[string]any{"url": "https://shop.example/innopay", "events": []string{"payment.approved"}}
}

// hookServer is a shop's own system on this machine.
type hookServer struct {
	*httptest.Server
	mu     sync.Mutex
	got    []hookCall
	status func(n int) int // of the n-th call; nil: 204
}

type hookCall struct {
	Secret  string            `json:"secret"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func newHookServer(t *testing.T) *hookServer {
	t.Helper()
	h := &hookServer{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // one cut off fails the test where it is read
		h.mu.Lock()
		defer h.mu.Unlock()
		c := hookCall{Headers: map[string]string{}, Body: string(body)}
		for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
			c.Headers[name] = r.Header.Get(name)
		}
		h.got = append(h.got, c)
		status := http.StatusNoContent
		if h.status != nil {
			status = h.status(len(h.got))
		}
		w.Header().Set("Location", h.URL+"/elsewhere")
		w.WriteHeader(status)
		if status != http.StatusNoContent {
			_, _ = io.WriteString(w, strings.Repeat("가", 1000)) // whoever does not read on has hung up
		}
	}))
	t.Cleanup(h.Close)
	return h
}

// calls are those since it was last asked.
func (h *hookServer) calls() []hookCall {
	h.mu.Lock()
	defer h.mu.Unlock()
	got := h.got
	h.got = nil
	return got
}

// hooks works until no delivery is due.
func (r *rig) hooks(t *testing.T) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = r.options.Webhooks.Round(t.Context())
		must(t, err)
	}
}

type hookStage struct {
	*rig
	*hookServer
	owner      *http.Cookie
	id, secret string
}

// hooked is a shop whose system is told of every event, at the present of this machine.
func hooked(t *testing.T) *hookStage {
	t.Helper()
	h := &hookStage{rig: newRig(t), hookServer: newHookServer(t)}
	h.clock.Advance(clock.System{}.Now().Sub(h.clock.Now()))
	h.owner = h.login(t, "one-owner")
	a := h.to(http.MethodPost, "/v1/webhooks", map[string]any{"url": h.URL, "events": webhook.EventTypes}).cookie(h.owner).do()
	v := a.json(t)
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	h.id, _ = v["webhook"].(map[string]any)["id"].(string)
	h.secret, _ = v["secret"].(string)
	return h
}

// logged is a delivery as the API lists it.
type logged struct {
	ID, Status, EventID string
	Attempts            []struct {
		Status          int
		Failure, Answer string
	}
}

func (h *hookStage) log(t *testing.T) (out []logged) {
	t.Helper()
	var list struct{ Deliveries json.RawMessage }
	must(t, json.Unmarshal(h.to(http.MethodGet, "/v1/webhooks/"+h.id+"/deliveries", nil).cookie(h.owner).do().body, &list))
	must(t, json.Unmarshal(list.Deliveries, &out))
	return out
}

// verified is what the package standardwebhooks makes of calls.
func verified(t *testing.T, calls ...hookCall) []string {
	t.Helper()
	const sdk = "../webhook/testdata/sdk"
	if _, err := os.Stat(sdk + "/node_modules/standardwebhooks"); err != nil {
		t.Fatal("standardwebhooks is not installed: run tools/npm internal/webhook/testdata/sdk (make test-go does)")
	}
	var in bytes.Buffer
	for _, c := range calls {
		must(t, json.NewEncoder(&in).Encode(c))
	}
	cmd := exec.CommandContext(t.Context(), "node", "verify.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = sdk, &in, os.Stderr
	out, err := cmd.Output()
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(lines) != len(calls) {
		t.Fatalf("%d answers to %d calls: %s", len(lines), len(calls), out)
	}
	return lines
}

func TestStandardWebhooksOwnPackageVerifiesWhatIsSent(t *testing.T) {
	t.Parallel()
	h := hooked(t)
	paid := h.pay(t, h.one, h.order(t, 12_000))
	h.settle(t)
	h.hooks(t)
	calls := h.calls()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	good, tampered, stranger := calls[0], calls[0], calls[0]
	good.Secret, tampered.Secret, stranger.Secret = h.secret, h.secret, "whsec_"+strings.Repeat("A", 43)+"="
	tampered.Body = strings.Replace(good.Body, "12000", "12001", 1)
	said := verified(t, good, tampered, stranger)
	if !strings.HasPrefix(said[1], "refused") || !strings.HasPrefix(said[2], "refused") {
		t.Errorf("%q", said)
	}
	var event struct {
		Type, Timestamp string
		Data            map[string]any
	}
	must(t, json.Unmarshal([]byte(said[0]), &event))
	shown := h.to(http.MethodGet, fmt.Sprint("/v1/payments/", paid["id"]), nil).cookie(h.owner).do().json(t)
	version, _ := event.Data["version"].(float64)
	delete(event.Data, "version")
	if event.Type != "payment.approved" || version < 1 || fmt.Sprint(event.Data) != fmt.Sprint(shown) {
		t.Errorf("%s", said[0])
	}

	// While the secret is rotated either one verifies, and after it the new one alone.
	// The package takes no time that is far from this machine's.
	h.clock.Advance(-59 * time.Minute)
	a := h.to(http.MethodPost, "/v1/webhooks/"+h.id+"/rotate", map[string]any{"overlapHours": 1}).cookie(h.owner).do()
	h.clock.Advance(59 * time.Minute)
	next, _ := a.json(t)["secret"].(string)
	if next == h.secret || !strings.HasPrefix(next, "whsec_") {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	both := func() (old, fresh string) {
		if a := h.to(http.MethodPost, "/v1/webhooks/"+h.id+"/test", nil).cookie(h.owner).do(); a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		h.hooks(t)
		c := h.calls()[0]
		one, two := c, c
		one.Secret, two.Secret = h.secret, next
		lines := verified(t, one, two)
		return lines[0], lines[1]
	}
	if old, fresh := both(); !strings.Contains(old, "webhook.test") || !strings.Contains(fresh, "webhook.test") {
		t.Errorf("during the overlap: %q, %q", old, fresh)
	}
	h.clock.Advance(2 * time.Minute)
	if old, fresh := both(); !strings.HasPrefix(old, "refused") || !strings.Contains(fresh, "webhook.test") {
		t.Errorf("after the overlap: %q, %q", old, fresh)
	}
}

func TestAWebhookIsToldInOrderAndAgainUntilItAnswers(t *testing.T) {
	t.Parallel()
	h := hooked(t)
	h.status = func(n int) int {
		return []int{http.StatusInternalServerError, http.StatusFound, http.StatusNoContent}[min(n, 3)-1]
	}
	paid := h.pay(t, h.one, h.order(t, 12_000))
	canceled := h.to(http.MethodPost, fmt.Sprint("/v1/payments/", paid["id"], "/cancel"), map[string]any{"reason": "변심", "cancelPassword": cancelPassword}).as(h.one).idempotent("hook").do()
	if canceled.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", canceled.StatusCode, canceled.body)
	}
	h.settle(t)
	h.hooks(t)
	for _, pause := range []time.Duration{5 * time.Second, time.Minute} {
		h.clock.Advance(pause - time.Microsecond)
		h.hooks(t)
		h.clock.Advance(time.Microsecond)
		h.hooks(t)
	}
	var types, ids []string
	for _, c := range h.calls() {
		var e struct{ Type string }
		must(t, json.Unmarshal([]byte(c.Body), &e))
		types, ids = append(types, e.Type), append(ids, c.Headers["webhook-id"])
	}
	// A redirect is followed nowhere, and a cancel waits for what came before it.
	if got := strings.Join(types, " "); got != strings.Repeat("payment.approved ", 3)+"payment.canceled" || ids[0] != ids[2] || ids[2] == ids[3] {
		t.Errorf("%s %v", got, ids)
	}
	log := h.log(t)
	i := slices.IndexFunc(log, func(d logged) bool { return d.EventID == ids[0] })
	if len(log) != 2 || i < 0 || log[i].Status != "DELIVERED" || len(log[i].Attempts) != 3 || log[i].Attempts[0].Status != 500 || len(log[i].Attempts[0].Answer) != 1023 {
		t.Fatalf("%d deliveries, %d", len(log), i)
	}

	// Somebody presses twice at once: it goes out once more, under its own id.
	var all sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for range 4 {
		all.Go(func() {
			a := h.to(http.MethodPost, "/v1/webhooks/"+h.id+"/deliveries/"+log[i].ID+"/resend", nil).cookie(h.owner).do()
			mu.Lock()
			defer mu.Unlock()
			answers[a.StatusCode]++
		})
	}
	all.Wait()
	h.hooks(t)
	again := h.calls()
	if answers[http.StatusOK] != 1 || answers[http.StatusConflict] != 3 || len(again) != 1 || again[0].Headers["webhook-id"] != ids[0] {
		t.Errorf("%v, %+v", answers, again)
	}
}

func TestAnEventToldTwiceIsDeliveredOnce(t *testing.T) {
	t.Parallel()
	h := hooked(t)
	paid := h.pay(t, h.one, h.order(t, 12_000))
	h.settle(t)
	log := h.log(t)
	if len(log) != 1 {
		t.Fatalf("%+v", log)
	}
	before := outbox.Event{MerchantID: h.one.ID, ID: "evt_before", Type: outbox.PaymentApproved, Subject: fmt.Sprint(paid["id"]), Version: 1, Payload: "{}", CreatedAt: h.clock.Now().Add(-time.Hour)}
	must(t, h.options.Webhooks.Deliver(t.Context(), before)) // before there was a webhook
	e := outbox.Event{MerchantID: h.one.ID, ID: log[0].EventID, Type: outbox.PaymentApproved, Subject: fmt.Sprint(paid["id"]), Version: 1, Payload: "{}", CreatedAt: h.clock.Now()}
	must(t, h.options.Webhooks.Deliver(t.Context(), e))
	h.hooks(t)
	if calls, log := h.calls(), h.log(t); len(calls) != 1 || len(log) != 1 {
		t.Errorf("%d calls, %+v", len(calls), log)
	}
}

func TestAWebhookThatIsGoneOrFailsForDaysIsTurnedOff(t *testing.T) {
	t.Parallel()
	stands := func(h *hookStage) (active bool, why any) {
		all, _ := h.to(http.MethodGet, "/v1/webhooks", nil).cookie(h.owner).do().json(t)["webhooks"].([]any)
		w, _ := all[0].(map[string]any)
		active, _ = w["active"].(bool)
		return active, w["disabled"]
	}
	gone := hooked(t)
	gone.status = func(int) int { return http.StatusGone }
	gone.pay(t, gone.one, gone.order(t, 12_000))
	gone.settle(t)
	gone.hooks(t)
	if active, why := stands(gone); active || why != "GONE" || len(gone.log(t)) != 1 || gone.log(t)[0].Status != "FAILED" {
		t.Errorf("gone: %v %v", active, why)
	}
	if a := gone.to(http.MethodPost, "/v1/webhooks/"+gone.id+"/test", nil).cookie(gone.owner).do(); code(t, a) != "WEBHOOK_OFF" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}

	ill := hooked(t)
	ill.mailedOwner(t)
	ill.status = func(int) int { return http.StatusServiceUnavailable }
	ill.pay(t, ill.one, ill.order(t, 12_000))
	ill.settle(t)
	for range 90 { // each try a little late
		ill.hooks(t)
		ill.clock.Advance(time.Hour)
	}
	ill.owner = ill.login(t, "one-owner")
	if log := ill.log(t); len(log) != 1 || log[0].Status != "FAILED" || len(log[0].Attempts) != 11 {
		t.Errorf("after three days: %s, %d attempts", log[0].Status, len(log[0].Attempts))
	}
	if active, _ := stands(ill); !active {
		t.Error("turned off before its time")
	}
	ill.clock.Advance(48 * time.Hour)
	ill.pay(t, ill.one, ill.order(t, 13_000))
	ill.settle(t)
	ill.hooks(t)
	ill.owner = ill.login(t, "one-owner")
	if active, why := stands(ill); active || why != "FAILING" {
		t.Errorf("after five days: %v %v", active, why)
	}
	ill.toldOnce(t)
}

const ownerMail = "owner@example.com"

// mailedOwner has the owner of the stage prove a mail address.
func (h *hookStage) mailedOwner(t *testing.T) {
	t.Helper()
	h.letters()
	h.dispatcher.Subscribers = append(h.dispatcher.Subscribers, webhook.NewLetters(webhook.LetterOptions{
		Webhooks: h.db, Messages: h.options.Messages, Queue: h.db, Owners: h.activations, Directory: h.registry, Base: base, Clock: h.clock, Log: h.options.Log,
	}))
	a := h.to(http.MethodPut, "/v1/mail-address", map[string]any{"presentPassword": loginPassword, "address": ownerMail}).cookie(h.owner).do()
	h.settle(t)
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(h.post.to(ownerMail)[0].Text)
	if b := h.to(http.MethodPost, "/v1/mail-address/verify", map[string]any{"code": code}).cookie(h.owner).do(); b.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s, %d %s", a.StatusCode, a.body, b.StatusCode, b.body)
	}
}

// offMails are those that tell the owner of a webhook that was turned off.
func (h *hookStage) offMails(t *testing.T) (texts []string) {
	t.Helper()
	h.settle(t)
	for _, m := range h.post.to(ownerMail) {
		if strings.Contains(m.Subject, "웹훅이 꺼졌어요") {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// toldOnce looks for one notice in the owner's inbox and one mail, however often the
// event is told, and for none in the staff's.
func (h *hookStage) toldOnce(t *testing.T) {
	t.Helper()
	mails := h.offMails(t)
	if len(mails) != 1 || !strings.Contains(mails[0], base+"/app/settings/webhooks") || !strings.Contains(mails[0], "5일 동안") || strings.Contains(mails[0], h.URL) {
		t.Errorf("%d mails: %q", len(mails), mails)
	}
	e := outbox.Event{MerchantID: h.one.ID, ID: "evt_again", Type: outbox.WebhookDisabled, Subject: h.id, CreatedAt: h.clock.Now()}
	letters := h.dispatcher.Subscribers[len(h.dispatcher.Subscribers)-1]
	for range 2 {
		must(t, letters.Deliver(t.Context(), e))
	}
	if n := len(h.offMails(t)); n != 2 {
		t.Errorf("%d mails after an event that was told twice", n)
	}
	inbox := func(login string) (mine []string) {
		list, _ := h.to(http.MethodGet, "/v1/notices", nil).cookie(h.login(t, login)).do().json(t)["notices"].([]any)
		for _, n := range list {
			one, _ := n.(map[string]any)
			mine = append(mine, fmt.Sprint(one["title"], " ", one["important"]))
		}
		return mine
	}
	if got := inbox("one-owner"); len(got) != 1 || got[0] != "웹훅이 꺼졌어요 true" {
		t.Errorf("the owner's inbox: %v", got)
	}
	if got := inbox("one-staff"); len(got) != 0 {
		t.Errorf("the staff's inbox: %v", got)
	}

	// Turned on again it is told anew, and a mail that waits is none any more.
	must(t, letters.Deliver(t.Context(), outbox.Event{MerchantID: h.one.ID, ID: "evt_late", Type: outbox.WebhookDisabled, Subject: h.id, CreatedAt: h.clock.Now()}))
	all, _ := h.to(http.MethodGet, "/v1/webhooks", nil).cookie(h.owner).do().json(t)["webhooks"].([]any)
	w, _ := all[0].(map[string]any)
	a := h.to(http.MethodPut, "/v1/webhooks/"+h.id, map[string]any{"url": h.URL + "/new", "events": []string{"payment.canceled"}, "active": true, "version": w["version"]}).cookie(h.owner).do()
	changed := a.json(t)
	if a.StatusCode != http.StatusOK || changed["active"] != true || changed["disabled"] != nil || changed["failingFrom"] != nil || changed["url"] != h.URL+"/new" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if n := len(h.offMails(t)); n != 2 {
		t.Errorf("%d mails after it is on again", n)
	}
}

func TestAWebhookLeadsNowhereInside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner := r.login(t, "one-owner")
	for _, url := range []string{
		"", "http://shop.example/", "https://10.0.0.1/", "https://169.254.169.254/latest", "https://db.internal/", "https://shop.example:22/",
		"https://user:word@shop.example/", "ftp://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "https://2130706433/",
	} {
		a := r.to(http.MethodPost, "/v1/webhooks", with(receiver(), "url", url)).cookie(owner).do()
		if a.StatusCode != http.StatusUnprocessableEntity || !bytes.Contains(a.body, []byte("/url")) {
			t.Errorf("%q: %d %s", url, a.StatusCode, a.body)
		}
	}
}

func TestAKeyIsShownOnceAndMayWhatItsScopesName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner := r.login(t, "one-owner")
	wanted := map[string]any{"name": "재고 시스템", "scopes": []string{"payments.read"}, "presentPassword": loginPassword}
	if a := r.to(http.MethodPost, "/v1/keys", with(wanted, "presentPassword", "wrong")).cookie(owner).do(); code(t, a) != "PASSWORD_WRONG" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	made := r.to(http.MethodPost, "/v1/keys", wanted).cookie(owner).do().json(t)
	secret, _ := made["secret"].(string)
	key, _ := made["key"].(map[string]any)
	if !strings.HasPrefix(secret, "sk_test_") || key["live"] != false {
		t.Fatalf("%v", key)
	}
	if list := r.to(http.MethodGet, "/v1/keys", nil).cookie(owner).do(); bytes.Contains(list.body, []byte(secret)) || !bytes.Contains(list.body, []byte("재고 시스템")) {
		t.Errorf("%s", list.body)
	}
	status := func(method, path string, body any) int {
		return r.to(method, path, body).as(shop{key: secret}).idempotent("scope " + path).do().StatusCode
	}
	for path, want := range map[string]int{
		"/v1/payments": 200, "/v1/merchant": 200, "/v1/payment-requests": 403, "/v1/cash-receipts": 403, "/v1/products": 403, "/v1/settings": 403, "/v1/keys": 403, "/v1/webhooks": 403,
	} {
		if got := status(http.MethodGet, path, nil); got != want {
			t.Errorf("%s: %d, not %d", path, got, want)
		}
	}
	if got := status(http.MethodPost, "/v1/payments", r.order(t, 10_000)); got != http.StatusForbidden {
		t.Errorf("a payment: %d", got)
	}
	id := fmt.Sprint(key["id"])
	next, _ := r.to(http.MethodPost, "/v1/keys/"+id+"/rotate", map[string]any{"presentPassword": loginPassword, "oldUntil": r.clock.Now().Add(time.Hour).Format(time.RFC3339)}).cookie(owner).do().json(t)["secret"].(string)
	for _, s := range []string{secret, next} {
		if a := r.to(http.MethodGet, "/v1/payments", nil).as(shop{key: s}).do(); a.StatusCode != http.StatusOK {
			t.Errorf("during the overlap: %d", a.StatusCode)
		}
	}
	if a := r.to(http.MethodDelete, "/v1/keys/"+id, nil).cookie(owner).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	for _, s := range []string{secret, next} {
		if a := r.to(http.MethodGet, "/v1/payments", nil).as(shop{key: s}).do(); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("a revoked key: %d", a.StatusCode)
		}
	}
}
