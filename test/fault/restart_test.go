package fault_test

import (
	"testing"
	"time"

	"innopay/test/process"
)

// Bounds of a restart.
const (
	endWithin = 20 * time.Second // of SIGTERM
	// toldWithin is much less than the 30 s of a lease, and enough with neighbours that keep
	// the cores busy.
	toldWithin = 20 * time.Second
)

// TestNewsWaitForNoDeadServer kills the only server, and ends it, after it has told of a
// payment: the next one tells of the next payment at once, and waits for no lease.
func TestNewsWaitForNoDeadServer(t *testing.T) {
	t.Parallel()
	w := begin(t, 1)
	w.sales("before", 1)
	w.told("before")
	w.servers[0].Kill()
	w.again()
	w.sales("killed", 1)
	w.told("killed")
	if err := w.servers[0].Stop(endWithin); err != nil {
		t.Fatal(err)
	}
	w.again()
	w.sales("ended", 1)
	w.told("ended")
	w.judge()
}

// again starts the server on its folder and address once more.
func (w *world) again() {
	w.t.Helper()
	s, err := process.StartDemo(w.servers[0].Options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Kill)
	w.servers[0] = s
	if _, err := s.Ready(w.t.Context(), firstStart); err != nil {
		w.t.Fatal(err)
	}
}

// told waits until nothing is left to tell of.
func (w *world) told(name string) {
	w.t.Helper()
	for from := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		var left int
		if err := w.db.QueryRowContext(w.t.Context(), "select count(*) from outbox where delivered = 0").Scan(&left); err != nil {
			w.t.Fatal(err)
		}
		took := time.Since(from)
		if left == 0 {
			w.t.Logf("%s: told within %v", name, took.Round(time.Millisecond))
			return
		}
		if took > toldWithin {
			w.t.Fatalf("%s: %d events wait after %v", name, left, took)
		}
	}
}
