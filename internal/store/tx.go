package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

const (
	txTries = 8
	txWait  = 10 * time.Millisecond // doubles with each try
)

// Tx implements payment.Store.
func (db *DB) Tx(ctx context.Context, fn func(ctx context.Context, tx payment.Tx) error) error {
	var t *tx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &tx{recorder: recorder{db: db, into: q}, q: q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return err
}

// write runs fn in one transaction for the workers of the house: leases, seals,
// deliveries. Each of its statements carries its own condition, so that a database
// that is serializable by default need not let payments push them aside for ever. fn
// has no effect outside and may be run again.
func (db *DB) write(ctx context.Context, fn func(q *sqlgen.Queries) error) error {
	return db.retried(ctx, true, func(d sqlgen.DBTX) error { return fn(sqlgen.New(d)) },
		func() audit.Record { return audit.Record{} })
}

// look runs a read of a worker again when a serializable database gave it up for a
// payment's sake.
func (db *DB) look(ctx context.Context, read func() error) error {
	for try := 0; ; try++ {
		err := read()
		if err == nil || try == txTries || db.engine.class(err) != classAgain {
			return err
		}
		if err := db.clock.Sleep(ctx, txWait<<try); err != nil {
			return err
		}
	}
}

// retry runs a transaction until it is decided. After a connection that was lost
// in COMMIT it reads by the reference of the last try, an audit record written in
// it, whether it was committed.
func (db *DB) retry(ctx context.Context, fn func(sqlgen.DBTX) error, reference func() audit.Record) error {
	return db.retried(ctx, false, fn, reference)
}

func (db *DB) retried(ctx context.Context, guarded bool, fn func(sqlgen.DBTX) error, reference func() audit.Record) error {
	var lost audit.Record
	for try := 0; ; try++ {
		if db.broken.Load() {
			return ErrBroken
		}
		err := db.engine.try(ctx, guarded, fn)
		if err == nil {
			return nil
		}
		if lost.ID != "" && db.recorded(lost) {
			return nil // this try met what the last one had committed after all
		}
		class := db.engine.class(err)
		var inCommit errInCommit
		if class == classLost && !errors.As(err, &inCommit) {
			class = classAgain // without COMMIT nothing is written
		}
		if class == classLost {
			if lost = reference(); lost.ID == "" {
				return fmt.Errorf("store: outcome of a commit is unknown: %w", err)
			}
			if db.recorded(lost) {
				return nil
			}
			class = classAgain
		}
		if class != classAgain || try == txTries || ctx.Err() != nil {
			return db.told(err)
		}
		if err := db.clock.Sleep(ctx, txWait<<try); err != nil {
			return err
		}
	}
}

func (db *DB) recorded(r audit.Record) bool {
	it := &item{}
	it.row.audit = db.auditRow(r)
	return db.stands(it) == nil
}

// tx implements payment.Tx.
type tx struct {
	recorder
	q     *sqlgen.Queries
	event bool
}

// changed is payment.ErrChanged when no row was.
func changed(n int64, err error) error {
	if err == nil && n == 0 {
		return payment.ErrChanged
	}
	return err
}

// absent is payment.ErrAbsent when there is no row.
func absent(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return payment.ErrAbsent
	}
	return err
}

func (t *tx) Payment(ctx context.Context, m merchant.Tenant, id string) (payment.Payment, error) {
	return t.db.payment(ctx, t.q, m, id)
}

func (t *tx) Attempts(ctx context.Context, m merchant.Tenant, paymentID string) ([]payment.Attempt, error) {
	return t.db.attempts(ctx, t.q, m, paymentID)
}

func (t *tx) UpdatePayment(ctx context.Context, p payment.Payment) error {
	return changed(t.q.UpdatePayment(ctx, changeRow(&p)))
}

func (t *tx) Attempt(ctx context.Context, m merchant.Tenant, id string) (payment.Attempt, error) {
	r, err := t.q.Attempt(ctx, sqlgen.AttemptParams{Bucket: t.db.bucket(m.ID()), ID: id, MerchantID: m.ID()})
	return attemptOf(r), absent(err)
}

func (t *tx) InsertAttempt(ctx context.Context, a payment.Attempt) error {
	return t.q.InsertAttempt(ctx, sqlgen.InsertAttemptParams(t.db.attemptRow(a)))
}

func (t *tx) UpdateAttempt(ctx context.Context, a payment.Attempt, from payment.AttemptStatus) error {
	return changed(t.q.UpdateAttempt(ctx, sqlgen.UpdateAttemptParams{
		Bucket: t.db.bucket(a.MerchantID), MerchantID: a.MerchantID, ID: a.ID,
		Status: string(a.Status), Code: a.Code, Message: a.Message,
		ApprovalNumber: a.ApprovalNumber, Rrn: a.RRN, Sends: int64(a.Sends),
		SettledAt: clock.Micros(a.SettledAt), Was: string(from),
	}))
}

func (t *tx) InsertCancel(ctx context.Context, c payment.Cancel) error {
	return t.q.InsertCancel(ctx, sqlgen.InsertCancelParams(cancelRow(c)))
}

func (t *tx) UpdateCancel(ctx context.Context, c payment.Cancel, from payment.CancelStatus) error {
	return changed(t.q.UpdateCancel(ctx, sqlgen.UpdateCancelParams{
		MerchantID: c.MerchantID, ID: c.ID, Kind: c.Kind, Status: string(c.Status),
		CanceledAt: clock.Micros(c.CanceledAt), CancelNumber: c.CancelNumber, AttemptID: c.AttemptID,
		FailureCode: c.Failure.Code, FailureMessage: c.Failure.Message, Was: string(from),
	}))
}

// InsertIdempotency begins something new, for which there must be room.
func (t *tx) InsertIdempotency(ctx context.Context, k payment.Idempotency) error {
	if err := t.db.engine.room(); err != nil {
		return err
	}
	row, err := t.db.keyRow(k)
	if err != nil {
		return err
	}
	n, err := t.q.InsertIdempotency(ctx, sqlgen.InsertIdempotencyParams(row))
	if err == nil && n == 0 {
		return payment.ErrKeyTaken
	}
	return err
}

func (t *tx) FreezeIdempotency(ctx context.Context, k payment.Idempotency) error {
	body, err := t.db.freeze(k)
	if err != nil {
		return err
	}
	return t.q.FreezeIdempotency(ctx, sqlgen.FreezeIdempotencyParams{
		MerchantID: k.MerchantID, Operation: k.Operation, Key: k.Key, Status: int64(k.Status), Body: body,
	})
}

func (t *tx) InsertUnsettled(ctx context.Context, u payment.Unsettled) error {
	return t.q.InsertUnsettled(ctx, sqlgen.InsertUnsettledParams(t.db.unsettledRow(u)))
}

func (t *tx) UpdateUnsettled(ctx context.Context, u payment.Unsettled) error {
	return changed(t.q.UpdateUnsettled(ctx, sqlgen.UpdateUnsettledParams{
		MerchantID: u.MerchantID, AttemptID: u.AttemptID, Phase: string(u.Phase),
		DueAt: clock.Micros(u.DueAt), Tries: int64(u.Tries), LeaseOwner: u.LeaseOwner,
	}))
}

func (t *tx) DeleteUnsettled(ctx context.Context, u payment.Unsettled) error {
	return changed(t.q.DeleteUnsettled(ctx, sqlgen.DeleteUnsettledParams{
		MerchantID: u.MerchantID, AttemptID: u.AttemptID, LeaseOwner: u.LeaseOwner,
	}))
}

func (t *tx) ClaimUnsettled(
	ctx context.Context, m merchant.Tenant, attemptID, owner string, now, until time.Time,
) (payment.Unsettled, error) {
	rows, err := t.q.ClaimUnsettled(ctx, sqlgen.ClaimUnsettledParams{
		Owner: owner, Until: clock.Micros(until), MerchantID: m.ID(), AttemptID: attemptID, NowAt: clock.Micros(now),
	})
	if err != nil {
		return payment.Unsettled{}, err
	}
	if len(rows) == 1 {
		return unsettledOf(rows[0]), nil
	}
	if _, err := t.q.Unsettled(ctx, sqlgen.UnsettledParams{MerchantID: m.ID(), AttemptID: attemptID}); err != nil {
		return payment.Unsettled{}, absent(err)
	}
	return payment.Unsettled{}, payment.ErrChanged
}

func (t *tx) PutSignature(ctx context.Context, m merchant.Tenant, paymentID string, strokes []byte) error {
	return changed(t.q.InsertSignature(ctx, sqlgen.InsertSignatureParams{
		MerchantID: m.ID(), PaymentID: paymentID, Strokes: string(strokes),
	}))
}

func (t *tx) Post(ctx context.Context, ps []ledger.Posting) error {
	if !ledger.Balanced(ps) {
		return errUnbalanced
	}
	rows := make([]sqlgen.InsertPostingParams, len(ps))
	for i, p := range ps {
		rows[i] = t.db.postingRow(p)
	}
	return post(ctx, t.q, rows)
}

func post(ctx context.Context, q *sqlgen.Queries, rows []sqlgen.InsertPostingParams) error {
	for _, r := range rows {
		if err := q.InsertPosting(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.q.InsertEvent(ctx, t.db.eventRow(e))
}
