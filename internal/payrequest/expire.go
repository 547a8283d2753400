package payrequest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Figures of the expiry.
const (
	dueMost  = 100
	lookPast = 5 * time.Second // a request past its time that is being paid is looked at again
)

// Round ends requests whose time is up, and those whose payment has ended. Any number
// of instances may run it: what it does is conditional. It reports whether more wait.
func (s *Service) Round(ctx context.Context) (bool, error) {
	due, err := s.Store.DueRequests(ctx, s.Clock.Now(), dueMost)
	if err != nil {
		return false, err
	}
	var failed error // one that cannot be ended does not keep the others open
	for _, r := range due {
		if err := s.expire(ctx, r); err != nil && !errors.Is(err, payment.ErrChanged) {
			failed = errors.Join(failed, fmt.Errorf("payrequest: expiry of %s: %w", r.ID, err))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return len(due) == dueMost && failed == nil, failed
}

// expire ends one request. A buyer who is paying wins over the clock.
func (s *Service) expire(ctx context.Context, r Request) error {
	t := merchant.TenantOf(r.MerchantID)
	return s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, t, r.PaymentID)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		next := r
		next.Version++
		switch {
		case p.Status == payment.Ready && now.Before(r.ExpiresAt):
			next.DueAt = r.ExpiresAt
		case p.Status == payment.Ready:
			next.Open = false
			if _, err := s.Payments.EndWaiting(ctx, tx, p, payment.Expired, s.Owner); err != nil {
				return err
			}
		case p.Status.Final():
			next.Open = false
		default:
			next.DueAt = now.Add(lookPast)
		}
		return tx.UpdateRequest(ctx, next)
	})
}
