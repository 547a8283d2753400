package daemon

import (
	"context"
	"crypto/rand"

	"innopay/call"
	"innopay/internal/jobs"
	"innopay/internal/web/api"
	"innopay/internal/webhook"
)

// webhooks builds what tells the systems of merchants. This machine is told in the demo
// alone, where integrators try their receivers.
func (d *Daemon) webhooks(o Options, presenter *api.Presenter) {
	d.hooks = make(chan struct{}, 1)
	d.Webhooks = webhook.New(webhook.Options{
		Store: d.DB, Notices: d.notices(), Guard: call.Guard{Ports: []string{"443", "8443"}, Loopback: o.Config.Mode == Demo},
		Resources: api.NewResources(api.Options{
			Payments: d.Payments, Requests: d.Requests, CashReceipts: d.CashReceipts, Presenter: presenter, Clock: d.Clock,
		}),
		Rand: rand.Reader, Clock: d.Clock, IDs: d.IDs, Log: d.Log, Owner: d.Owner, Observe: d.counts.webhook(),
		Wake: func() {
			select {
			case d.hooks <- struct{}{}:
			default:
			}
		},
	})
}

// offLetters writes to owners of webhooks that were turned off.
func (d *Daemon) offLetters() *webhook.Letters {
	return webhook.NewLetters(webhook.LetterOptions{
		Webhooks: d.DB, Messages: d.Messages, Queue: d.DB, Owners: d.Activations, Directory: d.Registry, Base: d.BaseURL, Clock: d.Clock, Log: d.Log,
	})
}

// tellSystems starts the worker of webhooks; it ends with ctx.
func (d *Daemon) tellSystems(ctx context.Context) {
	l := &jobs.Loop{Name: "webhook", Round: d.Health.Watched("webhook", d.Webhooks.Round), Wake: d.hooks, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { l.Run(ctx) })
}
