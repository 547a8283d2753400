package daemon

import (
	"context"

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
