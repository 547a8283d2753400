package payment_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"innopay/internal/payment"
	"innopay/money"
)

// TestPartsNeverDrift cancels a payment in any sequence of parts, refused, unknown and
// done, and sees that what was taken back and what is left always add up, part by
// part, to what was paid.
func TestPartsNeverDrift(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := newRig(t)
		amount := money.Won(rapid.OneOf(rapid.Int64Range(100, 200_000), rapid.Int64Range(100, int64(money.Max))).Draw(rt, "amount"))
		taxFree := money.Won(rapid.Int64Range(0, int64(amount)).Draw(rt, "taxFree"))
		fee := money.Won(rapid.Int64Range(0, int64(amount-taxFree)).Draw(rt, "fee"))
		r.terms.terms.Rounding = rapid.SampledFrom([]money.Rounding{money.Nearest, money.Floor}).Draw(rt, "rounding")
		p := r.approved(amount, func(c *payment.Create) { c.TaxFree, c.TaxFreeGiven, c.ServiceFee = taxFree, true, fee })
		for i := 0; i < 40 && p.Balance.Amount > 0; i++ {
			part := money.Won(rapid.Int64Range(1, int64(p.Balance.Amount)).Draw(rt, "part"))
			r.host.on("REFUND", rapid.SampledFrom([]quirk{fine, fine, fine, refuse, lost, silent, notSent}).Draw(rt, "quirk"))
			if part == amount {
				r.host.script["REFUND"] = nil
			}
			r.cancel(p.ID, &part)
			r.settle(time.Hour)
			p = r.get(p.ID)
			r.books(p.ID)
			checkParts(rt, p)
		}
		for p.Balance.Amount > 0 {
			r.cancel(p.ID, nil)
			p = r.get(p.ID)
			checkParts(rt, p)
		}
		if p.Status != payment.Canceled || p.Balance != (money.Split{}) {
			rt.Fatalf("after the last cancel: %s, balance %+v", p.Status, p.Balance)
		}
	})
}

func checkParts(rt *rapid.T, p payment.Payment) {
	sum := p.Balance
	for _, c := range p.Cancels {
		if !c.Split.Holds() || c.Split.Amount < 1 {
			rt.Fatalf("cancel %+v does not hold", c.Split)
		}
		if c.Status != payment.CancelFailed {
			sum = sum.Plus(c.Split)
		}
	}
	if sum != p.Split || !p.Balance.Holds() {
		rt.Fatalf("parts sum to %+v, paid %+v, balance %+v", sum, p.Split, p.Balance)
	}
	if vat := money.VAT(p.Balance.Taxable(), p.Rounding); p.Balance.VAT-vat > 1 || vat-p.Balance.VAT > 1 {
		rt.Fatalf("VAT of the balance %+v drifted from %d", p.Balance, vat)
	}
}
