package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
)

// scale of pgbench's tables: more rows than clients, so that they do not meet.
const scale = "10"

// preparePgbench fills the tables of pgbench. Without the program the ratios to it
// are left out.
func (b *bench) preparePgbench(ctx context.Context) error {
	if b.program() == "" {
		_, _ = fmt.Fprintln(b.out, "pgbench is not installed (Debian: postgresql): no ratios to it")
		return nil
	}
	var err error
	if b.pgURL, err = b.pg.Database(ctx, nil); err != nil {
		return err
	}
	return b.callPgbench(ctx, nil, "--initialize", "--scale", scale, "--quiet")
}

func (b *bench) program() string {
	if path := b.pg.Program("pgbench"); executable(path) {
		return path
	}
	path, err := exec.LookPath("pgbench")
	if err != nil {
		return ""
	}
	return path
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

func (b *bench) callPgbench(ctx context.Context, out *string, args ...string) error {
	cmd := exec.CommandContext(ctx, b.program(), append(args, b.pgURL)...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("pgbench: %w\n%s", err, text)
	}
	if out != nil {
		*out = string(text)
	}
	return nil
}

var tps = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)

// pgbench measures simple-update: an update, a read and an insert in one commit.
func (b *bench) pgbench(ctx context.Context, flight int) error {
	if b.pgURL == "" {
		return nil
	}
	n := strconv.Itoa(flight)
	var said string
	err := b.callPgbench(ctx, &said, "--builtin", "simple-update", "--protocol", "prepared", "--no-vacuum",
		"--client", n, "--jobs", strconv.Itoa(min(flight, 2)), "--time", strconv.Itoa(max(1, int(b.each.Seconds()+.5))))
	if err != nil {
		return err
	}
	found := tps.FindStringSubmatch(said)
	if found == nil {
		return fmt.Errorf("pgbench said no rate:\n%s", said)
	}
	rate, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return err
	}
	b.report.set(name("pgbench", flight), figure{PerSecond: rate})
	return nil
}
