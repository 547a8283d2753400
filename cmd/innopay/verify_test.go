package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // the engine of the installation

	"innopay/clock"
	"innopay/daemon"
)

// installation is a data folder with some history: two operators and their audit
// records, sealed.
func installation(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	core, err := daemon.OpenCore(context.Background(), daemon.Config{Mode: daemon.Demo, Data: dir}, clock.System{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"operator-1", "operator-2"} {
		if _, err := core.Registry.CreateOperatorCode(t.Context(), adminActor, login, "운영자"); err != nil {
			t.Fatal(err)
		}
	}
	if err := core.SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := core.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// verify runs the command and returns its exit code and what it printed.
func verify(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(append([]string{"verify"}, args...), &out, &errs)
	t.Logf("verify %v: %d %s", args, code, &errs)
	return code, out.String()
}

func TestVerifyExitsAsPromised(t *testing.T) {
	t.Parallel()
	dir := installation(t)
	if code, said := verify(t, "--data", dir); code != 0 || said != "clean\n" {
		t.Errorf("clean books: %d %q", code, said)
	}
	db, err := sql.Open("sqlite", filepath.Join(dir, "innopay.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), "update audit set actor = 'somebody else'"); err != nil {
		t.Fatal(err)
	}
	code, said := verify(t, "--data", dir, "--json")
	var told struct {
		Clean  bool
		Faults []struct{ Code, Subject, Message string }
	}
	if err := json.Unmarshal([]byte(said), &told); err != nil || code != exitBroken || told.Clean || len(told.Faults) < 2 {
		t.Errorf("edited records: %d %v %s", code, err, said)
	}
	if n := strings.Count(said, "\n"); n != len(told.Faults)+1 {
		t.Errorf("%d faults on %d lines", len(told.Faults), n)
	}
	for _, f := range told.Faults {
		if f.Code != "AUDIT_CHAIN" || f.Subject == "" || f.Message == "" {
			t.Errorf("fault %+v", f)
		}
	}
}

// TestVerifyReadsTheOfficesJournal finds a receipt in it that nobody here asked for.
func TestVerifyReadsTheOfficesJournal(t *testing.T) {
	t.Parallel()
	dir := installation(t)
	journal := func(folder string) {
		t.Helper()
		line := `{"seq":1,"at":"2026-03-02T12:00:00Z","type":"ISSUE","id":"zzzzzzzzzzzzzzzzzzzzzzzz","number":"TB0000001","day":"2026-03-02","businessNumber":"1018199993","amount":1000,"result":"ISSUED","answered":true,"repeat":false,"document":{}}` + "\n"
		if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, "cash-receipts.jsonl"), []byte(line), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	elsewhere := t.TempDir()
	journal(elsewhere)
	if code, said := verify(t, "--data", dir, "--receipts", elsewhere); code != exitBroken || !strings.Contains(said, "RECEIPT_JOURNAL_UNKNOWN zzzz") {
		t.Errorf("named: %d %q", code, said)
	}
	if code, said := verify(t, "--data", dir); code != 0 {
		t.Errorf("no journal: %d %q", code, said)
	}
	journal(filepath.Join(dir, "simulator"))
	if code, said := verify(t, "--data", dir); code != exitBroken || !strings.Contains(said, "RECEIPT_JOURNAL_UNKNOWN zzzz") {
		t.Errorf("the demo's own: %d %q", code, said)
	}
}

func TestVerifyThatCannotLook(t *testing.T) {
	t.Parallel()
	dir := installation(t)
	for _, args := range [][]string{
		nil, {"--data", filepath.Join(dir, "nothing")}, {"--data", dir, "--journal", filepath.Join(dir, "nothing")},
		{"--data", dir, "--receipts", filepath.Join(dir, "nothing")},
		{"--database", "postgres://127.0.0.1:1/none?sslmode=disable"}, {"--unknown"},
	} {
		if code, said := verify(t, args...); code != exitRefused || said != "" {
			t.Errorf("%v: %d %q", args, code, said)
		}
	}
}
