// Command bench measures payments per second on both engines and sets them in
// relation to what the machine gives at that moment: fdatasync, a raw log, and
// pgbench on the same PostgreSQL, in alternation (performance.md 6). Only the
// ratios within one round mean something; absolute figures follow the neighbours.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"innopay/clock"
	"innopay/internal/pgtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// flights are how many payments are under way at once.
var flights = []int{1, 16, 64}

// bench is one run of the program.
type bench struct {
	clock  clock.Clock
	out    io.Writer
	dir    string
	each   time.Duration // of one measurement
	binary string        // the program; empty: no product level
	pg     *pgtest.Server
	pgURL  string // database of pgbench
	report *report
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	rounds := flags.Int("rounds", 1, "rounds; medians are over them")
	each := flags.Duration("each", 1200*time.Millisecond, "how long one measurement lasts")
	binary := flags.String("binary", "", "the program, for the product level over HTTP")
	metrics := flags.Bool("metrics", false, "only what counting for Prometheus costs")
	file := flags.String("out", "", "file for the figures as JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "innopay-bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &bench{clock: clock.System{}, out: out, dir: dir, each: *each, binary: *binary, report: newReport()}
	if *metrics {
		return b.metrics(ctx)
	}
	if b.pg, err = pgtest.Start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.pg.Stop()) }()
	if err := b.refusesVolatile(ctx); err != nil {
		return err
	}
	if err := b.preparePgbench(ctx); err != nil {
		return err
	}
	for i := range *rounds {
		_, _ = fmt.Fprintf(out, "round %d of %d\n", i+1, *rounds)
		if err := b.round(ctx, *rounds > 1); err != nil {
			return err
		}
	}
	if err := b.survives(ctx); err != nil {
		return err
	}
	b.report.print(out)
	if *file == "" {
		return nil
	}
	return b.report.write(*file)
}

// round takes every measurement once, close to what it is compared with. slow adds
// those with an acquirer that takes its time.
func (b *bench) round(ctx context.Context, slow bool) error {
	b.report.begin()
	if err := b.fdatasync(ctx); err != nil {
		return err
	}
	for _, flight := range flights {
		if err := b.rawLog(ctx, flight); err != nil {
			return err
		}
		if err := b.pgbench(ctx, flight); err != nil {
			return err
		}
		for _, e := range engines {
			for _, grouped := range []bool{true, false} {
				if err := b.pay(ctx, payRun{engine: e, grouped: grouped, flight: flight}); err != nil {
					return err
				}
			}
		}
	}
	for _, e := range engines {
		if err := b.product(ctx, e); err != nil {
			return err
		}
	}
	if !slow {
		return nil
	}
	for _, e := range engines {
		for _, flight := range []int{256, 1024} {
			if err := b.pay(ctx, payRun{engine: e, grouped: true, flight: flight, delay: acquirerDelay}); err != nil {
				return err
			}
		}
	}
	return nil
}

// folder makes an empty folder for one measurement and a function that removes it.
func (b *bench) folder() (string, func(), error) {
	dir, err := os.MkdirTemp(b.dir, "run")
	return dir, func() { _ = os.RemoveAll(filepath.Clean(dir)) }, err
}
