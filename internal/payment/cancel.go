package payment

import (
	"context"
	"fmt"
	"time"

	"innopay/acquirer"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/money"
)

// cancelRaces bounds how often a cancel starts over because another change came first.
const cancelRaces = 8

// cancelCommitTries bounds how often the outcome of a cancel is written again while
// the merchant waits: many cancels of one payment at once meet each other's version.
const cancelCommitTries = 12

// captureGrace is how long past the capture hour a whole cancel still tries a void
// first; a void that comes too late becomes a refund under the same cancel.
const captureGrace = time.Hour

// cancelWork is a cancel between its transactions.
type cancelWork struct {
	payment   Payment
	cancel    Cancel
	attempt   Attempt
	unsettled Unsettled
	key       Idempotency
	original  Attempt
}

// Cancel takes back a payment, or a part of it. The amount is reserved in the
// statement that checks it (reliability 3.5). An unknown outcome (202) is
// inquired and repeated under the same id, never marked failed.
func (s *Service) Cancel(ctx context.Context, c CancelCommand) (Result, error) {
	release, err := s.admit()
	if err != nil {
		return Result{}, err
	}
	defer release()
	// Another merchant's payment is absent before anything else is looked at.
	p, err := s.Get(ctx, c.Tenant, c.PaymentID)
	if err != nil {
		return Result{}, err
	}
	if err := c.check(); err != nil {
		return Result{}, err
	}
	if err := s.mayCancel(ctx, c, p); err != nil {
		return Result{}, err
	}
	if err := s.Merchants.CheckCancelPassword(ctx, c.Tenant, c.CancelPassword, c.Actor); err != nil {
		return Result{}, err
	}
	if k, err := s.Store.Idempotency(ctx, c.Tenant, OperationCancel, c.Key); err == nil {
		return s.replayCancel(ctx, c, k)
	} else if !is(err, ErrAbsent) {
		return Result{}, storeFault(err)
	}
	if p.Method == ByCash {
		return s.cancelCash(context.WithoutCancel(ctx), c)
	}
	terms, gw, err := s.cancelGateway(ctx, c.Tenant, p.TerminalID)
	if err != nil {
		return Result{}, err
	}
	stan, err := s.stans.take(ctx, c.Tenant, p.TerminalID)
	if err != nil {
		return Result{}, storeFault(err)
	}
	ctx = context.WithoutCancel(ctx)
	plans, err := s.reserve(ctx, c, gw.Describe(), stan)
	w, k, err := s.standing(ctx, c, plans, err)
	switch {
	case err != nil:
		return Result{}, err
	case w.cancel.ID == "":
		return s.replayCancel(ctx, c, k)
	}
	return s.sendCancel(ctx, c.Tenant, gw, terms, w)
}

func (s *Service) replayCancel(ctx context.Context, c CancelCommand, k Idempotency) (Result, error) {
	sum, err := s.Hasher.MACWith(k.HashKey, "idempotency", c.canonical())
	if err != nil || sum != k.Hash {
		return Result{}, ErrKeyReused
	}
	return s.replay(ctx, c.Tenant, k)
}

// cancelGateway is the acquirer that has what was taken with the terminal, when it can
// cancel.
func (s *Service) cancelGateway(ctx context.Context, t merchant.Tenant, terminalID string) (Terms, acquirer.Acquirer, error) {
	terms, err := s.Merchants.Terms(ctx, t)
	if err == nil {
		terms, err = terms.at(terminalID)
	}
	if err != nil {
		return Terms{}, nil, storeFault(err)
	}
	gw, err := s.gateway(terms.Adapter)
	if err != nil {
		return Terms{}, nil, err
	}
	if _, ok := gw.(acquirer.Canceler); !ok {
		return Terms{}, nil, ErrNotCancelable
	}
	return terms, gw, nil
}

// reserve is tx1 of a cancel: the amount leaves the balance, cancel, attempt, job
// and key become durable, all in one conditional update. It returns the plans that
// were tried: more than one when the transaction had to run again.
func (s *Service) reserve(ctx context.Context, c CancelCommand, d acquirer.Descriptor, stan int) ([]cancelWork, error) {
	var plans []cancelWork
	for range cancelRaces {
		before := len(plans)
		err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
			p, err := tx.Payment(ctx, c.Tenant, c.PaymentID)
			if err != nil {
				return err
			}
			original, err := tx.Attempt(ctx, c.Tenant, p.AttemptID)
			if err != nil {
				return err
			}
			w, err := s.planCancel(c, p, original, d, stan)
			if err != nil {
				return err
			}
			plans = append(plans, w)
			return writeReservation(ctx, tx, w, s)
		})
		if err == nil {
			return plans[before:], nil
		}
		if !is(err, ErrChanged) {
			return plans, err
		}
	}
	return plans, ErrBusy.WithRetryAfter(time.Second)
}

// standing is the plan that is durable, the only one that may be sent. Where it is in
// doubt the key decides: a COMMIT that was reported lost may stand after all, and the
// run after it has made another plan (reliability 1.2); or another press of this
// button has reserved the amount that is missing now, then k is its key.
func (s *Service) standing(ctx context.Context, c CancelCommand, plans []cancelWork, cause error) (w cancelWork, k Idempotency, err error) {
	if cause == nil && len(plans) == 1 {
		return plans[0], k, nil
	}
	if k, err = s.Store.Idempotency(ctx, c.Tenant, OperationCancel, c.Key); err != nil {
		if cause == nil {
			cause = err // a worker carries on with what was reserved
		}
		return w, k, storeFault(cause)
	}
	for _, plan := range plans {
		if plan.cancel.ID == k.CancelID {
			return plan, k, nil
		}
	}
	return w, k, nil
}

func writeReservation(ctx context.Context, tx Tx, w cancelWork, s *Service) error {
	// The key first: a second press must find it before anything else fails.
	if err := tx.InsertIdempotency(ctx, w.key); err != nil {
		return err
	}
	if err := tx.UpdatePayment(ctx, w.payment); err != nil {
		return err
	}
	if err := tx.InsertCancel(ctx, w.cancel); err != nil {
		return err
	}
	if err := tx.InsertAttempt(ctx, w.attempt); err != nil {
		return err
	}
	if err := tx.InsertUnsettled(ctx, w.unsettled); err != nil {
		return err
	}
	asked := s.record(w.payment.MerchantID, w.cancel.StaffID, "payment.cancel", w.payment.ID, w.cancel.RequestedAt)
	asked.Detail = audit.TraceDetail(w.key.TraceID)
	return tx.Record(ctx, asked)
}

// planCancel decides kind and parts of a cancel of p as it stands.
func (s *Service) planCancel(c CancelCommand, p Payment, original Attempt, d acquirer.Descriptor, stan int) (cancelWork, error) {
	if p.Status != Done && p.Status != PartialCanceled || p.Method != ByCard {
		return cancelWork{}, ErrNotCancelable
	}
	part, err := cancelPart(c, p)
	if err != nil {
		return cancelWork{}, err
	}
	if err := c.within(p, part.Amount); err != nil {
		return cancelWork{}, err
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	kind := acquirer.Refund
	if part.Amount == p.Split.Amount && now.Before(captureAfter(p.ApprovedAt, d.CaptureHour).Add(captureGrace)) {
		kind = acquirer.Void
	}
	if kind == acquirer.Refund && part.Amount != p.Split.Amount && !d.PartialCancel {
		return cancelWork{}, ErrNotCancelable
	}
	w := cancelWork{payment: p, original: original}
	w.payment.Balance = p.Balance.Minus(part)
	w.payment.Version++
	w.cancel = Cancel{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Cancel, now), PaymentID: p.ID, Kind: string(kind), Status: CancelInProgress,
		Split: part, Reason: c.Reason, RequestedAt: now, StaffID: c.Actor,
	}
	w.attempt = Attempt{
		MerchantID: p.MerchantID, ID: s.IDs.At(id.Attempt, now), PaymentID: p.ID, CancelID: w.cancel.ID, Kind: AttemptKind(kind),
		Status: AttemptSending, OriginalID: original.ID, TerminalID: p.TerminalID, STAN: stan,
		TransmittedAt: now.Truncate(time.Second), Amount: part.Amount, Sends: 1,
	}
	w.cancel.AttemptID = w.attempt.ID
	w.unsettled = s.cancelJob(w.attempt, d.Timeouts, now, c.Key)
	w.payment.Cancels = append(append([]Cancel(nil), p.Cancels...), w.cancel)
	keyID, sum := s.Hasher.MAC("idempotency", c.canonical())
	w.key = Idempotency{
		MerchantID: p.MerchantID, Operation: OperationCancel, Key: c.Key, Hash: sum, HashKey: keyID,
		PaymentID: p.ID, CancelID: w.cancel.ID, TraceID: c.TraceID, CreatedAt: now,
	}
	return w, nil
}

func (s *Service) cancelJob(a Attempt, to acquirer.Timeouts, now time.Time, key string) Unsettled {
	return Unsettled{
		MerchantID: a.MerchantID, AttemptID: a.ID, PaymentID: a.PaymentID, CancelID: a.CancelID, Phase: PhaseSending,
		DueAt: now.Add(to.Connect + to.Read + answerMargin), Since: now, Operation: OperationCancel, Key: key,
	}
}

// sendCancel sends the attempt of w and commits what came of it.
func (s *Service) sendCancel(ctx context.Context, t merchant.Tenant, gw acquirer.Acquirer, terms Terms, w cancelWork) (Result, error) {
	an := s.firstCancel(ctx, gw, terms, w)
	if an.Result == acquirer.CancelAlreadyCaptured && w.attempt.Kind == Void {
		next, err := s.refundInstead(ctx, t, gw.Describe(), w, "")
		if err != nil {
			s.Log.Error("void came too late and its refund was not written", "payment", w.payment.ID, "err", err)
			return s.current(ctx, t, w.payment.ID, w.key)
		}
		w = next
		an = s.firstCancel(ctx, gw, terms, w)
	}
	if err := s.finishCancel(ctx, t, w.unsettled, w.attempt, an, ""); err != nil {
		s.Log.Error("outcome of a cancel not written", "payment", w.payment.ID, "cancel", w.cancel.ID, "err", err)
	}
	return s.afterCancel(ctx, t, w)
}

// afterCancel answers with what is committed; where the outcome could not be
// written the caller hears "unknown", which a worker settles.
func (s *Service) afterCancel(ctx context.Context, t merchant.Tenant, w cancelWork) (Result, error) {
	r, err := s.current(ctx, t, w.payment.ID, w.key)
	if err == nil {
		return r, nil
	}
	p := w.payment
	for i := range p.Cancels {
		if p.Cancels[i].ID == w.cancel.ID {
			p.Cancels[i].Status = CancelUnknown
		}
	}
	return s.answer(p, w.key)
}

// firstCancel sends an attempt for the first time, unless it became durable so late
// that a worker may take it over before its answer is there.
func (s *Service) firstCancel(ctx context.Context, gw acquirer.Acquirer, terms Terms, w cancelWork) acquirer.CancelAnswer {
	if !s.inTime(w.unsettled, gw.Describe().Timeouts) {
		return acquirer.CancelAnswer{NotSent: true, Message: durableTooLate}
	}
	return s.callCancel(ctx, gw, terms, w, false)
}

func (s *Service) callCancel(ctx context.Context, gw acquirer.Acquirer, terms Terms, w cancelWork, repeat bool) acquirer.CancelAnswer {
	d := gw.Describe()
	canceler, ok := gw.(acquirer.Canceler)
	if !ok {
		return acquirer.CancelAnswer{Result: acquirer.CancelRefused, Code: "UNSUPPORTED"}
	}
	ctx, cancel := context.WithTimeout(ctx, d.Timeouts.Connect+d.Timeouts.Read)
	defer cancel()
	an := canceler.Cancel(ctx, acquirer.Cancellation{
		Reference: w.attempt.reference(), Kind: acquirer.CancelKind(w.attempt.Kind), Original: w.original.reference(),
		OriginalAmount: w.payment.Split.Amount, ApprovalNumber: w.payment.Card.ApprovalNumber, RRN: w.original.RRN,
		Merchant: terms.Merchant, Split: w.cancel.Split, Repeat: repeat,
	})
	s.sent(terms.Adapter, an.Result == acquirer.CancelUnknown && an.NotSent)
	return an
}

// refundInstead replaces a void that came too late by a refund under the same
// cancel, in one transaction. leaseOwner is set when a worker does it.
func (s *Service) refundInstead(ctx context.Context, t merchant.Tenant, d acquirer.Descriptor, w cancelWork, leaseOwner string) (cancelWork, error) {
	stan, err := s.stans.take(ctx, t, w.attempt.TerminalID)
	if err != nil {
		return w, err
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	old, next := w.attempt, w.attempt
	from := old.Status
	old.Status, old.SettledAt = AttemptDeclined, now
	next.ID, next.Kind, next.STAN, next.TransmittedAt = s.IDs.At(id.Attempt, now), Refund, stan, now.Truncate(time.Second)
	next.Status, next.Sends = AttemptSending, 1
	job := s.cancelJob(next, d.Timeouts, now, w.key.Key)
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, t, w.payment.ID)
		if err != nil {
			return err
		}
		c, ok := p.cancel(w.cancel.ID)
		if !ok {
			return ErrChanged
		}
		before := c.Status
		c.Kind, c.AttemptID, c.Status = string(acquirer.Refund), next.ID, CancelInProgress
		if err := tx.UpdateCancel(ctx, c, before); err != nil {
			return err
		}
		if err := tx.UpdateAttempt(ctx, old, from); err != nil {
			return err
		}
		gone := w.unsettled
		gone.LeaseOwner = leaseOwner
		if err := tx.DeleteUnsettled(ctx, gone); err != nil {
			return err
		}
		if err := tx.InsertAttempt(ctx, next); err != nil {
			return err
		}
		w.cancel, w.payment = c, p
		return tx.InsertUnsettled(ctx, job)
	})
	w.attempt, w.unsettled = next, job
	return w, err
}

// finishCancel is tx2 of a cancel, for the process that sent it and for workers.
// job names the unsettled row, with the lease owner who holds it (empty for the
// sending process).
func (s *Service) finishCancel(ctx context.Context, t merchant.Tenant, job Unsettled, a Attempt, an acquirer.CancelAnswer, leaseOwner string) error {
	job.LeaseOwner = leaseOwner
	var err error
	for i := range cancelCommitTries {
		err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
			p, err := tx.Payment(ctx, t, job.PaymentID)
			if err != nil {
				return err
			}
			return s.writeCancelOutcome(ctx, tx, p, job, a, an)
		})
		if err == nil || is(err, errTakenOver) || is(err, ErrAbsent) || isFault(err) {
			break
		}
		// ErrChanged may be another cancel of the payment, which a new read settles.
		if s.Clock.Sleep(ctx, 5*time.Millisecond<<min(i, 6)) != nil {
			break
		}
	}
	if err == nil && an.Result == acquirer.CancelUnknown && !an.NotSent {
		s.wake()
	}
	return err
}

// errTakenOver: the cancel went on without this caller, or the commit it takes for
// lost was not.
var errTakenOver = fmt.Errorf("%w: the cancel went on elsewhere", ErrChanged)

func (s *Service) writeCancelOutcome(ctx context.Context, tx Tx, p Payment, job Unsettled, a Attempt, an acquirer.CancelAnswer) error {
	now := s.Clock.Now().Truncate(time.Microsecond)
	c, ok := p.cancel(job.CancelID)
	if !ok || c.Status == CancelDone || c.Status == CancelFailed || c.AttemptID != a.ID {
		return errTakenOver
	}
	from, fromAttempt := c.Status, a.Status
	a.Code, a.Message, a.SettledAt = an.Code, an.Message, now
	event := outbox.PaymentCanceled
	p.Version++
	switch an.Result {
	case acquirer.CancelDone:
		a.Status = AttemptApproved
		c.Status, c.CanceledAt, c.CancelNumber = CancelDone, now, an.CancelNumber
		if err := p.canceled(c); err != nil {
			return err
		}
		if err := tx.Post(ctx, ledger.Entry(p.MerchantID, c.ID, p.ID, ledger.Cancel, ledger.AcquirerReceivable, -c.Split.Amount, now)); err != nil {
			return err
		}
	case acquirer.CancelRefused, acquirer.CancelAlreadyCaptured:
		event = outbox.CancelFailed
		a.Status = AttemptDeclined
		c.Status, c.Failure = CancelFailed, Failure{"CANCEL_REFUSED", orText(an.Message, "카드사에서 취소를 거절했어요. 카드사에 문의해 주세요.")}
		p.Balance = p.Balance.Plus(c.Split)
	case acquirer.CancelUnknown:
		if an.NotSent && a.Sends == 1 {
			event = outbox.CancelFailed
			a.Status = AttemptNotSent
			c.Status, c.Failure = CancelFailed, Failure{"NOT_SENT", "카드사에 연결하지 못했어요. 취소되지 않았으니 다시 시도해 주세요."}
			p.Balance = p.Balance.Plus(c.Split)
			break
		}
		event = outbox.CancelUnknown
		a.Status, a.SettledAt, c.Status = AttemptUnknown, time.Time{}, CancelUnknown
		job.Phase, job.DueAt = PhaseRepeat, now
	}
	p.setCancel(c)
	return s.storeCancelOutcome(ctx, tx, p, c, from, a, fromAttempt, job, s.cancelEvent(p, event, c.ID, now))
}

func (s *Service) storeCancelOutcome(ctx context.Context, tx Tx, p Payment, c Cancel, from CancelStatus, a Attempt, fromAttempt AttemptStatus, job Unsettled, e outbox.Event) error {
	if err := tx.UpdatePayment(ctx, p); err != nil {
		return err
	}
	if err := tx.UpdateCancel(ctx, c, from); err != nil {
		return err
	}
	if err := tx.UpdateAttempt(ctx, a, fromAttempt); err != nil {
		return err
	}
	if err := tx.Emit(ctx, e); err != nil {
		return err
	}
	if err := tx.Record(ctx, s.record(p.MerchantID, c.StaffID, string(e.Type), p.ID, e.CreatedAt)); err != nil {
		return err
	}
	if c.Status == CancelUnknown {
		return tx.UpdateUnsettled(ctx, job)
	}
	if err := tx.DeleteUnsettled(ctx, job); err != nil {
		return err
	}
	k := Idempotency{MerchantID: p.MerchantID, Operation: OperationCancel, Key: job.Key}
	if err := s.freeze(&k, p, 200); err != nil {
		return err
	}
	return tx.FreezeIdempotency(ctx, k)
}

// canceled moves p for a cancel that was done.
func (p *Payment) canceled(done Cancel) error {
	p.setCancel(done)
	var sum money.Won
	for _, c := range p.Cancels {
		if c.Status == CancelDone {
			sum += c.Split.Amount
		}
	}
	if sum < p.Split.Amount {
		return p.become(PartialCanceled)
	}
	p.AcquireStatus = AcquireCanceled
	return p.become(Canceled)
}

func (p *Payment) setCancel(c Cancel) {
	cs := append([]Cancel(nil), p.Cancels...)
	for i := range cs {
		if cs[i].ID == c.ID {
			cs[i] = c
		}
	}
	p.Cancels = cs
}

func orText(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
