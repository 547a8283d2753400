package registration_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/registration"
	"innopay/internal/retention"
	"innopay/internal/store"
)

const email = "owner@example.com"

var mailedLink = regexp.MustCompile(`https://pay\.example/start/(\S+)`)

func newcomer() registration.Newcomer {
	return registration.Newcomer{LoginID: "new.owner", Name: "박점주", Email: email, Phone: "010-0000-9999"}
}

// mailed is the token of the link in the last mail to an address.
func (r *rig) mailed(to string) string {
	r.t.Helper()
	m := r.last(to)
	found := mailedLink.FindStringSubmatch(m.Text)
	if len(found) < 2 || !strings.Contains(m.HTML, found[0]) {
		r.t.Fatalf("no link in %q", m.Text)
	}
	return found[1]
}

func TestAnOwnerIsIssuedAndSetsBothPasswords(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	token := r.mailed(email)
	m := r.last(email)
	for _, word := range []string{r.shop.Name, "new.owner", "박점주", "3월 3일 10:00"} {
		if !strings.Contains(m.Text, word) || !strings.Contains(m.HTML, word) {
			t.Errorf("the mail does not say %q", word)
		}
	}
	door, err := r.Open(r.ctx, token)
	if err != nil || !door.ByPhone || door.CodeSent || door.LoginID != "new.owner" || strings.Contains(door.Masked, "00009999") {
		t.Fatalf("%+v, %v", door, err)
	}
	_, err = r.Enter(r.ctx, token, "123456", "c")
	wants(t, "before a code was sent", err, registration.ErrCodeSpent)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	next, err := r.Enter(r.ctx, token, r.sent("01000009999"), "c")
	r.must(err)
	opened, err := r.links.Open(r.ctx, next)
	if err != nil || !opened.Steps || opened.ExpiresAt.Sub(r.clock.Now()) != merchant.LinkLife {
		t.Fatalf("%+v, %v", opened, err)
	}
	second, err := r.links.RedeemStep(r.ctx, merchant.Redemption{Token: next, Password: ownerPassword})
	if err != nil || second == "" {
		t.Fatalf("no second step: %v", err)
	}
	_, err = r.links.RedeemStep(r.ctx, merchant.Redemption{Token: next, Password: ownerPassword})
	wants(t, "the first step again", err, merchant.ErrLinkInvalid)
	third, err := r.links.RedeemStep(r.ctx, merchant.Redemption{Token: second, Password: cancelPassword})
	if err != nil || third != "" {
		t.Fatalf("%q, %v", third, err)
	}
	r.must(r.login("new.owner", ownerPassword))
	_, err = r.Open(r.ctx, token)
	wants(t, "a used link", err, registration.ErrLink)
	_, err = r.Resend(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	wants(t, "resent to somebody who is in", err, registration.ErrStarted)
	given, err := r.Given(r.ctx, r.shop.Tenant())
	if err != nil || len(given) != 1 || given[0].Status != registration.Activated {
		t.Errorf("%+v, %v", given, err)
	}
}

func TestALinkEndsByTimeAndByTheNextOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	first := r.mailed(email)
	_, err = r.Resend(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	r.must(err)
	second := r.mailed(email)
	if first == second {
		t.Fatal("two links are one")
	}
	_, err = r.Open(r.ctx, first)
	wants(t, "the link before", err, registration.ErrLink)
	r.must(r.SendStartCode(r.ctx, second, "c"))
	code := r.sent("01000009999")
	r.clock.Advance(registration.OnboardLife)
	_, err = r.Open(r.ctx, second)
	wants(t, "after its time", err, registration.ErrLink)
	_, err = r.Enter(r.ctx, second, code, "c")
	wants(t, "entered after its time", err, registration.ErrLink)
	given, err := r.Given(r.ctx, r.shop.Tenant())
	if err != nil || given[0].Status != registration.LinkDead {
		t.Errorf("%+v, %v", given, err)
	}
	for _, token := range []string{"", "made up", strings.Repeat("x", 5000)} {
		_, err = r.Open(r.ctx, token)
		wants(t, "no link", err, registration.ErrLink)
	}
}

func TestWithoutAPhoneTheCodeGoesToTheAddress(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.IssueOperator(r.ctx, "usr_op", registration.Newcomer{LoginID: "second.operator", Name: "운영자 둘", Email: email})
	r.must(err)
	token := r.mailed(email)
	if m := r.last(email); !strings.Contains(m.Subject, "운영자") || strings.Contains(m.Text, "취소 비밀번호") {
		t.Errorf("%q: %q", m.Subject, m.Text)
	}
	r.must(r.SendStartCode(r.ctx, token, "c"))
	next, err := r.Enter(r.ctx, token, r.sent(email), "c")
	r.must(err)
	if opened, err := r.links.Open(r.ctx, next); err != nil || opened.TOTPSecret == "" || opened.Steps {
		t.Errorf("an operator sets up a second factor: %+v, %v", opened, err)
	}
}

func TestCodesOfALinkAreNotGuessed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	token := r.mailed(email)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	wants(t, "another code at once", r.SendStartCode(r.ctx, token, "c"), registration.ErrTooSoon)
	right := r.sent("01000009999")
	var wg sync.WaitGroup
	var mu sync.Mutex
	evaluated := 0
	for n := range 12 {
		wg.Go(func() {
			_, err := r.Enter(r.ctx, token, "x"+right, fmt.Sprint("client ", n))
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, registration.ErrCode) {
				evaluated++
			} else if !errors.Is(err, registration.ErrCodeSpent) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if evaluated != registration.CodeTries {
		t.Errorf("%d tries were evaluated", evaluated)
	}
	_, err = r.Enter(r.ctx, token, right, "c")
	wants(t, "the right one afterwards", err, registration.ErrCodeSpent)
	r.clock.Advance(registration.ResendAfter)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	_, err = r.Enter(r.ctx, token, right, "c")
	wants(t, "the code before", err, registration.ErrCode)
	_, err = r.Enter(r.ctx, token, r.sent("01000009999"), "c")
	r.must(err)
}

func TestIDsAreGivenOutOnceOrAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	again, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	if err != nil || again.UserID != first.UserID || again.Generation != 2 {
		t.Errorf("somebody who never came: %+v, %v", again, err)
	}
	_, err = r.IssueOperator(r.ctx, "usr_op", newcomer())
	wants(t, "another's id", err, merchant.ErrLoginIDTaken)
	_, err = r.IssueOwner(r.ctx, "usr_op", merchant.TenantOf("mer_other"), newcomer())
	wants(t, "no such merchant", err, merchant.ErrNotFound)
	for name, change := range map[string]func(*registration.Newcomer){
		"email": func(n *registration.Newcomer) { n.Email = "nobody" }, "phone": func(n *registration.Newcomer) { n.Phone = "02-123" }, "name": func(n *registration.Newcomer) { n.Name = "" },
		"header": func(n *registration.Newcomer) { n.Email = "a@b.example\r\nBcc: x@y.example" },
	} {
		n := newcomer()
		n.LoginID = "fresh.owner"
		change(&n)
		if _, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), n); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAPreviewHoldsNoLinkAndNoMarkup(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	n := newcomer()
	n.Name = "<b>박</b>"
	c, err := r.Preview(r.ctx, r.shop.Tenant(), n)
	r.must(err)
	if strings.Contains(c.HTML, "<b>") || !strings.Contains(c.HTML, "https://pay.example/start/...") || !strings.Contains(c.Text, "https://pay.example/start/...") {
		t.Errorf("%s", c.HTML)
	}
	if free, err := r.registry.LoginIDFree(r.ctx, n.LoginID); err != nil || !free {
		t.Errorf("a preview took the id: %v", err)
	}
}

func TestALinkIsTakenBackBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	// Before the mail goes out: it does not.
	back, err := r.Withdraw(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	if err != nil || back.Status != registration.TakenBack {
		t.Fatalf("%+v, %v", back, err)
	}
	r.settle()
	if len(r.post.got) != 0 {
		t.Fatalf("%d mails of a link that was taken back", len(r.post.got))
	}
	_, err = r.Withdraw(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	wants(t, "taken back twice", err, registration.ErrWithdrawn)
	// After it led to the page of the password: that page ends, too.
	_, err = r.Resend(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	r.must(err)
	token := r.mailed(email)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	code := r.sent("01000009999")
	next, err := r.Enter(r.ctx, token, code, "c")
	r.must(err)
	_, err = r.Withdraw(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	r.must(err)
	_, err = r.Open(r.ctx, token)
	wants(t, "the mailed link", err, registration.ErrLink)
	wants(t, "another code", r.SendStartCode(r.ctx, token, "c"), registration.ErrLink)
	_, err = r.Enter(r.ctx, token, code, "c")
	wants(t, "the code", err, registration.ErrLink)
	_, err = r.links.RedeemStep(r.ctx, merchant.Redemption{Token: next, Password: ownerPassword})
	wants(t, "the page of the password", err, merchant.ErrLinkInvalid)
	given, err := r.Given(r.ctx, r.shop.Tenant())
	if err != nil || len(given) != 1 || given[0].Status != registration.TakenBack {
		t.Errorf("%+v, %v", given, err)
	}
	// Somebody who is in keeps what they have, and so does another merchant's.
	_, err = r.Withdraw(r.ctx, "usr_op", merchant.TenantOf("mer_other"), i.UserID)
	wants(t, "of another merchant", err, registration.ErrNotFound)
	_, err = r.Resend(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	r.must(err)
	token = r.mailed(email)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	next, err = r.Enter(r.ctx, token, r.sent("01000009999"), "c")
	r.must(err)
	_, err = r.links.RedeemStep(r.ctx, merchant.Redemption{Token: next, Password: ownerPassword})
	r.must(err)
	_, err = r.Withdraw(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	wants(t, "somebody who is in", err, registration.ErrStarted)
	r.must(r.login("new.owner", ownerPassword))
}

// meddler has something happen right after a code was entered, before its page is made.
type meddler struct {
	registration.People
	first func()
}

func (m *meddler) IssuePasswordLink(ctx context.Context, actor string, t merchant.Tenant, userID string) (merchant.Issued, error) {
	m.first()
	return m.People.IssuePasswordLink(ctx, actor, t, userID)
}

func TestALinkThatIsTakenBackWhileItsCodeIsEntered(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	token := r.mailed(email)
	r.must(r.SendStartCode(r.ctx, token, "c"))
	r.People = &meddler{r.People, func() {
		_, err := r.Withdraw(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
		r.must(err)
	}}
	next, err := r.Enter(r.ctx, token, r.sent("01000009999"), "c")
	wants(t, "entered while it was taken back", err, registration.ErrLink)
	if next != "" {
		t.Error("the page of the password is there all the same")
	}
}

func TestContactsThatWereForgottenAreAskedForAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	i, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	r.must(err)
	late := r.clock.Now().Add(200 * 24 * time.Hour)
	n, _, err := store.NewRetention(r.db).Sweep(r.ctx, r.shop.Tenant(), retention.Onboardings, late, 10)
	if err != nil || n != 1 {
		t.Fatalf("%d forgotten, %v", n, err)
	}
	_, err = r.Resend(r.ctx, "usr_op", r.shop.Tenant(), i.UserID)
	wants(t, "sent again to nobody", err, registration.ErrForgotten)
	again, err := r.IssueOwner(r.ctx, "usr_op", r.shop.Tenant(), newcomer())
	if err != nil || again.UserID != i.UserID || r.mailed(email) == "" {
		t.Errorf("given out again: %+v, %v", again, err)
	}
}
