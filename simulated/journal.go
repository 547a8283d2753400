package simulated

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

// ErrLocked is returned when another process holds the journal.
var ErrLocked = errors.New("simulator: the journal is in use by another process")

// ErrDamaged is returned for a journal with a broken line before a whole one. A torn
// last line is no damage: it was never durable, and is cut.
var ErrDamaged = errors.New("simulator: the journal is damaged")

// Journal is an append-only file of records; a line is JSON. Its owner serializes calls.
type Journal[T any] struct {
	file *os.File
	bad  error // after a failed write nobody knows what is on disk
}

// OpenJournal opens or creates the journal in dir, locks it for this process, cuts a
// torn last line, and hands every record to each, oldest first. valid tells a record
// from other JSON.
func OpenJournal[T any](dir, file string, valid func(T) bool, each func(T)) (*Journal[T], error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, file), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // our own data folder
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrLocked, f.Close())
	}
	whole, err := readJournal(f, valid, each)
	if err == nil {
		err = f.Truncate(whole)
	}
	if err == nil {
		err = errors.Join(f.Sync(), syncDir(dir))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("simulator: %w", err), f.Close())
	}
	return &Journal[T]{file: f}, nil
}

// ReadJournal hands every record of the journal in dir to each, oldest first, also while
// another process writes it. It changes nothing.
func ReadJournal[T any](dir, file string, valid func(T) bool, each func(T)) error {
	f, err := os.Open(filepath.Join(dir, file)) //nolint:gosec // a folder the caller names
	if err != nil {
		return fmt.Errorf("simulator: %w", err)
	}
	_, err = readJournal(f, valid, each)
	return errors.Join(err, f.Close())
}

// readJournal reads lines until a broken one; whole is where the last good one ends.
func readJournal[T any](file io.Reader, valid func(T) bool, each func(T)) (whole int64, err error) {
	in := bufio.NewReader(file)
	for broken := false; ; {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return whole, nil // what stands without an end was never durable
		}
		if err != nil {
			return 0, err
		}
		var r T
		switch {
		case json.Unmarshal(line, &r) != nil || !valid(r):
			broken = true
		case broken:
			return 0, ErrDamaged
		default:
			each(r)
			whole += int64(len(line))
		}
	}
}

// Append writes the records and waits until they are durable.
func (j *Journal[T]) Append(records []T) error {
	if j.bad != nil {
		return j.bad
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	for _, r := range records {
		if err := out.Encode(r); err != nil {
			return fmt.Errorf("simulator: %w", err)
		}
	}
	if _, err := j.file.Write(b.Bytes()); err != nil {
		j.bad = fmt.Errorf("simulator: %w", err)
	} else if err := j.file.Sync(); err != nil {
		j.bad = fmt.Errorf("simulator: %w", err)
	}
	return j.bad
}

// Close gives up the lock.
func (j *Journal[T]) Close() error { return j.file.Close() }

// syncDir makes a folder's names durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) //nolint:gosec // our own data folder
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
