package store

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/store/sqlgen"
)

// TakeLease makes owner the only one who does the named work until the given time. It
// reports false while another holds it; the holder prolongs its own.
func (db *DB) TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	var taken int64
	err := db.write(ctx, func(q *sqlgen.Queries) (err error) {
		taken, err = q.TakeLease(ctx, sqlgen.TakeLeaseParams{
			Name: name, Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now),
		})
		return err
	})
	return taken == 1, err
}
