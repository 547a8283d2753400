package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"innopay/internal/store/sqlgen"
)

const pgTables = "select table_name::text from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name"

func (p *postgres) tables(ctx context.Context, d sqlgen.DBTX) ([]string, error) {
	return tableNames(ctx, d, pgTables)
}

// fill runs fn in one transaction.
func (p *postgres) fill(ctx context.Context, fn func(have []string, fill filler) error) (err error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing to undo after the commit
	have, err := p.tables(ctx, tx)
	if err != nil {
		return err
	}
	if err := allEmpty(ctx, tx, have); err != nil {
		return err
	}
	booleans, err := booleanColumns(ctx, tx)
	if err != nil {
		return err
	}
	err = fn(have, func(ctx context.Context, table string, columns []string, next func() ([]any, error)) error {
		// The connection is in the transaction; COPY goes by the driver itself.
		return conn.Raw(func(raw any) error {
			c, ok := raw.(*stdlib.Conn)
			if !ok {
				return errors.New("store: not a connection of pgx")
			}
			_, err := c.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, &source{next: next, booleans: booleans[table], columns: columns})
			return err
		})
	})
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return errInCommit{err}
	}
	_, err = conn.ExecContext(ctx, "analyze")
	return err
}

// booleanColumns are the columns, by table, that SQLite keeps as numbers.
func booleanColumns(ctx context.Context, d sqlgen.DBTX) (_ map[string]map[string]bool, err error) {
	rows, err := d.QueryContext(ctx, "select table_name::text, column_name::text from information_schema.columns where table_schema = current_schema() and data_type = 'boolean'")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	all := map[string]map[string]bool{}
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return nil, err
		}
		if all[table] == nil {
			all[table] = map[string]bool{}
		}
		all[table][column] = true
	}
	return all, rows.Err()
}

// source gives the rows of a table to COPY.
type source struct {
	next     func() ([]any, error)
	columns  []string
	booleans map[string]bool
	row      []any
	err      error
}

// Next implements pgx.CopyFromSource.
func (s *source) Next() bool {
	s.row, s.err = s.next()
	return s.err == nil
}

// Values implements pgx.CopyFromSource.
func (s *source) Values() ([]any, error) {
	for i, column := range s.columns {
		if n, ok := s.row[i].(int64); ok && s.booleans[column] {
			s.row[i] = n != 0
		}
	}
	return s.row, nil
}

// Err implements pgx.CopyFromSource.
func (s *source) Err() error {
	if errors.Is(s.err, errNoMore) {
		return nil
	}
	return s.err
}
