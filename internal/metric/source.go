package metric

import (
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Pool is how a pool of connections to the database does.
type Pool struct {
	Name                   string
	Max, Open, InUse, Idle int
	Waits                  int64         // for a free connection, since the start
	Waited                 time.Duration // in all
}

type pools struct {
	source                 func() []Pool
	connections, waits, in *prometheus.Desc
}

func newPools(source func() []Pool) *pools {
	return &pools{
		source:      source,
		connections: prometheus.NewDesc("innopay_db_connections", "Connections to the database of this process.", []string{"pool", "state"}, nil),
		waits:       prometheus.NewDesc("innopay_db_waits_total", "How often somebody waited for a connection.", []string{"pool"}, nil),
		in:          prometheus.NewDesc("innopay_db_wait_seconds_total", "How long they waited.", []string{"pool"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (p *pools) Describe(out chan<- *prometheus.Desc) {
	out <- p.connections
	out <- p.waits
	out <- p.in
}

// Collect implements prometheus.Collector.
func (p *pools) Collect(out chan<- prometheus.Metric) {
	for _, one := range p.source() {
		for state, n := range map[string]int{"max": one.Max, "open": one.Open, "in_use": one.InUse, "idle": one.Idle} {
			gauge(out, p.connections, float64(n), one.Name, state)
		}
		count(out, p.waits, float64(one.Waits), one.Name)
		count(out, p.in, one.Waited.Seconds(), one.Name)
	}
}

// Line is the telephone line of this process.
type Line struct {
	Now      int    // calls
	Taken    uint64 // calls since the start
	Ended    map[string]uint64
	Tries    map[string]uint64 // to pay, by outcome
	Packets  map[string]uint64 // of sound: received, lost, sent, unsent; of calls that ended
	Jitter   Spread            // of calls that ended
	Refused  map[string]uint64 // calls, by reason
	Dropped  map[string]uint64 // packets, by reason
	Carriers []Carrier
}

// Carrier is how a telephone carrier does.
type Carrier struct {
	Name           string
	Up, Registered bool
}

// Spread is how often something took how long.
type Spread struct {
	Count   uint64
	Sum     time.Duration
	Buckets map[time.Duration]uint64 // how often at most so long
}

type line struct {
	source                                              func() Line
	now, taken, ended, tries, packets, refused, dropped *prometheus.Desc
	jitter, up                                          *prometheus.Desc
}

// mostReasons bounds the series of a list of reasons.
const mostReasons = 50

func newLine(source func() Line) *line {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, labels, nil)
	}
	return &line{
		source:  source,
		now:     d("innopay_ars_calls", "Calls on the telephone line of this process now."),
		taken:   d("innopay_ars_calls_taken_total", "Calls taken."),
		ended:   d("innopay_ars_calls_ended_total", "Calls by how they ended.", "reason"),
		tries:   d("innopay_ars_tries_total", "Tries to pay by telephone.", "outcome"),
		packets: d("innopay_ars_packets_total", "Packets of sound of the calls that ended.", "kind"),
		jitter:  d("innopay_ars_call_jitter_seconds", "Jitter of the callers' sound when their call ended (RFC 3550)."),
		refused: d("innopay_ars_calls_refused_total", "Calls that were not taken.", "reason"),
		dropped: d("innopay_ars_packets_dropped_total", "Packets of SIP that were dropped before they were read.", "reason"),
		up:      d("innopay_ars_carrier_up", "1 while the carrier answers this process and knows it.", "carrier"),
	}
}

// Describe implements prometheus.Collector.
func (l *line) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{l.now, l.taken, l.ended, l.tries, l.packets, l.jitter, l.refused, l.dropped, l.up} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (l *line) Collect(out chan<- prometheus.Metric) {
	f := l.source()
	gauge(out, l.now, float64(f.Now))
	count(out, l.taken, float64(f.Taken))
	for d, by := range map[*prometheus.Desc]map[string]uint64{l.ended: f.Ended, l.tries: f.Tries, l.packets: f.Packets, l.refused: f.Refused, l.dropped: f.Dropped} {
		reasons := slices.Sorted(maps.Keys(by))
		for _, reason := range reasons[:min(len(reasons), mostReasons)] {
			count(out, d, float64(by[reason]), reason)
		}
	}
	buckets := map[float64]uint64{}
	for bound, n := range f.Jitter.Buckets {
		buckets[bound.Seconds()] = n
	}
	out <- prometheus.MustNewConstHistogram(l.jitter, f.Jitter.Count, f.Jitter.Sum.Seconds(), buckets)
	for _, c := range f.Carriers {
		up := 0.0
		if c.Up && c.Registered {
			up = 1
		}
		gauge(out, l.up, up, c.Name)
	}
}
