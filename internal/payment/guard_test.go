package payment_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"innopay/internal/payment"
)

// watchman is a guard that refuses on demand and remembers what it was told.
type watchman struct {
	mu     sync.Mutex
	refuse bool
	told   []string
}

func (w *watchman) Judge(_ context.Context, c payment.Case) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf("judge %d %s", c.Amount, c.Card.Last4()))
	if w.refuse {
		return payment.ErrRiskRefused
	}
	return nil
}

func (w *watchman) Ended(_ context.Context, c payment.Case, e payment.Ending) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf("ended %v %s", e, c.Card.Last4()))
}

func (w *watchman) heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.told
	w.told = nil
	return out
}

// TestAGuardIsAskedBeforeAnythingIsWritten: what it refuses leaves no trace and frees its
// key, what was paid before is answered by its key whatever it says now, and it is told
// what was not begun and what was declined.
func TestAGuardIsAskedBeforeAnythingIsWritten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	guard := &watchman{refuse: true}
	r.Guard = guard
	c := create(10_000)
	last4 := c.Card.PAN.Last4()
	_, err := r.PayByCard(t.Context(), again(c))
	wantFault(t, err, "RISK_REFUSED")
	if n := len(r.store.Snapshot().Audits); n != 0 || r.host.standing() != 0 {
		t.Errorf("%d records, buyers have paid %d", n, r.host.standing())
	}
	guard.refuse = false
	guard.heard()
	if res := r.pay(again(c)); res.Payment.Status != payment.Done {
		t.Errorf("the same press, let pass: %s", res.Payment.Status)
	}
	if got := guard.heard(); !slices.Equal(got, []string{"judge 10000 " + last4}) {
		t.Errorf("told %q", got)
	}
	if res := r.pay(again(c)); !res.Replayed {
		t.Error("no replay")
	}
	if got := guard.heard(); !slices.Equal(got, []string{"judge 10000 " + last4, "ended 0 " + last4}) {
		t.Errorf("a repeat takes of the limits: %q", got)
	}
	guard.refuse = true
	if res := r.pay(again(c)); !res.Replayed {
		t.Error("what was paid is not answered by its key")
	}
	guard.refuse = false
	guard.heard()
	r.host.on("AUTHORIZE", refuse)
	r.pay(create(10_000))
	if got := guard.heard(); !slices.Equal(got, []string{"judge 10000 " + last4, "ended 1 " + last4}) {
		t.Errorf("of a decline: %q", got)
	}
}

// TestOpenOutcomesSayWhatMayBeDone, and running the next step does it.
func TestOpenOutcomesSayWhatMayBeDone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.host.on("AUTHORIZE", silent)
	res := r.pay(create(10_000))
	acts := func() string {
		t.Helper()
		open, err := r.OpenOutcomes(t.Context(), shop, res.Payment.ID)
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, o := range open {
			for _, a := range o.Acts {
				out += fmt.Sprintf("%s %v %s;", a.Name, a.Allowed, a.Reason)
			}
		}
		return out
	}
	if got := acts(); got != "INQUIRE true ;RUN true ;RESOLVE_DONE true ;RESOLVE_ABORTED true ;" {
		t.Error(got)
	}
	q, err := r.InquireNow(t.Context(), shop, res.Payment.ID, "usr_operator")
	if err != nil || q.Result != "APPROVED" || q.Settled || r.get(res.Payment.ID).Status != payment.Unknown {
		t.Errorf("%+v %v", q, err)
	}
	now := r.clock.Now()
	if jobs, err := r.store.Lease(t.Context(), "worker", now.Add(1e10), now.Add(2e10), 10); err != nil || len(jobs) != 1 {
		t.Fatalf("%v %v", jobs, err)
	}
	if got := acts(); got != "INQUIRE false BEING_SETTLED;RUN false BEING_SETTLED;RESOLVE_DONE false BEING_SETTLED;RESOLVE_ABORTED false BEING_SETTLED;" {
		t.Error(got)
	}
	wantFault(t, r.RunNow(t.Context(), shop, res.Payment.ID, "usr_operator"), "BEING_SETTLED")
	r.clock.Advance(3e10)
	if err := r.RunNow(t.Context(), shop, res.Payment.ID, "usr_operator"); err != nil {
		t.Fatal(err)
	}
	if p := r.get(res.Payment.ID); p.Status != payment.Aborted || r.host.standing() != 0 || acts() != "" {
		t.Errorf("%s, buyers have paid %d, %s", p.Status, r.host.standing(), acts())
	}
	r.books(res.Payment.ID)
	wantFault(t, r.RunNow(t.Context(), shop, res.Payment.ID, "usr_operator"), "NOT_UNSETTLED")
	q, err = r.InquireNow(t.Context(), shop, res.Payment.ID, "usr_operator")
	if err != nil || q.Result != "REVERSED" || q.AttemptID == "" {
		t.Errorf("of what is settled: %+v %v", q, err)
	}
	_, err = r.InquireNow(t.Context(), shop, "pay_none", "usr_operator")
	wantFault(t, err, "PAYMENT_NOT_FOUND")
}
