package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/money"
)

// limits is the part of the suite about what counts towards a merchant's limits.
func limits(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"a gate moves by one", gateMoves},
		{"what counts towards a limit", limitSums},
		{"a limit over concurrent instances", limitConcurrent},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

const limitDay clock.Day = "2026-03-02"

// counted is an intent that counts on a day, past the gate's version.
func (d *Desk) counted(day clock.Day, version int64) payment.Intent {
	in := d.Intent()
	in.Limit = payment.LimitUse{Day: day, Version: version}
	return in
}

func gateOf(t *testing.T, s payment.Store, d *Desk) int64 {
	t.Helper()
	v, err := s.LimitGate(t.Context(), d.Tenant())
	if err != nil {
		t.Error(err)
	}
	return v
}

func gateMoves(t *testing.T, s payment.Store) {
	d, other := NewDesk(1300), NewDesk(1301)
	ins := []payment.Intent{d.counted(limitDay, 1), d.counted(limitDay, 1), other.counted(limitDay, 1), d.counted(limitDay, 2), d.Intent()}
	errs := s.CommitIntents(context.Background(), ins)
	for i, want := range []error{nil, payment.ErrLimitMoved, nil, nil, nil} {
		if !errors.Is(errs[i], want) {
			t.Errorf("intent %d: %v, want %v", i, errs[i], want)
		}
		if want != nil {
			noTrace(t, s, d, ins[i])
		}
	}
	for _, stale := range []int64{1, 2, 4} {
		in := d.counted(limitDay, stale)
		if err := press(s, in); !errors.Is(err, payment.ErrLimitMoved) {
			t.Errorf("version %d: %v", stale, err)
		}
		noTrace(t, s, d, in)
	}
	// The same press again is told so, wherever the gate stands.
	if err := press(s, ins[0]); !errors.Is(err, payment.ErrKeyTaken) {
		t.Errorf("the same press: %v", err)
	}
	if d, o := gateOf(t, s, d), gateOf(t, s, other); d != 2 || o != 1 {
		t.Errorf("gates at %d and %d", d, o)
	}
}

func limitSums(t *testing.T, s payment.Store) {
	d := NewDesk(1302)
	sum := func(from, until clock.Day) money.Won {
		t.Helper()
		won, err := s.LimitSum(t.Context(), d.Tenant(), from, until)
		if err != nil {
			t.Error(err)
		}
		return won
	}
	want := func(won money.Won, why string) {
		t.Helper()
		if got := sum(limitDay, limitDay); got != won {
			t.Errorf("%s: %s, want %s", why, got, won)
		}
	}
	want(0, "nothing")
	one, two, three := d.counted(limitDay, 1), d.counted(limitDay, 2), d.counted(limitDay, 3)
	commit(t, s, one, two, three, d.Intent(), d.counted("2026-03-01", 4))
	want(165_000, "three under way, one that does not count and one of another day")
	settle(t, s, d.Approved(one), d.Declined(two), d.Unknown(three))
	want(110_000, "one approved, one declined, one unknown")
	if all := sum("2026-03-01", "2026-03-31"); all != 165_000 {
		t.Errorf("the month: %s", all)
	}
	p, err := s.Payment(t.Context(), d.Tenant(), one.Payment.ID)
	if err != nil {
		t.Fatal(err)
	}
	part := money.Split{Amount: 11_000, TaxFree: 11_000}
	p.Balance, p.Status = p.Balance.Minus(part), payment.PartialCanceled
	p.Version++
	if err := s.Tx(t.Context(), func(ctx context.Context, tx payment.Tx) error {
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		return tx.Record(ctx, d.record("payment.cancel", p.ID))
	}); err != nil {
		t.Fatal(err)
	}
	want(99_000, "a part of it was cancelled")
	if got, err := s.LimitSum(t.Context(), NewDesk(1303).Tenant(), limitDay, limitDay); err != nil || got != 0 {
		t.Errorf("another merchant: %s %v", got, err)
	}
}

// limitConcurrent has instances take payments of one merchant at once, each as the core
// does: gate, sum, commit. Together they take what the limit allows and not a won more.
func limitConcurrent(t *testing.T, s payment.Store) {
	const most, instances = 5 * 55_000, 4
	desks := make([]*Desk, instances)
	for i := range desks {
		desks[i] = NewDesk(uint64(1310 + i))
		desks[i].Merchant, desks[i].orders = desks[0].Merchant, 1000*i
	}
	var all sync.WaitGroup
	for _, d := range desks {
		all.Go(func() {
			for range 400 {
				at := gateOf(t, s, d)
				sum, err := s.LimitSum(t.Context(), d.Tenant(), limitDay, limitDay)
				if err != nil {
					t.Error(err)
					return
				}
				if sum+55_000 > most {
					return
				}
				if err := press(s, d.counted(limitDay, at+1)); err != nil && !errors.Is(err, payment.ErrLimitMoved) {
					t.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	if sum, err := s.LimitSum(t.Context(), desks[0].Tenant(), limitDay, limitDay); err != nil || sum != most {
		t.Errorf("together they took %s: %v", sum, err)
	}
}
