package memory

import (
	"context"
	"fmt"
	"slices"
	"time"

	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// tx implements payment.Tx on the rows themselves; log undoes what it did.
type tx struct {
	*Store
	log *log
}

var _ payment.Tx = (*tx)(nil)

// Tx implements payment.Store.
func (s *Store) Tx(ctx context.Context, fn func(ctx context.Context, tx payment.Tx) error) error {
	return s.write(ctx, Commit{Point: General}, func(l *log) error { return fn(ctx, &tx{s, l}) })
}

func (t *tx) touch(merchantID, paymentID string) { t.Store.touch(t.log, merchantID, paymentID) }

func (t *tx) Payment(_ context.Context, m merchant.Tenant, id string) (payment.Payment, error) {
	return t.payment(ref{m.ID(), id})
}

func (t *tx) Attempts(_ context.Context, m merchant.Tenant, paymentID string) ([]payment.Attempt, error) {
	return t.attemptsBy(m, paymentID), nil
}

// InsertPayment implements payment.Tx.
func (t *tx) InsertPayment(_ context.Context, p payment.Payment) error { return t.insertPayment(p) }

// UpdateBuyer implements payment.Tx.
func (t *tx) UpdateBuyer(_ context.Context, p payment.Payment) error {
	r := ref{p.MerchantID, p.ID}
	before, ok := t.payments[r]
	if !ok || before.Version != p.Version-1 || before.Status != payment.Ready {
		return payment.ErrChanged
	}
	before.Buyer, before.Version = p.Buyer, p.Version
	put(t.log, t.payments, r, before)
	t.touch(p.MerchantID, p.ID)
	return nil
}

func (t *tx) insertPayment(p payment.Payment) error {
	r := ref{p.MerchantID, p.ID}
	if _, ok := t.payments[r]; ok {
		return fmt.Errorf("%w: payment %s stands", ErrConstraint, p.ID)
	}
	if err := checked(p); err != nil {
		return err
	}
	if err := t.holdOrder(p); err != nil {
		return err
	}
	if !p.OrderLive {
		t.passOrder(p)
	}
	p.Cancels = nil
	put(t.log, t.payments, r, p)
	t.insertSorted(t.byMerchant, p.MerchantID, p.ID)
	t.touch(p.MerchantID, p.ID)
	return nil
}

// insertSorted adds id to the sorted list under k.
func (t *tx) insertSorted(m map[string][]string, k, id string) {
	put(t.log, m, k, inserted(m[k], id))
}

// inserted is a new list, so that the one before stays as it was for a rollback.
// The usual case, an id later than all others, shares its front.
func inserted(ids []string, id string) []string {
	if n := len(ids); n == 0 || ids[n-1] < id {
		return append(ids, id)
	}
	at, _ := slices.BinarySearch(ids, id)
	return slices.Concat(ids[:at:at], []string{id}, ids[at:])
}

func (t *tx) holdOrder(p payment.Payment) error {
	if !p.OrderLive {
		return nil
	}
	order := ref{p.MerchantID, p.OrderID}
	if holder, taken := t.liveOrder[order]; taken && holder != p.ID {
		return payment.ErrOrderTaken
	}
	put(t.log, t.liveOrder, order, p.ID)
	return nil
}

func (t *tx) passOrder(p payment.Payment) {
	order := ref{p.MerchantID, p.OrderID}
	if t.liveOrder[order] == p.ID {
		drop(t.log, t.liveOrder, order)
	}
	put(t.log, t.pastOrders, order, inserted(t.pastOrders[order], p.ID))
}

func (t *tx) UpdatePayment(_ context.Context, p payment.Payment) error {
	r := ref{p.MerchantID, p.ID}
	before, ok := t.payments[r]
	if !ok || before.Version != p.Version-1 {
		return payment.ErrChanged
	}
	// What never changes stays, whatever the caller holds.
	p.Method, p.Channel, p.OrderID, p.OrderName = before.Method, before.Channel, before.OrderID, before.OrderName
	p.Split, p.Rounding, p.Items, p.Buyer = before.Split, before.Rounding, before.Items, before.Buyer
	p.RequestedAt, p.CashReceived, p.Cancels = before.RequestedAt, before.CashReceived, nil
	if err := checked(p); err != nil {
		return err
	}
	switch {
	case p.OrderLive && !before.OrderLive:
		if err := t.holdOrder(p); err != nil {
			return err
		}
		order := ref{p.MerchantID, p.OrderID}
		put(t.log, t.pastOrders, order, without(t.pastOrders[order], p.ID))
	case !p.OrderLive && before.OrderLive:
		t.passOrder(p)
	}
	put(t.log, t.payments, r, p)
	t.touch(p.MerchantID, p.ID)
	return nil
}

func without(ids []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(s string) bool { return s == id })
}

func (t *tx) Attempt(_ context.Context, m merchant.Tenant, id string) (payment.Attempt, error) {
	a, ok := t.attempts[ref{m.ID(), id}]
	if !ok {
		return payment.Attempt{}, payment.ErrAbsent
	}
	return a, nil
}

func (t *tx) InsertAttempt(_ context.Context, a payment.Attempt) error {
	r := ref{a.MerchantID, a.ID}
	if _, ok := t.attempts[r]; ok || a.STAN < 1 || a.STAN > 999_999 {
		return fmt.Errorf("%w: attempt %s", ErrConstraint, a.ID)
	}
	put(t.log, t.attempts, r, a)
	of := ref{a.MerchantID, a.PaymentID}
	put(t.log, t.attemptsOf, of, inserted(t.attemptsOf[of], a.ID))
	t.touch(a.MerchantID, a.PaymentID)
	return nil
}

func (t *tx) UpdateAttempt(_ context.Context, a payment.Attempt, from payment.AttemptStatus) error {
	r := ref{a.MerchantID, a.ID}
	now, ok := t.attempts[r]
	if !ok || now.Status != from {
		return payment.ErrChanged
	}
	now.Status, now.Code, now.Message, now.ApprovalNumber = a.Status, a.Code, a.Message, a.ApprovalNumber
	now.RRN, now.Sends, now.SettledAt = a.RRN, a.Sends, a.SettledAt
	put(t.log, t.attempts, r, now)
	t.touch(now.MerchantID, now.PaymentID)
	return nil
}

func (t *tx) InsertCancel(_ context.Context, c payment.Cancel) error {
	r := ref{c.MerchantID, c.ID}
	if _, ok := t.cancels[r]; ok || c.Split.Amount < 1 || c.Split.Amount != c.Split.Supplied+c.Split.VAT+c.Split.TaxFree+c.Split.ServiceFee {
		return fmt.Errorf("%w: cancel %s", ErrConstraint, c.ID)
	}
	put(t.log, t.cancels, r, c)
	of := ref{c.MerchantID, c.PaymentID}
	put(t.log, t.cancelsOf, of, inserted(t.cancelsOf[of], c.ID))
	t.touch(c.MerchantID, c.PaymentID)
	return nil
}

func (t *tx) UpdateCancel(_ context.Context, c payment.Cancel, from payment.CancelStatus) error {
	r := ref{c.MerchantID, c.ID}
	now, ok := t.cancels[r]
	if !ok || now.Status != from {
		return payment.ErrChanged
	}
	now.Kind, now.Status, now.CanceledAt, now.CancelNumber = c.Kind, c.Status, c.CanceledAt, c.CancelNumber
	now.AttemptID, now.Failure = c.AttemptID, c.Failure
	put(t.log, t.cancels, r, now)
	t.touch(now.MerchantID, now.PaymentID)
	return nil
}

func (t *tx) InsertIdempotency(_ context.Context, k payment.Idempotency) error {
	r := keyRef{k.MerchantID, k.Operation, k.Key}
	if _, ok := t.keys[r]; ok {
		return payment.ErrKeyTaken
	}
	k.Body = slices.Clone(k.Body)
	put(t.log, t.keys, r, k)
	return nil
}

func (t *tx) FreezeIdempotency(_ context.Context, k payment.Idempotency) error {
	r := keyRef{k.MerchantID, k.Operation, k.Key}
	now, ok := t.keys[r]
	if !ok || now.Status != 0 {
		return nil
	}
	now.Status, now.Body = k.Status, slices.Clone(k.Body)
	put(t.log, t.keys, r, now)
	return nil
}

func (t *tx) InsertUnsettled(_ context.Context, u payment.Unsettled) error {
	r := ref{u.MerchantID, u.AttemptID}
	if _, ok := t.unsettled[r]; ok {
		return fmt.Errorf("%w: unsettled %s stands", ErrConstraint, u.AttemptID)
	}
	put(t.log, t.unsettled, r, u)
	return nil
}

func (t *tx) UpdateUnsettled(_ context.Context, u payment.Unsettled) error {
	r := ref{u.MerchantID, u.AttemptID}
	now, ok := t.unsettled[r]
	if !ok || now.LeaseOwner != u.LeaseOwner {
		return payment.ErrChanged
	}
	now.Phase, now.DueAt, now.Tries, now.LeaseOwner, now.LeaseUntil = u.Phase, u.DueAt, u.Tries, "", time.Time{}
	put(t.log, t.unsettled, r, now)
	return nil
}

func (t *tx) DeleteUnsettled(_ context.Context, u payment.Unsettled) error {
	r := ref{u.MerchantID, u.AttemptID}
	now, ok := t.unsettled[r]
	if !ok || now.LeaseOwner != u.LeaseOwner {
		return payment.ErrChanged
	}
	drop(t.log, t.unsettled, r)
	return nil
}

func (t *tx) ClaimUnsettled(_ context.Context, m merchant.Tenant, attemptID, owner string, now, until time.Time) (payment.Unsettled, error) {
	r := ref{m.ID(), attemptID}
	u, ok := t.unsettled[r]
	switch {
	case !ok:
		return payment.Unsettled{}, payment.ErrAbsent
	case u.LeaseUntil.After(now) && u.LeaseOwner != owner:
		return payment.Unsettled{}, payment.ErrChanged
	}
	u.LeaseOwner, u.LeaseUntil = owner, until
	put(t.log, t.unsettled, r, u)
	return u, nil
}

func (t *tx) PutSignature(_ context.Context, m merchant.Tenant, paymentID string, strokes []byte) error {
	r := ref{m.ID(), paymentID}
	if _, ok := t.signatures[r]; ok {
		return payment.ErrChanged
	}
	put(t.log, t.signatures, r, append([]byte{}, strokes...))
	return nil
}

func (t *tx) Post(_ context.Context, ps []ledger.Posting) error {
	if err := balanced(ps); err != nil {
		return err
	}
	for _, p := range ps {
		r := postingRef{p.MerchantID, p.EntryID, string(p.Account)}
		if t.posted[r] {
			return fmt.Errorf("%w: entry %s stands", ErrConstraint, p.EntryID)
		}
		put(t.log, t.posted, r, true)
		of := ref{p.MerchantID, p.PaymentID}
		before := t.postingsOf[of]
		put(t.log, t.postingsOf, of, append(slices.Clip(before), p))
		t.touch(p.MerchantID, p.PaymentID)
	}
	return nil
}

func (t *tx) Emit(_ context.Context, e outbox.Event) error {
	add(t.log, &t.events, e)
	return nil
}

func (t *tx) Record(_ context.Context, r audit.Record) error {
	of := ref{r.MerchantID, r.ID}
	if r.ID == "" || t.recorded[of] {
		return fmt.Errorf("%w: audit record %q", ErrConstraint, r.ID)
	}
	put(t.log, t.recorded, of, true)
	add(t.log, &t.audits, r)
	return nil
}
