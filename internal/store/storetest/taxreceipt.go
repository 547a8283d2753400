package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// ReceiptStore is what cash receipts ask of one database.
type ReceiptStore interface {
	payment.Store
	taxreceipt.Store
}

// Receipts runs the suite of taxreceipt.Store.
func Receipts(t *testing.T, fresh func(t *testing.T) ReceiptStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, ReceiptStore)
	}{
		{"a receipt is read back whole", receiptWhole},
		{"a receipt of another merchant is absent", receiptTenant},
		{"a receipt is changed at its version", receiptVersion},
		{"a receipt's cancels are its own", receiptCancels},
		{"the receipt of a payment is the one that stands", receiptOfPayment},
		{"a receipt is leased by one", receiptLeased},
		{"a lease ends, or is given up by a change", receiptLeaseEnds},
		{"a page of receipts is newest first and goes on", receiptPages},
		{"a sale and its receipt are written together or not", receiptRollsBack},
		{"a held sale has one receipt", receiptHeld},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

// Cash is a cash sale of 55,000 won, taken.
func (d *Desk) Cash() payment.Payment {
	p := d.Intent().Payment
	p.Method, p.Channel, p.Status, p.AcquireStatus = payment.ByCash, payment.ChannelCash, payment.Done, ""
	p.Card, p.AttemptID, p.InstallmentMonths, p.InterestFree, p.SignatureMissing = payment.Card{}, "", 0, false, false
	p.CashReceived, p.ApprovedAt = 60_000, d.Now
	return p
}

// CashReceipt is a receipt of p that waits to be issued.
func (d *Desk) CashReceipt(p payment.Payment) taxreceipt.Receipt {
	d.Now = d.Now.Add(time.Millisecond)
	return taxreceipt.Receipt{
		MerchantID: p.MerchantID, ID: d.ID(id.Receipt), PaymentID: p.ID, OrderID: p.OrderID, OrderName: p.OrderName,
		Kind: cashreceipt.IncomeDeduction, Identifier: card.NewSecret("01000001234"), Masked: "*******1234",
		Split: p.Split, Balance: p.Balance, Rounding: p.Rounding, Status: taxreceipt.Requested, DealAt: p.ApprovedAt,
		StaffID: p.StaffID, CreatedAt: d.Now, DueAt: d.Now, Version: 1,
	}
}

// TakeBack is a cancel of a part of r, and r without it.
func (d *Desk) TakeBack(t *testing.T, r taxreceipt.Receipt, amount money.Won) (taxreceipt.Receipt, taxreceipt.Cancel) {
	t.Helper()
	d.Now = d.Now.Add(time.Millisecond)
	part, err := r.Balance.Part(amount, -1, r.Rounding)
	must(t, err)
	r.Balance, r.Version = r.Balance.Minus(part), r.Version+1
	return r, taxreceipt.Cancel{
		MerchantID: r.MerchantID, ID: d.ID("rcc_"), ReceiptID: r.ID, Reason: cashreceipt.IssuedInError, Split: part,
		Status: taxreceipt.CancelRequested, CreatedAt: d.Now, Version: 1, StaffID: "usr_1",
	}
}

func inReceiptTx(s ReceiptStore, do func(ctx context.Context, tx taxreceipt.Tx) error) error {
	return s.ReceiptTx(context.Background(), do)
}

// receipted writes a cash sale with its receipt.
func receipted(t *testing.T, s ReceiptStore, d *Desk) (payment.Payment, taxreceipt.Receipt) {
	t.Helper()
	p := d.Cash()
	r := d.CashReceipt(p)
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		return errors.Join(tx.InsertPayment(ctx, p), tx.InsertReceipt(ctx, r))
	}))
	return p, r
}

func updateReceipt(s ReceiptStore, r taxreceipt.Receipt) error {
	return inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error { return tx.UpdateReceipt(ctx, r) })
}

// sameDigits compares identifiers by what they hide.
var sameDigits = cmp.Comparer(func(a, b card.Secret) bool { return bytes.Equal(a.Reveal(), b.Reveal()) })

func receiptWhole(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(201)
	p, r := receipted(t, s, d)
	same(t, s, d, p)
	sameReceipt := func(name string, want taxreceipt.Receipt) {
		t.Helper()
		for by, read := range map[string]func() (taxreceipt.Receipt, error){
			"id":      func() (taxreceipt.Receipt, error) { return s.Receipt(ctx, d.Tenant(), r.ID) },
			"payment": func() (taxreceipt.Receipt, error) { return s.ReceiptOfPayment(ctx, d.Tenant(), p.ID) },
			"id in a transaction": func() (got taxreceipt.Receipt, err error) {
				err = inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
					got, err = tx.Receipt(ctx, d.Tenant(), r.ID)
					return err
				})
				return got, err
			},
			"payment in a transaction": func() (got taxreceipt.Receipt, err error) {
				err = inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
					got, err = tx.ReceiptOfPayment(ctx, d.Tenant(), p.ID)
					return err
				})
				return got, err
			},
		} {
			got, err := read()
			if diff := cmp.Diff(want, got, sameMoment, sameDigits); err != nil || diff != "" {
				t.Errorf("%s, by %s: %v %s", name, by, err, diff)
			}
		}
	}
	sameReceipt("new", r)
	next, c := d.TakeBack(t, r, 11_000)
	next.Kind, next.Identifier, next.Masked = cashreceipt.ExpenseProof, card.NewSecret("1018199993"), "******9993"
	next.Status, next.Reference = taxreceipt.Confirmed, cashreceipt.Reference{Number: "TB0000178", Day: "2028-02-29"}
	next.Attempt, next.Sends, next.SentAt, next.Office, next.Code, next.Message = 2, 3, d.Now, "office", "C1", "사유"
	next.IssuedAt, next.JudgedAt, next.DueAt = d.Now.Add(time.Second), d.Now.Add(time.Hour), d.Now.Add(time.Minute)
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		added, err := tx.InsertReceiptCancel(ctx, c)
		if err == nil && !added {
			err = errors.New("not added")
		}
		return errors.Join(err, tx.UpdateReceipt(ctx, next))
	}))
	next.Cancels = []taxreceipt.Cancel{c}
	sameReceipt("changed", next)
	c.Status, c.Reference, c.Sends, c.SentAt = taxreceipt.CancelIssued, cashreceipt.Reference{Number: "TB0000179", Day: "2028-03-01"}, 2, d.Now
	c.Code, c.Message, c.IssuedAt, c.Version = "C2", "취소", d.Now.Add(time.Minute), 2
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error { return tx.UpdateReceiptCancel(ctx, c) }))
	next.Cancels = []taxreceipt.Cancel{c}
	sameReceipt("its cancel changed", next)
	if page, err := s.Receipts(ctx, d.Tenant(), taxreceipt.Query{Limit: 10}); err != nil || len(page) != 1 || cmp.Diff(next, page[0], sameMoment, sameDigits) != "" {
		t.Errorf("in a list: %v %v", page, err)
	}
}

func receiptTenant(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(202)
	p, r := receipted(t, s, d)
	other := merchant.TenantOf("mer_other")
	if _, err := s.Receipt(ctx, other, r.ID); !errors.Is(err, taxreceipt.ErrAbsent) {
		t.Errorf("receipt: %v", err)
	}
	if _, err := s.ReceiptOfPayment(ctx, other, p.ID); !errors.Is(err, taxreceipt.ErrAbsent) {
		t.Errorf("of a payment: %v", err)
	}
	if page, err := s.Receipts(ctx, other, taxreceipt.Query{Limit: 10}); err != nil || len(page) != 0 {
		t.Errorf("list: %v %v", page, err)
	}
	if _, err := s.ReceiptOfPayment(ctx, d.Tenant(), ""); !errors.Is(err, taxreceipt.ErrAbsent) {
		t.Errorf("of no payment: %v", err)
	}
	foreign := r
	foreign.MerchantID, foreign.Version = "mer_other", 2
	if err := updateReceipt(s, foreign); !errors.Is(err, taxreceipt.ErrChanged) {
		t.Errorf("changed: %v", err)
	}
	changed, c := d.TakeBack(t, r, 11_000)
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		_, err := tx.InsertReceiptCancel(ctx, c)
		return errors.Join(err, tx.UpdateReceipt(ctx, changed))
	}))
	c.MerchantID, c.Version = "mer_other", 2
	if err := inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error { return tx.UpdateReceiptCancel(ctx, c) }); !errors.Is(err, taxreceipt.ErrChanged) {
		t.Errorf("cancel changed: %v", err)
	}
}

func receiptVersion(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(203)
	_, r := receipted(t, s, d)
	_, c := d.TakeBack(t, r, 11_000)
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		_, err := tx.InsertReceiptCancel(ctx, c)
		return err
	}))
	for _, v := range []struct {
		version int64
		want    error
	}{{1, taxreceipt.ErrChanged}, {3, taxreceipt.ErrChanged}, {2, nil}, {2, taxreceipt.ErrChanged}, {3, nil}} {
		r.Version, c.Version = v.version, v.version
		if err := updateReceipt(s, r); !errors.Is(err, v.want) {
			t.Errorf("receipt to version %d: %v, want %v", v.version, err, v.want)
		}
		err := inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error { return tx.UpdateReceiptCancel(ctx, c) })
		if !errors.Is(err, v.want) {
			t.Errorf("cancel to version %d: %v, want %v", v.version, err, v.want)
		}
	}
	got, err := s.Receipt(ctx, d.Tenant(), r.ID)
	if err != nil || got.Version != 3 || got.Cancels[0].Version != 3 {
		t.Errorf("%+v %v", got, err)
	}
}

func receiptCancels(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(204)
	_, r := receipted(t, s, d)
	_, other := receipted(t, s, d)
	var want []string
	for n := range 3 {
		next, c := d.TakeBack(t, r, money.Won(1000*(n+1)))
		for again := range 2 { // the second time it stands already, and changes nothing
			c.Reason = cashreceipt.Reason(2 + again)
			must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
				added, err := tx.InsertReceiptCancel(ctx, c)
				if err == nil && added != (again == 0) {
					err = fmt.Errorf("insert %d: added %v", again+1, added)
				}
				return err
			}))
		}
		must(t, updateReceipt(s, next))
		r = next
		want = append(want, c.ID)
	}
	got, err := s.Receipt(ctx, d.Tenant(), r.ID)
	var ids []string
	for _, c := range got.Cancels {
		if ids = append(ids, c.ID); c.Reason != cashreceipt.IssuedInError {
			t.Errorf("overwritten: %+v", c)
		}
	}
	if err != nil || !slices.Equal(ids, want) || got.Balance.Amount != 49_000 {
		t.Errorf("%v %v, want %v, balance %v", ids, err, want, got.Balance)
	}
	if got, err := s.Receipt(ctx, d.Tenant(), other.ID); err != nil || len(got.Cancels) != 0 {
		t.Errorf("of another: %v %v", got.Cancels, err)
	}
}

func receiptOfPayment(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(205)
	p, first := receipted(t, s, d)
	first.Status, first.Balance, first.DueAt, first.Version = taxreceipt.Canceled, money.Split{}, time.Time{}, 2
	must(t, updateReceipt(s, first))
	stands := d.CashReceipt(p)
	last := d.CashReceipt(p) // made later, and given up
	last.Status, last.Balance, last.DueAt = taxreceipt.Canceled, money.Split{}, time.Time{}
	for _, c := range []struct {
		add  taxreceipt.Receipt
		want string
	}{{stands, stands.ID}, {last, stands.ID}} {
		must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error { return tx.InsertReceipt(ctx, c.add) }))
		if got, err := s.ReceiptOfPayment(ctx, d.Tenant(), p.ID); err != nil || got.ID != c.want {
			t.Errorf("%s %v, want %s", got.ID, err, c.want)
		}
	}
	stands.Status, stands.Balance, stands.DueAt, stands.Version = taxreceipt.Canceled, money.Split{}, time.Time{}, 2
	must(t, updateReceipt(s, stands))
	if got, err := s.ReceiptOfPayment(ctx, d.Tenant(), p.ID); err != nil || got.ID != last.ID {
		t.Errorf("none stands: %s %v, want the newest", got.ID, err)
	}
}

func receiptLeased(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(206)
	const receipts, workers = 24, 4
	for n := range receipts {
		d.Merchant = fmt.Sprintf("mer_%d", n%5)
		receipted(t, s, d)
	}
	later, never := d.CashReceipt(d.Cash()), d.CashReceipt(d.Cash())
	later.DueAt, never.DueAt = d.Now.Add(time.Hour), time.Time{}
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		return errors.Join(tx.InsertReceipt(ctx, later), tx.InsertReceipt(ctx, never))
	}))
	now := d.Now.Add(time.Second)
	var mu sync.Mutex
	by := map[string]string{}
	var wg sync.WaitGroup
	for w := range workers {
		owner := fmt.Sprint("worker-", w)
		wg.Go(func() {
			for range receipts {
				rs, err := s.LeaseReceipts(ctx, owner, now, now.Add(time.Minute), 3)
				if err != nil || len(rs) > 3 {
					t.Errorf("%d leased, %v", len(rs), err)
				}
				mu.Lock()
				for _, r := range rs {
					if by[r.ID] != "" || r.LeaseOwner != owner || !r.LeaseUntil.Equal(now.Add(time.Minute)) || string(r.Identifier.Reveal()) != "01000001234" {
						t.Errorf("%s of %s is leased to %s until %v", r.ID, by[r.ID], r.LeaseOwner, r.LeaseUntil)
					}
					by[r.ID] = owner
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if len(by) != receipts || by[later.ID] != "" || by[never.ID] != "" {
		t.Errorf("%d of %d leased: %v", len(by), receipts, by)
	}
}

func receiptLeaseEnds(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(207)
	_, r := receipted(t, s, d)
	lease := func(owner string, now time.Time, want int) {
		t.Helper()
		rs, err := s.LeaseReceipts(ctx, owner, now, now.Add(time.Minute), 10)
		if err != nil || len(rs) != want {
			t.Errorf("%s at %v: %d %v, want %d", owner, now, len(rs), err, want)
		}
	}
	now := r.DueAt
	lease("early", now.Add(-time.Microsecond), 0)
	lease("first", now, 1)
	lease("second", now.Add(time.Minute-time.Microsecond), 0)
	lease("second", now.Add(time.Minute), 1)
	r.Version, r.DueAt = 2, now.Add(2*time.Minute)
	must(t, updateReceipt(s, r))
	got, err := s.Receipt(ctx, d.Tenant(), r.ID)
	if err != nil || got.LeaseOwner != "" || !got.LeaseUntil.IsZero() {
		t.Errorf("after a change: %q until %v, %v", got.LeaseOwner, got.LeaseUntil, err)
	}
	lease("third", now.Add(90*time.Second), 0)
	lease("third", now.Add(2*time.Minute), 1)
}

func receiptPages(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(208)
	var want []string
	for range 7 {
		_, r := receipted(t, s, d)
		want = append(want, r.ID)
	}
	slices.Reverse(want)
	var got []string
	for before := ""; ; before = got[len(got)-1] {
		page, err := s.Receipts(ctx, d.Tenant(), taxreceipt.Query{Before: before, Limit: 3})
		must(t, err)
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			got = append(got, r.ID)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("pages give %v, want %v", got, want)
	}
}

func receiptRollsBack(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(209)
	p := d.Cash()
	r := d.CashReceipt(p)
	stop := errors.New("stop")
	err := inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		_, c := d.TakeBack(t, r, 11_000)
		_, err := tx.InsertReceiptCancel(ctx, c)
		if err := errors.Join(err, tx.InsertPayment(ctx, p), tx.InsertReceipt(ctx, r), tx.Record(ctx, d.record("payment.cash", p.ID))); err != nil {
			return err
		}
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	_, e1 := s.Payment(ctx, d.Tenant(), p.ID)
	_, e2 := s.Receipt(ctx, d.Tenant(), r.ID)
	if !errors.Is(e1, payment.ErrAbsent) || !errors.Is(e2, taxreceipt.ErrAbsent) {
		t.Errorf("payment %v, receipt %v", e1, e2)
	}
	must(t, inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
		return errors.Join(tx.InsertPayment(ctx, p), tx.InsertReceipt(ctx, r))
	}))
	if got, err := s.Receipt(ctx, d.Tenant(), r.ID); err != nil || len(got.Cancels) != 0 {
		t.Errorf("a cancel that was rolled back: %v %v", got.Cancels, err)
	}
}

// receiptHeld: whoever makes a receipt changes the version of its sale in the same
// transaction, so that of many at once one sees that there is none.
func receiptHeld(t *testing.T, s ReceiptStore) {
	ctx, d := context.Background(), NewDesk(210)
	p := d.Cash()
	must(t, s.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.InsertPayment(ctx, p) }))
	receipts := make([]taxreceipt.Receipt, 8)
	for i := range receipts {
		receipts[i] = d.CashReceipt(p)
	}
	make1 := func(r taxreceipt.Receipt) error {
		return inReceiptTx(s, func(ctx context.Context, tx taxreceipt.Tx) error {
			q, err := tx.Payment(ctx, d.Tenant(), p.ID)
			if err != nil {
				return err
			}
			q.Version++
			if err := tx.UpdatePayment(ctx, q); err != nil {
				return err
			}
			if had, err := tx.ReceiptOfPayment(ctx, d.Tenant(), p.ID); !errors.Is(err, taxreceipt.ErrAbsent) {
				return errors.Join(err, fmt.Errorf("there is %s", had.ID))
			}
			return errors.Join(tx.InsertReceipt(ctx, r), tx.Record(ctx, d.record("cashreceipt.requested", r.ID)))
		})
	}
	var mu sync.Mutex
	made := 0
	var wg sync.WaitGroup
	for _, r := range receipts {
		wg.Go(func() {
			err := make1(r)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made++
			}
		})
	}
	wg.Wait()
	page, err := s.Receipts(ctx, d.Tenant(), taxreceipt.Query{Limit: 100})
	if err != nil || made != 1 || len(page) != 1 {
		t.Errorf("%d made, %d stand, %v", made, len(page), err)
	}
}
