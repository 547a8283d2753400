// Package audit keeps who did what. Rows are written in the transaction of the
// act and hold no personal data. A leased sealer chains their hashes afterwards
// in a table of its own, so that no payment waits behind another, and the head of
// the chain is exported outside the database (rulings 9).
package audit

import (
	"context"
	"time"
)

// Record is one row.
type Record struct {
	MerchantID string // empty for acts of the installation
	ID         string // id.Audit
	At         time.Time
	Actor      string // user id, key id, or a worker's name
	Action     string // dotted, e.g. payment.cancel
	Subject    string // id of what was acted on
	Detail     string // JSON without personal data; may be empty
}

// Writer adds a record in the caller's transaction.
type Writer interface {
	Record(ctx context.Context, r Record) error
}
