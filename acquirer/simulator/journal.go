package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
)

// journalFile is the journal's name in its folder.
const journalFile = "journal.jsonl"

// ErrLocked is returned when another process holds the journal.
var ErrLocked = errors.New("simulator: the journal is in use by another process")

// ErrDamaged is returned for a journal with a broken line before a whole one. A torn
// last line is no damage: it was never durable, and is cut.
var ErrDamaged = errors.New("simulator: the journal is damaged")

// Journal is an append-only file: a line is a CRC-32 of eight hexadecimal digits, a
// space and JSON. Lines appended together are made durable together. It is safe for
// concurrent use.
type Journal struct {
	dir    string
	file   *os.File
	loaded []record

	mu     sync.Mutex
	buf    []byte
	last   int64 // highest seq in buf or file
	calls  []func(error)
	failed error
	closed bool
	wake   chan struct{}
	ended  chan struct{}

	durable atomic.Int64
}

// OpenJournal opens or creates the journal in dir and locks it for this process. A
// torn last line is cut off.
func OpenJournal(dir string) (*Journal, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, journalFile), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // our own data folder
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	j := &Journal{dir: dir, file: f, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if err := j.load(); err != nil {
		_ = f.Close()
		return nil, err
	}
	go j.commit()
	return j, nil
}

// load locks the file, reads it and cuts a torn tail.
func (j *Journal) load() error {
	if err := syscall.Flock(int(j.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return ErrLocked
	}
	b, err := os.ReadFile(j.file.Name())
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	records, whole, err := parseJournal(b)
	if err != nil {
		return err
	}
	if whole < len(b) {
		if err := j.file.Truncate(int64(whole)); err != nil {
			return fmt.Errorf("simulator: %w", err)
		}
	}
	if err := errors.Join(j.file.Sync(), syncDir(j.dir)); err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	j.loaded = records
	for _, r := range records {
		j.last = max(j.last, r.Seq)
	}
	j.durable.Store(j.last)
	return nil
}

// parseJournal reads lines until a broken one; whole is where the last good one ends.
func parseJournal(b []byte) (records []record, whole int, err error) {
	for whole < len(b) {
		end := bytes.IndexByte(b[whole:], '\n')
		if end < 0 {
			return records, whole, nil
		}
		r, ok := parseLine(b[whole : whole+end])
		if !ok {
			for line := range bytes.SplitSeq(b[whole+end+1:], []byte("\n")) {
				if _, good := parseLine(line); good {
					return nil, 0, ErrDamaged
				}
			}
			return records, whole, nil
		}
		records = append(records, r)
		whole += end + 1
	}
	return records, whole, nil
}

func parseLine(line []byte) (r record, ok bool) {
	if len(line) < 10 || line[8] != ' ' {
		return r, false
	}
	sum, err := strconv.ParseUint(string(line[:8]), 16, 32)
	if err != nil || uint64(crc32.ChecksumIEEE(line[9:])) != sum {
		return r, false
	}
	return r, json.Unmarshal(line[9:], &r) == nil
}

// ReadJournal reads the entries of the journal in dir, also while a simulator writes
// it. It changes nothing.
func ReadJournal(dir string) ([]Entry, error) {
	b, err := os.ReadFile(filepath.Join(dir, journalFile)) //nolint:gosec // a folder the caller names
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	records, _, err := parseJournal(b)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, r := range records {
		if r.Amend {
			if r.Seq < 1 || r.Seq > int64(len(out)) {
				return nil, ErrDamaged
			}
			out[r.Seq-1].Answered = r.Answered
			continue
		}
		if r.Seq != int64(len(out))+1 {
			return nil, ErrDamaged
		}
		out = append(out, r.Entry)
	}
	return out, nil
}

// append writes r; done, when not nil, is called once it is durable or cannot be.
// Lines keep the order of the calls.
func (j *Journal) append(r *record, done func(error)) {
	line, err := json.Marshal(r)
	j.mu.Lock()
	if err == nil {
		err = j.failed
	}
	if err == nil && j.closed {
		err = os.ErrClosed
	}
	if err != nil {
		j.mu.Unlock()
		if done != nil {
			done(err)
		}
		return
	}
	j.buf = fmt.Appendf(j.buf, "%08x ", crc32.ChecksumIEEE(line))
	j.buf = append(append(j.buf, line...), '\n')
	j.last = max(j.last, r.Seq)
	if done != nil {
		j.calls = append(j.calls, done)
	}
	j.mu.Unlock()
	j.nudge()
}

func (j *Journal) nudge() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// commit writes and syncs what has gathered, until the journal is closed.
func (j *Journal) commit() {
	defer close(j.ended)
	var buf []byte
	for range j.wake {
		j.mu.Lock()
		buf, j.buf = j.buf, buf[:0]
		calls, last, err, closed := j.calls, j.last, j.failed, j.closed
		j.calls = nil
		j.mu.Unlock()
		if err == nil && len(buf) > 0 {
			if _, err = j.file.Write(buf); err == nil {
				err = j.file.Sync()
			}
		}
		if err != nil {
			j.mu.Lock()
			j.failed = err
			j.mu.Unlock()
		} else {
			j.durable.Store(last)
		}
		for _, done := range calls {
			done(err)
		}
		if closed {
			return
		}
	}
}

// Sync waits until everything appended is durable.
func (j *Journal) Sync() error {
	wait := make(chan error, 1)
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return os.ErrClosed
	}
	j.calls = append(j.calls, func(err error) { wait <- err })
	j.mu.Unlock()
	j.nudge()
	return <-wait
}

// Durable is the highest seq that is on disk.
func (j *Journal) Durable() int64 { return j.durable.Load() }

// Close makes everything durable, gives up the lock and closes the file.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	j.mu.Unlock()
	j.nudge()
	<-j.ended
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(j.failed, j.file.Close())
}

// syncDir makes a folder's names durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our own data folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
