package metric_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"innopay/internal/metric"
	"innopay/internal/outbox"
)

func scrape(t *testing.T, m *metric.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("scraped: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestWhatIsCountedIsScraped(t *testing.T) {
	t.Parallel()
	m := metric.New(func(context.Context) ([]metric.Figure, error) {
		f := metric.Figure{Area: "QUEUE", Name: "outbox", Value: "depth", Number: 7}
		again := f
		again.Number = 8
		return []metric.Figure{f, {Area: "QUEUE", Name: "outbox", Value: "status", Number: 1}, again}, nil
	})
	m.Request("GET /v1/payments", http.MethodGet, http.StatusOK, 12*time.Millisecond)
	m.Request("GET /v1/payments", http.MethodGet, http.StatusOK, 40*time.Second)
	m.Request("", http.MethodPost, http.StatusNotFound, 0)
	if err := m.Deliver(t.Context(), outbox.Event{Type: "payment.approved"}); err != nil {
		t.Fatal(err)
	}
	page := scrape(t, m)
	for _, line := range []string{
		`innopay_http_request_seconds_bucket{method="GET",route="GET /v1/payments",status="200",le="0.025"} 1`,
		`innopay_http_request_seconds_count{method="GET",route="GET /v1/payments",status="200"} 2`,
		`innopay_http_request_seconds_count{method="POST",route="none",status="404"} 1`,
		`innopay_events_total{type="payment.approved"} 1`,
		`innopay_figure{area="QUEUE",name="outbox",value="depth"} 7`,
		`innopay_figure{area="QUEUE",name="outbox",value="status"} 1`,
		"go_goroutines ",
	} {
		if !strings.Contains(page, line) {
			t.Errorf("missing: %s\n%s", line, page)
		}
	}
}

// TestADatabaseThatIsAwayHidesNothingElse keeps the counters while the figures fail.
func TestADatabaseThatIsAwayHidesNothingElse(t *testing.T) {
	t.Parallel()
	m := metric.New(func(context.Context) ([]metric.Figure, error) { return nil, errors.New("away") })
	m.Request("GET /healthz", http.MethodGet, http.StatusOK, time.Millisecond)
	if page := scrape(t, m); !strings.Contains(page, "innopay_http_request_seconds_count") || strings.Contains(page, "innopay_figure{") {
		t.Errorf("scraped:\n%s", page)
	}
}
