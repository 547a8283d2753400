package payment_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
)

// TestATryWhoseIntentMayStandGoesOnToCount: a commit whose answer was lost may have
// written the payment, and nobody can know at once. What was refused for certain, or could
// not be asked for at all, is given back.
func TestATryWhoseIntentMayStandGoesOnToCount(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fate    memory.Fate
		limited bool
		code    string
		stands  bool
		counts  bool
	}{
		"lost, and written":                {memory.Lose, false, "UNAVAILABLE", true, true},
		"lost, and written, under a limit": {memory.Lose, true, "UNAVAILABLE", true, true},
		"lost, and not written":            {memory.Fail, false, "UNAVAILABLE", false, true},
		"no space":                         {memory.Full, false, "UNAVAILABLE", false, false},
		"no space, under a limit":          {memory.Full, true, "UNAVAILABLE", false, false},
		"overloaded":                       {memory.Overload, false, "OVERLOADED", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			guard := &watchman{}
			r.Guard = guard
			if c.limited {
				r.limited(payment.Limits{PerDay: 100_000})
			}
			press := create(10_000)
			last4 := press.Card.PAN.Last4()
			want := []string{"judge 10000 " + last4}
			if !c.counts {
				want = append(want, "ended 0 "+last4)
			}
			r.fates.set(memory.Intents, c.fate)
			_, err := r.PayByCard(t.Context(), again(press))
			wantFault(t, err, c.code)
			if got := guard.heard(); !slices.Equal(got, want) {
				t.Errorf("told %q, want %q", got, want)
			}
			if n := r.store.UnsettledCount(); (n == 1) != c.stands || r.host.times("AUTHORIZE") != 0 {
				t.Errorf("%d intents stand, %d messages left", n, r.host.times("AUTHORIZE"))
			}
			if !c.stands {
				return
			}
			r.clock.Advance(time.Minute)
			r.settle(time.Hour)
			res, err := r.PayByCard(t.Context(), again(press))
			if err != nil || !res.Replayed || res.Payment.Failure.Code != "REVERSED" || r.host.standing() != 0 {
				t.Errorf("the press again: %+v %v", res.Payment.Failure, err)
			}
			r.books(res.Payment.ID)
		})
	}
}

// TestALimitThatCannotBeReadGivesTheTryBack: nothing was asked to be written.
func TestALimitThatCannotBeReadGivesTheTryBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	guard := &watchman{}
	blind := r.over(gateless{r.store}, "instance-2")
	blind.Guard = guard
	r.limited(payment.Limits{PerDay: 100_000})
	press := create(10_000)
	last4 := press.Card.PAN.Last4()
	_, err := blind.PayByCard(t.Context(), press)
	wantFault(t, err, "UNAVAILABLE")
	if got := guard.heard(); !slices.Equal(got, []string{"judge 10000 " + last4, "ended 0 " + last4}) {
		t.Errorf("told %q", got)
	}
}

// gateless is a store that cannot read the gate of a merchant's limits.
type gateless struct{ payment.Store }

func (gateless) LimitGate(context.Context, merchant.Tenant) (int64, error) {
	return 0, memory.ErrBroken
}
