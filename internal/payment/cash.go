package payment

import (
	"context"
	"strings"
	"time"

	"innopay/card"
	"innopay/id"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/money"
)

// CashSale is what a cash payment has in place of a card.
type CashSale struct {
	Received money.Won // from the buyer's hand; the amount at least
	// TakenAt is when the money was taken, for a sale that waited on a device without a
	// network; zero: now. It is no part of what the key stands for: the same press may come
	// with and without it.
	TakenAt time.Time
	// What else the same press asked for, for its idempotency: the cash receipt.
	ReceiptType string
	Identifier  card.Secret
}

// mostWait is how long a sale may have waited on a device. A longer wait, or a time to
// come, is a clock that is wrong: the sale counts as taken when it arrives.
const mostWait = 7 * 24 * time.Hour

// takenAt is when the money was taken, as far as the device's clock is believed.
func (c *CashSale) takenAt(now time.Time) time.Time {
	if at := c.TakenAt.Truncate(time.Microsecond); at.After(now.Add(-mostWait)) && !at.After(now) {
		return at
	}
	return now
}

// DraftCash validates a cash sale and builds its payment, which is DONE from the first
// moment, with the row of its key. Nothing is written.
func (s *Service) DraftCash(ctx context.Context, c *Create) (Payment, Idempotency, error) {
	var f fields
	c.checkSale(&f)
	if c.InstallmentMonths != 0 {
		f.add("/installmentMonths", "INVALID_INSTALLMENT", "현금은 할부로 받을 수 없어요.")
	}
	switch {
	case c.Cash.Received < c.Amount:
		f.add("/cash/received", "OUT_OF_RANGE", "받은 돈이 결제 금액보다 적어요.")
	case c.Cash.Received > money.Max:
		f.add("/cash/received", "OUT_OF_RANGE", "받은 돈은 "+money.Max.String()+"까지 입력할 수 있어요.")
	}
	if err := f.result(); err != nil {
		return Payment{}, Idempotency{}, err
	}
	if c.Barred != nil {
		return Payment{}, Idempotency{}, c.Barred
	}
	terms, err := s.Merchants.Terms(ctx, c.Tenant)
	if err != nil {
		return Payment{}, Idempotency{}, storeFault(err)
	}
	if terms.Suspended {
		return Payment{}, Idempotency{}, ErrSuspended
	}
	terms.MinimumCard = 0
	c.checkTax(&f, terms)
	if err := f.result(); err != nil {
		return Payment{}, Idempotency{}, err
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	p, err := s.draft(c, terms, now)
	if err != nil {
		return p, Idempotency{}, err
	}
	p.Method, p.Status, p.ApprovedAt, p.Version = ByCash, Done, c.Cash.takenAt(now), 1
	p.CashReceived, p.TerminalID = c.Cash.Received, terms.TerminalID
	keyID, sum, err := s.hashCreate(c, "")
	if err != nil {
		return p, Idempotency{}, ErrUnavailable.Because(err)
	}
	return p, Idempotency{
		MerchantID: p.MerchantID, Operation: OperationCreate, Key: c.Key, Hash: sum, HashKey: keyID,
		PaymentID: p.ID, TraceID: c.TraceID, CreatedAt: now,
	}, nil
}

// RecordCash writes a cash sale in the caller's transaction, with the frozen answer of
// its key. The books are of the day on which it arrives, whenever it was taken.
// ErrKeyTaken and ErrOrderTaken mean that nothing may be written.
func (s *Service) RecordCash(ctx context.Context, tx Tx, p Payment, k Idempotency) (Result, error) {
	if err := s.freeze(&k, p, 201); err != nil {
		return Result{}, err
	}
	if err := tx.InsertIdempotency(ctx, k); err != nil {
		return Result{}, err
	}
	if err := tx.InsertPayment(ctx, p); err != nil {
		return Result{}, err
	}
	if err := tx.Post(ctx, ledger.Entry(p.MerchantID, p.ID, p.ID, ledger.Takings, ledger.Cash, p.Split.Amount, p.RequestedAt)); err != nil {
		return Result{}, err
	}
	if err := tx.Emit(ctx, s.event(p, outbox.PaymentApproved, p.RequestedAt)); err != nil {
		return Result{}, err
	}
	if err := tx.Record(ctx, s.record(p.MerchantID, p.StaffID, "payment.cash", p.ID, p.RequestedAt)); err != nil {
		return Result{}, err
	}
	return Result{Payment: p, Status: k.Status, Body: k.Body, TraceID: k.TraceID}, nil
}

// ReplayCash answers a press whose sale could not be written for cause: what its key
// answered before, a duplicate order, or the fault.
func (s *Service) ReplayCash(ctx context.Context, c *Create, cause error) (Result, error) {
	if isFault(cause) {
		return s.refuse(ctx, c, cause)
	}
	return s.intentFailed(ctx, c, cause)
}

// cancelCash takes back a cash sale, or a part of it: the money is handed over at the
// counter, so nobody is asked and the cancel is done at once.
func (s *Service) cancelCash(ctx context.Context, c CancelCommand) (Result, error) {
	var r Result
	var err error
	for range cancelRaces {
		if r, err = s.cancelCashOnce(ctx, c); !is(err, ErrChanged) {
			break
		}
	}
	switch {
	case is(err, ErrKeyTaken), isFault(err):
		// Another press of this button may have taken what is missing now.
		k, absent := s.Store.Idempotency(ctx, c.Tenant, OperationCancel, c.Key)
		if absent != nil {
			return Result{}, storeFault(err)
		}
		return s.replayCancel(ctx, c, k)
	case is(err, ErrChanged):
		return Result{}, ErrBusy.WithRetryAfter(time.Second)
	case err != nil:
		return Result{}, storeFault(err)
	}
	return r, nil
}

func (s *Service) cancelCashOnce(ctx context.Context, c CancelCommand) (Result, error) {
	var r Result
	err := s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		p, err := tx.Payment(ctx, c.Tenant, c.PaymentID)
		if err != nil {
			return err
		}
		if p.Status != Done && p.Status != PartialCanceled {
			return ErrNotCancelable
		}
		part, err := cancelPart(c, p)
		if err != nil {
			return err
		}
		if err := c.within(p, part.Amount); err != nil {
			return err
		}
		now := s.Clock.Now().Truncate(time.Microsecond)
		done := Cancel{
			MerchantID: p.MerchantID, ID: s.IDs.At(id.Cancel, now), PaymentID: p.ID, Kind: string(Refund), Status: CancelDone,
			Split: part, Reason: c.Reason, RequestedAt: now, CanceledAt: now, StaffID: c.Actor,
		}
		p.Balance = p.Balance.Minus(part)
		p.Version++
		p.Cancels = append(append([]Cancel(nil), p.Cancels...), done)
		if err := p.canceled(done); err != nil {
			return err
		}
		r, err = s.writeCashCancel(ctx, tx, c, p, done)
		return err
	})
	return r, err
}

func (s *Service) writeCashCancel(ctx context.Context, tx Tx, c CancelCommand, p Payment, done Cancel) (Result, error) {
	now := done.CanceledAt
	keyID, sum := s.Hasher.MAC("idempotency", c.canonical())
	k := Idempotency{
		MerchantID: p.MerchantID, Operation: OperationCancel, Key: c.Key, Hash: sum, HashKey: keyID,
		PaymentID: p.ID, CancelID: done.ID, TraceID: c.TraceID, CreatedAt: now,
	}
	if err := s.freeze(&k, p, 200); err != nil {
		return Result{}, err
	}
	// The key first: a second press must find it before anything else fails.
	if err := tx.InsertIdempotency(ctx, k); err != nil {
		return Result{}, err
	}
	if err := tx.UpdatePayment(ctx, p); err != nil {
		return Result{}, err
	}
	if err := tx.InsertCancel(ctx, done); err != nil {
		return Result{}, err
	}
	if err := tx.Post(ctx, ledger.Entry(p.MerchantID, done.ID, p.ID, ledger.Cancel, ledger.Cash, -done.Split.Amount, now)); err != nil {
		return Result{}, err
	}
	if err := tx.Emit(ctx, s.cancelEvent(p, outbox.PaymentCanceled, done.ID, now)); err != nil {
		return Result{}, err
	}
	if err := tx.Record(ctx, s.record(p.MerchantID, c.Actor, "payment.cancel", p.ID, now)); err != nil {
		return Result{}, err
	}
	return Result{Payment: p, Status: k.Status, Body: k.Body, TraceID: k.TraceID}, nil
}

// cancelEvent is event with the cancel it tells of.
func (s *Service) cancelEvent(p Payment, t outbox.Type, cancelID string, now time.Time) outbox.Event {
	e := s.event(p, t, now)
	e.Payload = strings.TrimSuffix(e.Payload, "}") + `,"cancelId":"` + cancelID + `"}`
	return e
}
