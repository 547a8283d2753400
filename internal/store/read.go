package store

import (
	"context"
	"errors"
	"math"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

// Payment implements payment.Reader.
func (db *DB) Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error) {
	return db.payment(ctx, db.q, t, id)
}

func (db *DB) payment(ctx context.Context, q *sqlgen.Queries, t merchant.Tenant, id string) (payment.Payment, error) {
	r, err := q.Payment(ctx, sqlgen.PaymentParams{MerchantID: t.ID(), ID: id})
	if err != nil {
		return payment.Payment{}, absent(err)
	}
	return db.whole(ctx, q, &r)
}

// whole adds the cancels.
func (db *DB) whole(ctx context.Context, q *sqlgen.Queries, r *sqlgen.Payment) (payment.Payment, error) {
	p, err := db.paymentOf(r)
	if err != nil {
		return p, err
	}
	cancels, err := q.CancelsOfPayment(ctx, sqlgen.CancelsOfPaymentParams{MerchantID: r.MerchantID, PaymentID: r.ID})
	if err != nil {
		return p, err
	}
	for _, c := range cancels {
		p.Cancels = append(p.Cancels, cancelOf(c))
	}
	return p, nil
}

// PaymentByOrder implements payment.Reader.
func (db *DB) PaymentByOrder(ctx context.Context, t merchant.Tenant, orderID string) (payment.Payment, error) {
	r, err := db.q.PaymentByLiveOrder(ctx, sqlgen.PaymentByLiveOrderParams{MerchantID: t.ID(), OrderID: orderID})
	if errors.Is(absent(err), payment.ErrAbsent) {
		r, err = db.q.PaymentByPastOrder(ctx, sqlgen.PaymentByPastOrderParams{MerchantID: t.ID(), OrderID: orderID})
	}
	if err != nil {
		return payment.Payment{}, absent(err)
	}
	return db.whole(ctx, db.q, &r)
}

// Attempts implements payment.Reader.
func (db *DB) Attempts(ctx context.Context, t merchant.Tenant, paymentID string) ([]payment.Attempt, error) {
	return db.attempts(ctx, db.q, t, paymentID)
}

func (db *DB) attempts(
	ctx context.Context, q *sqlgen.Queries, t merchant.Tenant, paymentID string,
) ([]payment.Attempt, error) {
	rows, err := q.AttemptsOfPayment(ctx, sqlgen.AttemptsOfPaymentParams{
		Bucket: db.bucket(t.ID()), PaymentID: paymentID, MerchantID: t.ID(),
	})
	if err != nil {
		return nil, err
	}
	as := make([]payment.Attempt, len(rows))
	for i, r := range rows {
		as[i] = attemptOf(r)
	}
	return as, nil
}

// Idempotency implements payment.Reader.
func (db *DB) Idempotency(ctx context.Context, t merchant.Tenant, operation, key string) (payment.Idempotency, error) {
	r, err := db.q.Idempotency(ctx, sqlgen.IdempotencyParams{MerchantID: t.ID(), Operation: operation, Key: key})
	if err != nil {
		return payment.Idempotency{}, absent(err)
	}
	return db.keyOf(r)
}

// Signature implements payment.Reader.
func (db *DB) Signature(ctx context.Context, t merchant.Tenant, paymentID string) ([]byte, error) {
	s, err := db.q.Signature(ctx, sqlgen.SignatureParams{MerchantID: t.ID(), PaymentID: paymentID})
	if err != nil {
		return nil, absent(err)
	}
	return []byte(s), nil
}

// Unsettled implements payment.Reader.
func (db *DB) Unsettled(ctx context.Context, t merchant.Tenant, limit int) ([]payment.Unsettled, error) {
	most := int32(min(limit, math.MaxInt32)) //nolint:gosec // bounded
	if t == (merchant.Tenant{}) {
		return jobs(db.q.UnsettledOfAll(ctx, most))
	}
	return jobs(db.q.UnsettledOfMerchant(ctx, sqlgen.UnsettledOfMerchantParams{MerchantID: t.ID(), Limit: most}))
}

func jobs(rows []sqlgen.Unsettled, err error) ([]payment.Unsettled, error) {
	if err != nil {
		return nil, err
	}
	us := make([]payment.Unsettled, len(rows))
	for i, r := range rows {
		us[i] = unsettledOf(r)
	}
	return us, nil
}

// Lease implements payment.Store.
func (db *DB) Lease(ctx context.Context, owner string, now, until time.Time, limit int) ([]payment.Unsettled, error) {
	// Looking costs the writer nothing; most polls find nothing.
	var due []string
	err := db.look(ctx, func() (err error) {
		due, err = db.q.UnsettledDue(ctx, clock.Micros(now))
		return err
	})
	if err != nil || len(due) == 0 {
		return nil, err
	}
	var us []payment.Unsettled
	err = db.write(ctx, func(q *sqlgen.Queries) error {
		us, err = jobs(q.LeaseUnsettled(ctx, sqlgen.LeaseUnsettledParams{
			Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now),
			Most: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
		}))
		return err
	})
	return us, err
}

// LateAnswer implements payment.Store.
func (db *DB) LateAnswer(ctx context.Context, t merchant.Tenant, attemptID, evidence string) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		n, err := q.LateAnswer(ctx, sqlgen.LateAnswerParams{
			Late: evidence, Bucket: db.bucket(t.ID()), ID: attemptID, MerchantID: t.ID(),
		})
		if err == nil && n == 0 {
			return payment.ErrAbsent
		}
		return err
	})
}

// STANs implements payment.Store.
func (db *DB) STANs(ctx context.Context, t merchant.Tenant, terminalID string, n int) (int64, error) {
	var next int64
	err := db.write(ctx, func(q *sqlgen.Queries) (err error) {
		next, err = q.TakeSTANs(ctx, sqlgen.TakeSTANsParams{MerchantID: t.ID(), TerminalID: terminalID, Next: int64(n)})
		return err
	})
	return next - int64(n), err
}
