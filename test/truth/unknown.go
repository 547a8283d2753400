package truth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"

	"innopay/internal/load"
)

// Open opens the database of a server beside it: a postgres:// URL, or the data
// folder of one on SQLite.
func Open(database, dir string) (*sql.DB, error) {
	if strings.HasPrefix(database, "postgres") {
		return sql.Open("pgx", database)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		return nil, errors.Join(err, fmt.Errorf("truth: %d databases in the data folder", len(files)))
	}
	return sql.Open("sqlite", "file:"+files[0]+"?_pragma=busy_timeout(10000)")
}

// Attempt is one message, as the database has it.
type Attempt struct {
	ID, PaymentID, Kind, Status string
}

// Unknowns are the authorizations that were ever unknown.
func Unknowns(ctx context.Context, db *sql.DB) ([]Attempt, error) {
	rows, err := db.QueryContext(ctx, `select distinct t.id, t.payment_id, t.kind, t.status from attempt t
join audit a on a.merchant_id = t.merchant_id and a.subject = t.payment_id and a.action = 'payment.unknown'
where t.kind = 'AUTHORIZE'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Attempt
	for rows.Next() {
		var a Attempt
		if err := rows.Scan(&a.ID, &a.PaymentID, &a.Kind, &a.Status); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}

// Unsettled is how many jobs are left.
func Unsettled(ctx context.Context, db *sql.DB) (int, error) {
	var n int
	err := db.QueryRowContext(ctx, "select count(*) from unsettled").Scan(&n)
	return n, err
}

// Reversals holds rulings 10c: the distinct authorizations that the acquirer
// reversed are those that were ever unknown, less those proven absent or never
// acted on.
func Reversals(journal []load.Entry, unknown []Attempt) []string {
	var f faults
	b := read(journal, &f)
	expected := map[string]bool{}
	for _, a := range unknown {
		acted := b.auths[a.ID] != nil
		switch {
		case a.Status == "ABSENT" && acted:
			f.add("attempt %s was taken for absent and the acquirer had approved it", a.ID)
		case a.Status != "ABSENT" && acted:
			expected[a.ID] = true
			if !b.reversed[a.ID] {
				f.add("attempt %s was unknown, ended as %s and was not reversed", a.ID, a.Status)
			}
		}
	}
	for id := range b.reversed {
		if !expected[id] {
			f.add("attempt %s was reversed and was never unknown", id)
		}
	}
	return f
}
