package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/store/sqlgen"
)

// ErrNotEmpty: the database that was to be filled holds something.
var ErrNotEmpty = errors.New("store: the database to be filled is not empty")

// ErrInUse: a server works on the database, or did a moment ago.
var ErrInUse = errors.New("store: a server works on the database")

// Content is what one table holds. Two tables with the same content are equal on
// whatever engine.
type Content struct {
	Rows   int64
	Digest [sha256.Size]byte // of all rows, in whatever order they came
}

// MarshalText writes both, for the manifest of a backup.
func (c Content) MarshalText() ([]byte, error) {
	return fmt.Appendf(nil, "%d %x", c.Rows, c.Digest), nil
}

// UnmarshalText reads what MarshalText wrote.
func (c *Content) UnmarshalText(b []byte) error {
	var digest []byte
	if n, err := fmt.Sscanf(string(b), "%d %x", &c.Rows, &digest); n != 2 || len(digest) != len(c.Digest) {
		return fmt.Errorf("store: content of a table: %w", err)
	}
	copy(c.Digest[:], digest)
	return nil
}

// Inventory is the content of every table, by its name.
type Inventory map[string]Content

// Rows is how many rows there are in all.
func (inv Inventory) Rows() int64 {
	var n int64
	for _, c := range inv {
		n += c.Rows
	}
	return n
}

// Difference names the tables whose content differs, in order.
func (inv Inventory) Difference(other Inventory) []string {
	var out []string
	for table, c := range inv {
		if has, ok := other[table]; !ok || has != c {
			out = append(out, table)
		}
	}
	for table := range other {
		if _, ok := inv[table]; !ok {
			out = append(out, table)
		}
	}
	slices.Sort(out)
	return out
}

// ours reports whether a table is part of an installation's data. Leases are of
// processes, and a copy is of none; the version of the schema is the copy's own.
func ours(table string) bool {
	return table != "lease" && table != "goose_db_version" && table != backupTable && !strings.HasPrefix(table, "sqlite_")
}

// bucketColumn is where an engine keeps how it spreads merchants; it is no content.
const bucketColumn = "bucket"

// filler takes the rows of one table after another.
type filler func(ctx context.Context, table string, columns []string, next func() ([]any, error)) error

// errNoMore ends the rows of a table.
var errNoMore = errors.New("store: no more rows")

// Inventory reads everything once, at one moment, in bounded memory.
func (db *DB) Inventory(ctx context.Context) (Inventory, error) {
	inv := Inventory{}
	err := db.engine.snapshot(ctx, func(d sqlgen.DBTX) error {
		return db.each(ctx, d, func(t *table) error {
			for {
				if _, err := t.next(); errors.Is(err, errNoMore) {
					inv[t.name] = t.content
					return nil
				} else if err != nil {
					return err
				}
			}
		})
	})
	return inv, err
}

// CopyTo fills an empty database with everything that this one holds at one moment,
// also while servers work on this one: all of it, or nothing. It returns what was
// copied, or ErrNotEmpty. Memory is bounded.
func (db *DB) CopyTo(ctx context.Context, to *DB) (Inventory, error) {
	inv := Inventory{}
	err := db.engine.snapshot(ctx, func(d sqlgen.DBTX) error {
		clear(inv)
		return to.engine.fill(ctx, func(have []string, fill filler) error {
			return db.each(ctx, d, func(t *table) error {
				if !slices.Contains(have, t.name) {
					return fmt.Errorf("store: the database to be filled has no table %s: another version made it", t.name)
				}
				t.spread = to.bucket
				if err := fill(ctx, t.name, t.columns, t.next); err != nil {
					return fmt.Errorf("store: copy %s: %w", t.name, err)
				}
				inv[t.name] = t.content
				return nil
			})
		})
	})
	return inv, err
}

// Alone runs fn while nobody else can write to the database, and refuses with ErrInUse
// when a server works on it: one of them always seals, or did within audit.LeaseFor. PostgreSQL cannot be held so.
func (db *DB) Alone(ctx context.Context, fn func() error) error {
	l, ok := db.engine.(*lite)
	if !ok {
		return errors.New("store: only a database in a file can be held alone")
	}
	if err := l.take(ctx); err != nil {
		return err
	}
	defer func() { l.turn <- struct{}{} }()
	return l.transact(func() error {
		var held int
		row := l.write.QueryRowContext(ctx, "select count(*) from lease where until > $1 and name = $2", clock.Micros(db.clock.Now()), audit.LeaseName)
		if err := row.Scan(&held); err != nil {
			return err
		}
		if held > 0 {
			return ErrInUse
		}
		return fn()
	})
}

// table is one table on its way.
type table struct {
	name    string
	columns []string
	content Content
	next    func() ([]any, error) // the next row, or errNoMore; the values hold until the next call
	spread  func(merchantID string) int64
}

// each reads every table of ours, one after another.
func (db *DB) each(ctx context.Context, d sqlgen.DBTX, fn func(*table) error) error {
	names, err := db.engine.tables(ctx, d)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := readTable(ctx, d, name, fn); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// readTable gives fn the rows of one table.
func readTable(ctx context.Context, d sqlgen.DBTX, name string, fn func(*table) error) (err error) {
	rows, err := d.QueryContext(ctx, "select * from "+quoted(name)) //nolint:rowserrcheck,unqueryvet // t.next asks for it; whatever columns there are
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	t := &table{name: name, columns: columns}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	order := canonicalOrder(columns)
	bucket, merchant := slices.Index(columns, bucketColumn), slices.Index(columns, "merchant_id")
	t.next = func() ([]any, error) {
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				return nil, err
			}
			return nil, errNoMore
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i, v := range values {
			if b, ok := v.([]byte); ok && b == nil {
				values[i] = []byte{} // SQLite reads no bytes as nil, which would be written as NULL
			}
		}
		if err := t.content.add(columns, order, values); err != nil {
			return nil, err
		}
		if bucket >= 0 && t.spread != nil {
			id, ok := values[merchant].(string)
			if !ok {
				return nil, errors.New("a bucket without a merchant")
			}
			values[bucket] = t.spread(id)
		}
		return values, nil
	}
	return fn(t)
}

// canonicalOrder is the order in which columns are digested: by name, for a later
// migration may have put them elsewhere.
func canonicalOrder(columns []string) []int {
	order := make([]int, 0, len(columns))
	for i, c := range columns {
		if c != bucketColumn {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(columns[a], columns[b]) })
	return order
}

// add counts a row and takes it into the digest: the sum of the hashes of all rows,
// which does not depend on their order.
func (c *Content) add(columns []string, order []int, values []any) error {
	h := sha256.New()
	part := func(tag byte, b []byte) {
		_, _ = h.Write(binary.BigEndian.AppendUint64([]byte{tag}, uint64(len(b)))) // a hash never fails
		_, _ = h.Write(b)
	}
	for _, i := range order {
		part('c', []byte(columns[i]))
		switch v := values[i].(type) {
		case string:
			part('t', []byte(v))
		case []byte:
			part('b', v)
		case int64:
			part('i', binary.BigEndian.AppendUint64(nil, uint64(v))) //nolint:gosec // the same bits
		case bool: // as SQLite keeps it
			n := uint64(0)
			if v {
				n = 1
			}
			part('i', binary.BigEndian.AppendUint64(nil, n))
		default:
			return fmt.Errorf("column %s holds a %T", columns[i], v)
		}
	}
	c.Rows++
	carry := uint16(0)
	for i, b := range slices.Backward(h.Sum(nil)) {
		carry += uint16(c.Digest[i]) + uint16(b)
		c.Digest[i] = byte(carry & 0xff)
		carry >>= 8
	}
	return nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
