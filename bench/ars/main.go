// Command ars measures how many telephone calls a core carries: callers with sound both
// ways call the real server, and the same callers talk to a program that only sends every
// packet back. Only the ratios within one run mean something; absolute figures follow the
// neighbours on the machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"innopay/clock"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench/ars:", err)
		os.Exit(1)
	}
}

// echoAt is the argument by which this program starts itself as the one that sends every
// packet back.
const echoAt = "echo"

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 3 && args[0] == echoAt {
		n, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		return echo(ctx, out, args[1], n)
	}
	flags := flag.NewFlagSet("ars", flag.ContinueOnError)
	binary := flags.String("binary", "bin/innopay", "the program")
	calls := flags.String("calls", "50,100,200,300", "how many calls at once, one run each")
	each := flags.Duration("each", 8*time.Second, "how long is measured")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b := &bench{out: out, clock: clock.System{}, binary: *binary, each: *each}
	printHead(out)
	for s := range strings.SplitSeq(*calls, ",") {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > maxCalls {
			return errors.New("calls are numbers up to " + strconv.Itoa(maxCalls))
		}
		if err := b.compare(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// bench is one run of the program.
type bench struct {
	out    io.Writer
	clock  clock.Clock
	binary string
	each   time.Duration
}

// compare measures the echo and the line with the same callers, one right after the other.
func (b *bench) compare(ctx context.Context, n int) error {
	dir, err := os.MkdirTemp("", "innopay-bench-ars")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	base, err := b.measureEcho(ctx, n)
	if err != nil {
		return err
	}
	line, err := b.measureLine(ctx, n, dir)
	if err != nil {
		return err
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	printRow(b.out, n, "echo", base, 0)
	printRow(b.out, n, "line", line, line.cpu/base.cpu)
	_, _ = fmt.Fprintf(b.out, "%74s load %s\n", "", strings.Join(strings.Fields(string(load))[:3], " "))
	return line.check(n)
}
