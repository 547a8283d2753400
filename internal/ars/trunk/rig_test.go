package trunk_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"innopay/clock"
	"innopay/internal/ars/media"
	"innopay/internal/ars/trunk"
	"innopay/test/telephone"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	startWait = 10 * time.Second
	callWait  = 20 * time.Second
)

// record is what a taken call was.
type record struct {
	id, caller, keys string
	played           bool
	stats            media.Stats
}

// rig is a line on loopback whose calls are taken by a small dialogue: it plays a prompt
// and collects keys until #.
type rig struct {
	*trunk.Server
	calls chan record
	log   *telephone.Output
	stop  func()
}

// start runs a line; change may adapt what it is started with.
func start(t *testing.T, change func(*trunk.Options)) *rig {
	t.Helper()
	r := &rig{calls: make(chan record, 64), log: &telephone.Output{}}
	pacer := media.NewPacer(clock.System{}, 2)
	o := trunk.Options{
		Config: trunk.Config{Listen: "127.0.0.1:0", RTPPorts: "20000-29999", Number: "0212345678"},
		Limits: trunk.Limits{Ring: 20 * time.Millisecond, Acknowledge: 5 * time.Second, Stop: time.Second, Answer: time.Second},
		Pacer:  pacer, Clock: clock.System{}, Random: rand.Reader,
		Log: slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	o.Take = r.take
	if change != nil {
		change(&o)
	}
	var err error
	if r.Server, err = trunk.New(o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var all sync.WaitGroup
	all.Go(func() { pacer.Run(ctx) })
	serverCtx, stopServer := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- r.Run(serverCtx) }()
	r.stop = sync.OnceFunc(func() {
		stopServer()
		select {
		case err := <-done:
			if err != nil {
				t.Errorf("the line ended with %v", err)
			}
		case <-time.After(callWait):
			t.Error("the line did not stop")
		}
		cancel()
		all.Wait()
	})
	t.Cleanup(r.stop)
	return r
}

// ears hear the keys of a call.
type ears struct {
	pressed chan byte
	played  chan uint64
}

func (e ears) Pressed(key byte)    { e.pressed <- key }
func (e ears) Played(token uint64) { e.played <- token }

// prompt is 400 ms of a loud tone in either law.
var prompt = bytes.Repeat([]byte{0x00, 0x80}, 1600)

func (r *rig) take(ctx context.Context, l *trunk.Leg) {
	e := ears{make(chan byte, 256), make(chan uint64, 16)}
	l.Media().Listen(e)
	l.Media().Play(1, [][]byte{prompt})
	got := record{id: l.ID(), caller: l.Caller()}
	defer func() {
		got.stats = l.Media().Stats()
		r.calls <- got
	}()
	for {
		select {
		case key := <-e.pressed:
			got.keys += string(key)
			if key == '#' {
				return
			}
		case <-e.played:
			got.played = true
		case <-l.Done():
			return
		case <-ctx.Done():
			return
		}
	}
}

// call is the next call that ended.
func (r *rig) call(t *testing.T) record {
	t.Helper()
	select {
	case c := <-r.calls:
		return c
	case <-time.After(callWait):
		t.Fatalf("no call ended; log:\n%s", r.log)
		return record{}
	}
}

// quiet waits until no call runs.
func (r *rig) quiet(t *testing.T) {
	t.Helper()
	eventually(t, "no call runs", func() bool { return r.Figures().Calls == 0 })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	telephone.Eventually(t, what, callWait, ok)
}

// hosts are the addresses of these tests' telephones.
var hosts = telephone.Hosts{Block: 1}

func host() string { return hosts.Next() }

// sipp is one run of Debian's SIP tester.
type sipp struct {
	scenario string
	host     string
	network  string            // u1 (default), t1
	keys     map[string]string // keywords of the scenario
	files    map[string][]byte // beside it
	more     []string
}

// run runs the scenario once and fails the test when it does not come to its end.
func (s sipp) run(t *testing.T, r *rig) {
	t.Helper()
	if err := s.try(t, r.Addr().String()); err != nil {
		t.Fatalf("%s: %v\nlog of the line:\n%s", s.scenario, err, r.log)
	}
}

func (s sipp) try(t *testing.T, target string) error {
	t.Helper()
	return s.tester(t).Try(t, target)
}

func (s sipp) tester(t *testing.T) telephone.Sipp {
	t.Helper()
	scenario, err := os.ReadFile(filepath.Join("testdata", s.scenario+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	at := s.host
	if at == "" {
		at = host()
	}
	keys := map[string]string{"caller": "01012345678", "law": "0", "name": "PCMU", "more": "Subject: -"}
	maps.Copy(keys, s.keys)
	return telephone.Sipp{Scenario: string(scenario), Host: at, Network: s.network, Within: callWait, Keys: keys, Files: s.files, More: s.more}
}

// silent fails when the log holds any of the words.
func (r *rig) silent(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(r.log.String(), w) {
			t.Errorf("the log holds %q:\n%s", w, r.log)
		}
	}
}
