package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"innopay/internal/audit"
	"innopay/internal/store"
)

// full is an installation with something of everything.
func full(t *testing.T, o store.Options) *shop {
	t.Helper()
	s := newShop(t, o)
	s.sell(t, 12)
	s.cancel(t, &s.sold[0], 11_000)
	s.refuse(t)
	s.requests(t)
	(&till{shop: s}).everyState(t)
	s.seal(t)
	ok(t, s.db.Exec(context.Background(), `insert into product_picture (merchant_id, product_id, large, small) values ($1, 'prd_1', $2, $3)`,
		s.Merchant, []byte{0, 0xff, '\n', '\\'}, []byte{}))
	return s
}

// TestCopiesAreEqualOnEveryEngine copies each way and holds every row and the books of
// the copy against the original.
func TestCopiesAreEqualOnEveryEngine(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := full(t, o)
		had, err := s.db.Inventory(t.Context())
		ok(t, err)
		for _, table := range []string{"payment", "attempt", "posting", "audit", "audit_seal", "payment_request", "message", "cash_receipt", "product_picture"} {
			if had[table].Rows == 0 {
				t.Errorf("nothing in %s to copy", table)
			}
		}
		for _, e := range engines[:2] {
			o := e.options(t)
			o.Clock = s.clock
			to := open(t, o)
			copied, err := s.db.CopyTo(t.Context(), to)
			ok(t, err)
			has, err := to.Inventory(t.Context())
			ok(t, err)
			if d := had.Difference(has); len(d) > 0 || len(copied.Difference(has)) > 0 || had.Rows() != has.Rows() {
				t.Errorf("to %s: differs in %v", e.name, d)
			}
			ok(t, to.Verify(t.Context(), store.VerifyOptions{Journal: s.entries()}, func(f store.Fault) { t.Errorf("to %s: %+v", e.name, f) }))
			if _, err := s.db.CopyTo(t.Context(), to); !errors.Is(err, store.ErrNotEmpty) {
				t.Errorf("into what is full: %v", err)
			}
			ok(t, to.Exec(t.Context(), "update payment set order_name = order_name || ' ' where id = $1", s.sold[3].ID))
			ok(t, to.Exec(t.Context(), "update product_picture set small = $1", []byte{1}))
			has, err = to.Inventory(t.Context())
			ok(t, err)
			if d := had.Difference(has); !slices.Equal(d, []string{"payment", "product_picture"}) {
				t.Errorf("to %s: two changes, and %v differ", e.name, d)
			}
		}
	})
}

// TestACopyThatBreaksLeavesNothing ends a copy in the middle of its tables.
func TestACopyThatBreaksLeavesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := full(t, onSQLite(t))
		o.Clock = s.clock
		to := open(t, o)
		ok(t, to.Exec(t.Context(), "alter table product_picture rename column small to little"))
		if _, err := s.db.CopyTo(t.Context(), to); err == nil {
			t.Fatal("a table of another shape was filled")
		}
		if has, err := to.Inventory(t.Context()); err != nil || has.Rows() != 0 {
			t.Errorf("%d rows are left, %v", has.Rows(), err)
		}
	})
}

// TestNobodyWritesWhileADatabaseIsHeldAlone also refuses what a server works on.
func TestNobodyWritesWhileADatabaseIsHeldAlone(t *testing.T) {
	t.Parallel()
	o := onSQLite(t)
	s := newShop(t, o)
	o.Clock = s.clock
	second := open(t, o)
	wrote := make(chan error, 1)
	var held store.Inventory
	ok(t, s.db.Alone(t.Context(), func() (err error) {
		go func() {
			wrote <- second.Exec(context.Background(), "insert into lease (name, owner, until) values ('x', 'y', 0)")
		}()
		if held, err = s.db.Inventory(t.Context()); err != nil {
			return err
		}
		select {
		case err := <-wrote:
			t.Errorf("written meanwhile: %v", err)
		case <-time.After(50 * time.Millisecond):
		}
		return nil
	}))
	ok(t, <-wrote)
	if held.Rows() != 0 {
		t.Errorf("%d rows in an empty installation", held.Rows())
	}
	if _, err := s.db.TakeLease(t.Context(), audit.LeaseName, "server", s.clock.Now(), s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if err := second.Alone(t.Context(), func() error { t.Error("held beside a server"); return nil }); !errors.Is(err, store.ErrInUse) {
		t.Errorf("beside a server: %v", err)
	}
	s.clock.Advance(2 * time.Minute)
	ok(t, second.Alone(t.Context(), func() error { return nil }))
}

// TestAnInventoryIsReadBackFromItsText is what the manifest of a backup rests on.
func TestAnInventoryIsReadBackFromItsText(t *testing.T) {
	t.Parallel()
	s := full(t, onSQLite(t))
	had, err := s.db.Inventory(t.Context())
	ok(t, err)
	text, err := json.Marshal(had)
	ok(t, err)
	var has store.Inventory
	ok(t, json.Unmarshal(text, &has))
	if d := had.Difference(has); len(d) > 0 || len(has.Difference(store.Inventory{})) != len(has) {
		t.Errorf("differs in %v", d)
	}
	for _, wrong := range []string{`{"payment":"12"}`, `{"payment":"x 00"}`, `{"payment":"1 zz"}`, `{"payment":"1 00"}`} {
		if err := json.Unmarshal([]byte(wrong), &has); err == nil {
			t.Errorf("%s was read", wrong)
		}
	}
}
