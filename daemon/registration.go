package daemon

import (
	"context"
	"time"

	"innopay/internal/jobs"
	"innopay/internal/registration"
	"innopay/internal/store"
	documents "innopay/internal/terms"
)

// Book is what people agree to in this installation.
func (c *Core) Book() *documents.Book {
	return &documents.Book{Store: c.DB, Clock: c.Clock, IDs: c.IDs}
}

// registrations builds what lets people in. An installation begins with model texts.
func (d *Daemon) registrations(ctx context.Context) error {
	d.Agreements = d.Book()
	d.Registrations = registration.New(registration.Options{
		Store: store.NewRegistrations(d.DB), People: d.Registry, Terms: d.Agreements, Messages: d.Messages, Keys: d.Keys,
		Clock: d.Clock, IDs: d.IDs, Log: d.Log, Base: d.BaseURL,
	})
	return d.Agreements.Prepare(ctx)
}

// Figures of the workers of registrations: nobody waits for either.
const (
	expirePoll = 20 * time.Second
	purgePoll  = 6 * time.Hour
)

// endRegistrations starts the workers that end what nobody went on with; they end with ctx.
func (d *Daemon) endRegistrations(ctx context.Context) {
	for _, l := range []*jobs.Loop{
		{Name: "registrations", Round: d.Registrations.Round, Poll: expirePoll},
		{Name: "old registrations", Round: d.Registrations.Purge, Poll: purgePoll},
	} {
		l.Clock, l.Log, l.Round = d.Clock, d.Log, d.Health.Watched(l.Name, l.Round)
		d.workers.Go(func() { l.Run(ctx) })
	}
}
