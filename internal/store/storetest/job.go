package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"innopay/internal/payment"
)

// jobs runs what leases and trace numbers must do.
func jobs(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"only due jobs are leased", onlyDue},
		{"eight workers never share a job", leaseExclusive},
		{"an operator claims a job", claimJob},
		{"a late answer is kept as evidence", lateAnswer},
		{"blocks of trace numbers never overlap", stanBlocks},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

func onlyDue(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(31)
	soon, later := d.Intent(), d.Intent()
	later.Unsettled.DueAt = soon.Unsettled.DueAt.Add(time.Hour)
	commit(t, s, soon, later)
	due := soon.Unsettled.DueAt
	lease := func(owner string, now time.Time) []payment.Unsettled {
		us, err := s.Lease(ctx, owner, now, now.Add(time.Minute), 10)
		must(t, err)
		return us
	}
	if us := lease("a", due.Add(-time.Microsecond)); len(us) != 0 {
		t.Errorf("leased before it is due: %v", us)
	}
	us := lease("a", due)
	if len(us) != 1 || us[0].AttemptID != soon.Attempt.ID || us[0].LeaseOwner != "a" || !us[0].LeaseUntil.Equal(due.Add(time.Minute)) {
		t.Fatalf("leased %+v", us)
	}
	if us := lease("b", due.Add(time.Second)); len(us) != 0 {
		t.Errorf("a held job was leased: %v", us)
	}
	job := us[0]
	job.Phase, job.Tries, job.DueAt = payment.PhaseReverse, 1, due.Add(2*time.Minute)
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.UpdateUnsettled(ctx, job) }))
	us = lease("b", job.DueAt)
	if len(us) != 1 || us[0].Phase != payment.PhaseReverse || us[0].Tries != 1 {
		t.Fatalf("after it was given up: %+v", us)
	}
	// The owner died: another takes over when the lease has run out.
	us = lease("c", us[0].LeaseUntil)
	if len(us) != 1 || us[0].LeaseOwner != "c" {
		t.Errorf("after the lease ran out: %+v", us)
	}
	if err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		gone := us[0]
		gone.LeaseOwner = "b"
		return tx.DeleteUnsettled(ctx, gone)
	}); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("who lost the lease deleted the job: %v", err)
	}
}

func leaseExclusive(t *testing.T, s payment.Store) { //nolint:gocognit // one story told in order
	const payments, workers = 300, 8
	ctx, d := context.Background(), NewDesk(32)
	ins := make([]payment.Intent, payments)
	for i := range ins {
		if i%10 == 0 {
			d.Merchant = fmt.Sprintf("mer_%d", i)
		}
		ins[i] = d.Intent()
		ins[i].Unsettled.DueAt = Start
	}
	commit(t, s, ins...)
	var mu sync.Mutex
	owners := map[string]string{}
	var work sync.WaitGroup
	for w := range workers {
		owner := fmt.Sprintf("worker-%d", w)
		work.Go(func() {
			for {
				us, err := s.Lease(ctx, owner, d.Now, d.Now.Add(time.Hour), 7)
				if err != nil {
					t.Error(err)
					return
				}
				if len(us) == 0 {
					return
				}
				mu.Lock()
				for _, u := range us {
					if other := owners[u.AttemptID]; other != "" {
						t.Errorf("%s and %s hold one job", other, owner)
					}
					owners[u.AttemptID] = owner
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	if left, err := s.Lease(ctx, "last", d.Now, d.Now.Add(time.Hour), payments); err != nil || len(owners)+len(left) != payments {
		t.Errorf("%d of %d jobs were leased, %v", len(owners)+len(left), payments, err)
	}
}

func claimJob(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(33)
	in := d.Intent()
	commit(t, s, in)
	claim := func(owner string, now time.Time) (u payment.Unsettled, err error) {
		err = s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			u, err = tx.ClaimUnsettled(ctx, d.Tenant(), in.Attempt.ID, owner, now, now.Add(time.Minute))
			return err
		})
		return u, err
	}
	u, err := claim("operator", d.Now) // not due yet
	if err != nil || u.LeaseOwner != "operator" {
		t.Fatalf("claim: %+v %v", u, err)
	}
	if _, err := claim("worker", d.Now.Add(time.Second)); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("claim of a held job: %v", err)
	}
	if us, err := s.Lease(ctx, "worker", in.Unsettled.DueAt, in.Unsettled.DueAt.Add(time.Minute), 10); err != nil || len(us) != 0 {
		t.Errorf("a claimed job was leased: %v %v", us, err)
	}
	if _, err := claim("worker", d.Now.Add(2*time.Minute)); err != nil {
		t.Errorf("claim after the lease ran out: %v", err)
	}
}

func lateAnswer(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(34)
	in := d.Intent()
	commit(t, s, in)
	out := d.Declined(in)
	settle(t, s, out)
	must(t, s.LateAnswer(ctx, d.Tenant(), in.Attempt.ID, `{"code":"00"}`))
	as, err := s.Attempts(ctx, d.Tenant(), in.Payment.ID)
	if err != nil || len(as) != 1 || as[0].Late != `{"code":"00"}` || as[0].Status != payment.AttemptDeclined {
		t.Errorf("attempt %+v %v", as, err)
	}
	same(t, s, d, out.Payment)
}

func stanBlocks(t *testing.T, s payment.Store) {
	const workers, blocks, size = 8, 12, 50
	ctx, d := context.Background(), NewDesk(35)
	var mu sync.Mutex
	seen := map[int64]bool{}
	var work sync.WaitGroup
	for range workers {
		work.Go(func() {
			for range blocks {
				first, err := s.STANs(ctx, d.Tenant(), "T0000001", size)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if seen[first] || first%size != 0 {
					t.Errorf("block at %d overlaps", first)
				}
				seen[first] = true
				mu.Unlock()
			}
		})
	}
	work.Wait()
	for i := range int64(workers * blocks) {
		if !seen[i*size] {
			t.Fatalf("no block at %d", i*size)
		}
	}
	if first, err := s.STANs(ctx, d.Tenant(), "T0000002", 1); err != nil || first != 0 {
		t.Errorf("another terminal begins at %d, %v", first, err)
	}
}
