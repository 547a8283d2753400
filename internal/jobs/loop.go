package jobs

import (
	"context"
	"log/slog"
	"time"

	"innopay/clock"
)

// Loop repeats the rounds of one worker: at once while there is more to do, else
// after Poll or when woken.
type Loop struct {
	Name  string
	Round func(ctx context.Context) (more bool, err error)
	Clock clock.Clock
	Log   *slog.Logger
	Poll  time.Duration
	Wake  <-chan struct{} // nil: nobody wakes it
}

// slowest is how far failures stretch the time between rounds.
const slowest = 30 * time.Second

// Run works until ctx ends. A failing round is tried again ever more slowly: it is
// the database that is away, and everybody is asking it.
func (l *Loop) Run(ctx context.Context) {
	wait := l.Poll
	for ctx.Err() == nil {
		more, err := l.Round(ctx)
		switch {
		case err != nil:
			if ctx.Err() == nil {
				l.Log.Error("round failed", "worker", l.Name, "err", err)
			}
			wait = min(2*wait, slowest)
			l.pause(ctx, wait, nil)
		case more:
			wait = l.Poll
		default:
			wait = l.Poll
			l.pause(ctx, wait, l.Wake)
		}
	}
}

// pause waits, or until woken, or until ctx ends.
func (l *Loop) pause(ctx context.Context, wait time.Duration, wake <-chan struct{}) {
	ctx, cancel := context.WithCancel(ctx)
	slept := make(chan struct{})
	go func() {
		defer close(slept)
		_ = l.Clock.Sleep(ctx, wait) // that it ended is all that counts
	}()
	select {
	case <-wake:
	case <-slept:
	}
	cancel()
	<-slept
}
