package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"innopay/internal/load"
)

// block is what one durable write of the probes holds, in bytes: a page of PostgreSQL.
const block = 8 << 10

// preallocated is the size of the probes' file: written before, so that no write
// makes it grow, as databases recycle their logs.
const preallocated = 64 << 20

// preallocate makes the file of a probe.
func (b *bench) preallocate() (*os.File, func(), error) {
	dir, remove, err := b.folder()
	if err != nil {
		return nil, nil, err
	}
	f, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, nil, err
	}
	zero := make([]byte, 1<<20)
	for range preallocated / len(zero) {
		if _, err := f.Write(zero); err != nil {
			return nil, nil, errors.Join(err, f.Close())
		}
	}
	err = f.Sync()
	return f, func() { _ = f.Close(); remove() }, err
}

// writer overwrites a file block by block and makes each write durable.
type writer struct {
	file *os.File
	at   int64
}

func (w *writer) write(p []byte) error {
	if w.at+int64(len(p)) > preallocated {
		w.at = 0
	}
	if _, err := w.file.WriteAt(p, w.at); err != nil {
		return err
	}
	w.at += int64(len(p))
	return syscall.Fdatasync(int(w.file.Fd()))
}

// fdatasync measures durable overwrites of one block, one after the other.
func (b *bench) fdatasync(ctx context.Context) error {
	f, done, err := b.preallocate()
	if err != nil {
		return err
	}
	defer done()
	w := writer{file: f}
	p := make([]byte, block)
	var h load.Histogram
	rate, err := b.measure(ctx, 1, func(context.Context, int) error {
		begun := b.clock.Now()
		err := w.write(p)
		h.Add(b.clock.Now().Sub(begun))
		return err
	})
	if err != nil {
		return fmt.Errorf("fdatasync: %w", err)
	}
	b.report.set("fdatasync", figure{PerSecond: rate, P50: h.Quantile(.5), P99: h.Quantile(.99)})
	return nil
}

// recordBytes is about what a payment writes twice, as intent and as outcome.
const recordBytes = 600

// rawLog measures the ceiling of any design: two records a payment, those that wait
// together written and made durable together.
func (b *bench) rawLog(ctx context.Context, flight int) error {
	f, done, err := b.preallocate()
	if err != nil {
		return err
	}
	defer done()
	l := &log{w: writer{file: f}}
	l.turn = sync.NewCond(&l.mu)
	var h load.Histogram
	rate, err := b.measure(ctx, flight, func(context.Context, int) error {
		begun := b.clock.Now()
		err := errors.Join(l.commit(), l.commit())
		h.Add(b.clock.Now().Sub(begun))
		return err
	})
	if err != nil {
		return fmt.Errorf("raw log: %w", err)
	}
	b.report.set(name("raw log", flight), figure{PerSecond: rate, P50: h.Quantile(.5), P99: h.Quantile(.99)})
	return nil
}

// log is a group commit and nothing else.
type log struct {
	w       writer
	mu      sync.Mutex
	turn    *sync.Cond
	waiting int
	batch   int // number of the batch that is being filled
	done    int // batches up to this one are durable
	writing bool
	err     error
}

// commit makes one record durable, with those of others that wait.
func (l *log) commit() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := l.batch
	l.waiting++
	for l.done <= mine && l.err == nil {
		if l.writing {
			l.turn.Wait()
			continue
		}
		n := l.waiting
		l.waiting, l.writing = 0, true
		l.batch++
		l.mu.Unlock()
		// Whole blocks, as a database's log is written.
		err := l.w.write(make([]byte, (n*recordBytes+block-1)/block*block))
		l.mu.Lock()
		l.writing, l.done, l.err = false, l.batch, err
		l.turn.Broadcast()
	}
	return l.err
}
