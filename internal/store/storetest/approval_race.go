package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/merchant"
)

// approvalRaces lets many decide one request, and many ask for the same, at once: one of
// them does, the others hear merchant.ErrStale or merchant.ErrTaken, and nobody's act that
// stands in the same transaction is left behind.
func approvalRaces(t *testing.T, o Office) {
	const together = 6
	d := NewDesk(1329)
	row := d.asked("KIND", "race")
	if err := ask(t, o, d, row); err != nil {
		t.Fatal(err)
	}
	var trail, asks []approval.Row
	for range together {
		trail, asks = append(trail, d.asked("TRAIL", "race"+fmt.Sprint(len(trail)))), append(asks, d.asked("KIND", "again"))
	}
	all := oneOf(t, together, merchant.ErrStale, func(i int) error {
		desk := NewDesk(uint64(1330 + i)) //nolint:gosec // a small count
		desk.Merchant = d.Merchant
		a := row.Approval
		a.Status, a.DecidedBy, a.DecidedAt = approval.Applied, fmt.Sprint("usr_", i), d.Now
		return inOffice(t, o, desk, func(ctx context.Context, tx approval.Tx) error {
			if err := tx.InsertApproval(ctx, trail[i]); err != nil { // what is applied, before or after the decision
				return err
			}
			return tx.DecideApproval(ctx, a)
		})
	})
	got, err := o.Approvals.Approval(t.Context(), row.ID)
	if err != nil || got.DecidedBy != fmt.Sprint("usr_", all) {
		t.Errorf("decided by %s, %d was told so: %v", got.DecidedBy, all, err)
	}
	for i, r := range trail {
		_, err := o.Approvals.Approval(t.Context(), r.ID)
		if (i == all) != (err == nil) {
			t.Errorf("what %d did: %v", i, err)
		}
	}
	oneOf(t, together, merchant.ErrTaken, func(i int) error {
		desk := NewDesk(uint64(1340 + i)) //nolint:gosec // a small count
		desk.Merchant = d.Merchant
		return ask(t, o, desk, asks[i])
	})
	if _, err := o.Approvals.PendingApproval(t.Context(), d.Tenant(), "KIND", "again"); err != nil {
		t.Errorf("nobody's stands: %v", err)
	}
	if _, err := o.Approvals.Approval(t.Context(), d.ID(id.Approval)); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("one that nobody made: %v", err)
	}
}

// oneOf runs all at once and names the one that worked; every other one must be told lost.
func oneOf(t *testing.T, n int, lost error, act func(i int) error) int {
	t.Helper()
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = act(i) })
	}
	all.Wait()
	worked, count := -1, 0
	for i, err := range errs {
		if err == nil {
			worked, count = i, count+1
		} else if !errors.Is(err, lost) {
			t.Errorf("%d: %v, want %v", i, err, lost)
		}
	}
	if count != 1 {
		t.Fatalf("%d of %d did it: %v", count, n, errs)
	}
	return worked
}
