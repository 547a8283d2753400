package web_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/internal/contract"
	"innopay/internal/merchant"
)

// console is somebody at the operators' console.
type console struct {
	*rig
	t      *testing.T
	cookie *http.Cookie
}

func (r *rig) console(t *testing.T, loginID string) console {
	t.Helper()
	return console{r, t, r.login(t, loginID)}
}

// ask makes a request and gives its answer, which must have the status; code is that of a
// problem, empty for a success.
func (c console) ask(status int, code, method, path string, body any) map[string]any {
	c.t.Helper()
	a := c.to(method, "/v1/operator/"+path, body).cookie(c.cookie).do()
	if a.StatusCode == http.StatusNoContent && status == a.StatusCode {
		return nil
	}
	got := a.json(c.t)
	if a.StatusCode != status || code != "" && got["code"] != code {
		c.t.Fatalf("%s %s: %d %s, want %d %s", method, path, a.StatusCode, a.body, status, code)
	}
	return got
}

// in walks into an answer.
func in(v any, path ...string) any {
	for _, name := range path {
		m, _ := v.(map[string]any)
		v = m[name]
	}
	return v
}

// TestAMerchantUnderContract goes from a new merchant to a closed one.
func TestAMerchantUnderContract(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	made := one.ask(201, "", "POST", "merchants", with(details(), "terminals", []any{terminal("NEW1")}))
	id := fmt.Sprint(made["id"])
	if made["status"] != "REVIEW" || fmt.Sprint(made["review"]) != "[map[check:BUSINESS_NUMBER ok:true] map[check:TERMINALS ok:true] map[check:CONTRACT ok:false] map[check:ACCOUNT ok:false]]" {
		t.Errorf("%v", made)
	}
	shopKey, _, err := r.registry.CreateKey(t.Context(), "test", merchant.TenantOf(id), merchant.NewKey{Name: "test"})
	must(t, err)
	s := shop{merchant.Merchant{ID: id}, shopKey}
	sale := func(amount int) reply {
		order := r.order(t, amount)
		return r.to(http.MethodPost, "/v1/payments", order).as(s).idempotent(fmt.Sprint("key-", order["orderId"])).do()
	}
	says := func(a reply, status int, code string) {
		t.Helper()
		if a.StatusCode != status || code != "" && a.json(t)["code"] != code {
			t.Errorf("%d %s, want %d %s", a.StatusCode, a.body, status, code)
		}
	}
	says(sale(10_000), 403, "MERCHANT_SUSPENDED")
	at := "merchants/" + id
	open := one.ask(409, "REVIEW_INCOMPLETE", "POST", at+"/status", map[string]any{"status": "ACTIVE", "reason": "심사 통과"})
	if open["CONTRACT"] != "OPEN" || open["ACCOUNT"] != "OPEN" || open["TERMINALS"] != nil {
		t.Errorf("%v", open)
	}
	agreedByTwo(t, one, two, at)
	asked := two.ask(202, "", "POST", at+"/status", map[string]any{"status": "ACTIVE", "reason": "심사 통과"})
	if in(asked, "merchant", "status") != "REVIEW" {
		t.Errorf("%v", asked)
	}
	one.ask(200, "", "POST", "approvals/"+fmt.Sprint(in(asked, "approval", "id"))+"/approve", nil)

	says(sale(60_000), 201, "")
	says(sale(60_001), 422, "INVALID_REQUEST")
	says(sale(40_001), 409, "DAY_LIMIT")
	paid := sale(40_000)
	says(paid, 201, "")
	one.ask(200, "", "POST", at+"/status", map[string]any{"status": "SUSPENDED", "reason": "민원"})
	says(sale(100), 403, "MERCHANT_SUSPENDED")
	issued, err := r.registry.IssueCancelPasswordLink(t.Context(), "test", s.Tenant())
	must(t, err)
	says(r.to(http.MethodGet, "/v1/payments/"+fmt.Sprint(paid.json(t)["id"]), nil).as(s).do(), 200, "")
	one.ask(409, "STATUS_NOT_POSSIBLE", "POST", at+"/status", map[string]any{"status": "SUSPENDED", "reason": "민원"})
	one.ask(200, "", "POST", at+"/status", map[string]any{"status": "CLOSED", "reason": "폐업"})
	says(r.to(http.MethodGet, "/v1/merchant", nil).as(s).do(), 401, "NOT_LOGGED_IN")
	if page := r.to(http.MethodGet, "/activate/"+issued.Token, nil).do(); page.StatusCode != http.StatusNotFound {
		t.Errorf("a link of a closed merchant: %d", page.StatusCode)
	}
	for table, rows := range stateOf(t, r, id) {
		if strings.Contains(strings.Join(rows, "\n"), "123456789012") {
			t.Errorf("the account number stands in %s", table)
		}
	}
	if strings.Contains(r.log.String(), "123456789012") {
		t.Error("the account number stands in the log")
	}
}

// agreedByTwo has one operator ask for a contract and the other one approve it, and nobody
// else or twice.
func agreedByTwo(t *testing.T, one, two console, at string) {
	t.Helper()
	body := contractBody()
	body["limits"] = map[string]any{"perPayment": 60_000, "perDay": 100_000, "perMonth": 0, "maxInstallmentMonths": 3}
	asked := one.ask(202, "", "PUT", at+"/contract", body)
	request := fmt.Sprint(in(asked, "approval", "id"))
	if in(asked, "contract", "approvalId") != request || in(asked, "contract", "version") != 0.0 {
		t.Errorf("%v", asked)
	}
	if p := two.ask(409, "APPROVAL_PENDING", "PUT", at+"/contract", body); p["approvalId"] != request {
		t.Errorf("%v", p)
	}
	one.ask(403, "APPROVAL_SELF", "POST", "approvals/"+request+"/approve", nil)
	one.ask(403, "APPROVAL_SELF", "POST", "approvals/"+request+"/refuse", map[string]any{"reason": "아니에요"})
	two.ask(403, "APPROVAL_NOT_REQUESTER", "POST", "approvals/"+request+"/withdraw", nil)
	if done := two.ask(200, "", "POST", "approvals/"+request+"/approve", nil); done["status"] != "APPLIED" || in(done, "decidedBy", "name") != "시험 operator-two" {
		t.Errorf("%v", done)
	}
	two.ask(409, "APPROVAL_DECIDED", "POST", "approvals/"+request+"/approve", nil)
	state := one.ask(200, "", "GET", at+"/contract", nil)
	if in(state, "current", "settlement", "maskedAccount") != "********9012" || in(state, "current", "settlement", "bankName") != "국민은행" || state["version"] != 1.0 {
		t.Errorf("%v", state)
	}
}

// TestOwnersSeeTheirTerms, and nobody else of the shop.
func TestOwnersSeeTheirTerms(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	seen := func(as func(*call) *call) map[string]any {
		return as(r.to(http.MethodGet, "/v1/merchant", nil)).do().json(t)
	}
	owner := func(c *call) *call { return c.cookie(r.login(t, "one-owner")) }
	if got := seen(owner); got["fees"] != nil || got["contract"] != nil {
		t.Errorf("without a contract: %v", got)
	}
	r.agreed(t, r.one, contract.Limits{PerDay: 9_000_000, MaxMonths: 12})
	got := seen(owner)
	if fmt.Sprint(got["fees"]) != "[map[method:CARD rate:150]]" || in(got, "limits", "perDay") != 9_000_000.0 || in(got, "settlement", "cycle") != 2.0 ||
		in(got, "settlement", "maskedAccount") != "*********0123" || in(got, "settlement", "holder") != "시험 대표" || in(got, "contract", "from") != "2026-03-01" {
		t.Errorf("%v", got)
	}
	for name, as := range map[string]func(*call) *call{
		"staff": func(c *call) *call { return c.cookie(r.login(t, "one-staff")) }, "key": func(c *call) *call { return c.as(r.one) },
		"another owner": func(c *call) *call { return c.cookie(r.login(t, "two-owner")) },
	} {
		if got := seen(as); got["fees"] != nil || got["limits"] != nil || got["settlement"] != nil || got["contract"] != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestAMerchantIsChangedAtItsVersion, and not in what its receipts bear already.
func TestAMerchantIsChangedAtItsVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.console(t, "operator")
	at := "merchants/" + r.one.ID
	present := one.ask(200, "", "GET", at, nil)
	version := present["version"]
	changed := one.ask(200, "", "PUT", at, with(details(), "version", version, "name", "새 이름", "taxType", "MIXED"))
	if changed["name"] != "새 이름" || changed["version"] == version {
		t.Errorf("%v", changed)
	}
	one.ask(409, "CHANGED_MEANWHILE", "PUT", at, with(details(), "version", version))
	one.ask(409, "CHANGED_MEANWHILE", "PUT", at+"/terminals", map[string]any{"version": version, "terminals": []any{terminal("X1")}})
	r.pay(t, r.one, r.order(t, 10_000))
	version = changed["version"]
	one.ask(409, "TAX_TYPE_FIXED", "PUT", at, with(details(), "version", version))
	one.ask(422, "INVALID_REQUEST", "PUT", at, with(details(), "version", version, "taxType", "MIXED", "businessNumber", "1018199994"))
	used := one.ask(409, "TERMINAL_IN_USE", "PUT", at+"/terminals", map[string]any{"version": version, "terminals": []any{terminal("X1")}})
	if used["tid"] != "Tone" {
		t.Errorf("%v", used)
	}
	both := []any{map[string]any{"tid": "Tone", "mid": "Mone", "acquirer": "simulator"}, terminal("X1")}
	one.ask(409, "TERMINAL_TAKEN", "PUT", at+"/terminals", map[string]any{"version": version, "terminals": append(both[:1:1], terminal("Ttwo"))})
	one.ask(422, "INVALID_REQUEST", "PUT", at+"/terminals", map[string]any{"version": version, "terminals": append(both[:1:1], map[string]any{"tid": "X2", "mid": "M", "acquirer": "nobody"})})
	if two := one.ask(200, "", "PUT", at+"/terminals", map[string]any{"version": version, "terminals": both}); len(two["terminals"].([]any)) != 2 {
		t.Errorf("%v", two)
	}
	for query, want := range map[string]int{"?q=%EC%83%88": 1, "?q=Ttwo": 1, "?q=101-81-9999": 1, "?q=" + r.two.ID: 1, "?status=ACTIVE": 2, "?status=REVIEW": 0, "?q=nobody": 0} {
		if got := one.ask(200, "", "GET", "merchants"+query, nil)["merchants"].([]any); len(got) != want {
			t.Errorf("%s: %v", query, got)
		}
	}
	first := one.ask(200, "", "GET", "merchants?limit=1", nil)
	second := one.ask(200, "", "GET", "merchants?limit=1&cursor="+fmt.Sprint(first["nextCursor"]), nil)
	// Both came in one moment of the fake clock, so that either may be the first.
	got := fmt.Sprintf("%v %v", in(first["merchants"].([]any)[0], "id"), in(second["merchants"].([]any)[0], "id"))
	if got != r.one.ID+" "+r.two.ID && got != r.two.ID+" "+r.one.ID || second["nextCursor"] != nil {
		t.Errorf("%v %v", first, second)
	}
}

// TestAnApprovalThatCameTooLate: what changed since ends it, and so does time.
func TestAnApprovalThatCameTooLate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	at := "merchants/" + r.one.ID + "/contract"
	request := fmt.Sprint(in(one.ask(202, "", "PUT", at, contractBody()), "approval", "id"))
	r.agreed(t, r.one, contract.Limits{})
	two.ask(409, "APPROVAL_STALE", "POST", "approvals/"+request+"/approve", nil)
	if got := two.ask(200, "", "GET", "approvals/"+request, nil); got["status"] != "STALE" {
		t.Errorf("%v", got)
	}
	one.ask(409, "CHANGED_MEANWHILE", "PUT", at, contractBody())
	body := contractBody()
	body["version"] = 1
	request = fmt.Sprint(in(one.ask(202, "", "PUT", at, body), "approval", "id"))
	r.clock.Advance(7 * 24 * time.Hour)
	one, two = r.console(t, "operator"), r.console(t, "operator-two")
	two.ask(409, "APPROVAL_DECIDED", "POST", "approvals/"+request+"/approve", nil)
	expired := two.ask(200, "", "GET", "approvals?status=EXPIRED", nil)["approvals"].([]any)
	if len(expired) != 1 || in(expired[0], "id") != request {
		t.Errorf("%v", expired)
	}
	body["effective"] = "2026-03-20"
	request = fmt.Sprint(in(one.ask(202, "", "PUT", at, body), "approval", "id"))
	if got := two.ask(200, "", "POST", "approvals/"+request+"/refuse", map[string]any{"reason": "근거가 없어요"}); got["status"] != "REFUSED" || got["decision"] != "근거가 없어요" {
		t.Errorf("%v", got)
	}
	request = fmt.Sprint(in(one.ask(202, "", "PUT", at, body), "approval", "id"))
	if got := one.ask(200, "", "POST", "approvals/"+request+"/withdraw", nil); got["status"] != "WITHDRAWN" {
		t.Errorf("%v", got)
	}
	if got := one.ask(200, "", "GET", at, nil); got["version"] != 1.0 || got["approvalId"] != nil {
		t.Errorf("%v", got)
	}
}

// TestOfManyApprovalsAtOnceOneIsApplied on both engines.
func TestOfManyApprovalsAtOnceOneIsApplied(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, r *rig) {
		one, two := r.console(t, "operator"), r.console(t, "operator-two")
		at := "merchants/" + r.one.ID + "/contract"
		request := fmt.Sprint(in(one.ask(202, "", "PUT", at, contractBody()), "approval", "id"))
		var all sync.WaitGroup
		var mu sync.Mutex
		said := map[int]int{}
		for range 8 {
			all.Go(func() {
				a := r.to(http.MethodPost, "/v1/operator/approvals/"+request+"/approve", nil).cookie(two.cookie).do()
				mu.Lock()
				defer mu.Unlock()
				if said[a.StatusCode]++; a.StatusCode == http.StatusConflict && !bytes.Contains(a.body, []byte("APPROVAL_DECIDED")) {
					t.Errorf("%s", a.body)
				}
			})
		}
		all.Wait()
		if said[200] != 1 || said[409] != 7 {
			t.Errorf("%v", said)
		}
		if got := one.ask(200, "", "GET", at+"/history", nil)["contracts"].([]any); len(got) != 1 {
			t.Errorf("%v", got)
		}
	})
}

// TestOperators come and go, and one stays, also when two lock each other out at once.
func TestOperators(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	invited := one.ask(202, "", "POST", "operators", map[string]any{"loginId": "operator-three", "name": "세 번째", "reason": "교대"})
	one.ask(409, "LOGIN_ID_TAKEN", "POST", "operators", map[string]any{"loginId": "one-owner", "name": "세 번째", "reason": "교대"})
	if invited["activationUrl"] != nil {
		t.Errorf("who asks sees the link: %v", invited)
	}
	done := two.ask(200, "", "POST", "approvals/"+fmt.Sprint(invited["id"])+"/approve", nil)
	link := fmt.Sprint(done["activationUrl"])
	if page := r.to(http.MethodGet, strings.TrimPrefix(link, base), nil).do(); !strings.HasPrefix(link, base+"/activate/") || page.StatusCode != http.StatusOK {
		t.Errorf("%s: %d", link, page.StatusCode)
	}
	if again := one.ask(200, "", "GET", "approvals/"+fmt.Sprint(invited["id"]), nil); again["activationUrl"] != nil {
		t.Errorf("the link is shown twice: %v", again)
	}
	ids := map[string]string{"operator": r.operatorID(t, "operator"), "operator-two": r.operatorID(t, "operator-two")}
	var all sync.WaitGroup
	answers := make(chan int, 2)
	for who, c := range map[string]console{"operator": two, "operator-two": one} {
		all.Go(func() {
			answers <- r.to(http.MethodPost, "/v1/operator/operators/"+ids[who]+"/disable", map[string]any{"reason": "퇴사"}).cookie(c.cookie).do().StatusCode
		})
	}
	all.Wait()
	close(answers)
	worked := 0
	for status := range answers {
		if status == http.StatusOK {
			worked++
		}
	}
	left, gone := one, "operator-two"
	if a := r.to(http.MethodGet, "/v1/operator/operators", nil).cookie(one.cookie).do(); a.StatusCode == http.StatusUnauthorized {
		left, gone = two, "operator"
	}
	if worked != 1 {
		t.Fatalf("%d were disabled", worked)
	}
	stays := map[string]string{"operator": "operator-two", "operator-two": "operator"}[gone]
	left.ask(409, "LAST_OPERATOR", "POST", "operators/"+ids[stays]+"/disable", map[string]any{"reason": "퇴사"})
	left.ask(409, "STATUS_NOT_POSSIBLE", "POST", "operators/"+ids[stays]+"/enable", map[string]any{"reason": "복귀"})
	if back := left.ask(202, "", "POST", "operators/"+ids[gone]+"/enable", map[string]any{"reason": "복귀"}); in(back, "approval", "kind") != "OPERATOR_ENABLE" || in(back, "operator", "status") != "DISABLED" {
		t.Errorf("%v", back)
	}
}

// TestPeopleOfAMerchant: they are locked out at once and let in again, and belong to the
// merchant that is named.
func TestPeopleOfAMerchant(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.console(t, "operator")
	staff := r.login(t, "one-staff")
	mine := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(staff).do().json(t)
	user := fmt.Sprint(in(mine, "user", "id"))
	at := "merchants/" + r.one.ID + "/users/" + user
	if people := one.ask(200, "", "GET", "merchants/"+r.one.ID+"/users", nil)["users"].([]any); len(people) != 2 || !strings.Contains(fmt.Sprint(people), "loginId:one-staff") || strings.Contains(fmt.Sprint(people), "two-") {
		t.Errorf("%v", people)
	}
	if all := one.ask(200, "", "GET", at+"/sessions", nil)["sessions"].([]any); len(all) != 1 || in(all[0], "id") != mine["id"] {
		t.Errorf("%v", all)
	}
	for _, path := range []string{"merchants/" + r.two.ID + "/users/" + user, "merchants//users/" + user, "merchants/mer_" + missing + "/users/" + user} {
		for _, act := range []string{"/disable", "/enable"} {
			one.ask(404, "", "POST", path+act, map[string]any{"reason": "분실"})
		}
		one.ask(404, "", "DELETE", path+"/sessions", nil)
		one.ask(404, "", "GET", path+"/sessions", nil)
	}
	one.ask(422, "INVALID_REQUEST", "POST", at+"/disable", map[string]any{"reason": " "})
	one.ask(204, "", "DELETE", at+"/sessions/"+fmt.Sprint(mine["id"]), nil)
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(staff).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("an ended session: %d", a.StatusCode)
	}
	staff = r.login(t, "one-staff")
	if got := one.ask(200, "", "POST", at+"/disable", map[string]any{"reason": "분실"}); got["status"] != "DISABLED" {
		t.Errorf("%v", got)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(staff).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("a disabled user's session: %d", a.StatusCode)
	}
	one.ask(200, "", "POST", at+"/enable", map[string]any{"reason": "찾음"})
	r.login(t, "one-staff")
}

// TestClosingEndsEveryAccess for good: who is let in again logs in anew, and keys stay
// dead. A suspended merchant cancels what it sold.
func TestClosingEndsEveryAccess(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.console(t, "operator"), r.console(t, "operator-two")
	r.agreed(t, r.one, contract.Limits{MaxMonths: 12})
	owner, staff := r.login(t, "one-owner"), r.login(t, "one-staff")
	paid := r.pay(t, r.one, r.order(t, 10_000))
	at := "merchants/" + r.one.ID + "/status"
	one.ask(200, "", "POST", at, map[string]any{"status": "SUSPENDED", "reason": "민원"})
	back := r.to(http.MethodPost, "/v1/payments/"+fmt.Sprint(paid["id"])+"/cancel", map[string]any{"reason": "변심", "cancelPassword": cancelPassword}).cookie(owner).idempotent("suspended").do()
	if back.StatusCode != http.StatusOK || back.json(t)["status"] != "CANCELED" {
		t.Errorf("a cancel of a suspended merchant: %d %s", back.StatusCode, back.body)
	}
	one.ask(200, "", "POST", at, map[string]any{"status": "CLOSED", "reason": "폐업"})
	dead := func(who string, c *call) {
		t.Helper()
		if a := c.do(); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", who, a.StatusCode, a.body)
		}
	}
	look := func() *call { return r.to(http.MethodGet, "/v1/merchant", nil) }
	dead("owner", look().cookie(owner))
	dead("staff", look().cookie(staff))
	dead("key", look().as(r.one))
	dead("log-in", r.to(http.MethodPost, "/v1/sessions", map[string]any{"loginId": "one-owner", "password": loginPassword}))
	if a := look().as(r.two).do(); a.StatusCode != http.StatusOK {
		t.Errorf("another merchant: %d", a.StatusCode)
	}
	asked := one.ask(202, "", "POST", at, map[string]any{"status": "ACTIVE", "reason": "재계약"})
	dead("before the approval", look().as(r.one))
	two.ask(200, "", "POST", "approvals/"+fmt.Sprint(in(asked, "approval", "id"))+"/approve", nil)
	dead("owner's old session", look().cookie(owner))
	dead("the old key", look().as(r.one))
	if a := look().cookie(r.login(t, "one-owner")).do(); a.StatusCode != http.StatusOK {
		t.Errorf("reopened: %d", a.StatusCode)
	}
}
