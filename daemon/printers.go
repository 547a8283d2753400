package daemon

import (
	"context"
	"fmt"
	"net/netip"

	"innopay/internal/jobs"
	"innopay/internal/printer"
	"innopay/internal/web/api"
)

// Printers are the terms on which the server connects to receipt printers.
type Printers struct {
	Networks []string `yaml:"networks"` // private networks in which they may stand, 192.168.0.0/24; none: the server connects to no printer
}

// checkPrinters refuses networks in which no shop has a printer.
func (c Config) checkPrinters() error {
	_, err := c.printerNetworks()
	return err
}

func (c Config) printerNetworks() ([]netip.Prefix, error) {
	out := make([]netip.Prefix, 0, len(c.Printers.Networks))
	for _, s := range c.Printers.Networks {
		n, err := netip.ParsePrefix(s)
		if err != nil || !printer.ValidNetwork(n) {
			return nil, fmt.Errorf("configuration: printers.networks: %q is no private network, such as 192.168.0.0/24", s)
		}
		out = append(out, n.Masked())
	}
	return out, nil
}

// printers builds what prints receipts. Its configuration was checked.
func (d *Daemon) printers(o Options, presenter *api.Presenter) error {
	networks, err := o.Config.printerNetworks()
	if err != nil {
		return err
	}
	d.prints = make(chan struct{}, 1)
	d.Printers = printer.New(printer.Options{
		Store: d.DB, Payments: d.Payments, CashReceipts: d.CashReceipts, Receipts: d.Receipts, Directory: d.Registry, Closings: d.Sales, Links: presenter.Links,
		Keys: d.Keys, Networks: networks, Virtual: o.Printer, Clock: d.Clock, IDs: d.IDs, Log: d.Log, Owner: d.Owner,
		Wake: func() {
			select {
			case d.prints <- struct{}{}:
			default:
			}
		},
	})
	return nil
}

// printReceipts starts the worker of prints; it ends with ctx.
func (d *Daemon) printReceipts(ctx context.Context) {
	loop := &jobs.Loop{Name: "prints", Round: d.Health.Watched("prints", d.Printers.Round), Wake: d.prints, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { loop.Run(ctx) })
}
