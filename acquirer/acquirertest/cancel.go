package acquirertest

import (
	"innopay/acquirer"
	"innopay/money"
)

func testReverse(r *rig) {
	a, _ := r.approved()
	v := r.reversal(a)
	r.reverse(v, acquirer.Reversed)
	v.Repeat = true
	r.reverse(v, acquirer.Reversed) // "already reversed" is success
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed)
}

// testOvertake: an original that arrives after its reversal is not approved.
func testOvertake(r *rig) {
	a := r.authorization("APPROVE")
	v := r.reversal(a)
	r.reverse(v, acquirer.NoOriginal)
	r.authorize(a, acquirer.Declined)
	v.Repeat = true
	r.reverse(v, acquirer.Reversed)
}

func testReversalUnknown(r *rig) {
	for _, do := range []string{"TIMEOUT", "GARBAGE", "WRONG_AMOUNT", "FOREIGN"} {
		if !r.can(do) {
			continue
		}
		a, _ := r.approved()
		v := r.reversal(a)
		r.Script(r.T, "REVERSE", do, 1)
		r.reverse(v, acquirer.ReversalUnknown)
		v.Repeat = true
		r.reverse(v, acquirer.Reversed)
	}
	if r.can("NO_ORIGINAL") {
		a, _ := r.approved()
		v := r.reversal(a)
		r.Script(r.T, "REVERSE", "NO_ORIGINAL", 1)
		r.reverse(v, acquirer.NoOriginal)
		r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
		v.Repeat = true
		r.reverse(v, acquirer.Reversed)
	}
	if r.can("DECLINE") {
		a, _ := r.approved()
		r.Script(r.T, "REVERSE", "DECLINE", 1)
		r.reverse(r.reversal(a), acquirer.ReversalRefused)
		r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
	}
}

func testReverseCaptured(r *rig) {
	a, _ := r.approved()
	r.Capture(r.T)
	r.reverse(r.reversal(a), acquirer.ReversalRefused)
	if got := r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved); !got.Captured {
		r.Error("the inquiry does not say that it was captured")
	}
}

// testReverseAmount: a reversal that does not fit its original undoes nothing.
func testReverseAmount(r *rig) {
	a, _ := r.approved()
	v := r.reversal(a)
	v.Amount--
	if got := r.Acquirer.Reverse(r.ctx(), v); got.Result == acquirer.Reversed {
		r.Fatal("a reversal of another amount was accepted")
	}
	v = r.reversal(a)
	v.Original.STAN++
	if got := r.Acquirer.Reverse(r.ctx(), v); got.Result == acquirer.Reversed {
		r.Fatal("a reversal of another STAN was accepted")
	}
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
}

func testVoid(r *rig) {
	a, an := r.approved()
	c := r.cancellation(acquirer.Void, a, an, a.Split)
	first := r.cancel(c, acquirer.CancelDone)
	if r.Acquirer.Describe().CancelIdempotent {
		c.Repeat = true
		if again := r.cancel(c, acquirer.CancelDone); again.CancelNumber != first.CancelNumber {
			r.Errorf("the same cancel has two numbers: %s, %s", first.CancelNumber, again.CancelNumber)
		}
	}
	r.cancel(r.cancellation(acquirer.Void, a, an, a.Split), acquirer.CancelRefused)
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed)
	r.inquire(c.Reference, c.Split.Amount, acquirer.InquiryApproved)
}

// testVoidCaptured: a void that comes too late becomes a refund.
func testVoidCaptured(r *rig) {
	a, an := r.approved()
	r.Capture(r.T)
	r.cancel(r.cancellation(acquirer.Void, a, an, a.Split), acquirer.CancelAlreadyCaptured)
	r.cancel(r.cancellation(acquirer.Refund, a, an, a.Split), acquirer.CancelDone)
	if got := r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed); !got.Captured {
		r.Error("the inquiry does not say that it was captured")
	}
}

func testVoidPart(r *rig) {
	a, an := r.approved()
	part, err := a.Split.Part(1_000, -1, money.Nearest)
	if err != nil {
		r.Fatal(err)
	}
	r.cancel(r.cancellation(acquirer.Void, a, an, part), acquirer.CancelRefused)
	wrong := r.cancellation(acquirer.Void, a, an, a.Split)
	wrong.ApprovalNumber = "00000000"
	r.cancel(wrong, acquirer.CancelRefused)
}

// testRefunds: parts may add up to the amount and not beyond, before and after capture.
func testRefunds(r *rig) {
	if !r.Acquirer.Describe().PartialCancel {
		return
	}
	a := r.authorization("APPROVE")
	a.Split = r.split(100_000, 40_000)
	an := r.authorize(a, acquirer.Approved)
	left := a.Split
	for i, amount := range []money.Won{30_000, 1, 9_999} {
		part, err := left.Part(amount, -1, money.Nearest)
		if err != nil {
			r.Fatal(err)
		}
		c := r.cancellation(acquirer.Refund, a, an, part)
		r.cancel(c, acquirer.CancelDone)
		c.Repeat = true
		r.cancel(c, acquirer.CancelDone)
		left = left.Minus(part)
		if i == 0 {
			r.Capture(r.T)
		}
	}
	over := left
	over.Amount++
	over.TaxFree++
	r.cancel(r.cancellation(acquirer.Refund, a, an, over), acquirer.CancelRefused)
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
	r.cancel(r.cancellation(acquirer.Refund, a, an, left), acquirer.CancelDone)
	one := money.Split{Amount: 1, Supplied: 1}
	r.cancel(r.cancellation(acquirer.Refund, a, an, one), acquirer.CancelRefused)
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed)
}

// testCancelUnknown: the same cancel sent again is done once.
func testCancelUnknown(r *rig) {
	for _, do := range []string{"TIMEOUT", "GARBAGE", "WRONG_AMOUNT", "DROP"} {
		if !r.can(do) {
			continue
		}
		for kind, on := range map[acquirer.CancelKind]string{acquirer.Void: "VOID", acquirer.Refund: "REFUND"} {
			a, an := r.approved()
			part := a.Split
			if kind == acquirer.Refund {
				part = r.split(5_000, 0)
			}
			c := r.cancellation(kind, a, an, part)
			r.Script(r.T, on, do, 1)
			r.cancel(c, acquirer.CancelUnknown)
			want := acquirer.InquiryApproved
			if do == "DROP" {
				want = acquirer.InquiryAbsent
			}
			r.inquire(c.Reference, part.Amount, want)
			c.Repeat = true
			r.cancel(c, acquirer.CancelDone)
			rest := a.Split.Minus(part)
			if rest.Amount == 0 {
				rest = money.Split{Amount: 1, Supplied: 1}
				r.cancel(r.cancellation(acquirer.Refund, a, an, rest), acquirer.CancelRefused)
				continue
			}
			r.cancel(r.cancellation(acquirer.Refund, a, an, rest), acquirer.CancelDone)
		}
	}
}

func testInquire(r *rig) {
	absent := r.authorization("APPROVE")
	r.inquire(absent.Reference, absent.Split.Amount, acquirer.InquiryAbsent)

	a, an := r.approved()
	got := r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
	if got.Captured || got.Answer.ApprovalNumber != an.ApprovalNumber || got.Answer.RRN != an.RRN || got.Answer.Issuer != an.Issuer {
		r.Errorf("the inquiry says %+v, the answer was %+v", got, an)
	}
	foreign := a.Reference
	foreign.STAN += 7
	r.inquire(foreign, a.Split.Amount, acquirer.InquiryAbsent)
	r.Capture(r.T)
	if got = r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved); !got.Captured {
		r.Error("captured, yet the inquiry says not")
	}
	for _, do := range []string{"TIMEOUT", "WRONG_AMOUNT"} {
		if r.can(do) {
			r.Script(r.T, "INQUIRE", do, 1)
			r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryUnknown)
		}
	}
}
