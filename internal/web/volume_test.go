package web_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"innopay/clock"
)

// TestABlockEndsByItself at its time, makes way for a new one, and is found by what is
// shown of it alone.
func TestABlockEndsByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	number := cardOf(t, "APPROVE")["number"].(string)
	block := func(until time.Time) reply {
		return r.to(http.MethodPost, "/v1/operator/risk/blocks", map[string]any{"number": number, "reason": "분실 신고", "until": until.Format(time.RFC3339)}).cookie(operator).do()
	}
	now := r.clock.Now()
	if a := block(now); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("that has ended: %d %s", a.StatusCode, a.body)
	}
	made := block(now.Add(10 * time.Minute))
	if made.StatusCode != http.StatusCreated || made.json(t)["ended"] != false {
		t.Fatalf("%d %s", made.StatusCode, made.body)
	}
	if got := r.takes(t, r.one, "APPROVE", 1000); got != "RISK_REFUSED" {
		t.Errorf("while it holds: %s", got)
	}
	r.clock.Advance(10 * time.Minute)
	if got := r.takes(t, r.one, "APPROVE", 1000); got != "DONE" {
		t.Errorf("at its end: %s", got)
	}
	rows, _ := r.list(t, operator, "risk/blocks?q="+number[:6])
	if len(rows) != 1 || rows[0]["ended"] != true {
		t.Errorf("%v", rows)
	}
	for q, want := range map[string]int{number[len(number)-4:]: 1, "%EB%B6%84%EC%8B%A4": 1, "none": 0} {
		if rows, _ := r.list(t, operator, "risk/blocks?q="+q); len(rows) != want {
			t.Errorf("search for %s: %v", q, rows)
		}
	}
	if a := r.to(http.MethodGet, "/v1/operator/risk/blocks?q="+number, nil).cookie(operator).do(); a.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("a whole number is searched for: %d", a.StatusCode)
	}
	if a := block(r.clock.Now().Add(time.Hour)); a.StatusCode != http.StatusCreated {
		t.Errorf("again: %d %s", a.StatusCode, a.body)
	}
}

// TestTheVolumeIsWhatWasSold today and in the last days, of all merchants and of one.
func TestTheVolumeIsWhatWasSold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	yesterday := clock.DayOf(r.clock.Now())
	r.takes(t, r.one, "APPROVE", 10_000)
	r.clock.Advance(24 * time.Hour)
	r.takes(t, r.one, "APPROVE", 20_000)
	r.takes(t, r.one, "DECLINE_LIMIT", 30_000)
	r.takes(t, r.two, "APPROVE", 40_000)
	operator := r.login(t, "operator")
	ask := func(query string) map[string]any {
		t.Helper()
		a := r.to(http.MethodGet, "/v1/operator/volume"+query, nil).cookie(operator).do()
		if a.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %s", query, a.StatusCode, a.body)
		}
		return a.json(t)
	}
	total := func(v map[string]any) string {
		f := v["total"].(map[string]any)
		return fmt.Sprint(f["sold"], " ", f["amount"], " ", f["approved"], " ", f["declined"])
	}
	for query, want := range map[string]string{"": "2 60000 2 1", "?days=7": "3 70000 3 1", "?merchantId=" + r.two.ID: "1 40000 1 0", "?merchantId=mer_none": "0 0 0 0"} {
		if got := total(ask(query)); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	week := ask("?days=2")
	if slices := week["slices"].([]any); len(slices) != 2 || week["from"] != string(yesterday) || week["hourly"] != false {
		t.Errorf("%v", week)
	}
	if acquirers := week["acquirers"].([]any); len(acquirers) != 1 {
		t.Errorf("%v", acquirers)
	}
	for _, wrong := range []string{"?days=0", "?days=32", "?days=x"} {
		if a := r.to(http.MethodGet, "/v1/operator/volume"+wrong, nil).cookie(operator).do(); a.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", wrong, a.StatusCode)
		}
	}
}
