// Package health looks after the installation itself: workers, queues, acquirers, carriers,
// database, backups, keys, certificate and audit. What is past its threshold raises an
// alarm: one row for each cause, however many instances meet it, told by mail and webhook
// once when it is raised and once when it is over.
package health

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
)

// Status is how something does.
type Status string

// The states, in order of gravity.
const (
	OK   Status = "OK"
	Warn Status = "WARN"
	Fail Status = "FAIL"
)

// Area is what part of the installation a check looks at.
type Area string

// The areas.
const (
	Workers     Area = "WORKER"
	Queues      Area = "QUEUE"
	Adapters    Area = "ADAPTER"
	Trunk       Area = "TRUNK"
	Database    Area = "DATABASE"
	Backup      Area = "BACKUP"
	Keys        Area = "KEY"
	Certificate Area = "CERTIFICATE"
	Audit       Area = "AUDIT"
)

// Value is one figure of a check.
type Value struct {
	Name   string
	Number int64
	Unit   string // s, bytes, or empty for a count
}

// Check is what was seen of one thing.
type Check struct {
	Area    Area
	Name    string // of the thing within its area
	Status  Status
	Message string // Korean: what is wrong; empty when nothing is
	Values  []Value
	At      time.Time // of what was seen last; zero: now
}

// code is the alarm of a check that is past its threshold.
func (c Check) code() string { return "HEALTH_" + string(c.Area) }

// alarming reports whether somebody must be told. A round that failed once is tried again,
// and who makes no backups knows it.
func (c Check) alarming() bool {
	return c.Status == Fail || c.Status == Warn && c.Area != Backup && c.Area != Workers
}

// Severity of an alarm.
type Severity string

// The severities.
const (
	Warning  Severity = "WARNING"
	Critical Severity = "CRITICAL"
)

// Alarm is one row.
type Alarm struct {
	ID             string
	Code           string // stable, UPPER_SNAKE
	Subject        string // what it is about
	Severity       Severity
	Message        string
	RaisedAt       time.Time
	SeenAt         time.Time // when its cause was last met
	Times          int64     // how often it was met
	ClearedAt      time.Time // zero: stands
	AcknowledgedAt time.Time
	AcknowledgedBy string
	Note           string
	ToldRaised     time.Time
	ToldCleared    time.Time
	Tries          int
	Version        int64
}

// Finding is a cause for an alarm.
type Finding struct {
	Code     string
	Subject  string
	Severity Severity
	Message  string
}

// Filter are the conditions of the list of alarms; newest first.
type Filter struct {
	Before  string
	Open    bool // only those that stand
	Unknown bool // only those that nobody has acknowledged
	Code    string
}

// Store is what this feature asks of the database.
type Store interface {
	TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// Raise makes an alarm, with its record, or counts that the one that stands was met
	// again. It reports whether it is new.
	Raise(ctx context.Context, f Finding, id string, now time.Time, a audit.Record) (bool, error)
	// Clear ends the alarm that stands for code and subject, where its cause was not met
	// since; it reports whether there was one.
	Clear(ctx context.Context, code, subject string, since, now time.Time, a audit.Record) (bool, error)
	Open(ctx context.Context, limit int) ([]Alarm, error)
	Alarms(ctx context.Context, f Filter, limit int) ([]Alarm, error)
	// Acknowledge notes that somebody has seen it, and ends it where clears is true;
	// ErrNotFound when it is not there or was acknowledged.
	Acknowledge(ctx context.Context, id, actor, note string, clears bool, now time.Time, a audit.Record) (Alarm, error)
	Alarm(ctx context.Context, id string) (Alarm, error)
	ToTell(ctx context.Context, now time.Time, limit int) ([]Alarm, error)
	// Told writes how telling went, where the version is a.Version; next is when it is tried
	// again, zero for never.
	Told(ctx context.Context, a Alarm, next time.Time) error
	Queues(ctx context.Context, now time.Time) ([]Queue, error)
	Database(ctx context.Context) (Disk, error)
}

// Queue is how much waits for a worker.
type Queue struct {
	Name   string
	Depth  int64     // at most MostDepth
	Oldest time.Time // zero: nothing waits
}

// MostDepth bounds what is counted.
const MostDepth = 10_000

// Disk is where the data lies.
type Disk struct {
	Engine string // SQLite or PostgreSQL
	Size   int64  // bytes
	Free   int64  // bytes; -1: not ours to see
}

// Adapter is how an acquirer does, as this instance sees it.
type Adapter struct {
	Name     string
	Down     bool // payments are refused: it cannot be reached
	Failures int  // to connect, in a row
	Reached  time.Time
}

// Carrier is how a telephone carrier does.
type Carrier struct {
	Name       string
	Up         bool
	Registered bool // or needs no registration
	Answered   time.Time
}

// Sources are what is looked at beside the database; nil ones are left out.
type Sources struct {
	Adapters func() []Adapter
	Carriers func() []Carrier
	// Backup is when the last verified backup was made; zero: none is known of. Nil: nobody
	// makes any.
	Backup func(ctx context.Context) (time.Time, error)
	// BackupWithin is how old it may be; 0 takes the default, and then an installation
	// without any is warned of only.
	BackupWithin time.Duration
	// KeysSince is when the newest keys were made.
	KeysSince func() (time.Time, error)
	// Certificate is when the server's certificate ends; zero: it has none of its own.
	Certificate func() (time.Time, error)
}

// Options wire a Service.
type Options struct {
	Store   Store
	Sources Sources
	Tellers []Teller // mail and webhook
	Clock   clock.Clock
	IDs     *id.Source
	Log     *slog.Logger
	Owner   string // this instance, in leases and audit
}

// Service watches. Safe for concurrent use.
type Service struct {
	Options

	began   time.Time
	mu      sync.Mutex
	workers map[string]*work
	found   []Finding // told of by the log, not raised yet
}

// New wires a Service.
func New(o Options) *Service {
	return &Service{Options: o, workers: map[string]*work{}, began: o.Clock.Now()}
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// work is how a worker of this instance does.
type work struct {
	Worker
	began time.Time // first round of those that failed since
}

// Worker is how a worker of this instance has done since its start.
type Worker struct {
	Name    string
	Rounds  uint64
	Failed  uint64        // rounds
	InARow  int           // failures since the last round that went well
	Well    time.Time     // when that ended; zero: none yet
	Took    time.Duration // the last round
	Working time.Duration // all rounds
}

// Workers are those of this instance, by name.
func (s *Service) Workers() []Worker {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Worker, 0, len(s.workers))
	for _, name := range slices.Sorted(maps.Keys(s.workers)) {
		out = append(out, s.workers[name].Worker)
	}
	return out
}

// Watched is a worker's round with its outcome remembered.
func (s *Service) Watched(name string, round func(ctx context.Context) (bool, error)) func(ctx context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		from := s.now()
		more, err := round(ctx)
		if ctx.Err() != nil {
			return more, err
		}
		s.Worked(name, from, err)
		return more, err
	}
}

// Worked remembers that a round of a worker ended, for workers that are no Watched round.
func (s *Service) Worked(name string, from time.Time, err error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.workers[name]
	if w == nil {
		w = &work{Worker: Worker{Name: name}}
		s.workers[name] = w
	}
	w.Rounds++
	w.Took = max(0, now.Sub(from)) // a clock may be set back
	w.Working += w.Took
	if err == nil {
		w.Well, w.InARow = now, 0
		return
	}
	w.Failed++
	if w.InARow++; w.InARow == 1 {
		w.began = now
	}
}

// OpenAlarms are those that stand, by severity.
func (s *Service) OpenAlarms(ctx context.Context) (map[Severity]int, error) {
	open, err := s.Store.Open(ctx, maxOpen)
	out := map[Severity]int{Warning: 0, Critical: 0}
	for _, a := range open {
		out[a.Severity]++
	}
	return out, err
}
