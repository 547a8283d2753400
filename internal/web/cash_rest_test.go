package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"innopay/money"
)

// A buyer's receipt, and a refund.
var aPerson = map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}

// cancelCash takes back a cash sale, or a part of it; 0: all that is left.
func (r *rig) cancelCash(t *testing.T, s shop, p map[string]any, amount int) reply {
	t.Helper()
	body := map[string]any{"reason": "변심", "cancelPassword": cancelPassword}
	if amount > 0 {
		body["amount"] = amount
	}
	return r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", p["id"]), body).as(s).idempotent(fmt.Sprint("cancel-", r.orders.Add(1))).do()
}

// cancelReceipt takes back a receipt by hand, or a part of it; 0: all that is left.
func (r *rig) cancelReceipt(s shop, receiptID any, amount int) reply {
	body := map[string]any{"reasonCode": 2}
	if amount > 0 {
		body["amount"] = amount
	}
	return r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/cancel", receiptID), body).as(s).do()
}

// issueOf asks for the receipt of a cash sale that has none.
func (r *rig) issueOf(p map[string]any, receipt map[string]any) reply {
	body := map[string]any{"type": receipt["type"], "identifier": receipt["identifier"], "paymentId": p["id"]}
	return r.to(http.MethodPost, "/v1/cash-receipts", body).as(r.one).idempotent(fmt.Sprint("issue-", r.orders.Add(1))).do()
}

func (a reply) want(t *testing.T, status int) reply {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%d %s, want %d", a.StatusCode, a.body, status)
	}
	return a
}

// cancelsOf are the states of a receipt's cancels, and their sum.
func cancelsOf(receipt map[string]any) (states []string, sum float64) {
	list, _ := receipt["cancels"].([]any)
	for _, c := range list {
		one, _ := c.(map[string]any)
		amount, _ := one["amount"].(float64)
		states, sum = append(states, fmt.Sprint(one["status"])), sum+amount
	}
	return states, sum
}

// TestReceiptIsOfWhatIsLeftOfItsSale: what was cancelled before the receipt was made, or
// of the receipt by hand, is not cancelled of it again.
func TestReceiptIsOfWhatIsLeftOfItsSale(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sell(t, 10_000, nil)
	r.settle(t)
	r.cancelCash(t, r.one, p, 3_000).want(t, http.StatusOK)
	r.issueOf(p, aPerson).want(t, http.StatusCreated) // nobody was told of the cancel yet
	r.passTime(t, 3*time.Second, time.Second)
	got := r.receiptOf(t, p)
	if states, _ := cancelsOf(got); got["amount"] != 7_000.0 || got["balanceAmount"] != 7_000.0 || len(states) != 0 || got["status"] != "ISSUED" {
		t.Errorf("made after a cancel: %v", got)
	}

	p = r.sell(t, 55_000, aPerson)
	r.settle(t)
	r.cancelReceipt(r.one, r.receiptOf(t, p)["id"], 11_000).want(t, http.StatusOK)
	r.cancelCash(t, r.one, p, 11_000).want(t, http.StatusOK)
	r.passTime(t, 3*time.Second, time.Second)
	if got := r.receiptOf(t, p); got["balanceAmount"] != 44_000.0 {
		t.Errorf("cancelled by hand before: %v", got)
	}
	r.cancelCash(t, r.one, p, 0).want(t, http.StatusOK)
	r.passTime(t, 3*time.Second, time.Second)
	if got := r.receiptOf(t, p); got["status"] != "CANCELED" {
		t.Errorf("the rest: %v", got)
	}
	r.booksAreRight(t)
}

// TestRefusedReceiptDropsItsCancelsAndGivesWay: one that the office refused leaves
// nothing open, and the rest of its sale gets a receipt all the same.
func TestRefusedReceiptDropsItsCancelsAndGivesWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.office.refuse = 1
	p := r.sell(t, 20_000, aPerson)
	r.cancelCash(t, r.one, p, 5_000).want(t, http.StatusOK)
	for range 3 { // the cancel waits before the receipt is sent
		_, err := r.dispatcher.Round(t.Context())
		must(t, err)
	}
	r.settle(t)
	refused := r.receiptOf(t, p)
	if states, _ := cancelsOf(refused); refused["status"] != "REJECTED" || fmt.Sprint(states) != "[DROPPED]" {
		t.Fatalf("%v", refused)
	}
	r.booksAreRight(t)
	a := r.issueOf(p, aPerson).want(t, http.StatusCreated)
	r.settle(t)
	got := r.receiptOf(t, p)
	if got["id"] != a.json(t)["id"] || got["status"] != "ISSUED" || got["amount"] != 15_000.0 || got["balanceAmount"] != 15_000.0 {
		t.Errorf("%v", got)
	}
	old := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/reissue", refused["id"]), aPerson).as(r.one).do()
	if old.StatusCode != http.StatusConflict || len(r.office.all()) != 1 {
		t.Errorf("two receipts of one sale: %d, %d in the books", old.StatusCode, len(r.office.all()))
	}
	r.booksAreRight(t)
}

func TestCorrectedReceiptDoesNotShowTheNumberOfTheOneBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.office.reject = true
	p := r.sell(t, 20_000, aPerson)
	r.settle(t)
	r.office.judge()
	r.clock.Advance(25 * time.Hour)
	r.settle(t)
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/reissue", r.receiptOf(t, p)["id"]), aPerson).as(r.one).do().want(t, http.StatusOK)
	if got := a.json(t); got["status"] != "REQUESTED" || got["issueNumber"] != nil || got["issuedAt"] != nil || got["failure"] != nil {
		t.Errorf("%v", got)
	}
	r.booksAreRight(t)
}

// TestPlannedReceiptWaitsItsDayWhenAPartIsCancelled: a refund does not send a receipt
// that still waits for its buyer's name, and goes with it when the name comes.
func TestPlannedReceiptWaitsItsDayWhenAPartIsCancelled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	settings := r.to(http.MethodGet, "/v1/settings", nil).as(r.one).do().json(t)
	settings["autoCashReceipt"] = true
	r.to(http.MethodPut, "/v1/settings", settings).as(r.one).do().want(t, http.StatusOK)
	waits, named := r.sell(t, 200_000, nil), r.sell(t, 300_000, nil)
	r.settle(t)
	for _, p := range []map[string]any{waits, named} {
		r.cancelCash(t, r.one, p, 50_000).want(t, http.StatusOK)
	}
	r.settle(t)
	if got := r.receiptOf(t, waits); got["status"] != "REQUESTED" || len(r.office.all()) != 0 {
		t.Errorf("at once: %v, %d in the books", got, len(r.office.all()))
	}
	planned := r.receiptOf(t, named)["id"]
	r.issueOf(named, aPerson).want(t, http.StatusCreated)
	r.settle(t)
	if got := r.receiptOf(t, named); got["type"] != "INCOME_DEDUCTION" || got["status"] != "ISSUED" || got["balanceAmount"] != 250_000.0 {
		t.Errorf("named: %v", got)
	}
	gone := r.to(http.MethodGet, fmt.Sprint("/v1/cash-receipts/", planned), nil).as(r.one).do().json(t)
	if states, _ := cancelsOf(gone); gone["status"] != "CANCELED" || fmt.Sprint(states) != "[DROPPED]" {
		t.Errorf("planned for nobody: %v", gone)
	}
	r.booksAreRight(t)
	r.clock.Advance(24 * time.Hour)
	r.passTime(t, 3*time.Second, time.Second)
	if got := r.receiptOf(t, waits); got["status"] != "ISSUED" || got["balanceAmount"] != 150_000.0 {
		t.Errorf("the next day: %v", got)
	}
	r.booksAreRight(t)
}

func TestNobodysNumberIsOfSelfIssuedReceiptsAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.sell(t, 20_000, nil)
	for _, kind := range []string{"INCOME_DEDUCTION", "EXPENSE_PROOF"} {
		r.issueOf(p, map[string]any{"type": kind, "identifier": "010-000-1234"}).want(t, http.StatusUnprocessableEntity)
	}
}

// The office is away for an hour in which the shop sells on, and takes a part of a sale back.
func TestAnHourWithoutTheOfficeLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.office.away = 1 << 30
	receipt := map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"}
	var sold []map[string]any
	for range 4 {
		sold = append(sold, r.sell(t, 20_000, receipt))
		r.passTime(t, 15*time.Minute, 15*time.Second)
	}
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", sold[0]["id"]), map[string]any{
		"amount": 5_000, "reason": "변심", "cancelPassword": cancelPassword,
	}).as(r.one).idempotent("away").do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	for _, p := range sold {
		if got := r.receiptOf(t, p); got["status"] != "REQUESTED" {
			t.Errorf("while nobody could be asked: %v", got)
		}
	}
	if books := r.office.all(); len(books) != 0 {
		t.Errorf("%+v", books)
	}
	r.office.mu.Lock()
	r.office.away = 0
	r.office.mu.Unlock()
	r.passTime(t, time.Hour, 30*time.Second)
	for i, p := range sold {
		want := 20_000.0
		if i == 0 {
			want = 15_000
		}
		if got := r.receiptOf(t, p); got["status"] != "ISSUED" || got["balanceAmount"] != want {
			t.Errorf("sale %d: %v", i, got)
		}
	}
	r.office.once(t)
}

// "It is issued" of another amount than ours is not believed, neither of a receipt nor of
// its cancel; a right answer afterwards is.
func TestAnAnswerOfAnotherAmountIsNotBelieved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	distort := func(by money.Won) {
		r.office.mu.Lock()
		defer r.office.mu.Unlock()
		for _, b := range r.office.books {
			b.split.Amount += by
		}
	}
	r.office.lose = 1
	p := r.sell(t, 20_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"})
	r.settle(t)
	distort(1)
	r.passTime(t, time.Minute, time.Second)
	if got := r.receiptOf(t, p); got["status"] != "UNKNOWN" || !strings.Contains(r.log.String(), "ALARM: the office has another amount") {
		t.Errorf("%v", got)
	}
	distort(-1)
	r.passTime(t, time.Minute, time.Second)
	got := r.receiptOf(t, p)
	if got["status"] != "ISSUED" {
		t.Errorf("%v", got)
	}
	r.office.lose = 1
	a := r.to(http.MethodPost, fmt.Sprintf("/v1/cash-receipts/%v/cancel", got["id"]), map[string]any{"reasonCode": 2, "amount": 5_000}).as(r.one).do()
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	r.settle(t)
	cancel := func() any { return r.receiptOf(t, p)["cancels"].([]any)[0].(map[string]any)["status"] }
	distort(1)
	r.passTime(t, time.Minute, time.Second)
	if status := cancel(); status != "UNKNOWN" {
		t.Errorf("the cancel is %v", status)
	}
	distort(-1)
	r.passTime(t, time.Minute, time.Second)
	if status := cancel(); status != "ISSUED" {
		t.Errorf("the cancel is %v", status)
	}
	r.office.judge()
	distort(1)
	r.passTime(t, 50*time.Hour, 30*time.Minute)
	if got := r.receiptOf(t, p); got["status"] != "ISSUED" {
		t.Errorf("confirmed with another amount: %v", got)
	}
	distort(-1)
	r.passTime(t, 4*time.Hour, 30*time.Minute)
	if got := r.receiptOf(t, p); got["status"] != "CONFIRMED" {
		t.Errorf("%v", got)
	}
	r.office.once(t)
}
