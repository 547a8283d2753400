package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/health"
	"innopay/internal/store/sqlgen"
)

// Health keeps alarms and looks at the database for them.
type Health struct{ db *DB }

// NewHealth returns the store of the health feature.
func NewHealth(db *DB) *Health { return &Health{db} }

var _ health.Store = (*Health)(nil)

// TakeLease implements health.Store.
func (h *Health) TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	return h.db.TakeLease(ctx, name, owner, now, until)
}

// noted runs fn in one transaction and writes the record when fn says so. Neither effect
// is lost when the transaction is run again: fn carries its own condition.
func (h *Health) noted(ctx context.Context, a audit.Record, fn func(q *sqlgen.Queries) (bool, error)) (done bool, err error) {
	err = h.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		if done, err = fn(q); err != nil || !done {
			return err
		}
		r := recorder{db: h.db, into: q}
		return r.Record(ctx, a)
	}, func() audit.Record { return a })
	return done && err == nil, err
}

// Raise implements health.Store.
func (h *Health) Raise(ctx context.Context, f health.Finding, alarmID string, now time.Time, a audit.Record) (bool, error) {
	return h.noted(ctx, a, func(q *sqlgen.Queries) (bool, error) {
		rows, err := q.RaiseAlarm(ctx, sqlgen.RaiseAlarmParams{
			ID: alarmID, Code: f.Code, Subject: f.Subject, Severity: string(f.Severity), Message: f.Message, NowAt: clock.Micros(now),
		})
		return err == nil && len(rows) == 1 && rows[0].ID == alarmID, err
	})
}

// Clear implements health.Store.
func (h *Health) Clear(ctx context.Context, code, subject string, since, now time.Time, a audit.Record) (bool, error) {
	return h.noted(ctx, a, func(q *sqlgen.Queries) (bool, error) {
		ids, err := q.ClearAlarm(ctx, sqlgen.ClearAlarmParams{NowAt: clock.Micros(now), Code: code, Subject: subject, Since: clock.Micros(since)})
		return len(ids) == 1, err
	})
}

// Acknowledge implements health.Store.
func (h *Health) Acknowledge(ctx context.Context, alarmID, actor, note string, clears bool, now time.Time, a audit.Record) (health.Alarm, error) {
	done, err := h.noted(ctx, a, func(q *sqlgen.Queries) (bool, error) {
		rows, err := q.AcknowledgeAlarm(ctx, sqlgen.AcknowledgeAlarmParams{NowAt: clock.Micros(now), Actor: actor, Note: note, Clears: clears, ID: alarmID})
		return len(rows) == 1, err
	})
	if err == nil && !done {
		err = health.ErrNotFound
	}
	if err != nil {
		return health.Alarm{}, err
	}
	return h.Alarm(ctx, alarmID)
}

// Alarm implements health.Store.
func (h *Health) Alarm(ctx context.Context, alarmID string) (health.Alarm, error) {
	r, err := h.db.q.Alarm(ctx, alarmID)
	if errors.Is(err, sql.ErrNoRows) {
		return health.Alarm{}, health.ErrNotFound
	}
	return alarmOf(r), err
}

func alarmOf(r sqlgen.Alarm) health.Alarm {
	return health.Alarm{
		ID: r.ID, Code: r.Code, Subject: r.Subject, Severity: health.Severity(r.Severity), Message: r.Message, RaisedAt: clock.FromMicros(r.RaisedAt),
		SeenAt: clock.FromMicros(r.SeenAt), Times: r.Times, ClearedAt: clock.FromMicros(r.ClearedAt), AcknowledgedAt: clock.FromMicros(r.AcknowledgedAt),
		AcknowledgedBy: r.AcknowledgedBy, Note: r.Note, ToldRaised: clock.FromMicros(r.ToldRaised), ToldCleared: clock.FromMicros(r.ToldCleared),
		Tries: int(r.Tries), Version: r.Version,
	}
}

func alarmsOf(rows []sqlgen.Alarm, err error) ([]health.Alarm, error) {
	out := make([]health.Alarm, len(rows))
	for i, r := range rows {
		out[i] = alarmOf(r)
	}
	return out, err
}

// Open implements health.Store.
func (h *Health) Open(ctx context.Context, limit int) ([]health.Alarm, error) {
	return alarmsOf(h.db.q.OpenAlarms(ctx, most(limit)))
}

// Alarms implements health.Store. Alarms are few: no index on their conditions is needed.
func (h *Health) Alarms(ctx context.Context, f health.Filter, limit int) ([]health.Alarm, error) {
	w := &where{}
	w.text.WriteString("1 = 1")
	if f.Before != "" {
		w.and("t.id < ", w.arg(f.Before))
	}
	if f.Open {
		w.and("t.cleared_at = 0")
	}
	if f.Unknown {
		w.and("t.acknowledged_at = 0")
	}
	w.equal("t.code", f.Code)
	text := "select " + columnList[sqlgen.Alarm]("t.") + " from alarm t where " + w.tail(limit)
	return scanAll(ctx, h.db.engine.reader(), text, w.args, func(scan func(...any) error) (health.Alarm, error) {
		var r sqlgen.Alarm
		err := scan(fields(&r)...)
		return alarmOf(r), err
	})
}

// ToTell implements health.Store.
func (h *Health) ToTell(ctx context.Context, now time.Time, limit int) ([]health.Alarm, error) {
	return alarmsOf(h.db.q.AlarmsToTell(ctx, sqlgen.AlarmsToTellParams{NowAt: clock.Micros(now), Most: most(limit)}))
}

// Told implements health.Store.
func (h *Health) Told(ctx context.Context, a health.Alarm, next time.Time) error {
	return h.db.write(ctx, func(q *sqlgen.Queries) error {
		return q.ToldAlarm(ctx, sqlgen.ToldAlarmParams{
			ID: a.ID, ToldRaised: clock.Micros(a.ToldRaised), ToldCleared: clock.Micros(a.ToldCleared), TellAt: clock.Micros(next), Tries: int64(a.Tries),
			Version: a.Version,
		})
	})
}

// queues are how much waits and since when, each by an index of its worker; $1 is how many
// are counted, $2 is now. Ids tell when a row was made.
var queues = []struct {
	name string
	text string // gives the rows that wait, by one column: their time in microseconds
	now  bool
}{
	{"messages", "select t.due_at as at from message t where t.bucket in (" + allBuckets + ") and t.due_at > 0 and t.due_at <= $2 and t.status = 'QUEUED'", true},
	{"unsettled", "select t.since as at from unsettled t where t.phase <> 'OPERATOR' and t.since <= $2", true},
	{"unknown", "select t.since as at from unsettled t where t.phase <> 'SENDING'", false},
	{"operator", "select t.since as at from unsettled t where t.phase = 'OPERATOR'", false},
	{"webhooks", "select t.due_at as at from webhook_delivery t where t.bucket in (" + allBuckets + ") and t.due_at > 0 and t.due_at <= $2", true},
	{"cash-receipts", "select t.due_at as at from cash_receipt t where t.bucket in (" + allBuckets + ") and t.due_at > 0 and t.due_at <= $2", true},
	{"prints", "select t.due_at as at from print t where t.bucket in (" + allBuckets + ") and t.due_at > 0 and t.due_at <= $2", true},
	{"audit", "select t.at as at from audit t where t.bucket in (" + allBuckets + ") and t.sealed = false", false},
}

// Queues implements health.Store.
func (h *Health) Queues(ctx context.Context, now time.Time) ([]health.Queue, error) {
	events, err := h.events(ctx)
	if err != nil {
		return nil, err
	}
	out := []health.Queue{events}
	for _, q := range queues {
		args := []any{int64(health.MostDepth)}
		if q.now {
			args = append(args, clock.Micros(now))
		}
		one := health.Queue{Name: q.name}
		var oldest int64
		text := "select count(*), cast(coalesce(min(x.at), 0) as bigint) from (" + q.text + " limit $1) x"
		if err := h.db.engine.reader().QueryRowContext(ctx, text, args...).Scan(&one.Depth, &oldest); err != nil {
			return nil, err
		}
		one.Oldest = clock.FromMicros(oldest)
		out = append(out, one)
	}
	return out, nil
}

// events are what the outbox has not delivered.
func (h *Health) events(ctx context.Context) (health.Queue, error) {
	q := health.Queue{Name: "events"}
	var oldest string
	err := h.db.engine.reader().QueryRowContext(ctx, "select count(*), coalesce(min(x.id), '') from (select t.id from outbox t where t.bucket in ("+allBuckets+
		") and t.delivered = 0 limit $1) x", int64(health.MostDepth)).Scan(&q.Depth, &oldest)
	q.Oldest = id.Time(oldest)
	return q, err
}

// Database implements health.Store.
func (h *Health) Database(ctx context.Context) (health.Disk, error) {
	if l, ok := h.db.engine.(*lite); ok {
		d := health.Disk{Engine: "SQLite"}
		err := h.db.engine.reader().QueryRowContext(ctx, "select p.page_count * s.page_size from pragma_page_count p, pragma_page_size s").Scan(&d.Size)
		if err != nil {
			return d, err
		}
		free, err := l.free(filepath.Clean(l.folder))
		d.Free = int64(min(free, 1<<62))
		return d, err
	}
	d := health.Disk{Engine: "PostgreSQL", Free: -1}
	err := h.db.engine.reader().QueryRowContext(ctx, "select pg_database_size(current_database())").Scan(&d.Size)
	return d, err
}
