package media

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"innopay/clock"
)

// Interval is the time between two packets.
const Interval = 20 * time.Millisecond

// Ticker is driven by a pacer, once an Interval. Tick must not block.
type Ticker interface{ Tick() }

// Figures of a pacer.
const (
	lateSweep = 10 * time.Millisecond  // a sweep that began later counts as late
	stall     = 200 * time.Millisecond // after more than that the missed packets are not sent
)

// Pacer sends the packets of all calls. The calls are spread over shards, and the shards
// over the interval, so that no sweep is long and no burst is large; one shard for every
// forty calls or so keeps sweeps on time. It is safe for concurrent use.
type Pacer struct {
	clock  clock.Clock
	shards []shard
	next   atomic.Uint64
	sweeps atomic.Uint64
	late   atomic.Uint64
}

// shard is a list that is replaced and never changed, so that a sweep holds no lock.
type shard struct {
	mu      sync.Mutex
	tickers []Ticker
}

// NewPacer returns a pacer of so many shards, at least one. It works while Run does.
func NewPacer(c clock.Clock, shards int) *Pacer {
	return &Pacer{clock: c, shards: make([]shard, max(1, shards))}
}

// Add has the ticker driven until remove is called; a tick that has begun may end later.
func (p *Pacer) Add(t Ticker) (remove func()) {
	s := &p.shards[p.next.Add(1)%uint64(len(p.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickers = append(slices.Clip(s.tickers), t)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if at := slices.Index(s.tickers, t); at >= 0 {
			s.tickers = slices.Concat(s.tickers[:at], s.tickers[at+1:])
		}
	}
}

// Run drives all shards until ctx ends.
func (p *Pacer) Run(ctx context.Context) {
	var all sync.WaitGroup
	start := p.clock.Now()
	for i := range p.shards {
		offset := Interval * time.Duration(i) / time.Duration(len(p.shards))
		all.Go(func() { p.run(ctx, &p.shards[i], start.Add(offset)) })
	}
	all.Wait()
}

// run sweeps one shard at due and every Interval after it. It sleeps towards fixed
// moments, so that no lateness adds up.
func (p *Pacer) run(ctx context.Context, s *shard, due time.Time) {
	for {
		if p.clock.Sleep(ctx, due.Sub(p.clock.Now())) != nil {
			return
		}
		behind := p.clock.Now().Sub(due)
		p.sweeps.Add(1)
		if behind > lateSweep {
			p.late.Add(1)
		}
		if behind > stall {
			due = due.Add(behind)
		}
		for _, t := range s.list() {
			t.Tick()
		}
		due = due.Add(Interval)
	}
}

func (s *shard) list() []Ticker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tickers
}

// Sweeps tells how many sweeps there were, and how many of them began late.
func (p *Pacer) Sweeps() (all, late uint64) { return p.sweeps.Load(), p.late.Load() }
