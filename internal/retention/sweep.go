package retention

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Figure is what sweeping a class came to.
type Figure struct {
	Class   string
	SweptAt time.Time // end of the last whole sweep
	Gone    int64     // rows in it
	Total   int64     // rows ever
}

// SweepStore is what sweeping asks of the database.
type SweepStore interface {
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// Sweep deletes or blanks up to limit rows of a class and merchant that are older than
	// before, in one short transaction, and reports how many and whether there may be
	// more. The zero tenant is of the installation: its own records, and tables that are
	// read over all merchants.
	Sweep(ctx context.Context, t merchant.Tenant, class string, before time.Time, limit int) (n int, more bool, err error)
	// Due counts what Sweep would do, up to limit, and changes nothing.
	Due(ctx context.Context, t merchant.Tenant, class string, before time.Time, limit int) (int, error)
	// PutFigures writes what a whole sweep came to, with its record.
	PutFigures(ctx context.Context, fs []Figure, a audit.Record) error
	Figures(ctx context.Context) ([]Figure, error)
	// PurgeQuota forgets windows of limits that ended before.
	PurgeQuota(ctx context.Context, before time.Time) error
}

// Sweeper removes what has been kept long enough, by the table of classes. Any number of
// instances may run one: they share a lease. A sweep that was cut short is begun anew by
// whoever comes next; what is done is not met again.
type Sweeper struct {
	Store  SweepStore
	Policy Policy
	// Merchants lists merchants in the order of their ids, after the one named.
	Merchants func(ctx context.Context, after string, limit int) ([]merchant.Merchant, error)
	Clock     clock.Clock
	IDs       *id.Source
	Owner     string

	swept time.Time
}

// Figures of the sweeper.
const (
	sweepEvery = 6 * time.Hour
	sweepLease = 10 * time.Minute // prolonged with every page of merchants
	sweepPage  = 100              // merchants
	sweepRows  = 500              // one transaction, so that payments never wait long
	dueMost    = 10_000           // rows of one class and merchant that a dry run counts
	// sweepMargin is by how much a record outlives what was promised, for clocks that differ.
	sweepMargin = time.Hour
)

// Round sweeps all merchants when it is time. It is called by one goroutine.
func (s *Sweeper) Round(ctx context.Context) (bool, error) {
	now := s.Clock.Now()
	if age := now.Sub(s.swept); age >= 0 && age < sweepEvery {
		return false, nil
	}
	gone := map[string]int64{}
	whole, err := s.each(ctx, func(t merchant.Tenant, c Class) error {
		n, err := s.class(ctx, t, c)
		gone[c.Name] += n
		return err
	})
	if err != nil {
		return false, fmt.Errorf("sweep: %w", err)
	}
	if whole {
		if err := s.write(ctx, gone); err != nil {
			return false, fmt.Errorf("sweep: %w", err)
		}
	}
	if err := s.Store.PurgeQuota(ctx, now.Add(-sweepMargin)); err != nil {
		return false, fmt.Errorf("sweep: %w", err)
	}
	s.swept = now
	return false, nil
}

// each visits every class of the installation and of every merchant under the lease; whole
// is false when another instance has it.
func (s *Sweeper) each(ctx context.Context, visit func(merchant.Tenant, Class) error) (whole bool, err error) {
	tenants := []string{""}
	for after := ""; ; {
		now := s.Clock.Now()
		mine, err := s.Store.TakeLease(ctx, "sweep", s.Owner, now, now.Add(sweepLease))
		if err != nil || !mine {
			return false, err
		}
		ms, err := s.Merchants(ctx, after, sweepPage)
		if err != nil {
			return false, err
		}
		for _, m := range ms {
			tenants, after = append(tenants, m.ID), m.ID
		}
		for _, one := range tenants {
			for _, c := range s.Policy.Swept() {
				if err := visit(merchant.TenantOf(one), c); err != nil {
					return false, fmt.Errorf("%s: %w", c.Name, err)
				}
			}
		}
		if tenants = tenants[:0]; len(ms) < sweepPage {
			return true, nil
		}
	}
}

// class sweeps one class of one merchant, batch by batch.
func (s *Sweeper) class(ctx context.Context, t merchant.Tenant, c Class) (gone int64, err error) {
	before := s.Clock.Now().Add(-c.Kept - sweepMargin)
	for more := true; more; {
		if ctx.Err() != nil {
			return gone, ctx.Err()
		}
		var n int
		if n, more, err = s.Store.Sweep(ctx, t, c.Name, before, sweepRows); err != nil {
			return gone, err
		}
		gone += int64(n)
	}
	return gone, nil
}

// write keeps what a whole sweep came to, and tells the audit when it was something.
func (s *Sweeper) write(ctx context.Context, gone map[string]int64) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	var fs []Figure
	some := map[string]int64{}
	for _, c := range s.Policy.Swept() {
		fs = append(fs, Figure{Class: c.Name, SweptAt: now, Gone: gone[c.Name]})
		if gone[c.Name] > 0 {
			some[c.Name] = gone[c.Name]
		}
	}
	var a audit.Record
	if len(some) > 0 {
		b, err := json.Marshal(some)
		if err != nil {
			return err
		}
		a = audit.Record{ID: s.IDs.At(id.Audit, now), At: now, Actor: "retention", Action: "retention.swept", Subject: "installation", Detail: string(b)}
	}
	return s.Store.PutFigures(ctx, fs, a)
}

// State is a class with its figures.
type State struct {
	Class
	Figure Figure
	Due    int // of a dry run: rows whose time has come, at most dueMost for each merchant; -1: not counted
}

// Desk shows operators how long things are kept. Safe for concurrent use.
type Desk struct {
	Store     SweepStore
	Policy    Policy
	Merchants func(ctx context.Context, after string, limit int) ([]merchant.Merchant, error)
	Clock     clock.Clock
}

// States is the table with what the last sweep came to; dry counts what the next one would do.
func (d *Desk) States(ctx context.Context, dry bool) ([]State, error) {
	figures, err := d.Store.Figures(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]State, len(d.Policy))
	for i, c := range d.Policy {
		out[i] = State{Class: c, Due: -1}
		for _, f := range figures {
			if f.Class == c.Name {
				out[i].Figure = f
			}
		}
	}
	if !dry {
		return out, nil
	}
	tenants := []string{""}
	for after := ""; ; tenants = tenants[:0] {
		ms, err := d.Merchants(ctx, after, sweepPage)
		if err != nil {
			return nil, err
		}
		for _, m := range ms {
			tenants, after = append(tenants, m.ID), m.ID
		}
		if err := d.count(ctx, tenants, out); err != nil {
			return nil, err
		}
		if len(ms) < sweepPage {
			return out, nil
		}
	}
}

func (d *Desk) count(ctx context.Context, tenants []string, out []State) error {
	swept := d.Policy.Swept()
	for i := range out {
		if swept.Of(out[i].Name).Name == "" {
			continue
		}
		before := d.Clock.Now().Add(-out[i].Kept - sweepMargin)
		for _, t := range tenants {
			n, err := d.Store.Due(ctx, merchant.TenantOf(t), out[i].Name, before, dueMost)
			if err != nil {
				return fmt.Errorf("%s: %w", out[i].Name, err)
			}
			out[i].Due = max(0, out[i].Due) + n
		}
	}
	return nil
}
