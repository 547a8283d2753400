// Package stock has the counted stocks of products follow the sales, from the outbox:
// what a payment sold is taken once it is approved, and given back once it is cancelled
// as a whole. A partial cancel names a sum and no goods, so it gives nothing back; when
// the parts come to the whole sum, everything is back.
package stock

import (
	"context"
	"errors"
	"log/slog"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// Follower follows payments of every method. It is told an event more than once and may
// be told late: it looks at the payment as it stands, and the catalogue keeps what each
// payment took.
type Follower struct {
	Payments *payment.Service
	Catalog  *catalog.Service
	Log      *slog.Logger
}

// Name implements outbox.Subscriber.
func (f Follower) Name() string { return "stock" }

// Deliver implements outbox.Subscriber.
func (f Follower) Deliver(ctx context.Context, e outbox.Event) error {
	if e.Type != outbox.PaymentApproved && e.Type != outbox.PaymentCanceled {
		return nil
	}
	t := merchant.TenantOf(e.MerchantID)
	p, err := f.Payments.Get(ctx, t, e.Subject)
	if errors.Is(err, payment.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sold := quantities(p.Items)
	if len(sold) == 0 {
		return nil
	}
	switch p.Status {
	case payment.Done, payment.PartialCanceled:
		oversold, err := f.Catalog.Sold(ctx, t, p.ID, sold)
		for _, line := range oversold {
			f.Log.WarnContext(ctx, "oversold", "merchant", p.MerchantID, "payment", p.ID, "product", line.ProductID, "short", line.Short)
		}
		return err
	case payment.Canceled:
		return f.Catalog.Returned(ctx, t, p.ID)
	case payment.Ready, payment.InProgress, payment.Unknown, payment.Aborted, payment.Expired:
	}
	return nil
}

// quantities are how many of each product the lines name.
func quantities(items []payment.Item) map[string]int64 {
	sold := map[string]int64{}
	for _, it := range items {
		if it.ProductID != "" {
			sold[it.ProductID] += it.Quantity
		}
	}
	return sold
}
