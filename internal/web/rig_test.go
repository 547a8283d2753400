package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pquerna/otp/totp"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/card/dukpt"
	"innopay/card/reader"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/catalog"
	"innopay/internal/contract"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/retention"
	"innopay/internal/risk"
	"innopay/internal/store"
	"innopay/internal/web"
	"innopay/internal/web/api"
	"innopay/internal/web/live"
	"innopay/money"
)

const (
	base           = "http://127.0.0.1:8080"
	loginPassword  = "seven green teapots 41"
	cancelPassword = "quiet-marble-90"
)

// noon is a business day's noon in Seoul, far from the capture at 23:00.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

// shop is a merchant of the tests.
type shop struct {
	merchant.Merchant
	key string // secret key
}

// restless is a fake clock whose sleepers do not wait for someone to advance it.
type restless struct{ *clock.Fake }

func (restless) Sleep(ctx context.Context, d time.Duration) error {
	return clock.System{}.Sleep(ctx, d)
}

// rig is a server over SQLite, the real features and the simulator without a wire.
type rig struct {
	dir      string // of keys and database
	keys     *keyring.Ring
	options  web.Options
	handler  http.Handler
	clock    *clock.Fake
	book     *simulator.Book
	registry *merchant.Registry
	log      *safeBuffer
	one, two shop              // TAXABLE and MIXED, both asking for every key-in field
	totp     map[string]string // secrets of the operators
	orders   atomic.Int64
	database string // file

	engine      store.Options
	db          *store.DB
	activations *merchant.Activations
	post        *postbox
	office      *office
	dispatcher  *outbox.Dispatcher
}

// safeBuffer is a log that several requests write to.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// terms tells the core about the merchants of the registry.
type terms struct {
	*merchant.Registry
	guard *merchant.CancelGuard
	db    *store.DB
	clock clock.Clock
}

func (x terms) Terms(ctx context.Context, t merchant.Tenant) (payment.Terms, error) {
	m, err := x.Merchant(ctx, t)
	if err != nil {
		return payment.Terms{}, err
	}
	at := m.Terminals[0]
	var limits payment.Limits
	if c, err := x.db.ContractOn(ctx, t, clock.DayOf(x.clock.Now())); err == nil {
		limits = payment.Limits{PerPayment: c.Limits.PerPayment, PerDay: c.Limits.PerDay, PerMonth: c.Limits.PerMonth, MaxMonths: max(1, c.Limits.MaxMonths)}
	} else if !errors.Is(err, contract.ErrAbsent) {
		return payment.Terms{}, err
	}
	return payment.Terms{
		Suspended: !m.TakesMoney(), Limits: limits,
		Merchant:   acquirer.Merchant{ID: m.ID, MID: at.MID, BusinessNumber: m.BusinessNumber, Name: m.Name, MCC: m.MCC},
		TerminalID: at.TID, Adapter: at.Acquirer, TaxType: m.TaxType, Rounding: m.Rounding, NeedsBirth: true, NeedsPassword: true,
		MinimumCard: m.MinCardAmount, SignatureLimit: m.Settings.SignatureLimit, ForbidPlainTrack: m.ForbidPlainTrack, ChipFirst: m.ChipFirst,
	}, nil
}

func (x terms) Installment(ctx context.Context, t merchant.Tenant, adapter, issuer string, amount money.Won, months int, day clock.Day) (payment.Installment, error) {
	rules, err := x.Installments(ctx, t)
	if err != nil {
		return payment.Installment{}, err
	}
	o := rules.Offer(amount, adapter, issuer, day)
	return payment.Installment{Offered: o.Offers(months), Minimum: o.Minimum, InterestFree: o.FreeOfInterest(months)}, nil
}

func (x terms) CheckCancelPassword(ctx context.Context, t merchant.Tenant, password, actor string) error {
	return x.guard.Check(ctx, t, merchant.Password(password), actor)
}

// newRig starts a server. change may alter its options.
func newRig(t *testing.T, change ...func(*web.Options)) *rig {
	t.Helper()
	return newRigHashing(t, cheap, change...)
}

// cheap is the price of a password that is next to none.
var cheap = merchant.Argon2Params{MemoryKiB: 64, Passes: 1, Threads: 1}

// newRigHashing hashes passwords at another price.
func newRigHashing(t *testing.T, price merchant.Argon2Params, change ...func(*web.Options)) *rig {
	t.Helper()
	return newRigOn(t, store.Options{}, price, change...)
}

// newRigOn is a rig on a database of PostgreSQL, where one is given.
func newRigOn(t *testing.T, engine store.Options, price merchant.Argon2Params, change ...func(*web.Options)) *rig {
	t.Helper()
	r := &rig{clock: clock.NewFake(noon), log: &safeBuffer{}}
	log := slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	dir := t.TempDir()
	r.dir = dir
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	must(t, err)
	r.keys = keys
	injected, err := dukpt.ParseKey(publishedBase)
	must(t, err)
	must(t, keys.AddReaderKey(reader.KeySet{ID: publishedSet, Scheme: dukpt.TDES, Key: injected}))
	must(t, keys.AddReaderKey(reader.KeySet{ID: alikeSet, Scheme: dukpt.TDES, Use: dukpt.PIN, Key: injected}))
	r.engine = engine
	r.engine.Clock, r.engine.Log, r.engine.Sealer = clock.System{}, log, keys
	if engine.PostgresURL == "" {
		r.database = dbtest.SQLite(t, dir)
		r.engine.SQLitePath = r.database
	}
	db, err := store.Open(t.Context(), r.engine)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	ids := id.NewSource(nil)
	deps := merchant.Deps{
		Store: store.NewMerchants(db), Keys: keys, Clock: r.clock, IDs: ids, Log: log,
		Hasher: merchant.NewArgon2(price, 4, 1000, nil),
	}
	r.registry = merchant.NewRegistry(deps)
	activations := merchant.NewActivations(deps)
	r.activations = activations
	r.book, err = simulator.NewBook(r.clock, nil)
	must(t, err)
	presenter := &api.Presenter{Links: receipt.Links{Keys: keys, Base: base}, Clock: r.clock, CaptureHour: 23}
	guard := risk.New(risk.Options{Store: store.NewRisk(db), Keys: keys, Clock: r.clock, IDs: ids, Log: log})
	payments := payment.New(payment.Options{
		Guard: guard, Store: db, Merchants: terms{r.registry, merchant.NewCancelGuard(deps), db, r.clock}, Hasher: keys, Render: presenter.Render,
		Acquirers: map[string]acquirer.Acquirer{"simulator": simulator.Direct(r.book)}, Clock: r.clock, IDs: ids, Log: log, Owner: "test",
		Issuers: func(p card.PAN) (string, bool) {
			known, _ := card.Lookup(p)
			return known.Issuer, known.CheckDigit
		},
	})
	accounts := merchant.NewAccounts(deps)
	passkeys, err := merchant.NewPasskeys(accounts, base, "http://localhost:8080")
	must(t, err)
	r.options = web.Options{
		Risk: guard, Desk: r.desk(db, keys, ids), Adapters: oneAdapter{},
		Live: &live.Hub{Store: db, Clock: restless{r.clock}, Log: log, Wake: db.Wake()}, StreamLife: 50 * time.Millisecond,
		Payments: payments, Login: accounts, Account: accounts, Directory: r.registry, Settings: r.registry, Staff: r.registry, Activations: activations,
		Signin: passkeys, Unlocker: r.registry,
		Catalog:   &catalog.Service{Store: store.NewCatalog(db), Merchants: r.registry, Clock: r.clock, IDs: ids},
		Presenter: presenter, Readers: api.Readers{Decrypter: reader.Software{Keys: keys}}, Ready: db.Ping, SimulatedAcquirer: true, BaseURL: base, Clock: r.clock, IDs: ids, Log: log,
		App: anApp(),
	}
	r.retain(t, db, ids)
	r.tell(db, keys, ids, log, presenter, &r.options)
	for _, f := range change {
		f(&r.options)
	}
	r.handler, err = web.New(r.options)
	must(t, err)
	r.one = r.seed(t, activations, "one", "1018199993", money.Taxable)
	r.two = r.seed(t, activations, "two", "1018199988", money.Mixed)
	r.clock.Advance(30 * time.Second) // for who came before
	r.seedOperator(t, activations, "operator")
	r.seedOperator(t, activations, "operator-two")
	return r
}

// retain is what hands out and erases people's data.
func (r *rig) retain(t *testing.T, db *store.DB, ids *id.Source) {
	t.Helper()
	policy, err := retention.NewPolicy(nil)
	must(t, err)
	kept := store.NewRetention(db)
	r.options.Eraser = &retention.Eraser{Store: kept, Approvals: r.options.Desk.Service, Registry: r.registry, Policy: policy, Clock: r.clock, IDs: ids}
	r.options.Eraser.Register()
	r.options.Keeping = &retention.Desk{Store: kept, Policy: policy, Merchants: r.registry.Merchants, Clock: r.clock}
}

// desk is where operators work.
func (r *rig) desk(db *store.DB, keys *keyring.Ring, ids *id.Source) *approval.Desk {
	desk := &approval.Desk{
		Service: &approval.Service{Store: db, Keys: keys, Clock: r.clock, IDs: ids}, Registry: r.registry, Clock: r.clock, Adapters: []string{"simulator"},
		Contracts: &contract.Service{Store: db, Keys: keys, Clock: r.clock, IDs: ids},
	}
	desk.Register()
	return desk
}

// anApp are the files of a small app.
func anApp() fstest.MapFS {
	return fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html><title>app</title>")}, "assets/app-1a2b.js": {Data: []byte("export {}")},
		"manifest.webmanifest": {Data: []byte("{}")}, "icon-192.png": {Data: []byte("\x89PNG")},
	}
}

// oneAdapter is a console's list with one acquirer, whose connection cannot be tried.
type oneAdapter struct{}

func (oneAdapter) List() []api.Adapter {
	return []api.Adapter{{Kind: "ACQUIRER", Name: "simulator", Fields: []api.AdapterField{}}}
}

func (oneAdapter) Test(_ context.Context, kind, name string) (api.AdapterTest, error) {
	if kind != "ACQUIRER" || name != "simulator" {
		return api.AdapterTest{}, merchant.ErrNotFound
	}
	return api.AdapterTest{}, nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seed makes a merchant with owner, staff, cancel password and secret key.
func (r *rig) seed(t *testing.T, links *merchant.Activations, name, business string, tax money.TaxType) shop {
	t.Helper()
	ctx := t.Context()
	m, err := r.registry.CreateMerchant(ctx, "test", merchant.NewMerchant{
		Name: "시험 가게 " + name, BusinessNumber: business, OwnerName: "시험 대표", Address: "서울특별시 시험구 시험로 1", Phone: "0200000001",
		TaxType: tax, MCC: "5814", AuthLevel: merchant.AuthFull,
		Terminals: []merchant.Terminal{{TID: "T" + name, MID: "M" + name, Acquirer: "simulator"}},
	})
	must(t, err)
	redeem := func(issued merchant.Issued, err error, password string) {
		t.Helper()
		must(t, err)
		must(t, links.Redeem(ctx, merchant.Redemption{Token: issued.Token, Password: merchant.Password(password)}))
	}
	for _, role := range []merchant.Role{merchant.Owner, merchant.Staff} {
		issued, err := r.registry.CreateUser(ctx, "test", m.Tenant(), merchant.NewUser{
			LoginID: name + "-" + strings.ToLower(string(role)), Name: "시험 직원", Role: role,
		})
		redeem(issued, err, loginPassword)
	}
	r.verified(t, m.Tenant())
	issued, err := r.registry.IssueCancelPasswordLink(ctx, "test", m.Tenant())
	redeem(issued, err, cancelPassword)
	key, _, err := r.registry.CreateKey(ctx, "test", m.Tenant(), merchant.NewKey{Name: "test"})
	must(t, err)
	return shop{m, key}
}

func (r *rig) seedOperator(t *testing.T, links *merchant.Activations, loginID string) {
	t.Helper()
	issued, err := r.registry.CreateOperatorCode(t.Context(), "test", loginID, "시험 "+loginID)
	must(t, err)
	opened, err := links.Open(t.Context(), issued.Token)
	must(t, err)
	if r.totp == nil {
		r.totp = map[string]string{}
	}
	r.totp[loginID] = opened.TOTPSecret
	code, err := totp.GenerateCode(opened.TOTPSecret, r.clock.Now())
	must(t, err)
	must(t, links.Redeem(t.Context(), merchant.Redemption{Token: issued.Token, Password: loginPassword, TOTPCode: code}))
}

// code is a fresh code of an operator's second factor.
func (r *rig) code(t *testing.T, loginID string) string {
	t.Helper()
	r.clock.Advance(30 * time.Second)
	code, err := totp.GenerateCode(r.totp[loginID], r.clock.Now())
	must(t, err)
	return code
}

// reply is an answer with its body read.
type reply struct {
	*http.Response
	body []byte
}

func (a reply) json(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal(a.body, &out); err != nil {
		t.Fatalf("status %d, body %q: %v", a.StatusCode, a.body, err)
	}
	return out
}

// call is a request under construction.
type call struct {
	rig    *rig
	req    *http.Request
	method string
}

// file is a body that is no JSON.
type file struct {
	kind    string // media type
	content []byte
}

// to begins a request; body is JSON text, a value to encode, a file, or nil.
func (r *rig) to(method, path string, body any) *call {
	var reader io.Reader
	kind := "application/json"
	switch b := body.(type) {
	case nil:
	case file:
		reader, kind = bytes.NewReader(b.content), b.kind
	case string:
		reader = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			panic(err)
		}
		reader = bytes.NewReader(raw)
	}
	req := httptest.NewRequest(method, base+path, reader)
	if reader != nil {
		req.Header.Set("Content-Type", kind)
	}
	return &call{rig: r, req: req, method: method}
}

func (c *call) header(name, value string) *call {
	c.req.Header.Set(name, value)
	return c
}

func (c *call) as(s shop) *call {
	c.req.SetBasicAuth(s.key, "")
	return c
}

func (c *call) cookie(k *http.Cookie) *call {
	c.req.AddCookie(k)
	return c
}

func (c *call) idempotent(key string) *call { return c.header("Idempotency-Key", key) }

func (c *call) do() reply {
	w := httptest.NewRecorder()
	c.rig.handler.ServeHTTP(w, c.req)
	res := w.Result()
	return reply{res, w.Body.Bytes()}
}

// plainCookie is a session as sent over plain http.
func plainCookie(value string) *http.Cookie {
	return &http.Cookie{Name: "innopay-session", Value: value} //nolint:gosec // sent by a client, never set
}

// login is the session cookie of a user.
func (r *rig) login(t *testing.T, loginID string) *http.Cookie {
	t.Helper()
	body := map[string]string{"loginId": loginID, "password": loginPassword}
	if strings.HasPrefix(loginID, "operator") {
		body["totpCode"] = r.code(t, loginID)
	}
	a := r.to(http.MethodPost, "/v1/sessions", body).do()
	if a.StatusCode != http.StatusCreated || len(a.Cookies()) != 2 {
		t.Fatalf("login of %s: %d %s", loginID, a.StatusCode, a.body)
	}
	return a.Cookies()[0]
}

// cardOf is a simulator's card by what it does.
func cardOf(t *testing.T, behaviour string) map[string]any {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour == behaviour {
			return map[string]any{
				"entry": "KEY_IN", "number": c.Number, "expiryMonth": c.ExpiryMonth, "expiryYear": c.ExpiryYear,
				"birthOrBusinessNumber": c.BirthOrBusinessNumber, "passwordTwoDigits": c.PasswordTwoDigits,
			}
		}
	}
	t.Fatalf("no card of behaviour %s", behaviour)
	return nil
}

// order is a payment request with an order of its own.
func (r *rig) order(t *testing.T, amount int) map[string]any {
	t.Helper()
	return map[string]any{
		"method": "CARD", "orderId": fmt.Sprintf("order-%06d", r.orders.Add(1)), "orderName": "아메리카노 외 1건", "amount": amount,
		"card": cardOf(t, "APPROVE"),
	}
}

// pay takes a payment and returns it.
func (r *rig) pay(t *testing.T, s shop, body map[string]any) map[string]any {
	t.Helper()
	a := r.to(http.MethodPost, "/v1/payments", body).as(s).idempotent(fmt.Sprint("key-", body["orderId"])).do()
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("pay: %d %s", a.StatusCode, a.body)
	}
	return a.json(t)
}
