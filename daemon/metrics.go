package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"innopay/acquirer"
	"innopay/cashreceipt"
	"innopay/internal/ars/call"
	"innopay/internal/ars/dialogue"
	"innopay/internal/metric"
	"innopay/internal/outbox"
	"innopay/internal/web"
	"innopay/messenger"
)

// checkMetrics refuses metrics that strangers could read: nobody is asked who they are.
func (c Config) checkMetrics() error {
	if c.MetricsListen == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(c.MetricsListen)
	if err != nil || port == "" {
		return fmt.Errorf("configuration: metricsListen must be host:port, not %q", c.MetricsListen)
	}
	if port != "0" && (c.MetricsListen == c.Listen || c.MetricsListen == c.ConsoleListen) {
		return errors.New("configuration: metricsListen must be another address than listen and consoleListen")
	}
	if a, err := netip.ParseAddr(host); !loopback(host) && (err != nil || !a.Unmap().IsPrivate()) {
		return errors.New("configuration: metricsListen must be on loopback or an address of a private network: whoever reaches it may read it")
	}
	return nil
}

// counts are the metrics of this process with their listener. The methods of nil leave
// everything as it is: who configures no listener pays for no counting.
type counts struct {
	*metric.Metrics

	daemon   *Daemon
	listener net.Listener
	server   *http.Server
}

// listenMetrics takes the address of the metrics, where there is one.
func (d *Daemon) listenMetrics(ctx context.Context, c Config) error {
	if c.MetricsListen == "" {
		return nil
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.MetricsListen)
	if err != nil {
		return fmt.Errorf("listen for metrics: %w", err)
	}
	d.counts = &counts{daemon: d, listener: l, Metrics: metric.New(metric.Options{
		Clock: d.Clock, Build: metric.Build{Version: version(), Mode: string(c.Mode), Engine: d.DB.Engine()}, Health: d.Health, Pools: d.pools, Line: d.line,
	})}
	d.MetricsURL = "http://" + l.Addr().String() + "/metrics"
	return nil
}

// version is that of the program, by its module or its commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return strings.Trim(info.Main.Version, "()")
}

func (c *counts) serve() {
	if c == nil {
		return
	}
	c.server = web.Server(c.Handler(), c.daemon.Log)
	c.daemon.workers.Go(func() {
		if err := c.server.Serve(c.listener); !errors.Is(err, http.ErrServerClosed) {
			c.daemon.fail(fmt.Errorf("http of the metrics: %w", err))
		}
	})
}

// close ends the listener at once: nobody loses anything but a scrape.
func (c *counts) close() error {
	switch {
	case c == nil:
		return nil
	case c.server == nil:
		return c.listener.Close()
	}
	return c.server.Close()
}

func (c *counts) request() func(route string, status int, took time.Duration) {
	if c == nil {
		return nil
	}
	return c.Request
}

func (c *counts) webhook() func(status int, failure string, took time.Duration) {
	if c == nil {
		return nil
	}
	return c.Webhook
}

// subscribers are the metrics as the first who hears of events, so that no other holds
// their count up.
func (c *counts) subscribers() []outbox.Subscriber {
	if c == nil {
		return nil
	}
	return []outbox.Subscriber{c.Metrics}
}

func (c *counts) acquirer(a acquirer.Acquirer) acquirer.Acquirer {
	if c == nil {
		return a
	}
	return c.Acquirer(a)
}

func (c *counts) gateways(gs []messenger.Sender) []messenger.Sender {
	if c == nil {
		return gs
	}
	out := make([]messenger.Sender, 0, len(gs))
	for _, g := range gs {
		out = append(out, c.Gateway(g))
	}
	return out
}

func (c *counts) office(i cashreceipt.Issuer) cashreceipt.Issuer {
	if c == nil || i == nil {
		return i
	}
	return c.Office(i)
}

func (d *Daemon) pools() []metric.Pool {
	var out []metric.Pool
	for _, p := range d.DB.Pools() {
		out = append(out, metric.Pool(p))
	}
	return out
}

// line is the telephone line as it is scraped; zero where there is none.
func (d *Daemon) line() metric.Line {
	if d.telephone == nil {
		return metric.Line{}
	}
	f := d.telephone.line.Figures()
	s := f.Sound
	out := metric.Line{
		Now: f.Now, Taken: f.Calls, Ended: named(f.Ended, func(r dialogue.Reason) string { return string(r) }), Tries: named(f.Outcomes, dialogue.Outcome.String),
		Packets: map[string]uint64{"received": s.Received, "lost": s.Lost, "sent": s.Sent, "unsent": s.Unsent},
		Jitter:  metric.Spread{Count: s.Calls, Sum: s.Jitter, Buckets: map[time.Duration]uint64{}},
	}
	for i, bound := range call.JitterBounds {
		out.Jitter.Buckets[bound] = s.AtMost[i]
	}
	if d.telephone.trunk != nil {
		f := d.telephone.trunk.Figures()
		out.Refused, out.Dropped = f.Refused, f.Dropped
	}
	for _, c := range d.telephone.carriers() {
		out.Carriers = append(out.Carriers, metric.Carrier{Name: c.Name, Up: c.Up, Registered: c.Registered})
	}
	return out
}

func named[K comparable](in map[K]uint64, name func(K) string) map[string]uint64 {
	out := map[string]uint64{}
	for k, n := range in {
		out[name(k)] = n
	}
	return out
}
