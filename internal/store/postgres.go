package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"innopay/internal/store/sqlgen"
)

// oldestPostgres is the oldest server version that the suite is run for.
const oldestPostgres = 140000

const (
	connectWait = 5 * time.Second
	// statementWait bounds one write. Past it the connection is closed and the
	// outcome read again on another; a cancel request is never sent.
	statementWait = 15 * time.Second
)

// session is what every connection is set to. All statements but those of verify
// find their rows by index; with these the planner never answers with a hash over
// a whole table because the table was empty when the plan was made (performance.md
// 0.6), and plans once per connection instead of once per payment.
var session = map[string]string{
	"enable_seqscan":   "off",
	"enable_hashjoin":  "off",
	"enable_mergejoin": "off",
	"jit":              "off",
	"plan_cache_mode":  "force_generic_plan",
	"application_name": "innopay",
}

// scanning undoes session for a transaction that reads whole tables.
const scanning = `set local enable_seqscan = on; set local enable_hashjoin = on;
set local enable_mergejoin = on; set local plan_cache_mode = auto`

// postgres is one pool, used natively by the hot path and through database/sql by
// the rest.
type postgres struct {
	pool *pgxpool.Pool
	db   *sql.DB
	log  *slog.Logger
}

func openPostgres(ctx context.Context, o Options) (*postgres, error) {
	c, err := pgxpool.ParseConfig(o.PostgresURL)
	if err != nil {
		// The cause would repeat the URL, which holds a password.
		return nil, errors.New("the database URL cannot be read")
	}
	c.MaxConns = int32(min(o.MaxConns, 1000)) //nolint:gosec // bounded
	c.MinIdleConns = min(4, c.MaxConns)
	c.ConnConfig.ConnectTimeout = connectWait
	maps.Copy(c.ConnConfig.RuntimeParams, session)
	c.ConnConfig.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		// A warning of class 01 may say that a commit is not replicated.
		if n.SeverityUnlocalized == "WARNING" {
			o.Log.Error("database warns", "sqlstate", n.Code, "message", n.Message)
		}
	}
	c.BeforeConnect = neverCancel
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	p := &postgres{pool: pool, db: stdlib.OpenDBFromPool(pool), log: o.Log}
	if err := p.start(ctx, o); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *postgres) start(ctx context.Context, o Options) error {
	if err := p.check(ctx); err != nil {
		return err
	}
	if o.ReadOnly {
		return nil
	}
	return migrate(ctx, p.db, postgresText, o)
}

// neverCancel gives the connection a dialler that dials until it is connected and
// then no more: the driver dials again only to send a cancel request, and a cancel
// makes a COMMIT that waits for its standby return as if it were replicated
// (reliability.md 6). An ended context so closes the connection and nothing else.
func neverCancel(_ context.Context, c *pgx.ConnConfig) error {
	var connected atomic.Bool
	dial := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
		Enable: true, Idle: 5 * time.Second, Interval: 2 * time.Second, Count: 3,
	}}
	c.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if connected.Load() {
			return nil, errors.New("store: cancel requests are never sent")
		}
		return dial.DialContext(ctx, network, addr)
	}
	after := c.AfterConnect
	c.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error {
		connected.Store(true)
		if after != nil {
			return after(ctx, conn)
		}
		return nil
	}
	return nil
}

// check reads what durability rests on and refuses anything else.
func (p *postgres) check(ctx context.Context) error {
	show := func(name string) (string, error) {
		var v string
		err := p.pool.QueryRow(ctx, "select current_setting($1)", name).Scan(&v)
		return v, err
	}
	text, err := show("server_version_num")
	if err != nil {
		return err
	}
	if version, err := strconv.Atoi(text); err != nil || version < oldestPostgres {
		return fmt.Errorf("PostgreSQL is too old: server_version_num %s, need %d", text, oldestPostgres)
	}
	for _, c := range []struct {
		name string
		want []string
	}{
		{"synchronous_commit", []string{"on", "remote_apply"}},
		{"fsync", []string{"on"}},
		{"full_page_writes", []string{"on"}},
		{"server_encoding", []string{"UTF8"}},
	} {
		got, err := show(c.name)
		if err != nil {
			return err
		}
		if !slices.Contains(c.want, got) {
			return fmt.Errorf("PostgreSQL is not durable here: %s is %s, not %s", c.name, got, c.want[0])
		}
	}
	return nil
}

func (p *postgres) reader() sqlgen.DBTX { return p.db }

// errInCommit marks an error that COMMIT itself returned: then alone the outcome
// may be open.
type errInCommit struct{ error }

func (e errInCommit) Unwrap() error { return e.error }

func (p *postgres) try(ctx context.Context, guarded bool, fn func(sqlgen.DBTX) error) error {
	var o *sql.TxOptions // the database's default
	if guarded {
		o = &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	// COMMIT waits under the context of BEGIN, so that one does not end with the
	// caller's. A statement that the caller's end interrupts closes the connection.
	whole, cancel := context.WithTimeout(context.WithoutCancel(ctx), statementWait)
	defer cancel()
	tx, err := p.db.BeginTx(whole, o)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		_ = tx.Rollback() // fails only on a dead connection, which rolls back too
		if errors.Is(err, sql.ErrTxDone) && whole.Err() != nil {
			return whole.Err() // why it was done
		}
		return err
	}
	if err := ctx.Err(); err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		return errInCommit{err}
	}
	return nil
}

func (p *postgres) snapshot(ctx context.Context, fn func(sqlgen.DBTX) error) error {
	tx, err := p.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	if _, err := tx.ExecContext(ctx, scanning); err != nil {
		return err
	}
	return fn(tx)
}

// room: a full server says so itself, and nobody here can ask it before.
func (p *postgres) room() error { return nil }

func (p *postgres) close() error {
	err := p.db.Close()
	p.pool.Close()
	return err
}
