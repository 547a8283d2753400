package payrequest

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/messenger"
)

// changeTries bounds how often a change is begun again because somebody was faster.
const changeTries = 4

// Resend tells the buyer again. With a number it corrects it: the old link is dead from
// then on, and what was still to be sent to the old number is not. It returns
// ErrPaying, ErrPaid or ErrEnded when it is too late.
func (s *Service) Resend(ctx context.Context, t merchant.Tenant, requestID, phone, actor string) (View, error) {
	if phone != "" && !messenger.ValidMobile(phone) {
		return View{}, fault.InvalidField("/phone", "INVALID_MOBILE", "문자를 받을 휴대폰 번호를 입력해 주세요.")
	}
	return s.change(ctx, t, requestID, func(ctx context.Context, tx Tx, r *Request, p payment.Payment) error {
		action := "request.resent"
		if phone != "" && phone != p.Buyer.Phone {
			action = "request.number_corrected"
			b := p.Buyer
			b.Phone = phone
			var err error
			if p, err = s.Payments.Readdress(ctx, tx, p, b, actor); err != nil {
				return err
			}
			r.Generation++
			s.address(r, phone)
		}
		if err := s.Messages.Allow(ctx, tx, t, p.Buyer.Phone); err != nil {
			return err
		}
		if err := tx.DropMessages(ctx, t, p.ID, message.Request, s.Clock.Now()); err != nil {
			return err
		}
		j, err := s.Messages.Enqueue(ctx, tx, askJob(*r, p))
		if err != nil {
			return err
		}
		r.MessageID = j.ID
		return tx.Record(ctx, s.record(*r, actor, action))
	})
}

// Withdraw takes a request back. A buyer who is paying wins: ErrPaying. A request that
// was withdrawn before stays so, without an error.
func (s *Service) Withdraw(ctx context.Context, t merchant.Tenant, requestID, actor string) (View, error) {
	v, err := s.change(ctx, t, requestID, func(ctx context.Context, tx Tx, r *Request, p payment.Payment) error {
		r.Open = false
		if _, err := s.Payments.EndWaiting(ctx, tx, p, payment.Aborted, actor); err != nil {
			return err
		}
		if err := tx.DropMessages(ctx, t, p.ID, message.Request, s.Clock.Now()); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(*r, actor, "request.withdrawn"))
	})
	if errors.Is(err, ErrEnded) {
		if now, gerr := s.Get(ctx, t, requestID); gerr == nil && now.Status == Withdrawn {
			return now, nil
		}
	}
	return v, err
}

// change runs a change of a request whose payment waits, on what is read in the same
// transaction.
func (s *Service) change(
	ctx context.Context, t merchant.Tenant, requestID string, do func(context.Context, Tx, *Request, payment.Payment) error,
) (View, error) {
	var err error
	for range changeTries {
		if err = s.changeOnce(ctx, t, requestID, do); !errors.Is(err, payment.ErrChanged) {
			break
		}
	}
	if err != nil {
		return View{}, told(err)
	}
	s.Messages.Woken()
	return s.Get(ctx, t, requestID)
}

func (s *Service) changeOnce(
	ctx context.Context, t merchant.Tenant, requestID string, do func(context.Context, Tx, *Request, payment.Payment) error,
) error {
	r, err := s.Store.Request(ctx, t, requestID)
	if err != nil {
		return err
	}
	return s.Store.RequestTx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, t, r.PaymentID)
		if err != nil {
			return err
		}
		if err := waiting(r, p, s.Clock.Now()); err != nil {
			return err
		}
		next := r
		next.Version++
		if err := do(ctx, tx, &next, p); err != nil {
			return err
		}
		if err := tx.UpdateRequest(ctx, next); err != nil {
			return err
		}
		return tx.Emit(ctx, s.changed(next))
	})
}

// waiting says why a request can no longer be changed.
func waiting(r Request, p payment.Payment, now time.Time) error {
	switch statusOf(r, p, message.Job{}, now) {
	case Paying:
		return ErrPaying.WithRetryAfter(3 * time.Second)
	case Paid:
		return ErrPaid
	case Failed, Expired, Withdrawn:
		return ErrEnded
	case Sending, Sent, Undelivered, InCall:
	}
	return nil
}

func (s *Service) record(r Request, actor, action string) audit.Record {
	now := s.Clock.Now().Truncate(time.Microsecond)
	return audit.Record{MerchantID: r.MerchantID, ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: r.ID}
}
