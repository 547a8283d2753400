package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"innopay/test/process"
)

// figures are what one run of so many callers came to.
type figures struct {
	cpu    float64 // seconds of processor for a second of a call
	memory float64 // bytes for a call; 0: not known
	heard
	arrived uint64 // packets that the server had of the callers, of those calls it told of
	lost    uint64 // that it missed
}

// resident is the memory of a process in bytes, without the pages of its program and of its
// recordings, which are there once for all calls.
func resident(pid int) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			n, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return n * 1024, err
		}
	}
	return 0, errors.New("no memory of the process")
}

// settle is between the last call's beginning and the measurement.
const settle = time.Second

// window measures the callers and the process for as long as a measurement lasts; memory
// is all of it yet.
func (b *bench) window(ctx context.Context, pid int, cs []*caller) (figures, error) {
	var f figures
	if err := b.clock.Sleep(ctx, settle); err != nil {
		return f, err
	}
	cpu, err := process.Processor(pid)
	if err != nil {
		return f, err
	}
	begun := b.clock.Now()
	for _, c := range cs {
		c.listen(true)
	}
	if err := b.clock.Sleep(ctx, b.each); err != nil {
		return f, err
	}
	for _, c := range cs {
		c.listen(false)
	}
	wall := b.clock.Now().Sub(begun).Seconds()
	after, err := process.Processor(pid)
	if err != nil {
		return f, err
	}
	memory, err := resident(pid)
	if err != nil {
		return f, err
	}
	n := float64(len(cs))
	f.cpu, f.memory = (after-cpu)/wall/n, memory
	for _, c := range cs {
		f.add(c.result())
	}
	f.expected = uint64(wall*n) * uint64(time.Second/interval)
	return f, nil
}

// check asserts that there was sound both ways: figures of a silent line mean nothing.
func (f figures) check(n int) error {
	if f.received < f.expected*9/10 {
		return fmt.Errorf("%d calls: the callers heard %d packets of about %d", n, f.received, f.expected)
	}
	if f.arrived < f.expected*9/10 { // over whole calls, so more than what was measured
		return fmt.Errorf("%d calls: the line had %d packets of the callers, who sent more than %d", n, f.arrived, f.expected)
	}
	return nil
}

func printHead(w io.Writer) {
	_, _ = fmt.Fprintf(w, "%5s %-5s %9s %10s %7s %9s %8s %8s %8s %8s %10s %8s\n",
		"calls", "", "CPU/call", "calls/core", "x echo", "KB/call", "heard", "lost", "late", "jitter", "arrived", "lost")
}

func printRow(w io.Writer, n int, what string, f figures, ratio float64) {
	times := ""
	if ratio > 0 {
		times = fmt.Sprintf("%.2f", ratio)
	}
	_, _ = fmt.Fprintf(w, "%5d %-5s %8.3f%% %10.0f %7s %9.1f %8d %8d %7.2f%% %6.2fms %10d %8d\n",
		n, what, 100*f.cpu, 1/f.cpu, times, f.memory/1024, f.received, f.missed, 100*float64(f.late)/float64(max(1, f.received)),
		1000*f.jitter, f.arrived, f.lost)
}
