package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/money"
)

// transactions runs what Tx must do.
func transactions(t *testing.T, fresh Fresh) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, payment.Store)
	}{
		{"an error rolls back", rollsBack},
		{"a cancel from reservation to done", cancelWhole},
		{"conditions of every update", conditions},
		{"fifty cancels never exceed the balance", balanceGuard},
		{"a signature is put once", signatureOnce},
		{"an entry is posted once and balanced", entryOnce},
		{"what was received in cash stays", cashReceived},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

// approved commits an approved payment.
func approved(t *testing.T, s payment.Store, d *Desk) payment.Payment {
	t.Helper()
	in := d.Intent()
	commit(t, s, in)
	out := d.Approved(in)
	settle(t, s, out)
	return out.Payment
}

func rollsBack(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(21)
	p := approved(t, s, d)
	stop := errors.New("stop")
	err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		q := p
		q.Version++
		q.LinkGeneration = 9
		if err := tx.UpdatePayment(ctx, q); err != nil {
			return err
		}
		if seen, err := tx.Payment(ctx, d.Tenant(), p.ID); err != nil || seen.LinkGeneration != 9 {
			t.Errorf("a transaction does not see its own change: %d %v", seen.LinkGeneration, err)
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Errorf("Tx returned %v", err)
	}
	same(t, s, d, p)
}

func cancelWhole(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(22)
	p := approved(t, s, d)
	part, err := p.Balance.Part(5_500, 0, p.Rounding)
	if err != nil {
		t.Fatal(err)
	}
	q, c := d.Cancel(p, part)
	att := d.Intent().Attempt
	att.PaymentID, att.CancelID, att.Kind, att.OriginalID = p.ID, c.ID, payment.Refund, p.AttemptID
	c.AttemptID = att.ID
	job := payment.Unsettled{
		MerchantID: p.MerchantID, AttemptID: att.ID, PaymentID: p.ID, CancelID: c.ID, Phase: payment.PhaseSending,
		DueAt: d.Now.Add(time.Minute), Since: d.Now, Operation: payment.OperationCancel, Key: "cancel-key",
	}
	key := payment.Idempotency{
		MerchantID: p.MerchantID, Operation: payment.OperationCancel, Key: "cancel-key", Hash: "h", HashKey: "hk1",
		PaymentID: p.ID, CancelID: c.ID, TraceID: "trc_2", CreatedAt: d.Now,
	}
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		return errors.Join(tx.UpdatePayment(ctx, q), tx.InsertCancel(ctx, c), tx.InsertAttempt(ctx, att),
			tx.InsertUnsettled(ctx, job), tx.InsertIdempotency(ctx, key), tx.Record(ctx, d.record("payment.cancel", p.ID)))
	}))
	q.Cancels = []payment.Cancel{c}
	same(t, s, d, q)

	done := c
	done.Status, done.CanceledAt, done.CancelNumber = payment.CancelDone, d.Now, "90000001"
	answered := att
	answered.Status, answered.ApprovalNumber, answered.SettledAt = payment.AttemptApproved, "90000001", d.Now
	last := q
	last.Status, last.Version = payment.PartialCanceled, q.Version+1
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		k := key
		k.Status, k.Body = 200, []byte("{}")
		return errors.Join(tx.UpdatePayment(ctx, last), tx.UpdateCancel(ctx, done, payment.CancelInProgress),
			tx.UpdateAttempt(ctx, answered, payment.AttemptSending), tx.DeleteUnsettled(ctx, job), tx.FreezeIdempotency(ctx, k),
			tx.Post(ctx, ledger.Entry(p.MerchantID, c.ID, p.ID, ledger.Cancel, ledger.AcquirerReceivable, -part.Amount, d.Now)),
			tx.Emit(ctx, outbox.Event{
				MerchantID: p.MerchantID, ID: d.ID(id.Event), Type: outbox.PaymentCanceled, Subject: p.ID,
				Version: last.Version, Payload: "{}", CreatedAt: d.Now,
			}),
			tx.Record(ctx, d.record("payment.canceled", p.ID)))
	}))
	last.Cancels = []payment.Cancel{done}
	same(t, s, d, last)
	sum, err := s.Summary(ctx, d.Tenant(), payment.Filter{})
	want := payment.Summary{Count: 1, Amount: 55_000, CanceledCount: 1, CanceledAmount: 5_500}
	if err != nil || sum != want {
		t.Errorf("summary %+v, %v", sum, err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func conditions(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(23)
	in := d.Intent()
	commit(t, s, in)
	stale := in.Payment
	for _, c := range []struct {
		name string
		want error
		run  func(ctx context.Context, tx payment.Tx) error
	}{
		{"payment of another version", payment.ErrChanged, func(ctx context.Context, tx payment.Tx) error {
			return tx.UpdatePayment(ctx, stale)
		}},
		{"attempt of another status", payment.ErrChanged, func(ctx context.Context, tx payment.Tx) error {
			return tx.UpdateAttempt(ctx, in.Attempt, payment.AttemptUnknown)
		}},
		{"absent cancel", payment.ErrChanged, func(ctx context.Context, tx payment.Tx) error {
			return tx.UpdateCancel(ctx, payment.Cancel{MerchantID: d.Merchant, ID: "cnl_none"}, payment.CancelUnknown)
		}},
		{"job of another owner", payment.ErrChanged, func(ctx context.Context, tx payment.Tx) error {
			u := in.Unsettled
			u.LeaseOwner = "other"
			return tx.UpdateUnsettled(ctx, u)
		}},
		{"job deleted by another owner", payment.ErrChanged, func(ctx context.Context, tx payment.Tx) error {
			u := in.Unsettled
			u.LeaseOwner = "other"
			return tx.DeleteUnsettled(ctx, u)
		}},
		{"key again", payment.ErrKeyTaken, func(ctx context.Context, tx payment.Tx) error {
			return tx.InsertIdempotency(ctx, in.Key)
		}},
		{"absent payment", payment.ErrAbsent, func(ctx context.Context, tx payment.Tx) error {
			_, err := tx.Payment(ctx, d.Tenant(), "pay_none")
			return err
		}},
		{"absent attempt", payment.ErrAbsent, func(ctx context.Context, tx payment.Tx) error {
			_, err := tx.Attempt(ctx, d.Tenant(), "att_none")
			return err
		}},
		{"absent job", payment.ErrAbsent, func(ctx context.Context, tx payment.Tx) error {
			_, err := tx.ClaimUnsettled(ctx, d.Tenant(), "att_none", "me", d.Now, d.Now.Add(time.Minute))
			return err
		}},
	} {
		if err := s.Tx(ctx, c.run); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func balanceGuard(t *testing.T, s payment.Store) { //nolint:gocognit // one story told in order
	ctx, d := context.Background(), NewDesk(24)
	p := approved(t, s, d)
	const devices = 50
	part := money.Split{Amount: 4_400, Supplied: 4_000, VAT: 400} // ten fit into the taxable part
	var mu sync.Mutex
	done := 0
	var posts sync.WaitGroup
	for range devices {
		posts.Go(func() {
			for {
				err := s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
					now, err := tx.Payment(ctx, d.Tenant(), p.ID)
					if err != nil {
						return err
					}
					if !now.Balance.Minus(part).Holds() {
						return payment.ErrAbsent // here: nothing left
					}
					mu.Lock()
					q, c := d.Cancel(now, part)
					mu.Unlock()
					if err := tx.UpdatePayment(ctx, q); err != nil {
						return err
					}
					return tx.InsertCancel(ctx, c)
				})
				switch {
				case errors.Is(err, payment.ErrChanged):
					continue
				case err == nil:
					mu.Lock()
					done++
					mu.Unlock()
				case !errors.Is(err, payment.ErrAbsent):
					t.Error(err)
				}
				return
			}
		})
	}
	posts.Wait()
	q, err := s.Payment(ctx, d.Tenant(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if done != 10 || len(q.Cancels) != 10 || q.Balance.Amount != 55_000-10*4_400 {
		t.Errorf("%d cancels passed, %d are stored, balance %s", done, len(q.Cancels), q.Balance.Amount)
	}
}

func signatureOnce(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(25)
	p := approved(t, s, d)
	put := func(strokes string) error {
		return s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			return tx.PutSignature(ctx, d.Tenant(), p.ID, []byte(strokes))
		})
	}
	if _, err := s.Signature(ctx, d.Tenant(), p.ID); !errors.Is(err, payment.ErrAbsent) {
		t.Errorf("no signature yet: %v", err)
	}
	must(t, put("[1]"))
	if err := put("[2]"); !errors.Is(err, payment.ErrChanged) {
		t.Errorf("a second signature: %v", err)
	}
	if b, err := s.Signature(ctx, d.Tenant(), p.ID); err != nil || string(b) != "[1]" {
		t.Errorf("signature %s %v", b, err)
	}
}

func entryOnce(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(26)
	p := approved(t, s, d)
	post := func(ps []ledger.Posting) error {
		return s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.Post(ctx, ps) })
	}
	if err := post(ledger.Entry(p.MerchantID, p.AttemptID, p.ID, ledger.Approval, ledger.AcquirerReceivable, 1, d.Now)); err == nil {
		t.Error("an entry was posted twice")
	}
	half := ledger.Entry(p.MerchantID, "cnl_half", p.ID, ledger.Cancel, ledger.AcquirerReceivable, 100, d.Now)[:1]
	if err := post(half); err == nil {
		t.Error("half an entry was posted")
	}
}

// cashReceived writes, changes and reads a sale for cash on every path there is.
func cashReceived(t *testing.T, s payment.Store) {
	ctx, d := context.Background(), NewDesk(27)
	p := d.Cash()
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		return errors.Join(tx.InsertPayment(ctx, p), tx.Record(ctx, d.record("payment.cash", p.ID)))
	}))
	check := func(name string) {
		t.Helper()
		same(t, s, d, p)
		byOrder, err := s.PaymentByOrder(ctx, d.Tenant(), p.OrderID)
		if err != nil || byOrder.CashReceived != 60_000 || byOrder.Method != payment.ByCash {
			t.Errorf("%s, by order: %v %v", name, byOrder.CashReceived, err)
		}
		page, err := s.List(ctx, d.Tenant(), payment.Filter{}, 10)
		if err != nil || len(page) != 1 || page[0].CashReceived != 60_000 {
			t.Errorf("%s, in a list: %v %v", name, page, err)
		}
		must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			if q, err := tx.Payment(ctx, d.Tenant(), p.ID); err != nil || q.CashReceived != 60_000 {
				t.Errorf("%s, in a transaction: %v %v", name, q.CashReceived, err)
			}
			return nil
		}))
	}
	check("taken")
	part, err := p.Balance.Part(11_000, 0, p.Rounding)
	must(t, err)
	var c payment.Cancel
	p, c = d.Cancel(p, part)
	p.Status, c.Status, c.CanceledAt = payment.PartialCanceled, payment.CancelDone, d.Now
	nothing := p
	nothing.CashReceived = 0 // it is written once, whatever a change says
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		return errors.Join(tx.UpdatePayment(ctx, nothing), tx.InsertCancel(ctx, c))
	}))
	p.Cancels = []payment.Cancel{c}
	check("a part cancelled")
	// The path of a batch has room for it too.
	in := d.Intent()
	in.Payment.CashReceived = 70_000
	commit(t, s, in)
	same(t, s, d, in.Payment)
	out := d.Approved(in)
	settle(t, s, out)
	same(t, s, d, out.Payment)
}
