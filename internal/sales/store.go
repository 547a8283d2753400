package sales

import (
	"context"
	"errors"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Errors of stores.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("sales: absent")
	// ErrTaken: the day is closed already, or somebody was faster.
	ErrTaken = errors.New("sales: taken")
)

// Tx is one transaction over closings.
type Tx interface {
	audit.Writer

	// InsertClosing returns ErrTaken when the day is closed, the version stands or the
	// key was used.
	InsertClosing(ctx context.Context, c Closing) error
	// ReopenClosing returns ErrTaken unless that version stands.
	ReopenClosing(ctx context.Context, c Closing) error
}

// Store is what this feature asks of the database.
type Store interface {
	// SalesTx runs fn in one transaction, again when the engine asks for it.
	SalesTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error

	// Moves are all entries of one day, in no order.
	Moves(ctx context.Context, t merchant.Tenant, day clock.Day) ([]Move, error)
	// NextSale is the first day after the given one on which anything moved; empty for
	// none.
	NextSale(ctx context.Context, t merchant.Tenant, after clock.Day) (clock.Day, error)
	// Rolled is the last day whose totals are kept; empty before the first.
	Rolled(ctx context.Context, t merchant.Tenant) (clock.Day, error)
	// Roll keeps the lines of days after was, up to through, where was is the last day
	// kept; ErrTaken when another instance was faster. Lines bear their days.
	Roll(ctx context.Context, t merchant.Tenant, was, through clock.Day, lines []Line) error
	// Totals are the kept lines of a dimension over days, both included: each day by
	// itself, or added up by value.
	Totals(ctx context.Context, t merchant.Tenant, d Dimension, days Days, each bool) ([]Line, error)

	// ClosingByKey is the closing of an idempotency key, or ErrAbsent.
	ClosingByKey(ctx context.Context, t merchant.Tenant, key string) (Closing, error)
	// ClosingsOf are the versions of one day, newest first; at most 100.
	ClosingsOf(ctx context.Context, t merchant.Tenant, day clock.Day) ([]Closing, error)
	// Closings of days, newest first.
	Closings(ctx context.Context, t merchant.Tenant, days Days, limit int) ([]Closing, error)
}
