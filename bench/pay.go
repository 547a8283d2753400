package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/keyring"
	"innopay/internal/load"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/store"
	"innopay/internal/web/api"
	"innopay/money"
)

// engines are the databases, as figures name them.
var engines = []string{"sqlite", "postgres"}

// acquirerDelay is how long the slow acquirer takes.
const acquirerDelay = 50 * time.Millisecond

// payRun is one measurement of payments through the core on a real store.
type payRun struct {
	engine  string
	grouped bool // as shipped; else one commit for each write
	flight  int
	delay   time.Duration // of the acquirer
}

func (r payRun) name() string {
	what := "pay " + r.engine
	if !r.grouped {
		what += " ungrouped"
	}
	if r.delay > 0 {
		what += " " + r.delay.String()
	}
	return name(what, r.flight)
}

// shops share the payments of a run.
const shops = 100

// pay measures payments: validation, intent, an acquirer that answers at once,
// outcome, frozen answer.
func (b *bench) pay(ctx context.Context, r payRun) error {
	dir, remove, err := b.folder()
	if err != nil {
		return err
	}
	defer remove()
	ring, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	o := store.Options{Clock: b.clock, Log: log, Sealer: ring, Ungrouped: !r.grouped}
	if r.engine == "sqlite" {
		o.SQLitePath = filepath.Join(dir, "bench.db")
	} else if o.PostgresURL, err = b.pg.Database(ctx, nil); err != nil {
		return err
	}
	db, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	presenter := &api.Presenter{Links: receipt.Links{Keys: ring, Base: "https://pay.example"}, Clock: b.clock, CaptureHour: 23}
	core := payment.New(payment.Options{
		Store: db, Merchants: terms{}, Acquirers: map[string]acquirer.Acquirer{adapter: &instant{clock: b.clock, delay: r.delay}},
		Hasher: ring, Issuers: issuer, Render: presenter.Render, Clock: b.clock, IDs: id.NewSource(nil), Log: log, Owner: "bench",
	})
	p := &payer{core: core, clock: b.clock}
	f, err := b.payAll(ctx, p, r)
	if cerr := db.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.name(), err)
	}
	b.report.set(r.name(), f)
	return nil
}

// payAll first makes every shop pay once, which takes its trace numbers.
func (b *bench) payAll(ctx context.Context, p *payer, r payRun) (figure, error) {
	for range shops {
		if err := p.pay(ctx); err != nil {
			return figure{}, err
		}
	}
	p.spent = load.Histogram{}
	rate, err := b.measure(ctx, r.flight, func(ctx context.Context, _ int) error { return p.pay(ctx) })
	return figure{PerSecond: rate, P50: p.spent.Quantile(.5), P99: p.spent.Quantile(.99)}, err
}

// payer makes payments one after the other, each with its own key and order.
type payer struct {
	core  *payment.Service
	clock clock.Clock
	count atomic.Int64
	spent load.Histogram
}

func (p *payer) pay(ctx context.Context) error {
	n := p.count.Add(1)
	pan, err := card.ParsePAN("4111111111111111")
	if err != nil {
		return err
	}
	expiry, err := card.ParseExpiry("12", "35")
	if err != nil {
		return err
	}
	begun := p.clock.Now()
	order := fmt.Sprintf("order-%012d", n)
	res, err := p.core.PayByCard(ctx, payment.Create{
		Tenant: merchant.TenantOf(fmt.Sprintf("mer_%026d", n%shops)), Actor: "key_bench", Channel: payment.ChannelCard,
		Key: order, TraceID: "trc_bench", OrderID: order, OrderName: "벤치마크", Amount: 55_000,
		Card: acquirer.Card{Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry},
	})
	if err == nil && (res.Status != http.StatusCreated || res.Payment.Status != payment.Done) {
		err = fmt.Errorf("payment ended as %s", res.Payment.Status)
	}
	p.spent.Add(p.clock.Now().Sub(begun))
	return err
}

// adapter is the name of the acquirer in the terms.
const adapter = "instant"

// instant approves everything after its delay.
type instant struct {
	clock clock.Clock
	delay time.Duration
	count atomic.Int64
}

// Describe has the time-outs of a demo.
func (*instant) Describe() acquirer.Descriptor {
	return acquirer.Descriptor{Name: adapter, Simulated: true, Timeouts: acquirer.DemoTimeouts(), CaptureHour: 23}
}

// Authorize approves.
func (i *instant) Authorize(ctx context.Context, _ acquirer.Authorization) acquirer.Answer {
	if i.delay > 0 && i.clock.Sleep(ctx, i.delay) != nil {
		return acquirer.Answer{}
	}
	n := fmt.Sprintf("%08d", i.count.Add(1))
	return acquirer.Answer{
		Outcome: acquirer.Approved, Code: "00", Message: "정상승인", ApprovalNumber: n, RRN: "0000" + n,
		Issuer: acquirer.Party{Code: "11", Name: "시험 발급사"}, Acquirer: acquirer.Party{Code: "11", Name: "시험 매입사"}, CardType: "CREDIT",
	}
}

// Reverse is never asked for: nothing is unknown here.
func (*instant) Reverse(context.Context, acquirer.Reversal) acquirer.ReversalAnswer {
	return acquirer.ReversalAnswer{}
}

// issuer knows a card by the table of number ranges, as the server does.
func issuer(p card.PAN) (code string, luhn bool) {
	r, _ := card.Lookup(p)
	return r.Issuer, r.CheckDigit
}

// terms are those of a shop whose terms the server has in memory, as it does on the
// hot path.
type terms struct{}

// Terms of every shop are alike.
func (terms) Terms(_ context.Context, t merchant.Tenant) (payment.Terms, error) {
	return payment.Terms{
		Merchant:   acquirer.Merchant{ID: t.ID(), MID: "BENCH0000000001", BusinessNumber: "1018199994", Name: "벤치 시험점", MCC: "5814"},
		TerminalID: "BENCH001", Adapter: adapter, TaxType: money.Taxable, Rounding: money.Nearest, MinimumCard: 100, SignatureLimit: 50_000,
	}, nil
}

// Installment offers none.
func (terms) Installment(context.Context, merchant.Tenant, string, string, money.Won, int, clock.Day) (payment.Installment, error) {
	return payment.Installment{}, nil
}

// CheckCancelPassword is never asked for.
func (terms) CheckCancelPassword(context.Context, merchant.Tenant, string, string) error { return nil }
