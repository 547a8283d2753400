package daemon

import (
	"fmt"

	"innopay/internal/retention"
	"innopay/internal/store"
)

// checkRetention refuses days that the law or the program does not allow.
func (c Config) checkRetention() error {
	if _, err := retention.NewPolicy(c.Retention); err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	return nil
}

// retain builds what erases and hands out people's data, and makes its kinds known to the
// approvals.
func (d *Daemon) retain() error {
	policy, err := retention.NewPolicy(d.Config.Retention)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	d.Eraser = &retention.Eraser{
		Store: store.NewRetention(d.DB), Approvals: d.Desk.Service, Registry: d.Registry, Policy: policy, Clock: d.Clock, IDs: d.IDs,
	}
	d.Eraser.Register()
	return nil
}

// sweeper removes what has been kept long enough.
func (d *Daemon) sweeper() *retention.Sweeper {
	return &retention.Sweeper{
		Store: store.NewRetention(d.DB), Policy: d.Eraser.Policy, Merchants: d.Registry.Merchants, Clock: d.Clock, IDs: d.IDs, Owner: d.Owner,
	}
}

// keeping shows operators how long things are kept.
func (d *Daemon) keeping() *retention.Desk {
	return &retention.Desk{Store: store.NewRetention(d.DB), Policy: d.Eraser.Policy, Merchants: d.Registry.Merchants, Clock: d.Clock}
}
