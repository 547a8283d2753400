package canary_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/demo"
)

// client sends what no honest client would.
type client struct {
	base, key string
	http      *http.Client
}

func newClient(base, key string) *client {
	return &client{base, key, &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
}

// errSent means that no whole answer came.
var errSent = errors.New("no answer")

// answer is what came back.
type answer struct {
	status  int
	cookies []*http.Cookie
	body    []byte
}

// do sends body, a value or a text.
func (c *client) do(ctx context.Context, method, path string, header map[string]string, body any) (answer, error) {
	text, ok := body.(string)
	if !ok && body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return answer{}, err
		}
		text = string(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(text))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.SetBasicAuth(c.key, "")
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", errSent, err)
	}
	b, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Cookies(), b}, errors.Join(err, resp.Body.Close())
}

func key(s string) map[string]string { return map[string]string{"Idempotency-Key": s} }

// typed is a card keyed in.
func typed(c demo.Card) map[string]any {
	return map[string]any{
		"entry": "KEY_IN", "number": c.Number, "expiryMonth": c.ExpiryMonth, "expiryYear": c.ExpiryYear,
		"birthOrBusinessNumber": c.BirthOrBusinessNumber, "passwordTwoDigits": c.PasswordTwoDigits,
	}
}

// swiped is a card by its tracks.
func swiped(c demo.Card) map[string]any {
	return map[string]any{
		"entry": "SWIPE", "track2": ";" + c.Number + "=" + c.ExpiryYear + c.ExpiryMonth + "1018642097531?", "track1": strayTrack1,
		"fallbackReason": "CHIP_UNREADABLE", "device": map[string]any{"model": "M", "serial": "S"},
		"birthOrBusinessNumber": c.BirthOrBusinessNumber, "passwordTwoDigits": c.PasswordTwoDigits,
	}
}

func payment(order string, card map[string]any) map[string]any {
	return map[string]any{"method": "CARD", "orderId": "order-" + order, "orderName": "아메리카노", "amount": 10_000, "card": card}
}

// payments takes one payment keyed in and one swiped with every card, first with those
// that are answered, then with those whose faults take the wire from their neighbours.
// It returns the ids of the sales.
func (w *world) payments() []string {
	w.t.Helper()
	var quiet, loud []demo.Card
	for _, c := range w.file.Cards {
		if c.Behaviour == "APPROVE" || strings.HasPrefix(c.Behaviour, "DECLINE") {
			quiet = append(quiet, c)
			continue
		}
		loud = append(loud, c)
	}
	answered, sales := w.pay("quiet", quiet)
	if answered[201] != 2*len(quiet) || len(sales) < 30 {
		w.t.Errorf("payments with plain cards answered %v, %d sales", answered, len(sales))
	}
	unknown, _ := w.pay("loud", loud)
	if unknown[202] < len(loud)/2 || unknown[201]+unknown[202] != 2*len(loud) {
		w.t.Errorf("payments with faults answered %v", unknown)
	}
	w.t.Logf("payments answered %v and %v, %d sales", answered, unknown, len(sales))
	return sales
}

// pay pays with all of the cards at once.
func (w *world) pay(round string, cards []demo.Card) (answered map[int]int, sales []string) {
	w.t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	answered = map[int]int{}
	for i, c := range cards {
		for kind, card := range map[string]map[string]any{"typed": typed(c), "swiped": swiped(c)} {
			all.Go(func() {
				name := fmt.Sprint(round, kind, i)
				a, err := w.client.do(w.t.Context(), http.MethodPost, "/v1/payments", key(name), payment(name, card))
				if err != nil {
					w.t.Errorf("%s: %v", name, err)
					return
				}
				var p struct{ ID, Status string }
				_ = json.Unmarshal(a.body, &p) // judged by the status
				mu.Lock()
				defer mu.Unlock()
				answered[a.status]++
				if p.Status == "DONE" {
					sales = append(sales, p.ID)
				}
			})
		}
	}
	all.Wait()
	return answered, sales
}

// wrongPayments carry a card where none belongs; all must be refused.
func (w *world) wrongPayments() {
	w.t.Helper()
	good := func() map[string]any { return payment("wrong", typed(w.file.Cards[0])) }
	bodies := map[string]any{}
	for _, field := range []string{"amount", "method", "installmentMonths", "taxFreeAmount", "items", "buyer", "card", "signature", strayCard, "pan", "cvc " + otherCard} {
		b := good()
		b[field] = strayCard
		bodies["field "+field] = b
	}
	for _, field := range []string{"entry", "expiryMonth", "expiryYear", "birthOrBusinessNumber", "passwordTwoDigits", "track2", "track1", "fallbackReason", "device", "cvc", otherCard} {
		for name, v := range map[string]string{"card": strayCard, "spaced": "9990 0119 8765 4329", "track": strayTrack2, "track1": strayTrack1} {
			b := good()
			card, _ := b["card"].(map[string]any)
			card[field] = v + "x"
			bodies["card's "+field+" "+name] = b
		}
	}
	for field, v := range map[string]string{"birthOrBusinessNumber": strayBirth + "9", "passwordTwoDigits": strayBusiness, "number": strayCard + "0000000"} {
		b := good()
		card, _ := b["card"].(map[string]any)
		card[field] = v
		bodies["card's "+field+" too long"] = b
	}
	for name, text := range map[string]string{
		"cut off": `{"card":{"number":"` + strayCard, "not quoted": `{"card":{"number":` + strayCard + `,}}`, "twice": `{"card":{"number":"` + strayCard + `","number":"` + otherCard + `"}}`,
		"a form": "number=" + strayCard + "&track2=" + strayTrack2, "bytes": "\xff" + strayCard, "huge": `{"card":{"number":"` + strings.Repeat(strayCard, 20_000) + `"}}`,
		"list": "[" + strayCard + "]", "number": strayCard, "text": `"` + strayTrack1 + `"`, "escaped": `{"number":"\u0039990011987654329"`,
	} {
		bodies[name] = text
	}
	for name, body := range bodies {
		w.refused(http.MethodPost, "/v1/payments", key("wrong "+name), body)
	}
}

// wrongAddresses carry secrets in addresses and headers.
func (w *world) wrongAddresses() {
	w.t.Helper()
	for _, path := range []string{
		"/v1/payments/" + strayCard, "/v1/payments/orders/" + strayCard, "/v1/products/" + otherCard, "/v1/payments?cardLast4=" + strayCard, "/v1/payments?" + strayCard + "=1",
		"/v1/payments?cursor=" + strayCard, "/v1/payments?from=" + strayCard, "/v1/payments?track2=" + strayTrack2, "/r/" + strayCard, "/p/" + strayCard, "/activate/" + strayCard, "/" + strayCard,
		"/app/../" + strayCard + "%zz", "/simulator/" + strayCard, "/v1/" + otherCard + "/cancel",
	} {
		w.refused(http.MethodGet, path, nil, nil)
	}
	for name, value := range map[string]string{
		"Authorization": "Bearer " + strayKey, "authorization": "Basic c2tfdGVzdF9jYW5hcnljYW5hcnljYW5hcnkwMTIzNDU2Nzg5Og==", "AUTHORIZATION": strayCard,
	} {
		w.refused(http.MethodGet, "/v1/payments", map[string]string{name: value}, nil)
	}
	odd := map[string]string{
		"X-Card": strayCard, "Referer": "http://127.0.0.1/" + strayCard, "User-Agent": strayTrack1, "Accept-Language": strayCard, "X-Forwarded-For": strayCard,
		"Cookie": "innopay-session=" + strayToken, "Content-Type": "text/" + strayCard, "Idempotency-Key": "a key",
	}
	w.refused(http.MethodPost, "/v1/payments", odd, payment("wrong", typed(w.file.Cards[0])))
	odd["Authorization"] = ""
	delete(odd, "Content-Type")
	w.refused(http.MethodPost, "/v1/payments", odd, payment("wrong", typed(w.file.Cards[0])))
	w.refused(http.MethodPost, "/v1/payments", key(strayCard), "{") // a key of a request that was never taken
}

// refused sends what must not be taken.
func (w *world) refused(method, path string, header map[string]string, body any) {
	w.t.Helper()
	a, err := w.client.do(w.t.Context(), method, path, header, body)
	if err != nil && strings.Contains(path, "%zz") {
		return // not even an address
	}
	if err != nil || a.status < 400 || a.status >= 500 {
		w.t.Errorf("%.80s with %.60v: %d %.200s %v", path, body, a.status, a.body, err)
		return
	}
	for _, secret := range []string{strayCard, otherCard, strayPassword, strayCancel, "8642097531"} {
		if bytes.Contains(a.body, []byte(secret)) {
			w.t.Errorf("%.60s: the answer tells the secret: %.300s", path, a.body)
		}
	}
}

// strangers pays with cards that the acquirer does not know, and with a wrong birth
// date: declined, so written.
func (w *world) strangers() {
	w.t.Helper()
	stranger := demo.Card{Number: strayCard, ExpiryMonth: "12", ExpiryYear: "35", BirthOrBusinessNumber: strayBirth, PasswordTwoDigits: "47"}
	known := w.file.Cards[0]
	known.BirthOrBusinessNumber = strayBusiness
	track := typed(stranger)
	track = map[string]any{"entry": "SWIPE", "track2": strayTrack2, "track1": strayTrack1, "fallbackReason": "CHIP_UNREADABLE", "birthOrBusinessNumber": strayBirth, "passwordTwoDigits": track["passwordTwoDigits"]}
	for name, card := range map[string]map[string]any{"stranger": typed(stranger), "stranger swiped": track, "wrong business number": typed(known)} {
		a, err := w.client.do(w.t.Context(), http.MethodPost, "/v1/payments", key(name), payment(strings.ReplaceAll(name, " ", "-"), card))
		if err != nil || a.status != http.StatusCreated && a.status != http.StatusUnprocessableEntity {
			w.t.Errorf("%s: %s %v", name, a.body, err)
		}
	}
}

// logins come and fail, with secrets in every field.
func (w *world) logins(s *secrets) {
	w.t.Helper()
	login := func(id, password, code string) answer {
		a, err := w.client.do(w.t.Context(), http.MethodPost, "/v1/sessions", map[string]string{"Authorization": ""}, map[string]string{
			"loginId": id, "password": password, "totpCode": code,
		})
		if err != nil {
			w.t.Fatal(err)
		}
		return a
	}
	for _, m := range w.file.Merchants {
		for _, l := range m.Logins {
			a := login(l.LoginID, l.Password, "")
			if a.status != http.StatusCreated || len(a.cookies) != 2 {
				w.t.Fatalf("login of %s: %d", l.LoginID, a.status)
			}
			s.session(a.cookies[0].Value)
			s.session(a.cookies[1].Value) // tells the browser again
		}
	}
	first := w.file.Merchants[0].Logins[0]
	for _, try := range [][3]string{
		{first.LoginID, strayPassword, ""}, {first.LoginID, strayCard, ""}, {strayPassword, "x", ""}, {strayCard, strayPassword, strayCard}, {first.Password, first.LoginID, ""},
		{w.file.Operator.LoginID, w.file.Operator.Password, ""}, {w.file.Operator.LoginID, strayPassword, "123456"}, {strayToken, strayKey, ""},
	} {
		if a := login(try[0], try[1], try[2]); a.status != http.StatusUnauthorized && a.status != http.StatusUnprocessableEntity {
			w.t.Errorf("wrong login answered %d", a.status)
		}
	}
	for path, body := range map[string]map[string]any{
		"/v1/password-resets":  {"loginId": strayPassword},
		"/v1/sessions/passkey": {"challenge": strayToken, "credential": map[string]any{"id": strayToken, "rawId": strayToken, "type": strayPassword}},
	} {
		if _, err := w.client.do(w.t.Context(), http.MethodPost, path, map[string]string{"Authorization": ""}, body); err != nil {
			w.t.Errorf("%s: %v", path, err)
		}
	}
}

// cancels takes sales back, with wrong passwords between.
func (w *world) cancels(sales []string) {
	w.t.Helper()
	for i, id := range sales[:12] {
		body := map[string]any{"reason": "변심", "cancelPassword": w.file.Merchants[0].CancelPassword}
		if i%2 == 1 {
			body["amount"] = 1000
		}
		if i < 3 {
			wrong := maps.Clone(body)
			wrong["cancelPassword"] = []string{strayCancel, strayCard, strayTrack2}[i]
			w.refused(http.MethodPost, "/v1/payments/"+id+"/cancel", key("wrong "+id), wrong)
		}
		a, err := w.client.do(w.t.Context(), http.MethodPost, "/v1/payments/"+id+"/cancel", key("cancel "+id), body)
		if err != nil || a.status != http.StatusOK {
			w.t.Errorf("cancel: %s %v", a.body, err)
		}
	}
}

// underWay starts payments that the acquirer does not answer and returns when it has
// them; they are in the server's memory then.
func (w *world) underWay(t *testing.T, round string) (wait func()) {
	t.Helper()
	var all sync.WaitGroup
	before := w.seen()
	n := 0
	for i, c := range w.file.Cards {
		if c.Behaviour != "TIMEOUT" && c.Behaviour != "LATE" && c.Behaviour != "DELAY" {
			continue
		}
		for j, card := range []map[string]any{typed(c), swiped(c), typed(c), swiped(c)} {
			n++
			all.Go(func() {
				name := fmt.Sprint(round, i, "-", j)
				a, err := w.client.do(context.WithoutCancel(t.Context()), http.MethodPost, "/v1/payments", key(name), payment(name, card))
				if err == nil { // else it died with the server
					w.t.Logf("%s: %d %s", name, a.status, a.body)
				}
			})
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for w.seen() < before+n {
		if time.Now().After(deadline) {
			t.Fatalf("%s: the acquirer has only %d of %d payments", round, w.seen()-before, n)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return all.Wait
}

// seen is how many authorizations the acquirer has.
func (w *world) seen() int {
	journal, err := w.sim.Journal(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	n := 0
	for _, e := range journal {
		if e.Type == "AUTHORIZE" {
			n++
		}
	}
	return n
}
