// Package backup_test copies whole installations as their operators do: a backup of one
// that runs, its restore, and the move from SQLite to PostgreSQL, each with the program
// itself and with a seeded month of history.
package backup_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/internal/pgtest"
	"innopay/test/process"
)

var (
	binary string // the program: the one that INNOPAY_BINARY names, else built here
	server *pgtest.Server
)

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(func() int {
		var err error
		if server, err = pgtest.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		code := m.Run()
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	}, func(path string) { binary = path }))
}

// start starts a demo and waits until it is ready.
func start(t *testing.T, o process.DemoOptions) (*process.Demo, demo.File) {
	t.Helper()
	var err error
	if o.Listen, err = process.FreeAddress(); err != nil {
		t.Fatal(err)
	}
	o.Binary = binary
	d, err := process.StartDemo(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Kill()
		if t.Failed() {
			t.Logf("the demo wrote:\n%s", d.Tail())
		}
	})
	if _, err := d.Ready(t.Context(), 30*time.Second); err != nil {
		t.Fatal(err)
	}
	f, err := d.File()
	if err != nil {
		t.Fatal(err)
	}
	return d, f
}

func stop(t *testing.T, d *process.Demo) {
	t.Helper()
	if err := d.Stop(10 * time.Second); err != nil {
		t.Fatal(err)
	}
}

func shop(d *process.Demo, f demo.File) *load.Client {
	return load.NewClient(f.Merchants[0], load.Transport(4), d.Base)
}

func pay(t *testing.T, d *process.Demo, f demo.File, order string) {
	t.Helper()
	p := load.NewBook(clock.System{}).NewPayment(shop(d, f), order, load.Order{ID: order, Amount: 12_000}, f.Cards[0])
	if v, err := p.Finish(t.Context()); err != nil || v != load.Final {
		t.Fatalf("paid: %v %v", v, err)
	}
}

// has looks the payment up; a merchant's key opens it, so the keys fit too.
func has(t *testing.T, d *process.Demo, f demo.File, order string, want bool) {
	t.Helper()
	a, err := shop(d, f).ByOrder(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Payment()
	if got := err == nil && p.Status == "DONE"; got != want {
		t.Errorf("payment of %s: found %v, want %v: %+v %v", order, got, want, p, err)
	}
}

// innopay runs a command.
func innopay(t *testing.T, want int, args ...string) string {
	t.Helper()
	code, said, err := process.Output(t.Context(), binary, args...)
	if err != nil || code != want {
		t.Fatalf("innopay %s: exit %d, want %d: %v\n%s", strings.Join(args, " "), code, want, err, said)
	}
	return said
}

func database(t *testing.T) string {
	t.Helper()
	url, err := server.Database(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// TestABackupOfARunningInstallationIsRestored goes back to it on both engines.
func TestABackupOfARunningInstallationIsRestored(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	old := filepath.Join(folder, "old")
	d, f := start(t, process.DemoOptions{Dir: old})
	pay(t, d, f, "order-before")
	said := innopay(t, 0, "backup", "--data", old, "--to", folder)
	if !strings.Contains(said, "clean as of") {
		t.Errorf("said %q", said)
	}
	if mark, err := os.ReadFile(filepath.Join(old, "backup.json")); err != nil || !bytes.Contains(mark, []byte(`"verifiedAt"`)) {
		t.Errorf("the mark that health reads: %s %v", mark, err)
	}
	backups, err := filepath.Glob(filepath.Join(folder, "innopay-*.backup"))
	if err != nil || len(backups) != 1 {
		t.Fatalf("backups: %v %v", backups, err)
	}
	backup := backups[0]
	innopay(t, 2, "backup", "--data", old, "--to", backup)
	pay(t, d, f, "order-after")
	stop(t, d)

	innopay(t, 2, "restore", "--from", backup, "--data", old)
	refusesDamage(t, folder, backup)
	url := database(t)
	innopay(t, 0, "restore", "--from", backup, "--database", url)
	innopay(t, 0, "verify", "--database", url)
	innopay(t, 0, "restore", "--from", backup, "--database", url) // again is nothing new
	restored := filepath.Join(folder, "new")
	innopay(t, 0, "restore", "--from", backup, "--data", restored)
	innopay(t, 0, "verify", "--data", restored)
	// The acquirer lives on: what it approved later is in its journal, and not in ours.
	simulator := filepath.Join(old, "simulator")
	if said := innopay(t, 1, "verify", "--data", restored, "--journal", simulator); !strings.Contains(said, "JOURNAL") {
		t.Errorf("what was paid after the backup is not told: %s", said)
	}
	if err := os.CopyFS(filepath.Join(restored, "simulator"), os.DirFS(simulator)); err != nil {
		t.Fatal(err)
	}
	d, f = start(t, process.DemoOptions{Dir: restored, Keys: filepath.Join(old, "keys")})
	has(t, d, f, "order-before", true)
	has(t, d, f, "order-after", false)
	pay(t, d, f, "order-again")
}

// refusesDamage flips one bit of a page that holds data.
func refusesDamage(t *testing.T, folder, backup string) {
	t.Helper()
	b, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(b, []byte("order-before"))
	if at < 0 {
		t.Fatal("the backup does not name the order")
	}
	b[at] ^= 1
	damaged := filepath.Join(folder, "damaged.backup")
	if err := os.WriteFile(damaged, b, 0o600); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(folder, "of-damaged")
	if said := innopay(t, 2, "restore", "--from", damaged, "--data", to); !strings.Contains(said, "differs") {
		t.Errorf("of a damaged backup: %s", said)
	}
	if left, err := filepath.Glob(filepath.Join(to, "*")); err != nil || len(left) != 0 {
		t.Errorf("a damaged backup left %v %v", left, err)
	}
	innopay(t, 2, "restore", "--from", filepath.Join(folder, "old.log"), "--data", to)
}

// TestAnInstallationMovesToPostgreSQL and goes on there.
func TestAnInstallationMovesToPostgreSQL(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	url := database(t)
	d, f := start(t, process.DemoOptions{Dir: dir})
	pay(t, d, f, "order-before")
	if said := innopay(t, 2, "migrate-data", "--data", dir, "--database", url); !strings.Contains(said, "a server works on this database") {
		t.Errorf("beside a server: %s", said)
	}
	d.Kill() // leaves leases, and a write-ahead log that is not in the file
	innopay(t, 2, "migrate-data", "--data", dir, "--database", url)
	deadline := time.Now().Add(30 * time.Second)
	for {
		code, said, err := process.Output(t.Context(), binary, "migrate-data", "--data", dir, "--database", url)
		if err != nil {
			t.Fatal(err)
		}
		if code == 0 {
			break
		}
		if code != 2 || !strings.Contains(said, "a server works on this database") || time.Now().After(deadline) {
			t.Fatalf("exit %d: %s", code, said)
		}
		time.Sleep(500 * time.Millisecond) // the leases of the killed server run out
	}
	innopay(t, 0, "verify", "--database", url, "--journal", filepath.Join(dir, "simulator"))
	innopay(t, 2, "migrate-data", "--data", dir, "--database", url) // there is nothing left to move
	for _, name := range []string{"innopay.db", "innopay.db-wal"} {
		if _, err := os.Stat(filepath.Join(dir, name)); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", name, err)
		}
	}
	d, f = start(t, process.DemoOptions{Dir: dir, Database: url, Keys: filepath.Join(dir, "keys")})
	has(t, d, f, "order-before", true)
	pay(t, d, f, "order-after")
	has(t, d, f, "order-after", true)
	if code, said, err := d.Verify(t.Context(), "--journal", filepath.Join(dir, "simulator")); code != 0 || err != nil {
		t.Errorf("verify after the move: %d %v %s", code, err, said)
	}
}
