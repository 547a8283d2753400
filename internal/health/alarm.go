package health

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
)

// ErrNotFound: no such alarm, or somebody was faster.
var ErrNotFound = fault.New(fault.NotFound, "ALARM_NOT_FOUND", "알람을 찾을 수 없거나 이미 확인했어요.")

// Figures of the watch.
const (
	WatchEvery = 15 * time.Second
	// overAfter is how long the cause of a state must not have been met, by any instance.
	overAfter = 4 * WatchEvery
	leaseName = "health/watch"
	maxOpen   = 1000
	maxFound  = 256 // causes from the log that wait to be raised
	tellMost  = 20
	tellTries = 20
	tellFirst = 10 * time.Second
	tellMax   = time.Hour
	tellWait  = 10 * time.Second // one mail or call
)

// Teller tells people of an alarm. It is called for every alarm at least once when it is
// raised and when it is over.
type Teller interface {
	Name() string
	Tell(ctx context.Context, a Alarm) error
}

// Round looks at everything once: it raises what is past its threshold, ends what is over,
// and tells. Any number of instances may run one; each raises what it sees, and one of
// them ends and tells. It is called by one goroutine.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.now()
	findings := s.taken()
	for _, c := range s.Checks(ctx) {
		if !c.alarming() {
			continue
		}
		f := Finding{Code: c.code(), Subject: c.Name, Severity: Warning, Message: c.Message}
		if c.Status == Fail {
			f.Severity = Critical
		}
		findings = append(findings, f)
	}
	var errs []error
	for _, f := range findings {
		if _, err := s.Store.Raise(ctx, f, s.IDs.At(id.Alarm, now), now, s.record("alarm.raised", f.Code, f.Subject)); err != nil {
			errs = append(errs, err)
			s.keep(f)
		}
	}
	mine, err := s.Store.TakeLease(ctx, leaseName, s.Owner, now, now.Add(3*WatchEvery))
	if err == nil && mine {
		errs = append(errs, s.end(ctx, now), s.tell(ctx, now))
	}
	return false, errors.Join(append(errs, err)...)
}

func (s *Service) record(action, code, subject string) audit.Record {
	now := s.now()
	return audit.Record{
		ID: s.IDs.At(id.Audit, now), At: now, Actor: s.Owner, Action: action, Subject: subject, Detail: audit.Detail(map[string]any{"code": code}),
	}
}

// isState reports whether an alarm ends by itself when its cause is no longer met.
func isState(code string) bool { return len(code) > 7 && code[:7] == "HEALTH_" }

// end clears alarms of states whose cause no instance has met for a while.
func (s *Service) end(ctx context.Context, now time.Time) error {
	open, err := s.Store.Open(ctx, maxOpen)
	errs := []error{err}
	for _, a := range open {
		since := now.Add(-overAfter)
		if !isState(a.Code) || a.SeenAt.After(since) {
			continue
		}
		_, err := s.Store.Clear(ctx, a.Code, a.Subject, since, now, s.record("alarm.cleared", a.Code, a.Subject))
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// tell has the tellers tell what is new. One that cannot is tried again ever more slowly;
// what the others told may be told twice then.
func (s *Service) tell(ctx context.Context, now time.Time) error {
	due, err := s.Store.ToTell(ctx, now, tellMost)
	errs := []error{err}
	for _, a := range due {
		failed := false
		for _, t := range s.Tellers {
			once, cancel := context.WithTimeout(ctx, tellWait)
			err := t.Tell(once, a)
			cancel()
			if err != nil {
				failed = true
				s.Log.Error("alarm not told", "alarm", a.ID, "by", t.Name(), "tries", a.Tries+1, "err", err)
			}
		}
		next := time.Time{}
		switch a.Tries++; {
		case failed && a.Tries < tellTries:
			next = now.Add(min(tellFirst<<min(a.Tries, 16), tellMax))
		case failed:
			s.Log.Error("alarm given up; nobody was told", "alarm", a.ID)
		case a.ClearedAt.IsZero():
			a.ToldRaised = now
		default:
			a.ToldCleared = now
		}
		errs = append(errs, s.Store.Told(ctx, a, next))
	}
	return errors.Join(errs...)
}

// Alarms is one page, newest first.
func (s *Service) Alarms(ctx context.Context, f Filter, limit int) ([]Alarm, bool, error) {
	rows, err := s.Store.Alarms(ctx, f, limit+1)
	return rows[:min(limit, len(rows))], len(rows) > limit, err
}

// Acknowledge notes that an operator has seen an alarm. One of an event is over with it;
// one of a state goes when its cause does.
func (s *Service) Acknowledge(ctx context.Context, alarmID, actor, note string, r audit.Record) (Alarm, error) {
	a, err := s.Store.Alarm(ctx, alarmID)
	if err != nil {
		return a, err
	}
	return s.Store.Acknowledge(ctx, alarmID, actor, note, !isState(a.Code), s.now(), r)
}
