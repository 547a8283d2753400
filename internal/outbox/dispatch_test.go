package outbox_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/outbox"
)

var start = time.Date(2028, 2, 29, 1, 0, 0, 0, time.UTC)

// shelf is a store of one bucket in memory.
type shelf struct {
	events    []outbox.Event
	delivered map[string]time.Time
	holder    map[string]string
	until     map[string]time.Time
	reads     int
}

func newShelf(es ...outbox.Event) *shelf {
	return &shelf{events: es, delivered: map[string]time.Time{}, holder: map[string]string{}, until: map[string]time.Time{}}
}

func (s *shelf) TakeLease(_ context.Context, name, owner string, now, until time.Time) (bool, error) {
	if s.holder[name] != "" && s.holder[name] != owner && s.until[name].After(now) {
		return false, nil
	}
	s.holder[name], s.until[name] = owner, until
	return true, nil
}

func (s *shelf) WaitingBuckets(context.Context) ([]int, error) { return []int{3}, nil }

func (s *shelf) Waiting(_ context.Context, _ int, after outbox.Position, limit int) ([]outbox.Event, error) {
	s.reads++
	var es []outbox.Event
	for _, e := range s.events {
		if _, gone := s.delivered[e.ID]; !gone && order(e, outbox.Event{Subject: after.Subject, Version: after.Version}) > 0 {
			es = append(es, e)
		}
	}
	slices.SortFunc(es, order)
	return es[:min(limit, len(es))], nil
}

func order(a, b outbox.Event) int {
	return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Version, b.Version))
}

func (s *shelf) Delivered(_ context.Context, at time.Time, es []outbox.Event) error {
	for _, e := range es {
		s.delivered[e.ID] = at
	}
	return nil
}

func (s *shelf) PurgeEvents(_ context.Context, before time.Time, limit int) (int, error) {
	n := 0
	s.events = slices.DeleteFunc(s.events, func(e outbox.Event) bool {
		at, ok := s.delivered[e.ID]
		if !ok || !at.Before(before) || n == limit {
			return false
		}
		n++
		return true
	})
	return n, nil
}

// listener remembers what it was told, and refuses what refuse says.
type listener struct {
	name   string
	refuse func(e outbox.Event) bool
	told   []string
}

func (l *listener) Name() string { return l.name }

func (l *listener) Deliver(_ context.Context, e outbox.Event) error {
	l.told = append(l.told, e.ID)
	if l.refuse != nil && l.refuse(e) {
		return errors.New("away")
	}
	return nil
}

func event(subject string, version int64) outbox.Event {
	return outbox.Event{ID: fmt.Sprintf("%s-%d", subject, version), Subject: subject, Version: version}
}

func dispatcher(s outbox.Store, c clock.Clock, ls ...*listener) *outbox.Dispatcher {
	d := &outbox.Dispatcher{Store: s, Clock: c, Log: slog.New(slog.DiscardHandler), Owner: "a"}
	for _, l := range ls {
		d.Subscribers = append(d.Subscribers, l)
	}
	return d
}

func round(t *testing.T, d *outbox.Dispatcher) bool {
	t.Helper()
	more, err := d.Round(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return more
}

func TestOrder(t *testing.T) {
	t.Parallel()
	s := newShelf(event("b", 2), event("a", 3), event("a", 1), event("b", 1), event("a", 2))
	l := &listener{name: "one"}
	d := dispatcher(s, clock.NewFake(start), l)
	if !round(t, d) || round(t, d) {
		t.Error("a round must tell whether it delivered")
	}
	if got := strings.Join(l.told, " "); got != "a-1 a-2 a-3 b-1 b-2" {
		t.Errorf("told %s", got)
	}
}

func TestFailureHoldsItsSubjectOnly(t *testing.T) {
	t.Parallel()
	s := newShelf(event("a", 1), event("a", 2), event("b", 1))
	away := true
	good := &listener{name: "good"}
	bad := &listener{name: "bad", refuse: func(e outbox.Event) bool { return away && e.Subject == "a" }}
	c := clock.NewFake(start)
	d := dispatcher(s, c, good, bad)
	round(t, d)
	if got := strings.Join(bad.told, " "); got != "a-1 b-1" {
		t.Errorf("first round told %s", got)
	}
	round(t, d)
	if len(bad.told) != 2 {
		t.Errorf("told again before its time: %v", bad.told)
	}
	c.Advance(time.Second)
	round(t, d) // fails again: the pause doubles
	c.Advance(time.Second)
	round(t, d)
	if got := strings.Join(bad.told, " "); got != "a-1 b-1 a-1" {
		t.Errorf("with back-off told %s", got)
	}
	away = false
	c.Advance(time.Second)
	round(t, d)
	round(t, d)
	if got := strings.Join(bad.told, ","); got != "a-1,b-1,a-1,a-1,a-2" {
		t.Errorf("afterwards told %s", got)
	}
	if got := strings.Join(good.told, " "); got != "a-1 b-1 a-2" {
		t.Errorf("who had the event already was told %s", got)
	}
}

func TestBackOffIsBounded(t *testing.T) {
	t.Parallel()
	s := newShelf(event("a", 1))
	l := &listener{name: "down", refuse: func(outbox.Event) bool { return true }}
	c := clock.NewFake(start)
	d := dispatcher(s, c, l)
	for range 24 * 60 {
		round(t, d)
		c.Advance(time.Minute)
	}
	if n := len(l.told); n < 24*6 || n > 24*6+20 {
		t.Errorf("told %d times in a day, want about every ten minutes", n)
	}
}

func TestManyPages(t *testing.T) {
	t.Parallel()
	s := newShelf()
	for i := range 250 {
		s.events = append(s.events, event(fmt.Sprintf("s%03d", i), 1))
	}
	l := &listener{name: "one", refuse: func(e outbox.Event) bool { return e.Subject < "s120" }}
	round(t, dispatcher(s, clock.NewFake(start), l))
	if len(l.told) != 250 || len(s.delivered) != 130 {
		t.Errorf("told %d, delivered %d: failures at the front must not hide what is behind", len(l.told), len(s.delivered))
	}
}

func TestOneServesABucket(t *testing.T) {
	t.Parallel()
	s := newShelf(event("a", 1))
	c := clock.NewFake(start)
	if ok, err := s.TakeLease(context.Background(), "outbox/3", "other", start, start.Add(time.Minute)); !ok || err != nil {
		t.Fatal(ok, err)
	}
	l := &listener{name: "one"}
	d := dispatcher(s, c, l)
	round(t, d)
	if len(l.told) != 0 {
		t.Error("told without the lease")
	}
	c.Advance(time.Minute)
	round(t, d)
	if len(l.told) != 1 {
		t.Error("not told when the lease had run out")
	}
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := newShelf(event("a", 1), event("b", 1))
	l := &listener{name: "one", refuse: func(e outbox.Event) bool { return e.Subject == "b" }}
	c := clock.NewFake(start)
	d := dispatcher(s, c, l)
	round(t, d)
	c.Advance(7*24*time.Hour - time.Minute)
	round(t, d)
	if len(s.events) != 2 {
		t.Error("purged before seven days")
	}
	c.Advance(2 * time.Hour)
	round(t, d)
	if len(s.events) != 1 || s.events[0].Subject != "b" {
		t.Errorf("left after the purge: %v; what waits is never purged", s.events)
	}
}
