// Package canary_test lets the real program take payments of every kind, wrong
// requests, logins and deaths, and then looks through every byte that server,
// acquirer and database wrote: no card number, track, birth date or password may be
// in it, in any form (rulings 15a, reliability S3).
package canary_test

import (
	"database/sql"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"innopay/internal/demo"
	"innopay/internal/pgtest"
	"innopay/test/needle"
	"innopay/test/process"
	"innopay/test/truth"
)

// program is the one that INNOPAY_BINARY names, else built here.
var program string

func TestMain(m *testing.M) {
	os.Exit(process.WithBinary(m.Run, func(path string) { program = path }))
}

// readyWithin bounds a start, with neighbours that start too.
const readyWithin = 40 * time.Second

// world is an installation that tells everything it can to its logs.
type world struct {
	t       *testing.T
	dir     string
	sim     *process.Simulator
	server  *process.Demo
	file    demo.File
	folders []string // all that is written to
	client  *client
	metrics string // URL
}

func begin(t *testing.T, postgres bool) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	w.folders = []string{w.dir}
	var err error
	if w.sim, err = process.StartSimulator(t.Context(), program, filepath.Join(w.dir, "simulator"), "--log-level", "debug"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.sim.Kill)
	o := process.DemoOptions{
		Binary: program, Dir: filepath.Join(w.dir, "demo"), Simulator: w.sim.Wire, LogLevel: "debug", Banner: filepath.Join(w.dir, "demo.out"),
		Keys: filepath.Join(w.dir, "keys"),
	}
	if o.Listen, err = process.FreeAddress(); err != nil {
		t.Fatal(err)
	}
	metrics, err := process.FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	w.metrics, o.Env = "http://"+metrics+"/metrics", []string{"INNOPAY_METRICS_LISTEN=" + metrics}
	if postgres {
		o.Database = w.postgres()
	}
	w.start(o)
	return w
}

func (w *world) postgres() string {
	w.t.Helper()
	pg, err := pgtest.Start()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := pg.Stop(); err != nil {
			w.t.Error(err)
		}
	})
	w.folders = append(w.folders, pg.Folder())
	url, err := pg.Database(w.t.Context(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return url
}

// start starts the server, or starts it again.
func (w *world) start(o process.DemoOptions) {
	w.t.Helper()
	server, err := process.StartDemo(o)
	if err != nil {
		w.t.Fatal(err)
	}
	w.server = server
	w.t.Cleanup(func() {
		server.Kill()
		if w.t.Failed() {
			w.t.Logf("the server wrote at last:\n%s", server.Tail())
		}
	})
	if _, err := server.Ready(w.t.Context(), readyWithin); err != nil {
		w.t.Fatal(err)
	}
	if w.file, err = server.File(); err != nil {
		w.t.Fatal(err)
	}
	w.client = newClient(server.Base, w.file.Merchants[0].SecretKey)
}

// clean looks through everything that was written.
func (w *world) clean(when string, s *secrets) {
	w.t.Helper()
	// demo.json and the banner tell test cards and logins because the contract says so;
	// what was typed is in neither.
	told := func(path string) bool {
		return path == filepath.Join(w.dir, "demo", demo.FileName) || path == w.server.Options.Banner
	}
	all := needle.NewSearch(s.all())
	found, n, err := all.Files(told, w.folders...)
	if err != nil {
		w.t.Fatal(err)
	}
	typed, _, err := needle.NewSearch(s.typed).Files(func(path string) bool { return !told(path) }, w.folders...)
	if err != nil {
		w.t.Fatal(err)
	}
	found = append(found, w.baseKeys(s)...)
	for _, hit := range append(found, typed...) {
		w.t.Errorf("%s: %.400s", when, hit)
	}
	w.t.Logf("%s: %d needles in %d MB: %d hits", when, all.Needles(), n>>20, len(found)+len(typed))
	if n < 1<<20 {
		w.t.Errorf("%s: only %d bytes were looked through", when, n)
	}
}

// scraped keeps what a monitoring system is told among what is looked through.
func (w *world) scraped() {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.metrics, http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || !strings.Contains(string(b), `innopay_payment_events_total{channel="CARD",method="CARD",outcome="declined"}`) {
		w.t.Errorf("metrics: %v\n%.1000s", err, b)
	}
	if err := os.WriteFile(filepath.Join(w.dir, "metrics.txt"), b, 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// baseKeys looks for base keys outside of the key folder; inside they must be, so that a
// search that finds nothing would be noticed.
func (w *world) baseKeys(s *secrets) []string {
	w.t.Helper()
	search := needle.NewSearch(s.base)
	within := func(path string) bool {
		return strings.HasPrefix(path, w.server.Options.Keys+string(filepath.Separator))
	}
	outside, _, err := search.Files(within, w.folders...)
	if err != nil {
		w.t.Fatal(err)
	}
	kept, _, err := search.Files(func(path string) bool { return !within(path) }, w.folders...)
	if err != nil || len(kept) == 0 {
		w.t.Errorf("base keys in the key folder: %v %v", kept, err)
	}
	return outside
}

// database opens the server's database.
func (w *world) database() *sql.DB {
	w.t.Helper()
	db, err := truth.Open(w.server.Options.Database, w.server.Options.Dir)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = db.Close() }) // read from only
	return db
}
