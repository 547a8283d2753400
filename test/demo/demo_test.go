// Package demo_test holds `innopay demo` against what the contract promises of it,
// as a process: files, restarts, the simulator beside it, and its end.
package demo_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/test/process"
)

// Bounds of the contract.
const (
	readyWithin = 10 * time.Second
	stopWithin  = 10 * time.Second
)

// binary is the program: the one that INNOPAY_BINARY names, else built here.
var binary string

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(m.Run, func(path string) { binary = path }))
}

// start starts a demo on the folder and waits until it is ready.
func start(t *testing.T, o process.DemoOptions) (*process.Demo, demo.File) {
	t.Helper()
	d, err := process.StartDemo(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Kill()
		if t.Failed() {
			t.Logf("the demo wrote:\n%s", d.Tail())
		}
	})
	if _, err := d.Ready(t.Context(), 3*readyWithin); err != nil {
		t.Fatal(err)
	}
	f, err := d.File()
	if err != nil {
		t.Fatal(err)
	}
	return d, f
}

// get is the status of an address and what it answers; 0 when nobody answers.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	b, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil {
		return 0, err.Error()
	}
	return resp.StatusCode, string(b)
}

func options(t *testing.T) process.DemoOptions {
	t.Helper()
	dir := t.TempDir()
	listen, err := process.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return process.DemoOptions{Binary: binary, Dir: filepath.Join(dir, "demo"), Listen: listen}
}

// TestLife walks a demo through its life: a first start, a kill, a second start on
// the same folder, and an orderly end.
func TestLife(t *testing.T) {
	t.Parallel()
	o := options(t)
	d, f := start(t, o)
	if info, err := os.Stat(filepath.Join(o.Dir, demo.FileName)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("demo.json: %v %v", info, err)
	}
	if info, err := os.Stat(filepath.Join(o.Dir, "innopay.db")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database: %v %v", info, err)
	}
	complete(t, f)
	reachable(t, o, f)
	paid := pay(t, d, f)

	d.Kill()
	if code, body := get(t, f.SimulatorURL+"/simulator/acquirer/journal?limit=1"); code != http.StatusOK || !strings.Contains(body, `"seq":1,`) {
		t.Errorf("the simulator after a kill of the server: %d %s", code, body)
	}
	d, again := start(t, o)
	same(t, f, again)
	if got := find(t, d, again, paid.OrderID); got.ID != paid.ID || got.Status != "DONE" {
		t.Errorf("the payment from before the kill: %+v, was %+v", got, paid)
	}
	if code, said, err := d.Verify(t.Context()); code != 0 || err != nil {
		t.Errorf("verify while it runs: %d %v\n%s", code, err, said)
	}
	if err := d.Stop(stopWithin); err != nil {
		t.Error(err)
	}
	for name, url := range map[string]string{"server": d.Base + "/healthz", "simulator": f.SimulatorURL + "/simulator/acquirer/journal?limit=1"} {
		if code, _ := get(t, url); code != 0 {
			t.Errorf("the %s still answers %d after SIGTERM", name, code)
		}
	}
	if code, said, err := d.Verify(t.Context()); code != 0 || err != nil {
		t.Errorf("verify when it is down: %d %v\n%s", code, err, said)
	}
}

// complete looks whether demo.json has everything the contract names.
func complete(t *testing.T, f demo.File) {
	t.Helper()
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	if host, _, err := net.SplitHostPort(f.Printer); err != nil || host != "127.0.0.1" {
		t.Errorf("the printer: %q", f.Printer)
	}
	if host, _, err := net.SplitHostPort(f.SIP); err != nil || host != "127.0.0.1" || f.ARSNumber == "" {
		t.Errorf("the telephone line: %q %q", f.SIP, f.ARSNumber)
	}
	if f.APIVersion != "v1" || len(f.Merchants) != 2 || f.Operator.LoginID == "" {
		t.Errorf("demo.json: %s", b)
	}
	taxes := map[string]bool{}
	for _, m := range f.Merchants {
		taxes[m.TaxType] = true
		if len(m.Logins) != 2 || m.CancelPassword == "" || !strings.HasPrefix(m.SecretKey, "sk_test_") {
			t.Errorf("merchant %+v", m)
		}
	}
	if !taxes["TAXABLE"] || !taxes["MIXED"] {
		t.Errorf("tax types %v", taxes)
	}
	cards := map[string]bool{}
	for _, c := range f.Cards {
		cards[c.Behaviour] = true
	}
	for _, b := range []string{
		"APPROVE", "DECLINE_LIMIT", "DECLINE_LOST", "DECLINE_EXPIRED", "TIMEOUT", "LATE", "DUPLICATE", "GARBAGE",
		"HALF_CLOSE", "RESET", "FOREIGN", "WRONG_AMOUNT", "DROP", "NO_ORIGINAL", "DELAY",
	} {
		if !cards[b] {
			t.Errorf("no card that does %s", b)
		}
	}
}

// reachable looks at the addresses a user is told of.
func reachable(t *testing.T, o process.DemoOptions, f demo.File) {
	t.Helper()
	_, port, _ := strings.Cut(strings.TrimPrefix(f.BaseURL, "http://"), ":")
	for _, url := range []string{
		f.BaseURL + "/healthz", f.BaseURL + "/readyz", f.BaseURL + "/openapi.json", f.BaseURL + "/docs", f.BaseURL + "/app/",
		f.BaseURL + "/simulator/acquirer/journal?limit=1", "http://localhost:" + port + "/app/",
	} {
		if code, body := get(t, url); code != http.StatusOK {
			t.Errorf("%s: %d %s", url, code, body)
		}
	}
	for _, url := range []string{f.BaseURL, f.SimulatorURL} {
		for path, holds := range map[string]string{"/simulator/phone/010-0000-0001/messages": `{"messages":`, "/simulator/mail": `{"mails":`, "/simulator/messenger/faults": `{"script":[]}`} {
			if code, body := get(t, url+path); code != http.StatusOK || !strings.Contains(body, holds) {
				t.Errorf("%s%s: %d %s", url, path, code, body)
			}
		}
	}
	if b, err := os.ReadFile(filepath.Join(o.Dir, "simulator", "simulator.json")); err != nil || !strings.Contains(string(b), `"smtp":"127.0.0.1:`) {
		t.Errorf("where mail goes: %s %v", b, err)
	}
	if code, _ := get(t, f.SimulatorURL+"/messages/v4/list"); code != http.StatusUnauthorized {
		t.Errorf("the gateway's wire without a proof: %d", code)
	}
	if code, _ := get(t, f.BaseURL+"/messages/v4/list"); code != http.StatusNotFound {
		t.Errorf("the gateway's wire under the server's own address: %d", code)
	}
	if f.BaseURL != "http://"+o.Listen {
		t.Errorf("listens at %s, was told %s", f.BaseURL, o.Listen)
	}
}

// shop is a client of the first merchant.
func shop(d *process.Demo, f demo.File) *load.Client {
	return load.NewClient(f.Merchants[0], load.Transport(4), d.Base)
}

func pay(t *testing.T, d *process.Demo, f demo.File) load.Payment {
	t.Helper()
	book := load.NewBook(clock.System{})
	p := book.NewPayment(shop(d, f), "demo-1", load.Order{ID: "order-demo-1", Amount: 12_000}, f.Cards[0])
	if v, err := p.Finish(t.Context()); err != nil || v != load.Final {
		t.Fatalf("paid: %v %v", v, err)
	}
	return find(t, d, f, "order-demo-1")
}

func find(t *testing.T, d *process.Demo, f demo.File, order string) load.Payment {
	t.Helper()
	a, err := shop(d, f).ByOrder(t.Context(), order)
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Payment()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// same compares what a second start told with the first.
func same(t *testing.T, first, second demo.File) {
	t.Helper()
	a, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(second)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Errorf("a second start told something else:\n%s\n%s", a, b)
	}
}

// TestOneDemoAFolder refuses a second demo beside the first, in one line.
func TestOneDemoAFolder(t *testing.T) {
	t.Parallel()
	o := options(t)
	start(t, o)
	code, said, err := process.Output(t.Context(), o.Binary, "demo", "--data", o.Dir)
	if code != 2 || err != nil || strings.Count(strings.TrimSpace(said), "\n") != 0 || said == "" {
		t.Errorf("a second demo on the folder: %d %v %q", code, err, said)
	}
}
