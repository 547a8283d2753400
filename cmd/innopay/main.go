// Command innopay is the whole of INNOPAY: server, demo, administration, checks and
// simulators. `innopay --help` lists the commands; contract.md says which of their
// names others may rely on.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"innopay/daemon"
)

// Exit codes of every command (contract).
const (
	exitBroken  = 1 // ran, and found or hit something wrong
	exitRefused = 2 // could not run: configuration, arguments, database
	exitWarned  = 3 // done, and somebody should see to something
)

// refused is an error that exits with exitRefused.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// cli is the command line.
type cli struct {
	Demo     demoCommand        `cmd:"" help:"Run everything on this machine with seeded shops and simulators."`
	Serve    serveCommand       `cmd:"" help:"Run the server from a configuration file or the environment."`
	Admin    adminCommand       `cmd:"" help:"Create operators, merchants and users; list and settle unknown payments."`
	Verify   verifyCommand      `cmd:"" help:"Check the books: every invariant, also while servers run; exit 1 when broken."`
	Doctor   doctorCommand      `cmd:"" help:"Look at an installation before it runs, or while it does, and say what is wrong."`
	Backup   backupCommand      `cmd:"" help:"Copy an installation into a file, also while servers run, and prove the copy."`
	Restore  restoreCommand     `cmd:"" help:"Make an empty installation into what a backup shows."`
	Move     migrateDataCommand `cmd:"" name:"migrate-data" help:"Move an installation from SQLite to PostgreSQL and prove it equal."`
	Simulate simulateCommand    `cmd:"" help:"Run a simulator."`
}

// env is what commands share.
type env struct {
	ctx    context.Context //nolint:containedctx // kong runs commands without one; it lives as long as the program
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int { return runOn(os.Stdin, args, stdout, stderr) }

// runOn is run with another standard input.
func runOn(stdin io.Reader, args []string, stdout, stderr io.Writer) int {
	if err := harden(); err != nil {
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitRefused
	}
	var c cli
	status := -1
	parser, err := kong.New(&c, kong.Name("innopay"), kong.Description("A merchant's payment counter: cards, requests, receipts, refunds."),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(code int) { status = code }))
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitRefused
	}
	k, err := parser.Parse(args)
	if status >= 0 { // --help was asked for
		return status
	}
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitRefused
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = k.Run(&env{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr})
	var no refused
	switch {
	case errors.Is(err, daemon.ErrUnmarked):
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitWarned
	case errors.Is(err, errAiling):
		return exitWarned
	case err == nil:
		return 0
	case errors.As(err, &no):
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitRefused
	default:
		_, _ = fmt.Fprintln(stderr, "innopay:", err)
		return exitBroken
	}
}

// logger writes structured lines to stderr at the level named.
func (e *env) logger(level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, refused{fmt.Errorf("log level %q is none of debug, info, warn, error", level)}
	}
	return slog.New(slog.NewJSONHandler(e.stderr, &slog.HandlerOptions{Level: l})), nil
}

// printf writes to standard output; a closed terminal ends nothing.
func (e *env) printf(format string, args ...any) { _, _ = fmt.Fprintf(e.stdout, format, args...) }
