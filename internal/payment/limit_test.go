package payment_test

import (
	"testing"
	"time"

	"innopay/internal/payment"
	"innopay/money"
)

// TestWhatCountsAgainstALimit: of the person's own cancels of the payment, those that took
// place and those that may yet have.
func TestWhatCountsAgainstALimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.approved(100_000)
	limited := func(amount money.Won) payment.CancelCommand {
		c := r.cancelCommand(p.ID, &amount)
		c.Most = 10_000
		return c
	}
	send := func(c payment.CancelCommand, code string) {
		t.Helper()
		_, err := r.Cancel(t.Context(), c)
		if code != "" {
			wantFault(t, err, code)
		} else if err != nil {
			t.Fatal(err)
		}
	}
	other := r.cancelCommand(p.ID, new(money.Won(20_000)))
	other.Actor = "usr_2"
	send(other, "")
	r.host.on("REFUND", refuse)
	send(limited(10_000), "") // refused by the issuer: nothing was taken back
	r.host.on("REFUND", lost)
	send(limited(6_000), "") // not known yet
	send(limited(4_001), "CANCEL_LIMIT")
	send(limited(4_000), "")
	r.settle(time.Minute)
	send(limited(1), "CANCEL_LIMIT")
	if got := r.get(p.ID).Balance.Amount; got != 70_000 {
		t.Errorf("%d are left", got)
	}
	wrong := limited(1)
	wrong.CancelPassword = "wrong"
	send(wrong, "CANCEL_LIMIT") // before the password is looked at
	r.books(p.ID)
}
