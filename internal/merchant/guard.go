package merchant

import (
	"context"
	"errors"
	"sync"
	"time"

	"innopay/clock"
)

// policy is how tries on one subject are limited.
type policy struct {
	limit     int // wrong tries that lead to a lock; also the most tries evaluated in one window
	delayFrom int // from this many wrong tries on each next one must wait; limit: never
	lock      time.Duration
	window    time.Duration // wrong tries older than this are forgotten
}

// The limits of tries (reliability 4.1, 3.5).
var (
	loginPolicy  = policy{limit: 10, delayFrom: 5, lock: 15 * time.Minute, window: 15 * time.Minute}
	cancelPolicy = policy{limit: 5, delayFrom: 5, lock: 15 * time.Minute, window: 15 * time.Minute}
)

const (
	firstDelay = time.Second // after delayFrom wrong tries; doubles with each more
	// abandoned is after how long a try under way counts as given up: its process
	// was killed. Checking a password takes at most hashWait and a moment.
	abandoned = 30 * time.Second
	// patience is how long a try waits for its turn behind others on the subject.
	patience = 5 * time.Second
	// poll is how often another instance's tries are looked at meanwhile.
	poll = 50 * time.Millisecond
	// atOnce is how many tries on one subject this process evaluates at once.
	atOnce = 4
	// mostWaiting bounds the tries on one subject that wait in this process.
	mostWaiting = 256
	// sweepAtOnce bounds the stale rows that a new row takes away.
	sweepAtOnce = 16
)

// verdict is what came of a try.
type verdict uint8

const (
	undecided verdict = iota // was not evaluated to its end: a code is missing, or nothing could be checked
	right
	wrong
)

// lockedOut says that tries are refused for a while.
type lockedOut struct{ wait time.Duration }

func (l lockedOut) Error() string { return "merchant: locked for " + l.wait.String() }

// errCrowded: the turn of this try did not come in time.
var errCrowded = errors.New("merchant: too many tries under way")

// guard counts tries on subjects. The count is kept in the database, so it
// survives restarts and holds over all instances: a try is reserved by a
// conditional update before anything is hashed and settled after, so that
// concurrent tries never exceed the limit.
type guard struct {
	store Store
	clock clock.Clock
	policy
	turns turns
}

// reserve takes a try on the subject. It returns lockedOut, errCrowded, or the
// database's error. Every try that was reserved must be settled.
func (g *guard) reserve(ctx context.Context, subject string) error {
	if !g.turns.enter(ctx, subject) {
		return errCrowded
	}
	start := g.clock.Now()
	for {
		err := g.take(ctx, subject)
		if !errors.Is(err, errCrowded) && !errors.Is(err, ErrStale) {
			if err != nil {
				g.turns.leave(subject)
			}
			return err
		}
		if g.clock.Now().Sub(start) >= patience {
			g.turns.leave(subject)
			return errCrowded
		}
		if errors.Is(err, ErrStale) {
			continue // lost a race against another try; the next look decides
		}
		if err := g.clock.Sleep(ctx, poll); err != nil {
			g.turns.leave(subject)
			return err
		}
	}
}

func (g *guard) take(ctx context.Context, subject string) error {
	return g.store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		row, err := tx.Guard(ctx, subject)
		if err != nil {
			return err
		}
		now := g.clock.Now()
		if row.Version == 0 {
			if err := tx.SweepGuards(ctx, now.Add(-g.window), now, sweepAtOnce); err != nil {
				return err
			}
			row.Subject = subject
		}
		row, err = g.reserved(row, now)
		if err != nil {
			return err
		}
		return tx.PutGuard(ctx, row)
	})
}

// settle ends a reserved try in tx, which also holds what follows from the
// verdict. It returns how many tries are left and, when this one led to a lock,
// for how long. ErrStale asks for the transaction to be run again.
func (g *guard) settle(ctx context.Context, tx Tx, subject string, v verdict) (left int, locked time.Duration, err error) {
	row, err := tx.Guard(ctx, subject)
	if err != nil {
		return 0, 0, err
	}
	now := g.clock.Now()
	next := g.settled(row, v, now)
	left = max(0, g.limit-next.Fails)
	if v == wrong && next.LockedUntil.After(now) {
		locked = next.LockedUntil.Sub(now)
	}
	if row.Version == 0 && v != wrong {
		return left, locked, nil // somebody reset the count meanwhile
	}
	if next.Fails == 0 && next.Pending == 0 && next.LockedUntil.IsZero() {
		return left, locked, tx.DeleteGuard(ctx, subject, row.Version)
	}
	next.Subject = subject
	return left, locked, tx.PutGuard(ctx, next)
}

// finish runs fn and settles the try with the verdict it returns, in one
// transaction, also when the caller has gone: what was evaluated counts.
func (g *guard) finish(ctx context.Context, subject string, fn func(ctx context.Context, tx Tx) (verdict, error)) (left int, locked time.Duration, err error) {
	defer g.turns.leave(subject)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abandoned/2)
	defer cancel()
	for {
		err = g.store.Tx(ctx, func(ctx context.Context, tx Tx) error {
			v, err := fn(ctx, tx)
			if err != nil {
				return err
			}
			left, locked, err = g.settle(ctx, tx, subject, v)
			return err
		})
		if !errors.Is(err, ErrStale) || ctx.Err() != nil {
			return left, locked, err
		}
	}
}

// reserved is the row after one more try was begun.
func (p policy) reserved(r GuardRow, now time.Time) (GuardRow, error) {
	if r.LockedUntil.After(now) {
		return r, lockedOut{r.LockedUntil.Sub(now)}
	}
	if !r.LockedUntil.IsZero() || !r.FailedAt.Add(p.window).After(now) {
		r.Fails, r.LockedUntil = 0, time.Time{}
	}
	if !r.TouchedAt.Add(abandoned).After(now) {
		r.Pending = 0
	}
	if wait := r.FailedAt.Add(p.delay(r.Fails)).Sub(now); r.Fails > 0 && wait > 0 {
		return r, lockedOut{wait}
	}
	if r.Fails+r.Pending >= p.limit {
		return r, errCrowded
	}
	r.Pending++
	r.TouchedAt = now
	r.Version++
	return r, nil
}

// settled is the row after a try ended. A lock that others brought about stays.
func (p policy) settled(r GuardRow, v verdict, now time.Time) GuardRow {
	r.Pending = max(0, r.Pending-1)
	r.Version++
	switch v {
	case undecided:
	case right:
		if !r.LockedUntil.After(now) {
			r.Fails, r.FailedAt, r.LockedUntil = 0, time.Time{}, time.Time{}
		}
	case wrong:
		r.Fails++
		r.FailedAt, r.TouchedAt = now, now
		if r.Fails >= p.limit {
			r.LockedUntil = now.Add(p.lock)
		}
	}
	return r
}

// delay is how long after the last wrong try the next one is taken.
func (p policy) delay(fails int) time.Duration {
	if fails < p.delayFrom || p.delayFrom >= p.limit {
		return 0
	}
	return firstDelay << (fails - p.delayFrom)
}

// turns lets a few tries per subject go at once and the others wait in line, so
// that honest bursts are slowed and not refused.
type turns struct {
	mu sync.Mutex
	m  map[string]*line
}

type line struct {
	slots chan struct{}
	users int // inside or waiting
}

func (t *turns) enter(ctx context.Context, subject string) bool {
	t.mu.Lock()
	if t.m == nil {
		t.m = map[string]*line{}
	}
	l := t.m[subject]
	if l == nil {
		l = &line{slots: make(chan struct{}, atOnce)}
		t.m[subject] = l
	}
	if l.users >= mostWaiting {
		t.mu.Unlock()
		return false
	}
	l.users++
	t.mu.Unlock()
	select {
	case l.slots <- struct{}{}:
		return true
	case <-ctx.Done():
		t.forget(subject, l)
		return false
	}
}

func (t *turns) leave(subject string) {
	t.mu.Lock()
	l := t.m[subject]
	t.mu.Unlock()
	<-l.slots
	t.forget(subject, l)
}

func (t *turns) forget(subject string, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.users--; l.users == 0 {
		delete(t.m, subject)
	}
}
