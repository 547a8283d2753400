package payment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"innopay/acquirer"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// settling is one leased job with what is known of it.
type settling struct {
	t        merchant.Tenant
	actor    string // who settles: this instance, or an operator
	job      Unsettled
	payment  Payment
	attempt  Attempt // the unsettled one
	attempts []Attempt
	terms    Terms
	gw       acquirer.Acquirer
	d        acquirer.Descriptor
}

// operatorPause is how often a job that is past every deadline is looked at again
// while it waits on the operator's list.
const operatorPause = time.Hour

// Settle does one step of one leased job: it sends at most a few messages and
// commits what they proved. The job is gone, or due again, when it returns nil. An
// error leaves the lease to lapse, and the job is taken again then. Steps may be
// repeated by any instance at any time (reliability 3.1).
func (s *Service) Settle(ctx context.Context, job Unsettled) error {
	return s.settle(ctx, job, s.Owner)
}

// settle is Settle by somebody.
func (s *Service) settle(ctx context.Context, job Unsettled, actor string) error {
	w, err := s.load(ctx, job)
	if err != nil {
		return err
	}
	w.actor = actor
	if job.CancelID != "" {
		return s.settleCancel(ctx, w)
	}
	switch job.Phase {
	case PhaseSending:
		return s.declareUnknown(ctx, w)
	case PhaseReverse:
		return s.reverse(ctx, w)
	case PhaseUndo, PhaseOperator, PhaseRepeat:
		return s.undo(ctx, w)
	}
	return fmt.Errorf("payment: unsettled %s has phase %q", job.AttemptID, job.Phase)
}

func (s *Service) load(ctx context.Context, job Unsettled) (*settling, error) {
	w := &settling{t: merchant.TenantOf(job.MerchantID), actor: s.Owner, job: job}
	var err error
	if w.payment, err = s.Store.Payment(ctx, w.t, job.PaymentID); err != nil {
		return nil, err
	}
	if w.attempts, err = s.Store.Attempts(ctx, w.t, job.PaymentID); err != nil {
		return nil, err
	}
	a, ok := w.find(func(a Attempt) bool { return a.ID == job.AttemptID })
	if !ok {
		return nil, fmt.Errorf("payment: unsettled attempt %s: %w", job.AttemptID, ErrAbsent)
	}
	w.attempt = a
	if w.terms, err = s.Merchants.Terms(ctx, w.t); err != nil {
		return nil, err
	}
	if w.terms, err = w.terms.at(w.attempt.TerminalID); err != nil {
		return nil, fmt.Errorf("payment: terminal %s of %s: %w", w.attempt.TerminalID, a.ID, err)
	}
	if w.gw, err = s.gateway(w.terms.Adapter); err != nil {
		return nil, err
	}
	w.d = w.gw.Describe()
	return w, nil
}

func (w *settling) find(match func(Attempt) bool) (Attempt, bool) {
	for _, a := range w.attempts {
		if match(a) {
			return a, true
		}
	}
	return Attempt{}, false
}

// declareUnknown takes over an attempt whose process died: W3.
func (s *Service) declareUnknown(ctx context.Context, w *settling) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	return s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, a, job := w.payment, w.attempt, w.job
		p.Version++
		if err := p.become(Unknown); err != nil {
			return err
		}
		a.Status = AttemptUnknown
		job.Phase, job.DueAt = PhaseReverse, now
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		if err := tx.UpdateAttempt(ctx, a, AttemptSending); err != nil {
			return err
		}
		if err := tx.Emit(ctx, s.event(p, outbox.PaymentUnknown, now)); err != nil {
			return err
		}
		if err := tx.Record(ctx, s.record(p.MerchantID, s.Owner, string(outbox.PaymentUnknown), p.ID, now)); err != nil {
			return err
		}
		return tx.UpdateUnsettled(ctx, job)
	})
}

// reverse sends the reversal (N3) and acts on its answer (W4).
func (s *Service) reverse(ctx context.Context, w *settling) error {
	rev, ok := w.find(func(a Attempt) bool { return a.Kind == Reverse && a.OriginalID == w.attempt.ID })
	rev, err := s.aboutToSend(ctx, w, rev, ok, func(now time.Time) Attempt {
		return Attempt{ID: s.IDs.At(id.Attempt, now), Kind: Reverse, Amount: w.attempt.Amount}
	})
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(ctx, w.d.Timeouts.Connect+w.d.Timeouts.Read)
	an := w.gw.Reverse(call, acquirer.Reversal{
		Reference: rev.reference(), Original: w.attempt.reference(), Merchant: w.terms.Merchant, Amount: w.attempt.Amount, Repeat: rev.Sends > 1,
	})
	cancel()
	if an.Result != acquirer.ReversalUnknown {
		s.sent(w.terms.Adapter, false)
	}
	rev.Code, rev.Message = an.Code, an.Message
	switch an.Result {
	case acquirer.Reversed:
		rev.Status = AttemptApproved
		return s.finish(ctx, w, &rev, AttemptReversed, reversed())
	case acquirer.NoOriginal:
		return s.proveAbsent(ctx, w, rev)
	case acquirer.ReversalRefused:
		return s.later(ctx, w, &rev, PhaseUndo, true)
	case acquirer.ReversalUnknown:
		if s.pastReversal(w) {
			return s.later(ctx, w, &rev, PhaseUndo, true)
		}
	}
	return s.later(ctx, w, &rev, PhaseReverse, false)
}

// CodeReversed is the failure of a payment whose unknown outcome was undone.
const CodeReversed = "REVERSED"

func reversed() Failure {
	return Failure{CodeReversed, "승인 여부를 확인하지 못해 결제를 취소했어요. 돈은 나가지 않으니 다시 결제해 주세요."}
}

// proveAbsent follows a reversal that found no original. That is not final: the
// original may be in flight, or the answer wrong. Only inquiries that say so too,
// long enough after the transmission, prove it (rulings 10a).
func (s *Service) proveAbsent(ctx context.Context, w *settling, rev Attempt) error {
	if !s.hasArrived(w) {
		return s.later(ctx, w, &rev, PhaseReverse, false)
	}
	again := w.saidAbsent()
	an, err := s.inquire(ctx, w)
	if err != nil {
		return err
	}
	switch an.Result {
	case acquirer.InquiryAbsent:
		if !again {
			return s.later(ctx, w, &rev, PhaseReverse, false)
		}
		return s.finish(ctx, w, &rev, AttemptAbsent, reversed())
	case acquirer.InquiryReversed:
		return s.finish(ctx, w, &rev, AttemptReversed, reversed())
	case acquirer.InquiryDeclined:
		return s.finish(ctx, w, &rev, AttemptDeclined, declined(an.Answer))
	case acquirer.InquiryApproved:
		// It exists after all. The reversal is repeated while it can still help.
		if an.Captured || s.pastReversal(w) {
			return s.later(ctx, w, &rev, PhaseUndo, true)
		}
	case acquirer.InquiryUnknown:
	}
	return s.later(ctx, w, &rev, PhaseReverse, false)
}

// hasArrived reports whether the unsettled message is no longer under way.
func (s *Service) hasArrived(w *settling) bool { return s.Clock.Now().After(w.arrival()) }

// arrival is until when the unsettled message may be under way: it left at the latest
// answerMargin after its intent, or when its last repeat was given up, and travels at
// most NoOriginalAfter.
func (w *settling) arrival() time.Time {
	left := w.job.Since.Add(answerMargin)
	if w.attempt.SettledAt.After(left) {
		left = w.attempt.SettledAt
	}
	return left.Add(w.d.Timeouts.NoOriginalAfter)
}

// pastReversal reports whether the acquirer no longer takes a reversal.
func (s *Service) pastReversal(w *settling) bool {
	return s.Clock.Now().After(w.job.Since.Add(w.d.Timeouts.ReversalWindow))
}

// saidAbsent reports whether an earlier inquiry, on record, found nothing when the
// message must have arrived. One such answer alone proves nothing: the money would be
// lost if it were wrong.
func (w *settling) saidAbsent() bool {
	_, ok := w.find(func(a Attempt) bool {
		return a.Kind == Inquire && a.OriginalID == w.attempt.ID && a.Message == acquirer.InquiryAbsent.String() &&
			a.TransmittedAt.After(w.arrival())
	})
	return ok
}

// undo settles what a reversal no longer can: inquire, and take an approval back by
// a void or refund under an id derived from the attempt (rulings 10a).
func (s *Service) undo(ctx context.Context, w *settling) error {
	again := w.saidAbsent()
	an, err := s.inquire(ctx, w)
	if err != nil {
		return err
	}
	switch an.Result {
	case acquirer.InquiryAbsent:
		if !again || !s.hasArrived(w) {
			return s.later(ctx, w, nil, w.job.Phase, false)
		}
		return s.finish(ctx, w, nil, AttemptAbsent, reversed())
	case acquirer.InquiryReversed:
		return s.finish(ctx, w, nil, AttemptReversed, reversed())
	case acquirer.InquiryDeclined:
		return s.finish(ctx, w, nil, AttemptDeclined, declined(an.Answer))
	case acquirer.InquiryApproved:
		return s.undoApproved(ctx, w, an)
	case acquirer.InquiryUnknown:
	}
	return s.later(ctx, w, nil, w.job.Phase, false)
}

// undoApproved voids or refunds an authorization that stands although nobody was told.
func (s *Service) undoApproved(ctx context.Context, w *settling, found acquirer.InquiryAnswer) error {
	canceler, ok := w.gw.(acquirer.Canceler)
	if !ok {
		return s.later(ctx, w, nil, PhaseOperator, false)
	}
	kind := Void
	if found.Captured {
		kind = Refund
	}
	at, exists := w.find(func(a Attempt) bool { return a.Kind == kind && a.OriginalID == w.attempt.ID && a.CancelID == "" })
	at, err := s.aboutToSend(ctx, w, at, exists, func(time.Time) Attempt {
		return Attempt{ID: derivedID(w.attempt.ID, kind), Kind: kind, Amount: w.attempt.Amount}
	})
	if err != nil {
		return err
	}
	call, cancel := context.WithTimeout(ctx, w.d.Timeouts.Connect+w.d.Timeouts.Read)
	an := canceler.Cancel(call, acquirer.Cancellation{
		Reference: at.reference(), Kind: acquirer.CancelKind(kind), Original: w.attempt.reference(), OriginalAmount: w.attempt.Amount,
		ApprovalNumber: found.Answer.ApprovalNumber, RRN: found.Answer.RRN, Merchant: w.terms.Merchant, Split: w.payment.Split, Repeat: at.Sends > 1,
	})
	cancel()
	at.Code, at.Message = an.Code, an.Message
	switch an.Result {
	case acquirer.CancelDone:
		at.Status = AttemptApproved
		return s.finish(ctx, w, &at, AttemptReversed, reversed())
	case acquirer.CancelAlreadyCaptured:
		at.Status = AttemptDeclined // the next step inquires, learns of the capture and refunds
	case acquirer.CancelRefused:
		at.Status = AttemptDeclined // the operator must know, and the worker goes on asking
		return s.later(ctx, w, &at, PhaseOperator, false)
	case acquirer.CancelUnknown:
	}
	return s.later(ctx, w, &at, w.job.Phase, false)
}

// derivedID is the id of the message that undoes an attempt: the same for every
// instance and every try, so that it can be done only once.
func derivedID(attemptID string, kind AttemptKind) string {
	prefix := "avd_"
	if kind == Refund {
		prefix = "arf_"
	}
	return prefix + strings.TrimPrefix(attemptID, string(id.Attempt))
}

// leaseMargin is how long after the time-outs of a message its answer may still be
// written under the lease that was renewed for it.
const leaseMargin = 10 * time.Second

// renew sees in the transaction before each message that the job is still as it was
// leased, and holds it until the answer is written. A worker that stood still must not
// reverse what an operator has found good meanwhile.
func (s *Service) renew(ctx context.Context, tx Tx, w *settling, now time.Time) error {
	until := now.Add(w.d.Timeouts.Connect + w.d.Timeouts.Read + leaseMargin)
	if until.Before(w.job.LeaseUntil) {
		until = w.job.LeaseUntil
	}
	held, err := tx.ClaimUnsettled(ctx, w.t, w.job.AttemptID, w.job.LeaseOwner, now, until)
	if is(err, ErrAbsent) {
		return fmt.Errorf("%w: %s is settled", ErrChanged, w.job.AttemptID)
	}
	if err == nil && (held.Phase != w.job.Phase || held.Tries != w.job.Tries) {
		return ErrChanged
	}
	return err
}

// aboutToSend makes the sending of a message durable: a new attempt, or one more
// send of the one that exists, with its STAN and time.
func (s *Service) aboutToSend(ctx context.Context, w *settling, a Attempt, exists bool, fresh func(time.Time) Attempt) (Attempt, error) {
	now := s.Clock.Now().Truncate(time.Microsecond)
	if !exists {
		stan, err := s.stans.take(ctx, w.t, w.attempt.TerminalID)
		if err != nil {
			return Attempt{}, err
		}
		a = fresh(now)
		a.MerchantID, a.PaymentID, a.CancelID, a.OriginalID = w.attempt.MerchantID, w.attempt.PaymentID, w.attempt.CancelID, w.attempt.ID
		a.Status, a.TerminalID, a.STAN, a.TransmittedAt = AttemptSending, w.attempt.TerminalID, stan, now.Truncate(time.Second)
	}
	a.Sends++
	from := a.Status
	a.Status = AttemptSending
	err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.renew(ctx, tx, w, now); err != nil {
			return err
		}
		if !exists {
			return tx.InsertAttempt(ctx, a)
		}
		return tx.UpdateAttempt(ctx, a, from)
	})
	if err == nil && s.Clock.Now().After(now.Add(leaseMargin/2)) {
		// The commit took so long that the lease would not last until the answer is
		// written: whoever takes the job then must not find a message of ours on its way.
		err = fmt.Errorf("%w: %s was durable too late to be sent", ErrChanged, a.ID)
	}
	return a, err
}

// inquire asks what became of the unsettled attempt. Every inquiry is an attempt of
// its own, so that a late answer is never taken for a newer one, and so that the
// proof is on record.
func (s *Service) inquire(ctx context.Context, w *settling) (acquirer.InquiryAnswer, error) {
	inquirer, ok := w.gw.(acquirer.Inquirer)
	if !ok {
		return acquirer.InquiryAnswer{}, nil
	}
	a, err := s.aboutToSend(ctx, w, Attempt{}, false, func(now time.Time) Attempt {
		return Attempt{ID: s.IDs.At(id.Attempt, now), Kind: Inquire, Amount: w.attempt.Amount}
	})
	if err != nil {
		return acquirer.InquiryAnswer{}, err
	}
	call, cancel := context.WithTimeout(ctx, w.d.Timeouts.Connect+w.d.Timeouts.Read)
	an := inquirer.Inquire(call, acquirer.Inquiry{
		Reference: a.reference(), Subject: w.attempt.reference(), Merchant: w.terms.Merchant, Amount: w.attempt.Amount,
	})
	cancel()
	a.answeredInquiry(an, s.Clock.Now())
	if an.Result != acquirer.InquiryUnknown {
		s.sent(w.terms.Adapter, false)
	}
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		return tx.UpdateAttempt(ctx, a, AttemptSending)
	})
	return an, err
}

// later gives the job back, due after the back-off, at once when urgent. Past every
// deadline it goes to the operator's list with an alarm.
func (s *Service) later(ctx context.Context, w *settling, sent *Attempt, phase Phase, urgent bool) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	job := w.job
	job.Tries++
	job.DueAt = now.Add(w.d.Timeouts.Wait(job.Tries))
	if urgent {
		job.DueAt = now
	}
	alarm := false
	if now.After(job.Since.Add(w.d.Timeouts.InquiryUntil)) {
		phase = PhaseOperator
		job.DueAt = now.Add(operatorPause)
	}
	if phase == PhaseOperator {
		alarm = job.Phase != PhaseOperator
	}
	job.Phase = phase
	if alarm {
		s.Log.Error("ALARM: payment needs the operator", "payment", job.PaymentID, "attempt", job.AttemptID, "since", job.Since)
	}
	return s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if sent != nil {
			a := *sent
			if a.Status == AttemptSending {
				a.Status = AttemptUnknown
				if a.undoes(w.attempt) || a.ID == w.attempt.ID {
					a.SettledAt = now
				}
			}
			if err := tx.UpdateAttempt(ctx, a, AttemptSending); err != nil {
				return err
			}
		}
		if alarm {
			if err := tx.Record(ctx, s.record(job.MerchantID, s.Owner, "payment.operator_needed", job.PaymentID, now)); err != nil {
				return err
			}
		}
		return tx.UpdateUnsettled(ctx, job)
	})
}

// finish is W4: the attempt is settled, the payment ends without a sale, the
// answer is frozen and the job is gone, in one transaction.
func (s *Service) finish(ctx context.Context, w *settling, sent *Attempt, as AttemptStatus, f Failure) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	return s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, a := w.payment, w.attempt
		p.Version++
		if err := p.abort(f); err != nil {
			return err
		}
		from := a.Status
		a.Status, a.SettledAt = as, now
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		if err := tx.UpdateAttempt(ctx, a, from); err != nil {
			return err
		}
		if sent != nil {
			done := *sent
			if done.Status == AttemptSending {
				done.Status = AttemptAbsent
			}
			done.SettledAt = now
			if err := tx.UpdateAttempt(ctx, done, AttemptSending); err != nil {
				return err
			}
		}
		return s.closeJob(ctx, tx, p, w.job, outbox.PaymentReversed, w.actor, 201, now)
	})
}

// closeJob ends a settled job: event, audit, frozen answer, no more row.
func (s *Service) closeJob(ctx context.Context, tx Tx, p Payment, job Unsettled, t outbox.Type, actor string, status int, now time.Time) error {
	if err := tx.Emit(ctx, s.event(p, t, now)); err != nil {
		return err
	}
	if err := tx.Record(ctx, s.record(p.MerchantID, actor, string(t), p.ID, now)); err != nil {
		return err
	}
	if job.Key != "" {
		k := Idempotency{MerchantID: p.MerchantID, Operation: job.Operation, Key: job.Key}
		if err := s.freeze(&k, p, status); err != nil {
			return err
		}
		if err := tx.FreezeIdempotency(ctx, k); err != nil {
			return err
		}
	}
	return tx.DeleteUnsettled(ctx, job)
}
