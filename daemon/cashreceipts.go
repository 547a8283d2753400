package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"innopay/cashreceipt"
	"innopay/internal/jobs"
	"innopay/internal/taxreceipt"
)

// CashReceipts are the terms on which cash receipts are issued.
type CashReceipts struct {
	Offices map[string]cashreceipt.Config `yaml:"offices"` // by adapter name; one at most, none: they are not offered
	Duty    string                        `yaml:"duty"`    // file with the trades that must issue (mcc,name); empty: the one that comes with the program
}

// checkCashReceipts refuses what must not run.
func (c Config) checkCashReceipts(offices []cashreceipt.Adapter) error {
	if len(c.CashReceipts.Offices) > 1 {
		return errors.New("configuration: cashReceipts.offices: one office at a time")
	}
	for name, fields := range c.CashReceipts.Offices {
		if !slices.ContainsFunc(offices, func(a cashreceipt.Adapter) bool { return a.Descriptor.Name == name }) {
			return fmt.Errorf("configuration: cashReceipts.offices: there is no adapter %q", name)
		}
		if c.Mode == Production && fields.On("simulated") {
			return fmt.Errorf("configuration: cashReceipts.offices.%s is a simulator, which production refuses", name)
		}
	}
	return nil
}

// openOffice opens the configured office, nil when there is none.
func (d *Daemon) openOffice(adapters []cashreceipt.Adapter) (cashreceipt.Issuer, error) {
	for _, a := range adapters {
		fields, ok := d.Config.CashReceipts.Offices[a.Descriptor.Name]
		if !ok {
			continue
		}
		named := cashreceipt.Config{}
		for key, value := range fields {
			i := slices.IndexFunc(a.Descriptor.Fields, func(f cashreceipt.Field) bool {
				return strings.EqualFold(f.Key, strings.ReplaceAll(key, "_", ""))
			})
			if i < 0 {
				return nil, fmt.Errorf("cash receipt office %s: %q is no setting", a.Descriptor.Name, key)
			}
			named[a.Descriptor.Fields[i].Key] = value
		}
		o, err := a.Open(named)
		if err != nil {
			return nil, fmt.Errorf("cash receipt office %s: %w", a.Descriptor.Name, err)
		}
		// A simulated office never stands beside a real acquirer (rulings 16).
		if o.Describe().Simulated != d.simulated() {
			return nil, errors.Join(errors.New("cash receipts: a simulator never runs beside a real acquirer or office"), o.Close())
		}
		return o, nil
	}
	return nil, nil //nolint:nilnil // no office is an answer
}

// cashReceipts builds the sales for cash and their receipts.
func (d *Daemon) cashReceipts(o Options) error {
	var err error
	if d.office, err = d.openOffice(o.Offices); err != nil {
		return err
	}
	duty := taxreceipt.DefaultDuty()
	if file := d.Config.CashReceipts.Duty; file != "" {
		f, err := os.Open(file) //nolint:gosec // the operator names the file
		if err != nil {
			return fmt.Errorf("cash receipts: %w", err)
		}
		duty, err = taxreceipt.ReadDuty(f)
		if err = errors.Join(err, f.Close()); err != nil {
			return err
		}
	}
	office := d.office
	if office != nil && o.WrapOffice != nil {
		office = o.WrapOffice(office)
	}
	office = d.counts.office(office)
	d.issue = make(chan struct{}, 1)
	d.CashReceipts = taxreceipt.New(taxreceipt.Options{
		Store: d.DB, Payments: d.Payments, Directory: d.Registry, Office: office, Hasher: d.Keys, Duty: duty, Clock: d.Clock, IDs: d.IDs,
		Log: d.Log, Owner: d.Owner,
		Wake: func() {
			select {
			case d.issue <- struct{}{}:
			default:
			}
		},
	})
	return nil
}

// issueReceipts starts the worker of cash receipts; it ends with ctx.
func (d *Daemon) issueReceipts(ctx context.Context) {
	loop := &jobs.Loop{Name: "cash-receipts", Round: d.Health.Watched("cash-receipts", d.CashReceipts.Round), Wake: d.issue, Clock: d.Clock, Log: d.Log, Poll: roundPoll}
	d.workers.Go(func() { loop.Run(ctx) })
}
