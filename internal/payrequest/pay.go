package payrequest

import (
	"context"
	"errors"
	"strings"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// buyer stands in the audit for who pays by a link.
const buyer = "buyer"

// maxToken bounds what is looked up.
const maxToken = 64

// Open finds the request of a link; ErrNotFound for whatever opens nothing. It has no
// effect.
func (s *Service) Open(ctx context.Context, token string) (View, error) {
	r, err := s.byToken(ctx, token)
	if err != nil {
		return View{}, told(err)
	}
	return s.view(ctx, r)
}

func (s *Service) byToken(ctx context.Context, token string) (Request, error) {
	if len(token) > maxToken || token == "" {
		return Request{}, payment.ErrAbsent
	}
	return s.Store.RequestByToken(ctx, s.Keys.TokenHash(token))
}

// Opened notes that a person saw the page. Best effort: nothing depends on it (rulings 22).
func (s *Service) Opened(ctx context.Context, v View) {
	if !v.OpenedAt.IsZero() {
		return
	}
	first, err := s.Store.MarkOpened(ctx, merchant.TenantOf(v.MerchantID), v.ID, s.Clock.Now())
	if err != nil || !first {
		return
	}
	err = s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error { return tx.Emit(ctx, s.changed(v.Request)) })
	if err != nil {
		s.Log.Warn("opening of a request not told", "request", v.ID, "err", err)
	}
}

// Terms are what the buyer of v must be asked for.
func (s *Service) Terms(ctx context.Context, v View) (Terms, error) {
	t := merchant.TenantOf(v.MerchantID)
	shop, err := s.Directory.Merchant(ctx, t)
	if err != nil {
		return Terms{}, told(err)
	}
	terms, err := s.Payments.Merchants.Terms(ctx, t)
	if err != nil {
		return Terms{}, told(err)
	}
	out := Terms{NeedsBirth: terms.NeedsBirth, NeedsPassword: terms.NeedsPassword, Shop: shop, Closed: terms.Suspended}
	day := clock.DayOf(s.Clock.Now())
	for months := 2; months <= maxMonths && terms.Limits.Allow(months); months++ {
		plan, err := s.Payments.Merchants.Installment(ctx, t, terms.Adapter, "", v.Payment.Split.Amount, months, day)
		if err != nil {
			return Terms{}, told(err)
		}
		if plan.Offered {
			out.Installments = append(out.Installments, months)
		}
	}
	return out, nil
}

const maxMonths = 12

// Pay is the button on the page of a link. Of many buyers one pays: the payment is
// claimed as it stands when the link was seen to be alive. The result is final
// (approved, or declined and perhaps payable again: see its payment's Status), or
// unknown (202). ErrNotPayable: somebody else pays or paid, or the request has ended.
func (s *Service) Pay(ctx context.Context, in Pay) (payment.Result, error) {
	defer in.Card.Wipe()
	if !ValidKey(in.Key) {
		return payment.Result{}, fault.InvalidField("/key", "INVALID_KEY", "화면을 새로 고친 뒤 다시 결제해 주세요.")
	}
	r, err := s.byToken(ctx, in.Token)
	if err != nil {
		return payment.Result{}, told(err)
	}
	return s.payOnce(ctx, r.MerchantID, r.PaymentID, payment.Claim{
		Actor: buyer, Key: in.Key, TraceID: in.TraceID, InstallmentMonths: in.InstallmentMonths, Card: in.Card, CardFault: in.CardFault,
	}, func(ctx context.Context) (Request, error) { return s.byToken(ctx, in.Token) })
}

// payOnce claims and pays. The payment is read first and everything that must hold of
// it afterwards, so that the claim fails when something of it changed since.
func (s *Service) payOnce(
	ctx context.Context, merchantID, paymentID string, c payment.Claim, alive func(context.Context) (Request, error),
) (payment.Result, error) {
	t := merchant.TenantOf(merchantID)
	p, err := s.Store.Payment(ctx, t, paymentID)
	if err != nil {
		return payment.Result{}, told(err)
	}
	r, err := alive(ctx)
	if err != nil {
		return payment.Result{}, told(err)
	}
	attempts, err := s.Store.Attempts(ctx, t, paymentID)
	if err != nil {
		return payment.Result{}, told(err)
	}
	if p.Status == payment.Ready && !s.Clock.Now().Before(r.ExpiresAt) {
		return payment.Result{}, ErrNotPayable
	}
	c.Payment, c.Retry = p, payment.Retry{Until: r.ExpiresAt, Last: tries(attempts) >= MaxTries-1}
	res, err := s.Payments.PayRequest(ctx, c)
	if errors.Is(err, payment.ErrChanged) {
		return payment.Result{}, ErrNotPayable
	}
	return res, err
}

// ValidKey reports whether s can be the key of a form: 16 to 64 letters, digits, '-' and '_'.
func ValidKey(s string) bool {
	return len(s) >= 16 && len(s) <= 64 &&
		strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}
