package pgtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"innopay/internal/pgtest"
)

func TestServer(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	s, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
	})
	url, err := s.Database(ctx, map[string]string{"default_transaction_isolation": "serializable"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, ctx, url, "select current_setting('transaction_isolation')"); got != "serializable" {
		t.Errorf("isolation is %s", got)
	}
	if got := ask(t, ctx, url, "select current_setting('fsync')"); got != "on" {
		t.Errorf("fsync is %s", got)
	}
	ask(t, ctx, url, "create table kept (x text); insert into kept values ('yes'); select ''")
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, ctx, url, "select x from kept"); got != "yes" {
		t.Errorf("after a restart the row is %q", got)
	}
}

// ask runs statements on a connection of its own; the last one gives one text.
func ask(t *testing.T, ctx context.Context, url, text string) string {
	t.Helper()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	results, err := conn.PgConn().Exec(ctx, text).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	rows := results[len(results)-1].Rows
	if len(rows) != 1 {
		t.Fatalf("%d rows of %q", len(rows), text)
	}
	return string(rows[0][0])
}
