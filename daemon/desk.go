package daemon

import (
	"innopay/internal/audit"
	"innopay/internal/jobs"
	"innopay/internal/oversight"
	"innopay/internal/store"
)

// desk builds the operators' desk over all merchants.
func (d *Daemon) desk() *oversight.Service {
	return oversight.New(oversight.Options{
		Store: store.NewOversight(d.DB), Payments: d.Payments, Receipts: d.CashReceipts, Messages: d.Messages,
		Heads: func() ([]audit.Seal, error) { return jobs.ReadHeads(d.Config.HeadDir()) }, Clock: d.Clock, IDs: d.IDs,
	})
}
