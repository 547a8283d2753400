package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// adminActor stands in the audit for what is done at the command line.
const adminActor = "admin"

// adminCommand works beside running servers, on the same database and keys.
type adminCommand struct {
	Config   string `type:"path" help:"The server's YAML file."`
	Data     string `type:"path" help:"Or the data folder (of the demo, for one)."`
	Database string `help:"postgres:// URL."`
	Keys     string `type:"path" help:"Folder of the keys."`

	Operator       adminOperator       `cmd:"" help:"Make an operator and print the one-time code."`
	Merchant       adminMerchant       `cmd:"" help:"Make a merchant."`
	Merchants      adminMerchants      `cmd:"" help:"List merchants."`
	User           adminUser           `cmd:"" help:"Make a user of a merchant and print the activation link."`
	CancelPassword adminCancelPassword `cmd:"" help:"Print a one-time link with which the owner sets the cancel password."`
	Key            adminKey            `cmd:"" help:"Make a secret key for a merchant's own system; it is shown once."`
	Status         adminStatus         `cmd:"" help:"Suspend, close or reopen a merchant."`
	Unsettled      adminUnsettled      `cmd:"" help:"List payments and cancels whose outcome is not known yet."`
	Settle         adminSettle         `cmd:"" help:"Settle an unknown payment on the proof of an inquiry."`
	RotateKeys     adminRotateKeys     `cmd:"" help:"Add new keys for writing; the old ones stay for reading."`
	Readers        adminReaders        `cmd:"" help:"Show or set which card readers a merchant may use."`
	ReaderKey      adminReaderKey      `cmd:"" help:"Base keys of encrypting card readers."`
}

// config is that of the server, or of the folder named.
func (c *adminCommand) config() (daemon.Config, error) {
	if c.Data == "" || c.Config != "" {
		conf, err := daemon.LoadConfig(c.Config, os.Environ())
		if err == nil && conf.Data == "" {
			err = errors.New("name the installation: --config FILE or --data DIR")
		}
		return conf, err
	}
	conf := daemon.Config{Mode: daemon.Demo, Data: c.Data, Database: c.Database, Keys: c.Keys, LogLevel: "warn"}
	if info, err := simulator.ReadInfo(c.Data + "/simulator"); err == nil {
		conf.Acquirers = (&demoCommand{Data: c.Data}).config(info, "").Acquirers
	}
	if f, err := readDemo(c.Data); err == nil {
		conf.BaseURL = f.BaseURL
		if conf.Acquirers == nil {
			conf.Acquirers = (&demoCommand{Data: c.Data}).config(simulator.Info{Wire: f.Simulator}, "").Acquirers
		}
	}
	return conf, nil
}

// with opens the installation for one act.
func (c *adminCommand) with(e *env, act func(*daemon.Core) error) error {
	conf, err := c.config()
	if err != nil {
		return refused{err}
	}
	if err := conf.Foreign(); err != nil {
		return refused{err}
	}
	log, err := e.logger("warn")
	if err != nil {
		return err
	}
	core, err := daemon.OpenCore(e.ctx, conf, clock.System{}, log)
	if err != nil {
		return refused{err}
	}
	return errors.Join(act(core), core.Close())
}

// link prints the address of an activation page.
func link(e *env, core *daemon.Core, i merchant.Issued) {
	e.printf("%s/activate/%s\nworks once, until %s\n", strings.TrimSuffix(core.Config.BaseURL, "/"), i.Token, i.ExpiresAt.In(clock.Seoul).Format(time.DateTime))
}

type adminOperator struct {
	Login string `arg:"" help:"Login id."`
	Name  string `default:"운영자" help:"Name."`
}

// Run makes an operator.
func (c *adminOperator) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		issued, err := core.Registry.CreateOperatorCode(e.ctx, adminActor, c.Login, c.Name)
		if err == nil {
			link(e, core, issued)
		}
		return err
	})
}

type adminMerchant struct {
	Name           string `required:"" help:"Name on receipts."`
	BusinessNumber string `required:"" help:"Ten digits."`
	Owner          string `required:"" help:"Name of the representative, on receipts."`
	Address        string `required:"" help:"Address, on receipts."`
	Phone          string `required:"" help:"Phone, on receipts."`
	TaxType        string `default:"TAXABLE" enum:"TAXABLE,TAX_FREE,MIXED" help:"TAXABLE, TAX_FREE or MIXED."`
	Rounding       string `default:"NEAREST" enum:"NEAREST,FLOOR" help:"Rounding of VAT: NEAREST or FLOOR."`
	AuthLevel      string `default:"FULL" enum:"NONE,PARTIAL,FULL" help:"Key-in fields asked for: NONE, PARTIAL or FULL."`
	MCC            string `default:"5999" name:"mcc" help:"Merchant category code."`
	TID            string `required:"" name:"tid" help:"Terminal number at the acquirer."`
	MID            string `required:"" name:"mid" help:"Merchant number at the acquirer."`
	Acquirer       string `default:"iso8583" help:"Adapter of the terminal."`
}

// Run makes a merchant.
func (c *adminMerchant) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		m, err := core.Registry.CreateMerchant(e.ctx, adminActor, merchant.NewMerchant{
			Name: c.Name, BusinessNumber: c.BusinessNumber, OwnerName: c.Owner, Address: c.Address, Phone: c.Phone,
			TaxType: money.TaxType(c.TaxType), Rounding: money.Rounding(c.Rounding), AuthLevel: merchant.AuthLevel(c.AuthLevel), MCC: c.MCC,
			Terminals: []merchant.Terminal{{TID: c.TID, MID: c.MID, Acquirer: c.Acquirer}},
		})
		if err == nil {
			e.printf("%s\n", m.ID)
		}
		return err
	})
}

type adminMerchants struct{}

// Run lists merchants.
func (c *adminMerchants) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
		for after := ""; ; {
			ms, err := core.Registry.Merchants(e.ctx, after, 100)
			if err != nil {
				return err
			}
			for _, m := range ms {
				_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", m.ID, m.Status, m.TaxType, m.BusinessNumber, m.Name)
				after = m.ID
			}
			if len(ms) < 100 {
				return w.Flush()
			}
		}
	})
}

type adminUser struct {
	Merchant string `arg:"" help:"Merchant id."`
	Login    string `arg:"" help:"Login id, unique over all merchants."`
	Name     string `required:"" help:"Name."`
	Role     string `default:"STAFF" enum:"OWNER,STAFF" help:"OWNER or STAFF."`
}

// Run makes a user.
func (c *adminUser) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		issued, err := core.Registry.CreateUser(e.ctx, adminActor, merchant.TenantOf(c.Merchant), merchant.NewUser{
			LoginID: c.Login, Name: c.Name, Role: merchant.Role(c.Role),
		})
		if err == nil {
			link(e, core, issued)
		}
		return err
	})
}

type adminCancelPassword struct {
	Merchant string `arg:"" help:"Merchant id."`
}

// Run prints the link; nobody but the owner ever sees the password.
func (c *adminCancelPassword) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		issued, err := core.Registry.IssueCancelPasswordLink(e.ctx, adminActor, merchant.TenantOf(c.Merchant))
		if err == nil {
			link(e, core, issued)
		}
		return err
	})
}

type adminKey struct {
	Merchant string `arg:"" help:"Merchant id."`
	Name     string `required:"" help:"What the key is for."`
	Live     bool   `help:"A key for real money (sk_live_)."`
}

// Run makes a key.
func (c *adminKey) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		secret, _, err := core.Registry.CreateKey(e.ctx, adminActor, merchant.TenantOf(c.Merchant), merchant.NewKey{Name: c.Name, Live: c.Live})
		if err == nil {
			e.printf("%s\n", secret)
		}
		return err
	})
}

type adminStatus struct {
	Merchant string `arg:"" help:"Merchant id."`
	Status   string `arg:"" enum:"ACTIVE,SUSPENDED,CLOSED" help:"ACTIVE, SUSPENDED or CLOSED."`
}

// Run changes the status.
func (c *adminStatus) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		return core.Registry.SetMerchantStatus(e.ctx, adminActor, merchant.TenantOf(c.Merchant), merchant.Status(c.Status))
	})
}

type adminUnsettled struct {
	Limit int `default:"100" help:"At most so many."`
}

// Run lists the unknown desk.
func (c *adminUnsettled) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		us, err := core.DB.Unsettled(e.ctx, merchant.TenantOf(""), c.Limit)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(e.stdout, 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(w, "SINCE\tMERCHANT\tPAYMENT\tCANCEL\tPHASE\tTRIES\tNEXT")
		for _, u := range us {
			_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%s\n", u.Since.Format(time.DateTime), u.MerchantID, u.PaymentID, u.CancelID, u.Phase, u.Tries, u.DueAt.Format(time.DateTime))
		}
		return w.Flush()
	})
}

type adminSettle struct {
	Merchant string `arg:"" help:"Merchant id."`
	Payment  string `arg:"" help:"Payment id."`
	As       string `required:"" enum:"DONE,ABORTED" help:"DONE (approved) or ABORTED (reversed, declined or never existed); the acquirer must say so too."`
}

// Run inquires and settles on what that proves.
func (c *adminSettle) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error {
		open, err := core.OpenAcquirers(adapters)
		if err != nil {
			return err
		}
		defer daemon.CloseAcquirers(open)
		payments := core.Payments(payment.Options{
			Acquirers: open, Render: core.Presenter(core.Config.BaseURL, demoAdapter.Descriptor.CaptureHour).Render,
		})
		p, err := payments.Resolve(e.ctx, merchant.TenantOf(c.Merchant), c.Payment, payment.Status(c.As), adminActor)
		if err != nil {
			return err
		}
		e.printf("%s %s\n", p.ID, p.Status)
		return nil
	})
}

type adminRotateKeys struct{}

// Run rotates the key ring; running servers follow by themselves.
func (c *adminRotateKeys) Run(e *env, a *adminCommand) error {
	return a.with(e, func(core *daemon.Core) error { return core.Keys.Rotate() })
}
