package payment_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/payment"
	"innopay/money"
)

func TestFiftyPostsOfOneKeyAreOnePayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 20 {
		c := create(10_000)
		instances := []*payment.Service{r.Service, r.instance("instance-2")}
		var mu sync.Mutex
		bodies := map[string]int{}
		var posts sync.WaitGroup
		before := r.host.times("AUTHORIZE")
		for i := range 50 {
			press := again(c)
			posts.Go(func() {
				res, err := instances[i%2].PayByCard(t.Context(), press)
				switch {
				case err == nil && res.Status == 201:
					mu.Lock()
					bodies[string(res.Body)]++
					mu.Unlock()
				case fault.CodeOf(err) == "IN_PROGRESS":
				default:
					t.Errorf("HTTP %d %v", res.Status, err)
				}
			})
		}
		posts.Wait()
		if n := r.host.times("AUTHORIZE") - before; n != 1 || len(bodies) != 1 {
			t.Errorf("%d authorizations, %d different answers; want one of each", n, len(bodies))
		}
	}
}

func TestTwoOrdersAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 20 {
		c := create(10_000)
		var posts sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for _, key := range []string{"a", "b", "c", "d"} {
			press := again(c)
			press.Key += key
			posts.Go(func() {
				_, err := r.PayByCard(t.Context(), press)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case fault.CodeOf(err) != "DUPLICATE_ORDER":
					t.Error(err)
				}
			})
		}
		posts.Wait()
		if won != 1 {
			t.Errorf("%d payments of one order", won)
		}
	}
}

// TestCancelsAtOnce lets cancels of one payment race, some of them unknown at first,
// with a worker beside them: never more is taken back than was paid.
func TestCancelsAtOnce(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		amounts []money.Won // 0: the whole
		done    money.Won
	}{
		"two whole":          {[]money.Won{0, 0}, 10_000},
		"whole and part":     {[]money.Won{0, 4_000}, 0},
		"parts over":         {[]money.Won{6_000, 6_000}, 6_000},
		"many parts exactly": {[]money.Won{2_500, 2_500, 2_500, 2_500}, 10_000},
		"many parts over":    {[]money.Won{3_000, 3_000, 3_000, 3_000, 3_000, 3_000}, 9_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			other := r.instance("instance-2")
			for round := range 50 {
				p := r.approved(10_000)
				if round%3 == 0 {
					r.host.on("REFUND", lost)
				}
				race(t, r, other, p.ID, tc.amounts)
				r.settle(time.Hour)
				now := r.get(p.ID)
				taken := p.Split.Amount - now.Balance.Amount
				if tc.done != 0 && taken != tc.done {
					t.Errorf("round %d: %d taken back, want %d: %+v", round, taken, tc.done, now.Cancels)
				}
				r.books(p.ID)
				r.host.script["REFUND"] = nil
			}
			if sum := r.standing(); sum != r.host.standing() {
				t.Errorf("our balance %d, buyers have paid %d", sum, r.host.standing())
			}
		})
	}
}

// One press of the cancel button that arrives twice at once is one cancel, and both
// hear of it: the second must not be told that the balance is gone.
func TestOneCancelThatArrivesTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(10_000)
	cmd := r.cancelCommand(p.ID, nil)
	o := r.Options
	o.Store = overtaken{r.store, func() {
		if res, err := r.Cancel(t.Context(), cmd); err != nil || res.Status != 200 {
			t.Errorf("the first: HTTP %d %v", res.Status, err)
		}
	}}
	res, err := payment.New(o).Cancel(t.Context(), cmd)
	if err != nil || res.Status != 200 || !res.Replayed || r.host.times("VOID") != 1 {
		t.Errorf("the second: HTTP %d %v, %d voids", res.Status, err, r.host.times("VOID"))
	}
}

// overtaken is a store in which somebody else comes first, just before a transaction.
type overtaken struct {
	payment.Store
	first func()
}

func (o overtaken) Tx(ctx context.Context, fn func(context.Context, payment.Tx) error) error {
	o.first()
	return o.Store.Tx(ctx, fn)
}

func race(t *testing.T, r *rig, other *payment.Service, paymentID string, amounts []money.Won) {
	t.Helper()
	var runs sync.WaitGroup
	for i, amount := range amounts {
		cmd := r.cancelCommand(paymentID, &amount)
		if amount == 0 {
			cmd.Amount = nil
		}
		s := []*payment.Service{r.Service, other}[i%2]
		runs.Go(func() {
			_, err := s.Cancel(t.Context(), cmd)
			var f *fault.Error
			if err != nil && (!errors.As(err, &f) || f.Kind != fault.Conflict) {
				t.Errorf("cancel: %v", err)
			}
		})
	}
	runs.Go(func() { r.step(other) })
	runs.Wait()
}

// standing is what buyers have paid by our books.
func (r *rig) standing() money.Won {
	var sum money.Won
	for _, d := range r.store.Snapshot().Dossiers {
		if d.Payment.Status.Approved() {
			sum += d.Payment.Balance.Amount
		}
	}
	return sum
}

// TestSettlersAtOnce lets two instances, an operator and cancels meet one unknown payment.
func TestSettlersAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := r.instance("instance-2")
	for range 50 {
		r.host.on("AUTHORIZE", silent)
		p := r.pay(create(10_000)).Payment
		var runs sync.WaitGroup
		runs.Go(func() { r.step(r.Service) })
		runs.Go(func() { r.step(other) })
		runs.Go(func() {
			if _, err := r.Resolve(t.Context(), shop, p.ID, payment.Done, "usr_operator"); err != nil && fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		})
		runs.Go(func() {
			if _, err := other.Cancel(t.Context(), r.cancelCommand(p.ID, nil)); err != nil && fault.KindOf(err) != fault.Conflict {
				t.Error(err)
			}
		})
		runs.Wait()
		r.settle(time.Hour)
		r.books(p.ID)
	}
	if sum := r.standing(); sum != r.host.standing() {
		t.Errorf("our balance %d, buyers have paid %d", sum, r.host.standing())
	}
}
