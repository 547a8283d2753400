package daemon_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"

	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/pgtest"
)

// ways are the ways in which the guide says the gauges of several processes are put
// together, by what the help of each says.
var ways = []string{"Shared", "s this process sees it", "of this process", "this process runs", "this process and knows it"}

// way is the one by which a gauge is put together; empty when its help does not say.
func way(help string) string {
	i := slices.IndexFunc(ways, func(w string) bool { return strings.Contains(help, w) })
	if i < 0 {
		return ""
	}
	return ways[i]
}

// TestTwoServersOfOneDatabaseAddUp scrapes two servers that work as one: counters of both
// add up to what happened, and what is shared is told alike by both.
func TestTwoServersOfOneDatabaseAddUp(t *testing.T) {
	t.Parallel()
	pg, err := pgtest.Start()
	must(t, err)
	t.Cleanup(func() { must(t, pg.Stop()) })
	url, err := pg.Database(t.Context(), nil)
	must(t, err)
	keys := t.TempDir()
	var both []*daemon.Daemon
	for range 2 {
		d := up(t, func(c *daemon.Config) { c.Database, c.Keys, c.MetricsListen = url, keys, "127.0.0.1:0" })
		t.Cleanup(func() { must(t, d.Close()) })
		both = append(both, d)
	}
	shop(t, both[0].Core)
	for i, d := range both {
		jar, err := cookiejar.New(nil)
		must(t, err)
		app := &http.Client{Jar: jar}
		said(t, app, d.BaseURL+"/v1/sessions", map[string]any{"loginId": "shop-owner", "password": password})
		for n := range 3 {
			if status := pay(t, app, d.BaseURL, "APPROVE", fmt.Sprintf("two-%d-%d", i, n)); status != http.StatusCreated {
				t.Fatal(status)
			}
		}
	}
	sum := func(name string, labels ...string) float64 {
		out := 0.0
		for _, d := range both {
			families, _ := scraped(t, d)
			out += value(families, name, labels...)
		}
		return out
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for sum("innopay_payment_events_total", "outcome=approved") < 6 || sum("innopay_queue_depth", "queue=events") > 0 {
		must(t, (clock.System{}).Sleep(ctx, 50*time.Millisecond))
	}
	for _, of := range []struct {
		name   string
		labels []string
	}{
		{"innopay_payment_events_total", []string{"outcome=approved"}},
		{"innopay_http_requests_total", []string{"route=POST /v1/payments"}},
		{"innopay_acquirer_request_duration_seconds", []string{"message=AUTHORIZE", "outcome=APPROVED"}},
	} {
		if is := sum(of.name, of.labels...); is != 6 {
			t.Errorf("%s%v adds up to %v, not 6", of.name, of.labels, is)
		}
	}
	for {
		wrong, compared := apart(t, both)
		if len(wrong) == 0 && compared >= 10 {
			return
		}
		if (clock.System{}).Sleep(ctx, 100*time.Millisecond) != nil { // something is always written between two scrapes
			t.Fatalf("%d shared series were compared: %v", compared, wrong)
		}
	}
}

// apart is what is wrong with the gauges of two servers, and how many series were compared.
func apart(t *testing.T, both []*daemon.Daemon) (wrong []string, compared int) {
	t.Helper()
	first, _ := scraped(t, both[0])
	second, _ := scraped(t, both[1])
	for _, name := range slices.Sorted(maps.Keys(first)) {
		f := first[name]
		if f.GetType() != dto.MetricType_GAUGE || !strings.HasPrefix(name, "innopay_") {
			continue
		}
		switch way(f.GetHelp()) {
		case "":
			wrong = append(wrong, name+": its help does not say how processes are put together: "+f.GetHelp())
		case "Shared":
			compared += len(f.GetMetric())
			if a, b := lines(f), lines(second[name]); !strings.Contains(name, "age") && a != b {
				wrong = append(wrong, fmt.Sprintf("%s is shared, and told as %s by one and %s by the other", name, a, b))
			}
		}
	}
	return wrong, compared
}

// lines are the series of a gauge.
func lines(f *dto.MetricFamily) string {
	var out []string
	for _, m := range f.GetMetric() {
		out = append(out, fmt.Sprint(m.GetLabel(), m.GetGauge().GetValue()))
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}
