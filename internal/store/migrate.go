package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// dialect is what a migration's text becomes for an engine.
type dialect struct {
	goose goose.Dialect
	mark  string
	types *strings.Replacer
}

// On PostgreSQL every text column compares by bytes, as on SQLite: ids and periods
// sort alike everywhere, and keys compare several times faster than by a language.
var (
	sqliteText   = dialect{goose.DialectSQLite3, "/*sqlite:", strings.NewReplacer()}
	postgresText = dialect{goose.DialectPostgres, "/*postgres:", strings.NewReplacer(" text not null", ` text collate "C" not null`)}
)

// Another instance may be migrating the same database at the same moment; then
// this one's attempt fails on what the other has made, and the next finds it done.
const (
	migrateTries = 20
	migrateWait  = 250 * time.Millisecond
)

// migrate brings the schema up to date, forward only.
func migrate(ctx context.Context, db *sql.DB, d dialect, o Options) error {
	steps, err := d.steps()
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := up(ctx, db, d, steps, o.upTo)
		if err == nil {
			return nil
		}
		if try == migrateTries {
			return fmt.Errorf("migrate: %w", err)
		}
		if err := o.Clock.Sleep(ctx, migrateWait); err != nil {
			return err
		}
	}
}

func up(ctx context.Context, db *sql.DB, d dialect, steps []*goose.Migration, upTo int64) error {
	p, err := goose.NewProvider(d.goose, db, nil,
		goose.WithGoMigrations(steps...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if upTo > 0 {
		_, err = p.UpTo(ctx, upTo)
	} else {
		_, err = p.Up(ctx)
	}
	return err
}

// steps are the embedded files as goose runs them, each in a transaction.
func (d dialect) steps() ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	steps := make([]*goose.Migration, 0, len(names))
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		body, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text := d.text(string(body))
		steps = append(steps, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, text)
			return err
		}}, nil))
	}
	return steps, nil
}

// text opens the comments that are meant for the engine, and sets its types.
func (d dialect) text(s string) string {
	for {
		head, rest, ok := strings.Cut(s, d.mark)
		if !ok {
			return d.types.Replace(s)
		}
		mine, tail, _ := strings.Cut(rest, "*/")
		s = head + mine + tail
	}
}

// Schema is the number of the last migration that the database has had, and of the last
// one that this program knows.
func (db *DB) Schema(ctx context.Context) (has, wants int64, err error) {
	row := db.engine.reader().QueryRowContext(ctx, "select max(version_id) from goose_db_version")
	if err := row.Scan(&has); err != nil {
		return 0, 0, fmt.Errorf("store: schema: %w", err)
	}
	steps, err := sqliteText.steps()
	if err != nil {
		return 0, 0, err
	}
	return has, steps[len(steps)-1].Version, nil
}
