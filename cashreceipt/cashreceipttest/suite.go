// Package cashreceipttest is the conformance suite of the port cashreceipt: what every
// adapter of an office must do, with faults at the other end. An adapter's test gives a
// Setup and calls Run.
package cashreceipttest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/money"
)

// Setup is one adapter before one other end.
type Setup struct {
	// Issuer under test. Its own time-outs are well below Patience.
	Issuer   cashreceipt.Issuer
	Merchant cashreceipt.Merchant
	// Now is the other end's time; deals are of then.
	Now time.Time
	// Identifier is one of the kind that the office takes, and on which the tax service's
	// verdict will be fate: Confirmed or Rejected.
	Identifier func(kind cashreceipt.Kind, fate cashreceipt.State) string
	// Blocked is an identifier of the right form that the office refuses; may be empty.
	Blocked string
	// Judge lets the tax service judge all that waits.
	Judge func(t *testing.T)
	// Arrived is what the office issued under an id of ours.
	Arrived func(t *testing.T, id string) []Arrival
	// CancelsWaiting: the office takes a cancel of what the tax service has not judged.
	CancelsWaiting bool

	// Script makes the next times issues or cancels meet a fault: DOWN (not done, may be
	// later), TIMEOUT (done, never answered), REJECT (refused for good), DUPLICATE (comes
	// twice, the second one's answer arrives), GARBAGE and HALF_CLOSE (done, the answer is
	// nonsense or breaks off).
	Script func(t *testing.T, do string, times int)
	// Faults the other end can do. What is not in here is not tested.
	Faults []string
	// Unreachable returns the adapter with an address where nobody listens.
	Unreachable func(t *testing.T) cashreceipt.Issuer
	// Secrets of the configuration, which no answer and no log may hold.
	Secrets []string
	// Logged is what the adapter logged so far; nil when it logs nothing.
	Logged func() string
}

// Arrival is one receipt as the office has it.
type Arrival struct {
	Number   string
	Day      clock.Day
	Amount   money.Won
	Cancel   bool
	Original string // number of what a cancel takes back
}

// Patience bounds every wait of the suite.
const Patience = 20 * time.Second

// Run runs the suite. open is called once for every test and cleans up after it.
func Run(t *testing.T, open func(t *testing.T) Setup) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*rig)
	}{
		{"describe", testDescribe},
		{"every kind is issued", testIssue},
		{"every split is issued", testSplits},
		{"repeat has the same number", testRepeat},
		{"other content under the id is refused", testOther},
		{"wrong identifiers are refused", testIdentifiers},
		{"refused for good", testRefused},
		{"down does nothing", testDown},
		{"unreachable is not sent", testUnreachable},
		{"probe", testProbe},
		{"no right answer is unknown", testUnknown},
		{"answered twice is one receipt", testDuplicate},
		{"ask", testAsk},
		{"whole cancel", testWhole},
		{"partial cancels", testPartial},
		{"cancel above the original", testAbove},
		{"cancel of nothing", testNoOriginal},
		{"cancel of what waits", testWaiting},
		{"cancel without an answer", testCancelUnknown},
		{"context ends", testContext},
		{"many at once", testMany},
		{"one id at once", testRace},
		{"closed", testClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := &rig{T: t, Setup: open(t)}
			test.run(r)
			if r.Logged != nil {
				r.discreet(r.Logged())
			}
		})
	}
}

// rig is what one test works with.
type rig struct {
	*testing.T
	Setup
}

// serial makes ids that differ over all tests of the process.
var serial atomic.Int64

func newID() string { return fmt.Sprintf("rcp_%026d", serial.Add(1)) }

// ctx is a context that ends when the test has waited too long.
func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	r.Cleanup(cancel)
	return ctx
}

// can reports whether the other end can do the fault.
func (r *rig) can(do string) bool { return slices.Contains(r.Faults, do) }

var kinds = []cashreceipt.Kind{cashreceipt.IncomeDeduction, cashreceipt.ExpenseProof, cashreceipt.SelfIssued}

// issue is a new one of 11,000 won.
func (r *rig) issue(kind cashreceipt.Kind) cashreceipt.Issue {
	return r.fated(kind, cashreceipt.Confirmed)
}

func (r *rig) fated(kind cashreceipt.Kind, fate cashreceipt.State) cashreceipt.Issue {
	return cashreceipt.Issue{
		ID: newID(), Merchant: r.Merchant, Kind: kind, Identifier: card.NewSecret(r.Identifier(kind, fate)), DealAt: r.Now,
		Split: money.Split{Amount: 11000, Supplied: 10000, VAT: 1000}, OrderID: "order-1", ItemName: "뷁 상품 <1> & \"2\"",
	}
}

// cancel takes amount of an issue back; 0 is all of it.
func (r *rig) cancel(in cashreceipt.Issue, of cashreceipt.Reference, part money.Split) cashreceipt.Cancel {
	c := cashreceipt.Cancel{
		ID: newID(), Merchant: in.Merchant, Original: of, Kind: in.Kind, Identifier: in.Identifier, DealAt: r.Now,
		Split: part, Whole: part == in.Split, Reason: cashreceipt.DealCanceled, OrderID: in.OrderID, ItemName: in.ItemName,
	}
	return c
}

// issued issues and checks that it was.
func (r *rig) issued(in cashreceipt.Issue) cashreceipt.Reference {
	r.Helper()
	return r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Issued).Reference
}

// confirmed issues, and lets the tax service judge.
func (r *rig) confirmed(in cashreceipt.Issue) cashreceipt.Reference {
	r.Helper()
	ref := r.issued(in)
	r.Judge(r.T)
	r.asked(in.ID, cashreceipt.Confirmed)
	return ref
}

// check checks an answer: its outcome, and that it tells nothing it must not.
func (r *rig) check(got cashreceipt.Answer, want ...cashreceipt.Outcome) cashreceipt.Answer {
	r.Helper()
	if !slices.Contains(want, got.Outcome) {
		r.Fatalf("%v (%s %s), want %v", got.Outcome, got.Code, got.Message, want)
	}
	switch got.Outcome {
	case cashreceipt.Issued:
		if !cashreceipt.ValidNumber(got.Reference.Number) || got.Reference.Day == "" {
			r.Errorf("issued as %+v", got.Reference)
		}
	case cashreceipt.Refused, cashreceipt.NotSent, cashreceipt.Unknown:
		if got.Reference != (cashreceipt.Reference{}) || got.Message == "" {
			r.Errorf("%v with %+v, and %q for people", got.Outcome, got.Reference, got.Message)
		}
	}
	r.discreet(fmt.Sprintf("%+v", got))
	return got
}

// asked asks for a receipt and checks its state.
func (r *rig) asked(id string, want cashreceipt.State) cashreceipt.Verdict {
	r.Helper()
	got := r.Issuer.Ask(r.ctx(), r.Merchant, id)
	if got.State != want {
		r.Fatalf("%s: %v (%s %s), want %v", id, got.State, got.Code, got.Message, want)
	}
	has := got.State == cashreceipt.Waiting || got.State == cashreceipt.Confirmed || got.State == cashreceipt.Rejected
	if has != (cashreceipt.ValidNumber(got.Reference.Number) && got.Reference.Day != "") {
		r.Errorf("%v as %+v", got.State, got.Reference)
	}
	if got.State == cashreceipt.Rejected && got.Message == "" {
		r.Error("rejected without a reason")
	}
	r.discreet(fmt.Sprintf("%+v", got))
	return got
}

// discreet checks that a text for logs holds no identifier and no secret.
func (r *rig) discreet(text string) {
	r.Helper()
	hidden := slices.Clone(r.Secrets)
	for _, kind := range kinds[:2] {
		hidden = append(hidden, r.Identifier(kind, cashreceipt.Confirmed), r.Identifier(kind, cashreceipt.Rejected))
	}
	for _, h := range append(hidden, r.Blocked) {
		if h != "" && strings.Contains(text, h) {
			r.Errorf("%q holds %q", text, h)
		}
	}
}

// once checks that the office has exactly one receipt of the id, and that it is this.
func (r *rig) once(id string, ref cashreceipt.Reference, amount money.Won) {
	r.Helper()
	got := r.Arrived(r.T, id)
	if len(got) != 1 {
		r.Fatalf("%s: issued %d times: %+v", id, len(got), got)
	}
	if got[0].Number != ref.Number || got[0].Day != ref.Day || got[0].Amount != amount {
		r.Errorf("%s: %+v, want %+v of %d", id, got[0], ref, amount)
	}
}

// never checks that the office has no receipt of the id.
func (r *rig) never(id string) {
	r.Helper()
	if got := r.Arrived(r.T, id); len(got) != 0 {
		r.Errorf("%s: issued as %+v", id, got)
	}
}

// agrees checks amounts as far as an office keeps them: tax-free parts are supply.
func (r *rig) agrees(got, want money.Split) {
	r.Helper()
	if got == (money.Split{}) {
		return // the office does not tell
	}
	if got.Amount != want.Amount || got.VAT != want.VAT || got.ServiceFee != want.ServiceFee || got.Supplied+got.TaxFree != want.Supplied+want.TaxFree {
		r.Errorf("amounts %+v, want %+v", got, want)
	}
}
