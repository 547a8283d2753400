package limit_test

import (
	"strconv"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/web/limit"
)

func TestLimiter(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul))
	l := limit.New(limit.Rate{PerSecond: 2, Burst: 3}, c)
	for i := range 3 {
		if d := l.Wait("a"); d != 0 {
			t.Errorf("call %d waits %v", i, d)
		}
	}
	for range 5 { // being refused does not count
		if d := l.Wait("a"); d != 500*time.Millisecond {
			t.Errorf("waits %v", d)
		}
	}
	if d := l.Wait("b"); d != 0 {
		t.Errorf("another client waits %v", d)
	}
	c.Advance(500 * time.Millisecond)
	if d := l.Wait("a"); d != 0 {
		t.Errorf("afterwards waits %v", d)
	}
	free := limit.New(limit.Rate{}, c)
	for range 100 {
		if free.Wait("a") != 0 {
			t.Fatal("no limit, yet it waits")
		}
	}
}

// TestCrowdsAreNotRemembered: a client in use keeps its count while many others
// come and go.
func TestCrowdsAreNotRemembered(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul))
	l := limit.New(limit.Rate{PerSecond: 0.001, Burst: 1}, c)
	l.Wait("busy")
	for i := range 100_000 {
		l.Wait(strconv.Itoa(i))
		if i%5000 == 0 && l.Wait("busy") == 0 {
			t.Fatalf("forgotten after %d others", i)
		}
	}
	if l.Wait("0") != 0 {
		t.Error("every client is remembered: memory grows without bound")
	}
}
