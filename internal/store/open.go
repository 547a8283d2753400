// Package store keeps everything in a database: SQLite inside the program, or
// PostgreSQL. One SQL text serves both (ARCHITECTURE.md, SQL) but for the hot
// write path, which each engine has in its own words (commit_sqlite.go,
// commit_pg.go) behind one interface and one conformance suite (storetest).
package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"

	"innopay/clock"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
)

// Sealer encrypts people's data before it is written (rulings 12). The key ring
// implements it. It is safe for concurrent use.
type Sealer interface {
	// Seal encrypts plain, bound to ad: what was sealed under another ad does not open.
	Seal(plain []byte, ad string) (string, error)
	// Unseal opens what Seal made, under any key that is still kept.
	Unseal(sealed string, ad string) ([]byte, error)
	// BlindIndex is the keyed hash by which a value is found again; kind keeps
	// hashes of different columns apart.
	BlindIndex(kind, value string) string
}

// lenient opens what was blanked as nothing (innopay/internal/retention).
type lenient struct{ Sealer }

func (l lenient) Unseal(sealed, ad string) ([]byte, error) {
	if sealed == "" {
		return nil, nil
	}
	return l.Sealer.Unseal(sealed, ad)
}

// Defaults of Options.
const (
	DefaultQueue   = 4096
	DefaultMinFree = 64 << 20
	DefaultConns   = 16
)

// Options say which database and how. Exactly one of SQLitePath and PostgresURL is set.
type Options struct {
	SQLitePath  string // file, made when absent; its folder must exist
	PostgresURL string // postgres://...; credentials stay in here and are never logged
	ReadOnly    bool   // no migration, no writes: for verify beside running servers, which needs no Sealer

	Clock  clock.Clock
	Log    *slog.Logger
	Sealer Sealer

	Queue     int    // most payments waiting for a commit before ErrOverloaded; 0: DefaultQueue
	MinFree   uint64 // bytes that must be free on SQLite's disk before anything new begins; 0: DefaultMinFree
	MaxConns  int    // of the PostgreSQL pool; 0: DefaultConns
	Ungrouped bool   // one commit per payment: only for the comparison in benchmarks

	// FreeSpace is how many bytes can be written in a folder, 0 when it is read-only; nil
	// asks the system.
	FreeSpace func(folder string) (uint64, error)

	upTo int64 // migrate no further; 0: to the end. Only tests stop earlier
}

// ErrBroken is what every write returns after the disk failed under a commit: what
// is on it is no longer known, so no money is taken until a restart has recovered.
var ErrBroken = errors.New("store: disk failed; restart to recover")

// engine is what differs between the two databases.
type engine interface {
	// reader reads what is committed.
	reader() sqlgen.DBTX
	// try runs fn in one write transaction, once. guarded says that every statement
	// of fn carries its own condition, so that the weakest isolation is enough.
	try(ctx context.Context, guarded bool, fn func(sqlgen.DBTX) error) error
	// commit applies the batch in one transaction and sets the result of every
	// item; with an error nothing is known of any, unless the error says so.
	commit(b []*item) error
	// snapshot runs fn on one consistent read-only view.
	snapshot(ctx context.Context, fn func(sqlgen.DBTX) error) error
	// tables lists the tables that hold an installation's data.
	tables(ctx context.Context, d sqlgen.DBTX) ([]string, error)
	// fill runs fn in one transaction of an empty database, which commits when fn
	// returns nil; have are its tables.
	fill(ctx context.Context, fn func(have []string, fill filler) error) error
	// room is payment.ErrNoSpace when nothing new may begin: what is left of the disk is
	// the reserve of what has begun.
	room() error
	// class says what an error of the engine means.
	class(err error) class
	pools() []Pool
	close() error
}

// DB is one database, open. It is safe for concurrent use.
type DB struct {
	engine engine
	q      *sqlgen.Queries // reads, outside a transaction
	group  *group
	clock  clock.Clock
	log    *slog.Logger
	sealer Sealer
	wakeMu sync.Mutex
	wakes  []chan struct{}
	spread bool // merchants are spread over buckets

	broken    atomic.Bool
	fatalOnce sync.Once
	fatal     chan error
}

// Open connects, checks that the database is durable, and migrates it. It is safe
// when several instances open the same database at once.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Clock == nil || o.Log == nil || o.Sealer == nil && !o.ReadOnly {
		return nil, errors.New("store: Clock, Log and Sealer must be given")
	}
	if (o.SQLitePath == "") == (o.PostgresURL == "") {
		return nil, errors.New("store: exactly one of SQLitePath and PostgresURL must be given")
	}
	o = o.withDefaults()
	db := &DB{
		clock: o.Clock, log: o.Log, sealer: lenient{o.Sealer},
		fatal: make(chan error, 1),
	}
	var err error
	if o.SQLitePath != "" {
		db.engine, err = openSQLite(ctx, o)
	} else {
		db.spread = true
		db.engine, err = openPostgres(ctx, o)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db.q = sqlgen.New(db.engine.reader())
	db.group = newGroup(db, o)
	return db, nil
}

func (o Options) withDefaults() Options {
	if o.Queue == 0 {
		o.Queue = DefaultQueue
	}
	if o.MinFree == 0 {
		o.MinFree = DefaultMinFree
	}
	if o.MaxConns == 0 {
		o.MaxConns = DefaultConns
	}
	if o.FreeSpace == nil {
		o.FreeSpace = freeSpace
	}
	return o
}

// bucket is where the rows of a merchant stand that are kept by bucket. SQLite is
// one machine's: there one bucket keeps what is written together together.
func (db *DB) bucket(merchantID string) int64 {
	if !db.spread {
		return 0
	}
	return int64(outbox.Bucket(merchantID))
}

// Close ends the workers after what waits is decided, then the connections.
func (db *DB) Close() error {
	db.group.close()
	return db.engine.close()
}

// Fatal gives one error when the disk failed under a commit (EIO, failed fsync,
// corrupt file). The program must then exit non-zero; the next start recovers
// (rulings 10).
func (db *DB) Fatal() <-chan error { return db.fatal }

// Wake receives after a commit of this process that wrote events. It is a hint
// that saves waiting for the next poll; events of other processes give none.
// Every call gives a channel of its own, which is never closed.
func (db *DB) Wake() <-chan struct{} {
	db.wakeMu.Lock()
	defer db.wakeMu.Unlock()
	c := make(chan struct{}, 1)
	db.wakes = append(db.wakes, c)
	return c
}

func (db *DB) hint() {
	db.wakeMu.Lock()
	defer db.wakeMu.Unlock()
	for _, c := range db.wakes {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// broke reports a failed disk, once.
func (db *DB) broke(err error) {
	db.broken.Store(true)
	db.fatalOnce.Do(func() {
		db.log.Error("disk failed under a commit", "error", err)
		db.fatal <- err
	})
}

// readyLease is the row that Ping writes.
const readyLease = "ready"

// Ping reports whether payments can be taken: it writes, and asks for room.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.engine.room(); err != nil {
		return err
	}
	now := clock.Micros(db.clock.Now())
	return db.write(ctx, func(q *sqlgen.Queries) error {
		_, err := q.TakeLease(ctx, sqlgen.TakeLeaseParams{Name: readyLease, Owner: readyLease, Until: now, NowAt: now})
		return err
	})
}
