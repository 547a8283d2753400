// Package acquirertest is the conformance suite of the port acquirer: what every
// adapter must do, with a script of faults at the other end. An adapter's test
// gives a Setup and calls Run.
package acquirertest

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/money"
)

// Setup is one adapter before one fresh other end.
type Setup struct {
	// Acquirer under test; the suite sets its LateObserver.
	Acquirer acquirer.Acquirer
	// Card returns a new copy of a card for a behaviour of the contract: APPROVE,
	// DECLINE, DECLINE_LIMIT, DECLINE_LOST, DECLINE_EXPIRED, DECLINE_NUMBER or
	// DECLINE_AUTHENTICATION.
	Card func(t *testing.T, behaviour string) acquirer.Card
	// Script makes the next times messages of a kind (AUTHORIZE, REVERSE, VOID, REFUND,
	// INQUIRE) meet a fault of the contract (TIMEOUT, LATE ..).
	Script func(t *testing.T, on, do string, times int)
	// Faults the other end can do. What is not in here is not tested.
	Faults []string
	// Capture captures the business day.
	Capture func(t *testing.T)
	// Unreachable returns the adapter with an address where nobody listens; nil for an
	// adapter without a wire.
	Unreachable func(t *testing.T) acquirer.Acquirer
	// DeliverLate makes late answers come now; nil when they come by themselves.
	DeliverLate func()
	// Now tells the time of the other end.
	Now func() time.Time
}

// patience bounds every wait of the suite.
const patience = 20 * time.Second

// Run runs the suite. open is called once for every test and cleans up after it.
func Run(t *testing.T, open func(t *testing.T) Setup) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*rig)
	}{
		{"describe", testDescribe},
		{"approve", testApprove},
		{"approve every entry", testEntries},
		{"decline", testDecline},
		{"wrong holder", testWrongHolder},
		{"no answer is unknown", testUnknown},
		{"late answer is evidence only", testLate},
		{"duplicate answer", testDuplicate},
		{"delayed answer", testDelay},
		{"unreachable is not sent", testUnreachable},
		{"probe", testProbe},
		{"reverse", testReverse},
		{"reverse before original", testOvertake},
		{"no answer to a reversal", testReversalUnknown},
		{"reverse after capture", testReverseCaptured},
		{"reverse another amount", testReverseAmount},
		{"void", testVoid},
		{"void after capture", testVoidCaptured},
		{"void of a part", testVoidPart},
		{"refunds up to the amount", testRefunds},
		{"no answer to a cancel", testCancelUnknown},
		{"inquire", testInquire},
		{"many at once", testMany},
		{"context ends", testContext},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(newRig(t, open(t)))
		})
	}
}

// late is one late answer as the observer heard it.
type late struct {
	attempt string
	answer  acquirer.Answer
}

// rig is what one test works with.
type rig struct {
	*testing.T
	Setup
	late chan late
	stan *atomic.Int64
}

func newRig(t *testing.T, s Setup) *rig {
	t.Helper()
	r := &rig{T: t, Setup: s, late: make(chan late, 16), stan: new(atomic.Int64)}
	if o, ok := s.Acquirer.(acquirer.LateObserver); ok {
		o.OnLate(func(attempt string, a acquirer.Answer) { r.late <- late{attempt, a} })
	}
	return r
}

// ctx is a context that ends when the test has waited too long.
func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	r.Cleanup(cancel)
	return ctx
}

// reference is that of a new message.
func (r *rig) reference() acquirer.Reference {
	n := int(r.stan.Add(1))
	return acquirer.Reference{
		AttemptID: fmt.Sprintf("att_%026d", n), TerminalID: "T0000001", STAN: n,
		TransmittedAt: r.Now().Truncate(time.Second),
	}
}

// split is an amount of taxable and tax-free won.
func (r *rig) split(amount, taxFree money.Won) money.Split {
	r.Helper()
	s, err := money.SplitOf(amount, taxFree, 0, money.Nearest)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

var shop = acquirer.Merchant{
	ID: "mer_0000000000000000000000test", MID: "M00000000000001", BusinessNumber: "1234567891",
	Name: "시험 가맹점", MCC: "5812",
}

// authorization is a new one of 55,000 won.
func (r *rig) authorization(behaviour string) acquirer.Authorization {
	r.Helper()
	return acquirer.Authorization{
		Reference: r.reference(), Merchant: shop, Split: r.split(55_000, 0), Card: r.Card(r.T, behaviour),
	}
}

// authorize sends a and checks the outcome.
func (r *rig) authorize(a acquirer.Authorization, want acquirer.Outcome) acquirer.Answer {
	r.Helper()
	got := r.Acquirer.Authorize(r.ctx(), a)
	a.Card.Wipe()
	if got.Outcome != want {
		r.Fatalf("outcome %v (%s %s), want %v", got.Outcome, got.Code, got.Message, want)
	}
	if got.NotSent {
		r.Fatal("NotSent although the other end was there")
	}
	if got.Outcome == acquirer.Approved && got.ApprovalNumber == "" {
		r.Fatal("approved without an approval number")
	}
	return got
}

// approved is an approved authorization and its answer.
func (r *rig) approved() (acquirer.Authorization, acquirer.Answer) {
	r.Helper()
	a := r.authorization("APPROVE")
	return a, r.authorize(a, acquirer.Approved)
}

// reversal is a new one of a.
func (r *rig) reversal(a acquirer.Authorization) acquirer.Reversal {
	return acquirer.Reversal{Reference: r.reference(), Original: a.Reference, Merchant: shop, Amount: a.Split.Amount}
}

// reverse sends v and checks the result.
func (r *rig) reverse(v acquirer.Reversal, want acquirer.ReversalResult) {
	r.Helper()
	if got := r.Acquirer.Reverse(r.ctx(), v); got.Result != want {
		r.Fatalf("reversal %v (%s %s), want %v", got.Result, got.Code, got.Message, want)
	}
}

// cancellation is a new one of part of a.
func (r *rig) cancellation(kind acquirer.CancelKind, a acquirer.Authorization, an acquirer.Answer, part money.Split) acquirer.Cancellation {
	return acquirer.Cancellation{
		Reference: r.reference(), Kind: kind, Original: a.Reference, OriginalAmount: a.Split.Amount,
		ApprovalNumber: an.ApprovalNumber, RRN: an.RRN, Merchant: shop, Split: part,
	}
}

// cancel sends c and checks the result.
func (r *rig) cancel(c acquirer.Cancellation, want acquirer.CancelResult) acquirer.CancelAnswer {
	r.Helper()
	canceler, ok := r.Acquirer.(acquirer.Canceler)
	if !ok {
		r.Fatal("the adapter cannot cancel")
	}
	got := canceler.Cancel(r.ctx(), c)
	if got.Result != want {
		r.Fatalf("cancel %v (%s %s), want %v", got.Result, got.Code, got.Message, want)
	}
	if got.NotSent {
		r.Fatal("NotSent although the other end was there")
	}
	if got.Result == acquirer.CancelDone && got.CancelNumber == "" {
		r.Fatal("done without a cancel number")
	}
	return got
}

// inquire asks about ref and checks the result.
func (r *rig) inquire(ref acquirer.Reference, amount money.Won, want acquirer.InquiryResult) acquirer.InquiryAnswer {
	r.Helper()
	inquirer, ok := r.Acquirer.(acquirer.Inquirer)
	if !ok {
		r.Fatal("the adapter cannot inquire")
	}
	got := inquirer.Inquire(r.ctx(), acquirer.Inquiry{Reference: r.reference(), Subject: ref, Merchant: shop, Amount: amount})
	if got.Result != want {
		r.Fatalf("inquiry %v (%s %s), want %v", got.Result, got.Answer.Code, got.Answer.Message, want)
	}
	return got
}

// can reports whether the other end can do the fault.
func (r *rig) can(do string) bool { return slices.Contains(r.Faults, do) }

// digits is a secret of the suite's own.
func digits(s string) card.Secret { return card.NewSecret(s) }
