package jobs

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"innopay/clock"
	"innopay/internal/audit"
)

// Heads keeps heads of the audit chain outside the database: in the log, and in a
// file a day, one line a head, which belongs on other storage (rulings 9).
type Heads struct {
	Folder string
	Log    *slog.Logger
}

const headLine = "%d %s %s\n" // sequence, hash, time

// Export appends the head to the file of its day and waits until it is on disk.
func (h Heads) Export(head audit.Seal) (err error) {
	h.Log.Info("audit head", "seq", head.Seq, "hash", head.Hash)
	if err := os.MkdirAll(h.Folder, 0o700); err != nil {
		return err
	}
	name := filepath.Join(h.Folder, "audit-"+string(clock.DayOf(head.At))+".head")
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // our own name
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := fmt.Fprintf(f, headLine, head.Seq, head.Hash, head.At.UTC().Format("2006-01-02T15:04:05.000000Z")); err != nil {
		return err
	}
	return f.Sync()
}

// ReadHeads gives the heads that were exported into a folder, for verify. A last
// line that a power cut left unfinished is passed over.
func ReadHeads(folder string) ([]audit.Seal, error) {
	names, err := fs.Glob(os.DirFS(folder), "audit-*.head")
	if err != nil {
		return nil, err
	}
	var heads []audit.Seal
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(folder, name)) //nolint:gosec // the operator's folder
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(strings.NewReader(string(b)))
		for lines.Scan() {
			var s audit.Seal
			var at string
			if _, err := fmt.Sscanf(lines.Text(), "%d %64s %s", &s.Seq, &s.Hash, &at); err == nil && len(s.Hash) == len(audit.Genesis) {
				heads = append(heads, s)
			}
		}
	}
	return heads, nil
}
