package payment

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/money"
)

// Codes of failures that are not the issuer's.
const (
	CodeWithdrawn = "WITHDRAWN" // the merchant took its request back
	CodeExpired   = "EXPIRED"   // nobody paid the request in time
	CodeNotSent   = "NOT_SENT"  // proven: no byte left
)

// Retry says what a decline of a request's payment leads to (rulings 1).
type Retry struct {
	Until time.Time // from then on the request has expired
	Last  bool      // a decline uses up the tries
}

// Claim asks to pay a waiting payment. Secrets in it are wiped when PayRequest returns.
type Claim struct {
	// Payment as it was read. It is claimed only while it stands so: whatever the
	// caller checked after reading it (the link, the tries) holds when it is claimed.
	Payment           Payment
	Retry             Retry
	Actor             string // who presses: "buyer", or the call
	Key               string // of this press; letters, digits, '-' and '_'
	TraceID           string
	InstallmentMonths int
	Card              acquirer.Card
	CardFault         error
}

// create is the claim in the form in which cards are paid.
func (cl *Claim) create() *Create {
	p := cl.Payment
	return &Create{
		Tenant: merchant.TenantOf(p.MerchantID), Actor: cl.Actor, Channel: p.Channel, Key: p.ID + "/" + cl.Key, TraceID: cl.TraceID,
		OrderID: p.OrderID, OrderName: p.OrderName, Amount: p.Split.Amount, TaxFree: p.Split.TaxFree, TaxFreeGiven: true,
		ServiceFee: p.Split.ServiceFee, InstallmentMonths: cl.InstallmentMonths, Card: cl.Card, CardFault: cl.CardFault,
		waiting: p, retry: &cl.Retry,
	}
}

// PayRequest is PayByCard for a payment that waits: W1 takes it from READY in a
// conditional update, so that of many buyers one pays. It returns ErrChanged when the
// payment is no longer as it was read; nothing was sent then. A decline gives the
// payment back to the next try as Retry says, with the reason in its Failure.
func (s *Service) PayRequest(ctx context.Context, cl Claim) (Result, error) {
	c := cl.create()
	defer c.Card.Wipe()
	release, err := s.admit()
	if err != nil {
		return Result{}, err
	}
	defer release()

	if cl.Payment.Status != Ready {
		return s.intentFailed(ctx, c, ErrChanged)
	}
	in, gw, terms, err := s.prepare(ctx, c)
	if err != nil {
		return s.refuse(ctx, c, err)
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.Store.CommitIntents(ctx, []Intent{in})[0]; err != nil {
		return s.intentFailed(ctx, c, err)
	}
	return s.carryOut(ctx, c, in, gw, terms)
}

// fail ends p without a sale, or gives it back to its buyer's next try.
func (c *Create) fail(p *Payment, f Failure, now time.Time) error {
	switch {
	case c.retry == nil || c.retry.Last && f.Code != CodeNotSent:
		return p.abort(f)
	case !now.Before(c.retry.Until):
		return p.expire()
	}
	// The next buyer finds what the merchant asked for, not what this one chose.
	p.Failure, p.InstallmentMonths, p.InterestFree = f, c.waiting.InstallmentMonths, c.waiting.InterestFree
	return p.become(Ready)
}

// expire ends a payment that nobody paid in time.
func (p *Payment) expire() error {
	if err := p.become(Expired); err != nil {
		return err
	}
	p.Failure = Failure{CodeExpired, "결제 기한이 지났어요. 가게에 다시 요청해 주세요."}
	p.OrderLive, p.Balance = false, money.Split{}
	return nil
}

// Draft validates a request for a payment and builds the payment that will wait for
// its buyer. Nothing is written.
func (s *Service) Draft(ctx context.Context, c *Create) (Payment, error) {
	var f fields
	c.checkSale(&f)
	if c.Buyer.Phone == "" {
		f.add("/buyer/phone", "REQUIRED", "구매자의 휴대폰 번호를 입력해 주세요.")
	}
	if err := f.result(); err != nil {
		return Payment{}, err
	}
	if c.Barred != nil {
		return Payment{}, c.Barred
	}
	terms, err := s.cardTerms(ctx, c.Tenant)
	if err != nil {
		return Payment{}, err
	}
	if terms.Suspended {
		return Payment{}, ErrSuspended
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	c.checkTax(&f, terms)
	if _, err := s.checkPlan(ctx, &f, c, terms, "", now); err != nil {
		return Payment{}, err
	}
	if err := f.result(); err != nil {
		return Payment{}, err
	}
	p, err := s.draft(c, terms, now)
	p.Status, p.Version, p.InstallmentMonths, p.TerminalID = Ready, 1, c.InstallmentMonths, terms.TerminalID
	return p, err
}

// AskKey is the idempotency row of a request, or ErrKeyReused with the row that stands
// when the same key was used for something else.
func (s *Service) AskKey(c *Create, p Payment) (Idempotency, error) {
	keyID, sum, err := s.hashCreate(c, "")
	if err != nil {
		return Idempotency{}, ErrUnavailable.Because(err)
	}
	return Idempotency{
		MerchantID: p.MerchantID, Operation: OperationAsk, Key: c.Key, Hash: sum, HashKey: keyID,
		PaymentID: p.ID, TraceID: c.TraceID, Status: 201, CreatedAt: p.RequestedAt,
	}, nil
}

// SameAsk is the payment that a key has asked for before: ErrAbsent when it has not,
// ErrKeyReused when it asked for something else.
func (s *Service) SameAsk(ctx context.Context, c *Create) (paymentID string, err error) {
	k, err := s.Store.Idempotency(ctx, c.Tenant, OperationAsk, c.Key)
	if err != nil {
		return "", err
	}
	if _, sum, err := s.hashCreate(c, k.HashKey); err != nil || sum != k.Hash {
		return "", ErrKeyReused
	}
	return k.PaymentID, nil
}

// EndWaiting ends a waiting payment in the caller's transaction: Expired, or Aborted
// because it was withdrawn. It is written only where p is as it was read, else
// ErrChanged.
func (s *Service) EndWaiting(ctx context.Context, tx Tx, p Payment, to Status, actor string) (Payment, error) {
	now := s.Clock.Now().Truncate(time.Microsecond)
	event := outbox.PaymentExpired
	var err error
	if to == Expired {
		err = p.expire()
	} else {
		event = outbox.PaymentWithdrawn
		err = p.abort(Failure{CodeWithdrawn, "가게에서 결제 요청을 취소했어요."})
	}
	if err != nil {
		return p, err
	}
	p.Version++
	if err := tx.UpdatePayment(ctx, p); err != nil {
		return p, err
	}
	if err := tx.Emit(ctx, s.event(p, event, now)); err != nil {
		return p, err
	}
	return p, tx.Record(ctx, s.record(p.MerchantID, actor, string(event), p.ID, now))
}

// Readdress gives a waiting payment another buyer in the caller's transaction, where it
// is as it was read, else ErrChanged. So a claim that read it before fails.
func (s *Service) Readdress(ctx context.Context, tx Tx, p Payment, b Buyer, actor string) (Payment, error) {
	var f fields
	b.check(&f)
	if err := f.result(); err != nil {
		return p, err
	}
	if p.Status != Ready {
		return p, ErrChanged
	}
	p.Buyer = b
	p.Version++
	if err := tx.UpdateBuyer(ctx, p); err != nil {
		return p, err
	}
	return p, tx.Record(ctx, s.record(p.MerchantID, actor, "payment.buyer_corrected", p.ID, s.Clock.Now()))
}
