package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"

	"innopay/internal/taxreceipt"
	"innopay/money"
)

// TestCashAlwaysAddsUp sells, takes back parts of sales and of receipts in any order,
// while the office misbehaves, and holds every sum against every other.
func TestCashAlwaysAddsUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, unlimited)
	rapid.Check(t, func(rt *rapid.T) {
		amount := rapid.IntRange(10, 3_000_000).Draw(rt, "amount")
		taxFree := rapid.SampledFrom([]int{0, 0, amount, amount / 2, amount / 3}).Draw(rt, "tax free")
		fee := rapid.SampledFrom([]int{0, 0, (amount - taxFree) / 7}).Draw(rt, "fee")
		change := rapid.IntRange(0, 50_000).Draw(rt, "change")
		n := r.orders.Add(1)
		a := r.to(http.MethodPost, "/v1/payments", map[string]any{
			"method": "CASH", "orderId": fmt.Sprintf("sum-%06d", n), "orderName": "아메리카노", "amount": amount, "taxFreeAmount": taxFree, "serviceFee": fee,
			"cash": map[string]any{"received": amount + change, "receipt": aPerson},
		}).as(r.two).idempotent(fmt.Sprint("sum-", n)).do()
		if a.StatusCode != http.StatusCreated {
			rt.Fatalf("%d %s", a.StatusCode, a.body)
		}
		p := a.json(t)
		if cash, _ := p["cash"].(map[string]any); cash["change"] != float64(change) || cash["received"] != float64(amount+change) {
			rt.Fatalf("change of %d: %v", change, cash)
		}
		byHand := false
		for range rapid.IntRange(0, 8).Draw(rt, "steps") {
			byHand = r.stepOfCash(t, rt, p) || byHand
		}
		r.office.lose, r.office.drop, r.office.away = 0, 0, 0
		r.passTime(t, 12*time.Second, time.Second)
		r.cashAddsUp(t, rt, fmt.Sprint(p["id"]), byHand)
	})
	r.office.once(t)
	r.booksAreRight(t)
}

// stepOfCash does one thing that may happen to a cash sale. It reports whether a part of
// the receipt was taken back by hand.
func (r *rig) stepOfCash(t *testing.T, rt *rapid.T, p map[string]any) bool {
	t.Helper()
	now := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", p["id"]), nil).as(r.two).do().json(t)
	ref, _ := now["cashReceipt"].(map[string]any)
	balance, _ := now["balanceAmount"].(float64)
	switch what := rapid.IntRange(0, 5).Draw(rt, "what"); {
	case what <= 1 && balance >= 1:
		part := rapid.IntRange(1, int(balance)).Draw(rt, "part")
		body := map[string]any{"reason": "변심", "cancelPassword": cancelPassword, "amount": part}
		free, _ := now["taxFreeAmount"].(float64)
		if rapid.Bool().Draw(rt, "names its tax free part") {
			body["taxFreeAmount"] = rapid.IntRange(0, min(part, int(free))).Draw(rt, "part tax free")
		}
		a := r.to(http.MethodPost, fmt.Sprintf("/v1/payments/%v/cancel", p["id"]), body).as(r.two).idempotent(fmt.Sprint("sum-cancel-", r.orders.Add(1))).do()
		if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusUnprocessableEntity {
			rt.Fatalf("cancel of %v: %d %s", body, a.StatusCode, a.body)
		}
	case what == 2:
		left, _ := r.to(http.MethodGet, fmt.Sprint("/v1/cash-receipts/", ref["id"]), nil).as(r.two).do().json(t)["balanceAmount"].(float64)
		if left < 1 {
			return false
		}
		part := rapid.IntRange(1, int(left)).Draw(rt, "by hand")
		if a := r.cancelReceipt(r.two, ref["id"], part); a.StatusCode != http.StatusOK {
			rt.Fatalf("by hand: %d %s", a.StatusCode, a.body)
		}
		return true
	case what == 3:
		r.office.lose, r.office.drop, r.office.away = rapid.IntRange(0, 2).Draw(rt, "lose"), rapid.IntRange(0, 2).Draw(rt, "drop"), rapid.IntRange(0, 2).Draw(rt, "away")
	case what == 4:
		r.passTime(t, 2*time.Second, time.Second)
	default:
		r.settle(t)
	}
	return false
}

// cashAddsUp reads what stands of a sale and its receipt, in the store and at the office.
func (r *rig) cashAddsUp(t *testing.T, rt *rapid.T, paymentID string, byHand bool) {
	t.Helper()
	ctx, tenant := t.Context(), r.two.Tenant()
	p, err := r.options.Payments.Get(ctx, tenant, paymentID)
	must(t, err)
	rc, err := r.db.ReceiptOfPayment(ctx, tenant, paymentID)
	must(t, err)
	sums := func(name string, whole, left money.Split, parts []money.Split) {
		rest := whole
		for _, part := range parts {
			rest = rest.Minus(part)
			if !part.Holds() || !rest.Holds() || part.Amount < 1 {
				rt.Fatalf("%s: %+v of %+v leaves %+v", name, part, whole, rest)
			}
		}
		if rest != left || !whole.Holds() || whole.VAT != money.VAT(whole.Taxable(), p.Rounding) || left.VAT != money.VAT(left.Taxable(), p.Rounding) {
			rt.Fatalf("%s: %+v less %v is %+v, not %+v", name, whole, parts, rest, left)
		}
	}
	var refunds, backs []money.Split
	for _, c := range p.Cancels {
		refunds = append(refunds, c.Split)
	}
	for _, c := range rc.Cancels {
		if c.Status != taxreceipt.CancelIssued && c.Status != taxreceipt.CancelDropped {
			rt.Fatalf("cancel %s of a receipt that is %s", c.Status, rc.Status)
		}
		backs = append(backs, c.Split)
	}
	sums("sale", p.Split, p.Balance, refunds)
	sums("receipt", rc.Split, rc.Balance, backs)
	switch {
	case rc.Balance.Amount > p.Balance.Amount, !byHand && rc.Balance != p.Balance:
		rt.Fatalf("%+v is left of the sale and %+v of its receipt", p.Balance, rc.Balance)
	case (rc.Status == taxreceipt.Canceled) != (rc.Balance.Amount == 0), rc.Status != taxreceipt.Canceled && rc.Status != taxreceipt.Issued:
		rt.Fatalf("%s with %+v left", rc.Status, rc.Balance)
	}
	r.office.mu.Lock()
	defer r.office.mu.Unlock()
	issued := r.office.books[rc.ID]
	if (issued == nil) != (rc.Reference.Number == "") || issued != nil && issued.split != rc.Split {
		rt.Fatalf("the office has %+v of %+v", issued, rc)
	}
	for _, c := range rc.Cancels {
		if b := r.office.books[c.ID]; (b != nil) != (c.Status == taxreceipt.CancelIssued) || b != nil && (b.split != c.Split || b.original != rc.Reference.Number) {
			rt.Fatalf("the office has %+v of %+v", b, c)
		}
	}
}
