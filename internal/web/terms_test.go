package web_test

import (
	"net/http"
	"testing"
	"time"
)

// TestOperatorsSeeHowFarAVersionCame, and what a text would change in it before it is
// published.
func TestOperatorsSeeHowFarAVersionCame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator, owner, staff := r.login(t, "operator"), r.login(t, "one-owner"), r.login(t, "one-staff")
	say := func(as *http.Cookie, kind string, version int, agreed bool) {
		t.Helper()
		r.clock.Advance(time.Second) // ids of one moment have no order
		body := map[string]any{"consents": []any{map[string]any{"kind": kind, "version": version, "agreed": agreed}}}
		if a := r.to(http.MethodPost, "/v1/consents", body).cookie(as).do(); a.StatusCode >= 300 {
			t.Fatalf("%d %s", a.StatusCode, a.body)
		}
	}
	agreed := func(path string) float64 {
		t.Helper()
		a := r.to(http.MethodGet, "/v1/operator/terms/"+path, nil).cookie(operator).do().json(t)
		if a["people"].(float64) < 2 {
			t.Errorf("%v", a)
		}
		n, _ := a["agreed"].(float64)
		return n
	}
	say(owner, "SERVICE", 1, true)
	say(staff, "SERVICE", 1, true)
	say(staff, "MARKETING", 1, true)
	if service, marketing := agreed("SERVICE/versions/1"), agreed("MARKETING/versions/1"); service != 2 || marketing != 1 {
		t.Errorf("%v, %v", service, marketing)
	}
	say(staff, "MARKETING", 1, false)
	if n := agreed("MARKETING/versions/1"); n != 0 {
		t.Errorf("taken back, and still %v", n)
	}
	draft := map[string]any{"kind": "SERVICE", "title": "이용약관", "required": true, "body": "# 제1조\n새 글", "effectiveFrom": r.clock.Now().Format("2006-01-02")}
	diff := r.to(http.MethodPost, "/v1/operator/terms/SERVICE/diff", map[string]any{"from": 1, "body": draft["body"]}).cookie(operator).do().json(t)
	if lines := diff["lines"].([]any); len(lines) < 2 || diff["to"] != float64(0) {
		t.Errorf("%v", diff)
	}
	if a := r.to(http.MethodPost, "/v1/operator/terms", draft).cookie(operator).do(); a.StatusCode != http.StatusCreated || a.json(t)["agreed"] != nil {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	say(owner, "SERVICE", 2, true)
	if before, now := agreed("SERVICE/versions/1"), agreed("SERVICE/versions/2"); before != 2 || now != 1 {
		t.Errorf("%v, %v", before, now)
	}
}
