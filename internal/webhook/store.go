package webhook

import (
	"context"
	"errors"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/notice"
)

// Results of a Store that this package acts on.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("webhook: absent")
	// ErrStale: a conditional update met another version; nothing was written.
	ErrStale = errors.New("webhook: changed since it was read")
)

// Tx is one transaction over webhooks and deliveries.
type Tx interface {
	notice.Poster // a webhook that is turned off is told of in the same transaction

	Webhook(ctx context.Context, t merchant.Tenant, id string) (Webhook, error)
	CountWebhooks(ctx context.Context, t merchant.Tenant) (int, error)
	InsertWebhook(ctx context.Context, w Webhook) error
	// UpdateWebhook writes everything where the version is w.Version-1, or ErrStale.
	UpdateWebhook(ctx context.Context, w Webhook) error
	// DeleteWebhook removes it, its deliveries and their attempts, and reports whether
	// there was one.
	DeleteWebhook(ctx context.Context, t merchant.Tenant, id string) (bool, error)
	// InsertDelivery writes a delivery; one of the same webhook and event that is there
	// already stays.
	InsertDelivery(ctx context.Context, d Delivery) error
	// UpdateDelivery writes state, tries and due time, gives the lease back, where the row
	// version is d.RowVersion-1; else ErrStale.
	UpdateDelivery(ctx context.Context, d Delivery) error
	InsertAttempt(ctx context.Context, a Attempt) error
}

// Store is what this feature asks of the database.
type Store interface {
	// WebhookTx runs fn in one transaction, again when the engine asks for it.
	WebhookTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Webhooks of a merchant by id, or ErrAbsent for one.
	Webhooks(ctx context.Context, t merchant.Tenant) ([]Webhook, error)
	Webhook(ctx context.Context, t merchant.Tenant, id string) (Webhook, error)
	Delivery(ctx context.Context, t merchant.Tenant, webhookID, id string) (Delivery, error)
	// Deliveries are a page, newest first, older than the id before when one is given.
	Deliveries(ctx context.Context, t merchant.Tenant, webhookID, before string, limit int) ([]Delivery, error)
	// DeliveryAttempts are those of a delivery in their order.
	DeliveryAttempts(ctx context.Context, t merchant.Tenant, deliveryID string) ([]Attempt, error)
	// LeaseDeliveries makes owner the only one who sends up to limit due deliveries until
	// the given time: of each webhook and subject the oldest that waits. Their row version
	// has risen, so that a holder whose lease ran out settles nothing.
	LeaseDeliveries(ctx context.Context, owner string, now, until time.Time, limit int) ([]Delivery, error)
}
