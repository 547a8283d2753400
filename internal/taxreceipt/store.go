package taxreceipt

import (
	"context"
	"errors"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Results of a Store that callers act on.
var (
	// ErrChanged: the row is no longer as it was read; nothing was written.
	ErrChanged = errors.New("taxreceipt: changed meanwhile")
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("taxreceipt: absent")
)

// Tx is one transaction over a sale and its receipt.
type Tx interface {
	payment.Tx

	InsertReceipt(ctx context.Context, r Receipt) error
	// UpdateReceipt writes everything that may change and gives up the lease, where the
	// version is r.Version-1, else ErrChanged.
	UpdateReceipt(ctx context.Context, r Receipt) error
	// InsertReceiptCancel adds a cancel, or reports false when its id stands already.
	InsertReceiptCancel(ctx context.Context, c Cancel) (bool, error)
	// UpdateReceiptCancel writes everything that may change, where the version is
	// c.Version-1, else ErrChanged.
	UpdateReceiptCancel(ctx context.Context, c Cancel) error
	// Receipt with its cancels, or ErrAbsent.
	Receipt(ctx context.Context, t merchant.Tenant, id string) (Receipt, error)
	// ReceiptOfPayment is its newest receipt, or ErrAbsent.
	ReceiptOfPayment(ctx context.Context, t merchant.Tenant, paymentID string) (Receipt, error)
}

// Query is what a list of receipts is asked for.
type Query struct {
	Text   string // in the name, or the whole number, order or last four of the identifier; empty: all
	Before string // id of the last one known; empty: from the newest
	Limit  int
}

// Store is what this feature asks of the database.
type Store interface {
	// ReceiptTx runs fn in one transaction, again when the engine asks for it.
	ReceiptTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// LeaseReceipts takes up to limit receipts whose time has come and that nobody holds.
	LeaseReceipts(ctx context.Context, owner string, now, until time.Time, limit int) ([]Receipt, error)
	Receipt(ctx context.Context, t merchant.Tenant, id string) (Receipt, error)
	ReceiptOfPayment(ctx context.Context, t merchant.Tenant, paymentID string) (Receipt, error)
	// ReceiptRef is what a list of payments shows of the newest receipt of one; empty when it
	// has none.
	ReceiptRef(ctx context.Context, t merchant.Tenant, paymentID string) (payment.CashReceiptRef, error)
	// Receipts is one page, newest first.
	Receipts(ctx context.Context, t merchant.Tenant, q Query) ([]Receipt, error)
	// Idempotency row, or payment.ErrAbsent.
	Idempotency(ctx context.Context, t merchant.Tenant, operation, key string) (payment.Idempotency, error)
}
