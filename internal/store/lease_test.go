package store_test

import (
	"context"
	"testing"
	"time"

	"innopay/internal/message"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

// TestDroppedLeases gives back what one owner holds, named or of rows, and nothing of others.
func TestDroppedLeases(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx := context.Background()
		db, d := open(t, o), storetest.NewDesk(91)
		now := d.Now
		take := func(name, owner string) bool {
			t.Helper()
			mine, err := db.TakeLease(ctx, name, owner, now, now.Add(time.Minute))
			ok(t, err)
			return mine
		}
		mine, theirs := d.Text(d.Asked()), d.Text(d.Asked())
		theirs.DueAt = mine.DueAt.Add(time.Second)
		ok(t, db.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
			for _, j := range []message.Job{mine, theirs} {
				if _, err := tx.InsertMessage(ctx, j); err != nil {
					return err
				}
			}
			return nil
		}))
		lease := func(owner string, at time.Time) []message.Job {
			t.Helper()
			js, err := db.LeaseMessages(ctx, owner, at, at.Add(time.Hour), 10)
			ok(t, err)
			return js
		}
		if !take("one", "a") || !take("two", "a") || !take("three", "b") || len(lease("a", mine.DueAt)) != 1 || len(lease("b", theirs.DueAt)) != 1 {
			t.Fatal("nobody else holds them")
		}
		dropped, err := db.DropLeases(ctx, "a")
		if err != nil || dropped != 3 {
			t.Errorf("%d leases dropped, %v", dropped, err)
		}
		if !take("one", "c") || !take("two", "c") || take("three", "c") {
			t.Error("dropped others than those of one owner")
		}
		js := lease("c", theirs.DueAt)
		if len(js) != 1 || js[0].ID != mine.ID {
			t.Errorf("leased again: %+v", js)
		}
		if dropped, err := db.DropLeases(ctx, "a"); err != nil || dropped != 0 {
			t.Errorf("dropped once more: %d %v", dropped, err)
		}
	})
}
