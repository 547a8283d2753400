package message

import (
	"context"
	"errors"
	"time"

	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Results of a Store that callers act on.
var (
	// ErrChanged: the row is no longer as it was read; nothing was written.
	ErrChanged = errors.New("message: changed meanwhile")
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("message: absent")
)

// Window is one limit of how much may be sent.
type Window struct {
	Most int           // 0: no limit
	Per  time.Duration // counted from whole multiples of it
}

// Tx is one transaction over what is told.
type Tx interface {
	outbox.Writer
	audit.Writer

	// InsertMessage adds a message, or reports false when its id stands already.
	InsertMessage(ctx context.Context, j Job) (bool, error)
	// UpdateMessage writes everything that may change and gives up the lease, where the
	// version is j.Version-1, else ErrChanged.
	UpdateMessage(ctx context.Context, j Job) error
	// HoldMessage keeps workers from the message until the transaction ends, where the version
	// is j.Version-1 and none has leased it, else ErrChanged.
	HoldMessage(ctx context.Context, j Job, now time.Time) error
	// DropMessages gives up what is queued of a thread for a purpose.
	DropMessages(ctx context.Context, t merchant.Tenant, thread string, p Purpose, at time.Time) error
	// UseQuota counts one more in the window at now, or reports false when it is full.
	UseQuota(ctx context.Context, subject string, w Window, now time.Time) (bool, error)
	Senders(ctx context.Context, t merchant.Tenant) ([]Sender, error)
	PutSender(ctx context.Context, t merchant.Tenant, s Sender) error
	DeleteSender(ctx context.Context, t merchant.Tenant, number string) error
}

// Store is what this feature asks of the database.
type Store interface {
	// MessageTx runs fn in one transaction, again when the engine asks for it.
	MessageTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// LeaseMessages takes up to limit messages whose time has come and that nobody holds,
	// but none that another of its thread must leave before.
	LeaseMessages(ctx context.Context, owner string, now, until time.Time, limit int) ([]Job, error)
	Message(ctx context.Context, t merchant.Tenant, id string) (Job, error)
	// Messages of a thread, oldest first.
	Messages(ctx context.Context, t merchant.Tenant, thread string, limit int) ([]Job, error)
	Senders(ctx context.Context, t merchant.Tenant) ([]Sender, error)
	// PurgeQuota forgets windows that ended before.
	PurgeQuota(ctx context.Context, before time.Time) error
}
