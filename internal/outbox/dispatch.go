package outbox

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"innopay/clock"
)

// Subscriber acts on events. It is told every event at least once, and the events of
// one subject in the order of their versions; it tells repeats by the event's id.
type Subscriber interface {
	// Name is stable and stands in logs.
	Name() string
	// Deliver acts on the event. An error has it told again later, before any later
	// event of the same subject.
	Deliver(ctx context.Context, e Event) error
}

// Store is what the dispatcher asks of the database.
type Store interface {
	// TakeLease makes owner the only one who does the named work until the given
	// time, and reports false while another holds it; the holder prolongs its own.
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// WaitingBuckets lists the buckets in which events wait.
	WaitingBuckets(ctx context.Context) ([]int, error)
	// Waiting lists up to limit waiting events of a bucket that come after the
	// position, ordered by subject and version.
	Waiting(ctx context.Context, bucket int, after Position, limit int) ([]Event, error)
	// Delivered marks events that every subscriber has.
	Delivered(ctx context.Context, at time.Time, es []Event) error
	// PurgeEvents removes up to limit events delivered before the given time, and
	// reports how many.
	PurgeEvents(ctx context.Context, before time.Time, limit int) (int, error)
}

// Position is a place in the order of a bucket. The zero value is its start.
type Position struct {
	Subject string
	Version int64
}

// Figures of the dispatcher.
const (
	page        = 100              // events read at once
	leaseFor    = 30 * time.Second // of a bucket; prolonged before every page and subscriber
	deliverWait = 10 * time.Second // one subscriber, one event
	firstPause  = time.Second      // of a subject after a failure; doubles
	lastPause   = 10 * time.Minute
	mostStuck   = 1000 // subjects that wait for their time, per bucket; then the bucket waits as a whole
	purgeEvery  = time.Hour
	purgeMost   = 500
)

// Kept is how long an event stays after everybody was told of it.
const Kept = 7 * 24 * time.Hour

// Dispatcher tells subscribers of events. Any number of instances may run one; a
// bucket is served by one at a time, which keeps the order.
type Dispatcher struct {
	Store       Store
	Subscribers []Subscriber
	Clock       clock.Clock
	Log         *slog.Logger
	Owner       string

	stuck  map[int]map[string]*failure
	purged time.Time
}

// failure is a subject whose next event was refused.
type failure struct {
	event string
	had   []bool // by subscriber: these have the event already
	tries int
	until time.Time
}

// Round serves every bucket once, as far as nobody else does. It reports whether
// something was delivered, so that the caller looks again at once. It is called by
// one goroutine.
func (d *Dispatcher) Round(ctx context.Context) (bool, error) {
	if d.stuck == nil {
		d.stuck = map[int]map[string]*failure{}
	}
	buckets, err := d.Store.WaitingBuckets(ctx)
	if err != nil {
		return false, fmt.Errorf("outbox: %w", err)
	}
	moved := false
	for _, b := range buckets {
		n, err := d.bucket(ctx, b)
		if err != nil {
			return moved, fmt.Errorf("outbox: bucket %d: %w", b, err)
		}
		moved = moved || n > 0
	}
	return moved, d.purge(ctx)
}

// lease takes or prolongs the bucket.
func (d *Dispatcher) lease(ctx context.Context, bucket int) (bool, error) {
	now := d.Clock.Now()
	return d.Store.TakeLease(ctx, fmt.Sprintf("outbox/%d", bucket), d.Owner, now, now.Add(leaseFor))
}

// bucket serves one bucket from its start to its end and returns how many events
// were delivered.
func (d *Dispatcher) bucket(ctx context.Context, b int) (int, error) {
	delivered := 0
	var at Position
	for {
		mine, err := d.lease(ctx, b)
		if err != nil || !mine {
			return delivered, err
		}
		es, err := d.Store.Waiting(ctx, b, at, page)
		if err != nil || len(es) == 0 {
			return delivered, err
		}
		done := d.tell(ctx, b, es)
		if len(done) > 0 {
			if err := d.Store.Delivered(ctx, d.Clock.Now(), done); err != nil {
				return delivered, err
			}
		}
		delivered += len(done)
		if len(es) < page || len(d.stuck[b]) >= mostStuck || ctx.Err() != nil {
			return delivered, ctx.Err()
		}
		last := es[len(es)-1]
		at = Position{last.Subject, last.Version}
	}
}

// tell delivers a page and returns the events that every subscriber has. An event
// whose predecessor is not delivered waits with it.
func (d *Dispatcher) tell(ctx context.Context, b int, es []Event) []Event {
	// The lease covers a page of quick subscribers; slow ones end the page early.
	deadline := d.Clock.Now().Add(leaseFor - deliverWait)
	done := make([]Event, 0, len(es))
	for _, e := range es {
		now := d.Clock.Now()
		if now.After(deadline) || ctx.Err() != nil {
			break
		}
		f := d.stuck[b][e.Subject]
		if f != nil && (f.event != e.ID || now.Before(f.until)) {
			continue
		}
		if d.deliver(ctx, b, e, f) {
			done = append(done, e)
		}
	}
	return done
}

// deliver gives the event to the subscribers that do not have it yet.
func (d *Dispatcher) deliver(ctx context.Context, b int, e Event, f *failure) bool {
	had := make([]bool, len(d.Subscribers))
	if f != nil {
		copy(had, f.had)
	}
	whole := true
	for i, s := range d.Subscribers {
		if had[i] {
			continue
		}
		once, cancel := context.WithTimeout(ctx, deliverWait)
		err := s.Deliver(once, e)
		cancel()
		if err != nil {
			whole = false
			d.Log.Warn("event not delivered", "subscriber", s.Name(), "event", e.ID, "type", e.Type, "err", err)
			continue
		}
		had[i] = true
	}
	if whole {
		delete(d.stuck[b], e.Subject)
		return true
	}
	d.hold(b, e, f, had)
	return false
}

// hold has the subject wait, longer after every failure.
func (d *Dispatcher) hold(b int, e Event, f *failure, had []bool) {
	tries := 0
	if f != nil {
		tries = f.tries
	}
	pause := lastPause
	if tries < 10 {
		pause = min(firstPause<<tries, lastPause)
	}
	if d.stuck[b] == nil {
		d.stuck[b] = map[string]*failure{}
	}
	d.stuck[b][e.Subject] = &failure{event: e.ID, had: had, tries: tries + 1, until: d.Clock.Now().Add(pause)}
}

// purge removes what was delivered long ago, a little at a time.
func (d *Dispatcher) purge(ctx context.Context) error {
	now := d.Clock.Now()
	if now.Sub(d.purged) < purgeEvery {
		return nil
	}
	mine, err := d.Store.TakeLease(ctx, "outbox/purge", d.Owner, now, now.Add(purgeEvery/2))
	if err != nil {
		return fmt.Errorf("outbox: purge: %w", err)
	}
	if mine {
		n, err := d.Store.PurgeEvents(ctx, now.Add(-Kept), purgeMost)
		if err != nil {
			return fmt.Errorf("outbox: purge: %w", err)
		}
		if n == purgeMost {
			return nil // more is left: the next round goes on
		}
	}
	d.purged = now
	return nil
}
