package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/taxreceipt"
)

// DeskStore is what the operators' desk stands on.
type DeskStore struct {
	Payments  payment.Store
	Merchants merchant.Store
	Receipts  ReceiptStore
	Requests  RequestStore
	Desk      oversight.Store
}

// Desks runs what reading over all merchants must do.
func Desks(t *testing.T, fresh func(t *testing.T) DeskStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, DeskStore)
	}{
		{"payments of all merchants, newest first, over pages and days", deskPages},
		{"every reference leads to its payment and to no other", deskReferences},
		{"open outcomes, oldest first", deskOpen},
		{"cash receipts that need somebody come first", deskReceipts},
		{"requests and deliveries by their conditions", deskDeliveries},
		{"books and audit of one payment", deskBooks},
		{"the volume of a day by hour, channel, adapter and state", deskVolume},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

// sold are payments of two merchants in turns, some far apart.
func sold(t *testing.T, s DeskStore, n int) (desks [2]*Desk, ins []payment.Intent) {
	t.Helper()
	for i := range desks {
		desks[i] = NewDesk(uint64(201 + i))
		opened(t, s.Merchants, desks[i])
	}
	at := Start
	for i := range n {
		at = at.Add(time.Duration(1+i*i*i) * time.Minute)
		d := desks[i%2]
		d.Now = at
		in := d.Intent()
		commit(t, s.Payments, in)
		settle(t, s.Payments, d.Approved(in))
		ins = append(ins, in)
	}
	return desks, ins
}

func deskPages(t *testing.T, s DeskStore) {
	ctx := context.Background()
	desks, ins := sold(t, s, 12)
	var got []string
	f := oversight.Filter{}
	for {
		rows, err := s.Desk.Payments(ctx, f, 5)
		must(t, err)
		for _, r := range rows {
			got = append(got, r.ID)
			if r.MerchantName != "테스트 상점" || r.Buyer.Phone == "" {
				t.Errorf("%+v", r)
			}
		}
		if len(rows) < 5 {
			break
		}
		f.Before = rows[4].ID
	}
	if len(got) != len(ins) {
		t.Fatalf("%d of %d", len(got), len(ins))
	}
	for i, in := range ins {
		if got[len(ins)-1-i] != in.Payment.ID {
			t.Errorf("place %d: %s", i, got[len(ins)-1-i])
		}
	}
	day, ofDay := clock.DayOf(ins[11].Payment.RequestedAt), 0
	for _, in := range ins {
		if clock.DayOf(in.Payment.RequestedAt) == day {
			ofDay++
		}
	}
	for name, c := range map[string]struct {
		f    oversight.Filter
		want int
	}{
		"of one merchant": {oversight.Filter{MerchantID: desks[1].Merchant}, 6}, "of nobody": {oversight.Filter{MerchantID: "mer_none"}, 0},
		"of the last day": {oversight.Filter{From: day, To: day}, ofDay}, "of a day before": {oversight.Filter{To: "2028-02-28"}, 0},
		"status": {oversight.Filter{Statuses: []payment.Status{payment.Unknown}}, 0}, "amount": {oversight.Filter{MinAmount: 55_001}, 0},
		"card": {oversight.Filter{CardLast4: "1111"}, 12}, "named": {oversight.Filter{Refs: []oversight.Ref{{MerchantID: desks[0].Merchant, PaymentID: ins[0].Payment.ID}, {MerchantID: desks[0].Merchant, PaymentID: ins[1].Payment.ID}}}, 1},
	} {
		rows, err := s.Desk.Payments(ctx, c.f, 50)
		if err != nil || len(rows) != c.want {
			t.Errorf("%s: %d %v", name, len(rows), err)
		}
	}
}

func deskReferences(t *testing.T, s DeskStore) {
	ctx := context.Background()
	desks, ins := sold(t, s, 4)
	// Both merchants count their orders alike, and the third has an RRN of its own.
	in := ins[2]
	a := in.Attempt
	p, c := desks[0].Cancel(get(t, s, desks[0], in.Payment.ID), in.Payment.Split)
	must(t, s.Payments.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		r := desks[0].record("payment.cancel", p.ID)
		r.Detail = `{"traceId":"trc_0000000000000000000000000z"}`
		if err := tx.Record(ctx, r); err != nil {
			return err
		}
		return tx.InsertCancel(ctx, c)
	}))
	find := func(q string, from clock.Day) []oversight.Ref {
		t.Helper()
		ref, ok := oversight.ReadReference(q)
		if !ok {
			t.Fatalf("%q is no reference", q)
		}
		refs, err := s.Desk.Find(ctx, ref, from, "", 10)
		must(t, err)
		return refs
	}
	trace := id.Floor(id.Trace, desks[0].Now)
	traced := desks[0].record("payment.request", in.Payment.ID)
	traced.Detail = `{"traceId":"` + trace + `"}`
	must(t, s.Desk.Record(ctx, traced))
	for name, q := range map[string]string{
		"payment": in.Payment.ID, "attempt": a.ID, "cancel": c.ID, "trace": trace,
		"STAN": fmt.Sprintf("%s/%06d", a.TerminalID, a.STAN),
	} {
		refs := find(q, "")
		// Terminals and trace numbers of both merchants are alike here.
		if !slices.Contains(refs, oversight.Ref{MerchantID: desks[0].Merchant, PaymentID: in.Payment.ID}) || len(refs) > 1 && name != "STAN" {
			t.Errorf("%s %s: %v", name, q, refs)
		}
	}
	if refs := find(in.Payment.OrderID, ""); len(refs) != 2 {
		t.Errorf("an order id of both merchants: %v", refs)
	}
	if refs := find("30012345", ""); len(refs) != 4 {
		t.Errorf("an approval number of all: %v", refs)
	}
	if refs := find("000000000001", ""); len(refs) != 4 {
		t.Errorf("an RRN of all: %v", refs)
	}
	if refs := find("000000000001", "2028-12-01"); len(refs) != 0 {
		t.Errorf("an RRN of other days: %v", refs)
	}
	for _, none := range []string{"pay_00000000000000000000000000", "trc_00000000000000000000000000", "no-such-order", "T0000001/999999", "%"} {
		if refs := find(none, ""); len(refs) != 0 {
			t.Errorf("%s: %v", none, refs)
		}
	}
}

func get(t *testing.T, s DeskStore, d *Desk, paymentID string) payment.Payment {
	t.Helper()
	p, err := s.Payments.Payment(context.Background(), d.Tenant(), paymentID)
	must(t, err)
	return p
}

func deskOpen(t *testing.T, s DeskStore) {
	ctx, d := context.Background(), NewDesk(211)
	opened(t, s.Merchants, d)
	var ins []payment.Intent
	for range 3 {
		d.Now = d.Now.Add(time.Minute)
		in := d.Intent()
		commit(t, s.Payments, in)
		settle(t, s.Payments, d.Unknown(in))
		ins = append(ins, in)
	}
	rows, err := s.Desk.Open(ctx, oversight.OpenFilter{}, 2)
	must(t, err)
	if len(rows) != 2 || rows[0].AttemptID != ins[0].Attempt.ID || rows[0].Amount != 55_000 || rows[0].Status != payment.Unknown || rows[0].Kind != payment.Authorize || rows[0].CardLast4 != "1111" {
		t.Fatalf("%+v", rows)
	}
	rest, err := s.Desk.Open(ctx, oversight.OpenFilter{After: rows[1].AttemptID, AfterSince: rows[1].Since}, 5)
	if err != nil || len(rest) != 1 || rest[0].AttemptID != ins[2].Attempt.ID {
		t.Errorf("%+v %v", rest, err)
	}
	for name, c := range map[string]struct {
		f    oversight.OpenFilter
		want int
	}{
		"phase": {oversight.OpenFilter{Phase: payment.PhaseReverse}, 3}, "another": {oversight.OpenFilter{Phase: payment.PhaseOperator}, 0},
		"old": {oversight.OpenFilter{Before: ins[1].Unsettled.Since}, 2}, "adapter": {oversight.OpenFilter{Adapter: "none"}, 0}, "merchant": {oversight.OpenFilter{MerchantID: "mer_none"}, 0},
	} {
		if rows, err := s.Desk.Open(ctx, c.f, 10); err != nil || len(rows) != c.want {
			t.Errorf("%s: %d %v", name, len(rows), err)
		}
	}
}

func deskBooks(t *testing.T, s DeskStore) {
	ctx := context.Background()
	desks, ins := sold(t, s, 2)
	in, d := ins[0], desks[0]
	ps, err := s.Desk.Postings(ctx, d.Tenant(), []string{in.Attempt.ID, "cnl_none"})
	if err != nil || len(ps) != 2 || ps[0].Amount+ps[1].Amount != 0 || ps[0].PaymentID != in.Payment.ID {
		t.Errorf("%+v %v", ps, err)
	}
	at := in.Payment.RequestedAt
	rs, err := s.Desk.AuditAround(ctx, d.Tenant(), []string{in.Payment.ID}, []oversight.Period{{From: at.Add(-time.Minute), To: at.Add(time.Minute)}}, 10)
	if err != nil || len(rs) != 2 {
		t.Errorf("%+v %v", rs, err)
	}
	if rs, err := s.Desk.AuditAround(ctx, d.Tenant(), []string{in.Payment.ID}, []oversight.Period{{From: at.Add(time.Hour), To: at.Add(2 * time.Hour)}}, 10); err != nil || len(rs) != 0 {
		t.Errorf("%+v %v", rs, err)
	}
	for name, c := range map[string]struct {
		f    oversight.AuditFilter
		want int
	}{
		"all": {oversight.AuditFilter{}, 4}, "subject": {oversight.AuditFilter{Subject: in.Payment.ID}, 2}, "merchant": {oversight.AuditFilter{MerchantID: d.Merchant}, 2},
		"action": {oversight.AuditFilter{Action: "payment.create"}, 2}, "beginning": {oversight.AuditFilter{Action: "payment"}, 4}, "no beginning": {oversight.AuditFilter{Action: "pay"}, 0},
		"wildcard": {oversight.AuditFilter{Action: "%"}, 0}, "actor": {oversight.AuditFilter{Actor: "usr_1"}, 4}, "day": {oversight.AuditFilter{From: "2028-03-05"}, 0},
	} {
		if rows, err := s.Desk.Audit(ctx, c.f, 10); err != nil || len(rows) != c.want {
			t.Errorf("%s: %d %v", name, len(rows), err)
		}
	}
	chain, err := s.Desk.CheckChain(ctx, 1, 10, nil)
	if err != nil || chain.Checked != 0 || len(chain.Faults) != 0 {
		t.Errorf("%+v %v", chain, err)
	}
}

func deskReceipts(t *testing.T, s DeskStore) {
	ctx, d := context.Background(), NewDesk(221)
	opened(t, s.Merchants, d)
	made := map[taxreceipt.Status]taxreceipt.Receipt{}
	for _, status := range []taxreceipt.Status{taxreceipt.Rejected, taxreceipt.Confirmed, taxreceipt.Requested, taxreceipt.Issued, taxreceipt.Unknown} {
		d.Now = d.Now.Add(time.Minute)
		_, r := receipted(t, s.Receipts, d)
		r.Status, r.IssuedAt = status, d.Now
		r.Version++
		must(t, updateReceipt(s.Receipts, r))
		made[status] = r
	}
	list := func(now time.Time, f oversight.ReceiptFilter) (out []taxreceipt.Status) {
		t.Helper()
		f.Now = now
		for {
			rows, err := s.Desk.Receipts(ctx, f, 2)
			must(t, err)
			for _, r := range rows {
				out = append(out, r.Status)
				if r.NeedsSomebody != r.Receipt.NeedsSomebody(now) || r.Masked != "*******1234" || len(r.Identifier.Reveal()) != 0 {
					t.Errorf("%+v", r)
				}
			}
			if len(rows) < 2 {
				return out
			}
			f.Before, f.Calm = rows[1].ID, !rows[1].NeedsSomebody
		}
	}
	for name, c := range map[string]struct {
		now  time.Time
		f    oversight.ReceiptFilter
		want string
	}{
		"at once":        {d.Now, oversight.ReceiptFilter{}, "[REJECTED UNKNOWN ISSUED REQUESTED CONFIRMED]"},
		"a day later":    {d.Now.Add(25 * time.Hour), oversight.ReceiptFilter{}, "[UNKNOWN REQUESTED REJECTED ISSUED CONFIRMED]"},
		"a week later":   {d.Now.Add(8 * 24 * time.Hour), oversight.ReceiptFilter{Overdue: true}, "[UNKNOWN ISSUED REQUESTED REJECTED]"},
		"of one status":  {d.Now, oversight.ReceiptFilter{Statuses: []taxreceipt.Status{taxreceipt.Confirmed}}, "[CONFIRMED]"},
		"of an id":       {d.Now, oversight.ReceiptFilter{Text: made[taxreceipt.Issued].ID}, "[ISSUED]"},
		"of a payment":   {d.Now, oversight.ReceiptFilter{Text: made[taxreceipt.Unknown].PaymentID}, "[UNKNOWN]"},
		"of nobody":      {d.Now, oversight.ReceiptFilter{MerchantID: "mer_none"}, "[]"},
		"of another day": {d.Now, oversight.ReceiptFilter{From: "2028-03-09"}, "[]"},
	} {
		if got := fmt.Sprint(list(c.now, c.f)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
	hasten := func(status taxreceipt.Status, now time.Time) bool {
		t.Helper()
		ok, err := s.Desk.Hasten(ctx, d.Tenant(), made[status].ID, now, d.record("operator.cash_receipt_retried", made[status].ID))
		must(t, err)
		return ok
	}
	if !hasten(taxreceipt.Requested, d.Now) {
		t.Error("one that waits is not hastened")
	}
	if _, err := s.Receipts.LeaseReceipts(ctx, "worker", d.Now.Add(time.Hour), d.Now.Add(2*time.Hour), 10); err != nil {
		t.Fatal(err)
	}
	if hasten(taxreceipt.Requested, d.Now.Add(time.Hour)) {
		t.Error("one that a worker holds is hastened")
	}
}

func deskDeliveries(t *testing.T, s DeskStore) {
	ctx, d := context.Background(), NewDesk(231)
	opened(t, s.Merchants, d)
	_, r, j := d.Ask(t, s.Requests)
	d.Now = d.Now.Add(time.Hour)
	_, second, _ := d.Ask(t, s.Requests)
	for name, c := range map[string]struct {
		f    oversight.RequestFilter
		want int
	}{
		"all": {oversight.RequestFilter{}, 2}, "sending": {oversight.RequestFilter{Statuses: []payrequest.Status{payrequest.Sending}}, 2},
		"paid": {oversight.RequestFilter{Statuses: []payrequest.Status{payrequest.Paid}}, 0}, "kind": {oversight.RequestFilter{Kind: payrequest.ByARS}, 0},
		"before": {oversight.RequestFilter{Before: second.ID}, 1}, "phone": {oversight.RequestFilter{PhoneLast4: "0000"}, 0}, "nobody": {oversight.RequestFilter{MerchantID: "mer_none"}, 0},
	} {
		c.f.Now = d.Now
		rows, err := s.Desk.Requests(ctx, c.f, 10)
		if err != nil || len(rows) != c.want || name == "before" && (rows[0].ID != r.ID || rows[0].MerchantName == "") {
			t.Errorf("%s: %+v %v", name, rows, err)
		}
	}
	mail := true
	for name, c := range map[string]struct {
		f    oversight.MessageFilter
		want int
	}{
		"all": {oversight.MessageFilter{}, 2}, "status": {oversight.MessageFilter{Statuses: []message.Status{message.Delivered}}, 0},
		"payment": {oversight.MessageFilter{PaymentID: j.PaymentID}, 1}, "mail": {oversight.MessageFilter{Mail: &mail}, 0}, "gateway": {oversight.MessageFilter{Gateway: "none"}, 0},
		"purpose": {oversight.MessageFilter{Purpose: message.Request}, 2}, "merchant": {oversight.MessageFilter{MerchantID: d.Merchant}, 2},
	} {
		rows, err := s.Desk.Messages(ctx, c.f, 10)
		if err != nil || len(rows) != c.want || name == "payment" && rows[0].To != j.To {
			t.Errorf("%s: %+v %v", name, rows, err)
		}
	}
	// A worker holds one: an act must not come between.
	held := j
	held.Version++
	leased := take(t, s.Requests, "worker", d.Now.Add(time.Minute), 10)
	act := func(now time.Time) error {
		return s.Requests.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error { return tx.HoldMessage(ctx, held, now) })
	}
	if err := act(d.Now.Add(time.Minute)); len(leased) == 0 || !errors.Is(err, message.ErrChanged) {
		t.Errorf("%d leased: %v", len(leased), err)
	}
	if err := act(d.Now.Add(24 * time.Hour)); err != nil {
		t.Errorf("once the lease has ended: %v", err)
	}
}
