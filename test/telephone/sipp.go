// Package telephone is telephones that call a line from outside: Debian's sipp and baresip
// as processes, each on an address of loopback of its own.
package telephone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Hosts gives every telephone an address of its own on loopback: ports never collide,
// and each is a source of its own. Two runs of one package do not meet.
type Hosts struct {
	Block int // second byte of the addresses; every package takes another
	n     atomic.Int32
}

// Next is an address that was not given before.
func (h *Hosts) Next() string {
	n := h.n.Add(1)
	return fmt.Sprintf("127.%d.%d.%d", h.Block, (os.Getpid()+int(n)/250)%250, 1+n%250)
}

// Network is all of them.
func (h *Hosts) Network() string { return fmt.Sprintf("127.%d.0.0/16", h.Block) }

// Sipp is one run of Debian's SIP tester.
type Sipp struct {
	Scenario string // its text
	Host     string // where it calls from
	Network  string // u1 (default), t1
	Within   time.Duration
	Keys     map[string]string // keywords of the scenario
	Files    map[string][]byte // beside it
	More     []string          // arguments
}

// Try runs the scenario once; it is an error when it does not come to its end.
func (s Sipp) Try(tb testing.TB, target string) error {
	tb.Helper()
	c, folder := s.Command(tb, target)
	var said strings.Builder
	c.Stderr = &said
	if err := c.Run(); err != nil {
		problems, _ := os.ReadFile(filepath.Join(folder, "errors"))
		messages, _ := os.ReadFile(filepath.Join(folder, "messages"))
		return fmt.Errorf("sipp: %w\n%s\n%s\n%s", err, Tail(said.String()), Tail(string(problems)), Tail(string(messages)))
	}
	return nil
}

// Command is the run before it begins, and the folder it works in.
func (s Sipp) Command(tb testing.TB, target string) (*exec.Cmd, string) {
	tb.Helper()
	program := Find(tb, "sipp", "sip-tester")
	folder := tb.TempDir()
	network := s.Network
	if network == "" {
		network = "u1"
	}
	files := map[string][]byte{"scenario.xml": []byte(s.Scenario)}
	maps.Copy(files, s.Files)
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	args := []string{
		"-sf", "scenario.xml", "-m", "1", "-l", "1", "-i", s.Host, "-mi", s.Host, "-p", "5060", "-t", network, "-nostdin",
		"-timeout", fmt.Sprintf("%ds", int(s.Within.Seconds())), "-timeout_error", "-trace_err", "-error_file", "errors", "-trace_msg", "-message_file", "messages",
	}
	for k, v := range s.Keys {
		args = append(args, "-key", k, v)
	}
	args = append(args, s.More...)
	if target != "" {
		args = append(args, target)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), s.Within+2*time.Second)
	tb.Cleanup(cancel)
	c := exec.CommandContext(ctx, program, args...)
	c.Dir, c.Stdout, c.Stderr = folder, io.Discard, io.Discard
	c.WaitDelay = time.Second
	return c, folder
}

// Find is a program's path; what lacks it is told what to install.
func Find(tb testing.TB, program, debian string) string {
	tb.Helper()
	path, err := exec.LookPath(program)
	if errors.Is(err, exec.ErrNotFound) {
		tb.Fatalf("no %s found; install the package %s", program, debian)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// tailBytes is how much of a telephone's words is shown.
const tailBytes = 4000

// Tail is the end of what was said.
func Tail(s string) string { return s[max(0, len(s)-tailBytes):] }
