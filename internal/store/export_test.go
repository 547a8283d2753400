package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"innopay/internal/audit"
	"innopay/internal/store/sqlgen"
)

// Plans gives the plans of the batched statements of PostgreSQL as the pool's
// connections make them: without knowing the values (generic). The statements are
// not run.
func (db *DB) Plans(ctx context.Context) (intents, outcomes string, err error) {
	p, ok := db.engine.(*postgres)
	if !ok {
		panic("not PostgreSQL")
	}
	if intents, err = p.plan(ctx, intentText, len(intentArgs(nil))); err != nil {
		return "", "", err
	}
	outcomes, err = p.plan(ctx, outcomeText, len(outcomeArgs(nil)))
	return intents, outcomes, err
}

func (p *postgres) plan(ctx context.Context, text string, params int) (string, error) {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = tx.Rollback(ctx) }() // nothing to keep
	if _, err := tx.Exec(ctx, "prepare planned as "+text); err != nil {
		return "", err
	}
	nulls := strings.TrimSuffix(strings.Repeat("null,", params), ",")
	rows, err := tx.Query(ctx, "explain execute planned("+nulls+")", pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return "", err
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, "deallocate planned")
	return strings.Join(lines, "\n"), err
}

// Numbered is the rewriter of parameters.
func Numbered(text string) string { return numbered(text) }

// SQLiteText and PostgresText are the texts of migrations as each engine gets them.
func SQLiteText(s string) string { return sqliteText.text(s) }

// PostgresText see SQLiteText.
func PostgresText(s string) string { return postgresText.text(s) }

// Pragmas reads settings of SQLite's writing connection.
func (db *DB) Pragmas(ctx context.Context, names ...string) (map[string]string, error) {
	l, ok := db.engine.(*lite)
	if !ok {
		return nil, fmt.Errorf("not SQLite")
	}
	if err := l.take(ctx); err != nil {
		return nil, err
	}
	defer func() { l.turn <- struct{}{} }()
	values := map[string]string{}
	for _, n := range names {
		var v string
		if err := l.conn.QueryRowContext(ctx, "pragma "+n).Scan(&v); err != nil {
			return nil, err
		}
		values[n] = v
	}
	return values, nil
}

// Exec runs a statement as it stands, to plant what verify must find.
func (db *DB) Exec(ctx context.Context, text string, args ...any) error {
	return db.retry(ctx, func(d sqlgen.DBTX) error {
		_, err := d.ExecContext(ctx, text, args...)
		return err
	}, func() audit.Record { return audit.Record{} })
}

// RuleCodes are the codes of every rule of verify.
func RuleCodes() []string {
	codes := make([]string, len(rules))
	for i, r := range rules {
		codes[i] = r.code
	}
	return codes
}

// ErrLost is what a Faults.Commit returns for a connection that went away.
var ErrLost = errors.New("lost")

// Faults stand before the engine of a database.
type Faults struct {
	Commit func(commit func() error) error // of the hot path
	Read   func() error                    // outside of transactions
}

// Meet puts the faults before the engine; nobody may use the database yet.
func (db *DB) Meet(f Faults) {
	db.q = sqlgen.New(faultyReader{db.engine.reader(), f})
	db.engine = faultyEngine{db.engine, f}
}

type faultyEngine struct {
	engine
	faults Faults
}

func (e faultyEngine) commit(b []*item) error {
	return e.faults.Commit(func() error { return e.engine.commit(b) })
}

func (e faultyEngine) class(err error) class {
	if errors.Is(err, ErrLost) {
		return classLost
	}
	return e.engine.class(err)
}

type faultyReader struct {
	sqlgen.DBTX
	faults Faults
}

func (r faultyReader) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	if err := r.faults.Read(); err != nil {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		ctx = ended
	}
	return r.DBTX.QueryRowContext(ctx, text, args...)
}

// Rows reads a table as it stands, each row by the names of its columns.
func (db *DB) Rows(ctx context.Context, table string) ([]map[string]any, error) {
	rows, err := db.engine.reader().QueryContext(ctx, "select * from "+table) //nolint:unqueryvet // whatever stands there
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var all []map[string]any
	for rows.Next() {
		values, row := make([]any, len(names)), map[string]any{}
		to := make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			return nil, err
		}
		for i, n := range names {
			row[n] = values[i]
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// LitePlan is how SQLite finds the request of a link.
func (db *DB) LitePlan(ctx context.Context) (string, error) {
	return db.litePlan(ctx, func(q *sqlgen.Queries) error {
		_, err := q.RequestByToken(ctx, "x")
		return err
	}, "x")
}

// LiteApprovalPlan is how SQLite finds a payment whose merchant is not known.
func (db *DB) LiteApprovalPlan(ctx context.Context) (string, error) {
	return db.litePlan(ctx, func(q *sqlgen.Queries) error {
		_, err := q.PaymentByApproval(ctx, sqlgen.PaymentByApprovalParams{ApprovalNumber: "x", BuyerPhoneIndex: "x", Amount: 1})
		return err
	}, "x", "x", 1)
}

func (db *DB) litePlan(ctx context.Context, ask func(*sqlgen.Queries) error, args ...any) (string, error) {
	w := &wiretap{DBTX: db.engine.reader()}
	if err := ask(sqlgen.New(w)); !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("the query itself: %w", err)
	}
	rows, err := db.engine.reader().QueryContext(ctx, "explain query plan "+w.text, args...)
	if err != nil {
		return "", err
	}
	defer func() { _ = rows.Close() }() // rows.Err tells
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var line string
		if err := rows.Scan(&id, &parent, &unused, &line); err != nil {
			return "", err
		}
		plan.WriteString(line + "\n")
	}
	return plan.String(), rows.Err()
}

// wiretap keeps the text of the last query for one row.
type wiretap struct {
	sqlgen.DBTX
	text string
}

func (w *wiretap) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	w.text = text
	return w.DBTX.QueryRowContext(ctx, text, args...)
}

// UpTo has the options migrate no further than the version.
func (o Options) UpTo(version int64) Options {
	o.upTo = version
	return o
}

// NewestMigration is the number of the last step.
func NewestMigration() int64 {
	steps, err := sqliteText.steps()
	if err != nil {
		panic(err)
	}
	return steps[len(steps)-1].Version
}
