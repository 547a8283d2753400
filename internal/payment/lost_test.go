package payment_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"innopay/internal/payment"
	"innopay/money"
)

// twice is a store that loses the answer to its first commit: it runs the transaction
// again, meets what it had committed, and says so, as store.DB does.
type twice struct {
	payment.Store
	left int
}

func (s *twice) Tx(ctx context.Context, fn func(context.Context, payment.Tx) error) error {
	err := s.Store.Tx(ctx, fn)
	if err == nil && s.left > 0 {
		s.left--
		if s.Store.Tx(ctx, fn) == nil {
			return errors.New("the transaction passed twice")
		}
	}
	return err
}

// The plan of a cancel that is sent is the one that is durable, also when the
// transaction ran once more after its commit and made another plan.
func TestACancelWhoseCommitWasReportedLostIsSentAsItStands(t *testing.T) {
	t.Parallel()
	part := money.Won(4_000)
	for name, amount := range map[string]*money.Won{"whole": nil, "part": &part} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.approved(10_000)
			lossy := r.over(&twice{Store: r.store, left: 1}, "instance-2")
			c := r.cancelCommand(p.ID, amount)
			res, err := lossy.Cancel(t.Context(), c)
			if err != nil || res.Status != 200 {
				t.Fatalf("HTTP %d %v, want 200", res.Status, err)
			}
			r.settle(time.Hour)
			now := r.get(p.ID)
			if r.host.standing() != now.Balance.Amount {
				t.Errorf("the buyer has paid %d, our balance is %d", r.host.standing(), now.Balance.Amount)
			}
			if n := r.host.times("VOID") + r.host.times("REFUND"); n != 1 || len(now.Cancels) != 1 || now.Cancels[0].Status != payment.CancelDone {
				t.Errorf("%d messages, cancels %+v; want one of each, done", n, now.Cancels)
			}
			r.books(p.ID)
		})
	}
}

// delayed is a store whose transactions take their time once.
type delayed struct {
	payment.Store
	clock leaping
	next  time.Duration
}

func (s *delayed) Tx(ctx context.Context, fn func(context.Context, payment.Tx) error) error {
	err := s.Store.Tx(ctx, fn)
	s.clock.Advance(s.next)
	s.next = 0
	return err
}

// A cancel that became durable so late that a worker may already have taken it over
// is not sent by its process any more.
func TestACancelThatWasDurableTooLateIsNotSent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	late := r.over(&delayed{Store: r.store, clock: r.clock, next: time.Minute}, "instance-2")
	res, err := late.Cancel(t.Context(), r.cancelCommand(p.ID, nil))
	if err != nil || len(res.Payment.Cancels) != 1 || res.Payment.Cancels[0].Failure.Code != "NOT_SENT" {
		t.Errorf("%+v %v, want a cancel that was not sent", res.Payment.Cancels, err)
	}
	if n := r.host.times("VOID"); n != 0 {
		t.Errorf("%d voids left", n)
	}
	r.settle(time.Hour)
	r.books(p.ID)
}

// A worker whose transaction before the message took longer than its lease lets
// somebody else send it: an operator may have found the payment good meanwhile.
func TestAWorkerThatStoodStillBeforeItsMessageDoesNotSendIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	now := r.clock.Now()
	jobs, err := r.store.Lease(t.Context(), "instance-2", now, now.Add(time.Minute), 1)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	stuck := r.over(&delayed{Store: r.store, clock: r.clock, next: 10 * time.Minute}, "instance-2")
	if err := stuck.Settle(t.Context(), jobs[0]); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("settled with %v, want ErrChanged", err)
	}
	if n := r.host.times("REVERSE"); n != 0 {
		t.Errorf("%d reversals left after the lease had lapsed", n)
	}
	r.settle(time.Hour)
	if p := r.get(res.Payment.ID); p.Failure.Code != "REVERSED" || r.host.standing() != 0 {
		t.Errorf("payment is %s %s, the buyer has paid %d", p.Status, p.Failure.Code, r.host.standing())
	}
}

// An acquirer that does the same cancel again must not get it while the one before
// may still arrive.
func TestACancelIsNotRepeatedWhileItMayStillArriveWhereRepeatsAreNotSafe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.d.CancelIdempotent = false
	r.host.d.Timeouts.Backoff = []time.Duration{time.Second}
	p := r.approved(10_000)
	r.host.on("REFUND", lost, lost)
	part := money.Won(4_000)
	r.cancel(p.ID, &part)
	r.settle(time.Hour)
	r.books(p.ID)
	sends := r.sentAt("REFUND")
	for i := 1; i < len(sends); i++ {
		if gap := sends[i].Sub(sends[i-1]); gap <= r.host.d.Timeouts.NoOriginalAfter {
			t.Errorf("sent again after %s, while the message before could still arrive", gap)
		}
	}
	if len(sends) != 3 || r.host.standing() != 6_000 {
		t.Errorf("%d refunds left and the buyer has paid %d, want 3 and 6000", len(sends), r.host.standing())
	}
}

// One word of the acquirer that it never had the cancel is not enough to send it again
// where a repeat is done twice.
func TestOneWrongWordOfAbsenceDoublesNoCancel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.d.CancelIdempotent = false
	p := r.approved(10_000)
	r.host.on("REFUND", silent)
	part := money.Won(4_000)
	r.cancel(p.ID, &part)
	r.clock.Advance(time.Minute) // whatever was under way has arrived
	r.host.on("INQUIRE", deny)
	r.settle(time.Hour)
	r.books(p.ID)
	if n := r.host.times("REFUND"); n != 1 || r.host.standing() != 6_000 {
		t.Errorf("%d refunds left and the buyer has paid %d, want 1 and 6000", n, r.host.standing())
	}
}

// sentAt is when the messages of a kind left.
func (r *rig) sentAt(kind string) []time.Time {
	r.host.mu.Lock()
	defer r.host.mu.Unlock()
	var at []time.Time
	for _, c := range r.host.calls {
		if c.kind == kind {
			at = append(at, c.at)
		}
	}
	return at
}
