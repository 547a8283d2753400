package push

import (
	"context"
	"time"

	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Tx is one transaction over subscriptions.
type Tx interface {
	audit.Writer

	// PutSubscription writes a subscription. Its endpoint is one device's: what stood
	// under it before is replaced, whoever had it. It returns the id under which it
	// stands, which is the old one when the same user had it.
	PutSubscription(ctx context.Context, s Subscription) (string, error)
	// KeepSubscriptions leaves a user the ones seen last.
	KeepSubscriptions(ctx context.Context, t merchant.Tenant, userID string, most int) error
	// DeleteSubscription of a user, and reports whether there was one.
	DeleteSubscription(ctx context.Context, t merchant.Tenant, userID, id string) (bool, error)
}

// Store is what this feature asks of the database.
type Store interface {
	// PushTx runs fn in one transaction, again when the engine asks for it.
	PushTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// HasSubscription reports whether the user has it.
	HasSubscription(ctx context.Context, t merchant.Tenant, userID, id string) (bool, error)
	// SubscriptionsOf a user by session id: ids alone.
	SubscriptionsOf(ctx context.Context, t merchant.Tenant, userID string) (map[string]string, error)
	// Subscriptions of a merchant whose session stands at that time, the ones seen last
	// first.
	Subscriptions(ctx context.Context, t merchant.Tenant, now time.Time, limit int) ([]Subscription, error)
	// MarkPush notes how a try went: fails is 0 after a success and otherwise rises by
	// one. It returns the new number, 0 when the subscription is gone.
	MarkPush(ctx context.Context, t merchant.Tenant, id string, worked bool) (fails int, err error)
	// DropSubscription removes it; an absent one is no error.
	DropSubscription(ctx context.Context, t merchant.Tenant, id string) error
	// Payment as in its own feature.
	Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error)
}
