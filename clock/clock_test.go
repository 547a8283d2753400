package clock_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"innopay/clock"
)

func TestDayOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		at   time.Time
		want clock.Day
	}{
		{time.Date(2026, 3, 1, 14, 59, 59, 999_999_999, time.UTC), "2026-03-01"},
		{time.Date(2026, 3, 1, 15, 0, 0, 0, time.UTC), "2026-03-02"},
		{time.Date(2028, 2, 28, 15, 0, 0, 0, time.UTC), "2028-02-29"},
		{time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC), "2027-01-01"},
		{time.Date(2026, 3, 2, 0, 0, 0, 0, clock.Seoul), "2026-03-02"},
		{time.Date(2026, 3, 1, 23, 59, 59, 0, time.FixedZone("", -12*3600)), "2026-03-02"},
	} {
		day := clock.DayOf(test.at)
		if day != test.want {
			t.Errorf("%v is on %s, want %s", test.at, day, test.want)
		}
		if test.at.Before(day.Start()) || !test.at.Before(day.End()) {
			t.Errorf("%v is not between %v and %v", test.at, day.Start(), day.End())
		}
		if day.End().Sub(day.Start()) != 24*time.Hour {
			t.Errorf("%s has %v", day, day.End().Sub(day.Start()))
		}
	}
	if !clock.Day("").Start().IsZero() {
		t.Error("the zero day has a start")
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"2026-03-02", "2028-02-29", "0001-01-01"} {
		if d, err := clock.ParseDay(good); err != nil || string(d) != good {
			t.Errorf("%s is read as %s, %v", good, d, err)
		}
	}
	for _, bad := range []string{"", "2026-3-2", "2026-02-29", "2026-13-01", "20260302", "2026-03-02T00:00:00", " 2026-03-02", "２０２６-03-02"} {
		if d, err := clock.ParseDay(bad); err == nil {
			t.Errorf("%q is read as %s", bad, d)
		}
	}
}

func TestMicros(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 14, 0, 0, 123_456_789, clock.Seoul)
	us := clock.Micros(at)
	back := clock.FromMicros(us)
	if !back.Equal(at.Truncate(time.Microsecond)) || back.Location() != clock.Seoul {
		t.Errorf("%v became %v", at, back)
	}
	if clock.Micros(time.Time{}) != 0 || !clock.FromMicros(0).IsZero() {
		t.Error("the zero time is not zero")
	}
}

func TestSystem(t *testing.T) {
	t.Parallel()
	var c clock.System
	before := c.Now()
	if err := c.Sleep(t.Context(), time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if slept := c.Now().Sub(before); slept < time.Millisecond {
		t.Errorf("slept %v", slept)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Sleep(ended, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("the end of the context gave %v", err)
	}
}

// sleepers waits until n calls of Sleep are waiting.
func sleepers(t *testing.T, f *clock.Fake, n int) {
	t.Helper()
	for f.Sleepers() != n {
		if t.Context().Err() != nil {
			t.Fatal("the sleeper never slept")
		}
		_ = clock.System{}.Sleep(t.Context(), 100*time.Microsecond)
	}
}

func TestFake(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 14, 0, 0, 0, clock.Seoul)
	f := clock.NewFake(start)
	var woke atomic.Int32
	done := make(chan error, 2)
	for _, d := range []time.Duration{time.Minute, time.Hour} {
		go func() {
			err := f.Sleep(t.Context(), d)
			woke.Add(1)
			done <- err
		}()
	}
	sleepers(t, f, 2)
	f.Advance(59 * time.Second)
	if f.Sleepers() != 2 || !f.Now().Equal(start.Add(59*time.Second)) {
		t.Errorf("%d sleep at %v", f.Sleepers(), f.Now())
	}
	f.Advance(time.Second)
	if err := <-done; err != nil || woke.Load() != 1 || f.Sleepers() != 1 {
		t.Errorf("%v, %d woke, %d sleep", err, woke.Load(), f.Sleepers())
	}
	f.Set(start.Add(-time.Hour)) // a clock that jumps back wakes nobody
	if f.Sleepers() != 1 {
		t.Error("woken by a jump back")
	}
	f.Set(start.Add(time.Hour))
	if err := <-done; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() { done <- f.Sleep(ctx, time.Hour) }()
	sleepers(t, f, 1)
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) || f.Sleepers() != 0 {
		t.Errorf("%v, %d sleep", err, f.Sleepers())
	}
	if err := f.Sleep(t.Context(), 0); err != nil {
		t.Error(err)
	}
	if err := f.Sleep(ctx, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("no time to sleep, but the context has ended: %v", err)
	}
}
