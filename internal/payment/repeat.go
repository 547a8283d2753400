package payment

import (
	"context"
	"fmt"

	"innopay/acquirer"
)

// settleCancel settles an unknown cancel: inquire, then repeat the same message
// where that is safe. It is never marked failed without a definite no.
func (s *Service) settleCancel(ctx context.Context, w *settling) error {
	cancel, ok := w.payment.cancel(w.job.CancelID)
	if !ok {
		return fmt.Errorf("payment: cancel %s: %w", w.job.CancelID, ErrAbsent)
	}
	original, ok := w.find(func(a Attempt) bool { return a.ID == w.attempt.OriginalID })
	if !ok {
		return fmt.Errorf("payment: original of %s: %w", w.attempt.ID, ErrAbsent)
	}
	if w.job.Phase == PhaseSending {
		return s.finishCancel(ctx, w.t, w.job, w.attempt, acquirer.CancelAnswer{}, w.job.LeaseOwner)
	}
	if w.attempt.Status == AttemptSending && !w.d.CancelIdempotent {
		// Whoever repeated it died before its answer was written: it may have left just now.
		return s.later(ctx, w, &w.attempt, PhaseRepeat, false)
	}
	again := w.saidAbsent()
	found, err := s.inquire(ctx, w)
	if err != nil {
		return err
	}
	switch found.Result {
	case acquirer.InquiryApproved, acquirer.InquiryReversed:
		return s.finishCancel(ctx, w.t, w.job, w.attempt, acquirer.CancelAnswer{
			Result: acquirer.CancelDone, Code: found.Answer.Code, CancelNumber: found.Answer.ApprovalNumber,
		}, w.job.LeaseOwner)
	case acquirer.InquiryDeclined:
		// A void may have been refused because it came too late: only the answer to a
		// repeat tells, and then it goes on as a refund.
		if w.attempt.Kind == Void && w.d.CancelIdempotent {
			break
		}
		return s.cancelRefused(ctx, w, cancel, original, acquirer.CancelAnswer{Result: acquirer.CancelRefused, Code: found.Answer.Code, Message: found.Answer.Message})
	case acquirer.InquiryUnknown:
		if !w.d.CancelIdempotent {
			return s.later(ctx, w, nil, PhaseRepeat, false)
		}
	case acquirer.InquiryAbsent:
		// Where a repeat is done twice, "never arrived" must be said twice, and late enough.
		if proven := again && s.hasArrived(w); !proven && !w.d.CancelIdempotent {
			return s.later(ctx, w, nil, PhaseRepeat, false)
		}
	}
	return s.repeatCancel(ctx, w, cancel, original)
}

// repeatCancel sends the same cancel again, under the same id.
func (s *Service) repeatCancel(ctx context.Context, w *settling, c Cancel, original Attempt) error {
	again, err := s.aboutToSend(ctx, w, w.attempt, true, nil)
	if err != nil {
		return err
	}
	w.attempt = again
	an := s.callCancel(ctx, w.gw, w.terms, cancelWork{payment: w.payment, cancel: c, attempt: again, original: original}, true)
	switch an.Result {
	case acquirer.CancelUnknown:
		return s.later(ctx, w, &again, PhaseRepeat, false)
	case acquirer.CancelRefused, acquirer.CancelAlreadyCaptured:
		return s.cancelRefused(ctx, w, c, original, an)
	case acquirer.CancelDone:
	}
	return s.finishCancel(ctx, w.t, w.job, again, an, w.job.LeaseOwner)
}

// cancelRefused ends a cancel the acquirer refuses, except a void that came too
// late, which goes on as a refund.
func (s *Service) cancelRefused(ctx context.Context, w *settling, c Cancel, original Attempt, an acquirer.CancelAnswer) error {
	if w.attempt.Kind == Void && an.Result == acquirer.CancelAlreadyCaptured {
		key := Idempotency{Operation: OperationCancel, Key: w.job.Key}
		work := cancelWork{payment: w.payment, cancel: c, attempt: w.attempt, unsettled: w.job, key: key, original: original}
		next, err := s.refundInstead(ctx, w.t, w.d, work, w.job.LeaseOwner)
		if err != nil {
			return err
		}
		an := s.firstCancel(ctx, w.gw, w.terms, next)
		return s.finishCancel(ctx, w.t, next.unsettled, next.attempt, an, "")
	}
	return s.finishCancel(ctx, w.t, w.job, w.attempt, an, w.job.LeaseOwner)
}
