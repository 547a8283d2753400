// Package line_test calls the telephone line of the real program, as buyers do over SIP,
// and then asks the API and the acquirer's journal what became of it.
package line_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/test/needle"
	"innopay/test/process"
	"innopay/test/telephone"
	"innopay/test/truth"
)

// binary is the program: the one that INNOPAY_BINARY names, else built here.
var binary string

// TestMain lets all calls run at once: callers wait most of the time.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "32"); err != nil {
		panic(err)
	}
	os.Exit(process.WithBinary(m.Run, func(path string) { binary = path }))
}

// Bounds of waiting.
const (
	firstStart   = 2 * time.Minute // with neighbours that start too
	settleWithin = 60 * time.Second
	callWithin   = 75 * time.Second
	textWithin   = 20 * time.Second
)

// hosts are the addresses of telephones and servers of this package.
var hosts = telephone.Hosts{Block: 40}

// world is an installation with a telephone line, which tells all it can to its log.
type world struct {
	dir     string
	sim     *process.Simulator
	server  *process.Demo
	file    demo.File
	client  *load.Client
	line    string // host:port of SIP
	numbers atomic.Int32
	turn    sync.Mutex // of telephones that begin a call
}

// begin starts an acquirer and a demo with a line on an address of its own.
func begin(t *testing.T) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), line: hosts.Next() + ":5060"}
	var err error
	if w.sim, err = process.StartSimulator(t.Context(), binary, filepath.Join(w.dir, "simulator"), "--log-level", "debug"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sim.Kill)
	o := process.DemoOptions{
		Binary: binary, Dir: filepath.Join(w.dir, "demo"), Simulator: w.sim.Wire, SIP: w.line, LogLevel: "debug", Banner: filepath.Join(w.dir, "demo.out"),
		Env: []string{"INNOPAY_MESSAGES_LIMITS=off"},
	}
	if o.Listen, err = process.FreeAddress(); err != nil {
		t.Fatal(err)
	}
	w.use(t, process.StartDemo, o)
	if w.file, err = w.server.File(); err != nil {
		t.Fatal(err)
	}
	if w.file.SIP != w.line {
		t.Fatalf("demo.json says that the line is at %s, not at %s", w.file.SIP, w.line)
	}
	w.client = load.NewClient(w.file.Merchants[0], load.Transport(16), w.server.Base)
	return w
}

// use has a server started and takes it for the installation's.
func (w *world) use(t *testing.T, start func(process.DemoOptions) (*process.Demo, error), o process.DemoOptions) {
	t.Helper()
	server, err := start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Kill()
		if t.Failed() {
			t.Logf("the server wrote at last:\n%s", server.Tail())
		}
	})
	if _, err := server.Ready(t.Context(), firstStart); err != nil {
		t.Fatal(err)
	}
	w.server = server
}

// card is the acquirer's card with the behaviour.
func (w *world) card(t *testing.T, behaviour string) demo.Card {
	t.Helper()
	i := slices.IndexFunc(w.file.Cards, func(c demo.Card) bool { return c.Behaviour == behaviour })
	if i < 0 {
		t.Fatalf("demo.json has no card that does %s", behaviour)
	}
	return w.file.Cards[i]
}

// request is a payment request by telephone, as the contract says it.
type request struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	ARSNumber string `json:"arsNumber"`
	Code      string `json:"code"`
	PaymentID string `json:"paymentId"`
	Tries     int    `json:"tries"`
	phone     string
	amount    int64
}

// ask asks a buyer of a number of its own for a payment by telephone, and waits until the
// text is on its way.
func (w *world) ask(t *testing.T, amount int64) request {
	t.Helper()
	r := request{phone: fmt.Sprintf("0100070%04d", w.numbers.Add(1)), amount: amount}
	body, err := json.Marshal(map[string]any{
		"kind": "ARS", "orderId": "line-" + r.phone, "orderName": "아메리카노", "amount": amount, "buyer": map[string]string{"phone": r.phone},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.client.Do(t.Context(), http.MethodPost, "/v1/payment-requests", "line-"+r.phone, body)
	if err != nil || got.Status != http.StatusCreated {
		t.Fatalf("the request was answered %d %s %v", got.Status, got.Body, err)
	}
	if err := json.Unmarshal(got.Body, &r); err != nil {
		t.Fatal(err)
	}
	if r.Code == "" || r.ARSNumber != w.file.ARSNumber {
		t.Fatalf("the request is %s", got.Body)
	}
	return r
}

// read is the request as it stands now.
func (w *world) read(t *testing.T, r request) request {
	t.Helper()
	got, err := w.client.Do(t.Context(), http.MethodGet, "/v1/payment-requests/"+r.ID, "", nil)
	if err != nil || got.Status != http.StatusOK {
		t.Fatalf("the request is answered %d %s %v", got.Status, got.Body, err)
	}
	if err := json.Unmarshal(got.Body, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// becomes waits until the request stands so.
func (w *world) becomes(t *testing.T, r request, status string, within time.Duration) request {
	t.Helper()
	var now request
	deadline := time.Now().Add(within)
	for now = w.read(t, r); now.Status != status; now = w.read(t, r) {
		if time.Now().After(deadline) {
			t.Fatalf("the request of %s is %s, not %s", r.phone, now.Status, status)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return now
}

// paid sees that the request was paid, with the amount and the card.
func (w *world) paid(t *testing.T, r request, c demo.Card) {
	t.Helper()
	now := w.becomes(t, r, "PAID", settleWithin)
	got, err := w.client.Get(t.Context(), now.PaymentID)
	if err != nil || got.Status != http.StatusOK {
		t.Fatalf("the payment is answered %d %s %v", got.Status, got.Body, err)
	}
	var p struct {
		Status, Channel string
		Amount          int64
		Card            struct{ MaskedNumber, ApprovalNumber string }
	}
	if err := json.Unmarshal(got.Body, &p); err != nil {
		t.Fatal(err)
	}
	if p.Status != "DONE" || p.Channel != "ARS" || p.Amount != r.amount || p.Card.ApprovalNumber == "" || !strings.HasSuffix(p.Card.MaskedNumber, c.Number[len(c.Number)-4:]) {
		t.Errorf("the payment of %s is %s", r.phone, got.Body)
	}
	if strings.Contains(string(got.Body), c.Number) {
		t.Error("the answer tells the card number")
	}
	w.told(t, r, "/r/")
}

// unpaid sees that the request waits on, and that nothing was taken for it.
func (w *world) unpaid(t *testing.T, r request) {
	t.Helper()
	w.becomes(t, r, "SENT", textWithin)
}

// told waits until a text of the buyer holds the words.
func (w *world) told(t *testing.T, r request, words string) {
	t.Helper()
	telephone.Eventually(t, "the buyer "+r.phone+" is told of "+words, textWithin, func() bool {
		texts, err := w.sim.Texts(t.Context(), r.phone)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(texts, func(x load.Text) bool { return strings.Contains(x.Text, words) })
	})
}

// judge waits until all has settled, and holds the books against the acquirer's journal.
func (w *world) judge(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), settleWithin)
	defer cancel()
	db, err := truth.Open("", w.server.Options.Dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // read from only
	telephone.Eventually(t, "all is settled", settleWithin, func() bool {
		n, err := truth.Unsettled(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		return n == 0
	})
	journal, err := w.sim.Journal(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	var payments []load.Payment
	for _, m := range w.file.Merchants {
		some, err := load.NewClient(m, load.Transport(1), w.server.Base).List(ctx, nil)
		if err != nil {
			t.Fatal(err)
		}
		payments = append(payments, some...)
	}
	unknown, err := truth.Unknowns(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range append(truth.Books(journal, payments), truth.Reversals(journal, unknown)...) {
		t.Error(wrong)
	}
	if code, said, err := w.server.Verify(ctx, "--journal", w.sim.Dir); err != nil || code != 0 {
		t.Errorf("innopay verify ended with %d, %v:\n%s", code, err, said)
	}
}

// clean looks through everything that the processes wrote for the cards, in every form.
// demo.json and the banner tell the acquirer's cards because the contract says so.
func (w *world) clean(t *testing.T) {
	t.Helper()
	var all []needle.Needle
	for _, c := range w.file.Cards {
		all = append(all, needle.Of("card "+c.Behaviour, c.Number)...)
	}
	all = append(all, needle.Of("wrong card", wrongCard)...)
	told := func(path string) bool {
		return path == filepath.Join(w.server.Options.Dir, demo.FileName) || path == w.server.Options.Banner
	}
	found, n, err := needle.NewSearch(all).Files(told, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, hit := range found {
		t.Errorf("%.400s", hit)
	}
	if n < 1<<20 {
		t.Errorf("only %d bytes were looked through", n)
	}
	t.Logf("%d forms of %d cards in %d MB: %d hits", len(all), len(w.file.Cards)+1, n>>20, len(found))
}

// log is what the servers wrote.
func (w *world) log(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(w.server.Options.Dir + ".log")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// ended waits until the log says how the call of the request ended.
func (w *world) ended(t *testing.T, r request, reason string) {
	t.Helper()
	var said string
	telephone.Eventually(t, "the log says that the call for "+r.ID+" ended with "+reason, textWithin, func() bool {
		for line := range strings.Lines(w.log(t)) {
			if strings.Contains(line, "call ends") && strings.Contains(line, r.ID) && strings.Contains(line, reason) {
				said = line
			}
		}
		return said != ""
	})
	t.Logf("%s", strings.TrimSpace(said))
}
