package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"innopay/internal/audit"
	"innopay/internal/risk"
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
	return db.explain(ctx, w.text, args...)
}

// explain is SQLite's plan of a query.
func (db *DB) explain(ctx context.Context, text string, args ...any) (string, error) {
	rows, err := db.engine.reader().QueryContext(ctx, "explain query plan "+text, args...)
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

// wiretap keeps the text of the last query.
type wiretap struct {
	sqlgen.DBTX
	text string
}

func (w *wiretap) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	w.text = text
	return w.DBTX.QueryRowContext(ctx, text, args...)
}

// DeskPlans are how SQLite answers what operators ask, by name.
func (db *DB) DeskPlans(ctx context.Context) (map[string]string, error) {
	texts := map[string]string{"number": byNumber, "risk used": "select sum(used) from risk_count where subject = $1 and slice >= $2"}
	args := map[string][]any{"number": {"x"}, "risk used": {"x", 1}}
	for kind, text := range byID {
		texts[string(kind)], args[string(kind)] = text, []any{"x"}
	}
	for _, s := range []series{paymentSource, attemptSource, receiptSource, requestSource, messageSource, auditSource, reviewSource} {
		for _, merchant := range []string{"", "mer_x"} {
			w := db.between(s, merchant, "a", "b")
			name := s.table + " of " + merchant
			texts[name] = "select t.id" + w.tail(10)
			args[name] = w.args
		}
	}
	w := &where{}
	w.text.WriteString(" from cash_receipt t join merchant n on n.id = t.merchant_id where " + openReceipt + " and t.status = 'REJECTED'")
	texts["receipts that need somebody"], args["receipts that need somebody"] = "select t.id"+w.tail(10), w.args
	block := blocking(time.Unix(0, 0), map[risk.BlockKind][]string{risk.BlockCard: {"x"}, risk.BlockBIN: {"y", "z"}, risk.BlockPhone: {"x"}})
	texts["block"], args["block"] = "select b.id from risk_block b where "+block.text.String(), block.args
	out := map[string]string{}
	for name, text := range texts {
		plan, err := db.explain(ctx, text, args[name]...)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = plan
	}
	return out, nil
}

func (w *wiretap) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	w.text = text
	return w.DBTX.QueryContext(ctx, text, args...)
}

// Numbers asks for rows of a text and a number, as a map.
func (db *DB) Numbers(ctx context.Context, text string, args ...any) (out map[string]int64, err error) {
	rows, err := db.engine.reader().QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	out = map[string]int64{}
	for rows.Next() {
		var name string
		var n int64
		if err := rows.Scan(&name, &n); err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, rows.Err()
}

// LiteSalesPlan is how SQLite finds what a merchant sold on a day.
func (db *DB) LiteSalesPlan(ctx context.Context) (string, error) {
	return db.litePlan(ctx, func(q *sqlgen.Queries) error {
		_, err := q.SalesMoves(ctx, sqlgen.SalesMovesParams{MerchantID: "x", First: "x", Last: "x"})
		return errors.Join(err, sql.ErrNoRows) // a list that is empty is no error
	}, "x", "x", "x")
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

// EachCell gives every value of every table as text.
func (db *DB) EachCell(ctx context.Context, fn func(table, column, value string)) error {
	return db.engine.snapshot(ctx, func(d sqlgen.DBTX) error {
		return db.each(ctx, d, func(t *table) error {
			for {
				row, err := t.next()
				if errors.Is(err, errNoMore) {
					return nil
				} else if err != nil {
					return err
				}
				for i, v := range row {
					if b, ok := v.([]byte); ok {
						v = string(b)
					}
					fn(t.name, t.columns[i], fmt.Sprint(v))
				}
			}
		})
	})
}

// Look reads one row.
func (db *DB) Look(ctx context.Context, text string, into ...any) error {
	return db.engine.reader().QueryRowContext(ctx, text).Scan(into...)
}
