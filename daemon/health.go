package daemon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"innopay/call"
	"innopay/internal/health"
	"innopay/internal/jobs"
	"innopay/internal/store"
	"innopay/messenger"
)

// Alarms are who is told of alarms of the installation.
type Alarms struct {
	Mail    []string `yaml:"mail"`    // addresses; needs a gateway that sends mail
	Webhook string   `yaml:"webhook"` // address that alarms are posted to as JSON, https or within the own network
}

// check refuses what cannot be told.
func (a Alarms) check(gateways map[string]messenger.Config, adapters []messenger.Adapter) error {
	if a.Webhook != "" {
		if _, ok := call.Address(a.Webhook); !ok {
			return errors.New("configuration: alarms.webhook must be https, or http within the own network, without a query")
		}
	}
	for _, to := range a.Mail {
		if strings.Count(to, "@") != 1 || strings.ContainsAny(to, " ,;<>\"\r\n") {
			return errors.New("configuration: alarms.mail: an address cannot be written to")
		}
	}
	if len(a.Mail) == 0 {
		return nil
	}
	for _, g := range adapters {
		if _, open := gateways[g.Descriptor.Name]; open && slices.Contains(g.Descriptor.Kinds, messenger.Email) {
			return nil
		}
	}
	return errors.New("configuration: alarms.mail needs a messenger that sends mail")
}

// health builds what looks after the installation, and has alarms in the log raise one.
func (d *Daemon) health() {
	d.Health = health.New(health.Options{
		Store: store.NewHealth(d.DB), Clock: d.Clock, IDs: d.IDs, Log: d.Log, Owner: d.Owner,
		Sources: health.Sources{
			Adapters: d.links, Carriers: func() []health.Carrier { return d.telephone.carriers() }, KeysSince: d.Keys.Since, Certificate: d.certificateEnd,
			Backup: d.lastBackup, BackupWithin: d.Config.Backups.Within,
		},
	})
	d.Log = slog.New(d.Health.Tap(d.Log.Handler()))
}

// tellers are set once the gateways are open.
func (d *Daemon) tellers() {
	if d.Config.Alarms.Webhook != "" {
		d.Health.Tellers = append(d.Health.Tellers, health.NewWebhook(d.Config.Alarms.Webhook))
	}
	for _, g := range d.gateways {
		if len(d.Config.Alarms.Mail) > 0 && slices.Contains(g.Describe().Kinds, messenger.Email) {
			d.Health.Tellers = append(d.Health.Tellers, &health.Mail{Gateway: g, To: d.Config.Alarms.Mail, Base: d.BaseURL})
			return
		}
	}
}

// watch starts the worker that raises and ends alarms; it ends with ctx.
func (d *Daemon) watch(ctx context.Context) {
	loop := &jobs.Loop{Name: "health", Round: d.Health.Watched("health", d.Health.Round), Clock: d.Clock, Log: d.Log, Poll: health.WatchEvery}
	d.workers.Go(func() { loop.Run(ctx) })
}

func (d *Daemon) links() []health.Adapter {
	var out []health.Adapter
	for _, l := range d.Payments.Links() {
		out = append(out, health.Adapter{Name: l.Adapter, Down: l.Down, Failures: l.Failures, Reached: l.Reached})
	}
	return out
}

// carriers of the telephone line; none when nobody calls over SIP.
func (t *telephone) carriers() []health.Carrier {
	if t == nil || t.trunk == nil {
		return nil
	}
	var out []health.Carrier
	for _, c := range t.trunk.Figures().Carriers {
		// One that was never registered with has no status.
		out = append(out, health.Carrier{Name: c.Name, Up: c.Up, Registered: c.Registered || c.Status == 0, Answered: c.Answered})
	}
	return out
}

// certificateEnd is when the certificate of the configuration ends; zero when the server
// has none of its own, or one that renews itself.
func (d *Daemon) certificateEnd() (time.Time, error) {
	if d.Config.TLSCert == "" {
		return time.Time{}, nil
	}
	pair, err := tls.LoadX509KeyPair(d.Config.TLSCert, d.Config.TLSKey)
	if err != nil {
		return time.Time{}, fmt.Errorf("certificate: %w", err)
	}
	return pair.Leaf.NotAfter, nil
}
