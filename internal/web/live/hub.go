// Package live tells the devices of a merchant at once what happens to its payments.
// The outbox is the source, so that any instance serves any device, whichever
// instance took the payment. What is told is a hint to read again, never a truth of
// its own: it may come twice, and whoever missed too much is told to start afresh.
package live

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Store is where events are read.
type Store interface {
	// EventsAfter lists up to limit events of a bucket with ids above the given one, in
	// the order of their ids.
	EventsAfter(ctx context.Context, bucket int, after string, limit int) ([]outbox.Event, error)
	// EventsOf is EventsAfter for one merchant.
	EventsOf(ctx context.Context, t merchant.Tenant, after string, limit int) ([]outbox.Event, error)
	// EventBucket is where a merchant's events stand.
	EventBucket(t merchant.Tenant) int
}

// Figures of the hub. An event's id is older than its commit; who looks only behind
// the newest id would miss what was committed late. So each look goes back a little,
// and now and then far; what was told already is told apart by its id.
const (
	lookEvery = 250 * time.Millisecond // how soon events of other instances are seen
	lookPause = 20 * time.Millisecond  // at least, between two looks when this instance commits all the time
	lookShare = 5                      // a look that took long is followed by a rest so many times as long
	lookBack  = 200 * time.Millisecond // behind the newest event seen
	farEvery  = 2 * time.Second
	farBack   = 10 * time.Second
	page      = 500
	mostPages = 200
	// Replay bounds what a returning device is told; one that was away for longer, or
	// missed more, starts afresh.
	replayAge  = 10 * time.Minute
	replayMost = 200
	queue      = 64 // events a slow device may be behind
)

// Limits of listeners, beyond which Listen refuses.
const (
	MostListeners   = 20_000 // of one instance
	MostPerMerchant = 100
)

// Hub reads the outbox for all listeners of this instance. It is safe for concurrent
// use.
type Hub struct {
	Store Store
	Clock clock.Clock
	Log   *slog.Logger
	// Wake hints that this instance has committed events; nil: the hub only polls.
	Wake <-chan struct{}

	mu        sync.Mutex
	merchants map[string]map[*Listener]bool
	count     int
	ended     bool
	buckets   map[int]*bucket
}

// bucket is what the hub knows of one bucket with listeners. Only Run touches it but
// for its number of listeners.
type bucket struct {
	listeners int
	seen      map[string]time.Time // events told, until they are too old to be met again
	since     time.Time            // what is older happened before anybody listened
	newest    time.Time            // time part of the newest id seen
	far       time.Time            // last look far back
}

// Listener is one device that listens.
type Listener struct {
	// Events gives what happens; it is closed when the device is too far behind and has
	// to start afresh, or when the hub ends.
	Events chan outbox.Event
	tenant merchant.Tenant
	hub    *Hub
	closed bool
}

// Listen begins to listen, or reports false when there are too many. Close ends it.
func (h *Hub) Listen(t merchant.Tenant) (*Listener, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.merchants == nil {
		h.merchants, h.buckets = map[string]map[*Listener]bool{}, map[int]*bucket{}
	}
	all := h.merchants[t.ID()]
	if h.ended || h.count >= MostListeners || len(all) >= MostPerMerchant {
		return nil, false
	}
	if all == nil {
		all = map[*Listener]bool{}
		h.merchants[t.ID()] = all
	}
	l := &Listener{Events: make(chan outbox.Event, queue), tenant: t, hub: h}
	all[l] = true
	h.count++
	for _, n := range h.bucketsOf(t) {
		if h.buckets[n] == nil {
			now := h.Clock.Now()
			h.buckets[n] = &bucket{seen: map[string]time.Time{}, since: now.Add(-lookBack), newest: now, far: now}
		}
		h.buckets[n].listeners++
	}
	return l, true
}

// everybody is whose events every device is told.
var everybody = merchant.TenantOf("")

// bucketsOf are where a merchant's events stand, and those of everybody.
func (h *Hub) bucketsOf(t merchant.Tenant) []int {
	own, all := h.Store.EventBucket(t), h.Store.EventBucket(everybody)
	if own == all {
		return []int{own}
	}
	return []int{own, all}
}

// Close ends listening. It may be called again.
func (l *Listener) Close() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.hub.drop(l)
}

// drop forgets the listener; the caller holds the lock.
func (h *Hub) drop(l *Listener) {
	if l.closed {
		return
	}
	l.closed = true
	close(l.Events)
	h.count--
	delete(h.merchants[l.tenant.ID()], l)
	if len(h.merchants[l.tenant.ID()]) == 0 {
		delete(h.merchants, l.tenant.ID())
	}
	for _, n := range h.bucketsOf(l.tenant) {
		if h.buckets[n].listeners--; h.buckets[n].listeners == 0 {
			delete(h.buckets, n)
		}
	}
}

// Missed lists what happened after the event that a returning device knows. It
// reports false when that is too long ago or too much: the device starts afresh.
func (h *Hub) Missed(ctx context.Context, t merchant.Tenant, last string) ([]outbox.Event, bool, error) {
	if !id.Valid(id.Event, last) || h.Clock.Now().Sub(id.Time(last)) > replayAge {
		return nil, false, nil
	}
	// From a little before, for what was committed late; the device tells repeats apart.
	after := id.Floor(id.Event, id.Time(last).Add(-time.Second))
	es, err := h.Store.EventsOf(ctx, t, after, replayMost+1)
	if err != nil {
		return nil, false, err
	}
	all, err := h.Store.EventsOf(ctx, everybody, after, replayMost+1)
	if err != nil || len(es)+len(all) > replayMost {
		return nil, false, err
	}
	es = append(es, all...)
	slices.SortFunc(es, func(a, b outbox.Event) int { return strings.Compare(a.ID, b.ID) })
	return es, true, nil
}

// Run looks for events until ctx ends, then ends every listener.
func (h *Hub) Run(ctx context.Context) {
	for ctx.Err() == nil {
		start := h.Clock.Now()
		if err := h.look(ctx); err != nil && ctx.Err() == nil {
			h.Log.Error("live events not read", "err", err)
		}
		rest := min(max(lookPause, lookShare*h.Clock.Now().Sub(start)), farEvery)
		if h.Clock.Sleep(ctx, rest) == nil {
			h.pause(ctx)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for _, all := range h.merchants {
		for l := range all {
			h.drop(l)
		}
	}
}

// pause waits for a hint, or until it is time to look for what others did.
func (h *Hub) pause(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		_ = h.Clock.Sleep(ctx, lookEvery) // that it ended is all that counts
	}()
	select {
	case <-h.Wake:
	case <-slept:
	}
	cancel()
	<-slept
}

// look reads the buckets in which somebody listens.
func (h *Hub) look(ctx context.Context) error {
	h.mu.Lock()
	numbers := make([]int, 0, len(h.buckets))
	for n := range h.buckets {
		numbers = append(numbers, n)
	}
	h.mu.Unlock()
	for _, n := range numbers {
		if err := h.bucket(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// bucket tells what is new in one bucket.
func (h *Hub) bucket(ctx context.Context, n int) error {
	h.mu.Lock()
	b := h.buckets[n]
	h.mu.Unlock()
	if b == nil {
		return nil
	}
	now := h.Clock.Now()
	from := b.newest.Add(-lookBack)
	if age := now.Sub(b.far); age >= farEvery || age < 0 {
		from, b.far = now.Add(-farBack), now
		for e, at := range b.seen {
			if now.Sub(at) > 2*farBack {
				delete(b.seen, e)
			}
		}
	}
	after := id.Floor(id.Event, from)
	for range mostPages {
		es, err := h.Store.EventsAfter(ctx, n, after, page)
		if err != nil {
			return err
		}
		for _, e := range es {
			after = e.ID
			made := id.Time(e.ID)
			if made.After(b.newest) && !made.After(now) {
				b.newest = made
			}
			if _, told := b.seen[e.ID]; !told && !made.Before(b.since) {
				b.seen[e.ID] = now
				h.tell(e)
			}
		}
		if len(es) < page {
			return nil
		}
	}
	return nil
}

// tell hands the event to the merchant's devices, or to all when it is nobody's own.
func (h *Hub) tell(e outbox.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.MerchantID != "" {
		h.hand(e, h.merchants[e.MerchantID])
		return
	}
	for _, all := range h.merchants {
		h.hand(e, all)
	}
}

// hand gives the event to devices. One that is too far behind is let go: it comes back
// and starts afresh. The caller holds the lock.
func (h *Hub) hand(e outbox.Event, to map[*Listener]bool) {
	for l := range to {
		select {
		case l.Events <- e:
		default:
			h.drop(l)
		}
	}
}
