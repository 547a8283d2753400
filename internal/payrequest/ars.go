package payrequest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"time"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
)

// ErrCodeTaken is a Store's word that an open request has the code already.
var ErrCodeTaken = errors.New("payrequest: code taken")

// phoneKind separates blind indexes of buyers' numbers.
const phoneKind = "request.phone"

// codes is how many there are; they are six digits.
const codes = 1_000_000

// code draws a code that nobody can foresee.
func code() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(codes))
	if err != nil {
		return "", fmt.Errorf("payrequest: code: %w", err)
	}
	return fmt.Sprintf("%06d", n.Int64()), nil
}

// Limits of guessing codes (rulings 23, 23a). A call has three tries besides.
var (
	codeTriesPerNumber = message.Window{Most: 10, Per: 24 * time.Hour}
	codeTriesWithheld  = message.Window{Most: 100, Per: time.Hour} // all callers without a number together
)

// ErrCodeTries: too many codes were tried from this number, or from nobody's.
var ErrCodeTries = fault.New(fault.TooMany, "TOO_MANY_CODES", "결제번호를 너무 많이 입력했어요. 내일 다시 시도하거나 가게에 문의해 주세요.")

// ByCaller finds what the caller was asked to pay: the newest request that can be paid.
// more says that there are others, so that the code decides. ErrNotFound when there is
// none. A caller's number finds a request; it proves nothing (reliability 3.3).
func (s *Service) ByCaller(ctx context.Context, number string) (v View, more bool, err error) {
	rows, err := s.Store.RequestsByPhone(ctx, s.Keys.BlindIndex(phoneKind, number), 10)
	if err != nil {
		return View{}, false, told(err)
	}
	found := false
	for _, r := range rows {
		one, err := s.view(ctx, r)
		if err != nil {
			return View{}, false, err
		}
		if !one.Payable() {
			continue
		}
		if found {
			return v, true, nil
		}
		v, found = one, true
	}
	if !found {
		return View{}, false, ErrNotFound
	}
	return v, false, nil
}

// ByCode finds a request by its code, as one try of the caller's (empty: withheld).
// It returns ErrNotFound, or ErrCodeTries without having looked.
func (s *Service) ByCode(ctx context.Context, number, code string) (View, error) {
	subject, w := "ars-code/withheld", codeTriesWithheld
	if number != "" {
		subject, w = "ars-code/"+s.Keys.BlindIndex(phoneKind, number), codeTriesPerNumber
	}
	allowed := false
	err := s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		allowed, err = tx.UseQuota(ctx, subject, w, s.Clock.Now())
		return err
	})
	if err != nil {
		return View{}, told(err)
	}
	if !allowed {
		return View{}, ErrCodeTries
	}
	r, err := s.Store.RequestByCode(ctx, code)
	if err != nil {
		return View{}, told(err)
	}
	return s.view(ctx, r)
}

// Called notes that somebody is on the line for a request, and tells devices. Until
// bounds it, should the call end unseen; the zero time ends it. Best effort.
func (s *Service) Called(ctx context.Context, v View, until time.Time, step CallStep) {
	err := s.Store.MarkCalled(ctx, merchant.TenantOf(v.MerchantID), v.ID, until, step)
	if err == nil {
		err = s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error { return tx.Emit(ctx, s.changed(v.Request)) })
	}
	if err != nil {
		s.Log.Warn("call of a request not told", "request", v.ID, "err", err)
	}
}

// PayByPhone is the press of the last key on the line. It is Pay, with the call in
// place of a form: key is the call's, one for each card it tries.
func (s *Service) PayByPhone(ctx context.Context, v View, key, traceID string, c acquirer.Card, months int) (payment.Result, error) {
	defer c.Wipe()
	t := merchant.TenantOf(v.MerchantID)
	return s.payOnce(ctx, v.MerchantID, v.PaymentID, payment.Claim{
		Actor: caller, Key: key, TraceID: traceID, InstallmentMonths: months, Card: c,
	}, func(ctx context.Context) (Request, error) {
		r, err := s.Store.Request(ctx, t, v.ID)
		if err == nil && r.Generation != v.Generation {
			return r, ErrNotPayable // the number was corrected while this one was on the line
		}
		return r, err
	})
}

// TellByText tells the caller of a try that was not paid, for nobody is on the line any
// more to hear it. How things stand when the text leaves decides what it says; of what
// was paid or undone meanwhile other texts tell, and a number that was corrected
// meanwhile is told nothing of a call that was not its own.
func (s *Service) TellByText(ctx context.Context, v View) error {
	r, err := s.Store.Request(ctx, merchant.TenantOf(v.MerchantID), v.ID)
	if err != nil || r.Generation != v.Generation {
		return told(err)
	}
	err = s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error {
		_, err := s.Messages.Enqueue(ctx, tx, message.Job{
			MerchantID: v.MerchantID, Purpose: message.Declined, RequestID: v.ID, PaymentID: v.PaymentID, To: v.Payment.Buyer.Phone,
		})
		return err
	})
	if err == nil {
		s.Messages.Woken()
	}
	return told(err)
}

// caller stands in the audit for who pays by phone.
const caller = "caller"
