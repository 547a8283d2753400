package store

import (
	"context"
	"strings"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// Oversight reads over all merchants, for operators.
type Oversight struct{ db *DB }

// NewOversight returns what operators read of the database.
func NewOversight(db *DB) *Oversight { return &Oversight{db} }

var _ oversight.Store = (*Oversight)(nil)

var (
	paymentSource = series{table: "payment", prefix: id.Payment}
	attemptSource = series{table: "attempt", prefix: id.Attempt, byBucket: true}
	receiptSource = series{table: "cash_receipt", prefix: id.Receipt}
	requestSource = series{table: "payment_request", prefix: id.Request}
	messageSource = series{table: "message", prefix: id.Message, byBucket: true}
	auditSource   = series{table: "audit", prefix: id.Audit, byBucket: true}
)

// tail ends a page.
func (w *where) tail(limit int) string {
	return w.text.String() + "\norder by t.id desc limit " + w.arg(int64(limit))
}

// scanAll reads rows and closes them.
func scanAll[T any](ctx context.Context, d sqlgen.DBTX, text string, args []any, scan func(scan func(...any) error) (T, error)) ([]T, error) {
	rows, err := d.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var out []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

var (
	paymentOfT = columnList[sqlgen.Payment]("t.")
	auditOfT   = columnList[sqlgen.Audit]("t.")
)

// Payments implements oversight.Store.
func (o *Oversight) Payments(ctx context.Context, f oversight.Filter, limit int) ([]oversight.PaymentRow, error) {
	at := span{f.MerchantID, f.Before, f.From, f.To}
	if f.Refs != nil {
		return o.named(ctx, f, limit)
	}
	return newest(ctx, o.db, paymentSource, at, limit, func(w *where, limit int) ([]oversight.PaymentRow, error) {
		w.paymentFilter(f)
		return o.paymentRows(ctx, "select "+paymentOfT+", n.name"+w.tail(limit), w.args)
	})
}

// named are those of a few payments that meet the filter.
func (o *Oversight) named(ctx context.Context, f oversight.Filter, limit int) ([]oversight.PaymentRow, error) {
	w := &where{}
	w.text.WriteString(" from payment t join merchant n on n.id = t.merchant_id where (1 = 0")
	for _, r := range f.Refs {
		w.text.WriteString(" or t.merchant_id = " + w.arg(r.MerchantID) + " and t.id = " + w.arg(r.PaymentID))
	}
	w.text.WriteString(")")
	w.equal("t.merchant_id", f.MerchantID)
	if f.Before != "" {
		w.and("t.id < ", w.arg(f.Before))
	}
	w.paymentFilter(f)
	if f.From != "" {
		w.and("t.id >= ", w.arg(id.Floor(id.Payment, f.From.Start())))
	}
	if f.To != "" {
		w.and("t.id < ", w.arg(id.Floor(id.Payment, f.To.End())))
	}
	return o.paymentRows(ctx, "select "+paymentOfT+", n.name"+w.tail(limit), w.args)
}

func (w *where) paymentFilter(f oversight.Filter) {
	isOneOf(w, "t.status", f.Statuses)
	isOneOf(w, "t.channel", f.Channels)
	if f.MinAmount > 0 {
		w.and("t.amount >= ", w.arg(int64(f.MinAmount)))
	}
	if f.MaxAmount > 0 {
		w.and("t.amount <= ", w.arg(int64(f.MaxAmount)))
	}
	w.equal("t.card_last4", f.CardLast4)
}

func (o *Oversight) paymentRows(ctx context.Context, text string, args []any) ([]oversight.PaymentRow, error) {
	return scanAll(ctx, o.db.engine.reader(), text, args, func(scan func(...any) error) (oversight.PaymentRow, error) {
		var r sqlgen.Payment
		var name string
		if err := scan(append(fields(&r), &name)...); err != nil {
			return oversight.PaymentRow{}, err
		}
		p, err := o.db.paymentOf(&r)
		return oversight.PaymentRow{Payment: p, MerchantName: name}, err
	})
}

// Open implements oversight.Store. Open outcomes are few: no index is needed.
func (o *Oversight) Open(ctx context.Context, f oversight.OpenFilter, limit int) ([]oversight.OpenRow, error) {
	w := &where{}
	w.text.WriteString("1 = 1")
	if f.After != "" {
		since := w.arg(clock.Micros(f.AfterSince))
		w.and("(u.since > ", since, " or u.since = ", since, " and u.attempt_id > ", w.arg(f.After), ")")
	}
	w.equal("u.merchant_id", f.MerchantID)
	w.equal("u.phase", string(f.Phase))
	w.equal("x.acquirer", f.Adapter)
	if !f.Before.IsZero() {
		w.and("u.since <= ", w.arg(clock.Micros(f.Before)))
	}
	text := "select " + columnList[sqlgen.Unsettled]("u.") + ", coalesce(n.name, ''), coalesce(x.acquirer, ''), a.terminal_id, a.kind, a.amount, p.order_name, p.card_last4, p.status" +
		" from unsettled u join attempt a on a.bucket = u.bucket and a.id = u.attempt_id and a.merchant_id = u.merchant_id" +
		" join payment p on p.merchant_id = u.merchant_id and p.id = u.payment_id left join merchant n on n.id = u.merchant_id" +
		" left join terminal x on x.merchant_id = u.merchant_id and x.id = a.terminal_id where " + w.text.String() +
		"\norder by u.since, u.attempt_id limit " + w.arg(int64(limit))
	return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (oversight.OpenRow, error) {
		var r sqlgen.Unsettled
		var amount int64
		var kind, status string
		var row oversight.OpenRow
		err := scan(append(fields(&r), &row.MerchantName, &row.Adapter, &row.TerminalID, &kind, &amount, &row.OrderName, &row.CardLast4, &status)...)
		row.Unsettled, row.Kind, row.Amount, row.Status = unsettledOf(r), payment.AttemptKind(kind), money.Won(amount), payment.Status(status)
		return row, err
	})
}

// Postings implements oversight.Store.
func (o *Oversight) Postings(ctx context.Context, t merchant.Tenant, entries []string) ([]ledger.Posting, error) {
	w := &where{}
	w.text.WriteString("b.bucket = " + w.arg(o.db.bucket(t.ID())))
	isOneOf(w, "b.entry_id", entries)
	w.and("b.merchant_id = ", w.arg(t.ID()))
	text := "select b.entry_id, b.account, b.payment_id, b.event, b.day, b.amount, b.at from posting b where " + w.text.String() + "\norder by b.at, b.entry_id, b.account"
	return scanAll(ctx, o.db.engine.reader(), text, w.args, func(scan func(...any) error) (ledger.Posting, error) {
		var account, event, day string
		var amount, at int64
		p := ledger.Posting{MerchantID: t.ID()}
		err := scan(&p.EntryID, &account, &p.PaymentID, &event, &day, &amount, &at)
		p.Account, p.Event, p.Day, p.Amount, p.At = ledger.Account(account), ledger.Event(event), clock.Day(day), money.Won(amount), clock.FromMicros(at)
		return p, err
	})
}

// MerchantName implements oversight.Store; empty for one that is not there.
func (o *Oversight) MerchantName(ctx context.Context, t merchant.Tenant) (string, error) {
	w := &where{}
	w.text.WriteString("select n.name from merchant n where n.id = " + w.arg(t.ID()))
	names, err := o.db.column(ctx, w)
	return strings.Join(names, ""), err
}

// Record implements oversight.Store.
func (o *Oversight) Record(ctx context.Context, r audit.Record) error {
	return o.db.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.Record(ctx, r) })
}

// Hasten implements oversight.Store.
func (o *Oversight) Hasten(ctx context.Context, t merchant.Tenant, receiptID string, now time.Time, r audit.Record) (bool, error) {
	hastened := false
	err := o.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		n, err := q.HastenCashReceipt(ctx, sqlgen.HastenCashReceiptParams{NowAt: clock.Micros(now), MerchantID: t.ID(), ID: receiptID})
		if hastened = n == 1; err != nil || !hastened {
			return err
		}
		w := recorder{db: o.db, into: q}
		return w.Record(ctx, r)
	}, func() audit.Record { return r })
	return hastened, err
}
