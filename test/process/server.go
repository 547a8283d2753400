package process

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/load"
)

// Simulator is the acquirer as a process.
type Simulator struct {
	*Process
	load.Simulator
	Wire string // address for --simulator
	Dir  string // folder of the journal
}

// StartSimulator starts the acquirer on the folder, with further arguments, and waits
// until it answers.
func StartSimulator(ctx context.Context, binary, dir string, more ...string) (*Simulator, error) {
	wire, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	control, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	p, err := start(binary, output{log: dir + ".log"}, nil, append([]string{"simulate", "acquirer", "--listen", wire, "--http", control, "--data", dir}, more...)...)
	if err != nil {
		return nil, err
	}
	s := &Simulator{Process: p, Simulator: load.Simulator{URL: "http://" + control}, Wire: wire, Dir: dir}
	if _, err := p.await(ctx, s.URL+"/simulator/acquirer/journal?limit=1", 10*time.Second, plainClient); err != nil {
		p.Kill()
		return nil, err
	}
	return s, nil
}

// DemoOptions are the flags of a demo.
type DemoOptions struct {
	Binary    string
	Dir       string // --data
	Listen    string // so that a restart is found where its clients look
	Simulator string // --simulator
	SIP       string // --sip
	Database  string // --database; empty: SQLite
	Keys      string // --keys; empty: in Dir
	LogLevel  string // --log-level; empty: the demo's own
	Banner    string // file for standard output, which tells the demo's logins; empty: the log
	Env       []string
	TLS       bool // --tls: Base is https, and Ready believes what the demo's authority says
}

// Demo is a server as a process.
type Demo struct {
	*Process
	Options DemoOptions
	Base    string // URL
}

// StartDemo starts a server. It does not wait: see Ready.
func StartDemo(o DemoOptions) (*Demo, error) {
	args := []string{"demo", "--data", o.Dir, "--listen", o.Listen}
	for _, f := range []struct{ name, value string }{
		{"--simulator", o.Simulator}, {"--sip", o.SIP}, {"--database", o.Database}, {"--keys", o.Keys}, {"--log-level", o.LogLevel},
	} {
		if f.value != "" {
			args = append(args, f.name, f.value)
		}
	}
	scheme := "http://"
	if o.TLS {
		args, scheme = append(args, "--tls"), "https://"
	}
	p, err := start(o.Binary, output{o.Dir + ".log", o.Banner}, o.Env, args...)
	if err != nil {
		return nil, err
	}
	return &Demo{Process: p, Options: o, Base: scheme + o.Listen}, nil
}

// StartServer starts `innopay serve` with the configuration on the folder of a demo that
// has ended. It does not wait: see Ready.
func StartServer(o DemoOptions, config string) (*Demo, error) {
	p, err := start(o.Binary, output{log: o.Dir + ".log"}, o.Env, "serve", "--config", config)
	if err != nil {
		return nil, err
	}
	return &Demo{Process: p, Options: o, Base: "http://" + o.Listen}, nil
}

// Ready waits until the server is ready and returns how long that took from its
// start.
func (d *Demo) Ready(ctx context.Context, within time.Duration) (time.Duration, error) {
	return d.await(ctx, d.Base+"/readyz", within, d.Client)
}

// File reads the demo's demo.json, which is there before the server is ready.
func (d *Demo) File() (demo.File, error) {
	var f demo.File
	b, err := os.ReadFile(filepath.Join(d.Options.Dir, demo.FileName))
	if err == nil {
		err = json.Unmarshal(b, &f)
	}
	return f, err
}

// Verify runs the program's own check of the books.
func (d *Demo) Verify(ctx context.Context, more ...string) (code int, said string, err error) {
	args := append([]string{"verify", "--json"}, more...)
	if d.Options.Database == "" {
		args = append(args, "--data", d.Options.Dir)
	} else {
		args = append(args, "--database", d.Options.Database, "--keys", d.Options.Keys)
	}
	return Output(ctx, d.Options.Binary, args...)
}

// pollPause is between two looks at a process that starts.
const pollPause = 10 * time.Millisecond

// plainClient asks anew each time: the server may be another one.
func plainClient() *http.Client {
	return &http.Client{Timeout: 2 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
}

// Client is a client that believes the demo's authority, as a telephone that installed it;
// one that believes nobody new while there is none.
func (d *Demo) Client() *http.Client {
	c := plainClient()
	roots := x509.NewCertPool()
	if text, err := os.ReadFile(filepath.Join(d.Options.Dir, "tls", "ca.crt")); err == nil && roots.AppendCertsFromPEM(text) {
		c.Transport = &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}
	}
	return c
}

// await asks until the address answers 200, the process ends, or the time is over.
func (p *Process) await(ctx context.Context, url string, within time.Duration, client func() *http.Client) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var system clock.System
	for {
		if answers(ctx, client(), url) {
			return system.Now().Sub(p.begun), nil
		}
		select {
		case <-p.exited:
			return 0, fmt.Errorf("process: ended before it was ready: %w\n%s", p.err, p.Tail())
		default:
		}
		if system.Sleep(ctx, pollPause) != nil {
			return 0, fmt.Errorf("process: not ready within %v\n%s", within, p.Tail())
		}
	}
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}
