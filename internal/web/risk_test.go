package web_test

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/payment"
)

// rule adds a rule and gives its id.
func (r *rig) rule(t *testing.T, operator *http.Cookie, change map[string]any) string {
	t.Helper()
	body := with(with(riskRule(), "reason", "시험"), "enabled", true)
	for _, limit := range []string{"mostAmount", "mostCount"} {
		body[limit] = 0
	}
	maps.Copy(body, change)
	a := r.to(http.MethodPost, "/v1/operator/risk/rules", body).cookie(operator).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)["id"].(string)
}

// takes pays and gives the code of a refusal, or the payment's status.
func (r *rig) takes(t *testing.T, s shop, behaviour string, amount int) string {
	t.Helper()
	body := r.order(t, amount)
	body["card"] = cardOf(t, behaviour)
	a := r.to(http.MethodPost, "/v1/payments", body).as(s).idempotent(fmt.Sprint("risk-", body["orderId"])).do()
	if a.StatusCode >= 400 {
		return code(t, a)
	}
	return a.json(t)["status"].(string)
}

// authorized is how many authorizations the acquirer saw.
func (r *rig) authorized() int {
	n := 0
	for _, e := range r.book.Entries(0, 1<<20) {
		if e.Type == "AUTHORIZE" {
			n++
		}
	}
	return n
}

// TestARuleRefusesBeforeAnythingIsSent: nothing is written, the key is free, and the
// refusal is on the operators' list.
func TestARuleRefusesBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	rule := r.rule(t, operator, map[string]any{"kind": "PAYMENT_AMOUNT", "action": "REFUSE", "mostAmount": 50_000})
	body := r.order(t, 50_001)
	press := func() reply { return r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("refused").do() }
	if a := press(); a.StatusCode != http.StatusForbidden || code(t, a) != "RISK_REFUSED" || r.authorized() != 0 {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if got := r.takes(t, r.one, "APPROVE", 50_000); got != "DONE" {
		t.Errorf("at the limit: %s", got)
	}
	rows, _ := r.list(t, operator, "risk/reviews?action=REFUSE&open=true")
	if len(rows) != 1 || rows[0]["ruleId"] != rule || rows[0]["amount"] != 50_001.0 || strings.Contains(fmt.Sprint(rows[0]["maskedCard"]), fmt.Sprint(body["card"].(map[string]any)["number"])) {
		t.Errorf("%v", rows)
	}
	if a := r.atDesk(t, operator, "risk/reviews/"+r.one.ID+"/"+rows[0]["id"].(string), "확인함"); a.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if rows, _ := r.list(t, operator, "risk/reviews?open=true"); len(rows) != 0 {
		t.Errorf("%v", rows)
	}
	stale := r.to(http.MethodDelete, "/v1/operator/risk/rules/"+rule+"?version=7&reason=x", nil).cookie(operator).do()
	gone := r.to(http.MethodDelete, "/v1/operator/risk/rules/"+rule+"?version=1&reason=x", nil).cookie(operator).do()
	if code(t, stale) != "RISK_CHANGED" || gone.StatusCode != http.StatusNoContent {
		t.Errorf("%d %s, %d %s", stale.StatusCode, stale.body, gone.StatusCode, gone.body)
	}
	if a := press(); a.StatusCode != http.StatusCreated {
		t.Errorf("the same press once the rule is gone: %d %s", a.StatusCode, a.body)
	}
	r.rule(t, operator, map[string]any{"kind": "PAYMENT_AMOUNT", "action": "REFUSE", "mostAmount": 1})
	if a := press(); a.StatusCode != http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("a repeat of what was paid before the rule: %d %s", a.StatusCode, a.body)
	}
}

// TestRulesOfEveryKind, each with what passes and what does not.
func TestRulesOfEveryKind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	expect := func(name string, s shop, behaviour string, amount int, want ...string) {
		t.Helper()
		for i, w := range want {
			if got := r.takes(t, s, behaviour, amount); got != w {
				t.Errorf("%s, press %d: %s, want %s", name, i+1, got, w)
			}
		}
	}
	remove := func(id string) {
		t.Helper()
		if a := r.to(http.MethodDelete, "/v1/operator/risk/rules/"+id+"?version=1&reason=x", nil).cookie(operator).do(); a.StatusCode != http.StatusNoContent {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	id := r.rule(t, operator, map[string]any{"action": "REFUSE", "mostCount": 2})
	expect("count of a card", r.one, "APPROVE", 1000, "DONE", "DONE", "RISK_REFUSED", "RISK_REFUSED")
	expect("the card at another merchant", r.two, "APPROVE", 1000, "RISK_REFUSED")
	r.clock.Advance(2 * time.Hour)
	operator = r.login(t, "operator")
	expect("in the next window", r.one, "APPROVE", 1000, "DONE")
	remove(id)
	id = r.rule(t, operator, map[string]any{"kind": "MERCHANT_VELOCITY", "action": "REFUSE", "mostAmount": 5000, "merchantId": r.one.ID})
	expect("amount of a merchant", r.one, "APPROVE", 2500, "DONE", "DONE", "RISK_REFUSED")
	expect("another merchant", r.two, "APPROVE", 2500, "DONE", "DONE", "DONE")
	remove(id)
	id = r.rule(t, operator, map[string]any{"kind": "CARD_DECLINES", "action": "REFUSE", "mostCount": 2})
	expect("declines of a card", r.one, "DECLINE_LIMIT", 1000, "ABORTED", "ABORTED", "RISK_REFUSED")
	expect("another card", r.one, "APPROVE", 1000, "DONE")
	remove(id)
	id = r.rule(t, operator, map[string]any{"kind": "NIGHT", "action": "REFUSE", "mostAmount": 10_000, "from": "14:00", "until": "15:00"})
	expect("at night, small", r.one, "APPROVE", 10_000, "DONE")
	expect("at night, large", r.one, "APPROVE", 10_001, "RISK_REFUSED")
	remove(id)
	r.rule(t, operator, map[string]any{"kind": "PAYMENT_AMOUNT", "mostAmount": 1})
	expect("only marked", r.one, "APPROVE", 1000, "DONE")
	if rows, _ := r.list(t, operator, "risk/reviews?action=REVIEW"); len(rows) != 1 {
		t.Errorf("%v", rows)
	}
}

// TestOfManyAtOnceNoMorePassThanARuleAllows, also while rules change.
func TestOfManyAtOnceNoMorePassThanARuleAllows(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	operator := r.login(t, "operator")
	r.rule(t, operator, map[string]any{"action": "REFUSE", "mostCount": 5})
	got := make([]string, 24)
	var all sync.WaitGroup
	for i := range got {
		all.Go(func() { got[i] = r.takes(t, r.one, "APPROVE", 1000) })
	}
	all.Go(func() {
		r.rule(t, operator, map[string]any{"kind": "PAYMENT_AMOUNT", "action": "REFUSE", "mostAmount": 1_000_000})
	})
	all.Wait()
	if done := strings.Count(strings.Join(got, " "), "DONE"); done != 5 || r.authorized() != 5 {
		t.Errorf("%d passed, the acquirer saw %d: %v", done, r.authorized(), got)
	}
}

// TestBlocksHoldNoNumber: a card is blocked by its number, or by a payment of it; neither
// database nor log ever holds it.
func TestBlocksHoldNoNumber(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	number := cardOf(t, "APPROVE")["number"].(string)
	block := func(body map[string]any) reply {
		return r.to(http.MethodPost, "/v1/operator/risk/blocks", with(body, "reason", "도난 신고")).cookie(operator).do()
	}
	lift := func(a reply) {
		t.Helper()
		if a := r.to(http.MethodDelete, "/v1/operator/risk/blocks/"+fmt.Sprint(a.json(t)["id"])+"?reason=x", nil).cookie(operator).do(); a.StatusCode != http.StatusNoContent {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
	}
	made := block(map[string]any{"number": number[:4] + "-" + number[4:]})
	if made.StatusCode != http.StatusCreated || r.takes(t, r.one, "APPROVE", 1000) != "RISK_REFUSED" || code(t, block(map[string]any{"number": number})) != "ALREADY_BLOCKED" {
		t.Errorf("%d %s", made.StatusCode, made.body)
	}
	lift(made)
	paid := r.pay(t, r.one, r.order(t, 1000))
	ofPayment := map[string]any{"merchantId": r.one.ID, "paymentId": paid["id"]}
	if a := block(ofPayment); code(t, a) != "CARD_NOT_KEPT" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.rule(t, operator, map[string]any{"action": "REFUSE", "mostCount": 1000})
	ofPayment["paymentId"] = r.pay(t, r.one, r.order(t, 1000))["id"]
	made = block(ofPayment)
	if made.StatusCode != http.StatusCreated || r.takes(t, r.two, "APPROVE", 1000) != "RISK_REFUSED" {
		t.Errorf("%d %s", made.StatusCode, made.body)
	}
	lift(made)
	for _, body := range []map[string]any{{"bin": number[:6]}, {"bin": number[:8]}} {
		made = block(body)
		if r.takes(t, r.one, "APPROVE", 1000) != "RISK_REFUSED" {
			t.Errorf("%v does not hold", body)
		}
		lift(made)
	}
	made = block(map[string]any{"phone": "010-0000-0001"})
	body := r.order(t, 1000)
	body["buyer"] = map[string]any{"phone": "01000000001"}
	if a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("phone").do(); code(t, a) != "RISK_REFUSED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	lift(made)
	for _, wrong := range []map[string]any{{}, {"number": number, "bin": "123456"}, {"number": "1"}, {"bin": "12345"}, {"phone": "1"}} {
		if a := block(wrong); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%v: %d %s", wrong, a.StatusCode, a.body)
		}
	}
	for _, file := range []string{r.database, r.database + "-wal"} {
		b, err := os.ReadFile(file)
		must(t, err)
		if bytes.Contains(b, []byte(number)) || strings.Contains(r.log.String(), number) {
			t.Errorf("the number stands in %s or in the log", file)
		}
	}
}

// TestATrialSaysWhatARuleWouldHaveDone over the last days, and changes nothing.
func TestATrialSaysWhatARuleWouldHaveDone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 3 {
		r.clock.Advance(time.Minute)
		r.takes(t, r.one, "APPROVE", 10_000)
	}
	r.takes(t, r.two, "APPROVE", 30_000)
	r.takes(t, r.two, "DECLINE_LIMIT", 30_000)
	operator := r.login(t, "operator")
	try := func(change map[string]any) map[string]any {
		t.Helper()
		rule := with(riskRule(), "mostAmount", 0)
		rule["mostCount"] = 0
		maps.Copy(rule, change)
		a := r.to(http.MethodPost, "/v1/operator/risk/rules/trial", map[string]any{"rule": rule, "days": 7}).cookie(operator).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return a.json(t)
	}
	for name, c := range map[string]struct {
		rule  map[string]any
		found float64
	}{
		"amount":             {map[string]any{"kind": "PAYMENT_AMOUNT", "mostAmount": 10_000}, 2},
		"amount of one":      {map[string]any{"kind": "PAYMENT_AMOUNT", "mostAmount": 9_999, "merchantId": r.one.ID}, 3},
		"card":               {map[string]any{"mostCount": 2, "action": "REFUSE"}, 2},
		"merchant":           {map[string]any{"kind": "MERCHANT_VELOCITY", "mostAmount": 20_000, "action": "REFUSE"}, 3},
		"declines, too few":  {map[string]any{"kind": "CARD_DECLINES", "mostCount": 2}, 0},
		"night that is not":  {map[string]any{"kind": "NIGHT", "from": "01:00", "until": "02:00"}, 0},
		"night at this noon": {map[string]any{"kind": "NIGHT", "from": "12:00", "until": "13:00", "mostAmount": 20_000}, 2},
	} {
		got := try(c.rule)
		if got["examined"].(float64) < 3 || got["found"] != c.found || got["whole"] != true || len(got["payments"].([]any)) != int(c.found) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := try(map[string]any{"mostCount": 2}); got["exact"] != false {
		t.Errorf("cards that were not kept are told apart exactly: %v", got)
	}
	if rules, _ := r.list(t, operator, "risk/rules"); len(rules) != 0 {
		t.Errorf("%v", rules)
	}
	var _ payment.Guard = r.options.Risk
}
