package demo

import (
	"context"
	"errors"

	"innopay/internal/printer"
	"innopay/internal/receipt/escpos"
)

// printerName is what the shops call the virtual printer.
const printerName = "가상 프린터"

// Attach registers the virtual printer with every shop that has no printer, and tells
// those that have it where it listens by now.
func (s *Seeder) Attach(ctx context.Context, printers *printer.Service) error {
	virtual := printers.Virtual.String()
	for _, sh := range shops {
		m, ok, err := s.find(ctx, sh)
		if err != nil || !ok {
			return err
		}
		t := m.Tenant()
		all, err := printers.List(ctx, t)
		if err != nil {
			return err
		}
		w := printer.Wanted{
			Name: printerName, Transport: printer.Network, Address: virtual, Columns: 48, Mode: escpos.CP949, Hangul: escpos.Full, Drawer: true,
		}
		if len(all) == 0 {
			if _, err := printers.Add(ctx, t, actor, w); err != nil {
				return err
			}
		}
		for _, p := range all {
			if p.Transport != printer.Network || p.Name != printerName || p.Address == virtual {
				continue
			}
			w.Columns, w.Mode, w.Hangul, w.Drawer = p.Columns, p.Mode, p.Hangul, p.Drawer
			if _, err := printers.Change(ctx, t, actor, p.ID, p.Version, w); err != nil && !errors.Is(err, printer.ErrChanged) {
				return err
			}
		}
	}
	return nil
}
