package canary_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestNoSecretIsWritten(t *testing.T) {
	t.Parallel()
	for name, postgres := range map[string]bool{"SQLite": false, "PostgreSQL": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := begin(t, postgres)
			s := secretsOf(w.file)
			w.noCore(w.server.PID())
			w.noCore(w.sim.PID())
			sales := w.payments()
			w.encrypted(s)
			w.wrongPayments()
			w.wrongAddresses()
			w.strangers()
			w.logins(s)
			w.cancels(sales)
			w.scraped()

			wait := w.underWay(t, "killed")
			w.server.Kill()
			wait()
			w.clean("after kill -9 in the middle of payments", s)

			w.start(w.server.Options)
			wait = w.underWay(t, "dumped")
			w.server.Dump()
			wait()
			w.sim.Dump()
			w.dumped(filepath.Join(w.dir, "demo.log"))
			w.dumped(filepath.Join(w.dir, "simulator.log"))
			w.noColumnForSecrets()
			w.clean("after the dump of all goroutines", s)
		})
	}
}

// dumped sees that the process wrote what its goroutines did.
func (w *world) dumped(log string) {
	w.t.Helper()
	b, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(b), "SIGQUIT") || !strings.Contains(string(b), "goroutine ") {
		w.t.Errorf("%s holds no dump: %v", filepath.Base(log), err)
	}
}

// noCore sees that the kernel writes no core of the process (rulings 15a).
func (w *world) noCore(pid int) {
	w.t.Helper()
	if limit := coreLimit(w.t, pid); limit != "0 0" {
		w.t.Errorf("core file size of %d is %q", pid, limit)
	}
	// The files of a process that may not be dumped belong to root, whoever runs it. For
	// root that says nothing; the program's own test asks the kernel.
	if owner := ownerOf(w.t, pid); owner != 0 {
		w.t.Errorf("process %d can be dumped: it belongs to %d", pid, owner)
	}
}

// sensitive is a name that two digits, which cannot be looked for, would stand under.
var sensitive = regexp.MustCompile(`(?i)birth|track|cvc|cvv|(^|_)pin($|_)|expiry|two_?digits|(^|_)pan($|_)|card_?number|^de(2|14|35|45|52)$`)

// noColumnForSecrets sees that there is no place for what is too short to be found:
// no column of the database, no name in the acquirer's journal.
func (w *world) noColumnForSecrets() {
	w.t.Helper()
	query := "select m.name, p.name from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table'"
	if w.server.Options.Database != "" {
		query = "select table_name, column_name from information_schema.columns where table_schema = 'public'"
	}
	rows, err := w.database().QueryContext(w.t.Context(), query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			w.t.Fatal(err)
		}
		if n++; sensitive.MatchString(column) {
			w.t.Errorf("column %s.%s", table, column)
		}
	}
	if rows.Err() != nil || n < 100 {
		w.t.Errorf("%d columns, %v", n, rows.Err())
	}
	w.journalNames()
}

// memberName is a name in JSON.
var memberName = regexp.MustCompile(`"([A-Za-z0-9_]+)":`)

func (w *world) journalNames() {
	w.t.Helper()
	n := 0
	err := filepath.WalkDir(w.sim.Dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path) //nolint:gosec // our own folder
		for _, name := range memberName.FindAllStringSubmatch(string(b), -1) {
			if n++; sensitive.MatchString(name[1]) {
				w.t.Errorf("%s has a %s", filepath.Base(path), name[1])
			}
		}
		return err
	})
	if err != nil || n < 1000 {
		w.t.Errorf("%d names in the acquirer's journal, %v", n, err)
	}
}
