package store_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/money"
)

// shop is a database with sales in every state, a desk that made them, and the
// acquirer's journal of them.
type shop struct {
	*storetest.Desk
	db      *store.DB
	clock   *clock.Fake
	sealer  *audit.Sealer
	sold    []payment.Payment
	journal []store.JournalEntry
}

func newShop(t *testing.T, o store.Options) *shop {
	t.Helper()
	// Later than what the desk does, and sooner than its jobs would be overdue.
	c := clock.NewFake(storetest.Start.Add(20 * time.Second))
	o.Clock = restless{c}
	s := &shop{Desk: storetest.NewDesk(71), db: open(t, o), clock: c}
	s.sealer = &audit.Sealer{Store: s.db, Clock: c, Owner: "sealer"}
	return s
}

func (s *shop) entry(kind, attempt, original string, amount money.Won) {
	s.journal = append(s.journal, store.JournalEntry{
		Seq: int64(len(s.journal) + 1), Type: kind, AttemptID: attempt, OriginalAttemptID: original, MerchantID: s.Merchant,
		Amount: amount, Last4: "1111", ApprovalNumber: "30012345", Result: "APPROVED", Answered: true,
	})
}

func (s *shop) commit(t *testing.T, in payment.Intent, out payment.Outcome) {
	t.Helper()
	ok(t, s.db.CommitIntents(context.Background(), []payment.Intent{in})[0])
	ok(t, s.db.CommitOutcomes(context.Background(), []payment.Outcome{out})[0])
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// sell adds n approved payments.
func (s *shop) sell(t *testing.T, n int) {
	t.Helper()
	for range n {
		in := s.Intent()
		out := s.Approved(in)
		s.commit(t, in, out)
		s.sold = append(s.sold, out.Payment)
		s.entry("AUTHORIZE", in.Attempt.ID, "", in.Attempt.Amount)
	}
}

// refuse adds a decline, an unknown outcome that the acquirer approved, and a
// payment whose answer is not there yet.
func (s *shop) refuse(t *testing.T) {
	t.Helper()
	in := s.Intent()
	s.commit(t, in, s.Declined(in))
	in = s.Intent()
	s.commit(t, in, s.Unknown(in))
	s.entry("AUTHORIZE", in.Attempt.ID, "", in.Attempt.Amount)
	ok(t, s.db.CommitIntents(context.Background(), []payment.Intent{s.Intent()})[0])
}

// cancel cancels part of a sale, done.
func (s *shop) cancel(t *testing.T, p *payment.Payment, amount money.Won) payment.Cancel {
	t.Helper()
	part, err := p.Balance.Part(amount, 0, p.Rounding)
	ok(t, err)
	q, c := s.Cancel(*p, part)
	q.Status = payment.PartialCanceled
	a := s.Intent().Attempt
	a.PaymentID, a.CancelID, a.Kind, a.OriginalID, a.Amount = p.ID, c.ID, payment.Refund, p.AttemptID, amount
	a.Status, a.SettledAt = payment.AttemptApproved, s.Now
	c.Status, c.CanceledAt, c.AttemptID, c.CancelNumber = payment.CancelDone, s.Now, a.ID, "90000001"
	ok(t, s.db.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error {
		for _, err := range []error{
			tx.UpdatePayment(ctx, q), tx.InsertCancel(ctx, c), tx.InsertAttempt(ctx, a),
			tx.Post(ctx, ledger.Entry(p.MerchantID, c.ID, p.ID, ledger.Cancel, ledger.AcquirerReceivable, -amount, s.Now)),
			tx.Emit(ctx, outbox.Event{
				MerchantID: p.MerchantID, ID: s.ID(id.Event), Type: outbox.PaymentCanceled, Subject: p.ID, Version: q.Version,
				Payload: "{}", CreatedAt: s.Now,
			}),
			tx.InsertIdempotency(ctx, payment.Idempotency{
				MerchantID: p.MerchantID, Operation: payment.OperationCancel, Key: "key-" + c.ID, PaymentID: p.ID, CancelID: c.ID,
				Status: 200, Body: []byte("{}"), CreatedAt: s.Now,
			}),
			tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: s.ID(id.Audit), At: s.Now, Action: "payment.cancel", Subject: p.ID}),
		} {
			if err != nil {
				return err
			}
		}
		return nil
	}))
	*p = q
	s.entry("REFUND", a.ID, p.AttemptID, amount)
	return c
}

func (s *shop) seal(t *testing.T) {
	t.Helper()
	for more := true; more; {
		var err error
		more, err = s.sealer.Round(context.Background())
		ok(t, err)
	}
}

func (s *shop) entries() iter.Seq2[store.JournalEntry, error] {
	return func(yield func(store.JournalEntry, error) bool) {
		for _, e := range s.journal {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// faults runs verify with the journal.
func (s *shop) faults(t *testing.T, heads ...audit.Seal) []store.Fault {
	t.Helper()
	var found []store.Fault
	ok(t, s.db.Verify(context.Background(), store.VerifyOptions{Journal: s.entries(), Heads: heads}, func(f store.Fault) {
		found = append(found, f)
	}))
	return found
}

func TestVerifyClean(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := newShop(t, o)
		if fs := s.faults(t); len(fs) != 0 {
			t.Errorf("an empty database: %v", fs)
		}
		s.sell(t, 5)
		s.refuse(t)
		s.requests(t)
		s.cancel(t, &s.sold[0], 11_000)
		s.cancel(t, &s.sold[0], 22_000)
		s.seal(t)
		head, err := s.db.Head(context.Background())
		ok(t, err)
		if fs := s.faults(t, head); len(fs) != 0 {
			t.Errorf("a clean shop: %v", fs)
		}
	})
}

// plant is a damage and what verify must say of it.
type plant struct {
	name    string
	text    string
	args    []any
	code    string
	subject string
}

// TestVerifyFinds breaks every invariant, one after the other.
func TestVerifyFinds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		s := newShop(t, o)
		s.sell(t, 24)
		c := s.cancel(t, &s.sold[0], 11_000)
		plants := slices.Concat(s.plants(c), s.requestPlants(t), s.cashPlants(t))
		s.seal(t)
		missed := map[string]bool{}
		for _, code := range store.RuleCodes() {
			missed[code] = true
		}
		for _, p := range plants {
			ok(t, s.db.Exec(ctx, p.text, p.args...))
			fs := s.faults(t)
			if !slices.ContainsFunc(fs, func(f store.Fault) bool { return f.Code == p.code && f.Subject == p.subject }) {
				t.Errorf("%s: no %s of %s in %v", p.name, p.code, p.subject, fs)
			}
			delete(missed, p.code)
		}
		delete(missed, "ORDER_TWICE") // the unique index refuses the damage itself
		if len(missed) != 0 {
			t.Errorf("rules without a damage that shows them: %v", missed)
		}
	})
}

func (s *shop) plants(c payment.Cancel) []plant {
	next := 0
	p := func() payment.Payment { next++; return s.sold[next] }
	in := s.Intent()
	var ps []plant
	add := func(name, code, subject, text string, args ...any) {
		ps = append(ps, plant{name: name, text: text, args: args, code: code, subject: subject})
	}
	x := p()
	add("approval undone on the attempt", "APPROVED_ATTEMPT", x.ID, "update attempt set status = 'DECLINED' where id = $1", x.AttemptID)
	x = p()
	add("approval of a payment that is not", "APPROVED_TWICE", x.AttemptID, "update payment set status = 'ABORTED' where id = $1", x.ID)
	x = p()
	add("balance", "BALANCE", x.ID, "update payment set balance_amount = 1, balance_supplied = 1, balance_vat = 0, balance_tax_free = 0 where id = $1", x.ID)
	x = p()
	add("canceled without a cancel", "CANCEL_SUM", x.ID, "update payment set status = 'CANCELED' where id = $1", x.ID)
	add("cancel without its attempt", "CANCEL_PAYMENT", c.ID, "update cancel set attempt_id = 'att_none' where id = $1", c.ID)
	x = p()
	add("order given up", "ORDER_LIVE", x.ID, "update payment set order_live = false where id = $1", x.ID)
	x = p()
	add("half an entry", "LEDGER_ENTRY", x.AttemptID, "delete from posting where account = 'SALES' and entry_id = $1", x.AttemptID)
	add("half an entry, by day", "LEDGER_DAY", x.MerchantID+" 2028-02-29", "delete from posting where account = 'NONE'")
	add("a day over without its totals", "SALES_TOTAL", x.MerchantID+" 2028-02-29", "insert into sales_rolled values ($1, '2028-02-29')", x.MerchantID)
	x = p()
	add("approval without entry", "LEDGER_APPROVAL", x.ID, "delete from posting where entry_id = $1", x.AttemptID)
	add("cancel with another sum", "LEDGER_CANCEL", c.ID, "update posting set amount = 2 * amount where entry_id = $1", c.ID)
	x = p()
	add("entry of nothing", "LEDGER_STRAY", "cnl_none", "update posting set entry_id = 'cnl_none', event = 'CANCEL' where entry_id = $1", x.AttemptID)
	x = p()
	add("attempt without job", "UNSETTLED_MISSING", x.AttemptID, "update attempt set status = 'UNKNOWN' where id = $1", x.AttemptID)
	x = p()
	add("job without need", "UNSETTLED_STRAY", x.AttemptID, "insert into unsettled values ($1, $2, $3, '', 0, 'REVERSE', 9000000000000000, 0, 0, '', '', '', 0)",
		x.MerchantID, x.AttemptID, x.ID)
	x = p()
	add("job overdue", "UNSETTLED_OVERDUE", x.AttemptID, "insert into unsettled values ($1, $2, $3, '', 0, 'REVERSE', 1, 0, 0, '', '', '', 0)",
		x.MerchantID, x.AttemptID, x.ID)
	x = p()
	add("payment without job", "PAYMENT_STUCK", x.ID, "update payment set status = 'UNKNOWN' where id = $1", x.ID)
	add("cancel without job", "CANCEL_STUCK", c.ID, "update cancel set status = 'UNKNOWN' where id = $1", c.ID)
	add("key without payment", "KEY_PAYMENT", "pay_none", "update idempotency set payment_id = 'pay_none' where payment_id = $1", p().ID)
	x = p()
	add("payment without key", "PAYMENT_KEY", x.ID, "delete from idempotency where payment_id = $1", x.ID)
	x = p()
	add("an answer of the moment frozen", "KEY_FROZEN", x.ID, "update idempotency set status = 202 where payment_id = $1", x.ID)
	x = p()
	add("a later event first", "EVENT_ORDER", "evt_early", "insert into outbox select merchant_id, 'evt_early', bucket, type, subject, version - 1, payload, created_at, 0 from outbox where subject = $1", x.ID)
	ps[len(ps)-1].text = "update outbox set delivered = case when version = 1 then 0 else 1 end where subject = $1"
	ps = slices.Insert(ps, len(ps)-1, plant{
		"an event of the future", "insert into outbox select merchant_id, 'evt_early', bucket, type, subject, 9, payload, created_at, 0 from outbox where subject = $1",
		[]any{x.ID}, "EVENT_VERSION", "evt_early",
	})
	ps[len(ps)-1].text = "update outbox set delivered = case when id = 'evt_early' then 0 else 1 end, version = case when id = 'evt_early' then 1 else version end where subject = $1"
	add("record not sealed", "AUDIT_UNSEALED", "aud_old", "insert into audit values ($1, 'aud_old', 0, 1, '', '', '', '', false)", in.Payment.MerchantID)
	add("record marked sealed", "AUDIT_SEAL_MISSING", "aud_marked", "insert into audit values ($1, 'aud_marked', 0, 1, '', '', '', '', true)", in.Payment.MerchantID)
	return ps
}

// TestVerifyChain edits, removes and reorders what is sealed.
func TestVerifyChain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, code string }{
		{"a record edited", "update audit set actor = 'usr_2' where id = (select audit_id from audit_seal where seq = 3)", "AUDIT_CHAIN"},
		{"a record removed", "delete from audit where id = (select audit_id from audit_seal where seq = 3)", "AUDIT_ROW_MISSING"},
		{"a seal removed", "delete from audit_seal where seq = 3", "AUDIT_CHAIN"},
		{"two seals exchanged", "update audit_seal set seq = case seq when 3 then -4 when 4 then -3 else seq end where seq in (3, 4)", "AUDIT_CHAIN"},
		{"a mark removed", "update audit set sealed = false where id = (select audit_id from audit_seal where seq = 3)", "AUDIT_SEAL_MARK"},
		{"the tail cut off", "delete from audit_seal where seq > 3", "AUDIT_HEAD"},
		{"the whole chain made anew", "update audit_seal set hash = 'other' where seq = 6", "AUDIT_HEAD"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, onSQLite(t))
			s.sell(t, 3)
			s.seal(t)
			head, err := s.db.Head(context.Background())
			ok(t, err)
			ok(t, s.db.Exec(context.Background(), c.text))
			fs := s.faults(t, head)
			if !slices.ContainsFunc(fs, func(f store.Fault) bool { return f.Code == c.code }) {
				t.Errorf("no %s in %v", c.code, fs)
			}
		})
	}
}

// TestVerifyJournal has the acquirer's books differ from ours.
func TestVerifyJournal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, code string
		damage     func(s *shop)
	}{
		{"sale the acquirer does not have", "JOURNAL_MISSING", func(s *shop) { s.journal = s.journal[1:] }},
		{"sale the acquirer reversed", "JOURNAL_UNDONE", func(s *shop) { s.entry("REVERSE", "att_r", s.sold[1].AttemptID, 55_000) }},
		{"approval of a payment we never had", "JOURNAL_UNKNOWN_ATTEMPT", func(s *shop) { s.entry("AUTHORIZE", "att_none", "", 1_000) }},
		{"approval twice", "JOURNAL_DOUBLE", func(s *shop) { s.entry("AUTHORIZE", s.sold[1].AttemptID, "", 55_000) }},
		{"another amount", "JOURNAL_AMOUNT", func(s *shop) { s.journal[1].Amount++ }},
		{"another card", "JOURNAL_AMOUNT", func(s *shop) { s.journal[1].Last4 = "2222" }},
		{"cancel the acquirer does not have", "JOURNAL_CANCEL_MISSING", func(s *shop) { s.journal = s.journal[:len(s.journal)-1] }},
		{"cancel of another amount", "JOURNAL_CANCEL", func(s *shop) { s.journal[len(s.journal)-1].Amount-- }},
		{"cancel we never had", "JOURNAL_UNKNOWN_CANCEL", func(s *shop) { s.entry("REFUND", "att_none", s.sold[1].AttemptID, 1_000) }},
		{"cancel without original", "JOURNAL_ORIGINAL", func(s *shop) { s.entry("REFUND", "att_x", "att_none", 1_000) }},
		{"more taken back than there was", "JOURNAL_OVERTAKEN", func(s *shop) { s.entry("REVERSE", "att_y", s.sold[0].AttemptID, 55_000) }},
		{"approval of a declined payment", "JOURNAL_NOT_OURS", func(s *shop) {
			in := s.Intent()
			errs := s.db.CommitIntents(context.Background(), []payment.Intent{in})
			errs = append(errs, s.db.CommitOutcomes(context.Background(), []payment.Outcome{s.Declined(in)})...)
			if errs[0] == nil && errs[1] == nil {
				s.entry("AUTHORIZE", in.Attempt.ID, "", in.Attempt.Amount)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t, onSQLite(t))
			s.sell(t, 3)
			s.cancel(t, &s.sold[0], 11_000)
			if fs := s.faults(t); len(fs) != 0 {
				t.Fatalf("before the damage: %v", fs)
			}
			c.damage(s)
			fs := s.faults(t)
			if !slices.ContainsFunc(fs, func(f store.Fault) bool { return f.Code == c.code }) {
				t.Errorf("no %s in %v", c.code, fs)
			}
		})
	}
}

// TestVerifyMeanwhile lets payments go on between our moment and the journal's end:
// what is younger than the moment is no fault.
func TestVerifyMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := newShop(t, o)
		s.sell(t, 3)
		journal := func(yield func(store.JournalEntry, error) bool) {
			s.sell(t, 2)
			s.cancel(t, &s.sold[1], 11_000)
			s.entries()(yield)
		}
		ok(t, s.db.Verify(context.Background(), store.VerifyOptions{Journal: journal}, func(f store.Fault) {
			t.Errorf("%s %s: %s", f.Code, f.Subject, f.Message)
		}))
		broken := fmt.Errorf("journal away")
		err := s.db.Verify(context.Background(), store.VerifyOptions{
			Journal: func(yield func(store.JournalEntry, error) bool) { yield(store.JournalEntry{}, broken) },
		}, func(store.Fault) {})
		if err == nil {
			t.Error("a journal that cannot be read must not pass for clean")
		}
	})
}
