package message_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/store"
	"innopay/messenger"
)

// noon is when every test begins.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

const (
	shop   = "mer_shop"
	number = "01000001234"
	base   = "http://127.0.0.1:8080"
)

// gateway is scripted: answer says what a try comes to. It reports by calls, and its
// reports are read from the query.
type gateway struct {
	name   string
	kinds  []messenger.Kind
	mu     sync.Mutex
	got    []messenger.Message
	answer func(messenger.Message) messenger.Answer
}

func (g *gateway) Describe() messenger.Descriptor {
	return messenger.Descriptor{Name: g.name, Kinds: g.kinds, Reports: true}
}

func (g *gateway) Send(_ context.Context, m messenger.Message) messenger.Answer {
	g.mu.Lock()
	g.got = append(g.got, m)
	answer := g.answer
	g.mu.Unlock()
	if answer == nil {
		return messenger.Answer{Outcome: messenger.Accepted, Reference: g.name + "/" + m.ID}
	}
	return answer(m)
}

func (g *gateway) Close() error { return nil }

func (g *gateway) ReadReport(r *http.Request) (messenger.Report, error) {
	switch r.FormValue("state") {
	case g.name + " delivered":
		return messenger.Report{State: messenger.Delivered}, nil
	case g.name + " failed":
		return messenger.Report{State: messenger.Failed, Code: "E1", Reason: "전원이 꺼져 있어요."}, nil
	case g.name + " waiting":
		return messenger.Report{}, nil
	}
	return messenger.Report{}, errors.New("not mine")
}

func (g *gateway) tries() []messenger.Message {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]messenger.Message{}, g.got...)
}

func (g *gateway) will(answer func(messenger.Message) messenger.Answer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.answer = answer
}

func always(an messenger.Answer) func(messenger.Message) messenger.Answer {
	return func(messenger.Message) messenger.Answer { return an }
}

// asked is a gateway that is asked for reports.
type asked struct {
	*gateway
	report func(reference string) (messenger.Report, error)
	asks   int
}

func (a *asked) Ask(_ context.Context, reference string) (messenger.Report, error) {
	a.asks++
	return a.report(reference)
}

// rig is a message service over SQLite on a fake clock.
type rig struct {
	*message.Service
	clock *clock.Fake
	db    *store.DB
	log   *strings.Builder
	stale map[string]bool // messages whose composer says that they are no longer true
	text  string
}

func newRig(t *testing.T, gateways []messenger.Sender, change ...func(*message.Options)) *rig {
	t.Helper()
	r := &rig{clock: clock.NewFake(noon), log: &strings.Builder{}, stale: map[string]bool{}, text: "결제 요청"}
	keys, err := keyring.Open(filepath.Join(t.TempDir(), "keys"))
	must(t, err)
	log := slog.New(slog.NewTextHandler(r.log, nil))
	r.db, err = store.Open(t.Context(), store.Options{SQLitePath: dbtest.SQLite(t, t.TempDir()), Clock: clock.System{}, Log: log, Sealer: keys})
	must(t, err)
	t.Cleanup(func() { must(t, r.db.Close()) })
	o := message.Options{
		Store: r.db, Gateways: gateways, Sender: "15880000", Keys: keys, Clock: r.clock, IDs: id.NewSource(nil), Log: log, Owner: "test", Base: base,
	}
	for _, f := range change {
		f(&o)
	}
	r.Service = message.New(o)
	r.Compose(message.Request, func(_ context.Context, j message.Job) (message.Content, error) {
		if r.stale[j.ID] {
			return message.Content{}, message.ErrStale
		}
		return message.Content{Subject: "결제 요청", Text: r.text, Variables: map[string]string{"shop": "가게"}}, nil
	})
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// say enqueues a message about a payment.
func (r *rig) say(t *testing.T, payment string) message.Job {
	t.Helper()
	j, err := r.enqueue(message.Job{MerchantID: shop, Purpose: message.Request, RequestID: "req_" + payment, PaymentID: payment, To: number})
	must(t, err)
	return j
}

func (r *rig) enqueue(j message.Job) (out message.Job, err error) {
	err = r.db.MessageTx(context.Background(), func(ctx context.Context, tx message.Tx) (err error) {
		out, err = r.Enqueue(ctx, tx, j)
		return err
	})
	return out, err
}

// rounds delivers until nothing is due now.
func (r *rig) rounds(t *testing.T) {
	t.Helper()
	for range 1000 {
		more, err := r.Round(t.Context())
		must(t, err)
		if !more {
			return
		}
	}
	t.Fatal("something is always due")
}

// pass lets time pass in steps, delivering at each.
func (r *rig) pass(t *testing.T, d, step time.Duration) {
	t.Helper()
	for end := r.clock.Now().Add(d); r.clock.Now().Before(end); {
		r.clock.Advance(step)
		r.rounds(t)
	}
}

func (r *rig) now(t *testing.T, j message.Job) message.Job {
	t.Helper()
	got, err := r.db.Message(t.Context(), merchant.TenantOf(shop), j.ID)
	must(t, err)
	return got
}

// report calls back what a gateway was told to call.
func (r *rig) report(t *testing.T, m messenger.Message, state string) error {
	t.Helper()
	path, ok := strings.CutPrefix(m.ReportURL, base+"/hooks/messages/")
	parts := strings.Split(path, "/")
	if !ok || len(parts) != 5 {
		t.Fatalf("report to %q", m.ReportURL)
	}
	of := message.Reported{MerchantID: parts[0], MessageID: parts[1], Gateway: parts[2], Kind: messenger.Kind(parts[3]), Token: parts[4]}
	return r.reportOf(of, state)
}

func (r *rig) reportOf(of message.Reported, state string) error {
	body := strings.NewReader("state=" + strings.ReplaceAll(state, " ", "+"))
	req := httptest.NewRequest(http.MethodPost, "/", body)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r.Report(context.Background(), of, req)
}

// events counts what devices were told of a message.
func (r *rig) events(t *testing.T) int {
	t.Helper()
	es, err := r.db.EventsOf(t.Context(), merchant.TenantOf(shop), "", 10_000)
	must(t, err)
	return len(es)
}

func texts(name string) *gateway {
	return &gateway{name: name, kinds: []messenger.Kind{messenger.SMS, messenger.LMS}}
}

func talks(name string) *gateway {
	return &gateway{name: name, kinds: []messenger.Kind{messenger.AlimTalk}}
}

func payment(n int) string { return fmt.Sprintf("pay_%04d", n) }
