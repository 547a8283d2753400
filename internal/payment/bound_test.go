package payment_test

import (
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/money"
)

func (r *rig) limited(l payment.Limits) {
	r.terms.change(func(t *payment.Terms) { t.Limits = l })
}

// refusedFor takes a payment that must not be taken, and sees that nothing left.
func (r *rig) refusedFor(code string, amount money.Won, change ...func(*payment.Create)) {
	r.t.Helper()
	before := r.host.times("AUTHORIZE")
	_, err := r.PayByCard(r.t.Context(), create(amount, change...))
	f := wantFault(r.t, err, code)
	if code == "INVALID_REQUEST" && (f == nil || len(f.Fields) != 1) {
		r.t.Errorf("%+v", f)
	}
	if after := r.host.times("AUTHORIZE"); after != before {
		r.t.Errorf("%d messages left", after-before)
	}
}

func TestLimitsOfOnePayment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerPayment: 100_000, MaxMonths: 3})
	months := func(n int) func(*payment.Create) {
		return func(c *payment.Create) { c.InstallmentMonths = n }
	}
	r.approved(100_000, months(3))
	r.refusedFor("INVALID_REQUEST", 100_001)
	r.refusedFor("INVALID_REQUEST", 100_000, months(4))
	r.limited(payment.Limits{MaxMonths: 1})
	r.approved(9_000_000)
	r.refusedFor("INVALID_REQUEST", 100_000, months(2))
	r.limited(payment.Limits{})
	r.approved(9_000_000, months(12))
}

// TestDayLimit: approvals count, cancels and declines give back, a press that is repeated
// is answered as before, and the next day begins anew.
func TestDayLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerDay: 100_000})
	first := create(60_000)
	paid := r.pay(first).Payment
	r.refusedFor("DAY_LIMIT", 40_001)
	r.approved(40_000)
	if res := r.pay(again(first)); !res.Replayed || res.Payment.ID != paid.ID {
		t.Errorf("the press before: %+v", res)
	}
	r.refusedFor("DAY_LIMIT", 100)
	part := money.Won(10_000)
	r.cancel(paid.ID, &part)
	r.approved(10_000)
	r.refusedFor("DAY_LIMIT", 100)
	r.clock.Advance(12 * time.Hour)
	r.approved(100_000)
	r.refusedFor("DAY_LIMIT", 100)
}

// TestMonthLimit counts the days gone by, and again what is cancelled of them, a minute
// later at most.
func TestMonthLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerMonth: 100_000, PerDay: 70_000})
	paid := r.approved(70_000)
	r.clock.Advance(24 * time.Hour)
	r.refusedFor("MONTH_LIMIT", 30_001)
	r.approved(20_000)
	r.clock.Advance(24 * time.Hour)
	r.refusedFor("MONTH_LIMIT", 10_001)
	r.cancel(paid.ID, nil)
	r.clock.Advance(2 * time.Minute)
	r.approved(70_000)
	r.refusedFor("DAY_LIMIT", 100)
	r.clock.Advance(30 * 24 * time.Hour)
	r.approved(70_000)
}

// TestAnUnknownOutcomeHoldsItsPart until it is reversed.
func TestAnUnknownOutcomeHoldsItsPart(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerDay: 100_000})
	r.host.on("AUTHORIZE", silent)
	if res := r.pay(create(60_000)); res.Payment.Status != payment.Unknown {
		t.Fatalf("%s", res.Payment.Status)
	}
	r.refusedFor("DAY_LIMIT", 60_000)
	r.settle(time.Hour)
	r.approved(100_000)
}

// TestLimitOverInstances has two processes take payments at once: together no more than
// the limit, and the limit is used up.
func TestLimitOverInstances(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerDay: 10 * 5_000})
	services := []*payment.Service{r.Service, r.instance("instance-2")}
	var all sync.WaitGroup
	var mu sync.Mutex
	taken := 0
	for n := range 40 {
		all.Go(func() {
			res, err := services[n%2].PayByCard(t.Context(), create(5_000))
			if err != nil {
				wantFault(t, err, "DAY_LIMIT")
				return
			}
			if res.Payment.Status == payment.Done {
				mu.Lock()
				taken++
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if taken != 10 {
		t.Errorf("%d payments were taken", taken)
	}
	if sum, err := r.store.LimitSum(t.Context(), shop, clock.DayOf(noon), clock.DayOf(noon)); err != nil || sum != 50_000 {
		t.Errorf("%s %v", sum, err)
	}
}

// TestALimitThatCannotBeCommittedTakesNoMoney: the commit of an intent that counts fails as
// any other.
func TestALimitThatCannotBeCommittedTakesNoMoney(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.limited(payment.Limits{PerDay: 100_000})
	r.fates.set(memory.Intents, memory.Full)
	r.refusedFor("UNAVAILABLE", 5_000)
	r.approved(100_000)
}

// TestASuspendedMerchantCancelsAndSettles what it took before, and takes nothing new.
func TestASuspendedMerchantCancelsAndSettles(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sold := r.approved(10_000)
	r.host.on("AUTHORIZE", silent)
	open := r.pay(create(20_000)).Payment
	if open.Status != payment.Unknown {
		t.Fatalf("%s", open.Status)
	}
	r.terms.change(func(t *payment.Terms) { t.Suspended = true })
	r.refusedFor("MERCHANT_SUSPENDED", 5_000)
	if res := r.cancel(sold.ID, nil); res.Payment.Status != payment.Canceled {
		t.Errorf("the cancel: %s", res.Payment.Status)
	}
	r.settle(time.Hour)
	if got := r.get(open.ID); got.Status != payment.Aborted {
		t.Errorf("the open outcome: %s", got.Status)
	}
}
