// Package fault_test lets the acquirer misbehave in every way of the contract, and
// clients press at once what only one may get, against the real program: server and
// acquirer are processes, the acquirer's journal is the truth.
package fault_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
	"innopay/internal/load"
	"innopay/internal/pgtest"
	"innopay/test/process"
	"innopay/test/truth"
)

// binary is the program: the one that INNOPAY_BINARY names, else built here.
var binary string

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(m.Run, func(path string) { binary = path }))
}

// Bounds of waiting.
const (
	firstStart   = 2 * time.Minute  // with neighbours that start too
	pressWithin  = 4 * time.Minute  // every press has an answer: hashing passwords is what a busy machine does last
	settleWithin = 90 * time.Second // every unknown has ended (reliability R5: 120 s)
	width        = 128              // presses at once where not all at once is meant
)

// world is an installation: one acquirer, one or more servers on one database.
type world struct {
	t       *testing.T
	sim     *process.Simulator
	servers []*process.Demo
	file    demo.File
	clients []*load.Client // of each merchant, over all servers
	book    *load.Book
	db      *sql.DB
	begun   time.Time
}

// begin starts an installation with so many servers; more than one share a PostgreSQL.
func begin(t *testing.T, servers int) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, book: load.NewBook(clock.System{}), begun: time.Now()}
	var err error
	if w.sim, err = process.StartSimulator(t.Context(), binary, filepath.Join(dir, "simulator")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sim.Kill)
	o := process.DemoOptions{
		Binary: binary, Keys: filepath.Join(dir, "keys"), Simulator: w.sim.Wire, Env: []string{"INNOPAY_MESSAGES_LIMITS=off"},
	}
	if servers > 1 {
		o.Database = postgres(t)
	}
	for i := range servers {
		o.Dir = filepath.Join(dir, fmt.Sprintf("demo%d", i))
		w.start(o)
	}
	w.ready()
	return w
}

func postgres(t *testing.T) string {
	t.Helper()
	pg, err := pgtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			t.Error(err)
		}
	})
	url, err := pg.Database(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

func (w *world) start(o process.DemoOptions) {
	w.t.Helper()
	var err error
	if o.Listen, err = process.FreeAddress(); err != nil {
		w.t.Fatal(err)
	}
	s, err := process.StartDemo(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		s.Kill()
		if w.t.Failed() {
			w.t.Logf("%s wrote at last:\n%s", s.Base, s.Tail())
		}
	})
	w.servers = append(w.servers, s)
}

// ready waits for all servers, one of which seeds, and makes the clients.
func (w *world) ready() {
	w.t.Helper()
	var bases []string
	for _, s := range w.servers {
		if _, err := s.Ready(w.t.Context(), firstStart); err != nil {
			w.t.Fatal(err)
		}
		bases = append(bases, s.Base)
	}
	var err error
	if w.file, err = w.servers[0].File(); err != nil {
		w.t.Fatal(err)
	}
	w.talkTo(bases...)
	o := w.servers[0].Options
	if w.db, err = truth.Open(o.Database, o.Dir); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = w.db.Close() })
	w.took("servers ready", len(w.servers))
}

// talkTo makes a client of each merchant that speaks to the servers in turn.
func (w *world) talkTo(bases ...string) {
	transport := load.Transport(1024)
	w.clients = nil
	for _, m := range w.file.Merchants {
		w.clients = append(w.clients, load.NewClient(m, transport, bases...))
	}
}

// card is the acquirer's card with the behaviour.
func (w *world) card(behaviour string) demo.Card {
	w.t.Helper()
	i := slices.IndexFunc(w.file.Cards, func(c demo.Card) bool { return c.Behaviour == behaviour })
	if i < 0 {
		w.t.Fatalf("demo.json has no card that does %s", behaviour)
	}
	return w.file.Cards[i]
}

// client is the n-th of the merchants' clients, in turn.
func (w *world) client(n int) *load.Client { return w.clients[n%len(w.clients)] }

// payments prepares n payments with the card, over all merchants.
func (w *world) payments(name string, n int, card demo.Card) []*load.Press {
	out := make([]*load.Press, n)
	for i := range out {
		key := fmt.Sprintf("%s-%d", name, i)
		out[i] = w.book.NewPayment(w.client(i), "pay-"+key, load.Order{ID: "order-" + key, Amount: int64(10_000 + i)}, card)
	}
	return out
}

// sales makes n approved payments.
func (w *world) sales(name string, n int) []*load.Sale {
	w.t.Helper()
	before := len(w.book.Sales())
	w.finish(w.payments(name, n, w.card("APPROVE")), width)
	sales := w.book.Sales()[before:]
	if len(sales) != n {
		w.t.Fatalf("%d of %d plain payments were approved", len(sales), n)
	}
	return sales
}

// push presses until the server has taken every press, all at once.
func (w *world) push(ps []*load.Press) {
	w.t.Helper()
	var all sync.WaitGroup
	for _, p := range ps {
		all.Go(func() {
			if _, err := p.Push(w.t.Context(), 0); err != nil {
				w.t.Error(err)
			}
		})
	}
	all.Wait()
	w.took("taken", len(ps))
}

// took logs how long the test has run.
func (w *world) took(what string, n int) {
	w.t.Helper()
	w.t.Logf("%6.2f s: %d %s", time.Since(w.begun).Seconds(), n, what)
}

// finish presses until every outcome is final, so many presses at once.
func (w *world) finish(ps []*load.Press, width int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), pressWithin)
	defer cancel()
	if err := w.book.Replay(ctx, ps, width); err != nil {
		w.t.Fatalf("not ended within %v: %v", pressWithin, err)
	}
	w.took("ended", len(ps))
}

// judge waits until no job is left and compares everything with the journal.
func (w *world) judge() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), settleWithin)
	defer cancel()
	if err := w.book.Settle(ctx, width); err != nil {
		w.t.Errorf("not settled within %v: %v", settleWithin, err)
	}
	for {
		n, err := truth.Unsettled(ctx, w.db)
		if err != nil {
			w.t.Fatal(err)
		}
		if n == 0 {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	wrong, err := truth.Everything(ctx, w.book, w.sim.Simulator, w.clients)
	if err != nil {
		w.t.Fatal(err)
	}
	journal, err := w.sim.Journal(ctx, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	unknown, err := truth.Unknowns(ctx, w.db)
	if err != nil {
		w.t.Fatal(err)
	}
	wrong = append(wrong, truth.Reversals(journal, unknown)...)
	for _, s := range wrong[:min(len(wrong), 30)] {
		w.t.Error(s)
	}
	if code, said, err := w.servers[0].Verify(ctx, "--journal", w.sim.Dir); err != nil || code != 0 {
		w.t.Errorf("innopay verify ended with %d, %v:\n%s", code, err, said)
	}
	w.t.Logf("%d presses, %d journal entries, %d payments were unknown, refused %v", len(w.book.Presses(load.Final)), len(journal), len(unknown), w.book.Refused())
}

// outcome is how a press of a payment ended: DONE, or the code of its failure.
func outcome(p *load.Press) string {
	v, a, code := p.Verdict()
	if v != load.Final {
		return v.String() + code
	}
	pay, err := a.Payment()
	if err != nil {
		return err.Error()
	}
	return pay.Status + pay.Failure.Code
}
