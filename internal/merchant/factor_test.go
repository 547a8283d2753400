package merchant_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// secondFactor sets an authenticator app up and gives its secret and recovery codes.
func (r *rig) secondFactor(s merchant.Session) (secret string, codes []string) {
	r.t.Helper()
	setup, err := r.accounts.BeginTOTP(r.ctx, s.Principal, ownerPassword)
	if err != nil {
		r.t.Fatal(err)
	}
	codes, err = r.accounts.ConfirmTOTP(r.ctx, s.Principal, s.Token, setup.Challenge, code(r.t, setup.Secret, r.clock.Now()))
	if err != nil {
		r.t.Fatal(err)
	}
	return setup.Secret, codes
}

func (r *rig) loginWith(code string) (merchant.Session, error) {
	return r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: "owner.one", Password: ownerPassword, TOTPCode: code})
}

func TestAnOwnerMaySetUpASecondFactor(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here, elsewhere := r.mustLogin("owner.one", ownerPassword), r.mustLogin("owner.one", ownerPassword)
	if _, err := r.accounts.BeginTOTP(r.ctx, here.Principal, "not-the-password-1"); !errors.Is(err, merchant.ErrPasswordWrong) {
		t.Errorf("without the present password: %v", err)
	}
	setup, err := r.accounts.BeginTOTP(r.ctx, here.Principal, ownerPassword)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.accounts.ConfirmTOTP(r.ctx, elsewhere.Principal, elsewhere.Token, setup.Challenge, code(t, setup.Secret, r.clock.Now())); !errors.Is(err, merchant.ErrChallengeInvalid) {
		t.Errorf("in another session: %v", err)
	}
	if _, err := r.accounts.ConfirmTOTP(r.ctx, here.Principal, here.Token, setup.Challenge, "000000"); errorOf(err) != "/code " {
		t.Errorf("a wrong code: %v", err)
	}
	first := code(t, setup.Secret, r.clock.Now())
	codes, err := r.accounts.ConfirmTOTP(r.ctx, here.Principal, here.Token, setup.Challenge, first)
	if err != nil || len(codes) != merchant.RecoveryCodes {
		t.Fatalf("%d codes, %v", len(codes), err)
	}
	if _, err := r.accounts.Session(r.ctx, elsewhere.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("another session: %v", err)
	}
	if _, err := r.loginWith(""); !errors.Is(err, merchant.ErrTOTPRequired) {
		t.Errorf("without a code: %v", err)
	}
	if _, err := r.loginWith(first); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("with the code that set it up: %v", err)
	}
	r.clock.Advance(30 * time.Second)
	next := code(t, setup.Secret, r.clock.Now())
	if _, err := r.loginWith(next); err != nil {
		t.Fatal(err)
	}
	if _, err := r.loginWith(next); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("a code again: %v", err)
	}
	// A recovery code works once, however it is spelt.
	spelt := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
	if _, err := r.loginWith(spelt); err != nil {
		t.Errorf("a recovery code: %v", err)
	}
	if _, err := r.loginWith(codes[3]); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("a recovery code again: %v", err)
	}
	if _, err := r.accounts.BeginTOTP(r.ctx, here.Principal, ownerPassword); !errors.Is(err, merchant.ErrSecondFactorOn) {
		t.Errorf("a second one: %v", err)
	}
	f, err := r.accounts.SecondFactor(r.ctx, here.Principal)
	if err != nil || !f.On || f.Required || f.RecoveryCodes != merchant.RecoveryCodes-1 {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestASecondFactorIsSwitchedOffWithBoth(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here := r.mustLogin("owner.one", ownerPassword)
	if err := r.accounts.DisableTOTP(r.ctx, here.Principal, here.Token, merchant.Proof{Password: ownerPassword, Code: "123456"}); !errors.Is(err, merchant.ErrSecondFactorOff) {
		t.Errorf("where there is none: %v", err)
	}
	secret, codes := r.secondFactor(here)
	r.clock.Advance(time.Minute)
	now := code(t, secret, r.clock.Now())
	for name, c := range map[string]struct {
		given merchant.Proof
		want  error
	}{
		"wrong password": {merchant.Proof{Password: "not-the-password-1", Code: now}, merchant.ErrCodeWrong},
		"wrong code":     {merchant.Proof{Password: ownerPassword, Code: "000000"}, merchant.ErrCodeWrong},
		"made-up code":   {merchant.Proof{Password: ownerPassword, Code: "00000-00000"}, merchant.ErrCodeWrong},
		"no code":        {merchant.Proof{Password: ownerPassword}, merchant.ErrTOTPRequired},
	} {
		if err := r.accounts.DisableTOTP(r.ctx, here.Principal, here.Token, c.given); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fresh, err := r.accounts.NewRecoveryCodes(r.ctx, here.Principal, here.Token, merchant.Proof{Password: ownerPassword, Code: now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.loginWith(codes[0]); !errors.Is(err, merchant.ErrLoginFailed) {
		t.Errorf("a recovery code that was replaced: %v", err)
	}
	other, err := r.loginWith(fresh[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := r.accounts.DisableTOTP(r.ctx, here.Principal, here.Token, merchant.Proof{Password: ownerPassword, Code: now}); !errors.Is(err, merchant.ErrCodeWrong) {
		t.Errorf("with a code that was taken: %v", err)
	}
	if err := r.accounts.DisableTOTP(r.ctx, here.Principal, here.Token, merchant.Proof{Password: ownerPassword, Code: fresh[1]}); err != nil {
		t.Fatal(err)
	}
	if _, err := r.accounts.Session(r.ctx, other.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("another session: %v", err)
	}
	if _, err := r.loginWith(""); err != nil {
		t.Errorf("without a code: %v", err)
	}
}

func TestAnOperatorTakesALostSecondFactorAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	here := r.mustLogin("owner.one", ownerPassword)
	reset := func(factor string) error {
		return r.store.Tx(r.ctx, func(ctx context.Context, tx merchant.Tx) error {
			return r.registry.ResetSecondFactorTx(ctx, tx, "usr_operator", r.shop.Tenant(), r.owner, factor, "휴대폰 분실")
		})
	}
	if _, _, err := r.registry.SecondFactor(r.ctx, r.shop.Tenant(), r.owner); !errors.Is(err, merchant.ErrSecondFactorOff) {
		t.Errorf("where there is none: %v", err)
	}
	r.secondFactor(here)
	if _, _, err := r.registry.SecondFactor(r.ctx, merchant.TenantOf("mer_other"), r.owner); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("another merchant's: %v", err)
	}
	if err := reset("that of another one"); !errors.Is(err, merchant.ErrStale) {
		t.Errorf("one that was not meant: %v", err)
	}
	_, factor, err := r.registry.SecondFactor(r.ctx, r.shop.Tenant(), r.owner)
	if err != nil {
		t.Fatal(err)
	}
	if err := reset(factor); err != nil {
		t.Fatal(err)
	}
	if err := reset(factor); !errors.Is(err, merchant.ErrStale) {
		t.Errorf("twice: %v", err)
	}
	if _, err := r.accounts.Session(r.ctx, here.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("the session: %v", err)
	}
	if _, err := r.loginWith(""); err != nil {
		t.Errorf("without a code: %v", err)
	}
	loginID, secret := operator(r)
	r.clock.Advance(time.Minute)
	s, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: staffPassword, TOTPCode: code(t, secret, r.clock.Now())})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.accounts.DisableTOTP(r.ctx, s.Principal, s.Token, merchant.Proof{}); !errors.Is(err, merchant.ErrSecondFactorRequired) {
		t.Errorf("an operator's: %v", err)
	}
}

// noticed are the events of a kind that wait, with their payloads.
func (r *rig) noticed(kind outbox.Type) (out []outbox.Event) {
	r.t.Helper()
	for bucket := range outbox.Buckets {
		es, err := r.db.Waiting(r.ctx, bucket, outbox.Position{}, 1000)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range es {
			if e.Type == kind {
				out = append(out, e)
			}
		}
	}
	return out
}

func (r *rig) devices() (n int) {
	for _, e := range r.noticed(outbox.SecurityNotice) {
		if strings.Contains(e.Payload, string(merchant.NoticeDevice)) {
			n++
		}
	}
	return n
}

func TestANewDeviceIsToldOfOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.user(r.shop.Tenant(), "staff.one", merchant.Staff, staffPassword)
	in := func(loginID string, p merchant.Password, token string) string {
		t.Helper()
		s, err := r.accounts.Login(r.ctx, merchant.LoginRequest{LoginID: loginID, Password: p, Visitor: merchant.Visitor{Device: "Phone", DeviceToken: token}})
		if err != nil {
			t.Fatal(err)
		}
		return s.DeviceToken
	}
	phone := in("owner.one", ownerPassword, "")
	if r.devices() != 0 {
		t.Error("the very first login is told of")
	}
	if again := in("owner.one", ownerPassword, phone); again != phone || r.devices() != 0 {
		t.Errorf("the same browser: %d notices", r.devices())
	}
	if shared := in("staff.one", staffPassword, phone); shared != phone {
		t.Error("a telephone that two people use gets another token")
	}
	if made := in("owner.one", ownerPassword, "chosen-by-somebody-else-chosen-by-somebody-els"); made == phone || len(made) != 43 || r.devices() != 1 {
		t.Errorf("a token that nobody was given: %q, %d notices", made, r.devices())
	}
	if tablet := in("owner.one", ownerPassword, ""); tablet == phone || r.devices() != 2 {
		t.Errorf("another browser: %d notices", r.devices())
	}
}

func errorOf(err error) string {
	return strings.Join(append(fieldsOf(err), ""), " ")
}

func TestAMailIsProvenBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.mustLogin("owner.one", ownerPassword)
	if err := r.accounts.ChangeMail(r.ctx, s.Principal, "not-the-password-1", "a@example.com"); !errors.Is(err, merchant.ErrPasswordWrong) {
		t.Errorf("without the present password: %v", err)
	}
	set := func(address string) string {
		t.Helper()
		if err := r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, address); err != nil {
			t.Fatal(err)
		}
		row, err := r.store.MailOf(r.ctx, s.Principal.Tenant, r.owner, merchant.MailPending)
		if err != nil || strings.Contains(row.Address, "example") {
			t.Fatalf("%+v, %v", row, err)
		}
		return r.accounts.MailCode(row.ID)
	}
	old := set("First@Example.com ")
	good := set("second@example.com")
	for name, c := range map[string]string{"none": "", "of the address before": old, "cut": good[:5]} {
		if c != good && errorOf(r.accounts.ProveMail(r.ctx, s.Principal, c)) != "/code " {
			t.Errorf("code %s is taken", name)
		}
	}
	if m, err := r.accounts.Mail(r.ctx, s.Principal); err != nil || m.Address != "" || m.Pending != "second@example.com" {
		t.Errorf("%+v, %v", m, err)
	}
	if err := r.accounts.ProveMail(r.ctx, s.Principal, good); err != nil {
		t.Fatal(err)
	}
	late := set("third@example.com")
	r.clock.Advance(merchant.MailCodeLife)
	if err := r.accounts.ProveMail(r.ctx, s.Principal, late); errorOf(err) != "/code " {
		t.Errorf("a code too late: %v", err)
	}
	if m, err := r.accounts.Mail(r.ctx, s.Principal); err != nil || m != (merchant.UserMail{Address: "second@example.com"}) {
		t.Errorf("%+v, %v", m, err)
	}
	if err := r.accounts.RemoveMail(r.ctx, s.Principal, ownerPassword); err != nil {
		t.Fatal(err)
	}
	if err := r.accounts.RemoveMail(r.ctx, s.Principal, ownerPassword); !errors.Is(err, merchant.ErrNotFound) {
		t.Errorf("again: %v", err)
	}
	for range 3 {
		_ = r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, "other@example.com")
	}
	if err := r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, "other@example.com"); !errors.Is(err, merchant.ErrTooManyMails) {
		t.Errorf("codes without end: %v", err)
	}
}

func TestWrongMailCodesLock(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.mustLogin("owner.one", ownerPassword)
	if err := r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, "a@example.com"); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := r.accounts.ProveMail(r.ctx, s.Principal, "wrong"); errorOf(err) != "/code " {
			t.Errorf("%v", err)
		}
	}
	if err := r.accounts.ProveMail(r.ctx, s.Principal, "wrong"); !errors.Is(err, merchant.ErrMailCodeLocked) {
		t.Errorf("the sixth: %v", err)
	}
}

// askReset asks for a link and gives the event that follows.
func (r *rig) askReset(loginID string) outbox.Event {
	r.t.Helper()
	r.clock.Advance(time.Second)
	if err := r.accounts.AskReset(r.ctx, loginID); err != nil {
		r.t.Fatal(err)
	}
	for _, e := range r.noticed(outbox.ResetAsked) {
		if e.CreatedAt.Equal(r.clock.Now()) {
			return e
		}
	}
	r.t.Fatal("no event of now")
	return outbox.Event{}
}

// proven gives the owner a mail.
func (r *rig) provenMail(s merchant.Session, address string) {
	r.t.Helper()
	if err := r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, address); err != nil {
		r.t.Fatal(err)
	}
	row, err := r.store.MailOf(r.ctx, s.Principal.Tenant, r.owner, merchant.MailPending)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := r.accounts.ProveMail(r.ctx, s.Principal, r.accounts.MailCode(row.ID)); err != nil {
		r.t.Fatal(err)
	}
}

func TestALinkGoesToAProvenMailOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.mustLogin("owner.one", ownerPassword)
	if _, _, err := r.links.MakeReset(r.ctx, r.askReset("nobody.here")); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("nobody: %v", err)
	}
	if _, _, err := r.links.MakeReset(r.ctx, r.askReset("owner.one")); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("without a mail: %v", err)
	}
	if err := r.accounts.ChangeMail(r.ctx, s.Principal, ownerPassword, "a@example.com"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.links.MakeReset(r.ctx, r.askReset(" OWNER.one")); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("to a mail that is not proven: %v", err)
	}
	r.clock.Advance(2 * time.Hour) // three an hour were asked for
	r.provenMail(s, "a@example.com")
	old := r.askReset("owner.one")
	r.clock.Advance(merchant.LinkLife)
	if _, _, err := r.links.MakeReset(r.ctx, old); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("long after it was asked: %v", err)
	}
	disabled := r.askReset("owner.one")
	if err := r.registry.SetUserStatus(r.ctx, "test", r.shop.Tenant(), r.owner, merchant.UserDisabled); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.links.MakeReset(r.ctx, disabled); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("a disabled user: %v", err)
	}
}

func TestAForgottenPasswordIsSetOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.mustLogin("owner.one", ownerPassword)
	r.provenMail(s, "a@example.com")
	r.secondFactor(s)
	e := r.askReset("owner.one")
	var token, linkID string
	for range 2 { // the outbox tells it more than once
		address, id, err := r.links.MakeReset(r.ctx, e)
		if err != nil || address != "a@example.com" || linkID != "" && id != linkID {
			t.Fatalf("%q, %v", address, err)
		}
		link, err := r.links.LinkAgain(r.ctx, s.Principal.Tenant, id)
		if err != nil || token != "" && link.Token != token {
			t.Fatalf("another link the second time, or %v", err)
		}
		token, linkID = link.Token, id
	}
	next := merchant.Password("another-Quandry-85-morph")
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: token, Password: next}); err != nil {
		t.Fatal(err)
	}
	if err := r.links.Redeem(r.ctx, merchant.Redemption{Token: token, Password: next}); !errors.Is(err, merchant.ErrLinkInvalid) {
		t.Errorf("again: %v", err)
	}
	if _, err := r.accounts.Session(r.ctx, s.Token); !errors.Is(err, merchant.ErrNotLoggedIn) {
		t.Errorf("the session before: %v", err)
	}
	if _, err := r.login("owner.one", next); !errors.Is(err, merchant.ErrTOTPRequired) {
		t.Errorf("the second factor went with the password: %v", err)
	}
	if _, err := r.links.LinkAgain(r.ctx, s.Principal.Tenant, linkID); !errors.Is(err, merchant.ErrAbsent) {
		t.Errorf("a used link: %v", err)
	}
}

func TestResetsAreLimitedForEveryIDAlike(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, loginID := range []string{"owner.one", "nobody.here"} {
		for n := range 4 {
			spelt := loginID
			if n%2 == 1 {
				spelt = "  " + strings.ToUpper(loginID)
			}
			err := r.accounts.AskReset(r.ctx, spelt)
			if n < 3 && err != nil || n == 3 && !errors.Is(err, merchant.ErrTooManyMails) {
				t.Errorf("%s, request %d: %v", loginID, n+1, err)
			}
		}
	}
	for _, e := range r.noticed(outbox.ResetAsked) {
		if strings.Contains(e.Payload, "owner") || strings.Contains(e.Payload, "nobody") {
			t.Errorf("the event names who asked: %s", e.Payload)
		}
	}
}
