package main

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// measure lets flight callers repeat do, each with its own number, for as long as a
// measurement lasts, and returns how often a second all of them together did it.
// What was begun before the end counts in time and number.
func (b *bench) measure(ctx context.Context, flight int, do func(ctx context.Context, caller int) error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, b.each)
	defer cancel()
	var (
		all  sync.WaitGroup
		n    atomic.Int64
		errs = make([]error, flight)
	)
	begun := b.clock.Now()
	for i := range flight {
		all.Go(func() {
			for ctx.Err() == nil {
				// What is measured is not cut off in the middle.
				if errs[i] = do(context.WithoutCancel(ctx), i); errs[i] != nil {
					cancel()
					return
				}
				n.Add(1)
			}
		})
	}
	all.Wait()
	return float64(n.Load()) / b.clock.Now().Sub(begun).Seconds(), errors.Join(errs...)
}
