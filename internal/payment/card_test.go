package payment_test

import (
	"context"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
)

func TestApproval(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c := create(60_000)
	pan := c.Card.PAN.Reveal()
	res := r.pay(c)
	p := r.get(res.Payment.ID)
	if res.Status != 201 || p.Status != payment.Done || p.Card.ApprovalNumber == "" || !p.ApprovedAt.Equal(noon) || p.Balance != p.Split || !p.SignatureMissing {
		t.Errorf("HTTP %d, payment %+v", res.Status, p)
	}
	if p.Split.VAT != 5_455 || p.Card.Masked() != "411111******1111" || p.Card.IssuerCode != "11" {
		t.Errorf("split %+v, card %+v", p.Split, p.Card)
	}
	for _, b := range pan {
		if b != 0 {
			t.Fatal("the card number was not wiped")
		}
	}
	r.books(p.ID)
	d := r.dossier(p.ID)
	if len(d.Unsettled) != 0 || len(d.Attempts) != 1 || d.Attempts[0].Status != payment.AttemptApproved || d.Attempts[0].RRN == "" {
		t.Errorf("dossier %+v", d)
	}
	if len(d.Postings) != 2 || d.Postings[0].Event != ledger.Approval || d.Postings[0].Day != "2026-03-02" {
		t.Errorf("postings %+v", d.Postings)
	}
	snap := r.store.Snapshot()
	if len(snap.Events) != 1 || snap.Events[0].Type != outbox.PaymentApproved || snap.Events[0].Version != p.Version || len(snap.Audits) != 2 {
		t.Errorf("events %+v audits %+v", snap.Events, snap.Audits)
	}
}

func TestDeclineIsAResultAndFreesTheOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", refuse)
	c := create(10_000)
	res := r.pay(c)
	if res.Status != 201 || res.Payment.Status != payment.Aborted || res.Payment.Failure.Code != "CARD_DECLINED_LIMIT" {
		t.Fatalf("HTTP %d %+v", res.Status, res.Payment)
	}
	r.books(res.Payment.ID)
	next := again(c)
	next.Key = "another press"
	if res := r.pay(next); res.Payment.Status != payment.Done {
		t.Errorf("the order of a declined payment is not free: %s", res.Payment.Status)
	}
	p, err := r.ByOrder(t.Context(), shop, c.OrderID)
	if err != nil || p.Status != payment.Done {
		t.Errorf("order shows %s %v, want the live payment", p.Status, err)
	}
}

func TestNotSentIsFinal(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", notSent)
	res := r.pay(create(10_000))
	if res.Status != 201 || res.Payment.Status != payment.Aborted || res.Payment.Failure.Code != "NOT_SENT" || r.store.UnsettledCount() != 0 {
		t.Errorf("HTTP %d %+v, %d unsettled", res.Status, res.Payment, r.store.UnsettledCount())
	}
}

func TestApprovalWithoutNumberIsUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", bare)
	res := r.pay(create(10_000))
	if res.Status != 202 || res.Payment.Status != payment.Unknown {
		t.Fatalf("HTTP %d %s", res.Status, res.Payment.Status)
	}
	r.settle(time.Minute)
	if p := r.get(res.Payment.ID); p.Status != payment.Aborted || r.host.standing() != 0 {
		t.Errorf("%s, buyers have paid %d", p.Status, r.host.standing())
	}
}

func TestHangUpDoesNotLoseTheOutcome(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	h := &slow{host: r.host, arrived: make(chan string, 1), release: make(chan struct{})}
	ctx, hangUp := context.WithCancel(t.Context())
	s := payment.New(withAcquirer(r.Options, h))
	done := make(chan payment.Result, 1)
	c := create(10_000)
	go func() {
		res, err := s.PayByCard(ctx, c)
		if err != nil {
			t.Errorf("PayByCard: %v", err)
		}
		done <- res
	}()
	<-h.arrived
	hangUp()
	close(h.release)
	res := <-done
	if p := r.get(res.Payment.ID); p.Status != payment.Done {
		t.Errorf("payment is %s after the client hung up, want DONE", p.Status)
	}
}

func withAcquirer(o payment.Options, a acquirer.Acquirer) payment.Options {
	o.Acquirers = map[string]acquirer.Acquirer{"test": a}
	return o
}

func TestSuspendedMerchantAndMissingAdapter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.terms.change(func(m *payment.Terms) { m.Suspended = true })
	_, err := r.PayByCard(t.Context(), create(10_000))
	wantFault(t, err, "MERCHANT_SUSPENDED")
	r.terms.change(func(m *payment.Terms) { m.Suspended, m.Adapter = false, "gone" })
	_, err = r.PayByCard(t.Context(), create(10_000))
	wantFault(t, err, "UNAVAILABLE")
	if n := r.host.times("AUTHORIZE"); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
}

func TestMoreThanMaxInFlightIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	h := &slow{host: r.host, arrived: make(chan string, 1), release: make(chan struct{})}
	o := withAcquirer(r.Options, h)
	o.MaxInFlight = 1
	s := payment.New(o)
	done := make(chan error, 1)
	c := create(10_000)
	go func() {
		_, err := s.PayByCard(t.Context(), c)
		done <- err
	}()
	<-h.arrived
	_, err := s.PayByCard(t.Context(), create(10_000))
	if f := wantFault(t, err, "OVERLOADED"); f.RetryAfter == 0 {
		t.Error("no word on when to try again")
	}
	close(h.release)
	if err := <-done; err != nil {
		t.Errorf("the first payment: %v", err)
	}
}

func TestIntentNotWritten(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fate memory.Fate
		code string
	}{
		"broken": {memory.Fail, "UNAVAILABLE"}, "disk full": {memory.Full, "UNAVAILABLE"}, "queue full": {memory.Overload, "OVERLOADED"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.fates.set(memory.Intents, tc.fate)
			c := create(10_000)
			_, err := r.PayByCard(t.Context(), c)
			wantFault(t, err, tc.code)
			if n := r.host.times("AUTHORIZE"); n != 0 {
				t.Fatalf("%d messages were sent without a durable intent", n)
			}
			if res := r.pay(again(c)); res.Payment.Status != payment.Done || res.Replayed {
				t.Errorf("the same press later: %s, replayed %t", res.Payment.Status, res.Replayed)
			}
		})
	}
}

func TestIntentWrittenAlthoughReportedLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fates.set(memory.Intents, memory.Lose)
	c := create(10_000)
	_, err := r.PayByCard(t.Context(), c)
	wantFault(t, err, "UNAVAILABLE")
	_, err = r.PayByCard(t.Context(), again(c))
	wantFault(t, err, "IN_PROGRESS")
	r.settle(time.Minute)
	res := r.pay(again(c))
	if res.Status != 201 || res.Payment.Failure.Code != "REVERSED" || r.host.times("AUTHORIZE") != 0 {
		t.Errorf("HTTP %d, %+v", res.Status, res.Payment)
	}
}

func TestOutcomeNotWrittenIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fates.set(memory.Outcomes, memory.Fail, memory.Full, memory.Fail)
	if p := r.approved(10_000); r.get(p.ID).Status != payment.Done {
		t.Error("the approval was not written")
	}
}

func TestOutcomeWrittenAlthoughReportedLost(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fates.set(memory.Outcomes, memory.Lose)
	p := r.approved(10_000)
	r.books(p.ID)
	if r.host.times("AUTHORIZE") != 1 {
		t.Error("sent twice")
	}
}

func TestOutcomeNeverWrittenIsReversed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.fates.set(memory.Outcomes, memory.Fail, memory.Fail, memory.Fail, memory.Fail)
	c := create(10_000)
	res := r.pay(c)
	if res.Status != 202 || res.Payment.Status != payment.Unknown {
		t.Fatalf("HTTP %d %s, want 202 UNKNOWN", res.Status, res.Payment.Status)
	}
	r.settle(time.Minute)
	if res := r.pay(again(c)); res.Status != 201 || res.Payment.Failure.Code != "REVERSED" || r.host.standing() != 0 {
		t.Errorf("HTTP %d %+v, buyers have paid %d", res.Status, res.Payment, r.host.standing())
	}
}

// A process that stood still between W1 and N1 must not send any more: a worker may
// have reversed already, and the reversal would come before its original.
func TestIntentThatTookTooLongIsNotSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.Options
	o.Store = stalling{r.store, func() { r.clock.Advance(30 * time.Second) }}
	res, err := payment.New(o).PayByCard(t.Context(), create(10_000))
	if err != nil || res.Payment.Failure.Code != "NOT_SENT" || r.host.times("AUTHORIZE") != 0 {
		t.Fatalf("%+v %v, %d messages", res.Payment, err, r.host.times("AUTHORIZE"))
	}

	// The same when a worker took over in the meantime.
	o.Store = stalling{r.store, func() {
		r.clock.Advance(30 * time.Second)
		r.settle(time.Minute)
	}}
	res, err = payment.New(o).PayByCard(t.Context(), create(10_000))
	if err != nil || res.Payment.Failure.Code != "REVERSED" || r.host.times("AUTHORIZE") != 0 {
		t.Errorf("%+v %v, %d messages", res.Payment, err, r.host.times("AUTHORIZE"))
	}
}

// stalling is a store behind which the process stands still after W1.
type stalling struct {
	payment.Store
	stall func()
}

func (s stalling) CommitIntents(ctx context.Context, is []payment.Intent) []error {
	errs := s.Store.CommitIntents(ctx, is)
	s.stall()
	return errs
}
