package web_test

import (
	"fmt"
	"net/http"
	"testing"

	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/health"
)

// alarm raises one and gives its id.
func (r *rig) alarm(t *testing.T, code string) string {
	t.Helper()
	ids, now := id.NewSource(nil), r.clock.Now()
	a := ids.At(id.Alarm, now)
	fresh, err := r.options.Health.Store.Raise(t.Context(), health.Finding{Code: code, Subject: a, Severity: health.Critical, Message: "시험"}, a, now,
		audit.Record{ID: ids.At(id.Audit, now), At: now, Actor: "test", Action: "alarm.raised"})
	must(t, err)
	if !fresh {
		t.Errorf("%s is not new", a)
	}
	return a
}

// TestAlarmsAreAcknowledged: those of events are over then, those of states are not.
func TestAlarmsAreAcknowledged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	for code, want := range map[string]string{"MESSAGE_GIVEN_UP": "CLEARED", "HEALTH_QUEUE": "ACKNOWLEDGED"} {
		at := "alarms/" + r.alarm(t, code) + "/acknowledge"
		if a := r.atDesk(t, operator, at, "보고 있어요"); a.StatusCode != http.StatusOK || a.json(t)["state"] != want {
			t.Errorf("%s: %d %s", code, a.StatusCode, a.body)
		}
		if a := r.atDesk(t, operator, at, "보고 있어요"); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s again: %d %s", code, a.StatusCode, a.body)
		}
	}
	for filter, want := range map[string]int{"": 2, "?open=true": 1, "?unacknowledged=true": 0, "?code=MESSAGE_GIVEN_UP": 1} {
		if rows, _ := r.list(t, operator, "alarms"+filter); len(rows) != want {
			t.Errorf("%s: %v", filter, rows)
		}
	}
	if rows, _ := r.list(t, operator, "audit?action=operator.alarm_acknowledged"); len(rows) != 2 {
		t.Errorf("%v", rows)
	}
	h := r.to(http.MethodGet, "/v1/operator/health", nil).cookie(operator).do()
	areas := map[string]bool{}
	for _, c := range h.json(t)["checks"].([]any) {
		areas[fmt.Sprint(c.(map[string]any)["area"])] = true
	}
	if h.StatusCode != http.StatusOK || !areas["QUEUE"] || !areas["DATABASE"] || !areas["BACKUP"] || !areas["AUDIT"] {
		t.Errorf("%d %s", h.StatusCode, h.body)
	}
}
