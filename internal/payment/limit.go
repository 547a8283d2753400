package payment

import (
	"context"

	"innopay/fault"
	"innopay/money"
)

// mayCancel refuses what the actor may not do before a password is counted. A
// press that was answered before is no new cancel. The transaction of the cancel looks
// again, at the payment as it stands then.
func (s *Service) mayCancel(ctx context.Context, c CancelCommand, p Payment) error {
	amount := p.Balance.Amount
	if c.Amount != nil {
		amount = *c.Amount
	}
	beyond := c.within(p, amount)
	if beyond == nil {
		return nil
	}
	switch _, err := s.Store.Idempotency(ctx, c.Tenant, OperationCancel, c.Key); {
	case err == nil:
		return nil
	case is(err, ErrAbsent):
		return beyond
	default:
		return storeFault(err)
	}
}

// within holds a cancel of amount won against the actor's right and limit: all of the actor's
// cancels of the payment count that took place or still may.
func (c *CancelCommand) within(p Payment, amount money.Won) error {
	if c.Barred != nil {
		return c.Barred
	}
	if c.Most == 0 {
		return nil
	}
	for _, done := range p.Cancels {
		if done.StaffID == c.Actor && done.Status != CancelFailed {
			amount += done.Split.Amount
		}
	}
	if amount > c.Most {
		return ErrCancelLimit.WithDetail("cancelLimit", c.Most.Grouped())
	}
	return nil
}

// cancelPart is the part of the balance that the command asks for.
func cancelPart(c CancelCommand, p Payment) (money.Split, error) {
	if p.Balance.Amount == 0 {
		return money.Split{}, ErrExceedsBalance
	}
	amount := p.Balance.Amount
	if c.Amount != nil {
		amount = *c.Amount
	}
	if amount > p.Balance.Amount {
		return money.Split{}, ErrExceedsBalance.WithDetail("balanceAmount", p.Balance.Amount.Grouped())
	}
	taxFree := money.Won(-1)
	if c.TaxFree != nil {
		taxFree = *c.TaxFree
	}
	part, err := p.Balance.Part(amount, taxFree, p.Rounding)
	if err != nil {
		return money.Split{}, fault.InvalidField("/taxFreeAmount", "OUT_OF_RANGE", "취소할 면세 금액이 남은 면세 금액과 맞지 않아요.")
	}
	return part, nil
}
