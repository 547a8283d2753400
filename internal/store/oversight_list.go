package store

import (
	"context"
	"strings"

	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/store/sqlgen"
	"innopay/internal/taxreceipt"
)

// openReceipt is the condition of the index of cash receipts that may need somebody, word
// for word.
const openReceipt = "t.status in ('REQUESTED', 'UNKNOWN', 'ISSUED', 'REJECTED')"

// needsSomebody is taxreceipt.Receipt.NeedsSomebody as SQL; storetest holds the two together.
func (w *where) needsSomebody(f oversight.ReceiptFilter) string {
	return "(t.status = 'REJECTED' or t.status in ('REQUESTED', 'UNKNOWN') and t.created_at < " +
		w.arg(clock.Micros(f.Now.Add(-taxreceipt.IssuedWithin))) +
		" or t.status = 'ISSUED' and t.issued_at < " + w.arg(clock.Micros(f.Now.Add(-taxreceipt.JudgedWithin))) + ")"
}

// Receipts implements oversight.Store.
func (o *Oversight) Receipts(ctx context.Context, f oversight.ReceiptFilter, limit int) ([]oversight.ReceiptRow, error) {
	var out []oversight.ReceiptRow
	at := span{f.MerchantID, f.Before, f.From, f.To}
	if !f.Calm {
		w := &where{}
		w.text.WriteString(" from cash_receipt t join merchant n on n.id = t.merchant_id where " + openReceipt)
		w.and(w.needsSomebody(f))
		w.equal("t.merchant_id", f.MerchantID)
		w.idDays(id.Receipt, at)
		w.receiptFilter(f)
		rows, err := o.receiptRows(ctx, f, w, limit)
		if err != nil {
			return nil, err
		}
		out, at.before = rows, ""
	}
	if f.Overdue || len(out) >= limit {
		return out, nil
	}
	rest, err := newest(ctx, o.db, receiptSource, at, limit-len(out), func(w *where, limit int) ([]oversight.ReceiptRow, error) {
		w.and("not ", w.needsSomebody(f))
		w.receiptFilter(f)
		return o.receiptRows(ctx, f, w, limit)
	})
	return append(out, rest...), err
}

// idDays limits to a page and its days where no walk does.
func (w *where) idDays(p id.Prefix, at span) {
	if at.before != "" {
		w.and("t.id < ", w.arg(at.before))
	}
	if at.from != "" {
		w.and("t.id >= ", w.arg(id.Floor(p, at.from.Start())))
	}
	if at.to != "" {
		w.and("t.id < ", w.arg(id.Floor(p, at.to.End())))
	}
}

func (w *where) receiptFilter(f oversight.ReceiptFilter) {
	isOneOf(w, "t.status", f.Statuses)
	if f.Text != "" {
		n := w.arg(f.Text)
		w.and("(t.id = ", n, " or t.payment_id = ", n, " or t.order_id = ", n, " or t.number = ", n, ")")
	}
}

func (o *Oversight) receiptRows(ctx context.Context, f oversight.ReceiptFilter, w *where, limit int) ([]oversight.ReceiptRow, error) {
	text := "select " + columnList[sqlgen.CashReceipt]("t.") + ", n.name" + w.tail(limit)
	return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (oversight.ReceiptRow, error) {
		var r sqlgen.CashReceipt
		var row oversight.ReceiptRow
		err := scan(append(fields(&r), &row.MerchantName)...)
		row.Receipt = taxreceipt.Receipt{
			MerchantID: r.MerchantID, ID: r.ID, PaymentID: r.PaymentID, OrderID: r.OrderID, OrderName: r.OrderName, Kind: cashreceipt.Kind(r.Kind), Masked: r.Masked,
			Split:   splitOf(r.Amount, r.Supplied, r.Vat, r.TaxFree, r.ServiceFee),
			Balance: splitOf(r.BalanceAmount, r.BalanceSupplied, r.BalanceVat, r.BalanceTaxFree, r.BalanceServiceFee),
			Status:  taxreceipt.Status(r.Status), Reference: cashreceipt.Reference{Number: r.Number, Day: clock.Day(r.Day)},
			DealAt: clock.FromMicros(r.DealAt), Attempt: int(r.Attempt), Sends: int(r.Sends), SentAt: clock.FromMicros(r.SentAt), Office: r.Office,
			Code: r.Code, Message: r.Message, CreatedAt: clock.FromMicros(r.CreatedAt), IssuedAt: clock.FromMicros(r.IssuedAt),
			JudgedAt: clock.FromMicros(r.JudgedAt), DueAt: clock.FromMicros(r.DueAt), LeaseUntil: clock.FromMicros(r.LeaseUntil), Version: r.Version,
		}
		row.NeedsSomebody = row.Receipt.NeedsSomebody(f.Now)
		return row, err
	})
}

// Requests implements oversight.Store.
func (o *Oversight) Requests(ctx context.Context, f oversight.RequestFilter, limit int) ([]oversight.RequestRow, error) {
	at := span{f.MerchantID, f.Before, f.From, f.To}
	return newest(ctx, o.db, requestSource, at, limit, func(w *where, limit int) ([]oversight.RequestRow, error) {
		w.equal("t.kind", string(f.Kind))
		if len(f.Statuses) > 0 || f.PhoneLast4 != "" {
			w.requestStates(f)
		}
		text := "select t.merchant_id, n.name, t.id" + w.tail(limit)
		return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (oversight.RequestRow, error) {
			var r oversight.RequestRow
			err := scan(&r.MerchantID, &r.MerchantName, &r.ID)
			return r, err
		})
	})
}

// requestStates keeps requests by what their payment and message say.
func (w *where) requestStates(f oversight.RequestFilter) {
	w.text.WriteString("\n  and exists (select 1 from payment_request r join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id" +
		" left join message m on m.bucket = r.bucket and m.id = r.message_id and m.merchant_id = r.merchant_id where r.merchant_id = t.merchant_id and r.id = t.id")
	w.equal("p.buyer_phone_last4", f.PhoneLast4)
	if len(f.Statuses) > 0 {
		w.oneOfStates(f.Statuses, f.Now)
	}
	w.text.WriteString(")")
}

// Messages implements oversight.Store.
func (o *Oversight) Messages(ctx context.Context, f oversight.MessageFilter, limit int) ([]oversight.MessageRow, error) {
	at := span{f.MerchantID, f.Before, f.From, f.To}
	return newest(ctx, o.db, messageSource, at, limit, func(w *where, limit int) ([]oversight.MessageRow, error) {
		isOneOf(w, "t.status", f.Statuses)
		w.equal("t.gateway", f.Gateway)
		w.equal("t.purpose", string(f.Purpose))
		w.equal("t.payment_id", f.PaymentID)
		if f.Mail != nil {
			w.and("t.mail = ", w.arg(*f.Mail))
		}
		text := "select " + columnList[sqlgen.Message]("t.") + ", coalesce(n.name, '')" + w.tail(limit)
		return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (oversight.MessageRow, error) {
			var r sqlgen.Message
			var row oversight.MessageRow
			err := scan(append(fields(&r), &row.MerchantName)...)
			if err == nil {
				row.Job, err = o.db.messageOf(r)
			}
			return row, err
		})
	})
}

// Audit implements oversight.Store.
func (o *Oversight) Audit(ctx context.Context, f oversight.AuditFilter, limit int) ([]audit.Record, error) {
	at := span{f.MerchantID, f.Before, f.From, f.To}
	return newest(ctx, o.db, auditSource, at, limit, func(w *where, limit int) ([]audit.Record, error) {
		w.equal("t.actor", f.Actor)
		if f.Action != "" {
			w.and("(t.action = ", w.arg(f.Action), " or t.action like ", w.arg(likeEscaper.Replace(f.Action)+".%"), ` escape '\')`)
		}
		w.equal("t.subject", f.Subject)
		return o.auditRows(ctx, w.tail(limit), w.args)
	})
}

func (o *Oversight) auditRows(ctx context.Context, tail string, args []any) ([]audit.Record, error) {
	return scanAll(ctx, o.db.engine.reader(), "select "+auditOfT+tail, args, func(scan func(...any) error) (audit.Record, error) {
		var r sqlgen.Audit
		err := scan(fields(&r)...)
		return auditOf(r), err
	})
}

// AuditAround implements oversight.Store.
func (o *Oversight) AuditAround(ctx context.Context, t merchant.Tenant, subjects []string, times []oversight.Period, limit int) ([]audit.Record, error) {
	if len(times) == 0 {
		return nil, nil
	}
	w := &where{}
	w.text.WriteString(" from audit t where t.bucket = " + w.arg(o.db.bucket(t.ID())) + " and t.merchant_id = " + w.arg(t.ID()))
	spans := make([]string, len(times))
	for i, p := range times {
		spans[i] = "t.id >= " + w.arg(id.Floor(id.Audit, p.From)) + " and t.id < " + w.arg(id.Floor(id.Audit, p.To))
	}
	w.and("(", strings.Join(spans, " or "), ")")
	isOneOf(w, "t.subject", subjects)
	return o.auditRows(ctx, w.text.String()+"\norder by t.id limit "+w.arg(int64(limit)), w.args)
}

// CheckChain implements oversight.Store. The seal before the first one is taken as it is.
func (o *Oversight) CheckChain(ctx context.Context, from, limit int64, heads []audit.Seal) (oversight.Chain, error) {
	out := oversight.Chain{From: from, To: from - 1}
	v := &verifier{db: o.db, o: VerifyOptions{Heads: heads}, report: func(f Fault) {
		if len(out.Faults) < oversight.MaxFaults {
			out.Faults = append(out.Faults, oversight.ChainFault(f))
		}
	}}
	err := o.db.engine.snapshot(ctx, func(d sqlgen.DBTX) error {
		v.at, v.q = d, sqlgen.New(d)
		head, err := v.q.SealHead(ctx)
		if err != nil {
			return err
		}
		if len(head) > 0 {
			out.Head = head[0].Seq
		}
		last, n, err := v.follow(ctx, from, from+limit)
		out.To, out.Checked, out.More = max(last.Seq, from-1), n, out.Head > last.Seq && n > 0
		return err
	})
	return out, err
}
