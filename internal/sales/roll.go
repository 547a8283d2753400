package sales

import (
	"context"
	"errors"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
)

// Figures of the roller.
const (
	rollEvery = 10 * time.Minute
	rollLease = 10 * time.Minute // prolonged with every page of merchants
	rollPage  = 100              // merchants
	rollDays  = 7                // days put down in one transaction
	// rollMargin is how long after midnight a day is taken for over: an outcome that was
	// dated before midnight is written seconds later, and clocks differ.
	rollMargin = 15 * time.Minute
)

// Leases lets one instance do what only one should.
type Leases interface {
	// TakeLease reports whether the named lease is the owner's until then.
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
}

// Roller keeps the totals of days that are over.
type Roller struct {
	Store  Store
	Leases Leases
	// Merchants lists merchants in the order of their ids, after the one named.
	Merchants func(ctx context.Context, after string, limit int) ([]merchant.Merchant, error)
	Clock     clock.Clock
	Owner     string

	last time.Time
}

// Round brings every merchant up to yesterday when it is time. It is called by one
// goroutine.
func (r *Roller) Round(ctx context.Context) (bool, error) {
	now := r.Clock.Now()
	if age := now.Sub(r.last); age >= 0 && age < rollEvery {
		return false, nil
	}
	yesterday := add(clock.DayOf(now.Add(-rollMargin)), -1)
	for after := ""; ; {
		now := r.Clock.Now()
		mine, err := r.Leases.TakeLease(ctx, "sales", r.Owner, now, now.Add(rollLease))
		if err != nil || !mine {
			return false, wrapped(err)
		}
		ms, err := r.Merchants(ctx, after, rollPage)
		if err != nil {
			return false, wrapped(err)
		}
		for _, m := range ms {
			if err := r.Merchant(ctx, merchant.TenantOf(m.ID), yesterday); err != nil {
				return false, wrapped(err)
			}
			after = m.ID
		}
		if len(ms) < rollPage {
			break
		}
	}
	r.last = now
	return false, nil
}

func wrapped(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("sales: %w", err)
}

// Merchant brings one merchant's totals up to a day that is over.
func (r *Roller) Merchant(ctx context.Context, t merchant.Tenant, last clock.Day) error {
	for {
		was, err := r.Store.Rolled(ctx, t)
		if err != nil || was >= last {
			return err
		}
		lines, through, err := r.days(ctx, t, was, last)
		if err != nil {
			return err
		}
		if was == "" && len(lines) == 0 {
			return nil // never sold anything
		}
		err = r.Store.Roll(ctx, t, was, through, lines)
		if errors.Is(err, ErrTaken) {
			continue // another instance was faster; look again
		}
		if err != nil || ctx.Err() != nil {
			return errors.Join(err, ctx.Err())
		}
	}
}

// days adds up the next days with sales after was, and says up to where that is all.
func (r *Roller) days(ctx context.Context, t merchant.Tenant, was, last clock.Day) ([]Line, clock.Day, error) {
	var lines []Line
	day := was
	for range rollDays {
		next, err := r.Store.NextSale(ctx, t, day)
		if err != nil {
			return nil, "", err
		}
		if next == "" || next > last {
			return lines, last, nil
		}
		moves, err := r.Store.Moves(ctx, t, next)
		if err != nil {
			return nil, "", err
		}
		book := NewBook()
		for _, m := range moves {
			book.Add(m)
		}
		for _, d := range Dimensions {
			for _, l := range book.Lines(d) {
				if l.Day = next; d == ByDay {
					l.Value = ""
				}
				lines = append(lines, l)
			}
		}
		day = next
	}
	return lines, day, nil
}
