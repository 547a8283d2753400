package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/health"
	"innopay/internal/payment"
)

// HealthStore is what the health feature stands on.
type HealthStore struct {
	Payments payment.Store
	Health   health.Store
}

// Healths runs the suite of health.Store.
func Healths(t *testing.T, fresh func(t *testing.T) HealthStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, HealthStore)
	}{
		{"of twenty at once one raises an alarm, and one clears it", alarmOnce},
		{"an alarm is told, and acknowledged once", alarmTold},
		{"queues are counted", queuesCounted},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

var causeOfTests = health.Finding{Code: "HEALTH_QUEUE", Subject: "events", Severity: health.Critical, Message: "시험"}

func alarmOnce(t *testing.T, s HealthStore) {
	ctx, d := context.Background(), NewDesk(401)
	atOnce := func(do func(id, audit string) (bool, error)) int {
		t.Helper()
		var mu sync.Mutex
		n := 0
		var all sync.WaitGroup
		for range 20 {
			alarm, rec := d.ID(id.Alarm), d.ID(id.Audit)
			all.Go(func() {
				ok, err := do(alarm, rec)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				if ok {
					n++
				}
			})
		}
		all.Wait()
		return n
	}
	raise := func(alarm, rec string) (bool, error) {
		r := d.recordAt(rec, "alarm.raised")
		return s.Health.Raise(ctx, causeOfTests, alarm, Start, r)
	}
	if n := atOnce(raise); n != 1 {
		t.Errorf("%d raised it", n)
	}
	open, err := s.Health.Open(ctx, 10)
	if err != nil || len(open) != 1 || open[0].Times != 20 || open[0].Message != "시험" {
		t.Errorf("%+v %v", open, err)
	}
	clear1 := func(since time.Time) func(_, rec string) (bool, error) {
		return func(_, rec string) (bool, error) {
			return s.Health.Clear(ctx, causeOfTests.Code, causeOfTests.Subject, since, Start.Add(time.Hour), d.recordAt(rec, "alarm.cleared"))
		}
	}
	if n := atOnce(clear1(Start.Add(-time.Second))); n != 0 {
		t.Errorf("cleared although its cause was met since, %d times", n)
	}
	if n := atOnce(clear1(Start)); n != 1 {
		t.Errorf("%d cleared it", n)
	}
	if n := atOnce(raise); n != 1 {
		t.Errorf("%d raised the next one", n)
	}
	if all, err := s.Health.Alarms(ctx, health.Filter{Code: causeOfTests.Code}, 10); err != nil || len(all) != 2 {
		t.Errorf("%+v %v", all, err)
	}
}

func alarmTold(t *testing.T, s HealthStore) {
	ctx, d := context.Background(), NewDesk(411)
	alarm := d.ID(id.Alarm)
	if ok, err := s.Health.Raise(ctx, causeOfTests, alarm, Start, d.record("alarm.raised", alarm)); err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	due := func(now time.Time) int {
		t.Helper()
		as, err := s.Health.ToTell(ctx, now, 10)
		must(t, err)
		return len(as)
	}
	if due(Start.Add(-time.Second)) != 0 || due(Start) != 1 {
		t.Error("not due when it was raised")
	}
	a, err := s.Health.Alarm(ctx, alarm)
	must(t, err)
	a.Tries = 1
	must(t, s.Health.Told(ctx, a, Start.Add(time.Minute)))
	if due(Start) != 0 || due(Start.Add(time.Minute)) != 1 {
		t.Error("not due again when it was to be")
	}
	if a, err = s.Health.Alarm(ctx, alarm); err != nil || a.Tries != 1 {
		t.Fatalf("%+v %v", a, err)
	}
	a.ToldRaised = Start
	must(t, s.Health.Told(ctx, a, time.Time{}))
	if due(Start.Add(time.Hour)) != 0 {
		t.Error("told and still due")
	}
	got, err := s.Health.Acknowledge(ctx, alarm, "usr_1", "봤어요", true, Start.Add(time.Minute), d.record("alarm.ack", alarm))
	if err != nil || got.Note != "봤어요" || got.ClearedAt.IsZero() || got.AcknowledgedBy != "usr_1" {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := s.Health.Acknowledge(ctx, alarm, "usr_2", "", true, Start, d.record("alarm.ack", alarm)); !errors.Is(err, health.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
	if _, err := s.Health.Alarm(ctx, "alm_none"); !errors.Is(err, health.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func queuesCounted(t *testing.T, s HealthStore) {
	ctx, d := context.Background(), NewDesk(421)
	in := d.Intent()
	commit(t, s.Payments, in)
	settle(t, s.Payments, d.Unknown(in))
	queues, err := s.Health.Queues(ctx, d.Now.Add(time.Hour))
	must(t, err)
	got := map[string]int64{}
	for _, q := range queues {
		got[q.Name] = q.Depth
		if q.Depth > 0 && (q.Oldest.Before(Start) || q.Oldest.After(d.Now)) {
			t.Errorf("%s since %v", q.Name, q.Oldest)
		}
	}
	if got["events"] != 1 || got["unsettled"] != 1 || got["audit"] != 2 || got["messages"] != 0 || got["unknown"] != 1 || got["webhooks"] != 0 || len(got) != 9 {
		t.Errorf("%v", got)
	}
	if disk, err := s.Health.Database(ctx); err != nil || disk.Size < 10_000 || disk.Engine == "SQLite" && disk.Free < 1 {
		t.Errorf("%+v %v", disk, err)
	}
}
