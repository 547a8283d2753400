package jobs

import (
	"context"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/printer"
	"innopay/internal/webhook"
)

// SweepStore is what the sweeper asks of the database.
type SweepStore interface {
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// PurgeKeys removes up to limit idempotency rows with a final answer that are
	// older than the given time, and reports how many.
	PurgeKeys(ctx context.Context, t merchant.Tenant, before time.Time, limit int) (int, error)
	// PurgePrints removes up to limit prints made before the given time, and reports how
	// many.
	PurgePrints(ctx context.Context, t merchant.Tenant, before time.Time, limit int) (int, error)
	// PurgeDeliveries removes up to limit webhook deliveries made before the given time.
	PurgeDeliveries(ctx context.Context, t merchant.Tenant, before time.Time, limit int) (int, error)
	// PurgeQuota forgets windows of limits that ended before.
	PurgeQuota(ctx context.Context, before time.Time) error
}

// Sweeper removes what has been kept long enough: idempotency keys after
// payment.KeysKept (rulings 7), prints after printer.Kept. Any number of instances may run one.
type Sweeper struct {
	Store SweepStore
	// Merchants lists merchants in the order of their ids, after the one named.
	Merchants func(ctx context.Context, after string, limit int) ([]merchant.Merchant, error)
	Clock     clock.Clock
	Owner     string

	swept time.Time
}

// Figures of the sweeper.
const (
	sweepEvery = 6 * time.Hour
	sweepLease = 10 * time.Minute // prolonged with every page of merchants
	sweepPage  = 100              // merchants
	sweepRows  = 500              // one transaction, so that payments never wait long
	// sweepMargin is by how much a key outlives what was promised, for clocks that differ.
	sweepMargin = time.Hour
)

// Round sweeps all merchants when it is time. It is called by one goroutine.
func (s *Sweeper) Round(ctx context.Context) (bool, error) {
	now := s.Clock.Now()
	if age := now.Sub(s.swept); age >= 0 && age < sweepEvery {
		return false, nil
	}
	for after := ""; ; {
		now := s.Clock.Now()
		mine, err := s.Store.TakeLease(ctx, "sweep", s.Owner, now, now.Add(sweepLease))
		if err != nil {
			return false, fmt.Errorf("sweep: %w", err)
		}
		if !mine {
			break
		}
		ms, err := s.Merchants(ctx, after, sweepPage)
		if err != nil {
			return false, fmt.Errorf("sweep: %w", err)
		}
		for _, m := range ms {
			if err := s.merchant(ctx, m.ID); err != nil {
				return false, fmt.Errorf("sweep: %w", err)
			}
			after = m.ID
		}
		if len(ms) < sweepPage {
			break
		}
	}
	if err := s.Store.PurgeQuota(ctx, now.Add(-sweepMargin)); err != nil {
		return false, fmt.Errorf("sweep: %w", err)
	}
	s.swept = now
	return false, nil
}

func (s *Sweeper) merchant(ctx context.Context, id string) error {
	for _, old := range []struct {
		kept  time.Duration
		purge func(ctx context.Context, t merchant.Tenant, before time.Time, limit int) (int, error)
	}{{payment.KeysKept, s.Store.PurgeKeys}, {printer.Kept, s.Store.PurgePrints}, {webhook.Kept, s.Store.PurgeDeliveries}} {
		before := s.Clock.Now().Add(-old.kept - sweepMargin)
		for n := sweepRows; n == sweepRows; {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			var err error
			if n, err = old.purge(ctx, merchant.TenantOf(id), before, sweepRows); err != nil {
				return err
			}
		}
	}
	return nil
}
