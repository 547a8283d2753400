//go:build crash

// Package crash_test kills the real program, again and again, at every durable point
// and at random moments, while clients pay and cancel; then it holds the program
// against the acquirer's own journal. It runs behind the tag crash, without the race
// detector, against the program that INNOPAY_BINARY names (tools/tagged).
package crash_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/load"
	"innopay/internal/pgtest"
	"innopay/test/process"
)

// Bounds the issue names.
const (
	readyWithin  = 2 * time.Second
	settleWithin = 60 * time.Second
)

// defaultKills is the share of continuous integration, for each engine: each point once,
// and random moments.
const defaultKills = 22

func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("INNOPAY_KILLS")
	if text == "" {
		return defaultKills
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("INNOPAY_KILLS is %q, want a number from 1 on", text)
	}
	return n
}

// program is the ordinary program, and trapped the one that can end itself.
func programs(t *testing.T) (program, trapped string) {
	t.Helper()
	dir := t.TempDir()
	build := func(tags ...string) string {
		path, err := process.Build(t.Context(), dir, tags...)
		if err != nil {
			t.Fatal(err)
		}
		return path
	}
	if program = os.Getenv("INNOPAY_BINARY"); program == "" {
		program = build()
	}
	return program, build("crash")
}

// TestKills runs one engine after the other: how soon a killed server is ready again
// is part of what is shown, and a neighbour would take its cores.
func TestKills(t *testing.T) { //nolint:paralleltest // timed, see above
	program, trapped := programs(t)
	n := kills(t)
	t.Run("sqlite", func(t *testing.T) { //nolint:paralleltest // timed
		c := begin(t, program, "")
		c.run(trapped, n)
	})
	t.Run("postgres", func(t *testing.T) { //nolint:paralleltest // timed
		pg, err := pgtest.Start()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := pg.Stop(); err != nil {
				t.Error(err)
			}
		})
		url, err := pg.Database(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		c := begin(t, program, url)
		c.run(trapped, n)
	})
}

// firstStart bounds the start that seeds (contract: ready within 10 s).
const firstStart = 10 * time.Second

// begin starts simulator and server on an empty installation.
func begin(t *testing.T, program, database string) *campaign {
	t.Helper()
	dir := t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	t.Cleanup(cancel)
	sim, err := process.StartSimulator(ctx, program, filepath.Join(dir, "simulator"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Kill)
	listen, err := process.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	c := &campaign{
		t: t, sim: sim, program: program, book: load.NewBook(clock.System{}), dice: load.NewDice(1), hits: map[string]int{},
		options: process.DemoOptions{
			Dir: filepath.Join(dir, "demo"), Keys: filepath.Join(dir, "keys"), Listen: listen, Simulator: sim.Wire, Database: database,
		},
	}
	t.Cleanup(func() {
		if c.server != nil {
			c.server.Kill()
		}
		if t.Failed() && c.server != nil {
			t.Logf("the server wrote at last:\n%s", c.server.Tail())
		}
	})
	c.start(program, "")
	if took, err := c.server.Ready(ctx, 3*firstStart); err != nil {
		t.Fatal(err)
	} else if took > firstStart {
		t.Errorf("the first start took %v, want at most %v", took, firstStart)
	}
	if c.file, err = c.server.File(); err != nil {
		t.Fatal(err)
	}
	return c
}
