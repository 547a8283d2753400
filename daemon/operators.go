package daemon

import (
	"fmt"
	"maps"
	"slices"

	"innopay/internal/approval"
	"innopay/internal/contract"
)

// The values of Config.Approvals.
const (
	approvalsTwo    = "two"
	approvalsSingle = "single"
)

// checkApprovals refuses a word that is none of them.
func (c Config) checkApprovals() error {
	switch c.Approvals {
	case "", approvalsTwo, approvalsSingle:
		return nil
	}
	return fmt.Errorf("configuration: approvals must be two or single, not %q", c.Approvals)
}

// operators builds where operators work, over the adapters that are configured.
func (c *Core) operators() *approval.Desk {
	service := &approval.Service{Store: c.DB, Keys: c.Keys, Clock: c.Clock, IDs: c.IDs, Single: c.Config.Approvals == approvalsSingle}
	if service.Single {
		c.Log.Warn("one operator alone moves money and opens access: approvals is single")
	}
	desk := &approval.Desk{
		Service: service, Registry: c.Registry, Clock: c.Clock, Contracts: c.Contracts,
		Adapters: slices.Sorted(maps.Keys(c.Config.Acquirers)),
	}
	desk.Register()
	return desk
}

// contracts reads and writes the terms of merchants.
func (c *Core) contracts() *contract.Service {
	return &contract.Service{Store: c.DB, Keys: c.Keys, Clock: c.Clock, IDs: c.IDs}
}
