package payment

import (
	"context"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
)

// refuse answers a create that failed validation. The same press may have
// succeeded before the merchant's terms changed, so the key is looked up first;
// a press that never got through frees its key.
func (s *Service) refuse(ctx context.Context, c *Create, cause error) (Result, error) {
	k, err := s.Store.Idempotency(ctx, c.Tenant, c.operation(), c.Key)
	if err != nil {
		return Result{}, cause
	}
	if fault.KindOf(c.CardFault) == fault.Unavailable {
		// The press went through before, but whether this is the same one nobody can tell
		// while its card cannot be read.
		return Result{}, ErrInProgress.WithRetryAfter(time.Second).WithDetail("paymentId", k.PaymentID)
	}
	return s.replayCreate(ctx, c, k)
}

// intentFailed answers a create whose W1 was not written.
func (s *Service) intentFailed(ctx context.Context, c *Create, cause error) (Result, error) {
	switch {
	case is(cause, ErrChanged) && c.retry != nil:
		// Somebody else claimed the request, or this very press did a moment ago.
		if k, err := s.Store.Idempotency(ctx, c.Tenant, c.operation(), c.Key); err == nil {
			return s.replayCreate(ctx, c, k)
		}
		return Result{}, ErrChanged
	case is(cause, ErrKeyTaken):
		k, err := s.Store.Idempotency(ctx, c.Tenant, c.operation(), c.Key)
		if err != nil {
			return Result{}, storeFault(err)
		}
		return s.replayCreate(ctx, c, k)
	case is(cause, ErrSwipeSeen):
		// The payment that used the swipe may be this very press.
		if k, err := s.Store.Idempotency(ctx, c.Tenant, c.operation(), c.Key); err == nil {
			return s.replayCreate(ctx, c, k)
		}
		return Result{}, ErrReplayed
	case is(cause, ErrOrderTaken):
		// The order may be this very press, answered between the two checks.
		if k, err := s.Store.Idempotency(ctx, c.Tenant, c.operation(), c.Key); err == nil {
			return s.replayCreate(ctx, c, k)
		}
		p, err := s.Store.PaymentByOrder(ctx, c.Tenant, c.OrderID)
		if err != nil {
			return Result{}, storeFault(err)
		}
		return Result{}, ErrDuplicateOrder.WithDetail("paymentId", p.ID)
	case is(cause, ErrDayLimit), is(cause, ErrMonthLimit), is(cause, ErrBusy):
		return s.refuse(ctx, c, cause) // the press that used the limit up may be this very one
	default:
		return Result{}, storeFault(cause)
	}
}

func (s *Service) replayCreate(ctx context.Context, c *Create, k Idempotency) (Result, error) {
	_, sum, err := s.hashCreate(c, k.HashKey)
	if err != nil || sum != k.Hash {
		return Result{}, ErrKeyReused
	}
	return s.replay(ctx, c.Tenant, k)
}

// replay answers a press that was seen before: frozen, still unknown, or in progress.
func (s *Service) replay(ctx context.Context, t merchant.Tenant, k Idempotency) (Result, error) {
	r, err := s.current(ctx, t, k.PaymentID, k)
	r.Replayed = err == nil
	return r, err
}

// current answers from what is committed: the frozen answer, 202 while unknown,
// ErrInProgress while a process is at it.
func (s *Service) current(ctx context.Context, t merchant.Tenant, paymentID string, k Idempotency) (Result, error) {
	// The payment first: if it is not final here, a key that is not frozen fits it.
	p, err := s.Store.Payment(ctx, t, paymentID)
	if err != nil {
		return Result{}, storeFault(err)
	}
	k, err = s.Store.Idempotency(ctx, t, k.Operation, k.Key)
	if err != nil {
		return Result{}, storeFault(err)
	}
	if k.Status != 0 {
		return Result{Payment: p, Status: k.Status, Body: k.Body, TraceID: k.TraceID}, nil
	}
	if k.Operation == OperationCancel {
		if c, ok := p.cancel(k.CancelID); !ok || c.Status != CancelUnknown {
			return Result{}, ErrInProgress.WithRetryAfter(time.Second).WithDetail("paymentId", p.ID)
		}
	} else if p.Status == InProgress {
		return Result{}, ErrInProgress.WithRetryAfter(time.Second).WithDetail("paymentId", p.ID)
	}
	return s.answer(p, k)
}

// answer is the result for the state of p: the frozen body, or 202.
func (s *Service) answer(p Payment, k Idempotency) (Result, error) {
	r := Result{Payment: p, Status: k.Status, Body: k.Body, TraceID: k.TraceID}
	if k.Status == 0 {
		body, err := s.Render(p)
		if err != nil {
			return Result{}, ErrUnavailable.Because(err)
		}
		r.Status, r.Body = 202, body
	}
	return r, nil
}

func (p Payment) cancel(cancelID string) (Cancel, bool) {
	for _, c := range p.Cancels {
		if c.ID == cancelID {
			return c, true
		}
	}
	return Cancel{}, false
}
