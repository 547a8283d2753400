package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// numbered turns $1 into ?1, which is how SQLite numbers parameters; SQLite would
// take $1 for a name and bind by first appearance. Quoted text, quoted names and
// comments stay as they are.
func numbered(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		n := skip(text[i:])
		if n == 0 {
			c := text[i]
			if c == '$' && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
				c = '?'
			}
			b.WriteByte(c)
			i++
			continue
		}
		b.WriteString(text[i : i+n])
		i += n
	}
	return b.String()
}

// skip is the length of the quoted text or comment that s begins with, or 0. A
// doubled quote ends one quoted part and begins the next, which comes to the same.
func skip(s string) int {
	var end string
	from := 1
	switch {
	case s[0] == '\'' || s[0] == '"':
		end = s[:1]
	case strings.HasPrefix(s, "--"):
		from, end = 2, "\n"
	case strings.HasPrefix(s, "/*"):
		from, end = 2, "*/"
	default:
		return 0
	}
	n := strings.Index(s[from:], end)
	if n < 0 {
		return len(s)
	}
	return from + n + len(end)
}

// preparer is a *sql.Conn or *sql.DB.
type preparer interface {
	PrepareContext(ctx context.Context, text string) (*sql.Stmt, error)
	QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row
}

// mostKept bounds the statements kept per connection or pool. The fixed texts of
// queries/ are fewer; texts of the history builder beyond it are prepared each time.
const mostKept = 512

// kept is the DBTX of SQLite: it rewrites parameters and keeps statements prepared.
type kept struct {
	db preparer

	mu    sync.Mutex
	stmts map[string]*sql.Stmt
}

func keep(db preparer) *kept { return &kept{db: db, stmts: map[string]*sql.Stmt{}} }

// PrepareContext gives the kept statement of the text. The caller must not close it.
func (k *kept) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	s, _, err := k.statement(ctx, text)
	return s, err
}

// statement gives the statement and what to do with it after use.
func (k *kept) statement(ctx context.Context, text string) (*sql.Stmt, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.stmts[text]; s != nil {
		return s, true, nil
	}
	s, err := k.db.PrepareContext(ctx, numbered(text))
	if err != nil {
		return nil, false, err
	}
	if len(k.stmts) >= mostKept {
		return s, false, nil
	}
	k.stmts[text] = s
	return s, true, nil
}

// ExecContext runs a statement without rows.
func (k *kept) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	s, keeps, err := k.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args...)
	if !keeps {
		_ = s.Close() // the result is complete
	}
	return r, err
}

// QueryContext runs a statement with rows. A statement that is not kept lives
// until its connection closes it with the rows.
func (k *kept) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	s, keeps, err := k.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args...)
	if !keeps {
		_ = s.Close() // waits for the rows, which hold the statement
	}
	return rows, err
}

// QueryRowContext runs a statement with at most one row.
func (k *kept) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	s, keeps, err := k.statement(ctx, text)
	if err != nil {
		return k.db.QueryRowContext(ctx, numbered(text), args...) // a row that holds the same error
	}
	row := s.QueryRowContext(ctx, args...)
	if !keeps {
		_ = s.Close()
	}
	return row
}

// rewritten is the DBTX of a connection of SQLite that keeps no statements.
type rewritten struct{ conn *sql.Conn }

func (r rewritten) PrepareContext(ctx context.Context, text string) (*sql.Stmt, error) {
	return r.conn.PrepareContext(ctx, numbered(text))
}

func (r rewritten) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return r.conn.ExecContext(ctx, numbered(text), args...)
}

func (r rewritten) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return r.conn.QueryContext(ctx, numbered(text), args...)
}

func (r rewritten) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return r.conn.QueryRowContext(ctx, numbered(text), args...)
}
