package memory_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/internal/store/storetest"
)

func TestPayments(t *testing.T) {
	t.Parallel()
	storetest.Payments(t, func(*testing.T) payment.Store { return memory.New(nil) })
}

// TestFates sees that a fate writes what it says and nothing else.
func TestFates(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fate    memory.Fate
		want    error
		written bool
		dies    bool
	}{
		"proceed":      {memory.Proceed, nil, true, false},
		"fail":         {memory.Fail, memory.ErrBroken, false, false},
		"lose":         {memory.Lose, memory.ErrBroken, true, false},
		"rerun":        {memory.Rerun, nil, true, false},
		"full":         {memory.Full, payment.ErrNoSpace, false, false},
		"overload":     {memory.Overload, payment.ErrOverloaded, false, false},
		"crash before": {memory.CrashBefore, nil, false, true},
		"crash after":  {memory.CrashAfter, nil, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := memory.New(func(c memory.Commit) memory.Fate {
				if c.Point != memory.Intents {
					return memory.Proceed
				}
				return tc.fate
			})
			d := storetest.NewDesk(1)
			in := d.Intent()
			died := func() (died bool) {
				defer func() {
					c, ok := recover().(memory.Crash)
					died = ok && c.Point == memory.Intents
				}()
				if err := s.CommitIntents(t.Context(), []payment.Intent{in})[0]; !errors.Is(err, tc.want) {
					t.Errorf("error %v, want %v", err, tc.want)
				}
				return false
			}()
			if died != tc.dies {
				t.Errorf("died %t, want %t", died, tc.dies)
			}
			snap := s.Snapshot()
			if got := len(snap.Dossiers) + len(snap.Keys) + len(snap.Audits) + s.UnsettledCount() + len(s.TakeTouched()); got != map[bool]int{true: 5}[tc.written] {
				t.Errorf("%d rows after the commit, written %t", got, tc.written)
			}
			if _, err := s.PaymentByOrder(t.Context(), d.Tenant(), in.Payment.OrderID); (err == nil) != tc.written {
				t.Errorf("by order: %v, written %t", err, tc.written)
			}
		})
	}
}

func TestAPanicInATransactionRollsBack(t *testing.T) {
	t.Parallel()
	s := memory.New(nil)
	d := storetest.NewDesk(1)
	in := d.Intent()
	if err := s.CommitIntents(t.Context(), []payment.Intent{in})[0]; err != nil {
		t.Fatal(err)
	}
	before := s.Snapshot()
	func() {
		defer func() { _ = recover() }()
		_ = s.Tx(t.Context(), func(ctx context.Context, tx payment.Tx) error {
			p := in.Payment
			p.Version, p.Status, p.OrderLive = 2, payment.Aborted, false
			if err := tx.UpdatePayment(ctx, p); err != nil {
				t.Errorf("UpdatePayment: %v", err)
			}
			if err := tx.DeleteUnsettled(ctx, in.Unsettled); err != nil {
				t.Errorf("DeleteUnsettled: %v", err)
			}
			panic("bug")
		})
	}()
	if diff := cmp.Diff(before, s.Snapshot()); diff != "" {
		t.Errorf("the transaction left something (-before +after):\n%s", diff)
	}
	if p, err := s.PaymentByOrder(t.Context(), d.Tenant(), in.Payment.OrderID); err != nil || p.Status != payment.InProgress {
		t.Errorf("by order %s %v", p.Status, err)
	}
}

func TestConstraints(t *testing.T) {
	t.Parallel()
	s := memory.New(nil)
	d := storetest.NewDesk(1)
	for name, spoil := range map[string]func(*payment.Intent){
		"parts do not add up": func(in *payment.Intent) { in.Payment.Split.VAT++ },
		"balance too large":   func(in *payment.Intent) { in.Payment.Balance.Amount++; in.Payment.Balance.VAT++ },
		"unknown status":      func(in *payment.Intent) { in.Payment.Status = "PAID" },
		"no trace number":     func(in *payment.Intent) { in.Attempt.STAN = 0 },
		"no audit record":     func(in *payment.Intent) { in.Audit.ID = "" },
	} {
		in := d.Intent()
		spoil(&in)
		if err := s.CommitIntents(t.Context(), []payment.Intent{in})[0]; !errors.Is(err, memory.ErrConstraint) {
			t.Errorf("%s: %v, want ErrConstraint", name, err)
		}
	}
	if n := len(s.Snapshot().Keys); n != 0 {
		t.Errorf("refused intents left %d keys", n)
	}
}
