package memory

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"innopay/internal/payment"
)

// Point names a commit by what it makes durable (reliability 3).
type Point string

// The points.
const (
	Intents  Point = "INTENT"   // W1 of a payment
	Outcomes Point = "OUTCOME"  // W2 or W3 of a payment
	General  Point = "TX"       // a transaction of Tx: cancels, settling
	Leasing  Point = "LEASE"    // jobs taken by a worker
	Numbers  Point = "STAN"     // a block of trace numbers
	Evidence Point = "EVIDENCE" // a late answer
)

// Commit is one commit that is about to be decided.
type Commit struct {
	Point Point
	Owner string // of Leasing
}

// Fate is what a Hook makes of a commit.
type Fate uint8

// The fates.
const (
	Proceed     Fate = iota
	Fail             // nothing is written, ErrBroken
	Lose             // it is written, and ErrBroken is returned all the same
	Rerun            // it is written, runs again as if it were not, and is told it stands
	Full             // nothing is written, payment.ErrNoSpace
	Overload         // nothing is written, payment.ErrOverloaded
	CrashBefore      // nothing is written and the process dies: panic with a Crash
	CrashAfter       // it is written and the process dies: panic with a Crash
)

// Hook decides the fate of each commit: each item of a batch, each transaction. It
// is called once the commit's conditions hold, with the store locked, so it must
// not call the store. It must be safe for concurrent use when the store is shared.
type Hook func(Commit) Fate

// Crash is what a fate of dying panics with. Whoever runs the core recovers it and
// drops the process's memory.
type Crash struct{ Point Point }

// ErrBroken: the connection to the database broke, the outcome is not known.
var ErrBroken = errors.New("memory: connection lost")

// errOpen is how a broken connection is told: whoever asked cannot know.
var errOpen = fmt.Errorf("%w: %w", payment.ErrOpen, ErrBroken)

// decide applies the fate of a commit whose changes stand in l and that fn made.
func (s *Store) decide(l *log, c Commit, fn func(*log) error) error {
	switch s.hook(c) {
	case Proceed:
		return nil
	case Rerun:
		// As a database does whose COMMIT was lost and cannot be read again at once: the
		// transaction meets what it has written.
		again := &log{}
		_ = fn(again) // whatever it says, the first run stands
		again.rollback()
		return nil
	case Fail:
		l.rollback()
		return errOpen
	case Lose:
		return errOpen
	case Full:
		l.rollback()
		return payment.ErrNoSpace
	case Overload:
		l.rollback()
		return payment.ErrOverloaded
	case CrashBefore:
		l.rollback()
		panic(Crash{c.Point})
	case CrashAfter:
		panic(Crash{c.Point})
	}
	return nil
}

// log is what undoes the changes of one transaction.
type log struct{ undo []func() }

func (l *log) rollback() {
	for _, undo := range slices.Backward(l.undo) {
		undo()
	}
	l.undo = nil
}

func put[K comparable, V any](l *log, m map[K]V, k K, v V) {
	before, had := m[k]
	l.undo = append(l.undo, func() {
		if had {
			m[k] = before
		} else {
			delete(m, k)
		}
	})
	m[k] = v
}

func drop[K comparable, V any](l *log, m map[K]V, k K) {
	before, had := m[k]
	if had {
		l.undo = append(l.undo, func() { m[k] = before })
		delete(m, k)
	}
}

func add[V any](l *log, list *[]V, v V) {
	n := len(*list)
	l.undo = append(l.undo, func() { *list = (*list)[:n] })
	*list = append(*list, v)
}

// write runs fn as one transaction: all of it or nothing, also when fn panics.
func (s *Store) write(ctx context.Context, c Commit, fn func(*log) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &log{}
	done := false
	defer func() {
		if !done {
			l.rollback()
		}
	}()
	err := fn(l)
	done = true
	if err != nil {
		l.rollback()
		return err
	}
	return s.decide(l, c, fn)
}
