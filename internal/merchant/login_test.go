package merchant_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
)

func retryAfter(t *testing.T, err error) time.Duration {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.RetryAfter <= 0 {
		t.Fatalf("no Retry-After in %v", err)
	}
	return f.RetryAfter
}

func TestLoginGivesASessionThatKnowsItsUser(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.mustLogin("  OWNER.one ", ownerPassword)
	p, err := r.accounts.Session(r.ctx, s.Token)
	if err != nil {
		t.Fatal(err)
	}
	if p != s.Principal || p.Tenant != r.shop.Tenant() || p.UserID != r.owner || p.Role != merchant.Owner || p.Via != merchant.ViaSession {
		t.Errorf("principal %+v", p)
	}
	if len(s.Token) < 43 {
		t.Errorf("a token of %d characters holds no 256 bits", len(s.Token))
	}
	if second := r.mustLogin("owner.one", ownerPassword); second.Token == s.Token {
		t.Error("two logins share a token")
	}
	for name, token := range map[string]string{
		"empty": "", "cut": s.Token[:42], "changed": "A" + s.Token[1:] + "A", "huge": strings.Repeat("x", 1<<16),
	} {
		if _, err := r.accounts.Session(r.ctx, token); !errors.Is(err, merchant.ErrNotLoggedIn) {
			t.Errorf("%s token: %v", name, err)
		}
	}
}

func TestEveryFailedLoginIsOneAnswerAndOneHash(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	disabled := r.user(r.shop.Tenant(), "gone.user", merchant.Staff, staffPassword)
	if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), disabled, merchant.UserDisabled); err != nil {
		t.Fatal(err)
	}
	if _, err := r.registry.CreateUser(r.ctx, "test", r.shop.Tenant(), merchant.NewUser{LoginID: "invited", Name: "초대", Role: merchant.Staff}); err != nil {
		t.Fatal(err)
	}
	closed := r.merchant("닫은 상점", "T0000009")
	r.user(closed.Tenant(), "closed.owner", merchant.Owner, ownerPassword)
	if err := r.registry.SetMerchantStatus(r.ctx, "test", closed.Tenant(), merchant.Closed); err != nil {
		t.Fatal(err)
	}
	var messages []string
	for name, c := range map[string]struct {
		loginID  string
		password merchant.Password
	}{
		"wrong password":    {"owner.one", "not-the-password-1"},
		"unknown id":        {"nobody.here", ownerPassword},
		"disabled":          {"gone.user", staffPassword},
		"invited":           {"invited", staffPassword},
		"closed merchant":   {"closed.owner", ownerPassword},
		"empty":             {"", ""},
		"too long password": {"owner.one", merchant.Password(strings.Repeat("a", 100_000))},
		"no text":           {"owner.one", "\xff\xfe"},
		"huge id":           {strings.Repeat("ㅎ", 100_000), "x"},
	} {
		before := r.hasher.verified.Load()
		_, err := r.login(c.loginID, c.password)
		if !errors.Is(err, merchant.ErrLoginFailed) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if n := r.hasher.verified.Load() - before; n != 1 {
			t.Errorf("%s: %d hashes, not 1", name, n)
		}
		messages = append(messages, err.Error())
	}
	for _, m := range messages {
		if m != messages[0] {
			t.Errorf("answers differ: %q and %q", messages[0], m)
		}
	}
}

func TestPasswordIsOneTextInAnyForm(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := merchant.Password("각" + strings.Repeat("z9Q", 40) + "끝x") // far more than the 72 bytes some hashes stop at
	r.user(r.shop.Tenant(), "korean", merchant.Staff, long)
	if _, err := r.login("korean", "\u1100\u1161\u11a8"+long[len("각"):]); err != nil {
		t.Errorf("the same text decomposed: %v", err)
	}
	if _, err := r.login("korean", long[:len(long)-1]+"y"); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("another last character: %v", err)
	}
}

func TestTriesSlowDownAndLockOverARestartAndAnySpelling(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	session := r.mustLogin("owner.one", ownerPassword)
	spellings := []string{
		"owner.one", "OWNER.ONE", " owner.one", "owner.one\t", "ｏｗｎｅｒ．ｏｎｅ", "Owner.One\u200b",
		"o\u00adwner.one", "OwNeR.oNe", "owner．one", "\u2003owner.one\u3000",
	}
	evaluated, before := int64(0), r.hasher.verified.Load()
	for n, id := range spellings {
		for {
			_, err := r.login(id, "wrong-password-00")
			if errors.Is(err, merchant.ErrLoginFailed) {
				break
			}
			if !errors.Is(err, merchant.ErrLoginLocked) || n < 5 {
				t.Fatalf("try %d: %v", n, err)
			}
			r.clock.Advance(retryAfter(t, err))
		}
		if n == 6 {
			evaluated = r.hasher.verified.Load() - before
			r.restart()
			before = 0 // the new instance counts its hashes from nothing
		}
	}
	if n := evaluated + r.hasher.verified.Load() - before; n != 10 {
		t.Errorf("%d tries were evaluated, not 10", n)
	}
	r.restart()
	_, err := r.login("owner.one", ownerPassword)
	if !errors.Is(err, merchant.ErrLoginLocked) {
		t.Fatalf("the right password during the lock: %v", err)
	}
	if wait := retryAfter(t, err); wait > 15*time.Minute || wait < 14*time.Minute {
		t.Errorf("locked for %v", wait)
	}
	if _, err := r.accounts.Session(r.ctx, session.Token); err != nil {
		t.Errorf("the session from before is affected: %v", err)
	}
	if _, err := r.login("someone.else", "x"); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("another id is affected: %v", err)
	}
	r.clock.Advance(15 * time.Minute)
	r.mustLogin("owner.one", ownerPassword)
	for range 4 {
		if _, err := r.login("owner.one", "wrong-password-00"); !errors.Is(err, merchant.ErrLoginFailed) {
			t.Errorf("after success the count starts anew: %v", err)
		}
	}
}

func TestUnknownIDsAreLockedAlike(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	answers := func(id string) []string {
		var out []string
		for range 12 {
			_, err := r.login(id, "wrong-password-00")
			out = append(out, fault.CodeOf(err))
			r.clock.Advance(20 * time.Second)
		}
		return out
	}
	known, unknown := answers("owner.one"), answers("nobody.here")
	if strings.Join(known, " ") != strings.Join(unknown, " ") {
		t.Errorf("known %v\nunknown %v", known, unknown)
	}
	if known[11] != "LOGIN_LOCKED" || known[0] != "LOGIN_FAILED" {
		t.Errorf("answers %v", known)
	}
}

func TestHonestBurstOfLoginsPasses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.close()
	r.open(clock.System{}) // waiting in line is real time
	errs := make(chan error, 40)
	for range cap(errs) {
		go func() {
			_, err := r.login("owner.one", ownerPassword)
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Errorf("a right login in a burst: %v", err)
		}
	}
}

func TestConcurrentGuessesNeverExceedTheLimit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var wg sync.WaitGroup
	before := r.hasher.verified.Load()
	ctx, cancel := context.WithTimeout(r.ctx, time.Minute)
	defer cancel()
	for range 100 {
		wg.Go(func() {
			_, err := r.accounts.Login(ctx, merchant.LoginRequest{LoginID: "owner.one", Password: "wrong-password-00"})
			if !errors.Is(err, merchant.ErrLoginFailed) && !errors.Is(err, merchant.ErrLoginLocked) && !errors.Is(err, merchant.ErrBusy) {
				t.Errorf("%v", err)
			}
		})
	}
	wg.Wait()
	if n := r.hasher.verified.Load() - before; n > 10 || n < 5 {
		t.Errorf("%d guesses were evaluated", n)
	}
}

func TestSessionsEndByTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	idle := r.mustLogin("owner.one", ownerPassword)
	r.clock.Advance(merchant.AppIdle - time.Second)
	if _, err := r.accounts.Session(r.ctx, idle.Token); err != nil {
		t.Fatalf("just before the idle limit: %v", err)
	}
	r.clock.Advance(merchant.AppIdle - time.Second)
	if _, err := r.accounts.Session(r.ctx, idle.Token); err != nil {
		t.Fatalf("use does not prolong: %v", err)
	}
	r.clock.Advance(merchant.AppIdle)
	if _, err := r.accounts.Session(r.ctx, idle.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("idle too long: %v", err)
	}
	used := r.mustLogin("owner.one", ownerPassword)
	for at := time.Hour; at < merchant.AppAbsolute; at += time.Hour {
		r.clock.Advance(time.Hour)
		if _, err := r.accounts.Session(r.ctx, used.Token); err != nil {
			t.Fatalf("after %v: %v", at, err)
		}
	}
	r.clock.Advance(time.Hour)
	if _, err := r.accounts.Session(r.ctx, used.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("past the absolute limit: %v", err)
	}
}

func TestSessionsAreRevokedAtOnce(t *testing.T) {
	t.Parallel()
	shop := func(r *rig) merchant.Tenant { return r.shop.Tenant() }
	for name, end := range map[string]func(*rig, merchant.Session) error{
		"logout": func(r *rig, s merchant.Session) error { return r.accounts.Logout(r.ctx, s.Token) },
		"revoked": func(r *rig, s merchant.Session) error {
			return r.accounts.RevokeSession(r.ctx, s.Principal, s.Principal.SessionID)
		},
		"all but another": func(r *rig, s merchant.Session) error {
			return r.accounts.RevokeSessions(r.ctx, s.Principal, "another")
		},
		"by the operator": func(r *rig, s merchant.Session) error {
			return r.registry.RevokeSessions(r.ctx, "test", shop(r), r.owner)
		},
		"user disabled": func(r *rig, s merchant.Session) error {
			return r.registry.SetUserStatus(r.ctx, "test", shop(r), r.owner, merchant.UserDisabled)
		},
		"merchant closed": func(r *rig, s merchant.Session) error {
			return r.registry.SetMerchantStatus(r.ctx, "test", shop(r), merchant.Closed)
		},
		"password changed elsewhere": func(r *rig, s merchant.Session) error {
			return r.accounts.ChangePassword(r.ctx, s.Principal, "another", ownerPassword, "another-Vexil-quandry-3")
		},
		"password reset": func(r *rig, s merchant.Session) error {
			link, err := r.registry.IssuePasswordLink(r.ctx, "test", shop(r), r.owner)
			if err != nil {
				return err
			}
			return r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: "another-Vexil-quandry-3"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.mustLogin("owner.one", ownerPassword)
			if err := end(r, s); err != nil {
				t.Fatal(err)
			}
			if _, err := r.accounts.Session(r.ctx, s.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
				t.Errorf("the session lives on: %v", err)
			}
			if err := r.accounts.Logout(r.ctx, s.Token); err != nil {
				t.Errorf("logging out of nothing: %v", err)
			}
		})
	}
}

func TestChangingThePasswordKeepsThisSessionOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	this, other := r.mustLogin("owner.one", ownerPassword), r.mustLogin("owner.one", ownerPassword)
	const next = "another-Vexil-quandry-3"
	if err := r.accounts.ChangePassword(r.ctx, this.Principal, this.Token, "wrong-password-00", next); !errors.Is(err, merchant.ErrPasswordWrong) {
		t.Errorf("wrong present password: %v", err)
	}
	if err := r.accounts.ChangePassword(r.ctx, this.Principal, this.Token, ownerPassword, "short"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("short new password: %v", err)
	}
	if err := r.accounts.ChangePassword(r.ctx, this.Principal, this.Token, ownerPassword, next); err != nil {
		t.Fatal(err)
	}
	if _, err := r.accounts.Session(r.ctx, this.Token); err != nil {
		t.Errorf("this session: %v", err)
	}
	if _, err := r.accounts.Session(r.ctx, other.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("the other session: %v", err)
	}
	if _, err := r.login("owner.one", ownerPassword); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("the old password: %v", err)
	}
	r.mustLogin("owner.one", next)
}

func TestSessionsAreListedAndRevokedByTheirUserOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.user(r.shop.Tenant(), "staff.one", merchant.Staff, staffPassword)
	staff := r.mustLogin("staff.one", staffPassword)
	s, err := r.accounts.Login(r.ctx, merchant.LoginRequest{
		LoginID: "owner.one", Password: ownerPassword, Visitor: merchant.Visitor{Device: "  Phone\x00\u202e one\n "},
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.accounts.Sessions(r.ctx, s.Principal)
	if err != nil || len(list) != 1 || list[0].ID != s.Principal.SessionID || list[0].Device != "Phone one" {
		t.Errorf("list %+v, %v", list, err)
	}
	if err := r.accounts.RevokeSession(r.ctx, staff.Principal, s.Principal.SessionID); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("another user's session: %v", err)
	}
	r.clock.Advance(merchant.AppIdle)
	if list, err = r.accounts.Sessions(r.ctx, s.Principal); err != nil || len(list) != 0 {
		t.Errorf("an ended session is listed: %+v, %v", list, err)
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	key, row, err := r.registry.CreateKey(r.ctx, "test", r.shop.Tenant(), merchant.NewKey{Name: "POS"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(key, "sk_test_") || !strings.HasPrefix(key, row.Hint) || strings.Contains(row.Hash, key) {
		t.Errorf("key %d characters, hint %q", len(key), row.Hint)
	}
	p, err := r.accounts.KeyPrincipal(r.ctx, key)
	if err != nil || p.Tenant != r.shop.Tenant() || p.Role != merchant.Machine || p.Via != merchant.ViaKey || p.UserID != row.ID || p.Live {
		t.Errorf("principal %+v, %v", p, err)
	}
	for name, k := range map[string]string{
		"empty": "", "no key": "hello", "cut": key[:len(key)-1], "as live": "sk_live_" + key[8:], "huge": key + strings.Repeat("x", 1<<16),
	} {
		if _, err := r.accounts.KeyPrincipal(r.ctx, k); !errors.Is(err, merchant.ErrNotLoggedIn) {
			t.Errorf("%s: %v", name, err)
		}
	}
	live, _, err := r.registry.CreateKey(r.ctx, "test", r.shop.Tenant(), merchant.NewKey{Name: "live", Live: true})
	if err != nil || !strings.HasPrefix(live, "sk_live_") {
		t.Fatal(err)
	}
	if err := r.registry.RevokeKey(r.ctx, "test", r.shop.Tenant(), row.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := r.accounts.KeyPrincipal(r.ctx, key); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("a revoked key: %v", err)
	}
	if err := r.registry.RevokeKey(r.ctx, "test", r.shop.Tenant(), row.ID); !errors.Is(err, merchant.ErrChanged) {
		t.Errorf("revoked twice: %v", err)
	}
	if err := r.registry.RevokeKeys(r.ctx, "test", r.shop.Tenant()); err != nil {
		t.Fatal(err)
	}
	if _, err := r.accounts.KeyPrincipal(r.ctx, live); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("a key after all were revoked: %v", err)
	}
	if _, _, err := r.registry.RotateKey(r.ctx, "test", r.shop.Tenant(), row.ID, time.Time{}); !errors.Is(err, merchant.ErrChanged) {
		t.Errorf("a revoked key gets a new secret: %v", err)
	}
	if _, _, err := r.registry.CreateKey(r.ctx, "test", r.shop.Tenant(), merchant.NewKey{Name: "weak", Secret: "short"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a weak secret: %v", err)
	}
}
