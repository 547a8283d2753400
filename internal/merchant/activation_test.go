package merchant_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"innopay/fault"
	"innopay/internal/merchant"
)

type ctx = context.Context

func code(t *testing.T, secret string, at time.Time) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, at)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// operator makes an operator and returns its login id and second factor.
func operator(r *rig) (loginID, secret string) {
	r.t.Helper()
	link, err := r.registry.CreateOperatorCode(r.ctx, "test", "Operator.One", "운영자")
	if err != nil {
		r.t.Fatal(err)
	}
	a, err := r.links.Open(r.ctx, link.Token)
	if err != nil {
		r.t.Fatal(err)
	}
	err = r.links.Redeem(r.ctx, merchant.Redemption{
		Token: link.Token, Password: staffPassword, TOTPCode: code(r.t, a.TOTPSecret, r.clock.Now()),
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return a.LoginID, a.TOTPSecret
}

func TestOperatorLogsInWithTheSecondFactorOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	loginID, secret := operator(r)
	r.clock.Advance(time.Minute)
	login := func(p merchant.Password, c string) error {
		_, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: p, TOTPCode: c})
		return err
	}
	now := code(t, secret, r.clock.Now())
	for name, c := range map[string]struct {
		password merchant.Password
		code     string
		want     error
	}{
		"no code":             {staffPassword, "", merchant.ErrTOTPRequired},
		"wrong password":      {"wrong-password-00", now, merchant.ErrLoginFailed},
		"wrong, no code":      {"wrong-password-00", "", merchant.ErrLoginFailed},
		"no digits":           {staffPassword, "abcdef", merchant.ErrLoginFailed},
		"code of an hour ago": {staffPassword, code(t, secret, r.clock.Now().Add(-time.Hour)), merchant.ErrLoginFailed},
	} {
		if err := login(c.password, c.code); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: staffPassword, TOTPCode: now})
	if err != nil {
		t.Fatal(err)
	}
	if s.Principal.Role != merchant.Operator || s.Principal.Tenant.ID() != "" {
		t.Errorf("principal %+v", s.Principal)
	}
	if err := login(staffPassword, now); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("a code taken twice: %v", err)
	}
	r.clock.Advance(merchant.ConsoleIdle)
	if _, err := r.accounts.Session(r.ctx, s.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("console idle for 15 minutes: %v", err)
	}
}

func TestOneCodeGivesOneSession(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	loginID, secret := operator(r)
	r.clock.Advance(time.Minute)
	now := code(t, secret, r.clock.Now())
	errs := make(chan error, 4)
	for range cap(errs) {
		go func() {
			_, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: staffPassword, TOTPCode: now})
			errs <- err
		}()
	}
	done := 0
	for range cap(errs) {
		if err := <-errs; err == nil {
			done++
		}
	}
	if done != 1 {
		t.Errorf("%d logins with one code", done)
	}
}

func TestOperatorActivationNeedsTheCodeAndShowsOneSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	link, err := r.registry.CreateOperatorCode(r.ctx, "test", "operator.one", "운영자")
	if err != nil {
		t.Fatal(err)
	}
	first, err := r.links.Open(r.ctx, link.Token)
	if err != nil {
		t.Fatal(err)
	}
	second, err := r.links.Open(r.ctx, link.Token)
	if err != nil || first != second || first.TOTPSecret == "" || !strings.Contains(first.TOTPURI, first.TOTPSecret) {
		t.Errorf("opening twice: %v %v", first.MinLength, err)
	}
	for _, c := range []string{"", "000000", "12345a"} {
		err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: staffPassword, TOTPCode: c})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("code %q: %v", c, err)
		}
	}
	// A reset keeps the second factor.
	right := code(t, first.TOTPSecret, r.clock.Now())
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: staffPassword, TOTPCode: right}); err != nil {
		t.Fatal(err)
	}
	reset, err := r.registry.IssuePasswordLink(r.ctx, "test", merchant.TenantOf(""), link.UserID)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := r.links.Open(r.ctx, reset.Token); err != nil || a.TOTPSecret != "" {
		t.Errorf("a reset offers a new second factor: %v", err)
	}
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: reset.Token, Password: "brumal-Tock-30"}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.login("operator.one", "brumal-Tock-30"); !errors.Is(err, merchant.ErrTOTPRequired) {
		t.Errorf("after the reset: %v", err)
	}
}

func TestALinkWorksOnceAndNotForLong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	issue := func() merchant.Issued {
		t.Helper()
		link, err := r.registry.IssuePasswordLink(r.ctx, "test", r.shop.Tenant(), r.owner)
		if err != nil {
			t.Fatal(err)
		}
		return link
	}
	dead := func(name, token string) {
		t.Helper()
		if _, err := r.links.Open(r.ctx, token); !errors.Is(err, merchant.ErrLinkInvalid) {
			t.Errorf("%s opens: %v", name, err)
		}
		err := r.links.Redeem(r.ctx, merchant.Redemption{Token: token, Password: "another-Vexil-quandry-3"})
		if !errors.Is(err, merchant.ErrLinkInvalid) {
			t.Errorf("%s is redeemed: %v", name, err)
		}
	}
	first := issue()
	second := issue()
	dead("a link that was replaced", first.Token)
	dead("nothing", "")
	dead("a made-up token", first.Token[:27]+"_")
	dead("a huge token", strings.Repeat("x", 1<<16))
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: second.Token, Password: "short"}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a bad password: %v", err)
	}
	if _, err := r.links.Open(r.ctx, second.Token); err != nil {
		t.Errorf("a bad password used the link up: %v", err)
	}
	results := make(chan error, 8)
	for range cap(results) {
		go func() {
			results <- r.links.Redeem(r.ctx, merchant.Redemption{Token: second.Token, Password: "another-Vexil-quandry-3"})
		}()
	}
	won := 0
	for range cap(results) {
		err := <-results
		switch {
		case err == nil:
			won++
		case !errors.Is(err, merchant.ErrLinkInvalid):
			t.Errorf("%v", err)
		}
	}
	if won != 1 {
		t.Errorf("redeemed %d times at once", won)
	}
	dead("a used link", second.Token)
	late := issue()
	r.clock.Advance(merchant.LinkLife)
	dead("an expired link", late.Token)
	r.clock.Advance(-merchant.LinkLife)
	if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), r.owner, merchant.UserDisabled); err != nil {
		t.Fatal(err)
	}
	dead("a disabled user's link", late.Token)
}

func TestALinkSurvivesKeyRotation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	link, err := r.registry.IssueCancelPasswordLink(r.ctx, "test", r.shop.Tenant())
	if err != nil {
		t.Fatal(err)
	}
	if err := r.keys.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: cancelPassword}); err != nil {
		t.Errorf("after rotation: %v", err)
	}
}

func TestPasswordRulesOfEachRole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		issue  func() (merchant.Issued, error)
		length int
	}{
		"owner": {func() (merchant.Issued, error) {
			return r.registry.CreateUser(r.ctx, "test", r.shop.Tenant(), merchant.NewUser{LoginID: "owner.two", Name: "둘", Role: merchant.Owner})
		}, 15},
		"staff": {func() (merchant.Issued, error) {
			return r.registry.CreateUser(r.ctx, "test", r.shop.Tenant(), merchant.NewUser{LoginID: "staff.two", Name: "둘", Role: merchant.Staff})
		}, 10},
		"cancel password": {func() (merchant.Issued, error) {
			return r.registry.IssueCancelPasswordLink(r.ctx, "test", r.shop.Tenant())
		}, 8},
	} {
		link, err := c.issue()
		if err != nil {
			t.Fatal(err)
		}
		a, err := r.links.Open(r.ctx, link.Token)
		if err != nil || a.MinLength != c.length {
			t.Errorf("%s: least length %d, %v", name, a.MinLength, err)
		}
		long := "kz7-Qw2_mB9xRt4pLs"
		for _, p := range []merchant.Password{"", merchant.Password(long[:c.length-1]), "테스트 상점 테스트 상점!", "123-45-67891-2024", merchant.Password(strings.Repeat("가나", 65))} {
			if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: p}); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: a bad password of %d bytes: %v", name, len(p), err)
			}
		}
		if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: link.Token, Password: merchant.Password(long[:c.length])}); err != nil {
			t.Errorf("%s: a good password of the least length: %v", name, err)
		}
	}
}
