package metric

import (
	"context"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"innopay/clock"
	"innopay/internal/health"
)

// HealthSource is the feature that looks after the installation.
type HealthSource interface {
	Checks(ctx context.Context) []health.Check
	Workers() []health.Worker
	OpenAlarms(ctx context.Context) (map[health.Severity]int, error)
}

// state tells how the installation does when it is scraped: what the database holds, which
// every process tells alike, and what is of this process alone.
type state struct {
	source HealthSource
	clock  clock.Clock
	one    sync.Mutex // scrapes look one after another

	status, figure, depth, oldest, unknown, unknownAge, backupAge, alarms *prometheus.Desc
	rounds, failed, well, took, working                                   *prometheus.Desc
}

func newState(source HealthSource, c clock.Clock) *state {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &state{
		source: source, clock: c,
		status:     d("innopay_check_status", "1 for the status that a check of the installation has as this process sees it, 0 for the others.", "area", "name", "status"),
		figure:     d("innopay_check_figure", "A figure of a check as this process sees it: seconds, bytes or a count.", "area", "name", "figure"),
		depth:      d("innopay_queue_depth", "Rows that wait for a worker; 10000 is that many and more. Shared by all processes of the installation.", "queue"),
		oldest:     d("innopay_queue_oldest_age_seconds", "How long the oldest of them has waited; 0 when none does. Shared.", "queue"),
		unknown:    d("innopay_unknown_attempts", "Approvals and cancels whose outcome is not known. Shared."),
		unknownAge: d("innopay_unknown_oldest_age_seconds", "Since when the oldest of them was sent; 0 when there is none. Shared."),
		backupAge:  d("innopay_backup_age_seconds", "Since when the last backup shows the installation that was opened again, compared and verified; absent while none is known of. As this process sees it."),
		alarms:     d("innopay_alarms_open", "Alarms that stand. Shared.", "severity"),
		rounds:     d("innopay_worker_rounds_total", "Rounds that a worker of this process has ended.", "worker"),
		failed:     d("innopay_worker_failures_total", "Those of them that failed.", "worker"),
		well:       d("innopay_worker_last_success_timestamp_seconds", "When the last round of this process ended that went well; 0: none did.", "worker"),
		took:       d("innopay_worker_last_round_duration_seconds", "How long the last round of this process took.", "worker"),
		working:    d("innopay_worker_busy_seconds_total", "How long all rounds took.", "worker"),
	}
}

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		s.status, s.figure, s.depth, s.oldest, s.unknown, s.unknownAge, s.backupAge, s.alarms, s.rounds, s.failed, s.well, s.took, s.working,
	} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (s *state) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), lookWait)
	defer cancel()
	s.one.Lock()
	defer s.one.Unlock()
	seen := map[string]bool{}
	for _, c := range s.source.Checks(ctx) {
		// The client refuses a whole scrape for one thing told twice.
		if key := string(c.Area) + " " + c.Name; !seen[key] {
			seen[key] = true
			s.check(out, c)
		}
	}
	for _, w := range s.source.Workers() {
		s.worker(out, w)
	}
	alarms, err := s.source.OpenAlarms(ctx)
	if err != nil {
		return // the database is away, which its check says
	}
	for severity, n := range alarms {
		gauge(out, s.alarms, float64(n), string(severity))
	}
}

func gauge(out chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	if m, err := prometheus.NewConstMetric(d, prometheus.GaugeValue, v, labels...); err == nil {
		out <- m // a name that is no text is left out, and hides nothing else
	}
}

func count(out chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	if m, err := prometheus.NewConstMetric(d, prometheus.CounterValue, v, labels...); err == nil {
		out <- m
	}
}

// unknownQueue is the queue of outcomes that nobody knows.
const unknownQueue = "unknown"

func (s *state) check(out chan<- prometheus.Metric, c health.Check) {
	for _, status := range []health.Status{health.OK, health.Warn, health.Fail} {
		is := 0.0
		if c.Status == status {
			is = 1
		}
		gauge(out, s.status, is, string(c.Area), c.Name, string(status))
	}
	values := map[string]float64{}
	for _, v := range c.Values {
		values[v.Name] = float64(v.Number)
	}
	depth, waits := values["depth"]
	switch {
	case waits && c.Name == unknownQueue:
		gauge(out, s.unknown, depth)
		gauge(out, s.unknownAge, values["age"])
	case waits:
		gauge(out, s.depth, depth, c.Name)
		gauge(out, s.oldest, values["age"], c.Name)
	case c.Area == health.Workers: // told by s.worker
	case c.Area == health.Backup && len(values) > 0:
		gauge(out, s.backupAge, values["age"])
	default:
		for name, v := range values {
			gauge(out, s.figure, v, string(c.Area), c.Name, name)
		}
	}
}

func (s *state) worker(out chan<- prometheus.Metric, w health.Worker) {
	well := 0.0
	if !w.Well.IsZero() {
		well = float64(w.Well.UnixMicro()) / 1e6
	}
	count(out, s.rounds, float64(w.Rounds), w.Name)
	count(out, s.failed, float64(w.Failed), w.Name)
	gauge(out, s.well, well, w.Name)
	gauge(out, s.took, w.Took.Seconds(), w.Name)
	count(out, s.working, w.Working.Seconds(), w.Name)
}
