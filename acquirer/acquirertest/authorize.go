package acquirertest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/money"
)

func testDescribe(r *rig) {
	d := r.Acquirer.Describe()
	if d.Name == "" || d.Label.Ko == "" || d.Label.En == "" {
		r.Errorf("no name or labels: %+v", d)
	}
	if d.Timeouts.Connect <= 0 || d.Timeouts.Read <= 0 || d.Timeouts.NoOriginalAfter < d.Timeouts.Read ||
		d.Timeouts.ReversalWindow <= 0 || d.Timeouts.InquiryUntil < d.Timeouts.ReversalWindow || len(d.Timeouts.Backoff) == 0 {
		r.Errorf("time-outs make no sense: %+v", d.Timeouts)
	}
	switch d.ReversalNeeds {
	case acquirer.NeedsReference, acquirer.NeedsToken, acquirer.NeedsCard:
	default:
		r.Errorf("reversal needs %q", d.ReversalNeeds)
	}
}

func testApprove(r *rig) {
	a := r.authorization("APPROVE")
	number := string(a.Card.PAN.Reveal())
	got := r.authorize(a, acquirer.Approved)
	if got.Issuer.Code == "" || got.Issuer.Name == "" || got.Acquirer.Code == "" || got.Acquirer.Name == "" || got.CardType == "" {
		r.Errorf("issuer, acquirer or card type missing: %+v", got)
	}
	if got.FailureCode != "" {
		r.Errorf("an approval has the failure code %q", got.FailureCode)
	}
	if text := fmt.Sprintf("%+v", got); strings.Contains(text, number) {
		r.Error("the answer holds the card number")
	}
}

func testEntries(r *rig) {
	for _, entry := range []acquirer.Entry{acquirer.KeyIn, acquirer.Swipe, acquirer.Phone} {
		a := r.authorization("APPROVE")
		a.Card.Entry = entry
		a.InstallmentMonths, a.InterestFree = 3, true
		a.Split = r.split(110_000, 33_000)
		if entry == acquirer.Swipe {
			a.Card.Track2 = digits(string(a.Card.PAN.Reveal()) + "=" + a.Card.Expiry.YYMM() + "2010000")
			a.Card.FallbackReason = "IC 칩을 읽을 수 없음"
		}
		r.authorize(a, acquirer.Approved)
	}
}

func testDecline(r *rig) {
	for behaviour, code := range map[string]string{
		"DECLINE":                "CARD_DECLINED",
		"DECLINE_LIMIT":          "CARD_DECLINED_LIMIT",
		"DECLINE_LOST":           "CARD_DECLINED_LOST",
		"DECLINE_EXPIRED":        "CARD_DECLINED_EXPIRED",
		"DECLINE_NUMBER":         "INVALID_CARD_NUMBER",
		"DECLINE_AUTHENTICATION": "INVALID_AUTHENTICATION",
	} {
		a := r.authorization(behaviour)
		got := r.authorize(a, acquirer.Declined)
		if got.FailureCode != code {
			r.Errorf("%s: failure code %q, want %q", behaviour, got.FailureCode, code)
		}
		if got.ApprovalNumber != "" || got.Code == "" || got.Message == "" {
			r.Errorf("%s: an answer without code or text, or with an approval number: %+v", behaviour, got)
		}
		r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryDeclined)
	}
}

func testWrongHolder(r *rig) {
	wrong := []func(*acquirer.Card){
		func(c *acquirer.Card) { c.BirthOrBusinessNumber = digits("010203") },
		func(c *acquirer.Card) { c.PasswordTwoDigits = digits("99") },
	}
	for i, spoil := range wrong {
		a := r.authorization("APPROVE")
		spoil(&a.Card)
		if got := r.authorize(a, acquirer.Declined); got.FailureCode != "INVALID_AUTHENTICATION" {
			r.Errorf("%d: failure code %q", i, got.FailureCode)
		}
	}
}

// testUnknown: whatever stands for an answer, the outcome is unknown, and a reversal
// settles it.
func testUnknown(r *rig) {
	for _, do := range []string{"TIMEOUT", "GARBAGE", "HALF_CLOSE", "RESET", "FOREIGN", "WRONG_AMOUNT"} {
		if !r.can(do) {
			continue
		}
		r.Run(do, func(t *testing.T) {
			r := &rig{T: t, Setup: r.Setup, late: r.late, stan: r.stan}
			r.Script(t, "AUTHORIZE", do, 1)
			a := r.authorization("APPROVE")
			r.authorize(a, acquirer.Unknown)
			r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryApproved)
			r.reverse(r.reversal(a), acquirer.Reversed)
			r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed)
			r.approved() // the link has recovered
		})
	}
	if r.can("DROP") {
		r.Script(r.T, "AUTHORIZE", "DROP", 1)
		a := r.authorization("APPROVE")
		r.authorize(a, acquirer.Unknown)
		r.reverse(r.reversal(a), acquirer.NoOriginal)
		r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryAbsent)
	}
}

func testLate(r *rig) {
	if !r.can("LATE") {
		return
	}
	r.Script(r.T, "AUTHORIZE", "LATE", 1)
	a := r.authorization("APPROVE")
	r.authorize(a, acquirer.Unknown)
	r.reverse(r.reversal(a), acquirer.Reversed)
	if r.DeliverLate != nil {
		r.DeliverLate()
	}
	select {
	case got := <-r.late:
		if got.attempt != a.AttemptID || got.answer.Outcome != acquirer.Approved || got.answer.ApprovalNumber == "" {
			r.Errorf("late answer %+v", got)
		}
	case <-r.ctx().Done():
		r.Fatal("the late answer was not reported")
	}
	r.inquire(a.Reference, a.Split.Amount, acquirer.InquiryReversed)
}

func testDuplicate(r *rig) {
	if !r.can("DUPLICATE") {
		return
	}
	r.Script(r.T, "AUTHORIZE", "DUPLICATE", 3)
	numbers := map[string]bool{}
	for range 6 {
		_, an := r.approved()
		numbers[an.ApprovalNumber] = true
	}
	if len(numbers) != 6 {
		r.Errorf("6 approvals have %d approval numbers: a second answer was taken for another's", len(numbers))
	}
	select {
	case got := <-r.late:
		r.Errorf("a duplicate was reported as late: %s", got.attempt)
	default:
	}
}

func testDelay(r *rig) {
	if r.can("DELAY") {
		r.Script(r.T, "AUTHORIZE", "DELAY", 1)
		r.approved()
	}
}

func testUnreachable(r *rig) {
	if r.Unreachable == nil {
		return
	}
	a := r.authorization("APPROVE")
	adapter := r.Unreachable(r.T)
	got := adapter.Authorize(r.ctx(), a)
	if got.Outcome != acquirer.Unknown || !got.NotSent {
		r.Fatalf("nobody listens, yet %v, not sent %v", got.Outcome, got.NotSent)
	}
	if v := adapter.Reverse(r.ctx(), r.reversal(a)); v.Result != acquirer.ReversalUnknown {
		r.Errorf("nobody listens, yet the reversal is %v", v.Result)
	}
	canceler, ok := adapter.(acquirer.Canceler)
	if !ok {
		return
	}
	c := canceler.Cancel(r.ctx(), r.cancellation(acquirer.Void, a, acquirer.Answer{ApprovalNumber: "12345678"}, a.Split))
	if c.Result != acquirer.CancelUnknown || !c.NotSent {
		r.Errorf("nobody listens, yet the cancel is %v, not sent %v", c.Result, c.NotSent)
	}
}

// testMany: answers find their callers.
func testMany(r *rig) {
	const many = 200
	type got struct {
		a  acquirer.Authorization
		an acquirer.Answer
	}
	out := make(chan got, many)
	var all sync.WaitGroup
	for i := range many {
		behaviour := "APPROVE"
		if i%5 == 0 {
			behaviour = "DECLINE_LIMIT"
		}
		a := r.authorization(behaviour)
		a.Split = r.split(a.Split.Amount+100*money.Won(i), 0)
		all.Go(func() { out <- got{a, r.Acquirer.Authorize(r.ctx(), a)} })
	}
	all.Wait()
	close(out)
	numbers := map[string]bool{}
	declined := 0
	for g := range out {
		switch g.an.Outcome {
		case acquirer.Approved:
			numbers[g.an.ApprovalNumber] = true
			if an := r.inquire(g.a.Reference, g.a.Split.Amount, acquirer.InquiryApproved); an.Answer.ApprovalNumber != g.an.ApprovalNumber {
				r.Fatalf("%s was given the approval of another", g.a.AttemptID)
			}
		case acquirer.Declined:
			declined++
		case acquirer.Unknown:
			r.Fatalf("%s: unknown: %s", g.a.AttemptID, g.an.Message)
		}
	}
	if declined != many/5 || len(numbers) != many-many/5 {
		r.Errorf("%d declined and %d approval numbers of %d", declined, len(numbers), many)
	}
}

// testContext: a caller that stops waiting is let go at once, and never hears that
// nothing was sent when something was.
func testContext(r *rig) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if got := r.Acquirer.Authorize(ended, r.authorization("APPROVE")); got.Outcome != acquirer.Unknown {
		r.Errorf("a context that had ended gave %v", got.Outcome)
	}
	if !r.can("TIMEOUT") {
		return
	}
	r.Script(r.T, "AUTHORIZE", "TIMEOUT", 1)
	a := r.authorization("APPROVE")
	ctx, cancel := context.WithTimeout(context.Background(), r.Acquirer.Describe().Timeouts.Read/4)
	defer cancel()
	done := make(chan acquirer.Answer, 1)
	go func() { done <- r.Acquirer.Authorize(ctx, a) }()
	patient := time.NewTimer(patience)
	defer patient.Stop()
	select {
	case got := <-done:
		if got.Outcome != acquirer.Unknown || got.NotSent {
			r.Errorf("the caller left: %v, not sent %v", got.Outcome, got.NotSent)
		}
	case <-patient.C:
		r.Fatal("the caller was not let go")
	}
	r.reverse(r.reversal(a), acquirer.Reversed)
}
