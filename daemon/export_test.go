package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"innopay/clock"
	"innopay/internal/approval"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/api"
)

// NewTerms is what tells the payment core about merchants.
func NewTerms(d merchant.Directory, p merchant.CancelPasswords, c clock.Clock) payment.Merchants {
	return &terms{directory: d, passwords: p, contracts: noContracts{}, clock: c}
}

// NewReaderTerms is NewTerms of an installation that forbids plain tracks, or not.
func NewReaderTerms(d merchant.Directory, c clock.Clock, forbid bool) payment.Merchants {
	return &terms{directory: d, contracts: noContracts{}, clock: c, forbidPlainTrack: forbid}
}

// PlainTracks reports whether the configuration allows readers that do not encrypt.
func PlainTracks(c Config) bool { return c.plainTracks() }

// NewContractTerms is NewTerms of merchants under the contracts.
func NewContractTerms(d merchant.Directory, cs contracts, c clock.Clock) payment.Merchants {
	return &terms{directory: d, contracts: cs, clock: c}
}

// noContracts bound nobody.
type noContracts struct{}

func (noContracts) ContractOn(context.Context, merchant.Tenant, clock.Day) (contract.Row, error) {
	return contract.Row{}, contract.ErrAbsent
}

// AdapterDesk shows the adapters of a server.
func (d *Daemon) AdapterDesk() api.AdapterDesk { return d.adapterDesk() }

// Operators is where operators work, over a core without a server.
func Operators(c *Core) *approval.Desk { return c.operators() }

// Succeed makes a core the server of its data folder, unless another is.
func (c *Core) Succeed(ctx context.Context) bool {
	c.succeed(ctx)
	return c.lock != nil
}

// Die ends a core as its process's death would: nothing is given back.
func (c *Core) Die() error { return errors.Join(c.DB.Close(), c.leave()) }

// Forge rewrites what the data folder says of its server, as another machine or another
// boot would have left it.
func Forge(folder string, change func(machine *string, booted *time.Time)) error {
	path := filepath.Join(folder, instanceFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var i instance
	if err := json.Unmarshal(raw, &i); err != nil {
		return err
	}
	change(&i.Machine, &i.Booted)
	if raw, err = json.Marshal(i); err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

// CannotListen is what the doctor says of an address that is not to be had.
func CannotListen(c Config, err error) Finding {
	d := &doctor{Config: c}
	d.cannotListen(err)
	return d.found[0]
}

// ForeignTo is Foreign for the user of the number.
func (c Config) ForeignTo(uid int) error { return c.foreign(uid) }
