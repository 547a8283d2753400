package daemon_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/dbtest"
)

// noon is when nothing runs out: clocks of these tests stand still.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

// soon is much less than the time of a lease, and enough for a busy machine.
const soon = 15 * time.Second

// coreOn opens a core on the folder.
func coreOn(t *testing.T, folder string) *daemon.Core {
	t.Helper()
	core, err := daemon.OpenCore(t.Context(), daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: folder}, clock.NewFake(noon), slog.New(slog.DiscardHandler))
	must(t, err)
	return core
}

// takes reports whether the core gets the lease that everybody wants.
func takes(t *testing.T, core *daemon.Core) bool {
	t.Helper()
	mine, err := core.DB.TakeLease(t.Context(), "outbox/0", core.Owner, noon, noon.Add(30*time.Second))
	must(t, err)
	return mine
}

func TestLeasesOfADeadServerAreTakenOverAndNobodyElses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(*testing.T, *daemon.Core, string)
		want bool
	}{
		"ended":    {func(t *testing.T, c *daemon.Core, _ string) { must(t, c.Close()) }, true},
		"died":     {func(t *testing.T, c *daemon.Core, _ string) { must(t, c.Die()) }, true},
		"is alive": {func(t *testing.T, c *daemon.Core, _ string) { t.Cleanup(func() { must(t, c.Close()) }) }, false},
		"died elsewhere": {func(t *testing.T, c *daemon.Core, folder string) {
			must(t, c.Die())
			must(t, daemon.Forge(folder, func(machine *string, _ *time.Time) { *machine += "-2" }))
		}, false},
		"died in another boot": {func(t *testing.T, c *daemon.Core, folder string) {
			must(t, c.Die())
			must(t, daemon.Forge(folder, func(_ *string, booted *time.Time) { *booted = booted.Add(-time.Minute) }))
		}, false},
		"left half a word": {func(t *testing.T, c *daemon.Core, folder string) {
			must(t, c.Die())
			must(t, os.WriteFile(filepath.Join(folder, "server.lock"), []byte(`{"owner":"`), 0o600))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			dbtest.SQLite(t, folder)
			first := coreOn(t, folder)
			first.Succeed(t.Context())
			if !takes(t, first) {
				t.Fatal("nobody else is there")
			}
			c.end(t, first, folder)
			second := coreOn(t, folder)
			t.Cleanup(func() { must(t, second.Close()) })
			second.Succeed(t.Context())
			if got := takes(t, second); got != c.want {
				t.Errorf("the next server has the lease: %t", got)
			}
		})
	}
}

// TestSuccessionRace has servers of one folder begin, work, die and end as the scheduler will, while no
// lease ever runs out: never do two hold it, and nobody waits for one who is dead.
func TestSuccessionRace(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	dbtest.SQLite(t, folder)
	var working atomic.Int32
	var worked, died atomic.Int32
	life := func(ctx context.Context, n int) error {
		core, err := daemon.OpenCore(ctx, daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: folder}, clock.NewFake(noon), slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		sole, held := core.Succeed(ctx), false
		for range 3 {
			mine, err := core.DB.TakeLease(ctx, "outbox/0", core.Owner, noon, noon.Add(time.Hour))
			if err != nil {
				return err
			}
			if !mine && held {
				return errors.New("a server lost its lease while it lived")
			}
			if !mine {
				continue
			}
			held = true
			if now := working.Add(1); now != 1 {
				return fmt.Errorf("%d servers hold one lease", now)
			}
			worked.Add(1)
			if _, err := core.DB.WaitingBuckets(ctx); err != nil { // some work
				return err
			}
			working.Add(-1)
		}
		if sole && n == 0 { // one beside it would be waited for until its lease runs out
			died.Add(1)
			return core.Die()
		}
		return core.Close()
	}
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for n := range 6 {
				if err := life(t.Context(), (i+n)%2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d rounds of work, %d deaths", worked.Load(), died.Load())
	if worked.Load() < 6 {
		t.Errorf("only %d rounds of work: somebody dead kept the lease", worked.Load())
	}
	last := coreOn(t, folder)
	t.Cleanup(func() { must(t, last.Close()) })
	last.Succeed(t.Context())
	if !takes(t, last) {
		t.Error("the last server waits for somebody who is dead")
	}
}

// TestANextServerTellsAtOnce ends a server and starts it again: what happens then is told at
// once, and no lease of the one before is waited for.
func TestANextServerTellsAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	server := func() (*daemon.Daemon, *http.Client) {
		jar, err := cookiejar.New(nil)
		must(t, err)
		d := up(t, func(c *daemon.Config) { c.Data, c.MetricsListen = folder, "127.0.0.1:0" })
		return d, &http.Client{Jar: jar}
	}
	tells := func(d *daemon.Daemon, app *http.Client, key string) time.Duration {
		said(t, app, d.BaseURL+"/v1/sessions", map[string]any{"loginId": "shop-owner", "password": password})
		if status := pay(t, app, d.BaseURL, "APPROVE", key); status != http.StatusCreated {
			t.Fatal(status)
		}
		from := time.Now()
		awaited(t, d, 1, "innopay_payment_events_total", "outcome=approved")
		return time.Since(from)
	}
	d, app := server()
	shop(t, d.Core)
	first := tells(d, app, "before")
	must(t, d.Close())
	d, app = server()
	t.Cleanup(func() { must(t, d.Close()) })
	if again := tells(d, app, "after"); again > soon {
		t.Errorf("told after %v by the first server, %v by the next", first, again)
	}
}
