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

// DropLeases gives back what the owner holds, as if its time had run out: named leases, and
// those of messages, prints, webhook deliveries and cash receipts. Leases of payments stay:
// their time is that of a call to the acquirer. The owner must do nothing any more: its
// workers have ended, or its process is dead. It reports how many there were.
func (db *DB) DropLeases(ctx context.Context, owner string) (dropped int, err error) {
	err = db.write(ctx, func(q *sqlgen.Queries) error {
		dropped = 0
		for _, drop := range []func(context.Context, string) (int64, error){
			q.DropLeases, q.ReleaseMessages, q.ReleasePrints, q.ReleaseDeliveries, q.ReleaseCashReceipts,
		} {
			n, err := drop(ctx, owner)
			if err != nil {
				return err
			}
			dropped += int(n)
		}
		return nil
	})
	return dropped, err
}
