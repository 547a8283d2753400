package merchant_test

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/passkeytest"
)

const origin = "https://pay.example.com"

func (r *rig) passkeys() *merchant.Passkeys {
	r.t.Helper()
	p, err := merchant.NewPasskeys(r.accounts, origin, "http://localhost:8080", "http://127.0.0.1:8080")
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func encoded(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// enrol registers a passkey of the session's user.
func (r *rig) enrol(p *merchant.Passkeys, s merchant.Session, password merchant.Password) (*passkeytest.Key, merchant.PasskeyRow) {
	r.t.Helper()
	asked, err := p.BeginPasskey(r.ctx, s.Principal, origin, password)
	if err != nil {
		r.t.Fatal(err)
	}
	key, answer := passkeytest.Create(r.t, asked.Options, origin)
	row, err := p.AddPasskey(r.ctx, s.Principal, s.Token, merchant.NewPasskey{Challenge: asked.Challenge, Name: "열쇠", Credential: encoded(r.t, answer)})
	if err != nil {
		r.t.Fatal(err)
	}
	return key, row
}

// ask begins a login and has the key answer.
func (r *rig) answer(p *merchant.Passkeys, k *passkeytest.Key) merchant.PasskeyLogin {
	r.t.Helper()
	asked, err := p.BeginLogin(r.ctx, origin)
	if err != nil {
		r.t.Fatal(err)
	}
	return merchant.PasskeyLogin{Challenge: asked.Challenge, Credential: encoded(r.t, k.Get(r.t, asked.Options))}
}

func TestAPasskeyLogsInAsBothFactors(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.passkeys()
	here, elsewhere := r.mustLogin("owner.one", ownerPassword), r.mustLogin("owner.one", ownerPassword)
	if _, err := p.BeginPasskey(r.ctx, here.Principal, origin, "not-the-password-1"); !errors.Is(err, merchant.ErrPasswordWrong) {
		t.Errorf("without the present password: %v", err)
	}
	key, row := r.enrol(p, here, ownerPassword)
	if _, err := r.accounts.Session(r.ctx, here.Token); err != nil {
		t.Errorf("the session that made it: %v", err)
	}
	if _, err := r.accounts.Session(r.ctx, elsewhere.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("another session: %v", err)
	}
	// A second factor is not asked for besides.
	r.secondFactor(here)
	s, err := p.LoginWithPasskey(r.ctx, r.answer(p, key))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.accounts.Session(r.ctx, s.Token); err != nil || got.UserID != r.owner || got.Tenant != r.shop.Tenant() {
		t.Errorf("%+v, %v", got, err)
	}
	rows, err := p.Passkeys(r.ctx, s.Principal)
	if err != nil || len(rows) != 1 || rows[0].ID != row.ID || rows[0].UsedAt.IsZero() || rows[0].SignCount != 1 {
		t.Errorf("%+v, %v", rows, err)
	}
	if _, err := p.RenamePasskey(r.ctx, s.Principal, row.ID, "다른 이름"); err != nil {
		t.Error(err)
	}
	if err := p.RemovePasskey(r.ctx, s.Principal, s.Token, row.ID); err != nil {
		t.Error(err)
	}
	if _, err := r.accounts.Session(r.ctx, here.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("another session after a passkey went: %v", err)
	}
	if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); !errors.Is(err, merchant.ErrPasskeyFailed) {
		t.Errorf("a passkey that was removed: %v", err)
	}
}

func TestAChallengeIsAnsweredOnceOnWhateverInstance(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	instances := []*merchant.Passkeys{r.passkeys(), r.passkeys()}
	key, _ := r.enrol(instances[0], r.mustLogin("owner.one", ownerPassword), ownerPassword)
	login := r.answer(instances[0], key)
	var won atomic.Int64
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := instances[i%2].LoginWithPasskey(r.ctx, login)
			switch {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, merchant.ErrChallengeInvalid):
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("one challenge was answered %d times", won.Load())
	}
	late := r.answer(instances[0], key)
	r.clock.Advance(merchant.ChallengeLife)
	if _, err := instances[0].LoginWithPasskey(r.ctx, late); !errors.Is(err, merchant.ErrChallengeInvalid) {
		t.Errorf("too late: %v", err)
	}
	s := r.mustLogin("owner.one", ownerPassword)
	asked, err := instances[0].BeginPasskey(r.ctx, s.Principal, origin, ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := instances[0].LoginWithPasskey(r.ctx, merchant.PasskeyLogin{Challenge: asked.Challenge}); !errors.Is(err, merchant.ErrChallengeInvalid) {
		t.Errorf("a registration's challenge at the login: %v", err)
	}
	other := r.mustLogin("owner.one", ownerPassword)
	_, answer := passkeytest.Create(t, asked.Options, origin)
	stolen := merchant.NewPasskey{Challenge: asked.Challenge, Name: "열쇠", Credential: encoded(t, answer)}
	if _, err := instances[0].AddPasskey(r.ctx, other.Principal, other.Token, stolen); !errors.Is(err, merchant.ErrChallengeInvalid) {
		t.Errorf("in another session: %v", err)
	}
}

func TestPasskeysThatProveNothing(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(r *rig, k *passkeytest.Key){
		"another site's":     func(_ *rig, k *passkeytest.Key) { k.Origin = "https://pay.example.org" },
		"an address's":       func(_ *rig, k *passkeytest.Key) { k.Origin = "http://localhost:8080" },
		"user not verified":  func(_ *rig, k *passkeytest.Key) { k.Verified = false },
		"another user's":     func(_ *rig, k *passkeytest.Key) { k.User = []byte("usr_other") },
		"nobody's":           func(_ *rig, k *passkeytest.Key) { k.User = nil },
		"count went back":    func(_ *rig, k *passkeytest.Key) { k.Count = 0 },
		"unknown credential": func(_ *rig, k *passkeytest.Key) { k.ID = []byte("something else entirely") },
		"disabled user": func(r *rig, _ *passkeytest.Key) {
			if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), r.owner, merchant.UserDisabled); err != nil {
				r.t.Fatal(err)
			}
		},
		"closed merchant": func(r *rig, _ *passkeytest.Key) {
			if err := r.registry.SetMerchantStatus(r.ctx, "test", r.shop.Tenant(), merchant.Closed); err != nil {
				r.t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			p := r.passkeys()
			key, _ := r.enrol(p, r.mustLogin("owner.one", ownerPassword), ownerPassword)
			if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); err != nil {
				t.Fatal(err)
			}
			spoil(r, key)
			if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); !errors.Is(err, merchant.ErrPasskeyFailed) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestACopiedPasskeyStopsWorking(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.passkeys()
	s := r.mustLogin("owner.one", ownerPassword)
	key, _ := r.enrol(p, s, ownerPassword)
	for range 3 {
		if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); err != nil {
			t.Fatal(err)
		}
	}
	copied := *key
	copied.Count = 1
	for range 2 {
		if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, &copied)); !errors.Is(err, merchant.ErrPasskeyFailed) {
			t.Errorf("the copy: %v", err)
		}
	}
	if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); !errors.Is(err, merchant.ErrPasskeyFailed) {
		t.Errorf("the original, after a copy was seen: %v", err)
	}
	rows, err := p.Passkeys(r.ctx, s.Principal)
	if err != nil || !rows[0].Blocked {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestPasskeysCountWithThePassword(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.passkeys()
	key, _ := r.enrol(p, r.mustLogin("owner.one", ownerPassword), ownerPassword)
	bad := *key
	bad.Verified = false
	for n := range 10 {
		var err error
		if n%2 == 0 {
			_, err = p.LoginWithPasskey(r.ctx, r.answer(p, &bad))
		} else {
			_, err = r.login(" Owner.ONE", "not-the-password-1")
		}
		if !errors.Is(err, merchant.ErrPasskeyFailed) && !errors.Is(err, merchant.ErrLoginFailed) {
			t.Fatalf("try %d: %v", n, err)
		}
		r.clock.Advance(20 * time.Second)
	}
	if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); !errors.Is(err, merchant.ErrLoginLocked) {
		t.Errorf("the passkey after ten wrong tries: %v", err)
	}
	if _, err := r.login("owner.one", ownerPassword); !errors.Is(err, merchant.ErrLoginLocked) {
		t.Errorf("the password after ten wrong tries: %v", err)
	}
	if err := r.registry.Unlock(r.ctx, "usr_operator", r.shop.Tenant(), r.owner, "본인 확인"); err != nil {
		t.Fatal(err)
	}
	if _, err := p.LoginWithPasskey(r.ctx, r.answer(p, key)); err != nil {
		t.Errorf("after an operator unlocked it: %v", err)
	}
	if err := r.registry.Unlock(r.ctx, "usr_operator", merchant.TenantOf("mer_other"), r.owner, "본인 확인"); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("another merchant's user: %v", err)
	}
}

func TestPasskeysAreBoundToAName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := r.passkeys()
	for _, o := range []string{"http://127.0.0.1:8080", "https://evil.example"} {
		if _, err := p.BeginLogin(r.ctx, o); !errors.Is(err, merchant.ErrNoPasskeys) {
			t.Errorf("%s: %v", o, err)
		}
	}
	none, err := merchant.NewPasskeys(r.accounts, "http://127.0.0.1:8080")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.BeginLogin(r.ctx, ""); !errors.Is(err, merchant.ErrNoPasskeys) {
		t.Errorf("a server without a name: %v", err)
	}
	s := r.mustLogin("owner.one", ownerPassword)
	for _, name := range []string{"", " x", strings.Repeat("가", 51), "a\u202eb"} {
		_, err := p.AddPasskey(r.ctx, s.Principal, s.Token, merchant.NewPasskey{Challenge: "x", Name: name})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid {
			t.Errorf("name %q: %v", name, err)
		}
	}
}

// What a browser sends is read by the library; ours is that nothing of it panics, and
// that nothing but a right answer is let through.
func FuzzPasskeyAnswer(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}`))
	f.Add([]byte(`{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YUEA"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, ok := merchant.ParseAssertion(b); ok && len(id) == 0 {
			t.Error("an answer without a credential")
		}
		if id, ok := merchant.ParseCreation(b); ok && len(id) == 0 {
			t.Error("a passkey without an id")
		}
	})
}
