package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// backupTable is the one table that a backup has and an installation has not.
const backupTable = "backup"

// Manifest says what a backup holds.
type Manifest struct {
	MadeAt   time.Time `json:"madeAt"` // the moment it shows, not when it was finished
	Engine   string    `json:"engine"` // it was made from: sqlite or postgres
	Contents Inventory `json:"contents"`
}

// ErrNoBackup: the file is a database, and no backup of ours.
var ErrNoBackup = errors.New("store: the file is no backup")

// Engine is the name of the database's engine: sqlite or postgres.
func (db *DB) Engine() string {
	if db.spread {
		return "postgres"
	}
	return "sqlite"
}

// Whole brings everything that was committed into the file itself, which then can be
// renamed or copied once the database is closed.
func (db *DB) Whole(ctx context.Context) error {
	l, ok := db.engine.(*lite)
	if !ok {
		return errors.New("store: only a database in a file is a file")
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer func() { l.turn <- struct{}{} }()
	var busy, pages, moved int
	if err := l.conn.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &pages, &moved); err != nil {
		return err
	}
	if busy != 0 || pages != moved {
		return errors.New("store: somebody reads the database: what was committed last is not in its file yet")
	}
	return nil
}

// Label makes a database in a file, just filled, into a backup.
func (db *DB) Label(ctx context.Context, m Manifest) error {
	l, ok := db.engine.(*lite)
	if !ok {
		return errors.New("store: only a database in a file is a backup")
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("store: manifest: %w", err)
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer func() { l.turn <- struct{}{} }()
	return l.transact(func() error {
		if _, err := l.conn.ExecContext(ctx, "create table "+backupTable+" (body text not null)"); err != nil {
			return err
		}
		_, err := l.conn.ExecContext(ctx, "insert into "+backupTable+" (body) values (?)", string(body))
		return err
	})
}

// Unlabel makes a backup into the database of an installation, and returns what its
// label said.
func (db *DB) Unlabel(ctx context.Context) (Manifest, error) {
	l, ok := db.engine.(*lite)
	if !ok {
		return Manifest{}, ErrNoBackup
	}
	if err := l.take(ctx); err != nil {
		return Manifest{}, err
	}
	defer func() { l.turn <- struct{}{} }()
	var m Manifest
	err := l.transact(func() (err error) {
		if m, err = label(ctx, l.conn); err != nil {
			return err
		}
		_, err = l.conn.ExecContext(ctx, "drop table "+backupTable)
		return err
	})
	return m, err
}

// ReadManifest reads the label of the backup in the file, without touching it.
func ReadManifest(ctx context.Context, path string) (Manifest, error) {
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		return Manifest{}, err
	}
	defer db.Close() //nolint:errcheck // read only
	return label(ctx, db)
}

func label(ctx context.Context, d interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}) (Manifest, error) {
	var body string
	if err := d.QueryRowContext(ctx, "select body from "+backupTable).Scan(&body); err != nil {
		return Manifest{}, fmt.Errorf("%w: %w", ErrNoBackup, err)
	}
	var m Manifest
	if err := json.Unmarshal([]byte(body), &m); err != nil || m.Contents == nil {
		return Manifest{}, fmt.Errorf("%w: its label cannot be read", ErrNoBackup)
	}
	return m, nil
}
