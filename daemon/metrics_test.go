package daemon_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"innopay/clock"
	"innopay/daemon"
)

func TestMetricsListenIsChecked(t *testing.T) {
	t.Parallel()
	for address, taken := range map[string]bool{
		"": true, "127.0.0.1:9464": true, "localhost:9464": true, "[::1]:9464": true, "10.0.0.7:9464": true, "[fd00::7]:9464": true,
		"0.0.0.0:9464": false, ":9464": false, "[::]:9464": false, "203.0.113.5:9464": false, "9464": false, "127.0.0.1:": false,
		"127.0.0.1:8080": false, "127.0.0.1:8444": false,
	} {
		c := daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:8080", ConsoleListen: "127.0.0.1:8444", MetricsListen: address, Data: t.TempDir()}
		if err := c.Check(nil, nil, nil); (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "metricsListen") {
			t.Errorf("%q: %v", address, err)
		}
	}
	c, err := daemon.LoadConfig("", []string{"INNOPAY_METRICS_LISTEN=127.0.0.1:9464"})
	if err != nil || c.MetricsListen != "127.0.0.1:9464" {
		t.Errorf("%q %v", c.MetricsListen, err)
	}
}

// got is the answer to a GET.
func got(t *testing.T, address string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	must(t, err)
	res, err := http.DefaultClient.Do(req)
	must(t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	must(t, err)
	return res.StatusCode, string(b)
}

// scraped reads the metrics as Prometheus does.
func scraped(t *testing.T, d *daemon.Daemon) (map[string]*dto.MetricFamily, string) {
	t.Helper()
	status, text := got(t, d.MetricsURL)
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %v\n%s", status, err, text)
	}
	return families, text
}

// value sums the series of a metric that have all these labels.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	sum := 0.0
	for _, m := range families[name].GetMetric() {
		has := map[string]bool{}
		for _, l := range m.GetLabel() {
			has[l.GetName()+"="+l.GetValue()] = true
		}
		fits := true
		for _, l := range labels {
			fits = fits && has[l]
		}
		if fits {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

// awaited scrapes until the metric has the value: events are counted by a worker.
func awaited(t *testing.T, d *daemon.Daemon, want float64, name string, labels ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		families, _ := scraped(t, d)
		is := value(families, name, labels...)
		if is == want {
			return
		}
		if (clock.System{}).Sleep(ctx, 20*time.Millisecond) != nil {
			t.Fatalf("%s%v is %v, not %v", name, labels, is, want)
		}
	}
}

// pay sells by the card that behaves so, and gives the status of the answer.
func pay(t *testing.T, app *http.Client, base, behaviour, key string) int {
	t.Helper()
	c := testCard(t, behaviour)
	raw, err := json.Marshal(map[string]any{
		"method": "CARD", "orderId": "metrics-" + key, "orderName": "아메리카노", "amount": 14_500, "buyer": map[string]any{"name": "홍길동", "phone": "01000009876"},
		"card": map[string]any{
			"entry": "KEY_IN", "number": c.Number, "expiryMonth": c.ExpiryMonth, "expiryYear": c.ExpiryYear,
			"birthOrBusinessNumber": c.BirthOrBusinessNumber, "passwordTwoDigits": c.PasswordTwoDigits,
		},
	})
	must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/v1/payments", bytes.NewReader(raw))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", key)
	res, err := app.Do(req)
	must(t, err)
	must(t, res.Body.Close())
	return res.StatusCode
}

// TestMetricsOfARealServer pays, and scrapes what became of it.
func TestMetricsOfARealServer(t *testing.T) {
	t.Parallel()
	d, base := started(t, func(c *daemon.Config) { c.MetricsListen = "127.0.0.1:0" })
	jar, err := cookiejar.New(nil)
	must(t, err)
	app := &http.Client{Jar: jar}
	said(t, app, base+"/v1/sessions", map[string]any{"loginId": "shop-owner", "password": password})
	before, _ := scraped(t, d)
	for i, p := range []struct {
		behaviour string
		want      int
	}{
		{"APPROVE", http.StatusCreated},
		{"APPROVE", http.StatusCreated},
		{"DECLINE_LIMIT", http.StatusCreated},
		{"TIMEOUT", http.StatusAccepted},
	} {
		if status := pay(t, app, base, p.behaviour, fmt.Sprint("pressed-", i)); status != p.want {
			t.Fatalf("%s: %d", p.behaviour, status)
		}
	}
	payments := "innopay_payment_events_total"
	awaited(t, d, 2, payments, "method=CARD", "channel=CARD", "outcome=approved")
	awaited(t, d, 1, payments, "outcome=declined")
	awaited(t, d, 1, payments, "outcome=unknown")
	awaited(t, d, 1, payments, "outcome=reversed") // by the settling worker
	awaited(t, d, 0, "innopay_unknown_attempts")
	after, text := scraped(t, d)
	for name, of := range map[string]struct {
		name   string
		labels []string
		by     float64
	}{
		"answers":         {"innopay_http_requests_total", []string{"route=POST /v1/payments", "status=2xx"}, 4},
		"their times":     {"innopay_http_request_duration_seconds", []string{"route=POST /v1/payments"}, 4},
		"approvals":       {"innopay_acquirer_request_duration_seconds", []string{"acquirer=simulator", "message=AUTHORIZE", "outcome=APPROVED"}, 2},
		"declines":        {"innopay_acquirer_request_duration_seconds", []string{"message=AUTHORIZE", "outcome=DECLINED"}, 1},
		"unknown":         {"innopay_acquirer_request_duration_seconds", []string{"message=AUTHORIZE", "outcome=UNKNOWN"}, 1},
		"reversals":       {"innopay_acquirer_request_duration_seconds", []string{"message=REVERSE", "outcome=REVERSED"}, 1},
		"all of payments": {payments, nil, 5},
	} {
		if moved := value(after, of.name, of.labels...) - value(before, of.name, of.labels...); moved != of.by {
			t.Errorf("%s: moved by %v, not %v", name, moved, of.by)
		}
	}
	for name, least := range map[string]float64{
		"innopay_build_info": 1, "innopay_worker_rounds_total": 10, "innopay_db_connections": 3, "go_goroutines": 10, "innopay_check_status": 20,
	} {
		if is := value(after, name); is < least {
			t.Errorf("%s is %v", name, is)
		}
	}
	if status, _ := got(t, base+"/metrics"); status != http.StatusNotFound {
		t.Errorf("the main listener answers with %d", status)
	}
	for _, address := range []string{"/healthz", "/v1/payments", "/console/"} {
		if status, _ := got(t, strings.TrimSuffix(d.MetricsURL, "/metrics")+address); status != http.StatusNotFound {
			t.Errorf("the metrics' listener answers %s with %d", address, status)
		}
	}
	c := testCard(t, "TIMEOUT")
	for _, secret := range []string{c.Number, c.Number[:8], c.BirthOrBusinessNumber, "01000009876", "홍길동", "shop-owner", password, "pressed-1", "metrics-"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in the metrics", secret)
		}
	}
	if id := regexp.MustCompile(`\b[a-z]{3}_[0-9A-Za-z]{8,}`).FindString(text); id != "" {
		t.Errorf("an id is in the metrics: %s", id)
	}
}

func TestWithoutAListenerNothingIsCounted(t *testing.T) {
	t.Parallel()
	d, base := started(t)
	if status, _ := got(t, base+"/metrics"); d.MetricsURL != "" || status != http.StatusNotFound {
		t.Errorf("%q %d", d.MetricsURL, status)
	}
}
