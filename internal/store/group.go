package store

import (
	"context"
	"sync"
	"sync/atomic"

	"innopay/internal/payment"
)

// Figures of performance.md 0: two workers that drain whatever waits; more only
// make smaller batches.
const (
	groupWorkers = 2
	groupMost    = 512
)

// item is one intent or outcome on its way to the disk.
type item struct {
	intent  *payment.Intent
	outcome *payment.Outcome
	row     row // what goes into the tables, sealed and encoded by the caller
	err     error
	done    *sync.WaitGroup
}

// group is the adaptive group committer: a payment that comes alone is committed
// at once by its own caller, payments that come together share a commit.
type group struct {
	db     *DB
	direct int64 // up to so many in flight each commits on its own
	single bool  // never share: for the comparison
	queue  chan *item
	flight atomic.Int64
	ended  sync.WaitGroup

	mu     sync.RWMutex // guards queue against closing
	closed bool
}

func newGroup(db *DB, o Options) *group {
	g := &group{db: db, queue: make(chan *item, o.Queue), single: o.Ungrouped}
	workers := groupWorkers
	if o.SQLitePath != "" {
		// One writer: a second worker would only wait for the first, and a direct
		// commit beside the worker would only shrink its batches.
		workers, g.direct = 1, 1
	} else {
		g.direct = 7
	}
	for range workers {
		g.ended.Go(g.work)
	}
	return g
}

// close lets what waits be decided and ends the workers.
func (g *group) close() {
	g.mu.Lock()
	already := g.closed
	g.closed = true
	g.mu.Unlock()
	if !already {
		close(g.queue)
	}
	g.ended.Wait()
}

// submit decides every item and sets its err. An ended context is obeyed before
// the items are queued and not after: from then on each is decided, so that the
// caller never has to guess.
func (g *group) submit(ctx context.Context, items []*item) {
	if err := ctx.Err(); err != nil {
		fail(items, err)
		return
	}
	n := int64(len(items))
	flight := g.flight.Add(n)
	defer g.flight.Add(-n)
	switch {
	case g.single:
		for _, it := range items {
			g.db.apply([]*item{it})
		}
	case flight <= g.direct || len(items) > groupMost/2:
		for len(items) > 0 {
			n := min(len(items), groupMost)
			g.db.apply(items[:n])
			items = items[n:]
		}
	default:
		g.enqueue(items)
	}
}

func (g *group) enqueue(items []*item) {
	var done sync.WaitGroup
	g.mu.RLock()
	for _, it := range items {
		it.done = &done
		done.Add(1)
		if g.closed || !g.offer(it) {
			it.err = payment.ErrOverloaded
			done.Done()
		}
	}
	g.mu.RUnlock()
	done.Wait()
}

func (g *group) offer(it *item) bool {
	select {
	case g.queue <- it:
		return true
	default:
		return false
	}
}

// work commits whatever waits, again and again. There is no timer: an idle system
// adds no latency, a busy one fills the next batch while this one is written.
func (g *group) work() {
	batch := make([]*item, 0, groupMost)
	for first := range g.queue {
		batch = append(batch[:0], first)
	fill:
		for len(batch) < groupMost {
			select {
			case it, ok := <-g.queue:
				if !ok {
					break fill
				}
				batch = append(batch, it)
			default:
				break fill
			}
		}
		g.db.apply(batch)
		for _, it := range batch {
			it.done.Done()
		}
	}
}

func fail(items []*item, err error) {
	for _, it := range items {
		it.err = err
	}
}
