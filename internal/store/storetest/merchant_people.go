package storetest

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/money"
)

func userPasswords(t *testing.T, s merchant.Store) {
	one, two := NewDesk(110), NewDesk(111)
	opened(t, s, one)
	u := person(one, merchant.Owner)
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertUser(ctx, u) })
	rival := person(two, merchant.Owner)
	rival.LoginID = u.LoginID
	for name, other := range map[string]merchant.User{"another merchant's": rival, "an operator's": person(one, merchant.Operator)} {
		if err := s.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error { return tx.InsertUser(ctx, other) }); !errors.Is(err, merchant.ErrTaken) {
			t.Errorf("%s login id is taken: %v", name, err)
		}
	}
	set := func(version int64, hash, totp string) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.SetPassword(ctx, one.Tenant(), u.ID, version, hash, totp)
		}
	}
	within(t, s, set(1, "hash-1", "sealed"))
	refused(t, s, merchant.ErrStale, set(1, "hash-x", ""))
	within(t, s, set(2, "hash-2", "")) // keeps the second factor
	want := merchant.Credentials{PasswordHash: "hash-2", TOTPSecret: "sealed", Merchant: merchant.Active}
	want.User = u
	want.User.Status, want.User.TOTP, want.User.Version = merchant.UserActive, true, 3
	byLogin, err := s.CredentialsByLogin(t.Context(), u.LoginID)
	if diff := cmp.Diff(want, byLogin, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	byID, err := s.Credentials(t.Context(), one.Tenant(), u.ID)
	if diff := cmp.Diff(want, byID, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	changed := want.User
	changed.Name, changed.Status, changed.Version = "다른 이름", merchant.UserDisabled, 4
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateUser(ctx, changed) })
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateUser(ctx, changed) })
	within(t, s, set(4, "hash-3", "")) // a disabled user stays disabled
	users, err := s.Users(t.Context(), one.Tenant())
	changed.Version = 5
	if diff := cmp.Diff([]merchant.User{changed}, users, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.CredentialsByLogin(t.Context(), strings.ToLower(u.LoginID)); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("the store folds case on its own: %v", err)
	}
}

func confirmLogin(t *testing.T, s merchant.Store) {
	d := NewDesk(112)
	opened(t, s, d)
	u := hired(t, s, d)
	confirm := func(version, step int64) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error {
			return tx.ConfirmLogin(ctx, d.Tenant(), u.ID, version, step, d.Now)
		}
	}
	within(t, s, confirm(2, 0))
	refused(t, s, merchant.ErrStale, confirm(1, 0)) // the password changed meanwhile
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			err := s.Tx(t.Context(), confirm(2, 7))
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, merchant.ErrStale):
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("one code was taken %d times", won.Load())
	}
	refused(t, s, merchant.ErrStale, confirm(2, 6))
	within(t, s, confirm(2, 0)) // without a code the step stays
	c, err := s.Credentials(t.Context(), d.Tenant(), u.ID)
	if err != nil || c.TOTPStep != 7 || !c.User.LastLogin.Equal(d.Now) || c.User.Version != 2 {
		t.Errorf("%+v, %v", c, err)
	}
	u.Status, u.Version = merchant.UserDisabled, 3
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateUser(ctx, u) })
	refused(t, s, merchant.ErrStale, confirm(3, 0))
}

// loggedIn makes a session of the user for each token hash, a second apart.
func loggedIn(t *testing.T, s merchant.Store, d *Desk, u merchant.User, hashes ...string) (rows []merchant.SessionRow) {
	t.Helper()
	for _, hash := range hashes {
		d.Now = d.Now.Add(time.Second)
		rows = append(rows, merchant.SessionRow{
			MerchantID: d.Merchant, ID: d.ID(id.Session), UserID: u.ID, TokenHash: hash, Device: "phone",
			CreatedAt: d.Now, SeenAt: d.Now, ExpiresAt: d.Now.Add(time.Hour),
		})
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		for _, r := range rows {
			if err := tx.InsertSession(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	return rows
}

func sessions(t *testing.T, s merchant.Store) {
	d := NewDesk(113)
	opened(t, s, d)
	u := hired(t, s, d)
	rows := loggedIn(t, s, d, u, "a", "b", "c", "d") // in no other test
	got, err := s.Session(t.Context(), "b")
	want := rows[1]
	want.User, want.Merchant = u, merchant.Active
	if diff := cmp.Diff(want, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	later := d.Now.Add(time.Minute)
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.TouchSession(ctx, "b", later); err != nil {
			return err
		}
		return tx.TouchSession(ctx, "b", d.Now) // never goes back
	})
	if got, err = s.Session(t.Context(), "b"); err != nil || !got.SeenAt.Equal(later) {
		t.Errorf("seen at %v, %v", got.SeenAt, err)
	}
	hashes := func() (out string) {
		t.Helper()
		list, err := s.SessionsOf(t.Context(), d.Tenant(), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			out += r.TokenHash
		}
		return out
	}
	if h := hashes(); h != "dcba" {
		t.Errorf("newest first: %s", h)
	}
	refused(t, s, merchant.ErrAbsent, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteSessionByID(ctx, d.Tenant(), "usr_other", rows[0].ID)
	})
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.DeleteSessionByID(ctx, d.Tenant(), u.ID, rows[3].ID); err != nil {
			return err
		}
		return tx.DeleteEndedSessionsOf(ctx, d.Tenant(), u.ID, rows[0].ExpiresAt)
	})
	if h := hashes(); h != "cb" {
		t.Errorf("after one was revoked and one ended: %s", h)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return tx.DeleteSessionsOf(ctx, d.Tenant(), u.ID, "c")
	})
	if h := hashes(); h != "c" {
		t.Errorf("all but one: %s", h)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.DeleteSession(ctx, "c") })
	if _, err := s.Session(t.Context(), "c"); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("a deleted session: %v", err)
	}
}

func secretKeys(t *testing.T, s merchant.Store) {
	d := NewDesk(114)
	m := opened(t, s, d)
	k := merchant.KeyRow{MerchantID: d.Merchant, ID: d.ID(id.Key), Name: "POS", Hint: "sk_live_abcd", Hash: "h114", Live: true, CreatedAt: d.Now, Scopes: "payments.read requests"}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertKey(ctx, k) })
	again := k
	again.ID = d.ID(id.Key)
	refused(t, s, merchant.ErrTaken, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertKey(ctx, again) })
	rotated(t, s, d, &k)
	m.Status, m.Version = merchant.Closed, 2
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.UpdateMerchant(ctx, m) })
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.RevokeKey(ctx, d.Tenant(), k.ID, d.Now) })
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error {
		return tx.RevokeKey(ctx, d.Tenant(), k.ID, d.Now)
	})
	k.RevokedAt = d.Now
	list, err := s.Keys(t.Context(), d.Tenant())
	if diff := cmp.Diff([]merchant.KeyRow{k}, list, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	k.Merchant = merchant.Closed
	for _, hash := range []string{"h114", "h114 new"} {
		got, err := s.KeyByHash(t.Context(), hash)
		if diff := cmp.Diff(k, got, sameMoment); err != nil || diff != "" {
			t.Errorf("%s: %v %s", hash, err, diff)
		}
	}
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.RotateKey(ctx, k) })
}

// rotated notes a use of the key, which stays when an earlier one comes late, and gives
// the key a new secret: once from each present one, and not at another merchant.
func rotated(t *testing.T, s merchant.Store, d *Desk, k *merchant.KeyRow) {
	t.Helper()
	foreign := merchant.TenantOf("mer_other")
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(
			tx.TouchKey(ctx, d.Tenant(), k.ID, d.Now), tx.TouchKey(ctx, d.Tenant(), k.ID, d.Now.Add(-time.Hour)),
			tx.TouchKey(ctx, foreign, k.ID, d.Now.Add(time.Hour)),
		)
	})
	k.UsedAt = d.Now
	next := *k
	next.OldHash, next.OldUntil, next.Hash, next.Hint = k.Hash, d.Now.Add(time.Hour), k.Hash+" new", "sk_live_wxyz"
	other := next
	other.MerchantID = foreign.ID()
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.RotateKey(ctx, other) })
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.RotateKey(ctx, next) })
	refused(t, s, merchant.ErrStale, func(ctx context.Context, tx merchant.Tx) error { return tx.RotateKey(ctx, next) })
	*k = next
}

func links(t *testing.T, s merchant.Store) {
	d := NewDesk(115)
	l := merchant.LinkRow{
		MerchantID: d.Merchant, ID: d.ID(id.Link), Kind: merchant.LinkCancelPassword, Generation: 3, TokenHash: "h115",
		CreatedAt: d.Now, ExpiresAt: d.Now.Add(time.Minute),
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.InsertLink(ctx, l) })
	got, err := s.Link(t.Context(), "h115")
	if diff := cmp.Diff(l, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	use := func(at time.Time) error {
		return s.Tx(t.Context(), func(ctx context.Context, tx merchant.Tx) error { return tx.UseLink(ctx, d.Tenant(), l.ID, at) })
	}
	if err := use(l.ExpiresAt); !errors.Is(err, merchant.ErrStale) {
		t.Errorf("at its end: %v", err)
	}
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if use(d.Now) == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("used %d times", won.Load())
	}
	next := l
	next.ID, next.TokenHash, next.Generation = d.ID(id.Link), "h115-2", 4
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.InsertLink(ctx, next); err != nil {
			return err
		}
		last, err := tx.RevokeLinks(ctx, d.Tenant(), merchant.LinkCancelPassword, "", d.Now)
		if last != 4 {
			t.Errorf("last generation %d", last)
		}
		return err
	})
	if got, err = s.Link(t.Context(), "h115-2"); err != nil || !got.UsedAt.Equal(d.Now) {
		t.Errorf("revoked: %+v, %v", got, err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		last, err := tx.RevokeLinks(ctx, d.Tenant(), merchant.LinkPassword, "usr_1", d.Now)
		if last != 0 {
			t.Errorf("generation %d where there was no link", last)
		}
		return err
	})
}

// wrongCancelPasswords runs the check of two instances on one store.
func wrongCancelPasswords(t *testing.T, s merchant.Store) {
	d := NewDesk(116)
	opened(t, s, d)
	keys, err := keyring.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	hasher := merchant.NewArgon2(merchant.Argon2Params{MemoryKiB: 8, Passes: 1, Threads: 1}, 4, 512, nil)
	hash, err := hasher.Hash(t.Context(), "nyx-40-plover")
	if err != nil {
		t.Fatal(err)
	}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		if err := tx.PutCancelPassword(ctx, d.Tenant(), "replaced", d.Now); err != nil {
			return err
		}
		return tx.PutCancelPassword(ctx, d.Tenant(), hash, d.Now)
	})
	deps := merchant.Deps{
		Store: s, Keys: keys, Hasher: hasher, Clock: clock.System{}, IDs: id.NewSource(nil),
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	instances := []*merchant.CancelGuard{merchant.NewCancelGuard(deps), merchant.NewCancelGuard(deps)}
	if err := instances[0].Check(t.Context(), d.Tenant(), "nyx-40-plover", "key"); err != nil {
		t.Fatalf("the right one: %v", err)
	}
	var wrong, locked atomic.Int64
	var wg sync.WaitGroup
	for n := range 100 {
		wg.Go(func() {
			switch err := instances[n%2].Check(t.Context(), d.Tenant(), "wrong-one", "key"); {
			case errors.Is(err, merchant.ErrCancelPasswordWrong):
				wrong.Add(1)
			case errors.Is(err, merchant.ErrCancelPasswordLocked):
				locked.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if wrong.Load() != 5 || locked.Load() != 95 {
		t.Errorf("%d evaluated, %d locked", wrong.Load(), locked.Load())
	}
}

// peopleOfTenant asks for one merchant's people under another merchant.
func peopleOfTenant(t *testing.T, s merchant.Store) {
	one, two := NewDesk(117), NewDesk(118)
	opened(t, s, one)
	opened(t, s, two)
	u := hired(t, s, one)
	k := merchant.KeyRow{MerchantID: one.Merchant, ID: one.ID(id.Key), Name: "POS", Scopes: "all", Hash: "h117", CreatedAt: one.Now}
	l := merchant.LinkRow{
		MerchantID: one.Merchant, ID: one.ID(id.Link), Kind: merchant.LinkPassword, UserID: u.ID, Generation: 1, TokenHash: "h117",
		CreatedAt: one.Now, ExpiresAt: one.Now.Add(time.Hour),
	}
	se := merchant.SessionRow{MerchantID: one.Merchant, ID: one.ID(id.Session), UserID: u.ID, TokenHash: "h117", CreatedAt: one.Now, ExpiresAt: one.Now.Add(time.Hour)}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(tx.InsertKey(ctx, k), tx.InsertLink(ctx, l), tx.InsertSession(ctx, se))
	})
	for _, foreign := range []merchant.Tenant{two.Tenant(), merchant.TenantOf("")} {
		users, err1 := s.Users(t.Context(), foreign)
		keys, err2 := s.Keys(t.Context(), foreign)
		list, err3 := s.SessionsOf(t.Context(), foreign, u.ID)
		if err := errors.Join(err1, err2, err3); err != nil || len(users)+len(keys)+len(list) != 0 {
			t.Errorf("%d users, %d keys, %d sessions, %v", len(users), len(keys), len(list), err)
		}
		if _, err := s.Credentials(t.Context(), foreign, u.ID); !errors.Is(err, merchant.ErrAbsent) {
			t.Errorf("credentials: %v", err)
		}
		for name, fn := range map[string]func(context.Context, merchant.Tx) error{
			"password": func(ctx context.Context, tx merchant.Tx) error {
				return tx.SetPassword(ctx, foreign, u.ID, u.Version, "x", "")
			},
			"login": func(ctx context.Context, tx merchant.Tx) error {
				return tx.ConfirmLogin(ctx, foreign, u.ID, u.Version, 0, one.Now)
			},
			"key":  func(ctx context.Context, tx merchant.Tx) error { return tx.RevokeKey(ctx, foreign, k.ID, one.Now) },
			"link": func(ctx context.Context, tx merchant.Tx) error { return tx.UseLink(ctx, foreign, l.ID, one.Now) },
		} {
			if err := s.Tx(t.Context(), fn); !errors.Is(err, merchant.ErrStale) {
				t.Errorf("%s of another merchant: %v", name, err)
			}
		}
		refused(t, s, merchant.ErrAbsent, func(ctx context.Context, tx merchant.Tx) error {
			return tx.DeleteSessionByID(ctx, foreign, u.ID, se.ID)
		})
		within(t, s, func(ctx context.Context, tx merchant.Tx) error { return tx.DeleteSessionsOf(ctx, foreign, u.ID, "") })
	}
	if _, err := s.Session(t.Context(), "h117"); err != nil {
		t.Errorf("another merchant ended the session: %v", err)
	}
}

func userRights(t *testing.T, s merchant.Store) {
	one, two := NewDesk(121), NewDesk(122)
	opened(t, s, one)
	opened(t, s, two)
	u, owner := person(one, merchant.Staff), person(one, merchant.Owner)
	owner.LoginID += "-owner"
	u.Rights = merchant.Rights{Discount: true, Cancel: true, CancelLimit: money.Max, Version: 1}
	within(t, s, func(ctx context.Context, tx merchant.Tx) error {
		return errors.Join(tx.InsertUser(ctx, u), tx.InsertUser(ctx, owner))
	})
	set := func(d *Desk, userID string, r merchant.Rights) func(context.Context, merchant.Tx) error {
		return func(ctx context.Context, tx merchant.Tx) error { return tx.SetRights(ctx, d.Tenant(), userID, r) }
	}
	next := merchant.Rights{CancelLimit: 1, EditProducts: true, ViewSales: true, Version: 2}
	within(t, s, set(one, u.ID, next))
	refused(t, s, merchant.ErrStale, set(one, u.ID, next))
	refused(t, s, merchant.ErrStale, set(two, u.ID, merchant.Rights{Version: 3}))
	refused(t, s, merchant.ErrStale, set(one, owner.ID, merchant.Rights{Version: 1})) // an owner's are not limited
	u.Rights = next                                                                   // and the version of the user stays, so that a login under way goes on
	c, err := s.Credentials(t.Context(), one.Tenant(), u.ID)
	if diff := cmp.Diff(u, c.User, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}
