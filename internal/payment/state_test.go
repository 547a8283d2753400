package payment_test

import (
	"testing"

	"innopay/internal/payment"
)

// TestTransitions writes the state machine down a second time, so that a change of
// the table must be meant.
func TestTransitions(t *testing.T) {
	t.Parallel()
	legal := map[[2]payment.Status]bool{
		{payment.Ready, payment.InProgress}:                true,
		{payment.Ready, payment.Expired}:                   true,
		{payment.Ready, payment.Aborted}:                   true,
		{payment.InProgress, payment.Done}:                 true,
		{payment.InProgress, payment.Ready}:                true,
		{payment.InProgress, payment.Aborted}:              true,
		{payment.InProgress, payment.Unknown}:              true,
		{payment.InProgress, payment.Expired}:              true,
		{payment.Unknown, payment.Aborted}:                 true,
		{payment.Unknown, payment.Done}:                    true,
		{payment.Done, payment.PartialCanceled}:            true,
		{payment.Done, payment.Canceled}:                   true,
		{payment.PartialCanceled, payment.PartialCanceled}: true,
		{payment.PartialCanceled, payment.Canceled}:        true,
	}
	all := append([]payment.Status{"", "PAID"}, payment.Statuses...)
	for _, from := range all {
		for _, to := range all {
			if got := from.CanBecome(to); got != legal[[2]payment.Status{from, to}] {
				t.Errorf("%s -> %s: legal %t", from, to, got)
			}
		}
	}
}

func TestStatusClasses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status                 payment.Status
		final, approved, order bool
	}{
		{payment.Ready, false, false, true}, {payment.InProgress, false, false, true}, {payment.Unknown, false, false, true},
		{payment.Done, true, true, true}, {payment.PartialCanceled, true, true, true}, {payment.Canceled, true, true, true},
		{payment.Aborted, true, false, false}, {payment.Expired, true, false, false},
	} {
		if s := tc.status; s.Final() != tc.final || s.Approved() != tc.approved || s.HoldsOrder() != tc.order {
			t.Errorf("%s: final %t approved %t holds order %t", s, s.Final(), s.Approved(), s.HoldsOrder())
		}
	}
}
