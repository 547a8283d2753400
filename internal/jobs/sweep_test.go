package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/jobs"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/printer"
)

// keys counts the old keys of merchants, and who holds the lease.
type keys struct {
	old    map[string]int
	holder string
	before time.Time
	broken bool
	quota  time.Time

	prints       map[string]int
	printsBefore time.Time
}

func (k *keys) TakeLease(_ context.Context, _, owner string, _, _ time.Time) (bool, error) {
	if k.holder == "" {
		k.holder = owner
	}
	return k.holder == owner, nil
}

func (k *keys) PurgeKeys(_ context.Context, t merchant.Tenant, before time.Time, limit int) (int, error) {
	if k.broken {
		return 0, errors.New("away")
	}
	n := min(limit, k.old[t.ID()])
	k.old[t.ID()] -= n
	k.before = before
	return n, nil
}

func (*keys) PurgeDeliveries(context.Context, merchant.Tenant, time.Time, int) (int, error) {
	return 0, nil
}

func (k *keys) PurgePrints(_ context.Context, t merchant.Tenant, before time.Time, limit int) (int, error) {
	n := min(limit, k.prints[t.ID()])
	k.prints[t.ID()] -= n
	k.printsBefore = before
	return n, nil
}

func (k *keys) PurgeQuota(_ context.Context, before time.Time) error {
	k.quota = before
	return nil
}

func (k *keys) merchants(_ context.Context, after string, limit int) (ms []merchant.Merchant, err error) {
	for i := range 250 {
		if id := fmt.Sprintf("mer_%03d", i); id > after && len(ms) < limit {
			ms = append(ms, merchant.Merchant{ID: id})
		}
	}
	return ms, nil
}

func TestSweepReachesEveryMerchant(t *testing.T) {
	t.Parallel()
	k := &keys{old: map[string]int{"mer_000": 1, "mer_099": 1200, "mer_100": 500, "mer_249": 3}, prints: map[string]int{"mer_001": 1, "mer_248": 700}}
	c := clock.NewFake(start)
	sweeper := func(owner string) *jobs.Sweeper {
		return &jobs.Sweeper{Store: k, Merchants: k.merchants, Clock: c, Owner: owner}
	}
	one, two := sweeper("one"), sweeper("two")
	round := func(s *jobs.Sweeper) {
		t.Helper()
		if more, err := s.Round(t.Context()); err != nil || more {
			t.Errorf("%t %v", more, err)
		}
	}
	k.broken = true
	if _, err := one.Round(t.Context()); err == nil {
		t.Error("a database that is away must be told")
	}
	k.broken = false
	round(two)
	for id, n := range k.old {
		if n == 0 {
			t.Errorf("%s was swept by one who holds no lease", id)
		}
	}
	round(one)
	for id, n := range k.old {
		if n != 0 {
			t.Errorf("%s has %d left", id, n)
		}
	}
	for id, n := range k.prints {
		if n != 0 {
			t.Errorf("%s has %d prints left", id, n)
		}
	}
	if kept := c.Now().Sub(k.printsBefore); kept < printer.Kept || kept > printer.Kept+24*time.Hour {
		t.Errorf("prints are kept for %v", kept)
	}
	if kept := c.Now().Sub(k.before); kept < payment.KeysKept || kept > payment.KeysKept+24*time.Hour {
		t.Errorf("keys are kept for %v", kept)
	}
	k.old["mer_000"] = 1
	round(one) // too early
	c.Advance(6 * time.Hour)
	if k.old["mer_000"] != 1 {
		t.Error("swept again at once")
	}
	round(one)
	if k.old["mer_000"] != 0 {
		t.Error("not swept again")
	}
}
