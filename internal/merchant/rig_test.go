package merchant_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/dbtest"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/store"
	"innopay/money"
)

// start is when every test begins.
var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// Passwords of the tests; long enough for each role and in no list.
const (
	ownerPassword  = "vexil-Quandry-84-morph"
	staffPassword  = "brumal-Tock-29"
	cancelPassword = "nyx-40-plover"
)

// counted counts the hashes that are computed.
type counted struct {
	merchant.Hasher
	verified atomic.Int64
}

func (c *counted) Verify(ctx context.Context, hash string, p merchant.Password) (bool, error) {
	c.verified.Add(1)
	return c.Hasher.Verify(ctx, hash, p)
}

// rig is the services of one instance on a database.
type rig struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // the context of one test
	dir      string
	clock    *clock.Fake
	hasher   *counted
	store    *store.Merchants
	db       *store.DB
	keys     *keyring.Ring
	accounts *merchant.Accounts
	registry *merchant.Registry
	links    *merchant.Activations
	cancels  *merchant.CancelGuard
	shop     merchant.Merchant
	owner    string // user id
	close    func()
}

// newRig starts an instance on an empty database, with one shop and its owner.
func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, ctx: t.Context(), dir: t.TempDir(), clock: clock.NewFake(start)}
	r.open(r.clock)
	r.shop = r.merchant("테스트 상점", "T0000001")
	r.owner = r.user(r.shop.Tenant(), "owner.one", merchant.Owner, ownerPassword)
	return r
}

// open starts an instance on the rig's database with the clock.
func (r *rig) open(c clock.Clock) {
	r.t.Helper()
	keys, err := keyring.Open(filepath.Join(r.dir, "keys"))
	if err != nil {
		r.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(r.t.Output(), nil))
	db, err := store.Open(r.ctx, store.Options{
		SQLitePath: dbtest.SQLite(r.t, r.dir), Clock: clock.System{}, Log: log, Sealer: keys,
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.close = sync.OnceFunc(func() {
		if err := db.Close(); err != nil {
			r.t.Error(err)
		}
	})
	r.t.Cleanup(r.close)
	r.keys, r.db = keys, db
	r.hasher = &counted{Hasher: merchant.NewArgon2(merchant.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}, 4, 512, nil)}
	r.store = store.NewMerchants(db)
	d := merchant.Deps{
		Store: r.store, Keys: keys, Hasher: r.hasher, Clock: c, IDs: id.NewSource(nil), Log: log,
	}
	r.accounts, r.registry = merchant.NewAccounts(d), merchant.NewRegistry(d)
	r.links, r.cancels = merchant.NewActivations(d), merchant.NewCancelGuard(d)
}

// restart ends the instance and starts another one on the same database.
func (r *rig) restart() {
	r.t.Helper()
	r.close()
	r.open(r.clock)
}

func (r *rig) merchant(name, tid string) merchant.Merchant {
	r.t.Helper()
	m, err := r.registry.CreateMerchant(r.ctx, "test", merchant.NewMerchant{
		Name: name, BusinessNumber: "123-45-67891", OwnerName: "대표자", Address: "서울시 시험구 1", Phone: "02-000-0000",
		TaxType: money.Taxable, MCC: "5812", Terminals: []merchant.Terminal{{TID: tid, MID: "M1", Acquirer: "iso8583"}},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

// user makes a user that has set its password through its link.
func (r *rig) user(t merchant.Tenant, loginID string, role merchant.Role, p merchant.Password) string {
	r.t.Helper()
	link, err := r.registry.CreateUser(r.ctx, "test", t, merchant.NewUser{LoginID: loginID, Name: "사용자", Role: role})
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: p}); err != nil {
		r.t.Fatal(err)
	}
	return link.UserID
}

func (r *rig) login(loginID string, p merchant.Password) (merchant.Session, error) {
	return r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: p})
}

func (r *rig) mustLogin(loginID string, p merchant.Password) merchant.Session {
	r.t.Helper()
	s, err := r.login(loginID, p)
	if err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r *rig) setCancelPassword(t merchant.Tenant, p merchant.Password) {
	r.t.Helper()
	link, err := r.registry.IssueCancelPasswordLink(r.ctx, "test", t)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: p}); err != nil {
		r.t.Fatal(err)
	}
}

func won(n int64) money.Won { return money.Won(n) }

func day(s string) clock.Day { return clock.Day(s) }
