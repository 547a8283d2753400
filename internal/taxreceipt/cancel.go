package taxreceipt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"innopay/cashreceipt"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/money"
)

// cancelPrefix is that of the ids of cancels; they follow from the cash cancel's.
const cancelPrefix = "rcc_"

// OperationCancel takes an idempotency key.
const OperationCancel = "cashreceipt.cancel"

// Taking asks for a receipt to be taken back.
type Taking struct {
	Tenant    merchant.Tenant
	Actor     string
	ReceiptID string
	Reason    cashreceipt.Reason
	Amount    *money.Won // nil: all that is left
	Key       string     // one for each press of the button; empty: a repeat is another cancel
	TraceID   string
	Most      money.Won // of the actor's cancels of one receipt; 0: no limit. Beyond it payment.ErrCancelLimit
}

// canonical is what the idempotency hash covers.
func (q Taking) canonical() []byte { return canonical(q.ReceiptID, q.Reason, q.Amount) }

// Cancel takes a receipt back. It is issued after the receipt it cancels; a receipt that
// was never sent is dropped with it. The same key takes back once. ErrNotOffered: there
// is no office that could be told; ErrWholeOnly: it takes no parts.
func (s *Service) Cancel(ctx context.Context, q Taking) (Receipt, error) {
	switch {
	case q.Reason < cashreceipt.DealCanceled || q.Reason > cashreceipt.OtherReason:
		return Receipt{}, fault.InvalidField("/reasonCode", "OUT_OF_RANGE", "취소 사유는 1(거래취소), 2(오류발급), 3(기타)이에요.")
	case q.Amount != nil && *q.Amount < 1:
		return Receipt{}, fault.InvalidField("/amount", "OUT_OF_RANGE", "취소 금액은 1원 이상이에요.")
	case s.Office == nil:
		return Receipt{}, ErrNotOffered
	}
	done, err := s.took(ctx, q)
	switch {
	case err != nil:
		return Receipt{}, err
	case done:
		return s.Get(ctx, q.Tenant, q.ReceiptID)
	}
	err = s.change(ctx, func(ctx context.Context, tx Tx) error { return s.takeIn(ctx, tx, q) })
	if errors.Is(err, payment.ErrKeyTaken) {
		_, err = s.took(ctx, q)
	}
	if err != nil {
		return Receipt{}, told(err)
	}
	s.wake()
	return s.Get(ctx, q.Tenant, q.ReceiptID)
}

// takeIn adds the cancel, and its key, in one transaction.
func (s *Service) takeIn(ctx context.Context, tx Tx, q Taking) error {
	r, err := tx.Receipt(ctx, q.Tenant, q.ReceiptID)
	if err != nil {
		return err
	}
	defer r.Identifier.Wipe()
	part := r.Balance
	if q.Amount != nil {
		if *q.Amount > r.Balance.Amount {
			return payment.ErrExceedsBalance
		}
		if part, err = r.Balance.Part(*q.Amount, -1, r.Rounding); err != nil {
			return payment.ErrExceedsBalance
		}
	}
	switch {
	case part.Amount == 0:
		return payment.ErrExceedsBalance
	case part.Amount != r.Split.Amount && !s.Office.Describe().PartialCancel:
		return ErrWholeOnly
	}
	if err := q.within(r, part.Amount); err != nil {
		return err
	}
	now := s.now()
	if q.Key != "" {
		keyID, sum := s.Hasher.MAC("idempotency", q.canonical())
		if err := tx.InsertIdempotency(ctx, payment.Idempotency{
			MerchantID: r.MerchantID, Operation: OperationCancel, Key: q.Key, Hash: sum, HashKey: keyID, PaymentID: r.ID, TraceID: q.TraceID,
			Status: 200, CreatedAt: now,
		}); err != nil {
			return err
		}
	}
	if err := s.cancelIn(ctx, tx, r, Cancel{ID: s.IDs.At(cancelPrefix, now), Split: part, Reason: q.Reason, StaffID: q.Actor}); err != nil {
		return err
	}
	asked := s.record(r, q.Actor, "cashreceipt.cancel")
	asked.Detail = audit.TraceDetail(q.TraceID)
	return tx.Record(ctx, asked)
}

// within holds a cancel of amount against the actor's limit: all of the actor's cancels of
// the receipt count that were issued or still may be.
func (q Taking) within(r Receipt, amount money.Won) error {
	if q.Most == 0 {
		return nil
	}
	for _, done := range r.Cancels {
		if done.StaffID == q.Actor && done.Status != CancelRefused {
			amount += done.Split.Amount
		}
	}
	if amount > q.Most {
		return payment.ErrCancelLimit.WithDetail("cancelLimit", q.Most.Grouped())
	}
	return nil
}

// took reports whether the key took back already; payment.ErrKeyReused when it took
// something else.
func (s *Service) took(ctx context.Context, q Taking) (bool, error) {
	if q.Key == "" {
		return false, nil
	}
	k, err := s.Store.Idempotency(ctx, q.Tenant, OperationCancel, q.Key)
	if errors.Is(err, payment.ErrAbsent) {
		return false, nil
	}
	if err != nil {
		return false, told(err)
	}
	if sum, err := s.Hasher.MACWith(k.HashKey, "idempotency", q.canonical()); err != nil || sum != k.Hash {
		return false, payment.ErrKeyReused
	}
	return true, nil
}

// changeTries bounds how often a change starts over because somebody was faster.
const changeTries = 12

// change runs a change again when somebody was faster, with the receipt or its sale.
func (s *Service) change(ctx context.Context, do func(context.Context, Tx) error) error {
	var err error
	for range changeTries {
		if err = s.Store.ReceiptTx(ctx, do); !errors.Is(err, ErrChanged) && !errors.Is(err, payment.ErrChanged) {
			return err
		}
	}
	return payment.ErrBusy.WithRetryAfter(time.Second)
}

// hold reads a payment and has every other change of it wait or start over: its
// receipts are made and its cancels counted one after the other, on every instance.
func hold(ctx context.Context, tx Tx, t merchant.Tenant, paymentID string) (payment.Payment, error) {
	p, err := tx.Payment(ctx, t, paymentID)
	if err != nil {
		return p, err
	}
	p.Version++
	return p, tx.UpdatePayment(ctx, p)
}

// cancelIn adds a cancel, of which the caller names id, part, reason and who, in the
// caller's transaction. One that stands already changes
// nothing.
func (s *Service) cancelIn(ctx context.Context, tx Tx, r Receipt, c Cancel) error {
	now := s.now()
	c.MerchantID, c.ReceiptID, c.Status, c.CreatedAt, c.Version = r.MerchantID, r.ID, CancelRequested, now, 1
	added, err := tx.InsertReceiptCancel(ctx, c)
	if err != nil || !added {
		return err
	}
	r.Balance = r.Balance.Minus(c.Split)
	switch {
	case r.Status == Unknown: // one under way keeps its time: its answer comes first
	case r.Status == Requested && r.Balance.Amount > 0: // one that waits for its day goes on waiting
	default:
		r.DueAt = now
	}
	r.Version++
	if err := tx.UpdateReceipt(ctx, r); err != nil {
		return err
	}
	return tx.Emit(ctx, s.changed(r))
}

// cancelStep sends the i-th cancel, or asks about it.
func (s *Service) cancelStep(ctx context.Context, shop cashreceipt.Merchant, r Receipt, i int) error {
	to := s.Office.Describe().Timeouts
	c := r.Cancels[i]
	if c.Status == CancelUnknown {
		v := s.ask(ctx, shop, r, c.ID, c.Split.Amount)
		now := s.now()
		switch {
		case v.State == cashreceipt.Waiting, v.State == cashreceipt.Confirmed:
			return s.cancelIssued(ctx, r, c, v.Reference)
		case v.State == cashreceipt.Rejected:
			return s.cancelRefused(ctx, r, c, v.Code, v.Message)
		case v.State == cashreceipt.Absent && now.After(c.SentAt.Add(to.AbsentAfter)):
			// sent again below, under the same id
		default:
			r.DueAt = now.Add(wait(to.Backoff, c.Sends+1))
			return s.write(ctx, r, nil)
		}
	}
	now := s.now()
	c.Sends++
	c.SentAt, c.Status = now, CancelUnknown
	r.DueAt = now.Add(to.Connect + to.Read + answerMargin)
	if err := s.write(ctx, r, []Cancel{c}); err != nil {
		return err
	}
	r.Version++
	c.Version++
	an := s.Office.Cancel(ctx, cashreceipt.Cancel{
		ID: c.ID, Merchant: shop, Original: r.Reference, Kind: r.Kind, Identifier: r.Identifier, DealAt: now, Split: c.Split,
		Whole: c.Split.Amount == r.Split.Amount, Reason: c.Reason, OrderID: r.OrderID, ItemName: r.OrderName, Repeat: c.Sends > 1,
	})
	c.Code, c.Message = an.Code, an.Message
	switch an.Outcome {
	case cashreceipt.Issued:
		return s.cancelIssued(ctx, r, c, an.Reference)
	case cashreceipt.Refused:
		return s.cancelRefused(ctx, r, c, an.Code, an.Message)
	case cashreceipt.NotSent, cashreceipt.Unknown:
	}
	r.DueAt = s.now().Add(wait(to.Backoff, c.Sends))
	return s.write(ctx, r, []Cancel{c})
}

func (s *Service) cancelIssued(ctx context.Context, r Receipt, c Cancel, ref cashreceipt.Reference) error {
	now := s.now()
	c.Status, c.Reference, c.IssuedAt = CancelIssued, ref, now
	if r.Balance.Amount == 0 && !r.openBut(c.ID) {
		r.Status = Canceled
	}
	r.DueAt = r.next(now, c.ID)
	return s.write(ctx, r, []Cancel{c})
}

// next is when something is to be done about a receipt whose cancel has ended: at once
// for another cancel or the verdict, else never.
func (r Receipt) next(now time.Time, ended string) time.Time {
	if r.Status == Issued || r.openBut(ended) {
		return now
	}
	return time.Time{}
}

// openBut reports whether a cancel other than the one named is still to be issued.
func (r Receipt) openBut(id string) bool {
	for _, c := range r.Cancels {
		if c.ID != id && c.Open() {
			return true
		}
	}
	return false
}

// dropped are the cancels that are still to be issued, dropped with their receipt.
func (r Receipt) dropped() []Cancel {
	var cs []Cancel
	for _, c := range r.Cancels {
		if c.Open() {
			c.Status = CancelDropped
			cs = append(cs, c)
		}
	}
	return cs
}

// cancelRefused gives the amount back: the receipt stands, and somebody must look.
func (s *Service) cancelRefused(ctx context.Context, r Receipt, c Cancel, code, message string) error {
	s.Log.Error("ALARM: cancel of a cash receipt refused", "receipt", r.ID, "cancel", c.ID, "code", code)
	c.Status, c.Code, c.Message = CancelRefused, code, message
	r.Balance = r.Balance.Plus(c.Split)
	r.DueAt = r.next(s.now(), c.ID)
	return s.write(ctx, r, []Cancel{c})
}

// Reissue corrects a receipt that was refused and has it issued again, as another one to
// the office. ErrNotOffered: there is none.
func (s *Service) Reissue(ctx context.Context, t merchant.Tenant, receiptID string, w Wanted, actor string) (Receipt, error) {
	if s.Office == nil {
		return Receipt{}, ErrNotOffered
	}
	identifier, err := readIdentifier(w.Kind, w.Identifier, identifierField)
	if err != nil {
		return Receipt{}, err
	}
	defer identifier.Wipe()
	err = s.change(ctx, func(ctx context.Context, tx Tx) error {
		r, err := tx.Receipt(ctx, t, receiptID)
		if err != nil {
			return err
		}
		defer r.Identifier.Wipe()
		if r.Status != Rejected || r.Attempt >= maxAttempts || r.Balance.Amount != r.Split.Amount {
			return ErrState
		}
		r.Kind, r.Identifier, r.Masked = w.Kind, secretOf(identifier.Reveal()), mask(w.Kind, string(identifier.Reveal()))
		r.Attempt++
		r.Status, r.Sends, r.Code, r.Message, r.DueAt, r.JudgedAt = Requested, 0, "", "", s.now(), time.Time{}
		r.Reference, r.IssuedAt = cashreceipt.Reference{}, time.Time{} // those of the one before
		r.Version++
		if err := tx.UpdateReceipt(ctx, r); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(r, actor, "cashreceipt.reissued"))
	})
	if err != nil {
		return Receipt{}, told(err)
	}
	s.wake()
	return s.Get(ctx, t, receiptID)
}

// changed tells devices that the receipt of a payment is not as they know it.
func (s *Service) changed(r Receipt) outbox.Event {
	now := s.now()
	e := s.IDs.At(id.Event, now)
	return outbox.Event{
		MerchantID: r.MerchantID, ID: e, Type: outbox.CashReceiptChanged, Subject: e, Version: 1,
		Payload: fmt.Sprintf(`{"cashReceiptId":%q,"paymentId":%q,"status":%q}`, r.ID, r.PaymentID, r.Status), CreatedAt: now,
	}
}

// Follower follows cash payments in the outbox: what is cancelled of a sale is
// cancelled of its receipt, and a sale that must have one gets it. It is told an event
// more than once; the ids of what it makes follow from the event's.
type Follower struct{ Service *Service }

// Name implements outbox.Subscriber.
func (f Follower) Name() string { return "cash-receipts" }

// Deliver implements outbox.Subscriber.
func (f Follower) Deliver(ctx context.Context, e outbox.Event) error {
	if e.Type != outbox.PaymentCanceled && e.Type != outbox.PaymentApproved {
		return nil
	}
	s := f.Service
	t := merchant.TenantOf(e.MerchantID)
	var payload struct {
		CancelID string `json:"cancelId"`
		Channel  string `json:"channel"`
	}
	if err := json.Unmarshal([]byte(e.Payload), &payload); err != nil || payload.Channel != string(payment.ChannelCash) {
		return nil //nolint:nilerr // an event of another form is not ours
	}
	if e.Type == outbox.PaymentApproved {
		return s.selfIssue(ctx, t, e)
	}
	p, err := s.Payments.Get(ctx, t, e.Subject)
	if err != nil {
		return err
	}
	for _, c := range p.Cancels {
		if c.ID == payload.CancelID {
			return s.follow(ctx, t, c)
		}
	}
	return nil
}

// follow brings the receipt of a sale down to what is left of the sale. It looks at both
// as they are, not at the one cancel: what was cancelled before the receipt was made, or
// cancelled of it by hand already, is not cancelled twice.
func (s *Service) follow(ctx context.Context, t merchant.Tenant, c payment.Cancel) error {
	err := s.change(ctx, func(ctx context.Context, tx Tx) error {
		r, err := tx.ReceiptOfPayment(ctx, t, c.PaymentID)
		if errors.Is(err, ErrAbsent) {
			return nil
		}
		if err != nil {
			return err
		}
		defer r.Identifier.Wipe()
		p, err := tx.Payment(ctx, t, c.PaymentID)
		if err != nil || r.Balance.Amount <= p.Balance.Amount {
			return err
		}
		part := r.Balance.Minus(p.Balance)
		if !part.Holds() {
			// Parts were cancelled of it by hand, in other shares than of the sale.
			if part, err = r.Balance.Part(part.Amount, -1, r.Rounding); err != nil {
				return err
			}
		}
		return s.cancelIn(ctx, tx, r, Cancel{ID: cancelPrefix + strings.TrimPrefix(c.ID, string(id.Cancel)), Split: part, Reason: cashreceipt.DealCanceled})
	})
	if err == nil {
		s.wake()
	}
	return err
}

// selfIssue has a receipt issued the next day for a sale that must have one and has
// none, where the merchant switched that on (domain facts 3: within five days).
func (s *Service) selfIssue(ctx context.Context, t merchant.Tenant, e outbox.Event) error {
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil || s.Office == nil || !m.Settings.AutoCashReceipt {
		return err
	}
	if p, err := s.Payments.Get(ctx, t, e.Subject); err != nil || !s.Duty.Binds(m.MCC, p.Split.Amount) {
		return err // most sales: theirs need not be held
	}
	return s.change(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.ReceiptOfPayment(ctx, t, e.Subject); !errors.Is(err, ErrAbsent) {
			return err
		}
		p, err := hold(ctx, tx, t, e.Subject)
		if err != nil || !s.Duty.Binds(m.MCC, p.Balance.Amount) {
			return err
		}
		r := s.fresh(p.MerchantID, cashreceipt.SelfIssued, []byte(cashreceipt.SelfIssuedIdentifier), p.Balance, p.Rounding, p.ApprovedAt)
		r.ID = string(id.Receipt) + strings.TrimPrefix(e.ID, string(id.Event))
		r.PaymentID, r.OrderID, r.OrderName, r.StaffID = p.ID, p.OrderID, p.OrderName, p.StaffID
		r.DueAt = p.ApprovedAt.Add(24 * time.Hour)
		if err := tx.InsertReceipt(ctx, r); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(r, s.Owner, "cashreceipt.self_issue_planned"))
	})
}
