package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/card/dukpt"
	"innopay/internal/merchant"
	"innopay/internal/web"
	"innopay/internal/web/limit"
)

// leastRequests is the share of reliability R13 that every run makes.
const leastRequests = 20_000

// guessed are the fields that are counted and lock: they get a server of their own,
// whose clock passes every lock.
var guessed = []string{"/loginId", "/password", "/totpCode", "/cancelPassword", "/presentPassword"}

func isGuessed(f field) bool {
	return isSignin(f) || f.operation == "POST /v1/sessions" || f.operation == "PUT /v1/password" || slices.Contains(guessed, f.pointer)
}

// unlimited is a server that slows nobody down: floods have a test of their own.
func unlimited(o *web.Options) {
	all := limit.Rate{PerSecond: 1e9, Burst: 1 << 30}
	o.Logins, o.Writes, o.Pages = all, all, all
}

func documentOf(t *testing.T, r *rig) openAPI {
	t.Helper()
	var d openAPI
	must(t, json.Unmarshal(r.to(http.MethodGet, "/openapi.json", nil).do().body, &d))
	return d
}

// readersFirst sorts what only reads before what writes, so that there is little to be
// read, and nothing that the caller wrote.
func readersFirst(fields []field) {
	slices.SortStableFunc(fields, func(a, b field) int {
		return strings.Index("GET DELETE PUT POST", a.method()) - strings.Index("GET DELETE PUT POST", b.method())
	})
}

// everyOperationWorked sees that the good requests were good: where nothing is ever
// accepted, a refusal proves nothing about the value.
func everyOperationWorked(t *testing.T, fields []field, all []accepted) {
	t.Helper()
	worked := map[string]bool{
		"POST /v1/operator/unsettled/{merchantId}/{id}/resolve": true,                              // only an unknown payment is settled
		"POST /v1/operator/unsettled/{merchantId}/{id}/run":     true,                              // likewise
		"POST /v1/push/subscriptions":                           true,                              // an address and two keys: no oddity is one
		"GET /v1/closings":                                      true, "GET /v1/settlements": true, // no oddity is a day of this year
		// No oddity is a password, a code, an address of mail or an authenticator's answer.
		"POST /v1/sessions/passkey": true, "POST /v1/passkeys/options": true, "POST /v1/passkeys": true, "POST /v1/second-factor/options": true,
		"POST /v1/second-factor": true, "POST /v1/second-factor/disable": true, "POST /v1/second-factor/recovery-codes": true,
		"PUT /v1/mail-address": true, "POST /v1/mail-address/verify": true, "POST /v1/mail-address/remove": true,
		"POST /v1/operator/merchants/{merchantId}/users/{id}/reset-second-factor": true, // there is none
	}
	for _, a := range all {
		worked[a.operation] = true
	}
	// Every field of these is a code, of which no odd one is right.
	worked["POST /v1/registrations"], worked["POST /v1/registrations/current/phone/verify"] = true, true
	for _, f := range fields {
		if (f.where == inBody || f.where == inQuery) && !worked[f.operation] {
			t.Errorf("%s was never accepted", f.operation)
			worked[f.operation] = true
		}
	}
}

// stage makes good requests on one server.
type stage struct {
	*rig
	owner, operator *http.Cookie
	forgetful       *http.Cookie // of two-staff, whose password becomes many things
	once            sync.Once
	saleID          string    // that the desk looks at
	hookOnce        sync.Once // makes the webhook of hookID
	hookID          string
}

func newStage(t *testing.T, r *rig) *stage {
	t.Helper()
	r.options.Desk.Service.Single = true // so that one operator's good requests change something
	return &stage{rig: r, owner: r.login(t, "two-owner"), operator: r.login(t, "operator"), forgetful: r.login(t, "two-staff")}
}

// scene is a good request of the field's operation.
func (s *stage) scene(t *testing.T, f field) *scene {
	if sc := s.goodRegistration(t, f); sc != nil {
		return sc
	}
	sc := s.good(t, f)
	sc.as = func(req *http.Request) { req.SetBasicAuth(s.two.key, "") }
	switch {
	case strings.Contains(f.operation, "/operator/"):
		sc.as = func(req *http.Request) { req.AddCookie(s.operator) }
	case forOwners(f.path()):
		sc.as = func(req *http.Request) { req.AddCookie(s.owner) }
	}
	if f.operation == "PUT /v1/password" {
		sc.as = func(req *http.Request) { req.AddCookie(s.forgetful) }
	}
	if isSignin(f) {
		s.signin(t, sc)
		return sc
	}
	if isGuessed(f) {
		sc.after = func(a reply) {
			s.clock.Advance(16 * time.Minute)
			if f.operation == "PUT /v1/password" {
				s.remember(t, a)
			}
		}
	}
	return sc
}

func (s *stage) good(t *testing.T, f field) *scene {
	t.Helper()
	product := map[string]any{
		"categoryId": "", "name": "우유", "price": 100, "taxFree": false, "barcode": "", "soldOut": false, "favourite": true, "sort": 1, "stock": 5,
	}
	category := map[string]any{"name": "음료 " + order, "sort": 1}
	switch f.operation {
	case "POST /v1/sessions":
		return &scene{body: map[string]any{"loginId": "two-staff", "password": loginPassword, "totpCode": ""}}
	case "POST /v1/payments":
		return &scene{body: fullPayment(t, f)}
	case "POST /v1/payments/{id}/receipts":
		return &scene{path: map[string]string{"id": s.sold(t, 10_000)}, body: map[string]any{"channel": "SMS", "to": "01000005678", "language": "ko"}}
	case "GET /v1/payments/{id}/receipts", "POST /v1/payments/{id}/receipts/revoke":
		return &scene{path: map[string]string{"id": s.sold(t, 10_000)}, body: bodyFor(f, map[string]any{})}
	case "GET /v1/payments/{id}", "GET /v1/payments/{id}/timeline", "PUT /v1/payments/{id}/signature":
		return &scene{path: map[string]string{"id": s.sold(t, 10_000)}, body: bodyFor(f, map[string]any{"strokes": drawn()})}
	case "POST /v1/payments/{id}/cancel":
		return &scene{path: map[string]string{"id": s.sold(t, 9_000_000)}, body: map[string]any{
			"reason": "변심", "amount": 1000, "taxFreeAmount": 0, "cancelPassword": cancelPassword,
		}}
	case "GET /v1/payments/orders/{orderId}":
		return &scene{path: map[string]string{"orderId": "order-000001"}}
	case "POST /v1/products":
		return &scene{body: product}
	case "PUT /v1/products/{id}":
		product["version"] = version
		return &scene{path: s.made(t, "/v1/products"), body: product}
	case "POST /v1/categories":
		return &scene{body: category}
	case "PUT /v1/categories/{id}":
		category["version"] = version
		return &scene{path: s.made(t, "/v1/categories"), body: category}
	case "GET /v1/products/{id}":
		return &scene{path: s.made(t, "/v1/products")}
	case "DELETE /v1/products/{id}", "DELETE /v1/categories/{id}":
		return s.removal(t, strings.TrimSuffix(f.path(), "/{id}"))
	case "POST /v1/push/subscriptions":
		return &scene{body: browserOf(t, "walk")}
	case "DELETE /v1/push/subscriptions/{id}":
		return s.unsubscribing(t)
	case "PUT /v1/settings":
		return &scene{body: fullSettings()}
	case "POST /v1/payment-requests", "POST /v1/payment-requests/preview":
		return &scene{body: fullRequest()}
	case "GET /v1/payment-requests/{id}", "POST /v1/payment-requests/{id}/resend":
		return &scene{path: s.asked(t), body: bodyFor(f, map[string]any{"phone": "01000005678"})}
	case "POST /v1/payment-requests/{id}/withdraw":
		return s.again(s.asked(t), func() map[string]string { return s.asked(t) }, map[string]any{})
	case "POST /v1/senders":
		return &scene{body: map[string]any{"number": "0200000002"}}
	case "DELETE /v1/senders/{number}":
		return s.again(s.sender(t, "0200000003"), func() map[string]string { return s.sender(t, "0200000003") }, nil)
	case "GET /v1/operator/senders/{merchantId}", "POST /v1/operator/senders/{merchantId}/{number}/verify":
		return &scene{path: s.sender(t, "0200000004")}
	case "GET /v1/installments":
		return &scene{query: url.Values{"amount": {"50000"}}}
	case "POST /v1/operator/unsettled/{merchantId}/{id}/resolve":
		return &scene{path: map[string]string{"merchantId": s.two.ID, "id": s.sold(t, 10_000)}, body: map[string]any{"outcome": "ABORTED", "reason": "시험"}}
	}
	for _, good := range []func(*testing.T, field) *scene{s.goodReceipt, s.goodProduct, s.goodStaff, s.goodPrint, s.goodAccount, s.goodDesk, s.goodOperator, s.goodOffice, s.goodJoin, s.goodSignin, s.goodDeveloper, s.goodSales} {
		if sc := good(t, f); sc != nil {
			return sc
		}
	}
	if strings.Contains(f.path(), "{") || f.where == inBody {
		t.Errorf("%v: nobody says what a good request is", f)
	}
	return &scene{}
}

// bodyFor is the body of operations that have one.
func bodyFor(f field, body map[string]any) map[string]any {
	if f.method() == http.MethodGet {
		return nil
	}
	return body
}

func drawn() [][][]float64 { return [][][]float64{{{1, 2, 3}, {4, 5, 6}}} }

func (s *stage) sold(t *testing.T, amount int) string {
	t.Helper()
	id, _ := s.pay(t, s.two, s.order(t, amount))["id"].(string)
	return id
}

// made is the id of a new product or category.
func (s *stage) made(t *testing.T, path string) map[string]string {
	t.Helper()
	a := s.to(http.MethodPost, path, map[string]any{"name": fmt.Sprint("새것 ", s.orders.Add(1)), "price": 100}).as(s.two)
	if path == "/v1/categories" {
		a = s.to(http.MethodPost, path, map[string]any{"name": fmt.Sprint("새것 ", s.orders.Add(1))}).as(s.two)
	}
	made := a.do()
	if made.StatusCode != http.StatusCreated {
		t.Errorf("%s: %d %s", path, made.StatusCode, made.body)
		return map[string]string{}
	}
	id, _ := made.json(t)["id"].(string)
	return map[string]string{"id": id}
}

// removal makes the thing again whenever it went.
func (s *stage) removal(t *testing.T, path string) *scene {
	t.Helper()
	sc := &scene{path: s.made(t, path), query: url.Values{"version": {"1"}}}
	sc.after = func(a reply) {
		if a.StatusCode == http.StatusNoContent {
			sc.path = s.made(t, path)
		}
	}
	return sc
}

// again makes what a good request takes away once more.
func (s *stage) again(path map[string]string, made func() map[string]string, body map[string]any) *scene {
	sc := &scene{path: path, body: body}
	sc.after = func(a reply) {
		if a.StatusCode < http.StatusMultipleChoices {
			sc.path = made()
		}
	}
	return sc
}

// asked is a new request.
func (s *stage) asked(t *testing.T) map[string]string {
	t.Helper()
	id, _ := s.askAt(t, s.two, s.requestBody(10_000))["id"].(string)
	return map[string]string{"id": id}
}

// sender is a number of the shop, registered.
func (s *stage) sender(t *testing.T, number string) map[string]string {
	t.Helper()
	if _, err := s.options.Messages.AddSender(t.Context(), s.two.Tenant(), number, "test"); err != nil {
		t.Errorf("%s: %v", number, err)
	}
	return map[string]string{"merchantId": s.two.ID, "number": number}
}

// fullRequest asks for a payment with everything that may be said.
func fullRequest() map[string]any {
	return map[string]any{
		"kind": "SMS", "orderId": order, "orderName": "아메리카노", "amount": 55_000, "taxFreeAmount": 0, "serviceFee": 0, "installmentMonths": 0,
		"items": []any{map[string]any{"productId": "", "name": "아메리카노", "unitPrice": 5500, "quantity": 10, "discount": 0, "taxFree": false}},
		"buyer": map[string]any{"name": "구매자 1", "phone": "01000000001", "email": "buyer@example.com"}, "expiresAt": "2026-03-03T12:00:00+09:00",
	}
}

// fullPayment is a payment with everything that its way of reading the card takes.
func fullPayment(t *testing.T, f field) map[string]any {
	t.Helper()
	card := cardOf(t, "APPROVE")
	for _, swiped := range []string{"/card/track", "/card/fallbackReason", "/card/device"} {
		if strings.HasPrefix(f.pointer, swiped) {
			card = map[string]any{
				"entry": "SWIPE", "track2": fmt.Sprintf(";%v=%v%v101?", card["number"], card["expiryYear"], card["expiryMonth"]), "track1": "",
				"fallbackReason": "IC 오류", "device": map[string]any{"model": "M1", "serial": "S1"},
			}
		}
	}
	if f.pointer == "/card/format" || f.pointer == "/card/ksn" {
		number := alikeSet + nextKSN()[len(publishedSet):]
		card = map[string]any{
			"entry": "SWIPE_ENCRYPTED", "format": "MAGTEK", "ksn": number, "track1": "", "fallbackReason": "IC 오류",
			"track2": sealTrack(t, number, fmt.Sprintf(";%v=%v%v101?", card["number"], card["expiryYear"], card["expiryMonth"]), dukpt.PIN),
			"device": map[string]any{"model": "M1", "serial": "S1"},
		}
	}
	full := map[string]any{
		"method": "CARD", "orderId": order, "orderName": "아메리카노", "amount": 55_000, "taxFreeAmount": 0, "serviceFee": 0, "installmentMonths": 0,
		"items":     []any{map[string]any{"productId": "", "name": "아메리카노", "unitPrice": 5500, "quantity": 10, "discount": 0, "taxFree": false}},
		"buyer":     map[string]any{"name": "구매자 1", "phone": "01000000001", "email": "buyer@example.com"},
		"signature": map[string]any{"strokes": drawn()}, "card": card,
	}
	if strings.HasPrefix(f.pointer, "/cash") {
		delete(full, "signature")
		delete(full, "card")
		full["method"] = "CASH"
		full["cash"] = map[string]any{"received": 60_000, "receipt": map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}}
	}
	return full
}

func fullSettings() map[string]any {
	d := merchant.DefaultSettings()
	return map[string]any{
		"slideMenu": true, "cart": true, "buyerInfo": true, "fixedBuyer": map[string]any{"name": "구매자 1", "phone": "01000000001", "email": "buyer@example.com"},
		"signatureLimit": 50_000, "sound": true, "vibration": true, "notify": true, "shuffleKeypad": true, "theme": d.Theme, "textSize": d.TextSize,
		"version": version,
	}
}

// moneyIsWhatWasAnswered holds the history and the acquirer's books against the
// answers: a request that was refused has moved nothing.
func (s *stage) moneyIsWhatWasAnswered(t *testing.T, all []accepted) {
	t.Helper()
	paid, cancels := map[string]bool{}, map[string]int{}
	for _, a := range all {
		var p struct {
			ID, Method string
			Cancels    []struct{ ID string }
		}
		switch a.operation {
		case "POST /v1/payments":
			must(t, json.Unmarshal(a.body, &p))
			if p.Method == "CARD" {
				paid[p.ID] = true
			}
		case "POST /v1/payments/{id}/cancel":
			must(t, json.Unmarshal(a.body, &p))
			cancels[p.ID] = max(cancels[p.ID], len(p.Cancels))
		}
	}
	if len(paid) < 100 || len(cancels) == 0 {
		t.Errorf("%d payments and cancels of %d: the good requests are not good", len(paid), len(cancels))
	}
	held, authorized, undone := s.history(t), 0, 0
	for id := range paid {
		if _, ok := held[id]; !ok {
			t.Errorf("%s was answered and is not in the history", id)
		}
	}
	sum := 0
	for id, n := range held {
		sum += n
		if n != cancels[id] {
			t.Errorf("%s has %d cancels, %d were answered", id, n, cancels[id])
		}
	}
	for _, e := range s.book.Entries(0, 1<<20) {
		switch e.Type {
		case "AUTHORIZE":
			authorized++
		case "VOID", "REFUND", "REVERSE":
			undone++
		}
	}
	// What the scenes sold is in the history too.
	if extra := len(held) - len(paid); authorized != len(held) || undone != sum || extra > 60 {
		t.Errorf("the acquirer saw %d payments and %d cancels, the history has %d and %d (%d not answered in the walk)", authorized, undone, len(held), sum, extra)
	}
}

// history is every card payment of both shops with its number of cancels: what waits
// for a buyer has not been to the acquirer.
func (s *stage) history(t *testing.T) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, shop := range []shop{s.one, s.two} {
		for next := ""; ; {
			a := s.to(http.MethodGet, "/v1/payments?limit=200&channel=CARD&cursor="+next, nil).as(shop).do()
			var page struct {
				Payments []struct {
					ID      string
					Cancels []struct{}
				}
				NextCursor string
			}
			if err := json.Unmarshal(a.body, &page); err != nil || a.StatusCode != http.StatusOK {
				t.Fatalf("history: %d %s", a.StatusCode, a.body)
			}
			for _, p := range page.Payments {
				out[p.ID] = len(p.Cancels)
			}
			if next = page.NextCursor; next == "" {
				break
			}
		}
	}
	return out
}

// pagesShowNoMarkup opens the receipt of every odd payment.
func (s *stage) pagesShowNoMarkup(t *testing.T, all []accepted) {
	t.Helper()
	opened := 0
	for _, a := range all {
		var p struct{ ReceiptURL string }
		if a.operation != "POST /v1/payments" || json.Unmarshal(a.body, &p) != nil || p.ReceiptURL == "" {
			continue
		}
		page := s.to(http.MethodGet, strings.TrimPrefix(p.ReceiptURL, base), nil).do()
		body := strings.ToLower(string(page.body))
		opened++
		if page.StatusCode != http.StatusOK || strings.Contains(body, "<script") || strings.Contains(body, "<img") || strings.Contains(body, "<svg/") {
			t.Errorf("%v: receipt %d shows markup of the client", a.field, page.StatusCode)
		}
	}
	if opened < 100 {
		t.Errorf("only %d receipts", opened)
	}
}
