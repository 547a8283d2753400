package call_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/ars/call"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
	"innopay/internal/jobs"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/store"
	"innopay/messenger"
	"innopay/money"
)

// longest is the longest call of these tests.
const longest = 3 * time.Minute

const (
	buyer     = "01000001234"
	arsNumber = "0200000099"
)

// bank is the simulator without a wire, which may take its time.
type bank struct {
	*simulator.InProcess
	wait time.Duration
}

// Describe gives the time-outs of production: the line must bear them.
func (b *bank) Describe() acquirer.Descriptor {
	d := b.InProcess.Describe()
	d.Timeouts.Connect, d.Timeouts.Read = 5*time.Second, 40*time.Second
	return d
}

func (b *bank) Authorize(ctx context.Context, a acquirer.Authorization) acquirer.Answer {
	if b.wait > 0 && (clock.System{}).Sleep(ctx, b.wait) != nil {
		return acquirer.Answer{Message: "no answer"}
	}
	return b.InProcess.Authorize(ctx, a)
}

// postbox is a gateway that keeps what it was given.
type postbox struct {
	mu  sync.Mutex
	got []messenger.Message
}

func (p *postbox) Describe() messenger.Descriptor {
	return messenger.Descriptor{Name: "postbox", Simulated: true, Kinds: []messenger.Kind{messenger.SMS, messenger.LMS}}
}

func (p *postbox) Send(_ context.Context, m messenger.Message) messenger.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, m)
	return messenger.Answer{Outcome: messenger.Accepted, Reference: m.ID}
}

func (p *postbox) Close() error { return nil }

// log is what all goroutines of a rig write.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// terms tells the core about the one shop.
type terms struct {
	*merchant.Registry
	rig *rig
}

func (x terms) Terms(ctx context.Context, t merchant.Tenant) (payment.Terms, error) {
	m, err := x.Merchant(ctx, t)
	if err != nil {
		return payment.Terms{}, err
	}
	return payment.Terms{
		Merchant:   acquirer.Merchant{ID: m.ID, MID: m.Terminals[0].MID, BusinessNumber: m.BusinessNumber, Name: m.Name, MCC: m.MCC},
		TerminalID: m.Terminals[0].TID, Adapter: m.Terminals[0].Acquirer, TaxType: m.TaxType, NeedsBirth: true, NeedsPassword: true, Suspended: x.rig.closed,
	}, nil
}

func (x terms) Installment(ctx context.Context, t merchant.Tenant, adapter, issuer string, amount money.Won, months int, day clock.Day) (payment.Installment, error) {
	rules, err := x.Installments(ctx, t)
	o := rules.Offer(amount, adapter, issuer, day)
	return payment.Installment{Offered: o.Offers(months)}, err
}

func (terms) CheckCancelPassword(context.Context, merchant.Tenant, string, string) error { return nil }

// rig is a line over the real payment side, SQLite and the simulator, in virtual time.
type rig struct {
	t        *testing.T
	log      *logBuffer
	bank     *bank
	book     *simulator.Book
	shop     merchant.Merchant
	requests *payrequest.Service
	line     *call.Line
	post     *postbox
	pacer    *media.Pacer
	rounds   []func(context.Context) (bool, error)
	settler  *jobs.Settler
	orders   int
	closed   bool // the shop takes no money
}

// virtual runs a test in a time of its own, with everything a call needs.
func virtual(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		pacing, stop := context.WithCancel(t.Context())
		var paced sync.WaitGroup
		paced.Go(func() { r.pacer.Run(pacing) })
		defer paced.Wait()
		defer stop()
		defer func() {
			if err := r.line.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}()
		test(t, r)
	})
}

func newRig(t *testing.T) *rig {
	t.Helper()
	var c clock.System
	r := &rig{t: t, log: &logBuffer{}, post: &postbox{}, pacer: media.NewPacer(c, 1)}
	log := slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	dir := t.TempDir()
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	must(t, err)
	db, err := store.Open(t.Context(), store.Options{SQLitePath: filepath.Join(dir, "innopay.db"), Clock: c, Log: log, Sealer: keys})
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	ids := id.NewSource(nil)
	registry := merchant.NewRegistry(merchant.Deps{Store: store.NewMerchants(db), Keys: keys, Clock: c, IDs: ids, Log: log})
	r.book, err = simulator.NewBook(c, nil)
	must(t, err)
	r.bank = &bank{InProcess: simulator.Direct(r.book)}
	r.settler = &jobs.Settler{Store: db, Clock: c, Log: log, Owner: "test", Lease: time.Minute, Poll: time.Second}
	payments := payment.New(payment.Options{
		Store: db, Merchants: terms{registry, r}, Hasher: keys, Render: func(p payment.Payment) ([]byte, error) { return []byte(p.ID), nil },
		Acquirers: map[string]acquirer.Acquirer{"simulator": r.bank}, Clock: c, IDs: ids, Log: log, Owner: "test", Wake: r.settler.Wake,
		Issuers: func(p card.PAN) (string, bool) {
			known, _ := card.Lookup(p)
			return known.Issuer, known.CheckDigit
		},
	})
	r.settler.Payments = payments
	messages := message.New(message.Options{
		Store: db, Gateways: []messenger.Sender{r.post}, Keys: keys, Clock: c, IDs: ids, Log: log, Owner: "test", Sender: arsNumber,
	})
	r.requests = payrequest.New(payrequest.Options{
		Store: db, Payments: payments, Messages: messages, Directory: registry, Keys: keys, ARSNumber: arsNumber,
		Receipt: func(p payment.Payment) string { return "https://shop.example/r/" + p.ID },
		Base:    "https://shop.example", Clock: c, IDs: ids, Log: log, Owner: "test",
	})
	dispatcher := &outbox.Dispatcher{Store: db, Subscribers: []outbox.Subscriber{payrequest.Notifier{Service: r.requests}}, Clock: c, Log: log, Owner: "test"}
	r.rounds = []func(context.Context) (bool, error){dispatcher.Round, messages.Round, r.requests.Round, dispatcher.Round, messages.Round}
	library, err := speech.Load(nil, log)
	must(t, err)
	r.line = call.New(call.Options{Payments: r.requests, Library: library, Clock: c, IDs: ids, Log: log, Most: longest})
	r.shop, err = registry.CreateMerchant(t.Context(), "test", merchant.NewMerchant{
		Name: "시험 가게", BusinessNumber: "1018199993", OwnerName: "시험 대표", Address: "서울특별시 시험구 시험로 1", Phone: "0200000001",
		TaxType: money.Taxable, MCC: "5814", AuthLevel: merchant.AuthFull,
		Terminals: []merchant.Terminal{{TID: "T1", MID: "M1", Acquirer: "simulator"}},
	})
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask makes a request of the shop to the buyer.
func (r *rig) ask(amount money.Won) payrequest.View {
	r.t.Helper()
	return r.askUntil(amount, time.Time{})
}

func (r *rig) askUntil(amount money.Won, until time.Time) payrequest.View {
	r.t.Helper()
	r.orders++
	n := fmt.Sprintf("order-%06d", r.orders)
	v, _, err := r.requests.Create(r.t.Context(), payrequest.Create{Kind: payrequest.ByARS, Create: payment.Create{
		Tenant: r.shop.Tenant(), Actor: "test", Key: n, OrderID: n, OrderName: "아메리카노 외 2건", Amount: amount, Until: until,
		Buyer: payment.Buyer{Name: "구매자", Phone: buyer},
	}})
	must(r.t, err)
	return v
}

// now is a request as it stands.
func (r *rig) now(v payrequest.View) payrequest.View {
	r.t.Helper()
	got, err := r.requests.Get(r.t.Context(), r.shop.Tenant(), v.ID)
	must(r.t, err)
	return got
}

// is fails unless the request has that status.
func (r *rig) is(v payrequest.View, want payrequest.Status) payrequest.View {
	r.t.Helper()
	got := r.now(v)
	if got.Status != want {
		r.t.Fatalf("the request is %s (payment %s, %+v), want %s", got.Status, got.Payment.Status, got.Payment.Failure, want)
	}
	return got
}

// texts runs the workers until nothing is due and returns what the number was told.
func (r *rig) texts(number string) []string {
	r.t.Helper()
	for _, round := range r.rounds {
		for range 100 {
			more, err := round(r.t.Context())
			must(r.t, err)
			if !more {
				break
			}
		}
	}
	r.post.mu.Lock()
	defer r.post.mu.Unlock()
	var out []string
	for _, m := range r.post.got {
		if m.To == number {
			out = append(out, m.Text)
		}
	}
	return out
}

// settle lets the workers of the core work for a time.
func (r *rig) settle(d time.Duration) {
	r.t.Helper()
	ctx, stop := context.WithCancel(r.t.Context())
	var working sync.WaitGroup
	working.Go(func() { r.settler.Run(ctx) })
	wait(r.t, d)
	stop()
	working.Wait()
}

func wait(t *testing.T, d time.Duration) {
	t.Helper()
	must(t, clock.System{}.Sleep(t.Context(), d))
}
