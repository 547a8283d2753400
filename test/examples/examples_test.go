// Package examples_test runs every program of docs/examples as it is, by bash and by node,
// against a demo: what integrators copy works.
package examples_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/docs/examples"
	"innopay/internal/demo"
	"innopay/test/process"
)

// sdk is where the npm package standardwebhooks is installed.
const sdk = "../../internal/webhook/testdata/sdk/node_modules"

// A program has so long; one that waits for an unclear outcome needs the acquirer's time
// to answer and the reversal's besides.
const within = 60 * time.Second

var binary string

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(m.Run, func(path string) { binary = path }))
}

// desk is a demo with the examples in a folder beside it, as an integrator has them.
type desk struct {
	demo.File
	dir string
	ran map[string]bool
}

func open(t *testing.T) *desk {
	t.Helper()
	if _, err := os.Stat(sdk + "/standardwebhooks"); err != nil {
		t.Fatal("standardwebhooks is not installed: run tools/npm internal/webhook/testdata/sdk (make test-go does)")
	}
	listen, err := process.FreeAddress()
	must(t, err)
	d, err := process.StartDemo(process.DemoOptions{Binary: binary, Dir: filepath.Join(t.TempDir(), "demo"), Listen: listen})
	must(t, err)
	t.Cleanup(func() {
		d.Kill()
		if t.Failed() {
			t.Logf("the demo wrote:\n%s", d.Tail())
		}
	})
	_, err = d.Ready(t.Context(), 30*time.Second)
	must(t, err)
	f, err := d.File()
	must(t, err)
	out := &desk{File: f, dir: t.TempDir(), ran: map[string]bool{}}
	must(t, os.CopyFS(out.dir, examples.Files))
	modules, err := filepath.Abs(sdk)
	must(t, err)
	must(t, os.Symlink(modules, filepath.Join(out.dir, "node_modules")))
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// command is the program by its name, with settings as the page has them.
func (d *desk) command(ctx context.Context, env []string, name string, args ...string) *exec.Cmd {
	runner := "node"
	if filepath.Ext(name) == ".sh" {
		runner = "bash"
	}
	d.ran[name] = true
	cmd := exec.CommandContext(ctx, runner, append([]string{name}, args...)...)
	cmd.Dir = d.dir
	shop := d.Merchants[0]
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "INNOPAY_URL=" + d.BaseURL, "INNOPAY_KEY=" + shop.SecretKey, "INNOPAY_CANCEL_PASSWORD=" + shop.CancelPassword}, env...)
	return cmd
}

// run runs a program to its end and gives what it printed and its exit code.
func (d *desk) run(t *testing.T, env []string, name string, args ...string) (said string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	var out, wrong bytes.Buffer
	cmd := d.command(ctx, env, name, args...)
	cmd.Stdout, cmd.Stderr = &out, &wrong
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return out.String() + wrong.String(), exit.ExitCode()
	}
	must(t, err)
	return out.String(), 0
}

// does is run for a program that has to succeed.
func (d *desk) does(t *testing.T, name string, args ...string) string {
	t.Helper()
	said, code := d.run(t, nil, name, args...)
	if code != 0 {
		t.Fatalf("%s: exit code %d: %s", name, code, said)
	}
	return said
}

func (d *desk) card(t *testing.T, behaviour string) []string {
	t.Helper()
	for _, c := range d.Cards {
		if c.Behaviour == behaviour {
			return []string{"CARD_NUMBER=" + c.Number}
		}
	}
	t.Fatalf("no card for %s", behaviour)
	return nil
}

// object is what curl printed.
func object(t *testing.T, said string) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(said), &v); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return v
}

func TestEveryExampleDoesWhatItSays(t *testing.T) {
	t.Parallel()
	d := open(t)
	h := d.receive(t)

	// Paid once, however often it is sent.
	paid := object(t, d.does(t, "pay.sh", "order-curl"))
	id := fmt.Sprint(paid["id"])
	h.heard(t, "payment.approved "+id+" DONE")
	if again := object(t, d.does(t, "pay.sh", "order-curl")); paid["status"] != "DONE" || again["id"] != paid["id"] {
		t.Errorf("%v, again %v", paid["id"], again["id"])
	}
	if said := d.does(t, "pay.mjs", "order-node"); !regexp.MustCompile(`^DONE pay_\w+ \d+\n$`).MatchString(said) {
		t.Errorf("pay.mjs: %q", said)
	}
	if said, code := d.run(t, d.card(t, "DECLINE_LIMIT"), "pay.mjs", "order-limit"); code != 1 || !strings.Contains(said, "ABORTED pay_") || !strings.Contains(said, "CARD_DECLINED_LIMIT") {
		t.Errorf("pay.mjs, declined: %d %q", code, said)
	}
	// Unknown is neither, and ends.
	if said, code := d.run(t, d.card(t, "GARBAGE"), "pay.mjs", "order-unknown"); code != 1 || !strings.Contains(said, " UNKNOWN\n") || !strings.Contains(said, "ABORTED pay_") || !strings.Contains(said, "REVERSED") {
		t.Errorf("pay.mjs, unknown: %d %q", code, said)
	}

	if found := object(t, d.does(t, "find.sh", "order-curl")); found["id"] != paid["id"] {
		t.Errorf("find.sh: %v", found["id"])
	}
	if said, code := d.run(t, nil, "find.sh", "order-nowhere"); code == 0 || !strings.Contains(said, "PAYMENT_NOT_FOUND") {
		t.Errorf("find.sh, nothing: %d %q", code, said)
	}
	if said := d.does(t, "find.mjs", "order-curl"); said != id+" DONE 12000 12000\n" {
		t.Errorf("find.mjs: %q", said)
	}
	for range 2 { // sent twice, given back once
		if part := object(t, d.does(t, "cancel.sh", id, "2000")); part["status"] != "PARTIAL_CANCELED" || part["balanceAmount"] != 10_000.0 {
			t.Errorf("cancel.sh: %v", part)
		}
	}
	if said := d.does(t, "cancel.mjs", id, "3000"); said != "PARTIAL_CANCELED 7000 DONE\n" {
		t.Errorf("cancel.mjs: %q", said)
	}

	if asked := object(t, d.does(t, "request.sh", "asked-curl", d.Buyers[0].Phone)); asked["kind"] != "SMS" || asked["url"] == nil {
		t.Errorf("request.sh: %v", asked)
	}
	if said := d.does(t, "request.mjs", "asked-node", d.Buyers[0].Phone); !strings.HasPrefix(said, "req_") || !strings.Contains(said, d.BaseURL+"/p/") {
		t.Errorf("request.mjs: %q", said)
	}

	d.lists(t)
	h.heard(t, "payment.declined ", "payment.unknown ", "payment.canceled "+id+" PARTIAL_CANCELED")
	h.signed(t)
	all, err := examples.Files.ReadDir(".")
	must(t, err)
	for _, e := range all {
		if !d.ran[e.Name()] {
			t.Errorf("%s was not run", e.Name())
		}
	}
}

// lists takes the pages of today and of a day with more than one page.
func (d *desk) lists(t *testing.T) {
	t.Helper()
	today := string(clock.DayOf(clock.System{}.Now()))
	said := d.does(t, "list.mjs", today)
	lines := strings.Split(strings.TrimSpace(said), "\n")
	if len(lines) < 4 || !strings.Contains(said, " order-node DONE 12000\n") {
		t.Errorf("list.mjs: %q", said)
	}
	var listed []string
	decoder := json.NewDecoder(strings.NewReader(d.does(t, "list.sh", today)))
	for {
		var page struct {
			Payments []struct{ ID string }
		}
		err := decoder.Decode(&page)
		if errors.Is(err, io.EOF) {
			break
		}
		must(t, err)
		for _, p := range page.Payments {
			listed = append(listed, p.ID)
		}
	}
	if len(listed) != len(lines) {
		t.Errorf("list.sh lists %d, list.mjs %d", len(listed), len(lines))
	}
}

// receiver is receive.mjs, running, with a webhook of the shop's that leads to it by way
// of us, so that we know what it was sent.
type receiver struct {
	desk   *desk
	secret string
	calls  chan call
	lines  chan string
}

type call struct{ id, at, signature, body string }

func (d *desk) receive(t *testing.T) *receiver {
	t.Helper()
	address, err := process.FreeAddress()
	must(t, err)
	h := &receiver{desk: d, calls: make(chan call, 1), lines: make(chan string, 100)}
	front := h.front(t, "http://"+address)
	h.secret = d.webhook(t, front)
	cmd := d.command(t.Context(), []string{"WEBHOOK_SECRET=" + h.secret, "PORT=" + address[strings.LastIndexByte(address, ':')+1:]}, "receive.mjs")
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	read := make(chan struct{})
	go func() {
		defer close(read)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			h.lines <- scan.Text()
		}
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // fails only when it has ended
		<-read
		_ = cmd.Wait() // killed
	})
	h.next(t, "listening")
	return h
}

// next waits for a line.
func (h *receiver) next(t *testing.T, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	for {
		select {
		case line := <-h.lines:
			if strings.HasPrefix(line, want) {
				return
			}
		case <-ctx.Done():
			t.Fatalf("receive.mjs never said %q", want)
		}
	}
}

// heard waits for lines in any order.
func (h *receiver) heard(t *testing.T, wanted ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	var said []string
	for len(wanted) > 0 {
		select {
		case line := <-h.lines:
			said = append(said, line)
			for i, w := range wanted {
				if strings.HasPrefix(line, w) {
					wanted = append(wanted[:i], wanted[i+1:]...)
					break
				}
			}
		case <-ctx.Done():
			t.Fatalf("receive.mjs never said %q, but %q", wanted, said)
		}
	}
}

// signed has verify.sh judge what was sent, and what was not.
func (h *receiver) signed(t *testing.T) {
	t.Helper()
	c := <-h.calls
	for body, want := range map[string]string{c.body: "verified", c.body + " ": "refused"} {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		cmd := h.desk.command(ctx, []string{"WEBHOOK_SECRET=" + h.secret}, "verify.sh", c.id, c.at, "v1,bm9uZQ== "+c.signature)
		cmd.Stdin = strings.NewReader(body)
		out, err := cmd.CombinedOutput()
		cancel()
		if !strings.HasPrefix(string(out), want) || (err == nil) != (want == "verified") {
			t.Errorf("verify.sh: %v %s", err, out)
		}
	}
}

// front hands calls on to the example and remembers them.
func (h *receiver) front(t *testing.T, to string) string {
	t.Helper()
	client := &http.Client{Timeout: 10 * time.Second}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body) // one cut off does not verify
		select {
		case h.calls <- call{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature"), string(body)}:
		default: // the first one is all that is looked at
		}
		req, err := http.NewRequestWithContext(r.Context(), r.Method, to, bytes.NewReader(body))
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		req.Header = r.Header.Clone()
		res, err := client.Do(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_ = res.Body.Close() // read only
		w.WriteHeader(res.StatusCode)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// webhook makes one as the owner does in the app, and gives its secret.
func (d *desk) webhook(t *testing.T, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	client := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	post := func(path string, body any) map[string]any {
		b, err := json.Marshal(body)
		must(t, err)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.BaseURL+path, bytes.NewReader(b))
		must(t, err)
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		must(t, err)
		defer res.Body.Close()
		said, err := io.ReadAll(res.Body)
		must(t, err)
		if res.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", path, res.StatusCode, said)
		}
		return object(t, string(said))
	}
	owner := d.Merchants[0].Logins[0]
	post("/v1/sessions", map[string]any{"loginId": owner.LoginID, "password": owner.Password})
	made := post("/v1/webhooks", map[string]any{"url": address, "events": []string{"payment.approved", "payment.declined", "payment.unknown", "payment.canceled"}})
	secret, _ := made["secret"].(string)
	return secret
}
