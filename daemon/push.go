package daemon

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"innopay/internal/jobs"
	"innopay/internal/push"
)

// push builds what tells devices while the app is closed.
func (d *Daemon) push(o Options) error {
	pair, err := d.Keys.PushKey()
	if err != nil {
		return err
	}
	d.pushes = make(chan struct{}, push.AtOnce)
	d.Push = push.New(push.Options{
		Store: d.DB, Directory: d.Registry, Key: pair, Contact: d.pushContact(), Loopback: o.Config.Mode == Demo,
		Clock: d.Clock, IDs: d.IDs, Log: d.Log,
		Wake: func() {
			select {
			case d.pushes <- struct{}{}:
			default:
			}
		},
	})
	return nil
}

// pushContact is who stands in the requests to push services. They take an https address
// or a mail address alone (RFC 8292, 2.1); an installation without TLS has the former in
// its name only.
func (d *Daemon) pushContact() string {
	if c := d.Config.PushContact; c != "" {
		return c
	}
	_, host, _ := strings.Cut(d.BaseURL, "://")
	return "https://" + host
}

// tellDevices starts the workers of pushes; they end with ctx.
func (d *Daemon) tellDevices(ctx context.Context) {
	for range push.AtOnce {
		l := &jobs.Loop{Name: "push", Round: d.Health.Watched("push", d.Push.Round), Wake: d.pushes, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
		d.workers.Go(func() { l.Run(ctx) })
	}
}

// checkPush refuses a contact that push services refuse.
func (c Config) checkPush() error {
	if c.PushContact == "" {
		return nil
	}
	u, err := url.Parse(c.PushContact)
	if err == nil && (u.Scheme == "https" && u.Host != "" || u.Scheme == "mailto" && strings.Contains(u.Opaque, "@")) {
		return nil
	}
	return errors.New("configuration: pushContact must be mailto:someone@shop.example or an https address")
}
