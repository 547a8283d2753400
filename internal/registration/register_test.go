package registration_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/internal/terms"
)

func wants(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, not %v", what, err, want)
	}
}

func TestStaffRegisterAndAreLetIn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.verified(r.invite(1), phone)
	done, err := r.submit(token, "New.Staff ")
	r.must(err)
	wants(t, "wrong password while waiting", r.login("new.staff", "another-Tock-29"), merchant.ErrLoginFailed)
	wants(t, "right password while waiting", r.login("new.staff", staffPassword), merchant.ErrLoginPending)
	waiting, err := r.Waiting(r.ctx, r.shop.Tenant())
	if err != nil || len(waiting) != 1 || waiting[0].Name != "시험 직원" || waiting[0].Phone != phone {
		t.Fatalf("%+v, %v", waiting, err)
	}
	_, err = r.registry.IssuePasswordLink(r.ctx, "usr_op", r.shop.Tenant(), done.UserID)
	wants(t, "a link for one who waits", err, merchant.ErrNotFound)
	wants(t, "made active by another door", r.registry.SetUserStatus(r.ctx, "usr_op", r.shop.Tenant(), done.UserID, merchant.UserActive), merchant.ErrChanged)
	rights := merchant.Rights{Cancel: true, CancelLimit: 5_000}
	r.must(r.Approve(r.ctx, r.shop.Tenant(), "usr_owner", done.UserID, rights))
	r.must(r.login("new.staff", staffPassword))
	if told := r.last(phone).Text; !strings.Contains(told, "승인됐어요") || !strings.Contains(told, r.shop.Name) {
		t.Errorf("told %q", told)
	}
	u, err := r.registry.User(r.ctx, r.shop.Tenant(), done.UserID)
	if err != nil || !u.Rights.Cancel || u.Rights.Discount || u.Rights.CancelLimit != 5_000 {
		t.Errorf("%+v, %v", u.Rights, err)
	}
	given, err := r.db.Consents(r.ctx, r.shop.Tenant(), done.UserID)
	if err != nil || len(given) != len(terms.Kinds()) || given[0].Address != "192.0.2.1" {
		t.Errorf("%+v, %v", given, err)
	}
	look, err := r.Look(r.ctx, token)
	if err != nil || look.Status != registration.Approved || look.Phone != "" || look.Name != "" {
		t.Errorf("%+v, %v", look.Registration, err)
	}
}

func TestRefusedPeopleGiveTheIDBack(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.invite(2)
	first, err := r.submit(r.verified(i, phone), "wanted")
	r.must(err)
	second := r.verified(i, "01000005555")
	_, err = r.submit(second, "wanted")
	wants(t, "an id that waits", err, merchant.ErrLoginIDTaken)
	r.must(r.Refuse(r.ctx, r.shop.Tenant(), "usr_owner", first.UserID))
	wants(t, "refused", r.login("wanted", staffPassword), merchant.ErrLoginFailed)
	if told := r.last(phone).Text; !strings.Contains(told, "승인되지 않았어요") {
		t.Errorf("told %q", told)
	}
	_, err = r.submit(second, "wanted")
	r.must(err)
}

// TestNobodyIsKeptFromAnIDByWhoDoesNotGoOn is the pre-registration hijack: whoever has
// not proven a phone takes no id at all, and who waits takes it for a bounded time.
func TestNobodyIsKeptFromAnIDByWhoDoesNotGoOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.invite(3)
	unproven := r.begun(i, phone)
	_, err := r.submit(unproven, "contested")
	wants(t, "without a proven phone", err, registration.ErrStep)
	_, err = r.LoginIDFree(r.ctx, unproven, "contested", "192.0.2.1")
	wants(t, "asks without a proven phone", err, registration.ErrStep)
	_, err = r.submit(r.verified(i, "01000005555"), "contested")
	r.must(err)
	r.clock.Advance(registration.Life)
	_, err = r.Look(r.ctx, unproven)
	wants(t, "after its life", err, registration.ErrGone)
	r.clock.Advance(registration.PendingLife)
	_, err = r.Round(r.ctx)
	r.must(err)
	free, err := r.registry.LoginIDFree(r.ctx, "contested")
	if err != nil || !free {
		t.Errorf("free: %v, %v", free, err)
	}
	if left, err := r.Waiting(r.ctx, r.shop.Tenant()); err != nil || len(left) != 0 {
		t.Errorf("%d wait, %v", len(left), err)
	}
}

func TestInvitesThatDoNotWorkAreAllAlike(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good, revoked, used := r.invite(1), r.invite(1), r.invite(1)
	r.must(r.Revoke(r.ctx, r.shop.Tenant(), "usr_owner", revoked.ID))
	later := r.invite(1)
	begun := r.verified(later, "01000004444")
	_, err := r.submit(r.verified(used, phone), "first.one")
	r.must(err)
	for name, codes := range map[string][2]string{
		"unknown shop": {"ZZZZZZ", good.Code}, "unknown invite": {r.code, "ZZZZZZZZ"}, "revoked": {r.code, revoked.Code}, "used up": {r.code, used.Code},
		"no code": {"", ""}, "too long": {r.code + r.code, good.Code}, "no letters": {"!!!!!!", "'; --   "},
	} {
		_, err := r.Begin(r.ctx, codes[0], codes[1], "client "+name)
		wants(t, name, err, registration.ErrInvite)
		if err.Error() != registration.ErrInvite.Error() {
			t.Errorf("%s: %q", name, err)
		}
	}
	r.must(r.Revoke(r.ctx, r.shop.Tenant(), "usr_owner", later.ID))
	_, err = r.submit(begun, "too.late")
	wants(t, "revoked meanwhile", err, registration.ErrInvite)
	_, err = r.Begin(r.ctx, strings.ToLower(r.code), " "+strings.ToLower(good.Code[:4])+"-"+good.Code[4:], "spelt otherwise")
	r.must(err)
	r.clock.Advance(registration.InviteLife)
	_, err = r.Begin(r.ctx, r.code, good.Code, "expired")
	wants(t, "expired", err, registration.ErrInvite)
	wants(t, "another shop's", r.Revoke(r.ctx, merchant.TenantOf("mer_other"), "usr_x", good.ID), registration.ErrNotFound)
}

func TestTheLastUseOfAnInviteIsOnePersons(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.invite(1)
	var tokens []string
	for n := range 4 {
		tokens = append(tokens, r.verified(i, fmt.Sprintf("0100000%04d", n)))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(tokens))
	for n, token := range tokens {
		wg.Go(func() { _, errs[n] = r.submit(token, fmt.Sprintf("racer-%d", n)) })
	}
	wg.Wait()
	in := 0
	for _, err := range errs {
		if err == nil {
			in++
		} else {
			wants(t, "the others", err, registration.ErrInvite)
		}
	}
	waiting, err := r.Waiting(r.ctx, r.shop.Tenant())
	if in != 1 || err != nil || len(waiting) != 1 {
		t.Errorf("%d handed in, %d wait, %v", in, len(waiting), err)
	}
}

func TestOfManyDecisionsOneHolds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	done, err := r.submit(r.verified(r.invite(1), phone), "decided")
	r.must(err)
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for n := range errs {
		wg.Go(func() {
			if n%2 == 0 {
				errs[n] = r.Approve(r.ctx, r.shop.Tenant(), "usr_owner", done.UserID, merchant.Rights{})
			} else {
				errs[n] = r.Refuse(r.ctx, r.shop.Tenant(), "usr_owner", done.UserID)
			}
		})
	}
	wg.Wait()
	held := 0
	for _, err := range errs {
		if err == nil {
			held++
		} else {
			wants(t, "the others", err, registration.ErrDecided)
		}
	}
	r.settle()
	told := 0
	for _, m := range r.post.got {
		if strings.Contains(m.Text, "직원 등록") {
			told++
		}
	}
	if held != 1 || told != 1 {
		t.Errorf("%d decisions held, %d texts", held, told)
	}
}

// TestCodesAreNotGuessed sends more tries at once than are allowed: five are evaluated.
func TestCodesAreNotGuessed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.begun(r.invite(1), phone)
	right := r.sent(phone)
	var wg sync.WaitGroup
	var mu sync.Mutex
	evaluated := 0
	for n := range 16 {
		wg.Go(func() {
			guess := fmt.Sprintf("%06d", n)
			if guess == right {
				guess = "999999"
			}
			err := r.Verify(r.ctx, token, guess, fmt.Sprint("client ", n))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case errors.Is(err, registration.ErrCode):
				evaluated++
			case !errors.Is(err, registration.ErrCodeSpent):
				t.Errorf("guess %d: %v", n, err)
			}
		})
	}
	wg.Wait()
	if evaluated != registration.CodeTries {
		t.Errorf("%d tries were evaluated", evaluated)
	}
	wants(t, "the right one afterwards", r.Verify(r.ctx, token, right, "192.0.2.1"), registration.ErrCodeSpent)
}

func TestACodeWorksOnceAndForAWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i := r.invite(5)
	token := r.begun(i, phone)
	code := r.sent(phone)
	_, err := r.SendCode(r.ctx, token, registration.Person{Name: "시험 직원", Phone: phone}, "192.0.2.1")
	wants(t, "again at once", err, registration.ErrTooSoon)
	other := r.begun(i, "01000005555")
	wants(t, "another registration's code", r.Verify(r.ctx, other, code, "192.0.2.1"), registration.ErrCode)
	r.must(r.Verify(r.ctx, token, code, "192.0.2.1"))
	wants(t, "a second time", r.Verify(r.ctx, token, code, "192.0.2.1"), registration.ErrCodeSpent)
	r.clock.Advance(registration.ResendAfter)
	_, err = r.SendCode(r.ctx, token, registration.Person{Name: "시험 직원", Phone: "01000006666"}, "192.0.2.1")
	r.must(err)
	_, err = r.submit(token, "other.phone")
	wants(t, "a changed number is proven anew", err, registration.ErrStep)
	wants(t, "the old code", r.Verify(r.ctx, token, code, "192.0.2.1"), registration.ErrCode)
	fresh := r.sent("01000006666")
	r.clock.Advance(registration.CodeLife)
	wants(t, "after five minutes", r.Verify(r.ctx, token, fresh, "192.0.2.1"), registration.ErrCodeSpent)
	wants(t, "no such registration", r.Verify(r.ctx, "made up", "123456", "192.0.2.1"), registration.ErrGone)
}

func TestCodesAreSentSoOften(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.begun(r.invite(5), phone)
	var err error
	for range 2 * registration.MaxCodes {
		r.clock.Advance(registration.ResendAfter)
		if _, err = r.SendCode(r.ctx, token, registration.Person{Name: "시험 직원", Phone: phone}, "192.0.2.1"); err != nil {
			break
		}
	}
	wants(t, "for one registration", err, registration.ErrTooMany)
	for range 100 {
		if _, err = r.Begin(r.ctx, r.code, "ZZZZZZZZ", "one client"); !errors.Is(err, registration.ErrInvite) {
			break
		}
	}
	wants(t, "guesses of one client", err, registration.ErrTooMany)
	var f *fault.Error
	if !errors.As(err, &f) || f.RetryAfter <= 0 || f.RetryAfter > 10*time.Minute {
		t.Errorf("retry after %v", f.RetryAfter)
	}
}

func TestIDsAreAskedForSoOften(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.verified(r.invite(1), phone)
	free, err := r.LoginIDFree(r.ctx, token, "Free.One", "192.0.2.1")
	if err != nil || !free {
		t.Fatalf("%v, %v", free, err)
	}
	_, err = r.LoginIDFree(r.ctx, token, "x", "192.0.2.1")
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("too short: %v", err)
	}
	for n := range 100 {
		if _, err = r.LoginIDFree(r.ctx, token, fmt.Sprintf("guess-%d", n), fmt.Sprint("client ", n)); err != nil {
			break
		}
	}
	wants(t, "by one person", err, registration.ErrTooMany)
}

func TestPasswordsAndTermsAreHeldToTheRules(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	token := r.verified(r.invite(1), phone)
	for name, s := range map[string]registration.Submission{
		"short": {LoginID: "rule.one", Password: "ab1!cd"}, "common": {LoginID: "rule.one", Password: "password1234"}, "own id": {LoginID: "quandary77", Password: "quandary77!!"},
		"bad id": {LoginID: "a b", Password: staffPassword},
	} {
		docs, err := r.Terms.Current(r.ctx)
		r.must(err)
		for _, d := range docs {
			s.Consents = append(s.Consents, terms.Answer{Kind: d.Kind, Version: d.Version, Agreed: true})
		}
		if _, err := r.Submit(r.ctx, token, s); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := r.Submit(r.ctx, token, registration.Submission{LoginID: "rule.one", Password: staffPassword})
	wants(t, "without terms", err, terms.ErrRequired)
	_, err = r.submit(token, "rule.one")
	r.must(err)
}
