package store

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/store/sqlgen"
)

var _ payrequest.Store = (*DB)(nil)

// requestTx implements payrequest.Tx: everything a request touches, in one transaction.
type requestTx struct {
	*tx
	messages
}

// RequestTx implements payrequest.Store.
func (db *DB) RequestTx(ctx context.Context, fn func(ctx context.Context, tx payrequest.Tx) error) error {
	return db.requestTx(ctx, func(ctx context.Context, t *requestTx) error { return fn(ctx, t) })
}

func (db *DB) requestTx(ctx context.Context, fn func(ctx context.Context, t *requestTx) error) error {
	var t *requestTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &requestTx{&tx{recorder: recorder{db: db, into: q}, q: q}, messages{db, q}}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return err
}

// InsertRequest implements payrequest.Tx.
func (t *requestTx) InsertRequest(ctx context.Context, r payrequest.Request) error {
	if r.Code != "" {
		// Asked first: a refused insert would end the transaction on PostgreSQL. Two at once
		// meet the index, and one of them is tried again.
		_, err := t.tx.q.RequestByCode(ctx, r.Code)
		if err == nil {
			return payrequest.ErrCodeTaken
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	return t.tx.q.InsertRequest(ctx, sqlgen.InsertRequestParams{
		MerchantID: r.MerchantID, ID: r.ID, Bucket: t.tx.db.bucket(r.MerchantID), Kind: string(r.Kind), PaymentID: r.PaymentID,
		Generation: int64(r.Generation), TokenHash: r.TokenHash, Code: r.Code, PhoneIndex: r.PhoneIndex,
		CallUntil: clock.Micros(r.CallUntil), CallStep: string(r.CallStep), MessageID: r.MessageID, Open: r.Open,
		ExpiresAt: clock.Micros(r.ExpiresAt), DueAt: clock.Micros(r.DueAt), OpenedAt: clock.Micros(r.OpenedAt),
		CreatedAt: clock.Micros(r.CreatedAt), StaffID: r.StaffID, Version: r.Version,
	})
}

// UpdateRequest implements payrequest.Tx.
func (t *requestTx) UpdateRequest(ctx context.Context, r payrequest.Request) error {
	return changed(t.tx.q.UpdateRequest(ctx, sqlgen.UpdateRequestParams{
		MerchantID: r.MerchantID, ID: r.ID, Generation: int64(r.Generation), TokenHash: r.TokenHash, Code: r.Code,
		MessageID: r.MessageID, Open: r.Open, DueAt: clock.Micros(r.DueAt), Version: r.Version, PhoneIndex: r.PhoneIndex,
	}))
}

// InsertPayment implements payment.Tx.
func (t *tx) InsertPayment(ctx context.Context, p payment.Payment) error {
	r, err := t.db.paymentRow(&p)
	if err != nil {
		return err
	}
	n, err := t.q.InsertPayment(ctx, sqlgen.InsertPaymentParams(r))
	if err == nil && n == 0 {
		return payment.ErrOrderTaken
	}
	return err
}

// UpdateBuyer implements payment.Tx.
func (t *tx) UpdateBuyer(ctx context.Context, p payment.Payment) error {
	var r sqlgen.Payment
	if err := t.db.sealBuyer(&p, &r); err != nil {
		return err
	}
	return changed(t.q.UpdateBuyer(ctx, sqlgen.UpdateBuyerParams{
		MerchantID: p.MerchantID, ID: p.ID, Buyer: r.Buyer, BuyerNameIndex: r.BuyerNameIndex,
		BuyerPhoneIndex: r.BuyerPhoneIndex, BuyerPhoneLast4: r.BuyerPhoneLast4, Version: p.Version,
	}))
}

// Request implements payrequest.Store.
func (db *DB) Request(ctx context.Context, t merchant.Tenant, id string) (payrequest.Request, error) {
	r, err := db.q.Request(ctx, sqlgen.RequestParams{MerchantID: t.ID(), ID: id})
	return requestOf(r), absent(err)
}

// RequestByToken implements payrequest.Store.
func (db *DB) RequestByToken(ctx context.Context, hash string) (payrequest.Request, error) {
	r, err := db.q.RequestByToken(ctx, hash)
	return requestOf(r), absent(err)
}

// RequestByPayment implements payrequest.Store.
func (db *DB) RequestByPayment(ctx context.Context, t merchant.Tenant, paymentID string) (payrequest.Request, error) {
	r, err := db.q.RequestByPayment(ctx, sqlgen.RequestByPaymentParams{MerchantID: t.ID(), PaymentID: paymentID})
	return requestOf(r), absent(err)
}

// RequestByCode implements payrequest.Store.
func (db *DB) RequestByCode(ctx context.Context, code string) (payrequest.Request, error) {
	r, err := db.q.RequestByCode(ctx, code)
	return requestOf(r), absent(err)
}

// RequestsByPhone implements payrequest.Store.
func (db *DB) RequestsByPhone(ctx context.Context, index string, limit int) ([]payrequest.Request, error) {
	rows, err := db.q.RequestsByPhone(ctx, sqlgen.RequestsByPhoneParams{PhoneIndex: index, Limit: most(limit)})
	return requestsOf(rows), err
}

// MarkCalled implements payrequest.Store.
func (db *DB) MarkCalled(ctx context.Context, t merchant.Tenant, id string, until time.Time, step payrequest.CallStep) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		return q.CalledRequest(ctx, sqlgen.CalledRequestParams{
			MerchantID: t.ID(), ID: id, CallUntil: clock.Micros(until), CallStep: string(step),
		})
	})
}

func requestsOf(rows []sqlgen.PaymentRequest) []payrequest.Request {
	out := make([]payrequest.Request, len(rows))
	for i, r := range rows {
		out[i] = requestOf(r)
	}
	return out
}

// DueRequests implements payrequest.Store.
func (db *DB) DueRequests(ctx context.Context, now time.Time, limit int) ([]payrequest.Request, error) {
	var rows []sqlgen.PaymentRequest
	err := db.look(ctx, func() (err error) {
		rows, err = db.q.DueRequests(ctx, sqlgen.DueRequestsParams{DueAt: clock.Micros(now), Limit: most(limit)})
		return err
	})
	return requestsOf(rows), err
}

// MarkOpened implements payrequest.Store.
func (db *DB) MarkOpened(ctx context.Context, t merchant.Tenant, id string, at time.Time) (bool, error) {
	var n int64
	err := db.write(ctx, func(q *sqlgen.Queries) (err error) {
		n, err = q.OpenedRequest(ctx, sqlgen.OpenedRequestParams{MerchantID: t.ID(), ID: id, OpenedAt: clock.Micros(at)})
		return err
	})
	return n == 1, err
}

// requestState is what makes a payrequest.Status, as SQL. They are statusOf of that
// package; storetest holds the two together.
var requestState = map[payrequest.Status]string{
	payrequest.InCall:      "p.status = 'READY' and r.expires_at > $now and r.call_until > $now",
	payrequest.Sending:     "p.status = 'READY' and r.expires_at > $now and r.call_until <= $now and (m.status = 'QUEUED' or m.status is null)",
	payrequest.Sent:        "p.status = 'READY' and r.expires_at > $now and r.call_until <= $now and m.status in ('ACCEPTED', 'DELIVERED')",
	payrequest.Undelivered: "p.status = 'READY' and r.expires_at > $now and r.call_until <= $now and m.status in ('UNDELIVERED', 'REJECTED', 'DROPPED')",
	payrequest.Paying:      "p.status in ('IN_PROGRESS', 'UNKNOWN')",
	payrequest.Paid:        "p.status in ('DONE', 'PARTIAL_CANCELED', 'CANCELED')",
	payrequest.Failed:      "p.status = 'ABORTED' and p.failure_code <> 'WITHDRAWN'",
	payrequest.Expired:     "(p.status = 'EXPIRED' or p.status = 'READY' and r.expires_at <= $now)",
	payrequest.Withdrawn:   "p.status = 'ABORTED' and p.failure_code = 'WITHDRAWN'",
}

// Requests implements payrequest.Store.
func (db *DB) Requests(ctx context.Context, t merchant.Tenant, f payrequest.Filter, now time.Time, limit int) ([]payrequest.Request, error) {
	w := &where{}
	w.text.WriteString("select r.id from payment_request r join payment p on p.merchant_id = r.merchant_id and p.id = r.payment_id" +
		" left join message m on m.bucket = r.bucket and m.id = r.message_id and m.merchant_id = r.merchant_id where r.merchant_id = " + w.arg(t.ID()))
	if f.Before != "" {
		w.text.WriteString(" and r.id < " + w.arg(f.Before))
	}
	if f.PaymentID != "" {
		w.text.WriteString(" and r.payment_id = " + w.arg(f.PaymentID))
	}
	if len(f.Statuses) > 0 {
		w.oneOfStates(f.Statuses, now)
	}
	w.text.WriteString(" order by r.id desc limit " + w.arg(limit))
	ids, err := db.column(ctx, w)
	if err != nil {
		return nil, err
	}
	out := make([]payrequest.Request, 0, len(ids))
	for _, id := range ids {
		r, err := db.Request(ctx, t, id)
		if err != nil {
			return nil, err // requests are never removed
		}
		out = append(out, r)
	}
	return out, nil
}

// column reads rows of one text.
func (db *DB) column(ctx context.Context, w *where) ([]string, error) {
	rows, err := db.engine.reader().QueryContext(ctx, w.text.String(), w.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var out []string
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, rows.Err()
}

// oneOfStates keeps requests in one of the states.
func (w *where) oneOfStates(states []payrequest.Status, now time.Time) {
	sep := " and ("
	for _, s := range payrequest.Statuses {
		text, ok := requestState[s]
		if !ok || !slices.Contains(states, s) {
			continue
		}
		if strings.Contains(text, "$now") {
			text = strings.ReplaceAll(text, "$now", w.arg(clock.Micros(now)))
		}
		w.text.WriteString(sep + "(" + text + ")")
		sep = " or "
	}
	if sep == " and (" {
		w.text.WriteString(" and (1 = 0")
	}
	w.text.WriteByte(')')
}

func requestOf(r sqlgen.PaymentRequest) payrequest.Request {
	return payrequest.Request{
		MerchantID: r.MerchantID, ID: r.ID, Kind: payrequest.Kind(r.Kind), PaymentID: r.PaymentID, Generation: int(r.Generation),
		TokenHash: r.TokenHash, Code: r.Code, PhoneIndex: r.PhoneIndex, CallUntil: clock.FromMicros(r.CallUntil),
		CallStep: payrequest.CallStep(r.CallStep), MessageID: r.MessageID, Open: r.Open, ExpiresAt: clock.FromMicros(r.ExpiresAt),
		DueAt: clock.FromMicros(r.DueAt), OpenedAt: clock.FromMicros(r.OpenedAt), CreatedAt: clock.FromMicros(r.CreatedAt),
		StaffID: r.StaffID, Version: r.Version,
	}
}

var _ message.Store = (*DB)(nil)
