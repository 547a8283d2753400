package store_test

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/dbtest"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
)

var keepState = flag.Bool("keep-state", false, "keep a database with something of everything at the present schema, for later versions to upgrade")

// states are databases of earlier versions, by the number of their last migration.
const states = "testdata/schema-%05d.db.gz"

// TestADatabaseOfAnEarlierVersionIsUpgraded opens what earlier versions left, on both
// engines: nothing is lost, and the books are right.
func TestADatabaseOfAnEarlierVersionIsUpgraded(t *testing.T) {
	t.Parallel()
	if *keepState {
		keepPresentState(t)
	}
	kept, err := filepath.Glob("testdata/schema-*.db.gz")
	if err != nil || len(kept) == 0 {
		t.Fatalf("no database of an earlier version: %v", err)
	}
	for _, name := range kept {
		var version int64
		if _, err := fmt.Sscanf(name, states, &version); err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			upgrade(t, unpacked(t, name), version)
		})
	}
}

func upgrade(t *testing.T, path string, version int64) {
	t.Helper()
	for _, e := range engines[:2] {
		o, look := e.options(t).UpTo(version), options(t)
		if o.SQLitePath != "" {
			o.SQLitePath = filepath.Join(t.TempDir(), dbtest.Name) // the other has every migration
		}
		o.Clock = clock.NewFake(storetest.Start.Add(time.Minute)) // where the shop's stood, or little later
		look.SQLitePath, look.ReadOnly, look.Clock = path, true, o.Clock
		old := open(t, look)
		before, err := store.Open(t.Context(), o)
		ok(t, err)
		had, err := old.CopyTo(t.Context(), before)
		ok(t, err)
		if had.Rows() < 200 {
			t.Errorf("only %d rows to upgrade", had.Rows())
		}
		ok(t, before.Close())
		after := open(t, o.UpTo(0))
		has, err := after.Inventory(t.Context())
		ok(t, err)
		for table, c := range had {
			if has[table].Rows != c.Rows {
				t.Errorf("%s: %s had %d rows and has %d", e.name, table, c.Rows, has[table].Rows)
			}
		}
		ok(t, after.Verify(t.Context(), store.VerifyOptions{}, func(f store.Fault) { t.Errorf("%s: %+v", e.name, f) }))
	}
}

func unpacked(t *testing.T, name string) string {
	t.Helper()
	packed, err := os.ReadFile(name)
	ok(t, err)
	z, err := gzip.NewReader(bytes.NewReader(packed))
	ok(t, err)
	b, err := io.ReadAll(z)
	ok(t, err)
	path := filepath.Join(t.TempDir(), "old.db")
	ok(t, os.WriteFile(path, b, 0o600))
	return path
}

func keepPresentState(t *testing.T) {
	t.Helper()
	o := onSQLite(t)
	s := full(t, o)
	ok(t, s.db.Whole(t.Context()))
	b, err := os.ReadFile(o.SQLitePath)
	ok(t, err)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	ok(t, err)
	_, err = z.Write(b)
	ok(t, err)
	ok(t, z.Close())
	ok(t, os.WriteFile(fmt.Sprintf(states, store.NewestMigration()), packed.Bytes(), 0o600))
}
