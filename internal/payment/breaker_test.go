package payment_test

import (
	"bytes"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/payment"
)

// figures are the breaker's in these tests.
var figures = acquirer.Breaker{Failures: 3, After: 10 * time.Second, Probe: 5 * time.Second}

// newBreakerRig is a rig whose acquirer has the figures.
func newBreakerRig(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	r.host.d.Timeouts.Breaker = figures
	r.Service = r.instance("instance-1")
	return r
}

// unreachable presses n payments that cannot leave, five seconds apart.
func (r *rig) unreachable(n int) {
	r.t.Helper()
	for range n {
		r.host.on("AUTHORIZE", notSent)
		if res := r.pay(create(1_000)); res.Payment.Failure.Code != "NOT_SENT" {
			r.t.Fatalf("payment is %s %s, want NOT_SENT", res.Payment.Status, res.Payment.Failure.Code)
		}
		r.clock.Advance(5 * time.Second)
	}
}

// refused presses a payment that the breaker must refuse, with nothing written.
func (r *rig) refused() {
	r.t.Helper()
	c := create(1_000)
	before := r.host.times("AUTHORIZE")
	_, err := r.PayByCard(r.t.Context(), c)
	f := wantFault(r.t, err, "ACQUIRER_DOWN")
	if f.RetryAfter < time.Second || f.RetryAfter > figures.Probe {
		r.t.Errorf("retry after %s", f.RetryAfter)
	}
	if _, err := r.ByOrder(r.t.Context(), shop, c.OrderID); err == nil || r.host.times("AUTHORIZE") != before {
		r.t.Error("a refused payment was written or sent")
	}
}

func TestBreakerRefusesPaymentsOfAnAcquirerOutOfReach(t *testing.T) {
	t.Parallel()
	r := newBreakerRig(t)
	r.unreachable(3)
	r.clock.Advance(-5 * time.Second) // right after the third
	r.refused()
	r.refused()

	r.clock.Advance(figures.Probe)
	r.unreachable(1) // one may try, and the clock moved on by the time of the next
	r.clock.Advance(-4 * time.Second)
	r.refused()

	r.clock.Advance(figures.Probe)
	r.approved(1_000) // it is back
	r.approved(1_000)
	r.unreachable(2)
	r.approved(1_000)
}

func TestBreakerLetsOnePaymentTryAtATime(t *testing.T) {
	t.Parallel()
	r := newBreakerRig(t)
	r.unreachable(3)
	probe := &slow{host: r.host, arrived: make(chan string, 1), release: make(chan struct{})}
	r.Acquirers["test"] = probe
	done := make(chan payment.Result)
	go func() {
		res, err := r.PayByCard(t.Context(), create(1_000))
		if err != nil {
			t.Error(err)
		}
		done <- res
	}()
	<-probe.arrived
	r.refused()
	close(probe.release)
	if res := <-done; res.Payment.Status != payment.Done {
		t.Errorf("the one that tried is %s", res.Payment.Status)
	}
	r.Acquirers["test"] = r.host
	r.approved(1_000)
}

// What is no failure to connect never closes the shop.
func TestBreakerCountsOnlyFailuresToConnect(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		meets []quirk
		apart time.Duration
	}{
		"silence":                  {[]quirk{silent, lost, silent, lost, silent, lost}, 5 * time.Second},
		"declines":                 {[]quirk{refuse, refuse, refuse, refuse, refuse}, 5 * time.Second},
		"doubtful answers":         {[]quirk{bare, bare, bare, bare, bare}, 5 * time.Second},
		"many within the time":     {[]quirk{notSent, notSent, notSent, notSent, notSent, notSent}, time.Second},
		"one in between that left": {[]quirk{notSent, notSent, silent, notSent, notSent, refuse, notSent, notSent}, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newBreakerRig(t)
			for _, q := range tc.meets {
				r.host.on("AUTHORIZE", q)
				r.pay(create(1_000))
				r.clock.Advance(tc.apart)
			}
			r.approved(1_000)
		})
	}
}

// While payments are refused, those that exist are cancelled, settled and replayed, and
// the first answer to any of it opens the shop.
func TestBreakerStandsInTheWayOfNoPaymentThatExists(t *testing.T) {
	t.Parallel()
	r := newBreakerRig(t)
	sale, replayed := r.approved(10_000), create(1_000)
	first := r.pay(again(replayed))
	r.host.on("AUTHORIZE", silent)
	open := r.pay(create(10_000)).Payment
	r.host.on("REVERSE", lost)
	r.step(r.Service)
	r.unreachable(3)
	r.clock.Advance(-5 * time.Second)
	r.refused()
	if res := r.pay(again(replayed)); !bytes.Equal(res.Body, first.Body) {
		t.Error("a replay is not answered while the acquirer is out of reach")
	}
	if n := r.step(r.Service); n != 1 || r.get(open.ID).Failure.Code != "REVERSED" {
		t.Errorf("%d jobs, payment is %s", n, r.get(open.ID).Status)
	}
	r.approved(1_000) // its reversal was answered

	r.unreachable(3)
	r.clock.Advance(-5 * time.Second)
	r.refused()
	if res := r.cancel(sale.ID, nil); res.Payment.Status != payment.Canceled {
		t.Errorf("cancelled to %s", res.Payment.Status)
	}
	r.approved(1_000)
}

// A clock that is set back does not keep the shop closed.
func TestBreakerOutlivesAClockSetBack(t *testing.T) {
	t.Parallel()
	r := newBreakerRig(t)
	r.unreachable(3)
	r.clock.Advance(-24 * time.Hour)
	r.approved(1_000)
}

// An adapter that names no figures is never refused.
func TestBreakerNeedsFigures(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.d.Timeouts.Breaker = acquirer.Breaker{}
	r.Service = r.instance("instance-1")
	r.unreachable(20)
	r.approved(1_000)
}
