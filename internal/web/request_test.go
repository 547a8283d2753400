package web_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/fault"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/web"
	"innopay/messenger"
)

const buyerPhone = "01000001234"

// requestBody asks for a payment with an order of its own.
func (r *rig) requestBody(amount int) map[string]any {
	return map[string]any{
		"kind": "SMS", "orderId": fmt.Sprintf("request-%06d", r.orders.Add(1)), "orderName": "아메리카노 외 2건", "amount": amount,
		"buyer": map[string]any{"name": "구매자 1", "phone": "010-0000-1234"},
	}
}

// ask makes a request at the first shop.
func (r *rig) ask(t *testing.T, amount int) map[string]any {
	t.Helper()
	return r.askAt(t, r.one, r.requestBody(amount))
}

func (r *rig) askAt(t *testing.T, s shop, body map[string]any) map[string]any {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/payment-requests", body).as(s).idempotent(fmt.Sprint("key-", body["orderId"])).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}

// requestNow reads a request again.
func (r *rig) requestNow(t *testing.T, id any) map[string]any {
	t.Helper()
	a := r.to(http.MethodGet, fmt.Sprint("/v1/payment-requests/", id), nil).as(r.one).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}

// act posts to a request and returns the status and the answer.
func (r *rig) act(t *testing.T, id any, what string, body any) (int, map[string]any) {
	t.Helper()
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/payment-requests/%v/%s", id, what), body).as(r.one).do()
	return a.StatusCode, a.json(t)
}

func tokenOf(t *testing.T, address any) string {
	t.Helper()
	u, err := url.Parse(fmt.Sprint(address))
	must(t, err)
	token, ok := strings.CutPrefix(u.Path, "/p/")
	if !ok || len(token) < 22 {
		t.Fatalf("no link: %v", address)
	}
	return token
}

// typed is a simulator's card as the buyer's page reads it.
func typed(t *testing.T, behaviour string) acquirer.Card {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour != behaviour {
			continue
		}
		pan, err := card.ParsePAN(c.Number)
		must(t, err)
		expiry, err := card.ParseExpiry(c.ExpiryMonth, c.ExpiryYear)
		must(t, err)
		return acquirer.Card{
			Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry, BirthOrBusinessNumber: card.NewSecret(c.BirthOrBusinessNumber),
			PasswordTwoDigits: card.NewSecret(c.PasswordTwoDigits),
		}
	}
	t.Fatalf("no card of behaviour %s", behaviour)
	return acquirer.Card{}
}

// payBy is a buyer's press of the button.
func (r *rig) payBy(t *testing.T, token, key, behaviour string) (payment.Result, error) {
	t.Helper()
	return r.options.Requests.Pay(t.Context(), payrequest.Pay{Token: token, Key: "form-key-of-the-test-" + key, Card: typed(t, behaviour)})
}

func TestRequestIsPaidByItsLinkAndEverybodyIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	settings := r.to(http.MethodGet, "/v1/settings", nil).as(r.one).do().json(t)
	settings["notifyPhone"] = "01000009876"
	if a := r.to(http.MethodPut, "/v1/settings", settings).as(r.one).do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	asked := r.ask(t, 14_500)
	if asked["status"] != "SENDING" || asked["tries"] != 0.0 || asked["triesLeft"] != 5.0 || asked["expiresAt"] != "2026-03-03T12:00:30.000+09:00" {
		t.Errorf("asked: %v", asked)
	}
	r.settle(t)
	texts := r.post.to(buyerPhone)
	if len(texts) != 1 || texts[0].From != senderNumber {
		t.Fatalf("the buyer has %v", texts)
	}
	want := "[시험 가게 one] 결제 요청\n아메리카노 외 2건\n14,500원\n" + fmt.Sprint(asked["url"]) + "\n3/3 12:00까지"
	if texts[0].Text != want || texts[0].Kind != messenger.LMS || messenger.Bytes(texts[0].Subject) > messenger.MaxSubject || texts[0].Subject == "" {
		t.Errorf("%s %q\n%s", texts[0].Kind, texts[0].Subject, texts[0].Text)
	}
	if now := r.requestNow(t, asked["id"]); now["status"] != "SENT" || now["sentAt"] == nil {
		t.Errorf("sent: %v", now)
	}
	token := tokenOf(t, asked["url"])
	res, err := r.payBy(t, token, "1", "APPROVE")
	if err != nil || res.Payment.Status != payment.Done {
		t.Fatalf("%+v %v", res.Payment, err)
	}
	again, err := r.payBy(t, token, "1", "APPROVE")
	if err != nil || !again.Replayed || again.Payment.ID != res.Payment.ID {
		t.Errorf("the same press again: %+v %v", again, err)
	}
	if _, err = r.payBy(t, token, "2", "APPROVE"); !errors.Is(err, payrequest.ErrNotPayable) {
		t.Errorf("paid twice: %v", err)
	}
	r.settle(t)
	texts = r.post.to(buyerPhone)
	if len(texts) != 2 || !strings.Contains(texts[1].Text, "결제 완료") || !strings.Contains(texts[1].Text, base+"/r/") ||
		!strings.Contains(texts[1].Text, res.Payment.Card.ApprovalNumber) {
		t.Errorf("the buyer has %v", texts)
	}
	if told := r.post.to("01000009876"); len(told) != 1 || !strings.Contains(told[0].Text, "14,500원") || !strings.Contains(told[0].Text, "*1234") {
		t.Errorf("the seller has %v", told)
	}
	now := r.requestNow(t, asked["id"])
	paid := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", asked["paymentId"]), nil).as(r.one).do().json(t)
	if now["status"] != "PAID" || now["tries"] != 1.0 || paid["status"] != "DONE" || paid["channel"] != "SMS" || paid["signatureMissing"] != false {
		t.Errorf("%v %v", now, paid)
	}
	body := map[string]any{"reason": "변심", "amount": 4500, "cancelPassword": cancelPassword}
	if a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", asked["paymentId"]), body).as(r.one).idempotent("cancel").do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	texts = r.post.to(buyerPhone)
	if len(texts) != 3 || !strings.Contains(texts[2].Text, "결제 취소") || !strings.Contains(texts[2].Text, "취소 4,500원") {
		t.Errorf("the buyer has %v", texts)
	}
}

func TestDeclineLeavesTheLinkPayableUntilTheTriesAreUsedUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 55_000)
	token := tokenOf(t, asked["url"])
	for n := range payrequest.MaxTries {
		res, err := r.payBy(t, token, fmt.Sprint(n), "DECLINE_LIMIT")
		must(t, err)
		want := payment.Ready
		if n == payrequest.MaxTries-1 {
			want = payment.Aborted
		}
		if res.Payment.Status != want || res.Payment.Failure.Code != "CARD_DECLINED_LIMIT" {
			t.Fatalf("try %d: %s %v", n+1, res.Payment.Status, res.Payment.Failure)
		}
		again, err := r.payBy(t, token, fmt.Sprint(n), "DECLINE_LIMIT")
		if err != nil || !again.Replayed {
			t.Errorf("the same press again: %+v %v", again, err)
		}
	}
	if _, err := r.payBy(t, token, "more", "APPROVE"); !errors.Is(err, payrequest.ErrNotPayable) {
		t.Errorf("after the last try: %v", err)
	}
	now := r.requestNow(t, asked["id"])
	failure, _ := now["lastFailure"].(map[string]any)
	if now["status"] != "FAILED" || now["tries"] != 5.0 || now["triesLeft"] != 0.0 || failure["code"] != "CARD_DECLINED_LIMIT" {
		t.Errorf("%v", now)
	}

	asked = r.ask(t, 55_000)
	token = tokenOf(t, asked["url"])
	if _, err := r.payBy(t, token, "first", "DECLINE_LOST"); err != nil {
		t.Fatal(err)
	}
	waiting := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", asked["paymentId"]), nil).as(r.one).do().json(t)
	if waiting["status"] != "READY" || waiting["card"] != nil || waiting["failure"] != nil {
		t.Errorf("a payment that waits again: %v", waiting)
	}
	if res, err := r.payBy(t, token, "second", "APPROVE"); err != nil || res.Payment.Status != payment.Done {
		t.Errorf("another card: %v %v", res.Payment.Status, err)
	}
}

func TestCorrectedNumberKillsTheOldLink(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 30_000)
	old := tokenOf(t, asked["url"])
	status, changed := r.act(t, asked["id"], "resend", map[string]any{"phone": "010-0000-5678"})
	if status != http.StatusOK || changed["url"] == asked["url"] {
		t.Fatalf("%d %v", status, changed)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 0 {
		t.Errorf("the wrong number was told all the same: %v", texts)
	}
	texts := r.post.to("01000005678")
	if len(texts) != 1 || !strings.Contains(texts[0].Text, fmt.Sprint(changed["url"])) {
		t.Errorf("the right number has %v", texts)
	}
	if _, err := r.payBy(t, old, "1", "APPROVE"); !errors.Is(err, payrequest.ErrNotFound) {
		t.Errorf("the old link: %v", err)
	}
	if _, err := r.options.Requests.Open(t.Context(), old); !errors.Is(err, payrequest.ErrNotFound) {
		t.Errorf("the old page: %v", err)
	}
	if found := r.to(http.MethodGet, "/v1/payments?buyerPhoneLast4=5678", nil).as(r.one).do().json(t)["payments"].([]any); len(found) != 1 {
		t.Errorf("found by the right number: %v", found)
	}
	status, _ = r.act(t, asked["id"], "resend", map[string]any{})
	r.settle(t)
	if texts := r.post.to("01000005678"); status != http.StatusOK || len(texts) != 2 || texts[0].Text != texts[1].Text || texts[0].ID == texts[1].ID {
		t.Errorf("told again: %d %v", status, texts)
	}
	if res, err := r.payBy(t, tokenOf(t, changed["url"]), "2", "APPROVE"); err != nil || res.Payment.Status != payment.Done {
		t.Errorf("%v %v", res.Payment.Status, err)
	}
}

func TestRequestEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	withdrawn, expired := r.ask(t, 10_000), r.ask(t, 20_000)
	if status, a := r.act(t, withdrawn["id"], "withdraw", map[string]any{}); status != http.StatusOK || a["status"] != "WITHDRAWN" {
		t.Errorf("%d %v", status, a)
	}
	if status, a := r.act(t, withdrawn["id"], "withdraw", map[string]any{}); status != http.StatusOK || a["status"] != "WITHDRAWN" {
		t.Errorf("again: %d %v", status, a)
	}
	if status, a := r.act(t, withdrawn["id"], "resend", map[string]any{}); status != http.StatusConflict || a["code"] != "REQUEST_ENDED" {
		t.Errorf("resent: %d %v", status, a)
	}
	p := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", withdrawn["paymentId"]), nil).as(r.one).do().json(t)
	if f, _ := p["failure"].(map[string]any); p["status"] != "ABORTED" || f["code"] != "WITHDRAWN" {
		t.Errorf("%v", p)
	}
	r.clock.Advance(24*time.Hour - time.Second)
	r.settle(t)
	if now := r.requestNow(t, expired["id"]); now["status"] == "EXPIRED" {
		t.Errorf("too early: %v", now)
	}
	r.clock.Advance(time.Second)
	if now := r.requestNow(t, expired["id"]); now["status"] != "EXPIRED" {
		t.Errorf("past its time, before a worker came: %v", now)
	}
	if _, err := r.payBy(t, tokenOf(t, expired["url"]), "1", "APPROVE"); !errors.Is(err, payrequest.ErrNotPayable) {
		t.Errorf("paid past its time: %v", err)
	}
	r.settle(t)
	p = r.to(http.MethodGet, fmt.Sprint("/v1/payments/", expired["paymentId"]), nil).as(r.one).do().json(t)
	if f, _ := p["failure"].(map[string]any); p["status"] != "EXPIRED" || f["code"] != "EXPIRED" {
		t.Errorf("%v", p)
	}
	// The order is free again.
	n := r.to(http.MethodPost, "/v1/payment-requests", map[string]any{
		"kind": "SMS", "orderId": expired["orderId"], "orderName": "다시", "amount": 20_000, "buyer": map[string]any{"phone": buyerPhone},
	}).as(r.one).idempotent("another").do()
	if n.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", n.StatusCode, n.body)
	}
}

func TestSamePressIsOneRequest(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := map[string]any{"kind": "SMS", "orderId": "request-same", "orderName": "라떼", "amount": 5_000, "buyer": map[string]any{"phone": buyerPhone}}
	post := func(key string) reply {
		return r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent(key).do()
	}
	var wg sync.WaitGroup
	ids := make([]any, 20)
	for i := range ids {
		wg.Go(func() {
			if a := post("one"); a.StatusCode == http.StatusCreated {
				ids[i] = a.json(t)["id"]
			} else {
				t.Errorf("%d %s", a.StatusCode, a.body)
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("two requests of one press: %v", ids)
		}
	}
	if a := post("two"); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "DUPLICATE_ORDER" {
		t.Errorf("another press for the same order: %d %s", a.StatusCode, a.body)
	}
	body["amount"] = 6_000
	if a := post("one"); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("the same key for something else: %d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 1 {
		t.Errorf("told %d times", len(texts))
	}
}

func TestWrongRequestsAreRefusedByField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for field, change := range map[string]map[string]any{
		"/buyer/phone":   {"buyer": map[string]any{"name": "구매자"}},
		"/buyer/phone ":  {"buyer": map[string]any{"phone": "02-000-0000"}},
		"/amount":        {"amount": 99},
		"/orderName":     {"orderName": ""},
		"/expiresAt":     {"expiresAt": "2026-03-02T12:00:30+09:00"},
		"/expiresAt ":    {"expiresAt": "2026-05-02T12:00:30+09:00"},
		"/taxFreeAmount": {"taxFreeAmount": 100},
	} {
		body := map[string]any{"kind": "SMS", "orderId": "request-wrong", "orderName": "라떼", "amount": 5_000, "buyer": map[string]any{"phone": buyerPhone}}
		maps.Copy(body, change)
		a := r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent("wrong").do()
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"field":"`+strings.TrimSpace(field)+`"`) {
			t.Errorf("%s: %d %s", field, a.StatusCode, a.body)
		}
	}
}

func TestWithoutAVerifiedSenderNothingIsAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if a := r.to(http.MethodDelete, "/v1/senders/"+senderNumber, nil).as(r.one).do(); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	body := map[string]any{"kind": "SMS", "orderId": "request-sender", "orderName": "라떼", "amount": 5_000, "buyer": map[string]any{"phone": buyerPhone}}
	if a := r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent("k").do(); a.StatusCode != http.StatusConflict || a.json(t)["code"] != "NO_VERIFIED_SENDER" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/senders", map[string]any{"number": "1588-0000"}).as(r.one).do(); a.StatusCode != http.StatusCreated || a.json(t)["status"] != "UNVERIFIED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent("k").do(); a.StatusCode != http.StatusConflict {
		t.Errorf("from a number nobody has proven: %d %s", a.StatusCode, a.body)
	}
	verify := r.to(http.MethodPost, "/v1/operator/senders/"+r.one.ID+"/15880000/verify", nil).cookie(r.login(t, "operator"))
	if a := verify.do(); a.StatusCode != http.StatusOK || a.json(t)["status"] != "VERIFIED" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent("k").do(); a.StatusCode != http.StatusCreated {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 1 || texts[0].From != "15880000" {
		t.Errorf("%v", texts)
	}
}

func TestLimitsOfWhatIsSentHold(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) {
		o.Messages.Limits = message.Limits{PerNumber: []message.Window{{Most: 3, Per: time.Hour}}, PerMerchant: []message.Window{{Most: 5, Per: time.Hour}}}
	})
	ask := func(n int, phone string) reply {
		return r.to(http.MethodPost, "/v1/payment-requests", map[string]any{
			"kind": "SMS", "orderId": fmt.Sprintf("request-%06d", n), "orderName": "라떼", "amount": 5_000, "buyer": map[string]any{"phone": phone},
		}).as(r.one).idempotent(fmt.Sprint(n)).do()
	}
	for n, want := range []int{201, 201, 201, 429} {
		a := ask(n, buyerPhone)
		if a.StatusCode != want || want == 429 && (a.Header.Get("Retry-After") == "" || a.json(t)["code"] != "TOO_MANY_MESSAGES") {
			t.Errorf("%d to one number: %d %s", n+1, a.StatusCode, a.body)
		}
	}
	// What was refused has left nothing: the order is free.
	for n, want := range []int{201, 201, 429} {
		if a := ask(3+n, fmt.Sprint("0100000222", n)); a.StatusCode != want {
			t.Errorf("%d of the merchant: %d %s", 3+n, a.StatusCode, a.body)
		}
	}
	r.clock.Advance(time.Hour)
	if a := ask(9, buyerPhone); a.StatusCode != http.StatusCreated {
		t.Errorf("an hour later: %d %s", a.StatusCode, a.body)
	}
}

// raceRounds of each race.
const raceRounds = 60

func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	contest := func(name string, other func(asked map[string]any) error) {
		paid, ended := 0, 0
		for n := range raceRounds {
			asked := r.ask(t, 1_000+n)
			token := tokenOf(t, asked["url"])
			var mine, theirs error
			var wg sync.WaitGroup
			wg.Go(func() { _, mine = r.payBy(t, token, "a", "APPROVE") })
			wg.Go(func() { theirs = other(asked) })
			wg.Wait()
			if (mine == nil) == (theirs == nil) && name != "expiry" {
				t.Fatalf("%s, round %d: %v and %v", name, n, mine, theirs)
			}
			switch now := r.requestNow(t, asked["id"]); now["status"] {
			case "PAID":
				paid++
			case "WITHDRAWN", "EXPIRED":
				ended++
			default:
				t.Fatalf("%s, round %d: %v", name, n, now)
			}
		}
		t.Logf("%s: %d paid, %d ended", name, paid, ended)
	}
	contest("two buyers", func(asked map[string]any) error {
		_, err := r.payBy(t, tokenOf(t, asked["url"]), "b", "APPROVE")
		return err
	})
	contest("withdrawal", func(asked map[string]any) error {
		status, a := r.act(t, asked["id"], "withdraw", map[string]any{})
		if status != http.StatusOK {
			return fault.New(fault.Conflict, fmt.Sprint(a["code"]), "")
		}
		return nil
	})
	round := 0
	contest("expiry", func(map[string]any) error {
		round++
		for range 150 * round { // later in every round, so that either may be first
			runtime.Gosched()
		}
		r.clock.Advance(24 * time.Hour)
		_, err := r.options.Requests.Round(t.Context())
		return err
	})
	approved := map[string]int{}
	for _, e := range r.book.Entries(0, 1<<20) {
		if e.Type == "AUTHORIZE" && e.Result == "APPROVED" {
			approved[e.AttemptID]++
		}
	}
	sum := r.to(http.MethodGet, "/v1/payments/summary", nil).as(r.one).do().json(t)
	if float64(len(approved)) != sum["count"] {
		t.Errorf("the acquirer approved %d, we have %v", len(approved), sum["count"])
	}
}

func TestTextWaitsWhileSomebodyPaysByACopiedLink(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 25_000)
	if _, err := r.payBy(t, tokenOf(t, asked["url"]), "1", "TIMEOUT"); err != nil {
		t.Fatal(err)
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 0 {
		t.Errorf("asked to pay what is being paid: %v", texts)
	}
	if now := r.requestNow(t, asked["id"]); now["message"].(map[string]any)["status"] != "QUEUED" {
		t.Errorf("given up although a decline would leave it payable: %v", now)
	}
}
