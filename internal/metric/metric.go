// Package metric counts for a monitoring system that reads by Prometheus' format: what was
// asked of the server, what happened to payments, and how the installation does. It is served
// on a listener of its own and holds nothing of people, shops or cards: every label has few
// values, all of them words of the program or names of the configuration.
package metric

import (
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"innopay/clock"
)

// Figures of the listener.
const (
	scrapesAtOnce = 2
	scrapeWait    = 10 * time.Second // one scrape, looks at the database included
	lookWait      = 5 * time.Second  // one look at the installation
)

// quick are the buckets of what answers at once as a rule, slow of what waits for others.
var (
	quick = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	slow  = []float64{.01, .025, .05, .1, .25, .5, 1, 2, 3, 5, 10, 20, 30, 60}
)

// Build is what runs.
type Build struct{ Version, Mode, Engine string }

// Options are what the metrics look at when they are scraped. Sources that are nil are left out.
type Options struct {
	Clock  clock.Clock
	Build  Build
	Health HealthSource
	Pools  func() []Pool
	Line   func() Line
}

// Metrics are the counters of one process. Safe for concurrent use; counting takes no lock
// that a scrape holds for long.
type Metrics struct {
	clock    clock.Clock
	registry *prometheus.Registry
	all      []prometheus.Collector

	requests *prometheus.CounterVec
	took     *prometheus.HistogramVec
	payments *prometheus.CounterVec
	events   *prometheus.CounterVec
	acquirer *prometheus.HistogramVec
	late     *prometheus.CounterVec
	gateway  *prometheus.HistogramVec
	office   *prometheus.HistogramVec
	webhook  *prometheus.HistogramVec
}

// New makes them.
func New(o Options) *Metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	times := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	}
	m := &Metrics{
		clock: o.Clock, registry: prometheus.NewRegistry(),
		requests: counter("innopay_http_requests_total", "Requests answered, by the pattern that took them and the class of their status.", "route", "status"),
		took:     times("innopay_http_request_duration_seconds", "Time to answer; a stream counts when it ends.", quick, "route"),
		payments: counter("innopay_payment_events_total", "What happened to payments. Each event is counted by one process of the installation.", "method", "channel", "outcome"),
		events:   counter("innopay_events_total", "Other events of the outbox, by type. Each is counted by one process of the installation.", "type"),
		acquirer: times("innopay_acquirer_request_duration_seconds", "Messages to acquirers and how long their answers took.", slow, "acquirer", "message", "outcome"),
		late:     counter("innopay_acquirer_late_answers_total", "Answers for which nobody waited any more.", "acquirer"),
		gateway:  times("innopay_message_send_duration_seconds", "Tries to hand texts and mails to gateways.", slow, "gateway", "kind", "outcome"),
		office:   times("innopay_office_request_duration_seconds", "Messages to the office of cash receipts.", slow, "office", "message", "outcome"),
		webhook:  times("innopay_webhook_delivery_duration_seconds", "Tries to deliver webhooks: the class of the answer's status, or why there was none.", slow, "outcome"),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "innopay_build_info", Help: "What this process runs; always 1."}, []string{"version", "go", "mode", "engine"})
	build.WithLabelValues(o.Build.Version, runtime.Version(), o.Build.Mode, o.Build.Engine).Set(1)
	m.add(m.requests, m.took, m.payments, m.events, m.acquirer, m.late, m.gateway, m.office, m.webhook, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for channel, method := range channels {
		for _, t := range begun {
			m.payments.WithLabelValues(method, channel, strings.TrimPrefix(string(t), paymentEvent))
		}
	}
	if o.Health != nil {
		m.add(newState(o.Health, o.Clock))
	}
	if o.Pools != nil {
		m.add(newPools(o.Pools))
	}
	if o.Line != nil {
		m.add(newLine(o.Line))
	}
	return m
}

func (m *Metrics) add(cs ...prometheus.Collector) {
	m.registry.MustRegister(cs...)
	m.all = append(m.all, cs...)
}

// classes are the classes of a status of HTTP.
var classes = [...]string{"1xx", "2xx", "3xx", "4xx", "5xx"}

func class(status int) string {
	if status < 100 || status > 599 {
		return "other"
	}
	return classes[status/100-1]
}

// Request counts one answer. route is the pattern that took it, empty when none did; never
// the path that was asked for.
func (m *Metrics) Request(route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	answers, err := m.requests.GetMetricWithLabelValues(route, class(status))
	if err != nil {
		return // a pattern that is no text; none of ours is
	}
	answers.Inc()
	m.took.WithLabelValues(route).Observe(took.Seconds())
}

// Webhook counts one try to deliver: the receiver's status, or why there was none.
func (m *Metrics) Webhook(status int, failure string, took time.Duration) {
	outcome := failure
	if status != 0 {
		outcome = class(status)
	}
	m.webhook.WithLabelValues(outcome).Observe(took.Seconds())
}

// Handler serves GET /metrics and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: scrapesAtOnce, Timeout: scrapeWait,
	}))
	return mux
}

// Name is one metric as it is described, with the labels that it has.
type Name struct {
	Name   string
	Help   string
	Labels []string
}

// described reads what the client's description says of itself; it has no getters.
var described = regexp.MustCompile(`fqName: "([^"]+)", help: "([^"]*)".*variableLabels: \{([^}]*)\}`)

// Names are all metrics, whether something was counted or not, by name.
func (m *Metrics) Names() []Name {
	var out []Name
	for _, c := range m.all {
		ds := make(chan *prometheus.Desc)
		go func() { c.Describe(ds); close(ds) }()
		for d := range ds {
			if found := described.FindStringSubmatch(d.String()); found != nil {
				out = append(out, Name{Name: found[1], Help: found[2], Labels: words.FindAllString(found[3], -1)})
			}
		}
	}
	slices.SortFunc(out, func(a, b Name) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

var words = regexp.MustCompile(`[a-z_]+`)
