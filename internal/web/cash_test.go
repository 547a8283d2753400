package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/cashreceipt"
)

// sell takes cash for an order of its own.
func (r *rig) sell(t *testing.T, amount int, receipt map[string]any) map[string]any {
	t.Helper()
	n := r.orders.Add(1)
	body := map[string]any{
		"method": "CASH", "orderId": fmt.Sprintf("cash-%06d", n), "orderName": "아메리카노", "amount": amount, "cash": map[string]any{"received": amount + 5_000},
	}
	if receipt != nil {
		body["cash"] = map[string]any{"received": amount + 5_000, "receipt": receipt}
	}
	a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent(fmt.Sprint("cash-", n)).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}

// receiptOf reads the cash receipt of a payment again.
func (r *rig) receiptOf(t *testing.T, p map[string]any) map[string]any {
	t.Helper()
	now := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", p["id"]), nil).as(r.one).do().json(t)
	ref, ok := now["cashReceipt"].(map[string]any)
	if !ok {
		t.Fatalf("no cash receipt: %v", now)
	}
	a := r.to(http.MethodGet, fmt.Sprint("/v1/cash-receipts/", ref["id"]), nil).as(r.one).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}

// passTime lets workers come round as time passes.
func (r *rig) passTime(t *testing.T, d, step time.Duration) {
	t.Helper()
	for range int(d / step) {
		r.clock.Advance(step)
		r.settle(t)
	}
}

func TestCashIsTakenAndItsReceiptIssuedAndConfirmed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		receipt map[string]any
		masked  string
	}{
		"a person":   {map[string]any{"type": "INCOME_DEDUCTION", "identifier": "010-0000-1234"}, "*******1234"},
		"a business": {map[string]any{"type": "EXPENSE_PROOF", "identifier": "101-81-99993"}, "******9993"},
		"nobody":     {map[string]any{"type": "SELF_ISSUED"}, "010-000-1234"},
	} {
		p := r.sell(t, 11_000, c.receipt)
		if p["status"] != "DONE" || p["method"] != "CASH" || p["channel"] != "CASH" || p["cash"].(map[string]any)["change"] != 5_000.0 || p["vat"] != 1_000.0 {
			t.Errorf("%s: %v", name, p)
		}
		if p["acquireStatus"] != nil {
			t.Errorf("%s: an acquirer has taken cash: %v", name, p["acquireStatus"])
		}
		if ref := p["cashReceipt"].(map[string]any); ref["status"] != "REQUESTED" {
			t.Errorf("%s: %v", name, ref)
		}
		r.settle(t)
		got := r.receiptOf(t, p)
		if got["status"] != "ISSUED" || len(fmt.Sprint(got["issueNumber"])) != 9 || got["maskedIdentifier"] != c.masked || got["amount"] != 11_000.0 {
			t.Errorf("%s: %v", name, got)
		}
		r.office.judge()
		r.clock.Advance(25 * time.Hour)
		r.settle(t)
		if got := r.receiptOf(t, p); got["status"] != "CONFIRMED" || got["judgedAt"] == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	p := r.sell(t, 3_000, map[string]any{"type": "NONE"})
	if p["cashReceipt"] != nil {
		t.Errorf("a receipt nobody asked for: %v", p)
	}
}

func TestTheSlipOfACashSaleTellsOfItsReceipt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sell(t, 11_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"})
	page := func(when string, want []string, never ...string) {
		t.Helper()
		got := string(r.to(http.MethodGet, receiptOf(t, p), nil).do().body)
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %q in %s", when, w, got)
			}
		}
		for _, n := range append(never, "신용카드", "서명", "01000001234") {
			if strings.Contains(got, n) {
				t.Errorf("%s: %q in %s", when, n, got)
			}
		}
	}
	page("sold", []string{"현금 판매 영수증", "거스름돈", "5,000원", "소득공제", "*******1234", "발급하고 있어요"}, "국세청 승인번호")
	r.settle(t)
	number := fmt.Sprint(r.receiptOf(t, p)["issueNumber"])
	page("issued", []string{"국세청 승인번호", number, "발급 금액"}, "발급하고 있어요")
	if a := r.to(http.MethodGet, receiptOf(t, p)+"?lang=en", nil).do(); !strings.Contains(string(a.body), "Income deduction") {
		t.Errorf("in English: %s", a.body)
	}
	p = r.sell(t, 3_000, nil)
	page("without", []string{"현금 판매 영수증", "거스름돈"}, "현금영수증")
}

func TestWrongIdentifiersAreRefusedAndNothingIsSold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct{ kind, identifier, code string }{
		{"INCOME_DEDUCTION", "", "REQUIRED"},
		{"INCOME_DEDUCTION", "900101-1234567", "RESIDENT_NUMBER"},
		{"EXPENSE_PROOF", "9001011234567", "RESIDENT_NUMBER"},
		{"EXPENSE_PROOF", "1234567890", "INVALID_BUSINESS_NUMBER"},
		{"INCOME_DEDUCTION", "1018199993", "INVALID_IDENTIFIER"},
		{"INCOME_DEDUCTION", "02-000-0000", "INVALID_IDENTIFIER"},
		{"INCOME_DEDUCTION", "abc", "INVALID_IDENTIFIER"},
		{"INCOME_DEDUCTION", "4111111111111111", "PAYMENT_CARD"},
		{"SELF_ISSUED", "01012345678", "UNEXPECTED"},
	} {
		a := r.to(http.MethodPost, "/v1/payments", map[string]any{
			"method": "CASH", "orderId": "cash-wrong", "orderName": "라떼", "amount": 5_000,
			"cash": map[string]any{"received": 5_000, "receipt": map[string]any{"type": c.kind, "identifier": c.identifier}},
		}).as(r.one).idempotent("wrong").do()
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"field":"/cash/receipt/identifier","code":"`+c.code+`"`) {
			t.Errorf("%s %s: %d %s", c.kind, c.identifier, a.StatusCode, a.body)
		}
		if digits := strings.ReplaceAll(c.identifier, "-", ""); len(digits) > 8 && strings.Contains(r.log.String(), digits) {
			t.Errorf("%s stands in the log", c.kind)
		}
	}
	for field, body := range map[string]map[string]any{
		"/cash/received":  {"method": "CASH", "cash": map[string]any{"received": 4_999}},
		"/cash/received ": {"method": "CASH", "cash": map[string]any{"received": 10_000_000_000}},
		"/cash":           {"method": "CASH"},
		"/card":           {"method": "CARD"},
		"/card ":          {"method": "CASH", "cash": map[string]any{"received": 5_000}, "card": cardOf(t, "APPROVE")},
		"/cash ":          {"method": "CARD", "cash": map[string]any{"received": 5_000}, "card": cardOf(t, "APPROVE")},
	} {
		body["orderId"], body["orderName"], body["amount"] = "cash-wrong", "라떼", 5_000
		a := r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent("wrong").do()
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"field":"`+strings.TrimSpace(field)+`"`) {
			t.Errorf("%s: %d %s", field, a.StatusCode, a.body)
		}
	}
	if sum := r.to(http.MethodGet, "/v1/payments/summary", nil).as(r.one).do().json(t); sum["count"] != 0.0 {
		t.Errorf("sold all the same: %v", sum)
	}
}

func TestCancelOfCashCancelsItsReceiptAfterItIsIssued(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cancel := func(p map[string]any, key string, amount int) map[string]any {
		t.Helper()
		body := map[string]any{"reason": "변심", "cancelPassword": cancelPassword}
		if amount > 0 {
			body["amount"] = amount
		}
		a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", p["id"]), body).as(r.one).idempotent(key).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		again := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", p["id"]), body).as(r.one).idempotent(key).do()
		if !bytes.Equal(again.body, a.body) || again.Header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("again: %s", again.body)
		}
		return a.json(t)
	}
	receipt := map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}

	p := r.sell(t, 55_000, receipt)
	r.settle(t)
	if got := cancel(p, "part", 11_000); got["status"] != "PARTIAL_CANCELED" || got["balanceAmount"] != 44_000.0 {
		t.Errorf("%v", got)
	}
	r.settle(t)
	r.settle(t)
	got := r.receiptOf(t, p)
	if cs := got["cancels"].([]any); got["status"] != "ISSUED" || got["balanceAmount"] != 44_000.0 || len(cs) != 1 || cs[0].(map[string]any)["status"] != "ISSUED" {
		t.Errorf("after a part: %v", got)
	}
	cancel(p, "rest", 0)
	r.settle(t)
	r.settle(t)
	if got := r.receiptOf(t, p); got["status"] != "CANCELED" || got["balanceAmount"] != 0.0 || len(got["cancels"].([]any)) != 2 {
		t.Errorf("after the rest: %v", got)
	}

	// One that was never sent is dropped with its cancel: the office hears of neither.
	before := len(r.office.all())
	p = r.sell(t, 9_000, receipt)
	cancel(p, "dropped", 0)
	for range 3 {
		_, err := r.dispatcher.Round(t.Context())
		must(t, err)
	}
	r.settle(t)
	got = r.receiptOf(t, p)
	if len(r.office.all()) != before || got["status"] != "CANCELED" || got["cancels"].([]any)[0].(map[string]any)["status"] != "DROPPED" {
		t.Errorf("%d in the books before, %d now: %v", before, len(r.office.all()), got)
	}
}

func TestReceiptIsIssuedOnceWhateverTheOfficeDoes(t *testing.T) {
	t.Parallel()
	receipt := map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}
	for name, misbehave := range map[string]func(*office){
		"answers are lost":       func(o *office) { o.lose = 3 },
		"messages are lost":      func(o *office) { o.drop = 3 },
		"it cannot be reached":   func(o *office) { o.away = 5 },
		"everything in its turn": func(o *office) { o.away, o.drop, o.lose = 2, 2, 2 },
	} {
		r := newRig(t)
		misbehave(r.office)
		p := r.sell(t, 20_000, receipt)
		r.passTime(t, 2*time.Minute, time.Second)
		got := r.receiptOf(t, p)
		books := r.office.all()
		if got["status"] != "ISSUED" || len(books) != 1 || books[0].ref.Number != got["issueNumber"] {
			t.Errorf("%s: %v, %+v", name, got, books)
		}
		r.office.lose, r.office.drop = 2, 2
		a := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/cancel", got["id"]), map[string]any{"reasonCode": 2, "amount": 5_000}).as(r.one).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		r.passTime(t, 2*time.Minute, time.Second)
		got, books = r.receiptOf(t, p), r.office.all()
		if cs := got["cancels"].([]any); got["balanceAmount"] != 15_000.0 || cs[0].(map[string]any)["status"] != "ISSUED" || len(books) != 2 {
			t.Errorf("%s, cancel: %v, %+v", name, got, books)
		}
	}
}

func TestRefusedReceiptIsCorrectedAndIssuedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.office.reject = true
	p := r.sell(t, 20_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"})
	r.settle(t)
	r.office.judge()
	r.clock.Advance(25 * time.Hour)
	r.settle(t)
	got := r.receiptOf(t, p)
	if f, _ := got["failure"].(map[string]any); got["status"] != "REJECTED" || f["message"] == nil {
		t.Fatalf("%v", got)
	}
	r.office.reject = false
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/reissue", got["id"]), map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000005678"}).as(r.one).do()
	if a.StatusCode != http.StatusOK || a.json(t)["status"] != "REQUESTED" {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	if got := r.receiptOf(t, p); got["status"] != "ISSUED" || got["maskedIdentifier"] != "*******5678" || len(r.office.all()) != 2 {
		t.Errorf("%v", got)
	}
	if a := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/reissue", got["id"]), map[string]any{"type": "SELF_ISSUED"}).as(r.one).do(); a.StatusCode != http.StatusConflict {
		t.Errorf("one that stands was issued again: %d", a.StatusCode)
	}
}

func TestReceiptStandsAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	body := map[string]any{"type": "EXPENSE_PROOF", "identifier": "1018199993", "orderId": "elsewhere-1", "orderName": "출장 수리", "amount": 66_000}
	post := func(key string) reply {
		return r.to(http.MethodPost, "/v1/cash-receipts", body).as(r.one).idempotent(key).do()
	}
	var wg sync.WaitGroup
	ids := make([]any, 10)
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
			t.Errorf("two receipts of one press: %v", ids)
		}
	}
	body["identifier"] = "01000001234"
	if a := post("one"); a.StatusCode != http.StatusUnprocessableEntity || a.json(t)["code"] != "IDEMPOTENCY_KEY_REUSED" {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	list := r.to(http.MethodGet, "/v1/cash-receipts", nil).as(r.one).do().json(t)["cashReceipts"].([]any)
	if len(list) != 1 || list[0].(map[string]any)["status"] != "ISSUED" || len(r.office.all()) != 1 {
		t.Errorf("%v", list)
	}
}

func TestSaleThatMustHaveAReceiptGetsOneTheNextDay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	settings := r.to(http.MethodGet, "/v1/settings", nil).as(r.one).do().json(t)
	settings["autoCashReceipt"] = true
	if a := r.to(http.MethodPut, "/v1/settings", settings).as(r.one).do(); a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	small, large, named := r.sell(t, 99_999, nil), r.sell(t, 100_000, nil), r.sell(t, 200_000, nil)
	r.settle(t)
	if now := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", small["id"]), nil).as(r.one).do().json(t); now["cashReceipt"] != nil {
		t.Errorf("under the limit: %v", now)
	}
	if got := r.receiptOf(t, large); got["status"] != "REQUESTED" || got["type"] != "SELF_ISSUED" || len(r.office.all()) != 0 {
		t.Errorf("at once: %v", got)
	}
	// A buyer who names themselves after all comes first.
	a := r.to(http.MethodPost, "/v1/cash-receipts", map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234", "paymentId": named["id"]}).as(r.one).idempotent("named").do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.clock.Advance(24 * time.Hour)
	r.settle(t)
	if got := r.receiptOf(t, large); got["status"] != "ISSUED" {
		t.Errorf("the next day: %v", got)
	}
	if got := r.receiptOf(t, named); got["type"] != "INCOME_DEDUCTION" || len(r.office.all()) != 2 {
		t.Errorf("%v, %d in the books", got, len(r.office.all()))
	}
	for _, in := range r.office.issues {
		if in.Kind == cashreceipt.SelfIssued && string(in.Identifier.Reveal()) == "01000001234" {
			t.Error("a person's number in a self-issued receipt")
		}
	}
}

// TestASaleThatWaitedIsOfTheTimeAtWhichItWasTaken: its slip and receipt bear that time,
// the books the one of its arrival.
func TestASaleThatWaitedIsOfTheTimeAtWhichItWasTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	now := r.clock.Now()
	send := func(key string, takenAt any) reply {
		cash := map[string]any{"received": 10_000}
		if takenAt != nil {
			cash["takenAt"] = takenAt
		}
		body := map[string]any{"method": "CASH", "orderId": "waited-" + key, "orderName": "아메리카노", "amount": 10_000, "cash": cash}
		return r.to(http.MethodPost, "/v1/payments", body).as(r.one).idempotent(key).do()
	}
	for name, c := range map[string]struct{ sent, want time.Time }{
		"nine hours": {now.Add(-9 * time.Hour), now.Add(-9 * time.Hour)}, "a wrong clock, ahead": {now.Add(time.Hour), now},
		"a wrong clock, behind": {now.Add(-8 * 24 * time.Hour), now},
	} {
		p := send(strings.ReplaceAll(strings.ReplaceAll(name, " ", "-"), ",", ""), c.sent.Format(time.RFC3339Nano)).want(t, http.StatusCreated).json(t)
		at, err := time.Parse(time.RFC3339Nano, fmt.Sprint(p["approvedAt"]))
		if err != nil || at.Sub(c.want).Abs() > time.Second {
			t.Errorf("%s: taken at %v, want %v", name, at, c.want)
		}
		requested, err := time.Parse(time.RFC3339Nano, fmt.Sprint(p["requestedAt"]))
		if err != nil || requested.Sub(now).Abs() > time.Second {
			t.Errorf("%s: in the books at %v", name, requested)
		}
	}
	if a := send("no-time", "gestern"); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	// The press that was sent before it had to wait is the same press.
	first := send("same-press", nil).want(t, http.StatusCreated).json(t)
	if again := send("same-press", now.Format(time.RFC3339Nano)).want(t, http.StatusCreated).json(t); again["id"] != first["id"] {
		t.Errorf("%v and %v", first["id"], again["id"])
	}
	r.booksAreRight(t)
}
