package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"innopay/cashreceipt"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/payment"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// cashSale is what the shop sold for cash, with its receipt.
type cashSale struct {
	payment payment.Payment
	receipt taxreceipt.Receipt
	cancel  taxreceipt.Cancel // the newest
}

// till is a shop that takes cash, and the journal of its office.
type till struct {
	*shop
	office  []store.ReceiptEntry
	numbers int
}

// take records a sale as its feature does.
func (s *till) take(t *testing.T) *cashSale {
	t.Helper()
	p := s.Cash()
	r := s.CashReceipt(p)
	ok(t, s.db.ReceiptTx(context.Background(), func(ctx context.Context, tx taxreceipt.Tx) error {
		return errors.Join(
			tx.InsertIdempotency(ctx, payment.Idempotency{
				MerchantID: p.MerchantID, Operation: payment.OperationCreate, Key: "key-" + p.ID, PaymentID: p.ID, Status: 201, CreatedAt: s.Now,
			}),
			tx.InsertPayment(ctx, p),
			tx.Post(ctx, ledger.Entry(p.MerchantID, p.ID, p.ID, ledger.Takings, ledger.Cash, p.Split.Amount, s.Now)),
			tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: s.ID(id.Audit), At: s.Now, Action: "payment.cash", Subject: p.ID}),
			tx.InsertReceipt(ctx, r))
	}))
	return &cashSale{payment: p, receipt: r}
}

// write makes the new state of the receipt durable.
func (s *till) write(t *testing.T, c *cashSale, cancels ...taxreceipt.Cancel) {
	t.Helper()
	c.receipt.Version++
	ok(t, s.db.ReceiptTx(context.Background(), func(ctx context.Context, tx taxreceipt.Tx) error {
		for _, one := range cancels {
			if err := tx.UpdateReceiptCancel(ctx, one); err != nil {
				return err
			}
		}
		return tx.UpdateReceipt(ctx, c.receipt)
	}))
}

// number is the next of the office, with its line in the journal. Of our ids it knows
// what follows the first letters.
func (s *till) number(kind, ofID, original string, amount money.Won) cashreceipt.Reference {
	s.numbers++
	ref := cashreceipt.Reference{Number: fmt.Sprintf("TB%07d", s.numbers), Day: "2028-02-29"}
	s.office = append(s.office, store.ReceiptEntry{
		Seq: int64(len(s.office) + 1), Type: kind, ID: ofID[len(ofID)-24:], Number: ref.Number, OriginalNumber: original, Day: ref.Day, Amount: amount, Result: "ISSUED",
	})
	return ref
}

func (s *till) issue(t *testing.T, c *cashSale) {
	t.Helper()
	r := &c.receipt
	r.Status, r.Sends, r.SentAt, r.IssuedAt, r.DueAt, r.Office = taxreceipt.Issued, 1, s.Now, s.Now, s.Now.Add(24*time.Hour), "office"
	r.Reference = s.number("ISSUE", r.ID, "", r.Split.Amount)
	s.write(t, c)
}

func (s *till) judge(t *testing.T, c *cashSale, status taxreceipt.Status) {
	t.Helper()
	r := &c.receipt
	r.Status, r.JudgedAt, r.DueAt = status, s.Now, time.Time{}
	s.office = append(s.office, store.ReceiptEntry{
		Seq: int64(len(s.office) + 1), Type: "VERDICT", ID: r.ID[len(r.ID)-24:], Number: r.Reference.Number, Day: r.Reference.Day, Result: string(status),
	})
	s.write(t, c)
}

// back takes back a part of the receipt, 0: what is left.
func (s *till) back(t *testing.T, c *cashSale, amount money.Won) {
	t.Helper()
	if amount == 0 {
		amount = c.receipt.Balance.Amount
	}
	next, one := s.TakeBack(t, c.receipt, amount)
	next.DueAt = s.Now
	ok(t, s.db.ReceiptTx(context.Background(), func(ctx context.Context, tx taxreceipt.Tx) error {
		_, err := tx.InsertReceiptCancel(ctx, one)
		return errors.Join(err, tx.UpdateReceipt(ctx, next))
	}))
	c.receipt, c.cancel = next, one
}

// end settles the newest cancel.
func (s *till) end(t *testing.T, c *cashSale, status taxreceipt.CancelStatus) {
	t.Helper()
	c.cancel.Status, c.cancel.Version = status, c.cancel.Version+1
	switch status {
	case taxreceipt.CancelIssued:
		c.cancel.Reference = s.number("CANCEL", c.cancel.ID, c.receipt.Reference.Number, c.cancel.Split.Amount)
		c.cancel.Sends, c.cancel.SentAt, c.cancel.IssuedAt = 1, s.Now, s.Now
	case taxreceipt.CancelRefused:
		c.receipt.Balance = c.receipt.Balance.Plus(c.cancel.Split)
	case taxreceipt.CancelRequested, taxreceipt.CancelUnknown, taxreceipt.CancelDropped:
	}
	if c.receipt.DueAt = s.Now; c.receipt.Balance.Amount == 0 {
		c.receipt.Status = taxreceipt.Canceled
	}
	if c.receipt.Status != taxreceipt.Issued {
		c.receipt.DueAt = time.Time{}
	}
	s.write(t, c, c.cancel)
}

// refund takes back a part of the sale, at the counter.
func (s *till) refund(t *testing.T, c *cashSale, amount money.Won) payment.Cancel {
	t.Helper()
	part, err := c.payment.Balance.Part(amount, 0, c.payment.Rounding)
	ok(t, err)
	p, done := s.Cancel(c.payment, part)
	p.Status, done.Status, done.CanceledAt = payment.PartialCanceled, payment.CancelDone, s.Now
	ok(t, s.db.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error {
		return errors.Join(
			tx.InsertIdempotency(ctx, payment.Idempotency{
				MerchantID: p.MerchantID, Operation: payment.OperationCancel, Key: "key-" + done.ID, PaymentID: p.ID, CancelID: done.ID, Status: 200, CreatedAt: s.Now,
			}),
			tx.UpdatePayment(ctx, p), tx.InsertCancel(ctx, done),
			tx.Post(ctx, ledger.Entry(p.MerchantID, done.ID, p.ID, ledger.Cancel, ledger.Cash, -amount, s.Now)),
			tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: s.ID(id.Audit), At: s.Now, Action: "payment.cancel", Subject: p.ID}))
	}))
	c.payment = p
	return done
}

// everyState is one cash sale of every state that is right.
func (s *till) everyState(t *testing.T) {
	t.Helper()
	s.take(t) // waits
	c := s.take(t)
	c.receipt.Status, c.receipt.Sends, c.receipt.SentAt = taxreceipt.Unknown, 1, s.Now
	s.write(t, c) // sent, no answer; the office has it
	s.number("ISSUE", c.receipt.ID, "", c.receipt.Split.Amount)
	s.issue(t, s.take(t))
	c = s.take(t)
	s.issue(t, c)
	s.judge(t, c, taxreceipt.Confirmed)
	s.refund(t, c, 11_000)
	s.back(t, c, 11_000)
	s.end(t, c, taxreceipt.CancelIssued)
	s.back(t, c, 22_000)
	s.end(t, c, taxreceipt.CancelRefused)
	s.back(t, c, 0) // waits to be sent
	c = s.take(t)
	s.issue(t, c)
	s.back(t, c, 0)
	s.end(t, c, taxreceipt.CancelIssued)
	c = s.take(t)
	s.back(t, c, 0)
	s.end(t, c, taxreceipt.CancelDropped)
	c = s.take(t)
	s.issue(t, c)
	s.judge(t, c, taxreceipt.Rejected)
	alone := s.CashReceipt(s.Cash())
	alone.PaymentID = ""
	ok(t, s.db.ReceiptTx(context.Background(), func(ctx context.Context, tx taxreceipt.Tx) error {
		return errors.Join(tx.InsertReceipt(ctx, alone), tx.InsertIdempotency(ctx, payment.Idempotency{
			MerchantID: alone.MerchantID, Operation: taxreceipt.OperationIssue, Key: "key-" + alone.ID, PaymentID: alone.ID, Status: 201, CreatedAt: s.Now,
		}))
	}))
}

// cashPlants breaks what must hold of sales for cash and their receipts, each on a sale
// of its own.
func (s *shop) cashPlants(t *testing.T) []plant {
	t.Helper()
	var ps []plant
	add := func(name, code, subject, text string, args ...any) {
		ps = append(ps, plant{name: name, text: text, args: args, code: code, subject: subject})
	}
	b := &till{shop: s}
	for name, set := range map[string]string{
		"waits for nothing": "status = 'IN_PROGRESS'", "less than its amount": "cash_received = amount - 1", "another way": "channel = 'CARD'",
		"cash of a card": "method = 'CARD'",
	} {
		c := b.take(t)
		add(name, "CASH_STATE", c.payment.ID, "update payment set "+set+" where id = $1", c.payment.ID)
	}
	c := b.take(t)
	add("a message for cash", "CASH_STATE", c.payment.ID, "update attempt set payment_id = $1 where id = $2", c.payment.ID, s.sold[20].AttemptID)
	c = b.take(t)
	add("a refund that waits", "CASH_STATE", c.payment.ID, "update cancel set status = 'UNKNOWN' where id = $1", b.refund(t, c, 11_000).ID)
	c = b.take(t)
	add("takings missing", "CASH_TAKINGS", c.payment.ID, "delete from posting where entry_id = $1", c.payment.ID)
	c = b.take(t)
	add("takings of another sum", "CASH_TAKINGS", c.payment.ID, "update posting set amount = 2 * amount where entry_id = $1", c.payment.ID)
	c = b.take(t)
	back := b.refund(t, c, 11_000)
	add("a refund without entry", "CASH_CANCEL", back.ID, "delete from posting where entry_id = $1", back.ID)
	c = b.take(t)
	add("takings of another sale", "CASH_STRAY", "pay_none", "update posting set entry_id = 'pay_none' where entry_id = $1", c.payment.ID)
	c = b.take(t)
	add("cash at the acquirer", "CASH_STRAY", c.payment.ID, "update posting set account = 'ACQUIRER_RECEIVABLE' where account = 'CASH' and entry_id = $1", c.payment.ID)
	return slices.Concat(ps, b.receiptPlants(t), b.receiptStatePlants(t))
}

// receiptPlants breaks what a receipt has to do with its sale and its cancels.
func (s *till) receiptPlants(t *testing.T) []plant {
	t.Helper()
	var ps []plant
	add := func(name, code, subject, text string, args ...any) {
		ps = append(ps, plant{name: name, text: text, args: args, code: code, subject: subject})
	}
	c := s.take(t)
	add("receipt without sale", "RECEIPT_PAYMENT", c.receipt.ID, "update cash_receipt set payment_id = 'pay_none' where id = $1", c.receipt.ID)
	c = s.take(t)
	add("receipt of a card payment", "RECEIPT_PAYMENT", c.receipt.ID, "update cash_receipt set payment_id = $2 where id = $1", c.receipt.ID, s.sold[21].ID)
	c = s.take(t)
	other := s.take(t)
	add("two receipts of one sale", "RECEIPT_TWICE", c.receipt.ID, "update cash_receipt set payment_id = $2 where id = $1", other.receipt.ID, c.payment.ID)
	c = s.take(t)
	add("balance of a receipt", "RECEIPT_BALANCE", c.receipt.ID, "update cash_receipt set balance_amount = balance_amount - 1, balance_vat = balance_vat - 1 where id = $1", c.receipt.ID)
	c = s.take(t)
	add("shares of a balance", "RECEIPT_BALANCE", c.receipt.ID, "update cash_receipt set balance_vat = balance_vat - 1, balance_supplied = balance_supplied + 1 where id = $1", c.receipt.ID)
	c = s.take(t)
	s.issue(t, c)
	add("cancelled with a rest", "RECEIPT_BALANCE", c.receipt.ID, "update cash_receipt set status = 'CANCELED', due_at = 0 where id = $1", c.receipt.ID)
	for name, set := range map[string]string{
		"cancel of no receipt": "receipt_id = 'rcp_none'", "issued without a number": "number = ''", "issued and never sent": "sends = 0",
		"a number and not issued": "status = 'UNKNOWN'", "asked for and sent": "status = 'REQUESTED', number = ''",
		"unknown and never sent": "status = 'UNKNOWN', number = '', sends = 0",
	} {
		c = s.take(t)
		s.issue(t, c)
		s.back(t, c, 11_000)
		s.end(t, c, taxreceipt.CancelIssued)
		add(name, "RECEIPT_CANCEL", c.cancel.ID, "update cash_receipt_cancel set "+set+" where id = $1", c.cancel.ID)
	}
	return ps
}

// receiptStatePlants breaks what its state says of a receipt.
func (s *till) receiptStatePlants(t *testing.T) []plant {
	t.Helper()
	var ps []plant
	add := func(name, code, subject, text string, args ...any) {
		ps = append(ps, plant{name: name, text: text, args: args, code: code, subject: subject})
	}
	for name, set := range map[string]string{
		"held by nobody": "lease_until = 5", "held without end": "lease_owner = 'a', lease_until = 9000000000000000000", "waits for nothing": "due_at = 0",
		"final and due": "status = 'CONFIRMED'", "issued without a number": "number = ''", "a number before its time": "status = 'UNKNOWN'",
		"asked for and sent": "status = 'REQUESTED', number = ''", "unknown and never sent": "status = 'UNKNOWN', number = '', sends = 0",
	} {
		c := s.take(t)
		s.issue(t, c)
		add("receipt: "+name, "RECEIPT_STATE", c.receipt.ID, "update cash_receipt set "+set+" where id = $1", c.receipt.ID)
	}
	c := s.take(t)
	s.back(t, c, 0)
	add("ended with an open cancel", "RECEIPT_STATE", c.receipt.ID, "update cash_receipt set status = 'CANCELED', due_at = 0 where id = $1", c.receipt.ID)
	c = s.take(t)
	s.issue(t, c)
	s.back(t, c, 11_000)
	add("confirmed, with a cancel nobody sends", "RECEIPT_STATE", c.receipt.ID, "update cash_receipt set status = 'CONFIRMED', due_at = 0 where id = $1", c.receipt.ID)
	c = s.take(t)
	add("receipt overdue", "RECEIPT_OVERDUE", c.receipt.ID, "update cash_receipt set due_at = 1 where id = $1", c.receipt.ID)
	now := s.Now
	s.Now = storetest.Start.Add(-time.Minute) // longer ago than any grace
	c = s.take(t)
	s.issue(t, c)
	s.refund(t, c, 11_000)
	s.back(t, c, 11_000)
	s.end(t, c, taxreceipt.CancelIssued)
	s.Now = now
	add("more than its sale", "RECEIPT_EXCEEDS", c.receipt.ID, "update cash_receipt set balance_amount = amount where id = $1", c.receipt.ID)
	return ps
}

// officeFaults runs verify with the office's journal.
func (s *till) officeFaults(t *testing.T) []store.Fault {
	t.Helper()
	var found []store.Fault
	ok(t, s.db.Verify(context.Background(), store.VerifyOptions{Receipts: func(yield func(store.ReceiptEntry, error) bool) {
		for _, e := range s.office {
			if !yield(e, nil) {
				return
			}
		}
	}}, func(f store.Fault) { found = append(found, f) }))
	return found
}

func TestVerifyCashClean(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := &till{shop: newShop(t, o)}
		s.everyState(t)
		s.seal(t)
		if fs := s.officeFaults(t); len(fs) != 0 {
			t.Errorf("a clean till: %v", fs)
		}
		if len(s.office) < 9 {
			t.Errorf("the office did little: %v", s.office)
		}
	})
}

// TestVerifyOfficeJournal has the office's books differ from ours.
func TestVerifyOfficeJournal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, code string
		damage     func(t *testing.T, s *till, sale *cashSale)
	}{
		{"issued twice", "RECEIPT_JOURNAL_DOUBLE", func(_ *testing.T, s *till, sale *cashSale) { s.number("ISSUE", sale.receipt.ID, "", 55_000) }},
		{"cancelled twice", "RECEIPT_JOURNAL_DOUBLE", func(_ *testing.T, s *till, sale *cashSale) { s.number("CANCEL", sale.cancel.ID, "", 11_000) }},
		{"a receipt the office does not have", "RECEIPT_JOURNAL_MISSING", func(_ *testing.T, s *till, _ *cashSale) { s.office = s.office[1:] }},
		{"a cancel the office does not have", "RECEIPT_JOURNAL_MISSING", func(_ *testing.T, s *till, _ *cashSale) { s.office = s.office[:len(s.office)-1] }},
		{"another sum", "RECEIPT_JOURNAL_AMOUNT", func(_ *testing.T, s *till, _ *cashSale) { s.office[0].Amount++ }},
		{"another sum taken back", "RECEIPT_JOURNAL_AMOUNT", func(_ *testing.T, s *till, _ *cashSale) { s.office[len(s.office)-1].Amount-- }},
		{"cancel of another receipt", "RECEIPT_JOURNAL_AMOUNT", func(_ *testing.T, s *till, _ *cashSale) { s.office[len(s.office)-1].OriginalNumber = "TB9999999" }},
		{"another number", "RECEIPT_JOURNAL_NUMBER", func(_ *testing.T, s *till, _ *cashSale) { s.office[0].Number = "TB9999999" }},
		{"a receipt we never had", "RECEIPT_JOURNAL_UNKNOWN", func(_ *testing.T, s *till, _ *cashSale) { s.number("ISSUE", s.ID(id.Receipt), "", 1_000) }},
		{"a cancel we never had", "RECEIPT_JOURNAL_UNKNOWN", func(_ *testing.T, s *till, _ *cashSale) { s.number("CANCEL", s.ID("rcc_"), "", 1_000) }},
		{"confirmed by nobody", "RECEIPT_JOURNAL_VERDICT", func(t *testing.T, s *till, sale *cashSale) {
			s.judge(t, sale, taxreceipt.Confirmed)
			s.office = s.office[:len(s.office)-1]
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &till{shop: newShop(t, onSQLite(t))}
			sale := s.take(t)
			s.issue(t, sale)
			s.back(t, sale, 11_000)
			s.end(t, sale, taxreceipt.CancelIssued)
			if fs := s.officeFaults(t); len(fs) != 0 {
				t.Fatalf("before the damage: %v", fs)
			}
			c.damage(t, s, sale)
			if fs := s.officeFaults(t); !slices.ContainsFunc(fs, func(f store.Fault) bool { return f.Code == c.code }) {
				t.Errorf("no %s in %v", c.code, fs)
			}
		})
	}
}

// TestVerifyOfficeMeanwhile lets receipts be issued between our moment and the journal's
// end.
func TestVerifyOfficeMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := &till{shop: newShop(t, o)}
		waits := s.take(t)
		ok(t, s.db.Verify(context.Background(), store.VerifyOptions{Receipts: func(yield func(store.ReceiptEntry, error) bool) {
			s.issue(t, waits)
			younger := s.take(t)
			s.issue(t, younger)
			s.back(t, younger, 11_000)
			s.end(t, younger, taxreceipt.CancelIssued)
			for _, e := range s.office {
				if !yield(e, nil) {
					return
				}
			}
		}}, func(f store.Fault) { t.Errorf("%s %s: %s", f.Code, f.Subject, f.Message) }))
		err := s.db.Verify(context.Background(), store.VerifyOptions{
			Receipts: func(yield func(store.ReceiptEntry, error) bool) {
				yield(store.ReceiptEntry{}, errors.New("journal away"))
			},
		}, func(store.Fault) {})
		if err == nil {
			t.Error("a journal that cannot be read must not pass for clean")
		}
	})
}
