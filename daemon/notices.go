package daemon

import (
	"innopay/internal/notice"
	"innopay/internal/ticket"
)

// notices tells merchants what the operator writes.
func (d *Daemon) notices() *notice.Service {
	return &notice.Service{Store: d.DB, Merchants: d.Registry, Clock: d.Clock, IDs: d.IDs}
}

// tickets are what merchants ask the customer centre.
func (d *Daemon) tickets() *ticket.Service {
	return &ticket.Service{Store: d.DB, Operators: d.Registry, Clock: d.Clock, IDs: d.IDs}
}
