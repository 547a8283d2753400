package store_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

// hasty is a clock whose sleepers do not wait.
type hasty struct{ clock.System }

func (hasty) Sleep(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// A batch whose COMMIT was lost may stand, however long the database was away after it:
// nobody in it may be told that somebody else has taken its key or its payment. Who came
// to a batch alone, as a busy machine has it, is read again less often and may hear that
// nobody knows.
func TestABatchThatWasLostForLongIsReadAgainOneByOne(t *testing.T) {
	t.Parallel()
	o := onSQLite(t)
	o.Clock = hasty{}
	db := open(t, o)
	var away atomic.Int64 // calls that still meet no database
	db.Meet(store.Faults{
		Commit: func(commit func() error) error {
			switch left := away.Add(-1); {
			case left == 9: // the first one commits, and its answer is lost
				if err := commit(); err != nil {
					return err
				}
				return store.ErrLost
			case left >= 0:
				return store.ErrLost
			}
			return commit()
		},
		Read: func() error {
			if away.Load() > 0 {
				return store.ErrLost
			}
			return nil
		},
	})
	d := storetest.NewDesk(7)
	ins := []payment.Intent{d.Intent(), d.Intent(), d.Intent()}
	away.Store(10)
	for i, err := range db.CommitIntents(t.Context(), ins) {
		if err != nil && !errors.Is(err, payment.ErrOpen) {
			t.Errorf("intent %d, which stands, is told %v", i, err)
		}
	}
	outs := []payment.Outcome{d.Approved(ins[0]), d.Approved(ins[1]), d.Approved(ins[2])}
	away.Store(10)
	for i, err := range db.CommitOutcomes(t.Context(), outs) {
		if err != nil && !errors.Is(err, payment.ErrOpen) {
			t.Errorf("outcome %d, which stands, is told %v", i, err)
		}
	}
}

// A commit that was lost, and then met a full disk or a database that cannot be read, may
// stand: whoever asked for it is told that nobody knows, beside what the last try said.
func TestACommitThatWasLostBeforeIsOpenWhateverItsLastTrySaid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last error
		code error
	}{
		"then no space":             {last: payment.ErrNoSpace, code: payment.ErrNoSpace},
		"then its echo, unreadable": {code: payment.ErrKeyTaken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := onSQLite(t)
			o.Clock = hasty{}
			db := open(t, o)
			calls := 0
			db.Meet(store.Faults{
				Commit: func(commit func() error) error {
					if calls++; calls == 1 {
						if err := commit(); err != nil {
							return err
						}
						return store.ErrLost
					}
					if c.last != nil {
						return c.last
					}
					return commit()
				},
				Read: func() error { return store.ErrLost },
			})
			d := storetest.NewDesk(8)
			err := db.CommitIntents(t.Context(), []payment.Intent{d.Intent()})[0]
			if !errors.Is(err, payment.ErrOpen) || !errors.Is(err, c.code) {
				t.Errorf("told %v", err)
			}
		})
	}
}
