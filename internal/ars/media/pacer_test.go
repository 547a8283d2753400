package media_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/ars/media"
)

type counter struct{ atomic.Int64 }

func (c *counter) Tick() { c.Add(1) }

// pace runs a pacer on a fake clock and returns what moves time on.
func pace(t *testing.T, shards int) (p *media.Pacer, advance func(time.Duration)) {
	t.Helper()
	fake := clock.NewFake(time.Unix(1_800_000_000, 0))
	p = media.NewPacer(fake, shards)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { p.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	settle := func() {
		for fake.Sleepers() < shards {
			runtime.Gosched()
		}
	}
	settle()
	return p, func(d time.Duration) {
		fake.Advance(d)
		settle()
	}
}

func TestEveryCallIsTickedOnceAnInterval(t *testing.T) {
	t.Parallel()
	p, advance := pace(t, 1)
	calls := make([]counter, 5)
	for i := range calls {
		p.Add(&calls[i])
	}
	for range 10 {
		advance(media.Interval)
	}
	for i := range calls {
		if n := calls[i].Load(); n != 10 {
			t.Errorf("call %d: %d ticks", i, n)
		}
	}
	if all, late := p.Sweeps(); all != 11 || late != 0 {
		t.Errorf("%d sweeps, %d late", all, late)
	}
}

func TestCallsAreSpreadOverShards(t *testing.T) {
	t.Parallel()
	p, advance := pace(t, 4)
	calls := make([]counter, 8)
	for i := range calls {
		p.Add(&calls[i])
	}
	ticked := 0
	for quarter := range 4 {
		advance(media.Interval / 4)
		now := 0
		for i := range calls {
			now += int(calls[i].Load())
		}
		if now-ticked != 2 {
			t.Errorf("quarter %d: %d ticks, want 2", quarter, now-ticked)
		}
		ticked = now
	}
}

func TestACallThatIsOverIsNotTicked(t *testing.T) {
	t.Parallel()
	p, advance := pace(t, 1)
	var first, second counter
	remove := p.Add(&first)
	p.Add(&second)
	advance(media.Interval)
	remove()
	remove()
	advance(media.Interval)
	if first.Load() != 1 || second.Load() != 2 {
		t.Errorf("%d and %d ticks", first.Load(), second.Load())
	}
}

// TestALateSweepCatchesUp: the sound must not fall behind, but after a stall the caller
// is not flooded with what was missed.
func TestALateSweepCatchesUp(t *testing.T) {
	t.Parallel()
	p, advance := pace(t, 1)
	var call counter
	p.Add(&call)
	advance(3 * media.Interval)
	if n := call.Load(); n != 3 {
		t.Errorf("%d ticks after three intervals at once", n)
	}
	if _, late := p.Sweeps(); late != 2 {
		t.Errorf("%d late sweeps", late)
	}
	advance(time.Minute)
	if n := call.Load(); n != 4 {
		t.Errorf("%d ticks after a minute's stall, want one", n-3)
	}
	advance(media.Interval)
	if n := call.Load(); n != 5 {
		t.Errorf("%d ticks in the interval after the stall", n-4)
	}
}
