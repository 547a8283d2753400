// Package jobs are the workers of the server: each leases rows from the database,
// so that any number of instances work as one, and does one bounded step a row.
package jobs

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
)

// Settler settles attempts without a final outcome: it reverses, inquires and
// repeats until each is proven (reliability 3.1). Every step may be repeated by any
// instance, so a lease that lapses does no harm.
type Settler struct {
	Store    payment.Store
	Payments *payment.Service
	Clock    clock.Clock
	Log      *slog.Logger
	Owner    string
	// Lease is how long one step may take at most: some calls to the acquirer.
	Lease time.Duration
	// Poll is how often due rows are looked for when nobody wakes the settler.
	Poll time.Duration
	// Looked is told how each look for due rows went; it may be nil.
	Looked func(from time.Time, err error)

	once   sync.Once
	signal chan struct{}
}

// settleWidth is how many steps run at once: a silent acquirer must not make one
// unknown payment wait for the others.
const settleWidth = 64

// Wake has due rows looked for at once. It never blocks.
func (s *Settler) Wake() {
	s.init()
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

func (s *Settler) init() { s.once.Do(func() { s.signal = make(chan struct{}, 1) }) }

// Run works until ctx ends, then waits for the steps under way.
func (s *Settler) Run(ctx context.Context) {
	s.init()
	slots := make(chan struct{}, settleWidth)
	var steps sync.WaitGroup
	defer steps.Wait()
	for ctx.Err() == nil {
		if s.round(ctx, slots, &steps) == settleWidth {
			continue // more may be due
		}
		s.pause(ctx)
	}
}

// round leases as many rows as there are free slots and starts a step for each. It
// returns how many were due.
func (s *Settler) round(ctx context.Context, slots chan struct{}, steps *sync.WaitGroup) int {
	free := cap(slots) - len(slots)
	if free == 0 {
		return 0
	}
	now := s.Clock.Now()
	jobs, err := s.Store.Lease(ctx, s.Owner, now, now.Add(s.Lease), free)
	if s.Looked != nil && ctx.Err() == nil {
		s.Looked(now, err)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Error("unsettled rows not leased", "err", err)
		}
		return 0
	}
	for _, job := range jobs {
		slots <- struct{}{}
		steps.Go(func() {
			defer func() { <-slots; s.Wake() }()
			s.step(ctx, job)
		})
	}
	return len(jobs)
}

func (s *Settler) step(ctx context.Context, job payment.Unsettled) {
	// A step under way ends properly when the server stops: its message may have left.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Lease)
	defer cancel()
	err := s.Payments.Settle(ctx, job)
	switch {
	case err == nil:
	case errors.Is(err, payment.ErrChanged):
		s.Log.Info("unsettled row changed meanwhile", "attempt", job.AttemptID)
	default:
		s.Log.Error("unsettled row not settled", "attempt", job.AttemptID, "payment", job.PaymentID, "phase", job.Phase, "err", err)
	}
}

func (s *Settler) pause(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Clock.Sleep(ctx, s.Poll) // its end is all that counts
	}()
	select {
	case <-s.signal:
	case <-done:
	}
	cancel()
	<-done
}
