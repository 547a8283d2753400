// Package simulation runs the payment core against everything that can go wrong, in
// one thread and in virtual time: a seed decides every delay, fault and crash, so a
// run can be repeated exactly.
//
// A run is a row of worlds. Each has its own merchants, an acquirer (the rules of
// acquirer/simulator, whose journal is the truth), some processes of the core over
// one store, clients and an operator. First faults are on: messages get lost, late,
// doubled, reordered and lied about, commits fail or are lost, processes die at any
// durable point. Then faults are off, and within 24 hours everything must be settled.
// Invariants (reliability 3.6) are checked after every step on what it touched, and
// over all rows and the whole journal at the end of a world.
package simulation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"
)

// Options say what to run.
type Options struct {
	Seed     uint64
	Payments int       // at least this many payments are asked for, 1..
	Out      io.Writer // lines for people; the last one is the hash. nil: none
	Plant    Plant     // a bug to be found; None outside of self-checks
}

// Plant is a bug that is put between the core and its store or acquirer, to show that
// the simulation finds it.
type Plant string

// The bugs.
const (
	None          Plant = ""
	DropReversal  Plant = "REVERSAL_DROPPED"   // reversals are not sent, and taken for done
	DropJob       Plant = "JOB_DROPPED"        // an unknown outcome is written without the job that reverses it
	SendFirst     Plant = "SENT_BEFORE_INTENT" // the intent is written after the answer
	UnknownFails  Plant = "UNKNOWN_IS_FAILED"  // no answer is taken for a decline
	SendTwice     Plant = "SENT_TWICE"         // a key that was used before is not found
	NoCancelGuard Plant = "NO_CANCEL_GUARD"    // a cancel does not see what is reserved already
)

// Plants lists the bugs.
var Plants = []Plant{DropReversal, DropJob, SendFirst, UnknownFails, SendTwice, NoCancelGuard}

// Report is what happened.
type Report struct {
	Worlds    int
	Payments  int    // that reached the store
	Approved  int    // at the end, cancelled ones included
	Cancels   int    // of merchants, that were done
	Unknown   int    // authorizations whose outcome was unknown at some time
	Reversed  int    // of those, undone
	Absent    int    // of those, proven never to have existed
	Confirmed int    // of those, found good by an operator
	Crashes   int    // processes that died
	Messages  int    // sent to the acquirer
	Faulty    int    // of those, met by a fault
	Steps     uint64 // events run
	Hash      string // SHA-256 of the trace, hex
}

// Violation is a broken invariant. Its seed and step lead back to it.
type Violation struct {
	Seed  uint64
	World int
	Step  uint64
	At    time.Time // virtual
	What  string
}

// Error names the invariant, the seed, the world and the step.
func (v *Violation) Error() string {
	return fmt.Sprintf("simulation: seed %d, world %d, step %d, %s: %s", v.Seed, v.World, v.Step, v.At.Format(time.RFC3339Nano), v.What)
}

// ErrOptions is returned for options that make no sense.
var ErrOptions = errors.New("simulation: the number of payments must be positive")

// worldSize bounds the rows that are in memory at once.
const worldSize = 1000

// Run runs the simulation. The error is a *Violation when an invariant broke, at the
// first one. The same options give the same report, whatever machine runs them.
func Run(o Options) (Report, error) {
	if o.Payments < 1 {
		return Report{}, ErrOptions
	}
	if o.Out == nil {
		o.Out = io.Discard
	}
	tr := &trace{h: sha256.New()}
	var rep Report
	for rep.Payments < o.Payments {
		w, err := newWorld(o, rep.Worlds, min(o.Payments-rep.Payments, worldSize), tr)
		if err != nil {
			return rep, err
		}
		err = w.run()
		w.count(&rep)
		if err != nil {
			return rep, err
		}
	}
	rep.Hash = tr.sum()
	_, err := fmt.Fprintf(o.Out, "%d payments in %d worlds: %d approved, %d cancels, %d unknown (%d reversed, %d absent, %d confirmed), %d messages (%d faulty), %d crashes, %d steps\n%s\n",
		rep.Payments, rep.Worlds, rep.Approved, rep.Cancels, rep.Unknown, rep.Reversed, rep.Absent, rep.Confirmed,
		rep.Messages, rep.Faulty, rep.Crashes, rep.Steps, rep.Hash)
	return rep, err
}

// trace hashes the canonical lines of what happened.
type trace struct {
	h   hash.Hash
	buf []byte
}

// line adds one event: when, what, and its words. A hash never fails.
func (t *trace) line(at time.Time, what string, words ...string) {
	t.buf = at.AppendFormat(t.buf[:0], time.RFC3339Nano)
	t.buf = append(append(t.buf, ' '), what...)
	for _, w := range words {
		t.buf = append(append(t.buf, ' '), w...)
	}
	t.buf = append(t.buf, '\n')
	_, _ = t.h.Write(t.buf)
}

func (t *trace) sum() string { return hex.EncodeToString(t.h.Sum(nil)) }
