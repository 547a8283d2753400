package simulator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// journalFile is the journal's name in its folder: a line is JSON.
const journalFile = "messages.jsonl"

// ErrLocked is returned when another process holds the journal.
var ErrLocked = errors.New("messenger simulator: the journal is in use by another process")

// ErrDamaged is returned for a journal with a broken line before a whole one. A torn
// last line is no damage: it was never durable, and is cut.
var ErrDamaged = errors.New("messenger simulator: the journal is damaged")

// journal is an append-only file. Its owner serializes calls.
type journal struct {
	file *os.File
	bad  error // after a failed write nobody knows what is on disk
}

// openJournal opens or creates the journal in dir, locks it for this process, cuts a
// torn last line, and hands every record to each, oldest first.
func openJournal(dir string, each func(record)) (*journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("messenger simulator: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, journalFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // our own data folder
	if err != nil {
		return nil, fmt.Errorf("messenger simulator: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrLocked, f.Close())
	}
	whole, err := readJournal(f, each)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		err = errors.Join(f.Sync(), syncDir(dir))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("messenger simulator: %w", err), f.Close())
	}
	return &journal{file: f}, nil
}

// readJournal reads lines until a broken one; whole is where the last good one ends.
func readJournal(file io.Reader, each func(record)) (whole int64, err error) {
	in := bufio.NewReader(file)
	for broken := false; ; {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil // what stands without an end was never durable
		}
		if err != nil {
			return 0, err
		}
		r, ok := parseLine(line)
		switch {
		case !ok:
			broken = true
		case broken:
			return 0, ErrDamaged
		default:
			each(r)
			whole += int64(len(line))
		}
	}
}

func parseLine(line []byte) (r record, ok bool) {
	ok = json.Unmarshal(line, &r) == nil && (r.Message != nil) != (r.Mail != nil)
	return r, ok
}

// append writes the records and waits until they are durable.
func (j *journal) append(records []record) error {
	if j.bad != nil {
		return j.bad
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	for _, r := range records {
		if err := out.Encode(r); err != nil {
			return fmt.Errorf("messenger simulator: %w", err)
		}
	}
	if _, err := j.file.Write(b.Bytes()); err != nil {
		j.bad = fmt.Errorf("messenger simulator: %w", err)
	} else if err := j.file.Sync(); err != nil {
		j.bad = fmt.Errorf("messenger simulator: %w", err)
	}
	return j.bad
}

// close gives up the lock.
func (j *journal) close() error { return j.file.Close() }

// syncDir makes a folder's names durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our own data folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
