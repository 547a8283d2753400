// Package metric counts for a monitoring system that reads by Prometheus' format: what was
// asked of the server, what happened to payments, and how the installation does. It is served
// on a listener of its own and holds nothing of people or cards: labels are routes, types and
// names of parts.
package metric

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"innopay/internal/outbox"
)

// Figure is one number of how the installation does.
type Figure struct {
	Area, Name, Value string
	Number            float64
}

// lookWait bounds one look at the installation.
const lookWait = 5 * time.Second

// Metrics are the counters of one process. Safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	events   *prometheus.CounterVec
}

// New makes them. figures is asked at every scrape, with a deadline; nil: there are none.
func New(figures func(ctx context.Context) ([]Figure, error)) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "innopay_http_request_seconds", Help: "Requests by route, method and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method", "status"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "innopay_events_total", Help: "What happened, by type; each event is counted by one instance, and again when it is told again.",
		}, []string{"type"}),
	}
	m.registry.MustRegister(m.requests, m.events, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if figures != nil {
		m.registry.MustRegister(&gauges{figures: figures, what: prometheus.NewDesc(
			"innopay_figure", "How the installation does: status is 0 well, 1 warning, 2 failing; others as named.", []string{"area", "name", "value"}, nil,
		)})
	}
	return m
}

// Request counts one answer. route is the pattern that took it, empty when none did.
func (m *Metrics) Request(route, method string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(took.Seconds())
}

// Name implements outbox.Subscriber.
func (m *Metrics) Name() string { return "metrics" }

// Deliver implements outbox.Subscriber.
func (m *Metrics) Deliver(_ context.Context, e outbox.Event) error {
	m.events.WithLabelValues(string(e.Type)).Inc()
	return nil
}

// Handler serves /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError}))
	return mux
}

// gauges asks how the installation does when it is scraped.
type gauges struct {
	figures func(ctx context.Context) ([]Figure, error)
	what    *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(out chan<- *prometheus.Desc) { out <- g.what }

// Collect implements prometheus.Collector.
func (g *gauges) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lookWait)
	defer cancel()
	all, err := g.figures(ctx)
	if err != nil {
		out <- prometheus.NewInvalidMetric(g.what, err)
		return
	}
	seen := map[Figure]bool{}
	for _, f := range all {
		key := f
		key.Number = 0
		if seen[key] {
			continue // the registry refuses everything for one figure told twice
		}
		seen[key] = true
		out <- prometheus.MustNewConstMetric(g.what, prometheus.GaugeValue, f.Number, f.Area, f.Name, f.Value)
	}
}
