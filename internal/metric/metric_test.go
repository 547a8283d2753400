package metric_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"pgregory.net/rapid"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/internal/health"
	"innopay/internal/metric"
	"innopay/internal/outbox"
	"innopay/messenger"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

// page is what a monitoring system gets.
func page(tb testing.TB, m *metric.Metrics) string {
	tb.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/metrics", http.NoBody))
	if w.Code != http.StatusOK {
		tb.Fatalf("scraped: %d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// families reads the page as Prometheus does.
func families(tb testing.TB, text string) map[string]*dto.MetricFamily {
	tb.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	out, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		tb.Fatalf("%v in\n%s", err, text)
	}
	return out
}

func holds(t *testing.T, text string, lines ...string) {
	t.Helper()
	families(t, text)
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("missing: %s\n%s", line, text)
		}
	}
}

func TestRequestsAreCountedByPatternAndClass(t *testing.T) {
	t.Parallel()
	m := metric.New(metric.Options{Clock: clock.NewFake(noon), Build: metric.Build{Version: "v1", Mode: "test", Engine: "SQLite"}})
	m.Request("GET /v1/payments/{id}", http.StatusOK, 12*time.Millisecond)
	m.Request("GET /v1/payments/{id}", http.StatusNotFound, 40*time.Second)
	m.Request("", http.StatusNotFound, 0)
	m.Request("", 700, 0)
	m.Webhook(http.StatusNoContent, "", time.Second)
	m.Webhook(0, "TIMEOUT", 10*time.Second)
	holds(
		t, page(t, m),
		`innopay_http_requests_total{route="GET /v1/payments/{id}",status="2xx"} 1`,
		`innopay_http_requests_total{route="GET /v1/payments/{id}",status="4xx"} 1`,
		`innopay_http_requests_total{route="none",status="4xx"} 1`,
		`innopay_http_requests_total{route="none",status="other"} 1`,
		`innopay_http_request_duration_seconds_bucket{route="GET /v1/payments/{id}",le="0.025"} 1`,
		`innopay_http_request_duration_seconds_count{route="GET /v1/payments/{id}"} 2`,
		`innopay_webhook_delivery_duration_seconds_count{outcome="2xx"} 1`,
		`innopay_webhook_delivery_duration_seconds_count{outcome="TIMEOUT"} 1`,
	)
}

func TestEventsOfPaymentsAreCountedByMethodChannelAndOutcome(t *testing.T) {
	t.Parallel()
	m := metric.New(metric.Options{Clock: clock.NewFake(noon)})
	for _, e := range []outbox.Event{
		{Type: outbox.PaymentApproved, Payload: `{"paymentId":"pay_1","status":"DONE","channel":"SMS"}`},
		{Type: outbox.PaymentApproved, Payload: `{"paymentId":"pay_2","status":"DONE","channel":"SMS"}`},
		{Type: outbox.PaymentUnknown, Payload: `{"channel":"ARS"}`}, {Type: outbox.PaymentApproved, Payload: `{"channel":"CASH"}`},
		{Type: outbox.PaymentDeclined, Payload: `{"channel":"01012345678"}`}, {Type: outbox.PaymentDeclined, Payload: `no JSON`},
		{Type: outbox.RequestChanged, Payload: `{}`},
	} {
		if err := m.Deliver(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	holds(
		t, page(t, m),
		`innopay_payment_events_total{channel="SMS",method="CARD",outcome="approved"} 2`,
		`innopay_payment_events_total{channel="ARS",method="CARD",outcome="unknown"} 1`,
		`innopay_payment_events_total{channel="CASH",method="CASH",outcome="approved"} 1`,
		`innopay_payment_events_total{channel="OTHER",method="OTHER",outcome="declined"} 2`,
		`innopay_events_total{type="request.changed"} 1`,
	)
}

// link is an acquirer and a gateway that answers as it is told.
type link struct {
	acquirer.Acquirer
	clock   *clock.Fake
	answer  acquirer.Answer
	outcome messenger.Outcome
}

func (l *link) Authorize(context.Context, acquirer.Authorization) acquirer.Answer {
	l.clock.Advance(200 * time.Millisecond)
	return l.answer
}

func (l *link) Describe() acquirer.Descriptor { return acquirer.Descriptor{Name: "card"} }

type (
	asks   struct{ *link }
	whole  struct{ asks }
	mailer struct{ *link }
)

func (asks) Inquire(context.Context, acquirer.Inquiry) acquirer.InquiryAnswer {
	return acquirer.InquiryAnswer{Result: acquirer.InquiryAbsent}
}

func (whole) Cancel(context.Context, acquirer.Cancellation) acquirer.CancelAnswer {
	return acquirer.CancelAnswer{NotSent: true}
}

func (mailer) Describe() messenger.Descriptor { return messenger.Descriptor{Name: "post"} }

func (m mailer) Send(context.Context, messenger.Message) messenger.Answer {
	return messenger.Answer{Outcome: m.outcome}
}

func (mailer) Close() error { return nil }

func TestLinksAreCountedAndStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(noon)
	m := metric.New(metric.Options{Clock: c})
	l := &link{clock: c}
	for name, of := range map[string]struct {
		acquirer        acquirer.Acquirer
		cancels, asking bool
	}{"plain": {l, false, false}, "asks": {asks{l}, false, true}, "whole": {whole{asks{l}}, true, true}} {
		w := m.Acquirer(of.acquirer)
		_, can := w.(acquirer.Canceler)
		_, asking := w.(acquirer.Inquirer)
		if can != of.cancels || asking != of.asking {
			t.Errorf("%s: cancels %t, asks %t", name, can, asking)
		}
	}
	w := m.Acquirer(whole{asks{l}})
	for _, an := range []acquirer.Answer{{Outcome: acquirer.Approved}, {Outcome: acquirer.Declined}, {}, {NotSent: true}, {}} {
		l.answer = an
		if got := w.Authorize(t.Context(), acquirer.Authorization{}); got != an {
			t.Errorf("%+v became %+v", an, got)
		}
	}
	if c, ok := w.(acquirer.Canceler); ok {
		c.Cancel(t.Context(), acquirer.Cancellation{Kind: acquirer.Void})
	}
	if i, ok := w.(acquirer.Inquirer); ok {
		i.Inquire(t.Context(), acquirer.Inquiry{})
	}
	g := m.Gateway(mailer{l})
	if _, asks := g.(messenger.Asker); asks {
		t.Error("a gateway learnt to be asked")
	}
	l.outcome = messenger.Later
	g.Send(t.Context(), messenger.Message{Kind: messenger.Email, To: "somebody@shop.example"})
	text := page(t, m)
	holds(
		t, text,
		`innopay_acquirer_request_duration_seconds_count{acquirer="card",message="AUTHORIZE",outcome="APPROVED"} 1`,
		`innopay_acquirer_request_duration_seconds_bucket{acquirer="card",message="AUTHORIZE",outcome="UNKNOWN",le="0.1"} 0`,
		`innopay_acquirer_request_duration_seconds_bucket{acquirer="card",message="AUTHORIZE",outcome="UNKNOWN",le="0.25"} 2`,
		`innopay_acquirer_request_duration_seconds_count{acquirer="card",message="AUTHORIZE",outcome="NOT_SENT"} 1`,
		`innopay_acquirer_request_duration_seconds_count{acquirer="card",message="VOID",outcome="NOT_SENT"} 1`,
		`innopay_acquirer_request_duration_seconds_count{acquirer="card",message="INQUIRE",outcome="ABSENT"} 1`,
		`innopay_message_send_duration_seconds_count{gateway="post",kind="EMAIL",outcome="LATER"} 1`,
	)
	if strings.Contains(text, "shop.example") {
		t.Error("an address is in it")
	}
}

// installation is how one does.
type installation struct {
	checks []health.Check
	err    error
}

func (i *installation) Checks(context.Context) []health.Check { return i.checks }

func (i *installation) Workers() []health.Worker {
	return []health.Worker{{Name: "seal", Rounds: 7, Failed: 2, Well: noon, Took: 30 * time.Millisecond, Working: time.Second}, {Name: "new"}}
}

func (i *installation) OpenAlarms(context.Context) (map[health.Severity]int, error) {
	return map[health.Severity]int{health.Critical: 2, health.Warning: 0}, i.err
}

func queue(name string, depth, age int64) health.Check {
	return health.Check{Area: health.Queues, Name: name, Status: health.OK, Values: []health.Value{{Name: "depth", Number: depth}, {Name: "age", Number: age, Unit: "s"}}}
}

func TestTheInstallationIsLookedAtWhenScraped(t *testing.T) {
	t.Parallel()
	in := &installation{checks: []health.Check{
		queue("events", 7, 12), queue("unknown", 3, 95), queue("events", 8, 1), // told twice
		{Area: health.Backup, Name: "backup", Status: health.Fail, Values: []health.Value{{Name: "age", Number: 90_000, Unit: "s"}}},
		{Area: health.Database, Name: "SQLite", Status: health.OK, Values: []health.Value{{Name: "size", Number: 4096, Unit: "bytes"}}},
	}}
	m := metric.New(metric.Options{
		Clock: clock.NewFake(noon), Health: in, Pools: func() []metric.Pool { return []metric.Pool{{Name: "read", Max: 4, InUse: 1, Waits: 5}} },
		Line: func() metric.Line {
			return metric.Line{
				Now: 2, Taken: 9, Ended: map[string]uint64{"PAID": 6, "HUNG_UP": 1}, Packets: map[string]uint64{"lost": 40},
				Jitter:   metric.Spread{Count: 7, Sum: 21 * time.Millisecond, Buckets: map[time.Duration]uint64{5 * time.Millisecond: 6, 10 * time.Millisecond: 7}},
				Carriers: []metric.Carrier{{Name: "one", Up: true, Registered: true}, {Name: "two", Up: true}},
			}
		},
	})
	holds(
		t, page(t, m),
		`innopay_queue_depth{queue="events"} 7`, `innopay_queue_oldest_age_seconds{queue="events"} 12`,
		`innopay_unknown_attempts 3`, `innopay_unknown_oldest_age_seconds 95`, `innopay_backup_age_seconds 90000`,
		`innopay_check_status{area="BACKUP",name="backup",status="FAIL"} 1`, `innopay_check_status{area="BACKUP",name="backup",status="OK"} 0`,
		`innopay_check_figure{area="DATABASE",figure="size",name="SQLite"} 4096`,
		`innopay_alarms_open{severity="CRITICAL"} 2`, `innopay_alarms_open{severity="WARNING"} 0`,
		`innopay_worker_rounds_total{worker="seal"} 7`, `innopay_worker_failures_total{worker="seal"} 2`,
		`innopay_worker_last_success_timestamp_seconds{worker="new"} 0`, `innopay_worker_last_round_duration_seconds{worker="seal"} 0.03`,
		`innopay_db_connections{pool="read",state="in_use"} 1`, `innopay_db_waits_total{pool="read"} 5`,
		`innopay_ars_calls 2`, `innopay_ars_calls_ended_total{reason="PAID"} 6`, `innopay_ars_packets_total{kind="lost"} 40`,
		`innopay_ars_call_jitter_seconds_bucket{le="0.005"} 6`, `innopay_ars_call_jitter_seconds_count 7`,
		`innopay_ars_carrier_up{carrier="one"} 1`, `innopay_ars_carrier_up{carrier="two"} 0`,
	)
	in.err = context.DeadlineExceeded
	in.checks = []health.Check{{Area: health.Queues, Name: "all", Status: health.Fail}}
	m.Request("GET /healthz", http.StatusOK, time.Millisecond)
	text := page(t, m)
	holds(t, text, `innopay_check_status{area="QUEUE",name="all",status="FAIL"} 1`, `innopay_http_requests_total{route="GET /healthz",status="2xx"} 1`)
	if strings.Contains(text, "innopay_alarms_open{") {
		t.Error("alarms are told of that nobody could read")
	}
}

// TestAnyWordIsALabel gives names of the configuration whatever they hold: the page stays
// readable and gives them back.
func TestAnyWordIsALabel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`["\\\n{}=, a]{0,12}`)).Draw(r, "name")
		m := metric.New(metric.Options{Clock: clock.NewFake(noon), Line: func() metric.Line {
			return metric.Line{Carriers: []metric.Carrier{{Name: name}}, Ended: map[string]uint64{name: 1}}
		}})
		m.Request(name, http.StatusOK, 0)
		text := page(t, m)
		for _, family := range []string{"innopay_ars_carrier_up", "innopay_ars_calls_ended_total"} {
			all := families(t, text)[family].GetMetric()
			if len(all) != 1 || all[0].GetLabel()[0].GetValue() != name {
				r.Errorf("%s: %q became %v", family, name, all)
			}
		}
	})
}

func FuzzLabels(f *testing.F) {
	f.Add("GET /v1/payments/{id}", "carrier \"one\"\\\n")
	f.Add("", "한국")
	f.Add("\xff", "a\x00b")
	f.Add("a\x00b", "\xff")
	f.Fuzz(func(t *testing.T, route, name string) {
		m := metric.New(metric.Options{Clock: clock.NewFake(noon), Health: &installation{checks: []health.Check{{Area: health.Trunk, Name: name}}}})
		m.Request(route, http.StatusOK, 0)
		if got := len(families(t, page(t, m))["innopay_check_status"].GetMetric()); got != 3 && strings.ToValidUTF8(name, "") == name {
			t.Errorf("%q: %d", name, got)
		}
	})
}

func TestOnlyMetricsAreServed(t *testing.T) {
	t.Parallel()
	m := metric.New(metric.Options{Clock: clock.NewFake(noon)})
	for request, want := range map[string]int{
		"GET /metrics": http.StatusOK, "POST /metrics": http.StatusMethodNotAllowed, "GET /": http.StatusNotFound, "GET /debug/pprof/": http.StatusNotFound,
	} {
		method, path, _ := strings.Cut(request, " ")
		w := httptest.NewRecorder()
		m.Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody))
		if w.Code != want {
			t.Errorf("%s: %d", request, w.Code)
		}
	}
}

// BenchmarkRequest is what counting one answer costs; make bench-metrics sets it against whole
// payments.
func BenchmarkRequest(b *testing.B) {
	m := metric.New(metric.Options{Clock: clock.NewFake(noon)})
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			m.Request("POST /v1/payments", http.StatusCreated, 12*time.Millisecond)
		}
	})
}
