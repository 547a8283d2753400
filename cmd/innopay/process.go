package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"innopay/acquirer/simulator"
)

// simulatorIdle is how long a simulator that the demo started stays after its last
// client left (rulings 18).
const simulatorIdle = 60 * time.Second

// simulatorStart bounds how long a simulator may take to answer.
const simulatorStart = 8 * time.Second

// simulatorToken is the variable that hands the token to the simulator's process: an
// argument could be read by every user of the machine.
const simulatorToken = "INNOPAY_SIMULATOR_TOKEN" //nolint:gosec // the name of a variable

func tokenFromEnvironment() string { return os.Getenv(simulatorToken) }

// simulatorProcess is the acquirer simulator of a demo: found again after a restart,
// or started in a process group of its own, so that a killed demo leaves it alone.
type simulatorProcess struct {
	simulator.Info
	pid int // 0 when it was found, or was named on the command line
	dir string
}

// findSimulator finds the simulator of the folder, or starts one on it.
func findSimulator(ctx context.Context, dir, token string) (*simulatorProcess, error) {
	if p, err := askSimulator(ctx, dir); err == nil {
		return p, nil
	}
	exe, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	// Its words go to a file, so that nobody who reads the demo's output waits for it.
	out, err := os.OpenFile(filepath.Join(dir, "simulator.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // our own folder
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	defer out.Close()                                                                                           //nolint:errcheck // the child has its own
	cmd := exec.Command(exe, "simulate", "acquirer", "--data", dir, "--exit-when-idle", simulatorIdle.String()) //nolint:gosec,noctx // our own program, which outlives the demo
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Env = append(os.Environ(), simulatorToken+"="+token)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	return awaitSimulator(ctx, dir, cmd.Process.Pid, exited)
}

func awaitSimulator(ctx context.Context, dir string, pid int, exited <-chan error) (*simulatorProcess, error) {
	ctx, cancel := context.WithTimeout(ctx, simulatorStart)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, err := askSimulator(ctx, dir); err == nil {
			p.pid = pid
			return p, nil
		}
		select {
		case err := <-exited:
			return nil, fmt.Errorf("simulator: ended at once (%w): see %s", errors.Join(err), filepath.Join(dir, "simulator.log"))
		case <-ctx.Done():
			return nil, fmt.Errorf("simulator: no answer: see %s", filepath.Join(dir, "simulator.log"))
		case <-tick.C:
		}
	}
}

func askSimulator(ctx context.Context, dir string) (*simulatorProcess, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	info, err := simulator.Find(ctx, dir)
	if err != nil {
		return nil, err
	}
	return &simulatorProcess{Info: info, dir: dir}, nil
}

// stop ends the simulator, whoever of us started it: the demo's SIGTERM ends both.
// One that was named on the command line is left alone.
func (p *simulatorProcess) stop() error {
	if p.dir == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return simulator.Stop(ctx, p.Info)
}

// keep asks the simulator from time to time, so that it does not take itself for
// forgotten while nobody pays.
func (p *simulatorProcess) keep(ctx context.Context) {
	tick := time.NewTicker(simulatorIdle / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, _ = simulator.Ping(ctx, p.HTTP) // its answer does not matter
		}
	}
}

// proxy serves the simulator's paths under the demo's own address (contract).
func (p *simulatorProcess) proxy(token string) (http.Handler, error) {
	target, err := url.Parse("http://" + p.HTTP)
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			if token != "" { // whoever comes here was let in; the simulator asks again
				r.Out.Header.Set("Authorization", "Bearer "+token)
			}
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = w.Write([]byte(`{"type":"about:blank","title":"Service Unavailable","status":503,"code":"SIMULATOR_DOWN","message":"시뮬레이터가 꺼져 있어요.","detail":"시뮬레이터가 꺼져 있어요.","retryable":true}`))
		},
	}, nil
}

// until serves until the program ends: a phone that waits for a message would keep a
// stopping server waiting with it.
func until(end context.Context, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		defer context.AfterFunc(end, cancel)()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// tokenOf is the simulator's token: none on loopback, derived from the keys elsewhere
// (rulings 17), so that a restarted demo knows it again.
func tokenOf(loopback bool, derived []byte) string {
	if loopback {
		return ""
	}
	return hex.EncodeToString(derived[:16])
}
