// Package dbtest gives tests an empty SQLite database without its migrations being run
// each time: under the race detector they take longer than most tests do.
package dbtest

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"innopay/clock"
	"innopay/internal/store"
)

// Name is the file of the database in the folder of a test.
const Name = "innopay.db"

// SQLite writes an empty database of the newest schema into the folder and returns its
// path. The schema is migrated once in each test binary and copied from then on; opening
// the copy still looks whether a migration is missing. It is safe for concurrent use.
func SQLite(tb testing.TB, folder string) string {
	tb.Helper()
	blank, err := migrated()
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(folder, Name)
	if err := os.WriteFile(path, blank, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

var migrated = sync.OnceValues(func() (_ []byte, err error) {
	// Not of a test: the first one's folder is gone when the next one asks.
	folder, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, Name)
	db, err := store.Open(context.Background(), store.Options{
		SQLitePath: path, Clock: clock.System{}, Log: slog.New(slog.DiscardHandler), Sealer: sealer{},
	})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // takes the log file back into the database
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // made above
})

// sealer is never asked: there is nothing in the database.
type sealer struct{}

var errAsked = errors.New("dbtest: an empty database seals nothing")

func (sealer) Seal([]byte, string) (string, error)   { return "", errAsked }
func (sealer) Unseal(string, string) ([]byte, error) { return nil, errAsked }
func (sealer) BlindIndex(string, string) string      { return "" }
