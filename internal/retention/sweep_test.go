package retention_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/retention"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// shelf counts what is old, by merchant and class, and who holds the lease.
type shelf struct {
	old     map[string]int
	before  map[string]time.Time
	holder  string
	broken  bool
	quota   time.Time
	figures []retention.Figure
	records []audit.Record
}

func (k *shelf) TakeLease(_ context.Context, _, owner string, _, _ time.Time) (bool, error) {
	if k.holder == "" {
		k.holder = owner
	}
	return k.holder == owner, nil
}

func (k *shelf) Sweep(_ context.Context, t merchant.Tenant, class string, before time.Time, limit int) (int, bool, error) {
	if k.broken {
		return 0, false, errors.New("away")
	}
	n := min(limit, k.old[t.ID()+"/"+class])
	k.old[t.ID()+"/"+class] -= n
	k.before[class] = before
	return n, n == limit, nil
}

func (k *shelf) Due(_ context.Context, t merchant.Tenant, class string, _ time.Time, limit int) (int, error) {
	return min(limit, k.old[t.ID()+"/"+class]), nil
}

func (k *shelf) PutFigures(_ context.Context, fs []retention.Figure, a audit.Record) error {
	if k.figures = fs; a.ID != "" {
		k.records = append(k.records, a)
	}
	return nil
}

func (k *shelf) Figures(context.Context) ([]retention.Figure, error) { return k.figures, nil }

func (k *shelf) PurgeQuota(_ context.Context, before time.Time) error {
	k.quota = before
	return nil
}

func shops(_ context.Context, after string, limit int) (ms []merchant.Merchant, err error) {
	for i := range 250 {
		if id := fmt.Sprintf("mer_%03d", i); id > after && len(ms) < limit {
			ms = append(ms, merchant.Merchant{ID: id})
		}
	}
	return ms, nil
}

func policy(t *testing.T, days map[string]int) retention.Policy {
	t.Helper()
	p, err := retention.NewPolicy(days)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSweepReachesEveryMerchant(t *testing.T) {
	t.Parallel()
	k := &shelf{before: map[string]time.Time{}, old: map[string]int{
		"/SESSIONS": 3, "mer_000/KEYS": 1, "mer_099/KEYS": 1200, "mer_100/BUYERS": 500, "mer_249/PRINTS": 3, "mer_249/AUDIT": 7, "mer_1/EVENTS": 5,
	}}
	c := clock.NewFake(start)
	sweeper := func(owner string) *retention.Sweeper {
		return &retention.Sweeper{Store: k, Policy: policy(t, nil), Merchants: shops, Clock: c, IDs: id.NewSource(nil), Owner: owner}
	}
	one, two := sweeper("one"), sweeper("two")
	round := func(s *retention.Sweeper) {
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
	for what, n := range k.old {
		if n == 0 {
			t.Errorf("%s was swept by one who holds no lease", what)
		}
	}
	desk := &retention.Desk{Store: k, Policy: policy(t, nil), Merchants: shops, Clock: c}
	states, err := desk.States(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range states {
		want := map[string]int{"KEYS": 1201, "BUYERS": 500, "PRINTS": 3, "SESSIONS": 3}[s.Name]
		if s.Worker != retention.Sweep || s.Name == "QUOTAS" {
			want = -1
		}
		if s.Due != want {
			t.Errorf("%s: %d are due, want %d", s.Name, s.Due, want)
		}
	}
	round(one)
	for what, n := range k.old {
		if kept := what == "mer_249/AUDIT" || what == "mer_1/EVENTS"; (n != 0) != kept {
			t.Errorf("%s has %d left", what, n)
		}
	}
	for class, kept := range map[string]time.Duration{retention.Keys: payment.KeysKept, retention.Buyers: 5 * 365 * 24 * time.Hour} {
		if age := c.Now().Sub(k.before[class]); age < kept || age > kept+7*24*time.Hour {
			t.Errorf("%s is kept for %v", class, age)
		}
	}
	if len(k.records) != 1 || k.records[0].Action != "retention.swept" || k.records[0].Detail != `{"BUYERS":500,"KEYS":1201,"PRINTS":3,"SESSIONS":3}` {
		t.Errorf("the audit says %+v", k.records)
	}
	k.old["mer_000/KEYS"] = 1
	round(one) // too early
	c.Advance(6 * time.Hour)
	if k.old["mer_000/KEYS"] != 1 {
		t.Error("swept again at once")
	}
	round(one)
	if k.old["mer_000/KEYS"] != 0 || !k.quota.Before(c.Now()) {
		t.Error("not swept again")
	}
	c.Advance(6 * time.Hour)
	if round(one); len(k.records) != 2 {
		t.Errorf("a sweep that found nothing is told: %d records", len(k.records))
	}
}

// TestASweepThatIsEndedGoesOn ends one in the middle of a class.
func TestASweepThatIsEndedGoesOn(t *testing.T) {
	t.Parallel()
	k := &shelf{before: map[string]time.Time{}, old: map[string]int{"mer_007/KEYS": 2000}}
	s := &retention.Sweeper{Store: k, Policy: policy(t, nil), Merchants: shops, Clock: clock.NewFake(start), IDs: id.NewSource(nil), Owner: "one"}
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := s.Round(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if k.figures != nil {
		t.Error("a sweep that was cut short counts as a whole one")
	}
	if _, err := s.Round(t.Context()); err != nil || k.old["mer_007/KEYS"] != 0 {
		t.Errorf("%d left: %v", k.old["mer_007/KEYS"], err)
	}
}
