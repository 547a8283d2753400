package store

import (
	"context"
	"database/sql"
	"errors"

	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

// commit writes the batch in one transaction of the one writer. The statements are
// those of queries/; they stay prepared on the writer's connection.
func (l *lite) commit(b []*item) error {
	<-l.turn
	defer func() { l.turn <- struct{}{} }()
	q := sqlgen.New(l.write)
	full := l.room() // the outcomes of what was sent are written all the same
	return l.transact(func() error {
		for _, it := range b {
			if it.err = nil; full != nil && it.intent != nil {
				it.err = full
				continue
			}
			var err error
			if it.intent != nil {
				err = intoSQLite(q, it)
			} else {
				err = outOfSQLite(q, it)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// intoSQLite writes an intent. A refusal is the item's own and leaves nothing
// behind; an error rolls the batch back.
func intoSQLite(q *sqlgen.Queries, it *item) error {
	ctx := context.Background()
	r := &it.row
	if r.key.Key != "" {
		n, err := q.InsertIdempotency(ctx, sqlgen.InsertIdempotencyParams(r.key))
		if err != nil {
			return err
		}
		if n == 0 {
			it.err = payment.ErrKeyTaken
			return nil
		}
	}
	seen, err := swipeSeen(ctx, q, r.reader)
	if err != nil {
		return err
	}
	if seen {
		it.err = payment.ErrSwipeSeen
		return dropKey(ctx, q, r)
	}
	open, err := passGate(ctx, q, r.gate)
	if err != nil {
		return err
	}
	if !open {
		it.err = payment.ErrLimitMoved
		return dropKey(ctx, q, r)
	}
	var n int64
	if it.intent.Claim {
		it.err = payment.ErrChanged
		n, err = q.ClaimPayment(ctx, sqlgen.ClaimPaymentParams(r.change))
	} else {
		it.err = payment.ErrOrderTaken
		n, err = q.InsertPayment(ctx, sqlgen.InsertPaymentParams(r.payment))
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return dropKey(ctx, q, r)
	}
	it.err = nil
	return insideSQLite(ctx, q, r)
}

// insideSQLite writes what an intent brings beside its payment.
func insideSQLite(ctx context.Context, q *sqlgen.Queries, r *row) error {
	if g := r.gate; g.Version > 0 {
		if err := q.InsertLimitUse(ctx, sqlgen.InsertLimitUseParams{
			MerchantID: g.MerchantID, Day: g.Day, AttemptID: r.attempt.ID, PaymentID: r.attempt.PaymentID,
		}); err != nil {
			return err
		}
	}
	if r.reader.Device != "" {
		if _, err := q.AdvanceReader(ctx, sqlgen.AdvanceReaderParams(r.reader)); err != nil {
			return err
		}
	}
	if r.strokes != "" {
		if _, err := q.InsertSignature(ctx, sqlgen.InsertSignatureParams{
			MerchantID: r.attempt.MerchantID, PaymentID: r.attempt.PaymentID, Strokes: r.strokes,
		}); err != nil {
			return err
		}
	}
	if err := q.InsertAttempt(ctx, sqlgen.InsertAttemptParams(r.attempt)); err != nil {
		return err
	}
	if err := q.InsertUnsettled(ctx, sqlgen.InsertUnsettledParams(r.unsettled)); err != nil {
		return err
	}
	return q.InsertAudit(ctx, r.audit)
}

// swipeSeen reports whether the reader's counter stands at the swipe's or beyond it. The
// one writer holds the database, so that it stands until the batch is committed.
func swipeSeen(ctx context.Context, q *sqlgen.Queries, r sqlgen.ReaderCounter) (bool, error) {
	if r.Device == "" {
		return false, nil
	}
	last, err := q.ReaderCounter(ctx, r.Device)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return last.Counter >= r.Counter, err
}

// passGate moves the gate of a merchant with limits from where it was read; false when it
// stands elsewhere. Moved in vain it does no harm: who looked meanwhile looks again.
func passGate(ctx context.Context, q *sqlgen.Queries, g gateRow) (bool, error) {
	var n int64
	var err error
	switch g.Version {
	case 0:
		return true, nil
	case 1:
		n, err = q.OpenLimitGate(ctx, sqlgen.OpenLimitGateParams{MerchantID: g.MerchantID, Version: g.Version})
	default:
		n, err = q.PassLimitGate(ctx, sqlgen.PassLimitGateParams{MerchantID: g.MerchantID, Version: g.Version})
	}
	return n == 1, err
}

// dropKey takes back the key of an intent that is refused.
func dropKey(ctx context.Context, q *sqlgen.Queries, r *row) error {
	return q.DropIdempotency(ctx, sqlgen.DropIdempotencyParams{
		MerchantID: r.key.MerchantID, Operation: r.key.Operation, Key: r.key.Key,
	})
}

// outOfSQLite writes an outcome. The attempt is looked at second: when it alone is
// not as it must be, something has been written, so the batch is rolled back and
// the item gets its refusal alone.
func outOfSQLite(q *sqlgen.Queries, it *item) error {
	ctx := context.Background()
	r := &it.row
	n, err := q.UpdatePayment(ctx, r.change)
	if err != nil {
		return err
	}
	if n == 0 {
		it.err = payment.ErrChanged
		return nil
	}
	a := r.attempt
	n, err = q.DecideAttempt(ctx, sqlgen.DecideAttemptParams{
		MerchantID: a.MerchantID, Bucket: a.Bucket, ID: a.ID, Status: a.Status, Code: a.Code, Message: a.Message,
		ApprovalNumber: a.ApprovalNumber, Rrn: a.Rrn, Sends: a.Sends, SettledAt: a.SettledAt,
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return errTwin
	}
	return besideSQLite(ctx, q, it)
}

// besideSQLite writes what follows from an outcome.
func besideSQLite(ctx context.Context, q *sqlgen.Queries, it *item) error {
	r := &it.row
	var err error
	switch {
	case it.outcome.Settled:
		err = q.SettleUnsettled(ctx, sqlgen.SettleUnsettledParams{MerchantID: r.attempt.MerchantID, AttemptID: r.attempt.ID})
	case r.waiting:
		err = q.ReplaceUnsettled(ctx, sqlgen.ReplaceUnsettledParams(r.unsettled))
	}
	if err != nil {
		return err
	}
	if err := post(ctx, q, r.postings); err != nil {
		return err
	}
	if r.event {
		if err := q.InsertEvent(ctx, r.outbox); err != nil {
			return err
		}
	}
	if r.key.Key != "" && r.key.Status != 0 {
		if err := q.FreezeIdempotency(ctx, sqlgen.FreezeIdempotencyParams{
			MerchantID: r.key.MerchantID, Operation: r.key.Operation, Key: r.key.Key,
			Status: r.key.Status, Body: r.key.Body,
		}); err != nil {
			return err
		}
	}
	return q.InsertAudit(ctx, r.audit)
}
