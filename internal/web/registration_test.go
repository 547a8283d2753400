package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"innopay/internal/merchant"
	"innopay/internal/store"
	"innopay/money"
)

// TestAnIssuedOwnerSetsBothPasswordsWithoutScript walks the pages of a mailed link at a
// shop that has no cancel password yet.
func TestAnIssuedOwnerSetsBothPasswordsWithoutScript(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m, err := r.registry.CreateMerchant(t.Context(), "test", merchant.NewMerchant{
		Name: "새 가게", BusinessNumber: "1234567891", OwnerName: "새 대표", Address: "서울특별시 시험구 시험로 2", Phone: "0200000005",
		TaxType: money.Taxable, MCC: "5814", Terminals: []merchant.Terminal{{TID: "Tthree", MID: "Mthree", Acquirer: "simulator"}},
	})
	must(t, err)
	r.verified(t, m.Tenant())
	operator := r.login(t, "operator")
	path := "/v1/operator/merchants/" + m.ID + "/owners"
	issued := r.to(http.MethodPost, path, map[string]any{"loginId": "paged-owner", "name": "박점주", "email": "paged@example.com", "phone": "01000004321"}).cookie(operator).do()
	if issued.StatusCode != http.StatusCreated || strings.Contains(string(issued.body), "01000004321") || strings.Contains(string(issued.body), "paged@") {
		t.Fatalf("%d %s", issued.StatusCode, issued.body)
	}
	id, _ := issued.json(t)["id"].(string)
	start := "/start/" + r.startToken(t, m.Tenant(), id)
	page := r.to(http.MethodGet, start, nil).do()
	if text := string(page.body); page.StatusCode != http.StatusOK || !strings.Contains(text, "010****4321") || strings.Contains(text, "name=\"code\"") || strings.Contains(text, "<script") {
		t.Fatalf("%d %s", page.StatusCode, text)
	}
	if a := r.form(start, url.Values{"act": {"send"}}).do(); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != start {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := r.form(start, url.Values{"act": {"send"}}).do(); a.StatusCode != http.StatusTooManyRequests || a.Header.Get("Retry-After") == "" {
		t.Errorf("twice at once: %d", a.StatusCode)
	}
	r.settle(t)
	sent := r.post.to("01000004321")
	code := regexp.MustCompile(`\d{6}`).FindString(sent[len(sent)-1].Text)
	if a := r.form(start, url.Values{"act": {"enter"}, "code": {"abc" + code}}).do(); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(a.body), "맞지 않아요") {
		t.Errorf("a wrong code: %d", a.StatusCode)
	}
	entered := r.form(start, url.Values{"act": {"enter"}, "code": {code}}).do()
	first := entered.Header.Get("Location")
	if entered.StatusCode != http.StatusSeeOther || !strings.HasPrefix(first, "/activate/") {
		t.Fatalf("%d %s", entered.StatusCode, entered.body)
	}
	set := func(at, password string) string {
		t.Helper()
		a := r.form(at, url.Values{"password": {password}, "again": {password}}).do()
		if a.StatusCode != http.StatusSeeOther {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
		return a.Header.Get("Location")
	}
	if text := string(r.to(http.MethodGet, first, nil).do().body); !strings.Contains(text, "1 / 2") {
		t.Error("the page does not say that another step follows")
	}
	second := set(first, loginPassword)
	if text := string(r.to(http.MethodGet, second, nil).do().body); !strings.Contains(text, "2 / 2") || !strings.Contains(text, "취소 비밀번호") {
		t.Errorf("no second step at %s", second)
	}
	if done := set(second, cancelPassword); !strings.HasPrefix(done, "/activate/done") {
		t.Errorf("ends at %s", done)
	}
	if a := r.to(http.MethodGet, start, nil).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("a used link: %d", a.StatusCode)
	}
	r.login(t, "paged-owner")
	if log := r.log.String(); strings.Contains(log, code) || strings.Contains(log, "01000004321") {
		t.Error("the log holds a code or a number")
	}
}

// startToken is the token of a mailed link, which stands nowhere but in the mail.
func (r *rig) startToken(t *testing.T, of merchant.Tenant, userID string) string {
	t.Helper()
	o, err := store.NewRegistrations(r.db).Onboarding(t.Context(), of, userID)
	must(t, err)
	token, err := r.keys.TokenAgain(o.TokenHash, "onboarding", o.ID, o.Generation)
	must(t, err)
	return token
}

// TestWhoWaitsIsShownToOwnersAlone sees that somebody who registered is no colleague yet.
func TestWhoWaitsIsShownToOwnersAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := newStage(t, r)
	id := s.waiting(t)["id"]
	for who, k := range map[string]*http.Cookie{"owner": s.owner, "staff": s.forgetful} {
		var list struct{ Staff []map[string]any }
		a := r.to(http.MethodGet, "/v1/staff", nil).cookie(k).do()
		must(t, json.Unmarshal(a.body, &list))
		found := false
		for _, m := range list.Staff {
			if m["id"] == id {
				found = true
				if phone, _ := m["phone"].(string); m["status"] != "PENDING" || m["active"] != false || !strings.Contains(phone, "*") {
					t.Errorf("%v", m)
				}
			}
		}
		if found != (who == "owner") {
			t.Errorf("%s: shown %v", who, found)
		}
	}
	if a := r.to(http.MethodPost, "/v1/staff/"+id+"/approve", map[string]any{"discount": true, "cancel": false, "cancelLimit": 0, "editProducts": false}).cookie(s.owner).do(); a.StatusCode != http.StatusNoContent {
		t.Fatalf("%d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodPost, "/v1/staff/"+id+"/refuse", map[string]any{}).cookie(s.owner).do(); a.StatusCode != http.StatusConflict {
		t.Errorf("decided twice: %d %s", a.StatusCode, a.body)
	}
}

// TestAnOperatorDecidesNothingForTheOwner sees that somebody who registered is let in, or
// not, by the owner alone: an operator who locks out or lets in does not reach them.
func TestAnOperatorDecidesNothingForTheOwner(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := newStage(t, r)
	id := s.waiting(t)["id"]
	one := r.console(t, "operator")
	at := "merchants/" + s.two.ID + "/users/"
	for _, act := range []string{"enable", "disable"} {
		one.ask(409, "CHANGED_MEANWHILE", "POST", at+id+"/"+act, map[string]any{"reason": "부탁"})
	}
	for _, u := range one.ask(200, "", "GET", "merchants/"+s.two.ID+"/users", nil)["users"].([]any) {
		if in(u, "id") == id && in(u, "status") != "PENDING" {
			t.Errorf("it stands as %v", in(u, "status"))
		}
	}
	if a := r.to(http.MethodPost, "/v1/staff/"+id+"/refuse", map[string]any{}).cookie(s.owner).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("the owner decides: %d %s", a.StatusCode, a.body)
	}
}

// TestAReasonNamesNobody sees that what is kept in the audit for good takes no number.
func TestAReasonNamesNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one := r.console(t, "operator")
	for _, reason := range []string{"010-0000-1234 고객 요청", "카드 4111 1111 1111 1111", "０１０００００１２３４"} {
		why := map[string]any{"reason": reason, "phone": "01000001234"}
		one.ask(422, "INVALID_REQUEST", "POST", "buyers/erase", why)
		one.ask(422, "INVALID_REQUEST", "POST", "buyers/export", why)
		delete(why, "phone")
		one.ask(422, "INVALID_REQUEST", "POST", "merchants/"+r.one.ID+"/users/usr_"+missing+"/unlock", why)
		one.ask(422, "INVALID_REQUEST", "DELETE", "notices/ntc_"+missing+"?reason="+url.QueryEscape(reason), nil)
	}
	one.ask(202, "", "POST", "buyers/erase", map[string]any{"reason": "2028-02-28 고객 요청", "phone": "01000001234"})
}
