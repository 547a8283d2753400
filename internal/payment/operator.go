package payment

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/fault"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Faults of an operator's settling.
var (
	ErrNotUnsettled = fault.New(fault.Conflict, "NOT_UNSETTLED", "확인 중인 거래가 아니에요.")
	ErrBeingSettled = fault.New(fault.Conflict, "BEING_SETTLED", "지금 자동으로 확인하고 있어요. 잠시 뒤에 다시 시도해 주세요.")
	ErrNotProven    = fault.New(fault.Conflict, "NOT_PROVEN", "카드사의 답이 그 결과를 증명하지 않아요. 카드사에 확인한 뒤 다시 시도해 주세요.")
)

// ListUnsettled is the operator's desk: every attempt without a final outcome of one
// merchant, or of all for the zero tenant, oldest first.
func (s *Service) ListUnsettled(ctx context.Context, t merchant.Tenant, limit int) ([]Unsettled, error) {
	us, err := s.Store.Unsettled(ctx, t, limit)
	if err != nil {
		return nil, storeFault(err)
	}
	return us, nil
}

// Resolve settles an unknown payment by hand. It inquires now, after every reversal
// that was sent, and follows only what that proves: to is Done (approved and not
// reversed) or Aborted (reversed, declined, or said twice never to have existed). The job
// stops in the same transaction (rulings 10a).
func (s *Service) Resolve(ctx context.Context, t merchant.Tenant, paymentID string, to Status, actor string) (Payment, error) {
	p, err := s.Get(ctx, t, paymentID)
	if err != nil {
		return Payment{}, err
	}
	if to != Done && to != Aborted {
		return p, ErrNotProven
	}
	if p.Status != Unknown {
		return p, ErrNotUnsettled
	}
	ctx = context.WithoutCancel(ctx)
	job, err := s.claim(ctx, t, p.AttemptID, actor)
	if err != nil {
		return p, err
	}
	w, err := s.load(ctx, job)
	if err != nil {
		return p, storeFault(err)
	}
	w.actor = actor
	if to == Done && s.underWay(w) {
		s.giveBack(ctx, w)
		return p, ErrBeingSettled.WithRetryAfter(w.d.Timeouts.NoOriginalAfter)
	}
	again := w.saidAbsent()
	an, err := s.inquire(ctx, w)
	if err != nil {
		return p, storeFault(err)
	}
	switch {
	case to == Done && an.Result == acquirer.InquiryApproved:
		err = s.confirm(ctx, w, an.Answer)
	case to == Aborted && an.Result == acquirer.InquiryReversed:
		err = s.finish(ctx, w, nil, AttemptReversed, reversed())
	case to == Aborted && an.Result == acquirer.InquiryDeclined:
		err = s.finish(ctx, w, nil, AttemptDeclined, declined(an.Answer))
	case to == Aborted && an.Result == acquirer.InquiryAbsent && again && s.hasArrived(w):
		err = s.finish(ctx, w, nil, AttemptAbsent, reversed())
	default:
		s.giveBack(ctx, w)
		return p, ErrNotProven.WithDetail("inquiry", an.Result.String())
	}
	if err != nil {
		return p, storeFault(err)
	}
	return s.Get(ctx, t, paymentID)
}

// giveBack ends an operator's claim that proved nothing.
func (s *Service) giveBack(ctx context.Context, w *settling) {
	if err := s.later(ctx, w, nil, w.job.Phase, false); err != nil {
		s.Log.Error("operator's claim not given back; it lapses", "attempt", w.job.AttemptID, "err", err)
	}
}

// underWay reports whether a message that undoes the attempt may still reach the
// acquirer: then even an inquiry that says "approved" does not prove a sale.
func (s *Service) underWay(w *settling) bool {
	now := s.Clock.Now()
	_, found := w.find(func(a Attempt) bool {
		return a.undoes(w.attempt) && (a.Status == AttemptSending ||
			a.Status == AttemptUnknown && !now.After(a.SettledAt.Add(w.d.Timeouts.NoOriginalAfter)))
	})
	return found
}

// undoes reports whether a is a message of the settling that takes back what other did.
func (a Attempt) undoes(other Attempt) bool {
	return a.OriginalID == other.ID && a.CancelID == "" && (a.Kind == Reverse || a.Kind == Void || a.Kind == Refund)
}

func (s *Service) claim(ctx context.Context, t merchant.Tenant, attemptID, actor string) (Unsettled, error) {
	now := s.Clock.Now()
	var job Unsettled
	err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		job, err = tx.ClaimUnsettled(ctx, t, attemptID, s.Owner+"/"+actor, now, now.Add(2*time.Minute))
		return err
	})
	switch {
	case is(err, ErrChanged):
		return job, ErrBeingSettled.WithRetryAfter(10 * time.Second)
	case is(err, ErrAbsent):
		return job, ErrNotUnsettled
	case err != nil:
		return job, storeFault(err)
	}
	return job, nil
}

// confirm makes an unknown payment a sale, on the proof of an inquiry.
func (s *Service) confirm(ctx context.Context, w *settling, an acquirer.Answer) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	return s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, a := w.payment, w.attempt
		p.Version++
		if err := p.approve(an, now); err != nil {
			return err
		}
		from := a.Status
		a.Status, a.ApprovalNumber, a.RRN, a.SettledAt = AttemptApproved, an.ApprovalNumber, an.RRN, now
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		if err := tx.UpdateAttempt(ctx, a, from); err != nil {
			return err
		}
		if err := tx.Post(ctx, ledger.Entry(p.MerchantID, a.ID, p.ID, ledger.Approval, ledger.AcquirerReceivable, p.Split.Amount, now)); err != nil {
			return err
		}
		return s.closeJob(ctx, tx, p, w.job, outbox.PaymentApproved, w.actor, 201, now)
	})
}
