package daemon_test

import (
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"innopay/clock"
	"innopay/internal/health"
	"innopay/internal/metric"
)

// monitoring is the guide; its last table is written from the code.
const monitoring = "../docs/guides/monitoring.md"

var writeGuide = flag.Bool("update", false, "write the table of the monitoring guide again")

// known are all metrics with their labels.
func known() (map[string][]string, string) {
	m := metric.New(metric.Options{
		Clock: clock.System{}, Health: (*health.Service)(nil), Pools: func() []metric.Pool { return nil }, Line: func() metric.Line { return metric.Line{} },
	})
	out, table := map[string][]string{}, ""
	for _, n := range m.Names() {
		out[n.Name] = n.Labels
		if strings.HasPrefix(n.Name, "innopay_") {
			table += "| `" + n.Name + "` | " + strings.Join(n.Labels, ", ") + " |\n"
		}
	}
	out["up"] = []string{"job"} // Prometheus' own
	return out, table
}

// alike are the metrics that several processes tell of one thing: a sum would count it twice.
func alike() map[string]bool {
	m := metric.New(metric.Options{Clock: clock.System{}, Health: (*health.Service)(nil)})
	out := map[string]bool{}
	for _, n := range m.Names() {
		if w := way(n.Help); w == "Shared" || w == "s this process sees it" {
			out[n.Name] = true
		}
	}
	return out
}

var (
	query    = regexp.MustCompile("`([^`]*)`")
	selector = regexp.MustCompile(`([a-z_]+)\{([^}]*)\}`)
	mention  = regexp.MustCompile(`\b(?:innopay|process|go)_[a-z_]+`)
	label    = regexp.MustCompile(`([a-z_]+)(?:=~|!=|=)"`)
	grouping = regexp.MustCompile(`by \(([a-z_, ]+)\)`)
	summed   = regexp.MustCompile(`sum(?: by \([a-z_, ]+\) )?\((innopay_[a-z_]+)`)
)

// base is a metric without what Prometheus adds to the name of a histogram.
func base(name string, of map[string][]string) string {
	for _, end := range []string{"", "_bucket", "_count", "_sum"} {
		if cut, ok := strings.CutSuffix(name, end); ok {
			if _, is := of[cut]; is {
				return cut
			}
		}
	}
	return ""
}

// wrongWith is what is wrong with a query: names and labels that do not exist, brackets
// that do not close.
func wrongWith(text string, of map[string][]string) []string {
	var out []string
	labels := []string{"le", "job"}
	for _, name := range mention.FindAllString(text, -1) {
		of, found := of[base(name, of)]
		if !found {
			out = append(out, "there is no "+name)
		}
		labels = append(labels, of...)
	}
	for _, s := range selector.FindAllStringSubmatch(text, -1) {
		for _, l := range label.FindAllStringSubmatch(s[2], -1) {
			if !slices.Contains(of[base(s[1], of)], l[1]) {
				out = append(out, s[1]+" has no "+l[1])
			}
		}
	}
	for _, g := range grouping.FindAllStringSubmatch(text, -1) {
		for l := range strings.SplitSeq(g[1], ", ") {
			if !slices.Contains(labels, l) {
				out = append(out, "nothing has a "+l)
			}
		}
	}
	for _, name := range summed.FindAllStringSubmatch(text, -1) {
		if alike()[name[1]] {
			out = append(out, name[1]+" is counted once for each process")
		}
	}
	for open, closed := range map[string]string{"(": ")", "{": "}", "[": "]"} {
		if strings.Count(text, open) != strings.Count(text, closed) {
			out = append(out, open+" is not closed")
		}
	}
	return out
}

// TestTheMonitoringGuideNamesWhatThereIs holds the guide against the code.
func TestTheMonitoringGuideNamesWhatThereIs(t *testing.T) {
	t.Parallel()
	of, table := known()
	text, err := os.ReadFile(monitoring)
	must(t, err)
	const head = "## What there is\n\n| metric | labels |\n| --- | --- |\n"
	before, after, found := strings.Cut(string(text), head)
	if *writeGuide {
		must(t, os.WriteFile(monitoring, []byte(before+head+table), 0o644)) //nolint:gosec // a page of the documentation, for everybody
	} else if !found || after != table {
		t.Error("the table of docs/guides/monitoring.md is not what the code says: run make generate")
	}
	queries := 0
	for _, q := range query.FindAllStringSubmatch(before, -1) {
		if !mention.MatchString(q[1]) {
			continue
		}
		queries++
		for _, wrong := range wrongWith(q[1], of) {
			t.Errorf("%s: %s", q[1], wrong)
		}
	}
	if queries < 25 {
		t.Errorf("only %d queries were looked at", queries)
	}
}

func TestWrongQueriesAreFound(t *testing.T) {
	t.Parallel()
	of, _ := known()
	for text, wrong := range map[string]bool{
		`sum(innopay_ars_calls)`: false, `sum(innopay_ars_call)`: true, `max(innopay_queue_depth{queue="x"})`: false, `max(innopay_queue_depth{name="x"})`: true,
		`sum by (le) (innopay_ars_call_jitter_seconds_bucket)`: false, `sum by (caller) (innopay_ars_calls)`: true, `sum(innopay_ars_calls`: true, `sum(innopay_queue_depth)`: true, `sum by (area) (innopay_check_status{status="FAIL"})`: true,
	} {
		if found := wrongWith(text, of); (len(found) > 0) != wrong {
			t.Errorf("%s: %v", text, found)
		}
	}
}
