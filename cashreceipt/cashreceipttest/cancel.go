package cashreceipttest

import (
	"innopay/cashreceipt"
	"innopay/money"
)

// canceled sends a cancel and checks that the office has it once, as a receipt of its own.
func (r *rig) canceled(c cashreceipt.Cancel) cashreceipt.Reference {
	r.Helper()
	ref := r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Issued).Reference
	r.once(c.ID, ref, c.Split.Amount)
	got := r.Arrived(r.T, c.ID)[0]
	if !got.Cancel || got.Original != c.Original.Number || ref == c.Original {
		r.Errorf("cancel of %+v arrived as %+v", c.Original, got)
	}
	return ref
}

func testWhole(r *rig) {
	for _, reason := range []cashreceipt.Reason{cashreceipt.DealCanceled, cashreceipt.IssuedInError, cashreceipt.OtherReason} {
		in := r.issue(cashreceipt.ExpenseProof)
		c := r.cancel(in, r.confirmed(in), in.Split)
		c.Reason = reason
		ref := r.canceled(c)
		c.Repeat = true
		if again := r.canceled(c); again != ref {
			r.Errorf("repeated as %+v, before %+v", again, ref)
		}
		r.agrees(r.asked(c.ID, cashreceipt.Waiting).Split, in.Split)
		r.Judge(r.T)
		r.asked(c.ID, cashreceipt.Confirmed)
		r.asked(in.ID, cashreceipt.Confirmed)
		second := r.cancel(in, c.Original, in.Split)
		r.check(r.Issuer.Cancel(r.ctx(), second), cashreceipt.Refused)
		r.never(second.ID)
	}
}

func testPartial(r *rig) {
	if !r.Issuer.Describe().PartialCancel {
		in := r.issue(cashreceipt.IncomeDeduction)
		c := r.cancel(in, r.confirmed(in), money.Split{Amount: 1100, Supplied: 1000, VAT: 100})
		r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Refused)
		r.never(c.ID)
		return
	}
	in := r.issue(cashreceipt.IncomeDeduction)
	of := r.confirmed(in)
	part := money.Split{Amount: 5500, Supplied: 5000, VAT: 500}
	first, second := r.cancel(in, of, part), r.cancel(in, of, part)
	if r.canceled(first) == r.canceled(second) {
		r.Error("two cancels have one number")
	}
	other := first
	other.Split = money.Split{Amount: 1100, Supplied: 1000, VAT: 100}
	r.check(r.Issuer.Cancel(r.ctx(), other), cashreceipt.Refused)
	third := r.cancel(in, of, money.Split{Amount: 1, Supplied: 1})
	r.check(r.Issuer.Cancel(r.ctx(), third), cashreceipt.Refused)
	r.never(third.ID)
}

func testAbove(r *rig) {
	if !r.Issuer.Describe().PartialCancel {
		return
	}
	in := r.issue(cashreceipt.IncomeDeduction)
	c := r.cancel(in, r.confirmed(in), money.Split{Amount: 22000, Supplied: 20000, VAT: 2000})
	r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Refused)
	r.never(c.ID)
}

func testNoOriginal(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	of := r.confirmed(in)
	wrong := of
	wrong.Day = "2020-01-01"
	c := r.cancel(in, wrong, in.Split)
	r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Refused)
	r.never(c.ID)
	c.Original, c.Reason = of, 0
	r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Refused)
	r.never(c.ID)
}

// testWaiting: an office may want the verdict first. Then nothing was done, and that is
// no refusal for good: the same cancel goes through later.
func testWaiting(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	c := r.cancel(in, r.issued(in), in.Split)
	if r.CancelsWaiting {
		r.canceled(c)
		return
	}
	if got := r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Unknown); got.Code == "" {
		r.Error("nobody is told that it is too early")
	}
	r.never(c.ID)
	r.asked(c.ID, cashreceipt.Absent)
	r.Judge(r.T)
	c.Repeat = true
	r.canceled(c)
}

func testCancelUnknown(r *rig) {
	for _, do := range []string{"TIMEOUT", "GARBAGE", "HALF_CLOSE", "DOWN"} {
		if !r.can(do) {
			continue
		}
		in := r.issue(cashreceipt.IncomeDeduction)
		c := r.cancel(in, r.confirmed(in), in.Split)
		r.Script(r.T, do, 1)
		r.check(r.Issuer.Cancel(r.ctx(), c), cashreceipt.Unknown, cashreceipt.NotSent)
		want := cashreceipt.Waiting
		if do == "DOWN" {
			want = cashreceipt.Absent
		}
		r.asked(c.ID, want)
		c.Repeat = true
		r.canceled(c)
	}
}
