package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"innopay/internal/store/sqlgen"
)

func (l *lite) tables(ctx context.Context, d sqlgen.DBTX) ([]string, error) {
	return tableNames(ctx, d, "select name from sqlite_master where type = 'table' order by name")
}

// tableNames are the names of our tables as the query lists them.
func tableNames(ctx context.Context, d sqlgen.DBTX, query string) (names []string, err error) {
	rows, err := d.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if ours(name) {
			names = append(names, name)
		}
	}
	return names, rows.Err()
}

// fill runs fn in one transaction of the writer.
func (l *lite) fill(ctx context.Context, fn func(have []string, fill filler) error) error {
	if err := l.take(ctx); err != nil {
		return err
	}
	defer func() { l.turn <- struct{}{} }()
	return l.transact(func() error {
		have, err := l.tables(ctx, l.write)
		if err != nil {
			return err
		}
		if err := allEmpty(ctx, l.write, have); err != nil {
			return err
		}
		return fn(have, l.insert)
	})
}

// allEmpty is ErrNotEmpty when one of the tables holds a row.
func allEmpty(ctx context.Context, d sqlgen.DBTX, tables []string) error {
	for _, name := range tables {
		var n int64
		row := d.QueryRowContext(ctx, "select count(*) from (select 1 from "+quoted(name)+" limit 1) one")
		if err := row.Scan(&n); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n > 0 {
			return fmt.Errorf("%w: %s", ErrNotEmpty, name)
		}
	}
	return nil
}

// insert is SQLite's filler.
func (l *lite) insert(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
	names, marks := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i], marks[i] = quoted(c), "?"
	}
	//nolint:gosec // the names are those of our own tables
	text := "insert into " + quoted(table) + " (" + strings.Join(names, ", ") + ") values (" + strings.Join(marks, ", ") + ")"
	stmt, err := l.conn.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	defer stmt.Close() //nolint:errcheck // nothing is kept in it
	for {
		row, err := next()
		if errors.Is(err, errNoMore) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := stmt.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
}
