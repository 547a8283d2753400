package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/retention"
	"innopay/internal/store"
	"innopay/internal/webhook"
	"innopay/test/needle"
)

// remembering knows what every ciphertext and every index was made of.
type remembering struct {
	store.Sealer
	mu    sync.Mutex
	plain map[string]string
}

func (r *remembering) keep(out, plain string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plain[out] = plain
}

func (r *remembering) Seal(plain []byte, ad string) (string, error) {
	out, err := r.Sealer.Seal(plain, ad)
	r.keep(out, string(plain))
	return out, err
}

func (r *remembering) BlindIndex(kind, value string) string {
	out := r.Sealer.BlindIndex(kind, value)
	r.keep(out, value)
	return out
}

// buyer is who everything in the full installation was sold to.
var buyer = retention.People{Phone: "01000001234", Mail: "buyer1@example.com"}

// traces are the columns that hold the buyer in any form, also as ciphertext or index.
func (r *remembering) traces(t *testing.T, db *store.DB) []string {
	t.Helper()
	return r.holding(t, db, buyer.Phone, "010-0000-1234", buyer.Mail)
}

// holding are the columns that hold one of the texts in any form.
func (r *remembering) holding(t *testing.T, db *store.DB, texts ...string) (out []string) {
	t.Helper()
	var needles []needle.Needle
	for _, text := range texts {
		needles = append(needles, needle.Of(text, text)...)
	}
	all := needle.NewSearch(needles)
	ok(t, db.EachCell(t.Context(), func(table, column, value string) {
		found := all.In([]byte(value))
		if plain, known := r.plain[value]; known {
			found = append(found, all.In([]byte(plain))...)
		}
		if len(found) > 0 {
			out = append(out, table+"."+column)
		}
	}))
	slices.Sort(out)
	return slices.Compact(out)
}

// TestAnErasedBuyerIsNowhere erases the buyer of a full installation, batch by batch, each
// from nothing but what the database holds, as after a crash.
func TestAnErasedBuyerIsNowhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		known := &remembering{Sealer: o.Sealer, plain: map[string]string{}}
		o.Sealer = known
		s := full(t, o)
		s.tellBuyer(t)
		for _, want := range []string{"payment.buyer", "payment.buyer_phone_index", "message.recipient", "cash_receipt.identifier", "idempotency.body", "webhook_delivery.payload"} {
			if !slices.Contains(known.traces(t, s.db), want) {
				t.Errorf("nothing in %s to erase", want)
			}
		}
		policy, err := retention.NewPolicy(nil)
		ok(t, err)
		r := store.NewRetention(s.db)
		now := s.clock.Now().Truncate(time.Microsecond)
		s.beginErasure(t, retention.Erasure{ID: s.ID(id.Erasure), Kind: retention.OfBuyer, People: buyer, Label: buyer.Label(), ApprovalID: "apr_1", ApprovedBy: "usr_2", DueAt: now, CreatedAt: now, Version: 1})
		s.erase(t, r, policy, now)
		running, err := r.Erasures(t.Context(), "", 10)
		ok(t, err)
		if len(running) != 1 || running[0].Done || running[0].Blanked == 0 || running[0].DueAt.Sub(now) != time.Hour {
			t.Fatalf("%+v", running)
		}
		s.seal(t)
		if faults := s.faults(t); len(faults) > 0 {
			t.Errorf("the books after a round: %v", faults)
		}
		if sum := s.sums(t); sum.unbalanced != 0 || sum.payments == 0 {
			t.Errorf("%+v", sum)
		}
		// What was under way ends.
		for _, text := range []string{
			"update payment set status = 'EXPIRED' where status = 'READY'", "update payment set status = 'ABORTED' where status in ('IN_PROGRESS', 'UNKNOWN')",
			"update payment_request set open = false", "update message set due_at = 0", "update cash_receipt set due_at = 0",
			"update webhook_delivery set status = 'FAILED', due_at = 0",
		} {
			ok(t, s.db.Exec(t.Context(), text))
		}
		now = now.Add(time.Hour)
		s.erase(t, r, policy, now)
		done, err := r.Erasures(t.Context(), "", 10)
		ok(t, err)
		e := done[0]
		if !e.Done || e.People != (retention.People{}) || e.Kept["LEDGER"].Rows == 0 || e.Kept[retention.CashReceipts].Rows == 0 || e.Kept[retention.CashReceipts].Until.Before(now.Add(5*365*24*time.Hour)) {
			t.Errorf("%+v", e)
		}
		// The number of a cash receipt that stands is kept by law, and no longer.
		if left := known.traces(t, s.db); !slices.Equal(left, []string{"cash_receipt.identifier"}) {
			t.Errorf("left in %v", left)
		}
		if _, _, err := r.Sweep(t.Context(), s.Tenant(), retention.CashReceipts, now.Add(time.Hour), 500); err != nil {
			t.Fatal(err)
		}
		if left := known.traces(t, s.db); len(left) > 0 {
			t.Errorf("left in %v after the time of the law", left)
		}
		for _, p := range s.sold { // what is read of them still opens
			if got, err := s.db.Payment(t.Context(), s.Tenant(), p.ID); err != nil || got.Buyer != (payment.Buyer{}) || got.Split != p.Split {
				t.Errorf("%s: %+v %v", p.ID, got.Buyer, err)
			}
		}
	})
}

// tellBuyer adds what others tell of the buyer: an answer that is frozen, a webhook.
func (s *shop) tellBuyer(t *testing.T) {
	t.Helper()
	ok(t, store.NewMerchants(s.db).Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error {
		m := merchant.Merchant{ID: s.Merchant, Name: "상점", BusinessNumber: "1018199993", Status: merchant.Active, CreatedAt: s.Now, Version: 1, ChipFirst: "ASK", TaxType: "TAXABLE", Rounding: "NEAREST", AuthLevel: "NONE", Settings: merchant.DefaultSettings()}
		return errors.Join(tx.InsertMerchant(ctx, m), tx.Record(ctx, audit.Record{MerchantID: s.Merchant, ID: s.ID(id.Audit), At: s.Now, Action: "merchant.created", Subject: s.Merchant}))
	}))
	body := fmt.Sprintf(`{"id":%q,"orderName":"\"buyer\":{}","buyer":{"name":"구매자","phone":%q,"email":%q},"amount":55000}`, s.sold[0].ID, buyer.Phone, strings.ToUpper(buyer.Mail))
	ok(t, s.db.Exec(t.Context(), "update idempotency set status = 0, body = '' where key = $1", "key-"+s.sold[0].ID)) // as if it were just answered
	ok(t, s.db.Tx(t.Context(), func(ctx context.Context, tx payment.Tx) error {
		return tx.FreezeIdempotency(ctx, payment.Idempotency{MerchantID: s.Merchant, Operation: payment.OperationCreate, Key: "key-" + s.sold[0].ID, Status: 201, Body: []byte(body)})
	}))
	ok(t, s.db.WebhookTx(t.Context(), func(ctx context.Context, tx webhook.Tx) error {
		if err := tx.Record(ctx, audit.Record{MerchantID: s.Merchant, ID: s.ID(id.Audit), At: s.Now, Action: "test", Subject: s.Merchant}); err != nil {
			return err
		}
		return tx.InsertDelivery(ctx, webhook.Delivery{
			MerchantID: s.Merchant, ID: s.ID(id.Delivery), WebhookID: "whk_1", EventID: "evt_1", Type: "payment.approved", Subject: s.sold[0].ID,
			Payload: []byte(`{"data":` + body + `}`), Status: webhook.Pending, DueAt: s.Now, CreatedAt: s.Now, RowVersion: 1,
		})
	}))
	k, err := s.db.Idempotency(t.Context(), s.Tenant(), payment.OperationCreate, "key-"+s.sold[0].ID)
	if err != nil || string(k.Body) != body {
		t.Errorf("a frozen answer comes back as %s: %v", k.Body, err)
	}
}

func (s *shop) beginErasure(t *testing.T, e retention.Erasure) {
	t.Helper()
	ok(t, s.db.ApprovalTx(t.Context(), func(ctx context.Context, tx approval.Tx) error {
		if err := tx.Record(ctx, audit.Record{ID: s.ID(id.Audit), At: s.Now, Action: "test", Subject: e.ID}); err != nil {
			return err
		}
		return tx.(retention.Tx).InsertErasure(ctx, e)
	}))
}

// erase runs batches until none is due. Of two instances that take the same batch one is
// told that the other was faster, and a batch that is cut off leaves nothing.
func (s *shop) erase(t *testing.T, r *store.Retention, p retention.Policy, now time.Time) {
	t.Helper()
	for n := 0; ; n++ {
		e, err := r.ErasureDue(t.Context(), now)
		if errors.Is(err, retention.ErrNone) {
			return
		}
		ok(t, err)
		if n > 500 {
			t.Fatalf("it does not end: %+v", e)
		}
		b := retention.Batch{Now: now, Limit: 3, Wait: time.Hour, Policy: p, Audit: audit.Record{ID: s.ID(id.Audit), At: now, Action: "erasure.done", Subject: e.ID, Detail: "{}"}}
		if n%5 == 1 {
			gone, end := context.WithCancel(t.Context())
			end()
			if _, err := r.EraseBatch(gone, e, b); err == nil {
				t.Error("a batch without a context")
			}
		}
		next, err := r.EraseBatch(t.Context(), e, b)
		ok(t, err)
		if next.Version != e.Version+1 {
			t.Errorf("%d after %d", next.Version, e.Version)
		}
		if n%5 == 2 {
			if _, err := r.EraseBatch(t.Context(), e, b); !errors.Is(err, retention.ErrTaken) {
				t.Errorf("the same batch again: %v", err)
			}
		}
	}
}

type sums struct{ payments, unbalanced int64 }

// sums adds the books up.
func (s *shop) sums(t *testing.T) (out sums) {
	t.Helper()
	ok(t, s.db.Look(t.Context(), "select count(*), coalesce(sum(case when amount = supplied + vat + tax_free + service_fee then 0 else 1 end), 0) from payment", &out.payments, &out.unbalanced))
	return out
}

// TestEveryTableHasAClass holds the table of classes against both schemas.
func TestEveryTableHasAClass(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		classes := map[string][]string{}
		for _, c := range retention.Classes() {
			for _, table := range c.Tables {
				classes[table] = append(classes[table], c.Name)
			}
		}
		inv, err := open(t, o).Inventory(t.Context())
		ok(t, err)
		for table := range inv {
			if len(classes[table]) != 1 {
				t.Errorf("%s is of the classes %v", table, classes[table])
			}
			delete(classes, table)
		}
		if len(classes) > 0 {
			t.Errorf("there are no tables %v", classes)
		}
		swept := store.SweptClasses()
		policy, err := retention.NewPolicy(nil)
		ok(t, err)
		for _, c := range policy.Swept() {
			if !slices.Contains(swept, c.Name) {
				t.Errorf("nobody sweeps %s", c.Name)
			}
			swept = slices.DeleteFunc(swept, func(name string) bool { return name == c.Name })
		}
		if len(swept) > 0 {
			t.Errorf("%v are swept and in no table", swept)
		}
	})
}

// TestSweepingKeepsTheBooks sweeps a full installation long after its time, in small
// batches: what people are known by goes, and the books add up as before.
func TestSweepingKeepsTheBooks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		known := &remembering{Sealer: o.Sealer, plain: map[string]string{}}
		o.Sealer = known
		s := full(t, o)
		r := store.NewRetention(s.db)
		policy, err := retention.NewPolicy(nil)
		ok(t, err)
		before := s.sums(t)
		for _, c := range policy.Swept() {
			if n, more, err := r.Sweep(t.Context(), s.Tenant(), c.Name, s.clock.Now().Add(-c.Kept), 2); n != 0 || more || err != nil {
				t.Errorf("%s before its time: %d %t %v", c.Name, n, more, err)
			}
			late := s.clock.Now().Add(time.Hour)
			due := 0
			for _, tenant := range []merchant.Tenant{s.Tenant(), merchant.TenantOf("")} {
				n, err := r.Due(t.Context(), tenant, c.Name, late, 10_000)
				ok(t, err)
				due += n
			}
			gone := 0
			for _, tenant := range []merchant.Tenant{merchant.TenantOf("mer_other"), merchant.TenantOf(""), s.Tenant()} {
				for more := true; more; {
					var n int
					if n, more, err = r.Sweep(t.Context(), tenant, c.Name, late, 2); err != nil || n > 2 {
						t.Fatalf("%s: %d %v", c.Name, n, err)
					}
					gone += n
				}
			}
			if gone != due {
				t.Errorf("%s: %d went, %d were due", c.Name, gone, due)
			}
			if n, more, err := r.Sweep(t.Context(), s.Tenant(), c.Name, late, 2); n != 0 || more || err != nil {
				t.Errorf("%s again: %d %t %v", c.Name, n, more, err)
			}
		}
		s.seal(t)
		for _, f := range s.faults(t) {
			if f.Code != "PAYMENT_KEY" { // for these few days they are asked for still
				t.Errorf("the books: %+v", f)
			}
		}
		if after := s.sums(t); after != before {
			t.Errorf("%+v, and before %+v", after, before)
		}
		ok(t, r.PutFigures(t.Context(), []retention.Figure{{Class: "BUYERS", SweptAt: s.clock.Now(), Gone: 3}}, audit.Record{}))
		ok(t, r.PutFigures(t.Context(), []retention.Figure{{Class: "BUYERS", SweptAt: s.clock.Now(), Gone: 4}}, audit.Record{}))
		if fs, err := r.Figures(t.Context()); err != nil || len(fs) != 1 || fs[0].Gone != 4 || fs[0].Total != 7 {
			t.Errorf("%+v %v", fs, err)
		}
	})
}

// TestAnExportFindsWhatIsKnown counts what is found of the buyer against what was written.
func TestAnExportFindsWhatIsKnown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := full(t, o)
		s.tellBuyer(t)
		r := store.NewRetention(s.db)
		var payments, messages int64
		ok(t, s.db.Look(t.Context(), "select count(*), 0 from payment where buyer <> ''", &payments, new(int64)))
		ok(t, s.db.Look(t.Context(), "select count(*), 0 from message", &messages, new(int64)))
		find := func(p retention.People) map[string]int64 {
			out := map[string]int64{}
			for at, done := (retention.Cursor{}), false; !done; {
				var rows []retention.Row
				var err error
				if rows, at, done, err = r.FindBatch(t.Context(), p, at, 2); err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					head := r.Heads()[row.Place]
					if out[head.Name]++; len(row.Cells) != len(head.Columns) {
						t.Errorf("%s: %d cells under %d heads", head.Name, len(row.Cells), len(head.Columns))
					}
				}
			}
			return out
		}
		both, byMail, nobody := find(buyer), find(retention.People{Mail: buyer.Mail}), find(retention.People{Phone: "01099990000"})
		if both["payments"] != payments || both["messages"] == 0 || both["messages"] > messages || both["frozen-answers"] != 1 || both["webhook-deliveries"] != 1 || both["cash-receipts"] == 0 {
			t.Errorf("%v, of %d payments and %d messages", both, payments, messages)
		}
		if byMail["payments"] != payments || byMail["cash-receipts"] != 0 || byMail["frozen-answers"] != 1 {
			t.Errorf("by mail %v", byMail)
		}
		if len(nobody) != 0 {
			t.Errorf("of nobody %v", nobody)
		}
	})
}

// TestAnErasureIsPutOff leaves one until its time, unless another instance was faster.
func TestAnErasureIsPutOff(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := newShop(t, o)
		r, now := store.NewRetention(s.db), s.Now
		s.beginErasure(t, retention.Erasure{
			ID: s.ID(id.Erasure), Kind: retention.OfBuyer, People: buyer, Label: "010-****-1234", ApprovalID: "apr_1", ApprovedBy: "usr_2", DueAt: now, CreatedAt: now, Version: 1,
		})
		one, err := r.ErasureDue(t.Context(), now)
		ok(t, err)
		ok(t, r.PutOff(t.Context(), one, now.Add(time.Hour)))
		if err := r.PutOff(t.Context(), one, now.Add(2*time.Hour)); !errors.Is(err, retention.ErrTaken) {
			t.Errorf("twice from one reading: %v", err)
		}
		if _, err := r.ErasureDue(t.Context(), now.Add(time.Hour-time.Microsecond)); !errors.Is(err, retention.ErrNone) {
			t.Errorf("before its time: %v", err)
		}
		if again, err := r.ErasureDue(t.Context(), now.Add(time.Hour)); err != nil || again.ID != one.ID || again.People != buyer || again.Version != 2 {
			t.Errorf("%+v, %v", again, err)
		}
	})
}
