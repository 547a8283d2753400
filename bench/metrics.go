package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"innopay/internal/load"
	"innopay/test/process"
)

// metricsFlight is how many payments are under way when counting is measured, and
// metricsPairs how often both ways are measured, the one right after the other.
const (
	metricsFlight = 16
	metricsPairs  = 5
)

// metrics measures what counting costs whole payments: two servers, one with metrics that
// are scraped every second, take the same load in turns. What a payment takes of the
// processor is set side by side: the rate follows the neighbours, this hardly does.
func (b *bench) metrics(ctx context.Context) (err error) {
	if b.binary == "" {
		return errors.New("metrics: name the program by -binary")
	}
	address, err := process.FreeAddress()
	if err != nil {
		return err
	}
	var servers [2]*installation
	defer func() {
		for _, in := range servers {
			if in != nil {
				err = errors.Join(err, in.close())
			}
		}
	}()
	for i, env := range [][]string{nil, {"INNOPAY_METRICS_LISTEN=" + address}} {
		// The folder goes with that of the whole run.
		dir, _, err := b.folder()
		if err != nil {
			return err
		}
		if servers[i], err = b.install(ctx, "sqlite", dir, env...); err != nil {
			return err
		}
	}
	scraping, stop := context.WithCancel(ctx)
	defer stop()
	go b.scrape(scraping, "http://"+address+"/metrics")
	ratios := make([]float64, 0, metricsPairs)
	for pair := range metricsPairs {
		var per [2]float64
		for k := range servers {
			i := (k + pair) % 2 // who begins changes
			if per[i], err = b.paid(ctx, servers[i], fmt.Sprint("pair", pair)); err != nil {
				return err
			}
		}
		ratios = append(ratios, per[1]/per[0])
		_, _ = fmt.Fprintf(b.out, "pair %d: %.0f us of processor for a payment without metrics, %.0f with: %.3f\n", pair+1, 1e6*per[0], 1e6*per[1], per[1]/per[0])
	}
	slices.Sort(ratios)
	_, _ = fmt.Fprintf(b.out, "with metrics, scraped every second: %.3f of the processor without (median of %d pairs, %.3f to %.3f)\n",
		ratios[len(ratios)/2], len(ratios), ratios[0], ratios[len(ratios)-1])
	return nil
}

// paid is how many seconds of processor a payment takes of a server under load.
func (b *bench) paid(ctx context.Context, in *installation, prefix string) (float64, error) {
	book := load.NewBook(b.clock)
	plan := in.plan(in.clients(metricsFlight), metricsFlight, load.Mix{Pay: 1})
	plan.Prefix = prefix
	before, err := process.Processor(in.server.PID())
	if err != nil {
		return 0, err
	}
	run, cancel := context.WithTimeout(ctx, b.each)
	defer cancel()
	r := book.Run(run, plan)
	after, err := process.Processor(in.server.PID())
	if err != nil {
		return 0, err
	}
	if c := book.Complaints(); len(c) > 0 {
		return 0, fmt.Errorf("metrics: %s", strings.Join(c, "\n"))
	}
	return (after - before) / float64(max(1, r.Paid.Count())), nil
}

// scrape reads the metrics as a monitoring system does, until ctx ends.
func (b *bench) scrape(ctx context.Context, address string) {
	for b.clock.Sleep(ctx, time.Second) == nil {
		if err := get(ctx, address); err != nil && ctx.Err() == nil {
			_, _ = fmt.Fprintln(b.out, "not scraped:", err)
		}
	}
}

// get reads a page to its end.
func get(ctx context.Context, address string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}
