package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver registers itself as "sqlite"

	"innopay/internal/payment"
	"innopay/internal/store/sqlgen"
)

// What every connection to the file is set to. The driver ignores keys it does not
// know, so pragmas go only as _pragma, and checkSQLite reads them back.
var pragmas = []string{
	"busy_timeout(10000)", // first: the others may have to wait
	"journal_mode(wal)",
	"synchronous(full)",
	"foreign_keys(on)",
	"wal_autocheckpoint(4000)",
	"cache_size(-65536)", // KiB
	"temp_store(memory)",
}

// Connections that read; SQLite readers never wait for the writer under WAL.
const sqliteReaders = 4

// lite is one SQLite file: one connection that writes, some that only read.
type lite struct {
	folder  string
	minFree uint64
	free    func(string) (uint64, error)
	readers *sql.DB
	read    *kept
	writers *sql.DB
	conn    *sql.Conn
	write   *kept
	begin   *sql.Stmt
	commits *sql.Stmt
	back    *sql.Stmt
	turn    chan struct{} // holds one token: whoever has it writes
}

func openSQLite(ctx context.Context, o Options) (*lite, error) {
	path, err := filepath.Abs(o.SQLitePath)
	if err != nil {
		return nil, err
	}
	l := &lite{folder: filepath.Dir(path), minFree: o.MinFree, free: o.FreeSpace, turn: make(chan struct{}, 1)}
	l.turn <- struct{}{}
	if o.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("no database: %w", err)
		}
		if l.readers, err = openReaders(path); err != nil {
			return nil, err
		}
		l.read = keep(l.readers)
		return l, checkSQLite(ctx, l.readers)
	}
	if err := l.openWriter(ctx, path, o); err != nil {
		return nil, errors.Join(err, l.close())
	}
	// A file that was made just now must have its name on disk too.
	if err := syncFolder(l.folder); err != nil {
		return nil, errors.Join(err, l.close())
	}
	if l.readers, err = openReaders(path); err != nil {
		return nil, errors.Join(err, l.close())
	}
	l.read = keep(l.readers)
	return l, nil
}

func (l *lite) openWriter(ctx context.Context, path string, o Options) error {
	var err error
	if l.writers, err = sql.Open("sqlite", sqliteName(path, "_txlock=immediate")); err != nil {
		return err
	}
	l.writers.SetMaxOpenConns(1)
	if err := checkSQLite(ctx, l.writers); err != nil {
		return err
	}
	if err := migrate(ctx, l.writers, sqliteText, o); err != nil {
		return err
	}
	if l.conn, err = l.writers.Conn(ctx); err != nil {
		return err
	}
	l.write = keep(l.conn)
	for _, s := range []struct {
		to   **sql.Stmt
		text string
	}{{&l.begin, "begin immediate"}, {&l.commits, "commit"}, {&l.back, "rollback"}} {
		if *s.to, err = l.conn.PrepareContext(ctx, s.text); err != nil { //nolint:sqlclosecheck // kept for the life of the connection, which closes it
			return err
		}
	}
	return nil
}

func openReaders(path string) (*sql.DB, error) {
	// Not mode=ro: a read-only open cannot make the -shm file of a WAL that a killed
	// process left behind. query_only forbids writing all the same.
	db, err := sql.Open("sqlite", sqliteName(path, "_pragma=query_only(on)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(sqliteReaders)
	db.SetMaxIdleConns(sqliteReaders)
	return db, nil
}

func sqliteName(path, more string) string {
	parts := make([]string, 0, len(pragmas)+1)
	for _, p := range pragmas {
		parts = append(parts, "_pragma="+p)
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(append(parts, more), "&")}).String()
}

// checkSQLite reads back what durability rests on and refuses anything else.
func checkSQLite(ctx context.Context, db *sql.DB) error {
	for _, c := range []struct{ pragma, want string }{
		{"journal_mode", "wal"}, {"synchronous", "2"}, {"foreign_keys", "1"}, {"busy_timeout", "10000"},
	} {
		var got string
		if err := db.QueryRowContext(ctx, "pragma "+c.pragma).Scan(&got); err != nil {
			return fmt.Errorf("pragma %s: %w", c.pragma, err)
		}
		if got != c.want {
			return fmt.Errorf("SQLite is not durable here: pragma %s is %s, not %s", c.pragma, got, c.want)
		}
	}
	return nil
}

func (l *lite) reader() sqlgen.DBTX { return l.read }

// take waits for the writer's turn.
func (l *lite) take(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *lite) try(ctx context.Context, _ bool, fn func(sqlgen.DBTX) error) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer func() { l.turn <- struct{}{} }()
	return l.transact(func() error { return fn(l.write) })
}

// transact runs fn between BEGIN IMMEDIATE and COMMIT. The caller has the turn.
// Nothing here ends early with a context: a transaction of the one writer is
// short, and an interrupted COMMIT would leave its outcome open.
func (l *lite) transact(fn func() error) (err error) {
	if l.conn == nil {
		return fmt.Errorf("%w: opened read-only", payment.ErrNoSpace)
	}
	if err := l.need(1); err != nil {
		return err
	}
	ctx := context.Background()
	if _, err := l.begin.ExecContext(ctx); err != nil {
		return err
	}
	done := false
	defer func() {
		if done {
			return
		}
		// SQLite has rolled back by itself after some errors, then this one fails.
		_, _ = l.back.ExecContext(ctx)
	}()
	if err := fn(); err != nil {
		return err
	}
	if _, err := l.commits.ExecContext(ctx); err != nil {
		return err
	}
	done = true
	return nil
}

// room reports whether anything new may begin. Below the floor of free space only what
// follows from the past is written: the answer to a message that left, its settling and
// what workers note of it, for which the floor is the reserve (rulings 10).
func (l *lite) room() error { return l.need(l.minFree) }

func (l *lite) need(bytes uint64) error {
	free, err := l.free(l.folder)
	if err != nil {
		return fmt.Errorf("free space: %w", err)
	}
	if free < bytes {
		return fmt.Errorf("%w: %d bytes free, %d needed", payment.ErrNoSpace, free, bytes)
	}
	return nil
}

func (l *lite) snapshot(ctx context.Context, fn func(sqlgen.DBTX) error) error {
	conn, err := l.readers.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // back to the pool
	// A read transaction under WAL sees one moment however long it lasts.
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return err
	}
	defer func() { _, _ = conn.ExecContext(context.WithoutCancel(ctx), "rollback") }()
	return fn(rewritten{conn})
}

func (l *lite) close() error {
	var errs []error
	for _, s := range []*sql.Stmt{l.begin, l.commits, l.back} {
		if s != nil {
			errs = append(errs, s.Close())
		}
	}
	if l.conn != nil {
		errs = append(errs, l.conn.Close())
	}
	for _, db := range []*sql.DB{l.readers, l.writers} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

func syncFolder(path string) error {
	d, err := os.Open(path) //nolint:gosec // the folder of our own database
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
