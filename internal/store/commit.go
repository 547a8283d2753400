package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"innopay/internal/ledger"
	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

const (
	commitTries = 6
	commitWait  = 20 * time.Millisecond // doubles with each try
)

// CommitIntents implements payment.Committer.
func (db *DB) CommitIntents(ctx context.Context, is []payment.Intent) []error {
	items := make([]*item, len(is))
	for i := range is {
		items[i] = &item{intent: &is[i]}
	}
	return db.commitAll(ctx, items)
}

// CommitOutcomes implements payment.Committer.
func (db *DB) CommitOutcomes(ctx context.Context, os []payment.Outcome) []error {
	items := make([]*item, len(os))
	for i := range os {
		items[i] = &item{outcome: &os[i]}
	}
	return db.commitAll(ctx, items)
}

// commitAll encodes on the caller's processor time, so that the workers only write.
func (db *DB) commitAll(ctx context.Context, items []*item) []error {
	good := make([]*item, 0, len(items))
	for _, it := range items {
		if it.err = db.encode(it); it.err == nil {
			good = append(good, it)
		}
	}
	if len(good) > 0 {
		db.group.submit(ctx, good)
	}
	errs := make([]error, len(items))
	for i, it := range items {
		errs[i] = it.err
	}
	return errs
}

func (db *DB) encode(it *item) error {
	if it.intent != nil {
		return db.encodeIntent(it.intent, &it.row)
	}
	if !ledger.Balanced(it.outcome.Postings) {
		return errUnbalanced
	}
	return db.encodeOutcome(it.outcome, &it.row)
}

// apply decides the items. Those that touch the same key, order or payment take
// turns, so that within one batch no condition changes under another item.
func (db *DB) apply(items []*item) {
	var again []*item
	for len(items) > 0 {
		items, again = distinct(items)
		db.decide(items, false)
		items = again
	}
}

// distinct splits off the items that must wait for an earlier one.
func distinct(items []*item) (now, later []*item) {
	if len(items) == 1 {
		return items, nil
	}
	type name struct{ kind, merchant, value string }
	seen := make(map[name]bool, 4*len(items))
	now = make([]*item, 0, len(items))
	for _, it := range items {
		names := make([]name, 0, 4)
		p := it.payment()
		names = append(names, name{"payment", p.MerchantID, p.ID})
		if it.intent != nil {
			names = append(names, name{"order", p.MerchantID, p.OrderID},
				name{it.intent.Key.Operation, p.MerchantID, it.intent.Key.Key}, name{"reader", "", it.intent.Reader.Device})
			if it.intent.Limit.Version > 0 {
				names = append(names, name{"limit", p.MerchantID, "gate"})
			}
		}
		free := true
		for _, n := range names {
			free = free && (!seen[n] || n.value == "")
		}
		if !free {
			later = append(later, it)
			continue
		}
		for _, n := range names {
			seen[n] = true
		}
		now = append(now, it)
	}
	return now, later
}

func (it *item) payment() *payment.Payment {
	if it.intent != nil {
		return &it.intent.Payment
	}
	return &it.outcome.Payment
}

// decide commits a batch of distinct items until each has its result. What fails
// for a reason of one item is split, so that one failing row fails only itself. lost
// says that an earlier try may have committed them.
func (db *DB) decide(b []*item, lost bool) {
	var err error
	for try := range commitTries {
		if db.broken.Load() {
			fail(b, perhaps(lost, ErrBroken))
			return
		}
		if lost {
			if b = db.undecided(b); len(b) == 0 {
				return
			}
		}
		if err = db.engine.commit(b); err == nil {
			db.settled(b, lost)
			return
		}
		switch db.engine.class(err) {
		case classAgain:
			db.pause(try)
		case classLost:
			lost = true
			db.log.Warn("connection lost in a commit; reading again", "items", len(b), "error", err)
			db.pause(try)
		case classTwin:
			// Look again at once; the other's commit is visible now.
		case classNoSpace, classBroken:
			fail(b, perhaps(lost || db.engine.class(err) == classBroken, db.told(err)))
			return
		case classConflict, classOther:
			db.split(b, err, lost)
			return
		}
	}
	db.split(b, err, lost)
}

func (db *DB) split(b []*item, err error, lost bool) {
	if len(b) > 1 {
		for _, it := range b {
			db.decide([]*item{it}, lost)
		}
		return
	}
	if db.engine.class(err) == classTwin {
		err = payment.ErrChanged
	}
	b[0].err = perhaps(lost, err)
}

// perhaps says of an error that what it is of was perhaps written all the same.
func perhaps(may bool, err error) error {
	if !may {
		return err
	}
	return fmt.Errorf("%w: %w", payment.ErrOpen, err)
}

// pause waits before another try. Writes are decided whatever became of the
// caller, hence no context.
func (db *DB) pause(try int) {
	_ = db.clock.Sleep(context.Background(), commitWait<<try) // cannot end early
}

// settled corrects a refusal that is only the echo of our own commit, says where it
// may be one, and tells whoever waits for events.
func (db *DB) settled(b []*item, lost bool) {
	for _, it := range b {
		if lost && it.err != nil {
			switch err := db.stands(it); {
			case err == nil:
				it.err = nil
			case !errors.Is(err, errNotFound):
				it.err = perhaps(true, it.err)
			}
		}
		if it.err == nil && it.row.event {
			db.hint()
		}
	}
}

// undecided drops the items that are found committed.
func (db *DB) undecided(b []*item) []*item {
	left := make([]*item, 0, len(b))
	for _, it := range b {
		if db.stands(it) == nil {
			it.err = nil
			continue
		}
		left = append(left, it)
	}
	return left
}

var errNotFound = errors.New("store: not found on reading again")

// stands reads by our own reference whether an item is committed: its audit row
// is written with it and by nothing else.
func (db *DB) stands(it *item) error {
	ctx, cancel := context.WithTimeout(context.Background(), statementWait)
	defer cancel()
	n, err := db.q.AuditStands(ctx, sqlgen.AuditStandsParams{
		Bucket: it.row.audit.Bucket, ID: it.row.audit.ID, MerchantID: it.row.audit.MerchantID,
	})
	if err != nil {
		return fmt.Errorf("reading again: %w", err)
	}
	if n == 0 {
		return errNotFound
	}
	return nil
}
