package web_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"innopay/internal/payrequest"
	"innopay/internal/store"
	"innopay/internal/web"
)

// TestWhatIsLeftOutMayBeLeftOut: the contract names no body of a withdrawal, and none
// that resending needs.
func TestWhatIsLeftOutMayBeLeftOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 10_000)
	for _, what := range []string{"resend", "withdraw"} {
		if status, a := r.act(t, asked["id"], what, nil); status != http.StatusOK {
			t.Errorf("%s without a body: %d %v", what, status, a)
		}
	}
	if now := r.requestNow(t, asked["id"]); now["status"] != "WITHDRAWN" {
		t.Errorf("%v", now)
	}
}

// TestANumberWithoutDigitsIsWrong and not the wish to tell the old number again.
func TestANumberWithoutDigitsIsWrong(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 10_000)
	for _, phone := range []string{"-", " ", "--  -", "02-000-0000", "010-0000-567"} {
		status, a := r.act(t, asked["id"], "resend", map[string]any{"phone": phone})
		if status != http.StatusUnprocessableEntity || !strings.Contains(fmt.Sprint(a["errors"]), "INVALID_MOBILE") {
			t.Errorf("%q: %d %v", phone, status, a)
		}
	}
	r.settle(t)
	if texts := r.post.to(buyerPhone); len(texts) != 1 {
		t.Errorf("told %d times", len(texts))
	}
}

// TestNobodyIsAskedToCallWhereNobodyAnswers: without a telephone line there is neither
// a number to call nor a code to type.
func TestNobodyIsAskedToCallWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.Requests.ARSNumber = "" })
	body := r.requestBody(10_000)
	body["kind"] = "ARS"
	a := r.to(http.MethodPost, "/v1/payment-requests", body).as(r.one).idempotent("ars").do()
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), `"field":"/kind"`) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
}

// TestOperatorsSeeNumbersOfMerchantsThatAreThere and verify only their own.
func TestOperatorsSeeNumbersOfMerchantsThatAreThere(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := furnish(t, r)
	operator := r.login(t, "operator")
	if a := r.to(http.MethodGet, "/v1/operator/senders/mer_"+missing, nil).cookie(operator).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("of nobody: %d %s", a.StatusCode, a.body)
	}
	before := stateOf(t, r, r.one.ID)
	for _, of := range []string{r.two.ID, "mer_" + missing} {
		a := r.to(http.MethodPost, "/v1/operator/senders/"+of+"/"+p.sender+"/verify", nil).cookie(operator).do()
		if a.StatusCode != http.StatusNotFound || a.json(t)["code"] != "SENDER_NOT_FOUND" {
			t.Errorf("another's number: %d %s", a.StatusCode, a.body)
		}
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
}

// TestRequestsOfAnotherMeanNothing sends the first shop's very request as the second
// shop: it is a request of its own and no replay.
func TestRequestsOfAnotherMeanNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	p := furnish(t, r)
	before := stateOf(t, r, r.one.ID)
	a := r.to(http.MethodPost, "/v1/payment-requests", p.asked).as(r.two).idempotent(fmt.Sprint("key-", p.asked["orderId"])).do()
	if a.StatusCode != http.StatusCreated || a.Header.Get("Idempotent-Replayed") != "" || p.told(reply{a.Response, bytes.ReplaceAll(a.body, []byte("남의 주문"), nil)}) {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	unchanged(t, before, stateOf(t, r, r.one.ID))
}

// TestLinksOpenByTheirTokenAlone bends the token of a link in every place.
func TestLinksOpenByTheirTokenAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := tokenOf(t, r.ask(t, 10_000)["url"]), tokenOf(t, r.askAt(t, r.two, r.requestBody(20_000))["url"])
	bent := []string{
		"", one[:len(one)-1], one + "A", "A" + one, strings.ToUpper(one), strings.Repeat("A", len(one)), strings.Repeat(one, 10), one + "\x00",
		one[:len(one)/2] + two[len(two)/2:], two[:len(two)/2] + one[len(one)/2:], "hash-of-" + one, "%",
	}
	for i := range one {
		b := []byte(one)
		b[i] = map[bool]byte{true: 'B', false: 'A'}[b[i] == 'A']
		bent = append(bent, string(b))
	}
	for _, token := range bent {
		if _, err := r.options.Requests.Open(t.Context(), token); !errors.Is(err, payrequest.ErrNotFound) {
			t.Errorf("%q opens: %v", token, err)
		}
		if _, err := r.payBy(t, token, "bent", "APPROVE"); !errors.Is(err, payrequest.ErrNotFound) {
			t.Errorf("%q pays: %v", token, err)
		}
	}
	for _, token := range []string{one, two} {
		if _, err := r.options.Requests.Open(t.Context(), token); err != nil {
			t.Errorf("a good link: %v", err)
		}
	}
}

// TestARequestThatCannotBeEndedKeepsNoOtherOpen: damage at one merchant is not the
// trouble of all.
func TestARequestThatCannotBeEndedKeepsNoOtherOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	damaged, other := r.ask(t, 10_000), r.ask(t, 20_000)
	db, err := sql.Open("sqlite", "file:"+r.database+"?_pragma=busy_timeout(10000)")
	must(t, err)
	defer db.Close() //nolint:errcheck // its writes are committed
	_, err = db.ExecContext(t.Context(), "delete from payment where id = ?", damaged["paymentId"])
	must(t, err)
	r.clock.Advance(payrequest.DefaultExpiry)
	if _, err := r.options.Requests.Round(t.Context()); err == nil || !strings.Contains(err.Error(), fmt.Sprint(damaged["id"])) {
		t.Errorf("nobody is told which: %v", err)
	}
	p := r.to(http.MethodGet, fmt.Sprint("/v1/payments/", other["paymentId"]), nil).as(r.one).do().json(t)
	if p["status"] != "EXPIRED" {
		t.Errorf("%v", p)
	}
}

// TestTheAuditSaysWhoPaid: the buyer, and not the staff that asked.
func TestTheAuditSaysWhoPaid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	asked := r.ask(t, 10_000)
	token := tokenOf(t, asked["url"])
	for _, behaviour := range []string{"DECLINE_LIMIT", "APPROVE"} {
		if _, err := r.payBy(t, token, behaviour, behaviour); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("sqlite", "file:"+r.database+"?mode=ro&_pragma=busy_timeout(10000)")
	must(t, err)
	defer db.Close() //nolint:errcheck // read from only
	said := column(t, db, "select action || ' ' || actor from audit where subject = '"+fmt.Sprint(asked["paymentId"])+"' order by at, action")
	slices.Sort(said)
	want := []string{"payment.approved buyer", "payment.declined buyer", "payment.request buyer", "payment.request buyer"}
	if !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}

// booksAreRight runs verify over everything that the test did.
func (r *rig) booksAreRight(t *testing.T) {
	t.Helper()
	must(t, r.db.Verify(t.Context(), store.VerifyOptions{}, func(f store.Fault) { t.Errorf("%s %s: %s", f.Code, f.Subject, f.Message) }))
}

// TestBooksAreRightAfterEveryWayARequestEnds holds what the features write against
// what verify asks of it.
func TestBooksAreRightAfterEveryWayARequestEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	step := func(name string) {
		t.Helper()
		r.settle(t)
		r.booksAreRight(t)
		if t.Failed() {
			t.Fatal(name)
		}
	}
	waits := r.ask(t, 10_000)
	r.booksAreRight(t)
	step("asked and told")
	if status, a := r.act(t, waits["id"], "resend", map[string]any{"phone": "010-0000-5678"}); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	step("corrected")
	token := tokenOf(t, r.requestNow(t, waits["id"])["url"])
	for n := range payrequest.MaxTries {
		if _, err := r.payBy(t, token, fmt.Sprint("declined-", n), "DECLINE_LIMIT"); err != nil {
			t.Fatal(err)
		}
		step(fmt.Sprint("declined ", n+1))
	}
	paid := r.ask(t, 20_000)
	if _, err := r.payBy(t, tokenOf(t, paid["url"]), "paid", "APPROVE"); err != nil {
		t.Fatal(err)
	}
	r.booksAreRight(t) // before anybody is told
	step("paid")
	withdrawn := r.ask(t, 30_000)
	if status, a := r.act(t, withdrawn["id"], "withdraw", nil); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	step("withdrawn")
	unclear := r.ask(t, 40_000)
	if res, err := r.payBy(t, tokenOf(t, unclear["url"]), "unclear", "TIMEOUT"); err != nil || res.Payment.Status != "UNKNOWN" {
		t.Fatalf("%v %v", res.Payment.Status, err)
	}
	step("unknown")
	late := r.ask(t, 50_000)
	r.clock.Advance(payrequest.DefaultExpiry)
	step("expired")
	for id, want := range map[any]string{
		waits["id"]: "FAILED", paid["id"]: "PAID", withdrawn["id"]: "WITHDRAWN", unclear["id"]: "PAYING", late["id"]: "EXPIRED",
	} {
		if now := r.requestNow(t, id); now["status"] != want {
			t.Errorf("%v, want %s", now, want)
		}
	}
}
