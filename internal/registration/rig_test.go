package registration_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/registration"
	"innopay/internal/store"
	"innopay/internal/terms"
	"innopay/messenger"
	"innopay/money"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

const (
	staffPassword  = "brumal-Tock-29"
	ownerPassword  = "vexil-Quandry-84-morph"
	cancelPassword = "nyx-40-plover"
	phone          = "01000001234"
)

// restless is a fake clock whose sleepers do not wait for somebody to advance it.
type restless struct{ *clock.Fake }

func (restless) Sleep(ctx context.Context, d time.Duration) error {
	return clock.System{}.Sleep(ctx, d)
}

// postbox is a gateway that keeps what it was given.
type postbox struct {
	mu  sync.Mutex
	got []messenger.Message
}

func (*postbox) Describe() messenger.Descriptor {
	return messenger.Descriptor{Name: "postbox", Simulated: true, Kinds: []messenger.Kind{messenger.SMS, messenger.LMS, messenger.Email}}
}

func (p *postbox) Send(_ context.Context, m messenger.Message) messenger.Answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, m)
	return messenger.Answer{Outcome: messenger.Accepted, Reference: m.ID}
}

func (*postbox) Close() error { return nil }

type rig struct {
	*registration.Service
	t        *testing.T
	ctx      context.Context //nolint:containedctx // the context of one test
	clock    *clock.Fake
	db       *store.DB
	keys     *keyring.Ring
	post     *postbox
	messages *message.Service
	registry *merchant.Registry
	accounts *merchant.Accounts
	links    *merchant.Activations
	shop     merchant.Merchant
	code     string // of the shop
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, ctx: t.Context(), clock: clock.NewFake(start), post: &postbox{}}
	dir := t.TempDir()
	var err error
	r.keys, err = keyring.Open(filepath.Join(dir, "keys"))
	r.must(err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	r.db, err = store.Open(r.ctx, store.Options{SQLitePath: dbtest.SQLite(t, dir), Clock: clock.System{}, Log: log, Sealer: r.keys})
	r.must(err)
	t.Cleanup(func() { r.must(r.db.Close()) })
	ids := id.NewSource(nil)
	deps := merchant.Deps{
		Store: store.NewMerchants(r.db), Keys: r.keys, Clock: restless{r.clock}, IDs: ids, Log: log,
		Hasher: merchant.NewArgon2(merchant.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}, 4, 512, nil),
	}
	r.registry, r.accounts, r.links = merchant.NewRegistry(deps), merchant.NewAccounts(deps), merchant.NewActivations(deps)
	r.messages = message.New(message.Options{
		Store: r.db, Gateways: []messenger.Sender{r.post}, Sender: "0200000000", Keys: r.keys, Clock: r.clock, IDs: ids, Log: log, Owner: "test", Base: "https://pay.example",
	})
	book := &terms.Book{Store: r.db, Clock: r.clock, IDs: ids}
	r.must(book.Prepare(r.ctx))
	r.Service = registration.New(registration.Options{
		Store: store.NewRegistrations(r.db), People: r.registry, Terms: book, Messages: r.messages, Keys: r.keys, Clock: r.clock, IDs: ids, Log: log, Base: "https://pay.example",
	})
	r.shop, err = r.registry.CreateMerchant(r.ctx, "test", merchant.NewMerchant{
		Name: "테스트 상점", BusinessNumber: "123-45-67891", OwnerName: "대표자", Address: "서울시 시험구 1", Phone: "02-000-0000",
		TaxType: money.Taxable, MCC: "5812", Terminals: []merchant.Terminal{{TID: "T0000001", MID: "M1", Acquirer: "iso8583"}},
	})
	r.must(err)
	r.code, err = r.ShopCode(r.ctx, r.shop.Tenant())
	r.must(err)
	return r
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) invite(uses int) registration.Invite {
	r.t.Helper()
	i, err := r.Invite(r.ctx, r.shop.Tenant(), "usr_owner", uses)
	r.must(err)
	return i
}

// settle sends what is due.
func (r *rig) settle() {
	r.t.Helper()
	for range 20 {
		more, err := r.messages.Round(r.ctx)
		r.must(err)
		if !more {
			return
		}
	}
}

// last is what somebody was told last, after everything due was sent.
func (r *rig) last(to string) messenger.Message {
	r.t.Helper()
	r.settle()
	for _, m := range slices.Backward(r.post.got) {
		if m.To == to {
			return m
		}
	}
	r.t.Fatalf("nothing was sent to %s", to)
	return messenger.Message{}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

func (r *rig) sent(to string) string { return sixDigits.FindString(r.last(to).Text) }

// begun is a registration whose code was sent; verified also proves the phone.
func (r *rig) begun(i registration.Invite, number string) (token string) {
	r.t.Helper()
	s, err := r.Begin(r.ctx, r.code, i.Code, "192.0.2.1")
	r.must(err)
	_, err = r.SendCode(r.ctx, s.Token, registration.Person{Name: "시험 직원", Phone: number}, "192.0.2.1")
	r.must(err)
	return s.Token
}

func (r *rig) verified(i registration.Invite, number string) (token string) {
	r.t.Helper()
	token = r.begun(i, number)
	r.must(r.Verify(r.ctx, token, r.sent(number), "192.0.2.1"))
	return token
}

func (r *rig) submit(token, loginID string) (registration.Shown, error) {
	docs, err := r.Terms.Current(r.ctx)
	r.must(err)
	var yes []terms.Answer
	for _, d := range docs {
		yes = append(yes, terms.Answer{Kind: d.Kind, Version: d.Version, Agreed: true})
	}
	return r.Submit(r.ctx, token, registration.Submission{LoginID: loginID, Password: staffPassword, Consents: yes, Client: "192.0.2.1"})
}

func (r *rig) login(loginID, password string) error {
	_, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: merchant.Password(password)})
	return err
}
