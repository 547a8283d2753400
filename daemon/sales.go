package daemon

import (
	"context"

	"innopay/clock"
	"innopay/internal/jobs"
	"innopay/internal/merchant"
	"innopay/internal/sales"
)

// sales builds what tells merchants what they sold.
func (d *Daemon) sales() error {
	calendar, err := sales.NewCalendar(nil)
	if err != nil {
		return err
	}
	d.Sales = sales.New(sales.Options{Store: d.DB, Directory: d.Registry, Contracts: unagreed{}, Calendar: calendar, Clock: d.Clock, IDs: d.IDs})
	return nil
}

// unagreed knows no contract of any merchant.
type unagreed struct{}

func (unagreed) Terms(context.Context, merchant.Tenant, clock.Day) (sales.Terms, bool, error) {
	return sales.Terms{}, false, nil
}

// keepTotals starts the worker that adds up days that are over; it ends with ctx.
func (d *Daemon) keepTotals(ctx context.Context) {
	roller := &sales.Roller{Store: d.DB, Leases: d.DB, Merchants: d.Registry.Merchants, Clock: d.Clock, Owner: d.Owner}
	loop := &jobs.Loop{Name: "sales", Round: roller.Round, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { loop.Run(ctx) })
}
