package payment

import (
	"context"
	"time"

	"innopay/card"
	"innopay/fault"
	"innopay/money"
)

// ErrRiskRefused: a rule against risk, or a block, refuses the payment. Nothing was
// written or sent, and the key is free.
var ErrRiskRefused = fault.New(fault.Forbidden, "RISK_REFUSED", "안전을 위해 받을 수 없는 결제예요. 결제되지 않았으니 다른 카드로 결제하거나 고객센터에 문의해 주세요.")

// Case is a card payment that is about to begin, as far as rules may know it.
type Case struct {
	MerchantID string
	PaymentID  string
	AttemptID  string
	Channel    Channel
	Card       card.PAN // belongs to the payment: never kept
	Phone      string   // the buyer's, digits; empty when not known
	Amount     money.Won
	At         time.Time
}

// Ending is how a payment went on that was let pass.
type Ending uint8

// The endings that a guard is told of.
const (
	NotBegun Ending = iota // nothing was written, or proven that nothing left
	Refused                // the card's issuer declined
)

// Guard judges card payments before anything is written or sent. Implementations are
// bounded in time and safe for concurrent use, and refuse for no trouble of their own:
// what they cannot judge passes (docs/adr/0022).
type Guard interface {
	// Judge returns ErrRiskRefused to refuse.
	Judge(ctx context.Context, c Case) error
	// Ended is told of payments that passed.
	Ended(ctx context.Context, c Case, e Ending)
}

// judge asks the guard, if there is one.
func (s *Service) judge(ctx context.Context, c *Create, in Intent) error {
	if s.Guard == nil {
		return nil
	}
	return s.Guard.Judge(ctx, c.asCase(in))
}

func (s *Service) ended(ctx context.Context, c *Create, in Intent, e Ending) {
	if s.Guard != nil {
		s.Guard.Ended(ctx, c.asCase(in), e)
	}
}

func (c *Create) asCase(in Intent) Case {
	return Case{
		MerchantID: in.Payment.MerchantID, PaymentID: in.Payment.ID, AttemptID: in.Attempt.ID, Channel: in.Payment.Channel, Card: c.Card.PAN,
		Phone: in.Payment.Buyer.Phone, Amount: in.Payment.Split.Amount, At: in.Unsettled.Since,
	}
}
