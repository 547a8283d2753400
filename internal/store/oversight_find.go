package store

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/oversight"
)

// searchDays is how far back numbers without an index are looked for when no day is named.
const searchDays = 31

// Figures of a search by trace id: the id tells when the request began, and what it made
// was written soon after.
const (
	traceEarly = time.Minute
	traceLate  = 10 * time.Minute
)

// byID are the ways from an id to its payment; $1 is the id. The merchants are gone through
// one by one, each by its key: SQLite keeps the order of a cross join.
var byID = map[oversight.RefKind]string{
	oversight.ByPayment: "select t.merchant_id, t.id from merchant n cross join payment t where t.merchant_id = n.id and t.id = $1",
	oversight.ByAttempt: "select t.merchant_id, t.payment_id from attempt t where t.bucket in (" + allBuckets + ") and t.id = $1",
	oversight.ByCancel:  "select t.merchant_id, t.payment_id from merchant n cross join cancel t where t.merchant_id = n.id and t.id = $1",
	oversight.ByRequest: "select t.merchant_id, t.payment_id from merchant n cross join payment_request t where t.merchant_id = n.id and t.id = $1",
	oversight.ByReceipt: "select t.merchant_id, t.payment_id from merchant n cross join cash_receipt t where t.merchant_id = n.id and t.id = $1",
	oversight.ByMessage: "select t.merchant_id, t.payment_id from message t where t.bucket in (" + allBuckets + ") and t.id = $1",
}

// byNumber are the numbers that an index finds: order ids and approval numbers. The
// conditions are those of the partial indexes.
const byNumber = "select t.merchant_id, t.id from merchant n cross join payment t where t.merchant_id = n.id and t.order_live = true and t.order_id = $1" +
	" union select t.merchant_id, t.id from merchant n cross join payment t where t.merchant_id = n.id and t.order_live = false and t.order_id = $1" +
	" union select t.merchant_id, t.id from merchant n cross join payment t where t.merchant_id = n.id and t.approval_number = $1 and t.approval_number <> ''"

// Find implements oversight.Store.
func (o *Oversight) Find(ctx context.Context, r oversight.Reference, from, to clock.Day, limit int) ([]oversight.Ref, error) {
	switch r.Kind {
	case oversight.ByTrace:
		return o.byTrace(ctx, r.Value, limit)
	case oversight.BySTAN:
		return o.byAttempt(ctx, from, to, limit, func(w *where) {
			w.equal("t.terminal_id", r.Terminal)
			w.and("t.stan = ", w.arg(int64(r.STAN)))
		})
	case oversight.ByNumber:
		found, err := o.refs(ctx, byNumber+" limit $2", r.Value, int64(limit))
		if err != nil || len(found) > 0 {
			return found, err
		}
		return o.byAttempt(ctx, from, to, limit, func(w *where) {
			n := w.arg(r.Value)
			w.and("(t.rrn = ", n, " or t.approval_number = ", n, ")")
		})
	case oversight.ByPayment, oversight.ByAttempt, oversight.ByCancel, oversight.ByRequest, oversight.ByReceipt, oversight.ByMessage:
		return o.refs(ctx, byID[r.Kind]+" limit $2", r.Value, int64(limit))
	case oversight.ByLast4:
	}
	return nil, nil
}

func (o *Oversight) refs(ctx context.Context, text string, args ...any) ([]oversight.Ref, error) {
	return scanAll(ctx, o.db.engine.reader(), text, args, func(scan func(...any) error) (oversight.Ref, error) {
		var r oversight.Ref
		err := scan(&r.MerchantID, &r.PaymentID)
		return r, err
	})
}

// byAttempt looks through the messages of some days.
func (o *Oversight) byAttempt(ctx context.Context, from, to clock.Day, limit int, conditions func(w *where)) ([]oversight.Ref, error) {
	if from == "" {
		top, err := o.db.latest(ctx, attemptSource, "", string(id.Attempt), string(id.Attempt)+"~")
		if err != nil || top == "" {
			return nil, err
		}
		from = clock.DayOf(id.Time(top).AddDate(0, 0, -searchDays))
	}
	return newest(ctx, o.db, attemptSource, span{from: from, to: to}, limit, func(w *where, limit int) ([]oversight.Ref, error) {
		conditions(w)
		return o.refs(ctx, "select t.merchant_id, t.payment_id"+w.tail(limit), w.args...)
	})
}

// byTrace reads the audit of the time in which the request was answered.
func (o *Oversight) byTrace(ctx context.Context, trace string, limit int) ([]oversight.Ref, error) {
	began := id.Time(trace)
	w := o.db.between(auditSource, "", id.Floor(id.Audit, began.Add(-traceEarly)), id.Floor(id.Audit, began.Add(traceLate)))
	w.contains("t.detail", `"`+trace+`"`)
	rows, err := scanAll(ctx, o.db.engine.reader(), "select t.merchant_id, t.subject"+w.tail(limit), w.args, func(scan func(...any) error) (oversight.Ref, error) {
		var r oversight.Ref
		err := scan(&r.MerchantID, &r.PaymentID)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	var out []oversight.Ref
	for _, row := range rows {
		subject, ok := oversight.ReadReference(row.PaymentID)
		if _, named := byID[subject.Kind]; !ok || !named {
			continue
		}
		found, err := o.refs(ctx, byID[subject.Kind]+" limit $2", subject.Value, int64(limit))
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
