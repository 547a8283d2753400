// Package clock is the only source of time. Nothing else in the project calls
// time.Now, so that tests and the simulation decide what time it is.
package clock

import (
	"context"
	"sync"
	"time"
)

// Clock tells the time and waits. Implementations are safe for concurrent use.
type Clock interface {
	// Now is the present. Values of one clock may be subtracted from each other.
	Now() time.Time
	// Sleep waits for d, or until ctx ends and returns its error.
	Sleep(ctx context.Context, d time.Duration) error
}

// Seoul is Korean standard time: +09:00 all year since 1988, so no time zone
// database is needed.
var Seoul = time.FixedZone("KST", 9*60*60)

// Day is a Korean business day, written YYYY-MM-DD.
type Day string

// DayOf is the business day of t: the calendar date in Seoul.
func DayOf(t time.Time) Day { return Day(t.In(Seoul).Format(time.DateOnly)) }

// ParseDay reads YYYY-MM-DD.
func ParseDay(s string) (Day, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, Seoul)
	if err != nil {
		return "", err
	}
	return DayOf(t), nil
}

// Start is the first instant of the day. The zero Day starts at the zero time.
func (d Day) Start() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Seoul)
	if err != nil {
		return time.Time{}
	}
	return t
}

// End is the first instant after the day.
func (d Day) End() time.Time { return d.Start().AddDate(0, 0, 1) }

// Micros is t as stored in the database: microseconds since 1970 UTC, 0 for the zero time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// FromMicros is the inverse of Micros, in Seoul time.
func FromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).In(Seoul)
}

// System is the machine's clock.
type System struct{}

// Now is the machine's time, with its monotonic reading.
func (System) Now() time.Time { return time.Now() }

// Sleep waits on a timer of the machine.
func (System) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Fake is a clock that stands still until Advance or Set. Sleepers wake when the
// time they wait for is reached. The zero value is not usable: use NewFake.
type Fake struct {
	mu      sync.Mutex
	now     time.Time
	waiting map[chan struct{}]time.Time
}

// NewFake returns a clock that shows t.
func NewFake(t time.Time) *Fake { return &Fake{now: t, waiting: map[chan struct{}]time.Time{}} }

// Now is the time last set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock and wakes sleepers whose time has come.
func (f *Fake) Advance(d time.Duration) { f.Set(f.Now().Add(d)) }

// Set shows t from now on; it may lie in the past (a clock that jumps back).
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t
	for c, at := range f.waiting {
		if !at.After(t) {
			close(c)
			delete(f.waiting, c)
		}
	}
}

// Sleepers is how many calls of Sleep are waiting; tests wait for it before they advance.
func (f *Fake) Sleepers() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.waiting)
}

// Sleep waits until the clock has been moved by d.
func (f *Fake) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	c := make(chan struct{})
	f.mu.Lock()
	f.waiting[c] = f.now.Add(d)
	f.mu.Unlock()
	select {
	case <-c:
		return nil
	case <-ctx.Done():
		f.mu.Lock()
		delete(f.waiting, c)
		f.mu.Unlock()
		return ctx.Err()
	}
}
