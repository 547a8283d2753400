package payment

import (
	"context"
	"errors"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/money"
)

// Results of a Store that callers act on. Everything else is a broken database.
var (
	// ErrKeyTaken: the idempotency key was used before; nothing was written.
	ErrKeyTaken = errors.New("payment: idempotency key taken")
	// ErrOrderTaken: another live payment has the orderId; nothing was written.
	ErrOrderTaken = errors.New("payment: order id taken")
	// ErrChanged: a conditional update met another version or state; nothing was
	// written. Read again, never assume.
	ErrChanged = errors.New("payment: changed meanwhile")
	// ErrSwipeSeen: a payment was taken with this swipe of the reader, or with a later
	// one; nothing was written.
	ErrSwipeSeen = errors.New("payment: swipe seen before")
	// ErrLimitMoved: another payment has counted towards the merchant's limits since they
	// were read; nothing was written.
	ErrLimitMoved = errors.New("payment: limits moved meanwhile")
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("payment: absent")
	// ErrNoSpace: the disk is full or read-only; nothing was written (rulings 10).
	ErrNoSpace = errors.New("payment: no space to write")
	// ErrOverloaded: the queue in front of the database is full; nothing was written.
	ErrOverloaded = errors.New("payment: overloaded")
	// ErrOpen goes with the error of a commit that perhaps was written, because its answer,
	// or that of an earlier try, was lost. Without it nothing was written.
	ErrOpen = errors.New("payment: the outcome of a commit is not known")
)

// Intent is W1: everything that must be durable before a byte leaves.
type Intent struct {
	Payment Payment
	// Claim is set when the payment is a request that must be READY (rulings 1):
	// its row is updated where status is READY and version is Payment.Version-1,
	// else the result is ErrChanged.
	Claim   bool
	Attempt Attempt
	// Reader is set when an encrypting reader read the card: its counter is kept with the
	// payment where it is above the one that stands, else the result is ErrSwipeSeen.
	Reader ReaderUse
	// Limit is set for merchants with limits of days or months: the payment counts where
	// their gate stands at Limit.Version-1, else the result is ErrLimitMoved.
	Limit     LimitUse
	Unsettled Unsettled
	Key       Idempotency
	Signature []byte // strokes as JSON; nil when none
	Audit     audit.Record
}

// Outcome is W2 or W3: the answer and all that follows from it, in one transaction.
// It is applied where the payment has version Payment.Version-1 and the attempt is
// SENDING or UNKNOWN, else the result is ErrChanged.
type Outcome struct {
	Payment   Payment // new values of everything that may change
	Attempt   Attempt // likewise
	Unsettled *Unsettled
	// Settled deletes the unsettled row; otherwise Unsettled replaces it.
	Settled  bool
	Postings []ledger.Posting
	Event    outbox.Event
	Audit    audit.Record
	Key      Idempotency // Operation and Key name the row; frozen when Status is not 0. Empty Key.Key: none
}

// Committer is the hot path, batch-shaped (rulings 8). Results are by index: nil,
// one of the errors above, or a broken database. Intents and Outcomes are plain
// data and are not changed. Each item is committed wholly or not at all, and one
// failing item does not fail its batch. When a call returns nil for an item, it is
// durable.
type Committer interface {
	CommitIntents(ctx context.Context, is []Intent) []error
	CommitOutcomes(ctx context.Context, os []Outcome) []error
}

// Reader reads outside a transaction, what is committed.
type Reader interface {
	// Payment with its cancels, or ErrAbsent.
	Payment(ctx context.Context, t merchant.Tenant, id string) (Payment, error)
	// PaymentByOrder is the live payment of the order, else the newest, or ErrAbsent.
	PaymentByOrder(ctx context.Context, t merchant.Tenant, orderID string) (Payment, error)
	// Attempts of a payment, oldest first.
	Attempts(ctx context.Context, t merchant.Tenant, paymentID string) ([]Attempt, error)
	// Idempotency row, or ErrAbsent.
	Idempotency(ctx context.Context, t merchant.Tenant, operation, key string) (Idempotency, error)
	// Signature strokes as JSON, or ErrAbsent.
	Signature(ctx context.Context, t merchant.Tenant, paymentID string) ([]byte, error)
	// LimitGate is the version of a merchant's gate, 0 before the first payment that
	// counted. Read it before the sums.
	LimitGate(ctx context.Context, t merchant.Tenant) (int64, error)
	// LimitSum is what counts towards the limits on the days from .. until: the balances of
	// what was approved or is under way, by the day of its attempt.
	LimitSum(ctx context.Context, t merchant.Tenant, from, until clock.Day) (money.Won, error)
	// Unsettled lists every job of the tenant that is not settled, oldest first; the
	// zero tenant means all merchants (workers and operators).
	Unsettled(ctx context.Context, t merchant.Tenant, limit int) ([]Unsettled, error)
	// List is one page of the history, newest first, with cancels.
	List(ctx context.Context, t merchant.Tenant, f Filter, limit int) ([]Payment, error)
	// Summary sums what List would give over all pages.
	Summary(ctx context.Context, t merchant.Tenant, f Filter) (Summary, error)
}

// Tx is one transaction over every feature a payment touches. Conditional updates
// return ErrChanged when their condition does not hold.
type Tx interface {
	ledger.Poster
	outbox.Writer
	audit.Writer

	Payment(ctx context.Context, t merchant.Tenant, id string) (Payment, error)
	// InsertPayment adds a payment that waits; ErrOrderTaken when another live one has
	// its order.
	InsertPayment(ctx context.Context, p Payment) error
	// UpdateBuyer writes the buyer where the payment waits and the version is p.Version-1.
	UpdateBuyer(ctx context.Context, p Payment) error
	// UpdatePayment writes everything else that may change, where the version is p.Version-1.
	UpdatePayment(ctx context.Context, p Payment) error
	Attempt(ctx context.Context, t merchant.Tenant, id string) (Attempt, error)
	InsertAttempt(ctx context.Context, a Attempt) error
	// UpdateAttempt writes status, answer, sends and settled time, where the status is from.
	UpdateAttempt(ctx context.Context, a Attempt, from AttemptStatus) error
	InsertCancel(ctx context.Context, c Cancel) error
	// UpdateCancel writes everything that may change, where the status is from.
	UpdateCancel(ctx context.Context, c Cancel, from CancelStatus) error
	// InsertIdempotency returns ErrKeyTaken when the row stands already.
	InsertIdempotency(ctx context.Context, k Idempotency) error
	// FreezeIdempotency stores status and body where none is stored yet; a row that
	// is frozen already stays as it is.
	FreezeIdempotency(ctx context.Context, k Idempotency) error
	// InsertUnsettled adds a job.
	InsertUnsettled(ctx context.Context, u Unsettled) error
	// UpdateUnsettled writes phase, due time and tries and gives up the lease, where
	// the lease owner is u.LeaseOwner.
	UpdateUnsettled(ctx context.Context, u Unsettled) error
	// DeleteUnsettled removes the job where the lease owner is u.LeaseOwner.
	DeleteUnsettled(ctx context.Context, u Unsettled) error
	// ClaimUnsettled takes one job for owner until the given time, whether it is due
	// or not, and returns it; ErrChanged while another holds it, ErrAbsent when it is
	// settled. An operator's settling starts with it.
	ClaimUnsettled(ctx context.Context, t merchant.Tenant, attemptID, owner string, now, until time.Time) (Unsettled, error)
	// Attempts of a payment, oldest first.
	Attempts(ctx context.Context, t merchant.Tenant, paymentID string) ([]Attempt, error)
	// PutSignature stores strokes where none are stored yet, else ErrChanged.
	PutSignature(ctx context.Context, t merchant.Tenant, paymentID string, strokes []byte) error
}

// Store is everything the core asks of a database.
type Store interface {
	Committer
	Reader
	// Tx runs fn in one transaction at an isolation that makes its conditional
	// updates safe; it is run again when the engine asks for it, so fn has no effect
	// outside. An error of fn rolls back and is returned as it is.
	Tx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Lease takes up to limit jobs whose DueAt has come and that nobody holds, for
	// owner, until the given time.
	Lease(ctx context.Context, owner string, now, until time.Time, limit int) ([]Unsettled, error)
	// LateAnswer stores evidence on an attempt, whatever its state.
	LateAnswer(ctx context.Context, t merchant.Tenant, attemptID, evidence string) error
	// STANs takes a block of n trace numbers of a terminal and returns the first of
	// them, counted from 0 without wrapping. Blocks never overlap, over all instances.
	STANs(ctx context.Context, t merchant.Tenant, terminalID string, n int) (int64, error)
}
