package health_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/dbtest"
	"innopay/internal/health"
	"innopay/internal/keyring"
	"innopay/internal/store"
	"innopay/messenger"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

// house is a database with two instances that watch it.
type house struct {
	clock  *clock.Fake
	store  *store.Health
	mu     sync.Mutex // one sealer
	sealer *audit.Sealer
	told   []string
	fails  int // tellings to come that fail
	down   bool
	one    *health.Service
	two    *health.Service
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{clock: clock.NewFake(noon)}
	dir := t.TempDir()
	keys, err := keyring.Open(filepath.Join(dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), store.Options{SQLitePath: dbtest.SQLite(t, dir), Clock: clock.System{}, Log: log, Sealer: keys})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	h.store = store.NewHealth(db)
	h.sealer = &audit.Sealer{Store: db, Clock: h.clock, Owner: "test"}
	instance := func(name string, down func() bool) *health.Service {
		return health.New(health.Options{
			Store: h.store, Clock: h.clock, IDs: id.NewSource(nil), Log: log, Owner: name, Tellers: []health.Teller{h},
			Sources: health.Sources{Adapters: func() []health.Adapter {
				return []health.Adapter{{Name: "card", Down: down(), Reached: h.clock.Now()}}
			}},
		})
	}
	h.one, h.two = instance("one", func() bool { return h.down }), instance("two", func() bool { return h.down })
	return h
}

// Name and Tell make the house hear its own alarms.
func (h *house) Name() string { return "house" }

func (h *house) Tell(_ context.Context, a health.Alarm) error {
	if h.fails > 0 {
		h.fails--
		return errors.New("nobody is there")
	}
	state := "raised "
	if !a.ClearedAt.IsZero() {
		state = "cleared "
	}
	h.told = append(h.told, state+a.Code+" "+a.Subject)
	return nil
}

func (h *house) round(t *testing.T, of ...*health.Service) {
	t.Helper()
	h.mu.Lock()
	_, err := h.sealer.Round(t.Context())
	h.mu.Unlock()
	if err != nil {
		t.Error(err)
	}
	for _, s := range of {
		if _, err := s.Round(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

func (h *house) heard(t *testing.T, want ...string) {
	t.Helper()
	if strings.Join(h.told, ", ") != strings.Join(want, ", ") {
		t.Errorf("told %q, want %q", h.told, want)
	}
}

func TestAnAlarmIsRaisedAndClearedOnceByTwoInstances(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.round(t, h.one, h.two)
	h.heard(t)
	h.down = true
	var both sync.WaitGroup
	for _, s := range []*health.Service{h.one, h.two} {
		both.Go(func() { h.round(t, s) })
	}
	both.Wait()
	for range 3 {
		h.clock.Advance(health.WatchEvery)
		h.round(t, h.one, h.two)
	}
	h.heard(t, "raised HEALTH_ADAPTER card")
	h.down = false
	h.clock.Advance(health.WatchEvery)
	h.round(t, h.one, h.two)
	h.heard(t, "raised HEALTH_ADAPTER card") // the other instance may still meet it
	h.clock.Advance(5 * health.WatchEvery)
	h.round(t, h.two, h.one)
	h.clock.Advance(5 * health.WatchEvery)
	h.round(t, h.two, h.one)
	h.heard(t, "raised HEALTH_ADAPTER card", "cleared HEALTH_ADAPTER card")
}

func TestTellingIsTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.down, h.fails = true, 2
	for range 12 {
		h.round(t, h.one)
		h.clock.Advance(10 * time.Second)
	}
	h.heard(t, "raised HEALTH_ADAPTER card")
}

func TestLogLinesRaiseTheirAlarm(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	log := slog.New(h.one.Tap(slog.DiscardHandler)).With("worker", "x")
	log.Error("ALARM: message given up", "message", "msg_1", "tries", 3)
	log.Error("ALARM: something new")
	log.Error("not an ALARM: at all")
	h.round(t, h.one)
	h.heard(t, "raised MESSAGE_GIVEN_UP msg_1", "raised LOGGED something new")
}

// TestBackupsThatAreAskedFor fail sooner, and where there are none.
func TestBackupsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, c := range []struct {
		age, within time.Duration
		none        bool
		want        health.Status
	}{
		{none: true, want: health.Warn},
		{none: true, within: time.Hour, want: health.Fail},
		{age: 2 * time.Hour, within: time.Hour, want: health.Fail},
		{age: 30 * time.Minute, within: time.Hour, want: health.OK},
		{age: 27 * time.Hour, within: 48 * time.Hour, want: health.Warn},
		{age: 80 * time.Hour, within: 96 * time.Hour, want: health.Warn},
		{age: 80 * time.Hour, want: health.Fail},
		{age: -time.Hour, want: health.OK}, // made by a machine whose clock is ahead
	} {
		h.one.Sources = health.Sources{BackupWithin: c.within, Backup: func(context.Context) (time.Time, error) {
			if c.none {
				return time.Time{}, nil
			}
			return noon.Add(-c.age), nil
		}}
		for _, one := range h.one.Checks(t.Context()) {
			if one.Area == health.Backup && one.Status != c.want {
				t.Errorf("%+v: %s", c, one.Status)
			}
		}
	}
	h.one.Sources.BackupWithin, h.one.Sources.Backup = time.Hour, func(context.Context) (time.Time, error) { return time.Time{}, nil }
	h.round(t, h.one)
	h.heard(t, "raised HEALTH_BACKUP backup")
}

// TestEveryAlarmOfTheTreeIsKnown: an alarm without a code of its own tells operators less.
func TestEveryAlarmOfTheTreeIsKnown(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`"ALARM: ([^"]+)"`)
	n := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if err == nil && (d.Name() == "node_modules" || d.Name() == ".git") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path) //nolint:gosec // our own sources
		for _, m := range line.FindAllStringSubmatch(string(b), -1) {
			if n++; !health.Known(m[1]) {
				t.Errorf("%s: %q has no alarm", path, m[1])
			}
		}
		return err
	})
	if err != nil || n < 8 {
		t.Errorf("%d alarms in the tree: %v", n, err)
	}
}

func TestWorkersThatFailAreSeen(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	broken := errors.New("broken")
	var result error
	round := h.one.Watched("seal", func(context.Context) (bool, error) { return false, result })
	status := func() health.Status {
		for _, c := range h.one.Checks(t.Context()) {
			if c.Area == health.Workers && c.Name == "seal" {
				return c.Status
			}
		}
		return ""
	}
	for _, step := range []struct {
		err  error
		wait time.Duration
		want health.Status
	}{{nil, 0, health.OK}, {broken, 0, health.Warn}, {broken, 2 * time.Minute, health.Fail}, {nil, 0, health.OK}} {
		h.clock.Advance(step.wait)
		result = step.err
		if _, err := round(t.Context()); !errors.Is(err, step.err) {
			t.Error(err)
		}
		if got := status(); got != step.want {
			t.Errorf("%s, want %s", got, step.want)
		}
		h.round(t, h.one)
	}
	h.heard(t, "raised HEALTH_WORKER seal") // once it had failed for long, and not at the first time
}

func TestThresholds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var backup, keys, certificate time.Time
	h.one.Sources = health.Sources{
		Backup: func(context.Context) (time.Time, error) { return backup, nil }, KeysSince: func() (time.Time, error) { return keys, nil },
		Certificate: func() (time.Time, error) { return certificate, nil },
		Carriers: func() []health.Carrier {
			return []health.Carrier{{Name: "away"}, {Name: "here", Up: true, Registered: true}}
		},
	}
	day := 24 * time.Hour
	for _, c := range []struct {
		backup, keys, certificate time.Duration
		want                      [3]health.Status
	}{
		{-time.Hour, -day, 90 * day, [3]health.Status{health.OK, health.OK, health.OK}},
		{-27 * time.Hour, -400 * day, 20 * day, [3]health.Status{health.Warn, health.Warn, health.Warn}},
		{-4 * day, -day, 4 * day, [3]health.Status{health.Fail, health.OK, health.Fail}},
		{-time.Hour, -day, -day, [3]health.Status{health.OK, health.OK, health.Fail}},
	} {
		backup, keys, certificate = noon.Add(c.backup), noon.Add(c.keys), noon.Add(c.certificate)
		got := map[health.Area]health.Status{}
		for _, one := range h.one.Checks(t.Context()) {
			got[one.Area] = one.Status
			if one.Area == health.Trunk && (one.Status == health.OK) != (one.Name == "here") {
				t.Errorf("%+v", one)
			}
		}
		if s := [3]health.Status{got[health.Backup], got[health.Keys], got[health.Certificate]}; s != c.want {
			t.Errorf("%+v: %v", c, s)
		}
	}
}

func TestTheWebhookIsPostedTo(t *testing.T) {
	t.Parallel()
	var got []string
	status := http.StatusNoContent
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %v", r.Method, err)
		}
		got = append(got, string(b))
		if status == http.StatusFound {
			http.Redirect(w, r, "/elsewhere", status)
			return
		}
		w.WriteHeader(status)
	}))
	defer server.Close()
	hook := health.NewWebhook(server.URL)
	a := health.Alarm{ID: "alm_1", Code: "HEALTH_ADAPTER", Subject: "card", Severity: health.Critical, Message: "시험", RaisedAt: noon}
	if err := hook.Tell(t.Context(), a); err != nil {
		t.Error(err)
	}
	const want = `{"id":"alm_1","state":"RAISED","code":"HEALTH_ADAPTER","subject":"card","severity":"CRITICAL","message":"시험","raisedAt":"2026-03-02T12:00:00.000+09:00"}`
	if len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
	for _, status = range []int{http.StatusFound, http.StatusInternalServerError} {
		if err := hook.Tell(t.Context(), a); err == nil {
			t.Errorf("%d is taken for told", status)
		}
	}
	if len(got) != 3 {
		t.Errorf("a redirect was followed: %q", got)
	}
}

// postbox takes mails.
type postbox struct {
	got     []messenger.Message
	outcome messenger.Outcome
}

func (p *postbox) Describe() messenger.Descriptor { return messenger.Descriptor{Name: "post"} }

func (p *postbox) Send(_ context.Context, m messenger.Message) messenger.Answer {
	p.got = append(p.got, m)
	return messenger.Answer{Outcome: p.outcome}
}

func (p *postbox) Close() error { return nil }

func TestMailGoesToEveryAddress(t *testing.T) {
	t.Parallel()
	post := &postbox{outcome: messenger.Accepted}
	mail := &health.Mail{Gateway: post, To: []string{"one@shop.example", "two@shop.example"}, Base: "https://pay.example"}
	a := health.Alarm{ID: "alm_1", Code: "HEALTH_ADAPTER", Subject: "card", Severity: health.Critical, Message: "시험", RaisedAt: noon, ClearedAt: noon.Add(time.Hour)}
	if err := mail.Tell(t.Context(), a); err != nil || len(post.got) != 2 || post.got[0].ID == post.got[1].ID || !strings.Contains(post.got[0].Subject, "해소") {
		t.Errorf("%v %+v", err, post.got)
	}
	post.outcome = messenger.Later
	if err := mail.Tell(t.Context(), a); err == nil {
		t.Error("what was not taken is told")
	}
	post.outcome = messenger.Rejected
	if err := mail.Tell(t.Context(), a); err != nil {
		t.Errorf("an address that never will be is tried for ever: %v", err)
	}
}

// late has a queue whose oldest has lain there since before the server began.
type late struct{ *store.Health }

func (late) Queues(context.Context, time.Time) ([]health.Queue, error) {
	return []health.Queue{{Name: "events", Depth: 3, Oldest: noon.Add(-24 * time.Hour)}}, nil
}

// TestAStartGetsItsTime: what came while no server ran is no alarm until this one had time for it.
func TestAStartGetsItsTime(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.one.Store = late{h.store}
	for _, c := range []struct {
		after time.Duration
		want  health.Status
	}{{0, health.OK}, {30 * time.Second, health.OK}, {time.Minute, health.Warn}, {10 * time.Minute, health.Fail}} {
		h.clock.Advance(c.after)
		for _, one := range h.one.Checks(t.Context()) {
			if one.Area == health.Queues && (one.Status != c.want || one.Values[1].Number < 24*3600) {
				t.Errorf("%s later: %+v", c.after, one)
			}
		}
	}
}
