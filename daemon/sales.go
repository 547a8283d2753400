package daemon

import (
	"context"
	"errors"

	"innopay/clock"
	"innopay/internal/contract"
	"innopay/internal/jobs"
	"innopay/internal/merchant"
	"innopay/internal/sales"
	"innopay/money"
)

// sales builds what tells merchants what they sold.
func (d *Daemon) sales() error {
	calendar, err := sales.NewCalendar(nil)
	if err != nil {
		return err
	}
	d.Sales = sales.New(sales.Options{Store: d.DB, Directory: d.Registry, Contracts: agreed{d.Contracts}, Calendar: calendar, Clock: d.Clock, IDs: d.IDs})
	return nil
}

// agreed tells sales on which terms a merchant is paid for its cards.
type agreed struct{ *contract.Service }

func (a agreed) Terms(ctx context.Context, t merchant.Tenant, day clock.Day) (sales.Terms, bool, error) {
	c, err := a.Service.Terms(ctx, t, day)
	if errors.Is(err, contract.ErrNone) {
		return sales.Terms{}, false, nil
	}
	return sales.Terms{Cycle: c.Cycle, Fee: func(issuer, cardType string, amount money.Won) (fee, vat money.Won) {
		return c.Fee(contract.Card, issuer, cardType, amount)
	}}, err == nil, err
}

// keepTotals starts the worker that adds up days that are over; it ends with ctx.
func (d *Daemon) keepTotals(ctx context.Context) {
	roller := &sales.Roller{Store: d.DB, Leases: d.DB, Merchants: d.Registry.Merchants, Clock: d.Clock, Owner: d.Owner}
	loop := &jobs.Loop{Name: "sales", Round: d.Health.Watched("sales", roller.Round), Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { loop.Run(ctx) })
}
