package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/jobs"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// rig is a loop whose rounds the test plays.
type rig struct {
	t     *testing.T
	clock *clock.Fake
	begun chan struct{}
	reply chan result
	wake  chan struct{}
	end   context.CancelFunc
	ended chan struct{}
}

type result struct {
	more bool
	err  error
}

func newRig(t *testing.T) *rig {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &rig{t, clock.NewFake(start), make(chan struct{}), make(chan result), make(chan struct{}), cancel, make(chan struct{})}
	l := &jobs.Loop{
		Name: "test", Clock: r.clock, Log: slog.New(slog.DiscardHandler), Poll: time.Second, Wake: r.wake,
		Round: func(context.Context) (bool, error) {
			r.begun <- struct{}{}
			x := <-r.reply
			return x.more, x.err
		},
	}
	go func() {
		defer close(r.ended)
		l.Run(ctx)
	}()
	return r
}

// round lets one round end so.
func (r *rig) round(x result) {
	r.t.Helper()
	select {
	case <-r.begun:
		r.reply <- x
	case <-time.After(5 * time.Second):
		r.t.Fatal("no round began")
	}
}

// idle waits until the loop sleeps, and sees that it does so for the time given.
func (r *rig) idle(d time.Duration) {
	r.t.Helper()
	for until := time.Now().Add(5 * time.Second); r.clock.Sleepers() == 0; {
		if time.Now().After(until) {
			r.t.Fatal("the loop does not rest")
		}
		time.Sleep(time.Millisecond)
	}
	r.clock.Advance(d - time.Millisecond)
	select {
	case <-r.begun:
		r.t.Fatalf("a round began before %v were over", d)
	case <-time.After(10 * time.Millisecond):
	}
	r.clock.Advance(time.Millisecond)
}

func TestLoop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.round(result{more: true}) // the next follows at once
	r.round(result{})
	r.idle(time.Second)
	broken := result{err: errors.New("the database is away")}
	r.round(broken)
	r.idle(2 * time.Second)
	r.round(broken)
	r.idle(4 * time.Second)
	for _, seconds := range []int{8, 16, 30, 30} { // to a limit
		r.round(broken)
		r.idle(time.Duration(seconds) * time.Second)
	}
	r.round(result{})
	r.wake <- struct{}{} // does not wait for the poll
	r.round(result{})
	r.end()
	select {
	case <-r.ended:
	case <-time.After(5 * time.Second):
		t.Error("the loop goes on after its end")
	}
}
