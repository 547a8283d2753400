package daemon

import (
	"net"
	"net/url"

	"innopay/internal/merchant"
	"innopay/internal/signin"
)

// signin builds what people prove themselves with beside their password, and what they
// are told of it by mail.
func (d *Daemon) signin(o Options) error {
	var err error
	if d.passkeys, err = merchant.NewPasskeys(d.Accounts, origins(d.BaseURL, o.Config.Mode)...); err != nil {
		return err
	}
	d.letters = signin.New(signin.Options{
		Store: d.DB, Messages: d.Messages, Links: d.Activations, Directory: d.Registry, Base: d.BaseURL, Clock: d.Clock, Log: d.Log,
	})
	return nil
}

// origins are those by which browsers reach the server. Passkeys are bound to a name, so
// the demo, which has an address, answers on localhost too.
func origins(base string, m Mode) []string {
	out := []string{base}
	u, err := url.Parse(base)
	if err == nil && m == Demo && u.Port() != "" {
		out = append(out, u.Scheme+"://"+net.JoinHostPort("localhost", u.Port()))
	}
	return out
}
