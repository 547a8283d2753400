package payrequest

import (
	"context"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
)

// Tx is one transaction over a request, its payment and what is told of it. Conditional
// updates return payment.ErrChanged when their condition does not hold.
type Tx interface {
	payment.Tx
	message.Tx

	// InsertRequest returns ErrCodeTaken when another open request has its code.
	InsertRequest(ctx context.Context, r Request) error
	// UpdateRequest writes everything that may change, where the version is r.Version-1.
	UpdateRequest(ctx context.Context, r Request) error
}

// Store is what this feature asks of the database.
type Store interface {
	// RequestTx runs fn in one transaction, again when the engine asks for it.
	RequestTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	Request(ctx context.Context, t merchant.Tenant, id string) (Request, error)
	// RequestByToken finds the request of a link by the hash of its token.
	RequestByToken(ctx context.Context, hash string) (Request, error)
	RequestByPayment(ctx context.Context, t merchant.Tenant, paymentID string) (Request, error)
	// RequestByCode finds the open request of a code.
	RequestByCode(ctx context.Context, code string) (Request, error)
	// RequestsByPhone are open requests to be paid by phone, newest first.
	RequestsByPhone(ctx context.Context, index string, limit int) ([]Request, error)
	// MarkCalled notes who is on the line.
	MarkCalled(ctx context.Context, t merchant.Tenant, id string, until time.Time, step CallStep) error
	// Requests is one page, newest first.
	Requests(ctx context.Context, t merchant.Tenant, f Filter, now time.Time, limit int) ([]Request, error)
	// DueRequests are open requests of all merchants whose DueAt has come.
	DueRequests(ctx context.Context, now time.Time, limit int) ([]Request, error)
	// MarkOpened notes when a page was first seen, and reports whether this was the first.
	MarkOpened(ctx context.Context, t merchant.Tenant, id string, at time.Time) (bool, error)
	// Payment, Attempts and Message as in their own features.
	Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error)
	Attempts(ctx context.Context, t merchant.Tenant, paymentID string) ([]payment.Attempt, error)
	Message(ctx context.Context, t merchant.Tenant, id string) (message.Job, error)
}

// Filter are the conditions of a list.
type Filter struct {
	Before    string // id of the last row of the page before; rows older than it
	PaymentID string
	Statuses  []Status
}
