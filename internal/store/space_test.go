package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"innopay/internal/payment"
	"innopay/internal/store/storetest"
)

// TestTheReserveOfSpaceIsForWhatHasBegun lets the disk fill up between a message and its
// answer: nothing new begins below the floor, and what was sent is still written.
func TestTheReserveOfSpaceIsForWhatHasBegun(t *testing.T) {
	t.Parallel()
	const floor = 1 << 20
	var free atomic.Uint64
	free.Store(floor)
	o := onSQLite(t)
	o.MinFree = floor
	o.FreeSpace = func(string) (uint64, error) { return free.Load(), nil }
	db, d := open(t, o), storetest.NewDesk(11)
	ctx := t.Context()
	sale, silent := d.Intent(), d.Intent()
	for _, err := range db.CommitIntents(ctx, []payment.Intent{sale, silent}) {
		ok(t, err)
	}
	cancel := func() error {
		return db.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			return tx.InsertIdempotency(ctx, payment.Idempotency{MerchantID: d.Merchant, Operation: payment.OperationCancel, Key: "c-1"})
		})
	}
	follow := func() error {
		return db.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
			return tx.Emit(ctx, d.Approved(sale).Event)
		})
	}
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, payment.ErrNoSpace) {
			t.Errorf("%s: %v, want ErrNoSpace", what, err)
		}
	}

	free.Store(floor - 1)
	refused("a payment", db.CommitIntents(ctx, []payment.Intent{d.Intent()})[0])
	refused("a cancel", cancel())
	refused("readiness", db.Ping(ctx))
	ok(t, db.CommitOutcomes(ctx, []payment.Outcome{d.Approved(sale)})[0])
	ok(t, follow())

	free.Store(0)
	refused("an outcome on a full disk", db.CommitOutcomes(ctx, []payment.Outcome{d.Unknown(silent)})[0])
	refused("settling on a full disk", follow())

	free.Store(floor) // it recovers by itself
	ok(t, db.CommitOutcomes(ctx, []payment.Outcome{d.Unknown(silent)})[0])
	ok(t, db.CommitIntents(ctx, []payment.Intent{d.Intent()})[0])
	ok(t, cancel())
	ok(t, db.Ping(ctx))
}
