package daemon

import (
	"context"

	"innopay/internal/audit"
	"innopay/internal/jobs"
	"innopay/internal/oversight"
	"innopay/internal/risk"
	"innopay/internal/store"
)

// desk builds the operators' desk over all merchants.
func (d *Daemon) desk() *oversight.Service {
	return oversight.New(oversight.Options{
		Store: store.NewOversight(d.DB), Payments: d.Payments, Receipts: d.CashReceipts, Messages: d.Messages,
		Heads: func() ([]audit.Seal, error) { return jobs.ReadHeads(d.Config.HeadDir()) }, Clock: d.Clock, IDs: d.IDs,
	})
}

// rules builds what judges payments.
func (d *Daemon) rules() *risk.Service {
	return risk.New(risk.Options{Store: store.NewRisk(d.DB), Keys: d.Keys, Clock: d.Clock, IDs: d.IDs, Log: d.Log})
}

// tidyRules starts the worker that forgets what counts for nothing any more; it ends with ctx.
func (d *Daemon) tidyRules(ctx context.Context) {
	loop := &jobs.Loop{
		Name: "risk", Clock: d.Clock, Log: d.Log, Poll: risk.PurgeEvery,
		Round: d.Health.Watched("risk", d.Risk.Purge),
	}
	d.workers.Go(func() { loop.Run(ctx) })
}
