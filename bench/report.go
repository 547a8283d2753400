package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figure is one measurement.
type figure struct {
	PerSecond float64       `json:"perSecond"`
	P50       time.Duration `json:"p50Nanoseconds,omitempty"`
	P99       time.Duration `json:"p99Nanoseconds,omitempty"`
}

// name of a measurement at a number in flight.
func name(what string, flight int) string { return fmt.Sprintf("%s @%d", what, flight) }

// ratio sets two measurements of one round in relation.
type ratio struct {
	name  string
	over  string
	under string
	of    func(figure) float64
	goal  string // as performance.md says it; empty: none
}

func rate(f figure) float64 { return f.PerSecond }
func p50(f figure) float64  { return f.P50.Seconds() }
func p99(f figure) float64  { return f.P99.Seconds() }

// ratios are what a round is held against.
func ratios() []ratio {
	var out []ratio
	for _, flight := range flights {
		for _, e := range engines {
			goal, alone := "", ""
			if flight == 64 {
				goal = map[string]string{"sqlite": ">= 1.5", "postgres": ">= 2"}[e]
				alone = map[string]string{"sqlite": ">= 4"}[e]
			}
			out = append(out,
				ratio{fmt.Sprintf("%s / pgbench @%d", e, flight), name("pay "+e, flight), name("pgbench", flight), rate, goal},
				ratio{fmt.Sprintf("%s / one commit per payment @%d", e, flight), name("pay "+e, flight), name("pay "+e+" ungrouped", flight), rate, alone},
				ratio{fmt.Sprintf("%s / raw log @%d", e, flight), name("pay "+e, flight), name("raw log", flight), rate, ""})
		}
	}
	for _, e := range engines {
		out = append(out, ratio{e + " over HTTP / pgbench @64", name("product "+e, 64), name("pgbench", 64), rate,
			map[string]string{"sqlite": ">= 0.8", "postgres": ">= 1"}[e]})
	}
	out = append(out,
		ratio{"sqlite p50 / fdatasync p50 @1", name("pay sqlite", 1), "fdatasync", p50, "<= 6"},
		ratio{"sqlite p99 / fdatasync p99 @1", name("pay sqlite", 1), "fdatasync", p99, "<= 6"})
	return out
}

// report holds the figures of every round.
type report struct {
	rounds []map[string]figure
	order  []string
}

func newReport() *report { return &report{} }

func (r *report) begin() { r.rounds = append(r.rounds, map[string]figure{}) }

func (r *report) set(name string, f figure) {
	r.rounds[len(r.rounds)-1][name] = f
	if !slices.Contains(r.order, name) {
		r.order = append(r.order, name)
	}
}

// median of the rounds that have the figure.
func (r *report) median(name string, of func(figure) float64) float64 {
	var vs []float64
	for _, round := range r.rounds {
		if f, ok := round[name]; ok {
			vs = append(vs, of(f))
		}
	}
	return middle(vs)
}

// middle is the median, 0 of nothing.
func middle(vs []float64) float64 {
	if len(vs) == 0 {
		return 0
	}
	slices.Sort(vs)
	return (vs[(len(vs)-1)/2] + vs[len(vs)/2]) / 2
}

// paired is the median over the rounds of the ratio within each round; false when
// no round has both.
func (r *report) paired(q ratio) (float64, bool) {
	var vs []float64
	for _, round := range r.rounds {
		over, ok := round[q.over]
		under, also := round[q.under]
		if ok && also && q.of(under) > 0 {
			vs = append(vs, q.of(over)/q.of(under))
		}
	}
	return middle(vs), len(vs) > 0
}

// print writes the medians and the paired ratios as two tables.
func (r *report) print(w io.Writer) {
	_, _ = fmt.Fprintf(w, "\n%-36s %12s %10s %10s\n", "median of the rounds", "per second", "p50 ms", "p99 ms")
	for _, n := range r.order {
		_, _ = fmt.Fprintf(w, "%-36s %12.0f %10.2f %10.2f\n", n, r.median(n, rate), 1e3*r.median(n, p50), 1e3*r.median(n, p99))
	}
	_, _ = fmt.Fprintf(w, "\n%-48s %8s   %s\n", "paired ratio", "x", "goal (performance)")
	for _, q := range ratios() {
		if v, ok := r.paired(q); ok {
			_, _ = fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("%-48s %8.2f   %s", q.name, v, q.goal), " "))
		}
	}
}

// write saves everything as JSON, by rename.
func (r *report) write(path string) error {
	medians, paired := map[string]figure{}, map[string]float64{}
	for _, n := range r.order {
		medians[n] = figure{r.median(n, rate), time.Duration(r.median(n, func(f figure) float64 { return float64(f.P50) })),
			time.Duration(r.median(n, func(f figure) float64 { return float64(f.P99) }))}
	}
	for _, q := range ratios() {
		if v, ok := r.paired(q); ok {
			paired[q.name] = v
		}
	}
	b, err := json.MarshalIndent(map[string]any{
		"cpus": runtime.NumCPU(), "go": runtime.Version(), "rounds": r.rounds, "medians": medians, "ratios": paired,
	}, "", "  ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := os.WriteFile(tmp, append(b, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
