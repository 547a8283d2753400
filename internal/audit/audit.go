// Package audit keeps who did what. Rows are written in the transaction of the
// act and hold no personal data. A leased sealer chains their hashes afterwards
// in a table of its own, so that no payment waits behind another, and the head of
// the chain is exported outside the database (rulings 9).
package audit

import (
	"context"
	"encoding/json"
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

// TraceDetail is the detail of a record that keeps the trace id of its request, under
// which the request was logged and answered; empty for an empty one. Operators find what
// a request made by it.
func TraceDetail(traceID string) string {
	if traceID == "" {
		return ""
	}
	return Detail(map[string]any{"traceId": traceID})
}

// Detail is a record's detail: plain values without personal data, the same bytes for
// the same values.
func Detail(values map[string]any) string {
	b, err := json.Marshal(values)
	if err != nil {
		panic("audit: JSON of plain data cannot fail: " + err.Error())
	}
	return string(b)
}
