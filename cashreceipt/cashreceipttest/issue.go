package cashreceipttest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/money"
)

func testDescribe(r *rig) {
	d := r.Issuer.Describe()
	if d.Name == "" || d.Name != strings.ToLower(d.Name) || d.Label.Ko == "" || d.Label.En == "" {
		r.Errorf("no name in lower case, or no labels: %+v", d)
	}
	seen := map[string]bool{}
	for _, f := range d.Fields {
		if f.Key == "" || f.Label.Ko == "" || f.Label.En == "" || seen[f.Key] {
			r.Errorf("field without key or labels, or twice: %+v", f)
		}
		if f.Secret && f.Default != "" {
			r.Errorf("%s: a secret that everybody knows", f.Key)
		}
		seen[f.Key] = true
	}
	if t := d.Timeouts; t.Connect <= 0 || t.Read <= 0 || t.AbsentAfter <= 0 || t.AskFrom <= 0 || t.AskEvery <= 0 || len(t.Backoff) == 0 {
		r.Errorf("time-outs: %+v", t)
	}
	if fmt.Sprintf("%+v", r.Issuer.Describe()) != fmt.Sprintf("%+v", d) {
		r.Error("it describes itself in two ways")
	}
}

func testIssue(r *rig) {
	numbers := map[cashreceipt.Reference]bool{}
	for _, kind := range kinds {
		in := r.issue(kind)
		if kind == cashreceipt.SelfIssued {
			in.Identifier = card.NewSecret(cashreceipt.SelfIssuedIdentifier)
		}
		ref := r.issued(in)
		r.once(in.ID, ref, in.Split.Amount)
		if numbers[ref] {
			r.Errorf("%+v was given out twice", ref)
		}
		numbers[ref] = true
	}
}

func testSplits(r *rig) {
	for _, split := range []money.Split{
		{Amount: 1, Supplied: 1},
		{Amount: 5000, TaxFree: 5000},
		{Amount: 17100, Supplied: 10000, VAT: 1000, TaxFree: 5100, ServiceFee: 1000},
		{Amount: 1000, ServiceFee: 1000},
		{Amount: 110_000_000, Supplied: 100_000_000, VAT: 10_000_000},
	} {
		in := r.issue(cashreceipt.IncomeDeduction)
		in.Split = split
		ref := r.issued(in)
		r.once(in.ID, ref, split.Amount)
		r.agrees(r.asked(in.ID, cashreceipt.Waiting).Split, split)
	}
}

func testRepeat(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	first := r.issued(in)
	in.Repeat = true
	for range 3 {
		if again := r.issued(in); again != first {
			r.Errorf("%+v, before %+v", again, first)
		}
	}
	r.Judge(r.T)
	if again := r.issued(in); again != first {
		r.Errorf("%+v after the verdict, before %+v", again, first)
	}
	r.once(in.ID, first, in.Split.Amount)
}

func testOther(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	first := r.issued(in)
	other := in
	other.Split = money.Split{Amount: 22000, Supplied: 20000, VAT: 2000}
	r.check(r.Issuer.Issue(r.ctx(), other), cashreceipt.Refused)
	other = in
	other.Split = money.Split{Amount: 11000, Supplied: 11000}
	r.check(r.Issuer.Issue(r.ctx(), other), cashreceipt.Refused)
	r.once(in.ID, first, in.Split.Amount)
}

// testIdentifiers: what the tax service cannot take is refused with the reason.
func testIdentifiers(r *rig) {
	for _, test := range []struct {
		kind       cashreceipt.Kind
		identifier string
	}{
		{cashreceipt.IncomeDeduction, ""},
		{cashreceipt.IncomeDeduction, "0101234"},
		{cashreceipt.IncomeDeduction, "0212345678"},
		{cashreceipt.IncomeDeduction, "010-1234-5678"},
		{cashreceipt.IncomeDeduction, "9001011234567"},
		{cashreceipt.IncomeDeduction, cashreceipt.SelfIssuedIdentifier},
		{cashreceipt.ExpenseProof, "1234567890"},
		{cashreceipt.ExpenseProof, "9001011234567"},
		{cashreceipt.SelfIssued, "01012345678"},
		{"", "01012345678"},
	} {
		in := r.issue(cashreceipt.IncomeDeduction)
		in.Kind, in.Identifier = test.kind, card.NewSecret(test.identifier)
		got := r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Refused)
		if test.identifier != "" && strings.Contains(got.Message, test.identifier) {
			r.Errorf("%q holds the identifier", got.Message)
		}
		r.never(in.ID)
	}
	in := r.issue(cashreceipt.IncomeDeduction)
	in.Split.VAT++
	r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Refused)
	r.never(in.ID)
}

func testRefused(r *rig) {
	if r.Blocked != "" {
		in := r.issue(cashreceipt.IncomeDeduction)
		in.Identifier = card.NewSecret(r.Blocked)
		if got := r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Refused); got.Code == "" {
			r.Error("refused without the office's code")
		}
		r.never(in.ID)
		r.asked(in.ID, cashreceipt.Absent)
	}
	if r.can("REJECT") {
		in := r.issue(cashreceipt.IncomeDeduction)
		r.Script(r.T, "REJECT", 1)
		r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Refused)
		r.never(in.ID)
		r.issued(r.issue(cashreceipt.IncomeDeduction))
	}
}

// testDown: an office that says "not now" has issued nothing; the repeat is one.
func testDown(r *rig) {
	if !r.can("DOWN") {
		return
	}
	in := r.issue(cashreceipt.IncomeDeduction)
	r.Script(r.T, "DOWN", 2)
	for range 2 {
		r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Unknown, cashreceipt.NotSent)
		in.Repeat = true
	}
	r.never(in.ID)
	r.asked(in.ID, cashreceipt.Absent)
	r.once(in.ID, r.issued(in), in.Split.Amount)
}

func testUnreachable(r *rig) {
	if r.Unreachable == nil {
		return
	}
	s := r.Unreachable(r.T)
	in := r.issue(cashreceipt.IncomeDeduction)
	r.check(s.Issue(r.ctx(), in), cashreceipt.NotSent)
	of := cashreceipt.Reference{Number: "TB0000178", Day: "2026-11-28"}
	r.check(s.Cancel(r.ctx(), r.cancel(in, of, in.Split)), cashreceipt.NotSent)
	if got := s.Ask(r.ctx(), r.Merchant, in.ID); got.State != cashreceipt.Unheard {
		r.Errorf("nobody listens, yet it is %v", got.State)
	}
	if err := s.Close(); err != nil {
		r.Error(err)
	}
}

// testUnknown: nobody knows whether it was issued, until one asks; the repeat with the
// same id is the same receipt.
func testUnknown(r *rig) {
	for _, do := range []string{"TIMEOUT", "GARBAGE", "HALF_CLOSE"} {
		if !r.can(do) {
			continue
		}
		in := r.issue(cashreceipt.ExpenseProof)
		r.Script(r.T, do, 1)
		r.check(r.Issuer.Issue(r.ctx(), in), cashreceipt.Unknown)
		told := r.asked(in.ID, cashreceipt.Waiting)
		r.agrees(told.Split, in.Split)
		in.Repeat = true
		if ref := r.issued(in); ref != told.Reference {
			r.Errorf("%s: repeated as %+v, asked %+v", do, ref, told.Reference)
		}
		r.once(in.ID, told.Reference, in.Split.Amount)
	}
}

func testDuplicate(r *rig) {
	if !r.can("DUPLICATE") {
		return
	}
	in := r.issue(cashreceipt.IncomeDeduction)
	r.Script(r.T, "DUPLICATE", 1)
	r.once(in.ID, r.issued(in), in.Split.Amount)
}

func testAsk(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	r.asked(in.ID, cashreceipt.Absent)
	bad := r.fated(cashreceipt.IncomeDeduction, cashreceipt.Rejected)
	ref, badRef := r.issued(in), r.issued(bad)
	told := r.asked(in.ID, cashreceipt.Waiting)
	if told.Reference != ref {
		r.Errorf("issued as %+v, asked %+v", ref, told.Reference)
	}
	r.agrees(told.Split, in.Split)
	r.Judge(r.T)
	if got := r.asked(in.ID, cashreceipt.Confirmed); got.Reference != ref {
		r.Errorf("issued as %+v, confirmed as %+v", ref, got.Reference)
	}
	if got := r.asked(bad.ID, cashreceipt.Rejected); got.Reference != badRef || got.Code == "" {
		r.Errorf("issued as %+v, rejected as %+v", badRef, got)
	}
	stranger := r.Merchant
	stranger.BusinessNumber = "2208162517"
	if got := r.Issuer.Ask(r.ctx(), stranger, in.ID); got.State != cashreceipt.Absent && got.State != cashreceipt.Unheard {
		r.Errorf("another business is told %v", got.State)
	}
}

// testContext: a caller that stops waiting is let go at once, and never hears that
// nothing was issued when something was.
func testContext(r *rig) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	in := r.issue(cashreceipt.IncomeDeduction)
	r.check(r.Issuer.Issue(ended, in), cashreceipt.NotSent, cashreceipt.Unknown)
	r.never(in.ID)
	if got := r.Issuer.Ask(ended, r.Merchant, in.ID); got.State != cashreceipt.Unheard {
		r.Errorf("a context that had ended heard %v", got.State)
	}
	if !r.can("TIMEOUT") {
		return
	}
	r.Script(r.T, "TIMEOUT", 1)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan cashreceipt.Answer, 1)
	go func() { done <- r.Issuer.Issue(ctx, in) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for limit := r.ctx(); len(r.Arrived(r.T, in.ID)) == 0; <-tick.C {
		if limit.Err() != nil {
			r.Fatal("it never came")
		}
	}
	cancel()
	late := time.NewTimer(Patience / 4)
	defer late.Stop()
	select {
	case got := <-done:
		r.check(got, cashreceipt.Unknown)
	case <-late.C:
		r.Fatal("the caller was not let go")
	}
}

// testMany: answers find their callers.
func testMany(r *rig) {
	const many = 40
	ins, answers := make([]cashreceipt.Issue, many), make([]cashreceipt.Answer, many)
	var all sync.WaitGroup
	for i := range many {
		ins[i] = r.issue(kinds[i%2])
		amount := money.Won(1000 + i)
		ins[i].Split = money.Split{Amount: amount, TaxFree: amount}
		all.Go(func() { answers[i] = r.Issuer.Issue(r.ctx(), ins[i]) })
	}
	all.Wait()
	numbers := map[cashreceipt.Reference]int{}
	for i, in := range ins {
		got := r.check(answers[i], cashreceipt.Issued)
		if at, twice := numbers[got.Reference]; twice {
			r.Errorf("%d and %d are both %+v", at, i, got.Reference)
		}
		numbers[got.Reference] = i
		r.once(in.ID, got.Reference, in.Split.Amount)
	}
}

// testRace: the same id from several workers is one receipt.
func testRace(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	answers := make([]cashreceipt.Answer, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = r.Issuer.Issue(r.ctx(), in) })
	}
	all.Wait()
	for _, got := range answers {
		r.once(in.ID, r.check(got, cashreceipt.Issued).Reference, in.Split.Amount)
	}
}

func testClosed(r *rig) {
	in := r.issue(cashreceipt.IncomeDeduction)
	r.issued(in)
	for range 2 {
		if err := r.Issuer.Close(); err != nil {
			r.Errorf("close: %v", err)
		}
	}
	late := r.issue(cashreceipt.IncomeDeduction)
	r.check(r.Issuer.Issue(r.ctx(), late), cashreceipt.NotSent)
	r.never(late.ID)
	if got := r.Issuer.Ask(r.ctx(), r.Merchant, in.ID); got.State != cashreceipt.Unheard {
		r.Errorf("a closed office told %v", got.State)
	}
}
