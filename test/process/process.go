// Package process builds the program and runs it as tests and benchmarks need it:
// the acquirer's simulator and the server as processes of their own, on free ports
// of the loopback address, known only by what the contract says of them.
package process

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"innopay/clock"
)

// Build builds the program with the tags into the folder and returns its path. It
// is built as make does, so that the compiler's cache serves both.
func Build(ctx context.Context, dir string, tags ...string) (string, error) {
	root, err := root()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "innopay"+strings.Join(tags, "-"))
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-tags", strings.Join(tags, ","), "-o", path, "./cmd/innopay")
	cmd.Dir = root
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("process: go build: %w\n%s", err, out)
	}
	return path, nil
}

// WithBinary runs the tests of a package against the program that INNOPAY_BINARY
// names, else against one built for them alone, and returns their exit code. set is
// told its path first.
func WithBinary(run func() int, set func(path string)) int {
	path := os.Getenv("INNOPAY_BINARY")
	if path != "" {
		set(path)
		return run()
	}
	dir, err := os.MkdirTemp("", "innopay-test")
	if err == nil {
		path, err = Build(context.Background(), dir)
	}
	code := 1
	if err == nil {
		set(path)
		code = run()
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// root is the folder of the module, above the one the tests of a package run in.
func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("process: not inside the module")
		}
		dir = up
	}
}

// Process is one process that was started here. It is used by one goroutine.
type Process struct {
	cmd    *exec.Cmd
	log    string
	begun  time.Time
	exited chan struct{}
	err    error // set when exited is closed
}

// output is where a process writes to.
type output struct {
	log    string // what it writes
	banner string // standard output alone; empty: into the log too
}

// start runs the program with the arguments. env is added to the environment without
// the settings of this process.
func start(binary string, to output, env []string, args ...string) (*Process, error) {
	out, err := os.OpenFile(to.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p := &Process{cmd: exec.Command(binary, args...), log: to.log, exited: make(chan struct{})} //nolint:noctx // ended by Kill, Stop or itself
	p.cmd.Stdout, p.cmd.Stderr = out, out
	if to.banner != "" {
		said, err := os.OpenFile(to.banner, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, errors.Join(err, out.Close())
		}
		defer said.Close() //nolint:errcheck // the child has its own
		p.cmd.Stdout = said
	}
	p.cmd.Env = append(outside(p.cmd.Environ()), env...)
	p.begun = clock.System{}.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, errors.Join(err, out.Close())
	}
	go func() {
		p.err = errors.Join(p.cmd.Wait(), out.Close())
		close(p.exited)
	}()
	return p, nil
}

// outside drops our own settings: those of the test are not meant for its children.
func outside(environ []string) []string {
	out := make([]string, 0, len(environ))
	for _, e := range environ {
		if !strings.HasPrefix(e, "INNOPAY_") {
			out = append(out, e)
		}
	}
	return out
}

// Exited is closed when the process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Begun is when the process was started.
func (p *Process) Begun() time.Time { return p.begun }

// Kill ends the process by SIGKILL and waits until it is gone. It does nothing to
// one that has ended.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.exited
}

// PID is the process's number.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Dump ends the process by SIGQUIT, at which a Go program writes what every goroutine
// is doing, as it does for a panic, and waits until it is gone.
func (p *Process) Dump() {
	_ = p.cmd.Process.Signal(syscall.SIGQUIT) // fails only when it has ended
	<-p.exited
}

// Killed reports whether the process ended by SIGKILL.
func (p *Process) Killed() bool {
	select {
	case <-p.exited:
	default:
		return false
	}
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// Stop ends the process by SIGTERM, and by SIGKILL with an error when it does not
// end in time or not cleanly.
func (p *Process) Stop(within time.Duration) error {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails only when it has ended
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-p.exited:
	case <-timer.C:
		p.Kill()
		return fmt.Errorf("process: did not end within %v of SIGTERM\n%s", within, p.Tail())
	}
	if p.err != nil {
		return fmt.Errorf("process: ended with %w\n%s", p.err, p.Tail())
	}
	return nil
}

// tailBytes is how much of a log is shown.
const tailBytes = 6000

// Tail is the end of what the process wrote.
func (p *Process) Tail() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-tailBytes):])
}

// Output runs the program to its end and returns its exit code and what it wrote.
func Output(ctx context.Context, binary string, args ...string) (int, string, error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = outside(cmd.Environ())
	out, err := cmd.CombinedOutput()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), string(out), nil
	}
	return 0, string(out), err
}

// Ports that systems give to nobody who asks for any: what is free there stays free until
// it is listened on, however many sockets other processes open meanwhile.
const (
	firstPort = 10_000
	ports     = 20_000
	portTries = 100
)

// FreeAddress is a loopback address whose port is free now.
func FreeAddress() (string, error) {
	var err error
	for range portTries {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+int(binary.BigEndian.Uint32(b[:])%ports)))
		var l net.Listener
		if l, err = net.Listen("tcp", address); err == nil { //nolint:noctx // at once
			return address, l.Close()
		}
	}
	return "", err
}
