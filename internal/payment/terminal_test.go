package payment_test

import (
	"testing"
	"time"

	"innopay/internal/payment"
)

// A merchant that has moved to another acquirer still has its older payments at the
// first one, which alone can take them back.
func TestWhatWasTakenBeforeAMoveIsSettledWhereItWasTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sale := r.approved(10_000)
	r.host.on("AUTHORIZE", silent)
	open := r.pay(create(5_000)).Payment
	moved := newHost(r.clock)
	r.Acquirers["other"] = moved
	r.terms.change(func(m *payment.Terms) {
		m.Terminals = []payment.Terminal{{ID: "T0", MID: "M2", Adapter: "other"}, {ID: "T1", MID: "M1", Adapter: "test"}}
		m.TerminalID, m.Merchant.MID, m.Adapter = "T0", "M2", "other"
	})
	r.settle(time.Hour)
	if p := r.get(open.ID); p.Failure.Code != "REVERSED" || r.host.standing() != 10_000 {
		t.Errorf("payment is %s %s, buyers have paid %d", p.Status, p.Failure.Code, r.host.standing())
	}
	if res := r.cancel(sale.ID, nil); res.Payment.Status != payment.Canceled || r.host.standing() != 0 {
		t.Errorf("cancelled to %s, buyers have paid %d", res.Payment.Status, r.host.standing())
	}
	if len(moved.calls) != 0 {
		t.Errorf("the new acquirer was asked: %+v", moved.calls)
	}
}

// While the terminal is not known nobody is asked, and nothing is taken for settled.
func TestWhatWasTakenWithAnUnknownTerminalStaysOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sale := r.approved(10_000)
	r.host.on("AUTHORIZE", silent)
	open := r.pay(create(5_000)).Payment
	asked := len(r.host.calls)
	r.terms.change(func(m *payment.Terms) { m.TerminalID = "T0" })
	now := r.clock.Now()
	jobs, err := r.store.Lease(t.Context(), r.Owner, now, now.Add(time.Minute), 1)
	if err != nil || len(jobs) != 1 {
		t.Fatalf("%d jobs, %v", len(jobs), err)
	}
	wantFault(t, r.Settle(t.Context(), jobs[0]), "NO_TERMINAL")
	_, err = r.Cancel(t.Context(), r.cancelCommand(sale.ID, nil))
	wantFault(t, err, "NO_TERMINAL")
	if p := r.get(open.ID); p.Status != payment.Unknown || len(r.host.calls) != asked {
		t.Errorf("payment is %s, %d messages left", p.Status, len(r.host.calls)-asked)
	}
}

func TestWithoutATerminalNoCardIsTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.terms.change(func(m *payment.Terms) { m.TerminalID, m.Adapter, m.Terminals = "", "", nil })
	_, err := r.PayByCard(t.Context(), create(10_000))
	wantFault(t, err, "NO_TERMINAL")
	if len(r.host.calls) != 0 {
		t.Errorf("%d messages left", len(r.host.calls))
	}
}
