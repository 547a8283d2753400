package daemon

import (
	"context"

	"innopay/internal/jobs"
	"innopay/internal/sales"
)

// sales builds what tells merchants what they sold.
func (d *Daemon) sales() {
	d.Sales = sales.New(sales.Options{Store: d.DB, Directory: d.Registry, Clock: d.Clock, IDs: d.IDs})
}

// keepTotals starts the worker that adds up days that are over; it ends with ctx.
func (d *Daemon) keepTotals(ctx context.Context) {
	roller := &sales.Roller{Store: d.DB, Leases: d.DB, Merchants: d.Registry.Merchants, Clock: d.Clock, Owner: d.Owner}
	loop := &jobs.Loop{Name: "sales", Round: roller.Round, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { loop.Run(ctx) })
}
