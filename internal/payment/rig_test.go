package payment_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payment/memory"
	"innopay/money"
)

// noon is a business day's noon in Seoul, far from the capture.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

const password = "cancel-password-1"

var shop = merchant.TenantOf("mer_shop")

// leaping is a clock whose sleepers do not wait: sleeping moves the time.
type leaping struct{ *clock.Fake }

func (l leaping) Sleep(ctx context.Context, d time.Duration) error {
	l.Advance(d)
	return ctx.Err()
}

// terms are what the tests' merchants have agreed to.
type terms struct {
	mu    sync.Mutex
	terms payment.Terms
	plan  payment.Installment
}

func (m *terms) Terms(_ context.Context, t merchant.Tenant) (payment.Terms, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.terms
	out.Merchant.ID = t.ID()
	return out, nil
}

func (m *terms) change(f func(*payment.Terms)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.terms)
}

func (m *terms) Installment(context.Context, merchant.Tenant, string, string, money.Won, int, clock.Day) (payment.Installment, error) {
	return m.plan, nil
}

func (m *terms) CheckCancelPassword(_ context.Context, _ merchant.Tenant, pw, _ string) error {
	if pw != password {
		return merchant.ErrCancelPasswordWrong
	}
	return nil
}

// hasher keeps its keys by number; the last one writes.
type hasher struct {
	mu   sync.Mutex
	keys int
}

func (h *hasher) rotate() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keys++
}

func (h *hasher) MAC(purpose string, data ...[]byte) (keyID, sum string) {
	h.mu.Lock()
	keyID = "k" + strconv.Itoa(h.keys)
	h.mu.Unlock()
	sum, _ = h.MACWith(keyID, purpose, data...)
	return keyID, sum
}

func (h *hasher) MACWith(keyID, purpose string, data ...[]byte) (string, error) {
	h.mu.Lock()
	known := h.keys
	h.mu.Unlock()
	if n, err := strconv.Atoi(keyID[1:]); err != nil || n > known {
		return "", errors.New("no such key")
	}
	m := hmac.New(sha256.New, []byte(keyID+purpose))
	for _, d := range data {
		m.Write(d)
	}
	return hex.EncodeToString(m.Sum(nil)), nil
}

// rig is a core over a store in memory and an acquirer whose answers the test scripts.
type rig struct {
	*payment.Service
	t      *testing.T
	clock  leaping
	store  *memory.Store
	host   *host
	terms  *terms
	hasher *hasher
	fates  *fates
}

// fates are the next fates of commits, by point.
type fates struct {
	mu   sync.Mutex
	next map[memory.Point][]memory.Fate
}

func (f *fates) decide(c memory.Commit) memory.Fate {
	f.mu.Lock()
	defer f.mu.Unlock()
	q := f.next[c.Point]
	if len(q) == 0 {
		return memory.Proceed
	}
	f.next[c.Point] = q[1:]
	return q[0]
}

func (f *fates) set(p memory.Point, fs ...memory.Fate) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next[p] = fs
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{
		t: t, clock: leaping{clock.NewFake(noon)}, hasher: &hasher{},
		fates: &fates{next: map[memory.Point][]memory.Fate{}},
		terms: &terms{
			terms: payment.Terms{
				Merchant: acquirer.Merchant{MID: "M1", Name: "shop"}, TerminalID: "T1", Adapter: "test",
				TaxType: money.Mixed, Rounding: money.Nearest, MinimumCard: 100, SignatureLimit: 50_000,
			},
			plan: payment.Installment{Offered: true, Minimum: 50_000, InterestFree: true},
		},
	}
	r.store = memory.New(r.fates.decide)
	r.host = newHost(r.clock)
	r.Service = r.instance("instance-1")
	return r
}

// instance is one more process over the same store, with a memory of its own.
func (r *rig) instance(owner string) *payment.Service { return r.over(r.store, owner) }

// over is a process over another store.
func (r *rig) over(store payment.Store, owner string) *payment.Service {
	return payment.New(payment.Options{
		Store: store, Merchants: r.terms, Acquirers: map[string]acquirer.Acquirer{"test": r.host}, Hasher: r.hasher,
		Issuers: func(p card.PAN) (string, bool) { return "11", p.BIN() == "411111" },
		Render:  render, Clock: r.clock, IDs: id.NewSource(nil), Log: slog.New(slog.DiscardHandler), Owner: owner,
	})
}

func render(p payment.Payment) ([]byte, error) { return json.Marshal(p) }

var orders struct {
	sync.Mutex
	n int
}

func nextOrder() string {
	orders.Lock()
	defer orders.Unlock()
	orders.n++
	return "order-" + strconv.Itoa(orders.n)
}

// create is a valid payment of amount; secrets are new each time because a call wipes them.
func create(amount money.Won, change ...func(*payment.Create)) payment.Create {
	pan, err := card.ParsePAN("4111111111111111")
	if err != nil {
		panic(err)
	}
	expiry, err := card.ParseExpiry("12", "30")
	if err != nil {
		panic(err)
	}
	order := nextOrder()
	c := payment.Create{
		Tenant: shop, Actor: "usr_1", Channel: payment.ChannelCard, Key: "key-" + order, TraceID: "trc-" + order,
		OrderID: order, OrderName: "coffee", Amount: amount,
		Card: acquirer.Card{Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry},
	}
	for _, f := range change {
		f(&c)
	}
	return c
}

// again is the same press, with the card typed once more.
func again(c payment.Create) payment.Create {
	fresh := create(c.Amount)
	c.Card = fresh.Card
	return c
}

func (r *rig) pay(c payment.Create) payment.Result {
	r.t.Helper()
	res, err := r.PayByCard(r.t.Context(), c)
	if err != nil {
		r.t.Fatalf("PayByCard: %v", err)
	}
	return res
}

// approved is a sale of amount.
func (r *rig) approved(amount money.Won, change ...func(*payment.Create)) payment.Payment {
	r.t.Helper()
	res := r.pay(create(amount, change...))
	if res.Payment.Status != payment.Done || res.Status != 201 {
		r.t.Fatalf("payment is %s, HTTP %d; want DONE, 201", res.Payment.Status, res.Status)
	}
	return res.Payment
}

func (r *rig) cancelCommand(paymentID string, amount *money.Won) payment.CancelCommand {
	return payment.CancelCommand{
		Tenant: shop, Actor: "usr_1", PaymentID: paymentID, Key: "cancel-" + nextOrder(), TraceID: "trc-c", Reason: "returned",
		Amount: amount, CancelPassword: password,
	}
}

func (r *rig) cancel(paymentID string, amount *money.Won) payment.Result {
	r.t.Helper()
	res, err := r.Cancel(r.t.Context(), r.cancelCommand(paymentID, amount))
	if err != nil {
		r.t.Fatalf("Cancel: %v", err)
	}
	return res
}

func (r *rig) get(paymentID string) payment.Payment {
	r.t.Helper()
	p, err := r.Get(r.t.Context(), shop, paymentID)
	if err != nil {
		r.t.Fatalf("Get: %v", err)
	}
	return p
}

func (r *rig) dossier(paymentID string) memory.Dossier {
	r.t.Helper()
	d, err := r.store.Dossier(shop.ID(), paymentID)
	if err != nil {
		r.t.Fatalf("Dossier: %v", err)
	}
	return d
}

// step settles every job that is due and returns how many were.
func (r *rig) step(s *payment.Service) int {
	r.t.Helper()
	now := r.clock.Now()
	jobs, err := r.store.Lease(r.t.Context(), s.Owner, now, now.Add(time.Minute), 100)
	if err != nil {
		r.t.Fatalf("Lease: %v", err)
	}
	for _, job := range jobs {
		if err := s.Settle(r.t.Context(), job); err != nil && !errors.Is(err, payment.ErrChanged) && !errors.Is(err, memory.ErrBroken) {
			r.t.Fatalf("Settle: %v", err)
		}
	}
	return len(jobs)
}

// settle lets time pass until nothing is unsettled, at most limit.
func (r *rig) settle(limit time.Duration) {
	r.t.Helper()
	end := r.clock.Now().Add(limit)
	for r.store.UnsettledCount() > 0 {
		if r.step(r.Service) > 0 {
			continue
		}
		if r.clock.Now().After(end) {
			us, err := r.Store.Unsettled(r.t.Context(), shop, 10)
			r.t.Fatalf("not settled after %s: %+v %v", limit, us, err)
		}
		r.clock.Advance(time.Second)
	}
}

// attempts counts the messages of a kind that are on record.
func (r *rig) attempts(paymentID string, kind payment.AttemptKind) []payment.Attempt {
	r.t.Helper()
	var as []payment.Attempt
	for _, a := range r.dossier(paymentID).Attempts {
		if a.Kind == kind {
			as = append(as, a)
		}
	}
	return as
}

// books checks that ledger, balance and cancels of a payment agree.
func (r *rig) books(paymentID string) {
	r.t.Helper()
	d := r.dossier(paymentID)
	var held, done, receivable, all money.Won
	for _, c := range d.Payment.Cancels {
		switch c.Status {
		case payment.CancelDone:
			done += c.Split.Amount
			held += c.Split.Amount
		case payment.CancelInProgress, payment.CancelUnknown:
			held += c.Split.Amount
		case payment.CancelFailed:
		}
	}
	for _, p := range d.Postings {
		all += p.Amount
		if p.Account == "ACQUIRER_RECEIVABLE" {
			receivable += p.Amount
		}
	}
	want, balance := money.Won(0), money.Won(0)
	if d.Payment.Status.Approved() {
		want, balance = d.Payment.Split.Amount-done, d.Payment.Split.Amount-held
	}
	if d.Payment.Status == payment.Unknown || d.Payment.Status == payment.InProgress {
		balance = d.Payment.Split.Amount
	}
	if all != 0 || receivable != want || d.Payment.Balance.Amount != balance || !d.Payment.Balance.Holds() {
		r.t.Errorf("books of %s %s: sum %d, receivable %d (want %d), balance %d (want %d)",
			d.Payment.ID, d.Payment.Status, all, receivable, want, d.Payment.Balance.Amount, balance)
	}
}

// wantFault fails unless err is a fault with the code.
func wantFault(t *testing.T, err error, code string) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != code {
		t.Fatalf("fault %v, want %s", err, code)
	}
	return f
}
