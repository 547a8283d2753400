package store

import (
	"context"
	"math"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
)

// WaitingBuckets implements outbox.Store. It hops from one bucket to the next along
// the index, however much waits in each.
func (db *DB) WaitingBuckets(ctx context.Context) ([]int, error) {
	var found []int
	last := int64(-1)
	for range outbox.Buckets {
		var next []int64
		err := db.look(ctx, func() (err error) {
			next, err = db.q.NextWaitingBucket(ctx, last)
			return err
		})
		if err != nil || len(next) == 0 {
			return found, err
		}
		last = next[0]
		found = append(found, int(last))
	}
	return found, nil
}

// Waiting implements outbox.Store.
func (db *DB) Waiting(ctx context.Context, bucket int, after outbox.Position, limit int) ([]outbox.Event, error) {
	var rows []sqlgen.Outbox
	err := db.look(ctx, func() (err error) {
		rows, err = db.q.WaitingEvents(ctx, sqlgen.WaitingEventsParams{
			Bucket: int64(bucket), Subject: after.Subject, Version: after.Version, Most: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	return eventsOf(rows), nil
}

func eventsOf(rows []sqlgen.Outbox) []outbox.Event {
	es := make([]outbox.Event, len(rows))
	for i, r := range rows {
		es[i] = outbox.Event{
			MerchantID: r.MerchantID, ID: r.ID, Type: outbox.Type(r.Type), Subject: r.Subject,
			Version: r.Version, Payload: r.Payload, CreatedAt: clock.FromMicros(r.CreatedAt),
		}
	}
	return es
}

// EventsAfter implements live.Store.
func (db *DB) EventsAfter(ctx context.Context, bucket int, after string, limit int) ([]outbox.Event, error) {
	var rows []sqlgen.Outbox
	err := db.look(ctx, func() (err error) {
		rows, err = db.q.EventsAfter(ctx, sqlgen.EventsAfterParams{
			Bucket: int64(bucket), ID: after, Limit: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
		})
		return err
	})
	return eventsOf(rows), err
}

// EventsOf implements live.Store.
func (db *DB) EventsOf(ctx context.Context, t merchant.Tenant, after string, limit int) ([]outbox.Event, error) {
	var rows []sqlgen.Outbox
	err := db.look(ctx, func() (err error) {
		rows, err = db.q.EventsOf(ctx, sqlgen.EventsOfParams{
			Bucket: db.bucket(t.ID()), ID: after, MerchantID: t.ID(), Limit: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
		})
		return err
	})
	return eventsOf(rows), err
}

// EventBucket implements live.Store.
func (db *DB) EventBucket(t merchant.Tenant) int { return int(db.bucket(t.ID())) }

// Delivered implements outbox.Store.
func (db *DB) Delivered(ctx context.Context, at time.Time, es []outbox.Event) error {
	ids := map[int64][]string{}
	for _, e := range es {
		b := db.bucket(e.MerchantID)
		ids[b] = append(ids[b], e.ID)
	}
	return db.retried(ctx, true, func(d sqlgen.DBTX) error {
		_, err := changeRows(ctx, d, "update outbox set delivered = $1", "delivered = 0", []any{clock.Micros(at)}, ids)
		return err
	}, func() audit.Record { return audit.Record{} })
}

// PurgeEvents implements outbox.Store.
func (db *DB) PurgeEvents(ctx context.Context, before time.Time, limit int) (int, error) {
	var gone int64
	err := db.write(ctx, func(q *sqlgen.Queries) (err error) {
		gone, err = q.PurgeEvents(ctx, sqlgen.PurgeEventsParams{
			Before: clock.Micros(before), Most: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
		})
		return err
	})
	return int(gone), err
}
