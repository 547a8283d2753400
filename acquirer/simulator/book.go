package simulator

import (
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"innopay/acquirer/iso8583"
	"innopay/clock"
	"innopay/money"
)

// scriptFile keeps the fault script beside the journal.
const scriptFile = "faults.json"

// DefaultReversalWindow is how long after its authorization a reversal is accepted
// (domain facts 2.4).
const DefaultReversalWindow = time.Hour

// Book is the acquirer's rules and state. The same messages at the same times give
// the same entries. It is safe for concurrent use.
type Book struct {
	clock   clock.Clock
	journal *Journal // nil: in memory only
	script  *Script
	window  time.Duration

	mu      sync.Mutex
	entries []Entry
	auths   map[string]*authorization
	cancels map[string]*cancel
	seen    map[string]bool  // type and attempt id of reversals and inquiries
	undone  map[string]bool  // attempts reversed before they arrived
	open    []*authorization // approved and not captured, besides some that were undone
	swept   time.Time        // the last 23:00 up to which days were captured
	late    []lateAnswer
}

// authorization is one authorization in the books.
type authorization struct {
	record
	reversed bool
	captured bool
	canceled money.Won // sum of voids and refunds
	lied     bool      // a reversal was told that it does not exist
}

// approved reports whether it was approved, whatever became of it.
func (a *authorization) approved() bool { return a.Result == Approved }

// cancel is one void or refund in the books.
type cancel struct {
	record
}

// lateAnswer is an answer that was due when the simulator ended.
type lateAnswer struct {
	seq   int64
	due   time.Time
	reply iso8583.Reply
}

// NewBook returns a book that goes on from journal; without one it lives in memory.
// The journal must be fresh from OpenJournal and serve no other book.
func NewBook(c clock.Clock, journal *Journal) (*Book, error) {
	b := &Book{
		clock: c, journal: journal, script: &Script{}, window: DefaultReversalWindow,
		auths: map[string]*authorization{}, cancels: map[string]*cancel{}, seen: map[string]bool{}, undone: map[string]bool{},
	}
	if journal == nil {
		return b, nil
	}
	script, err := openScript(filepath.Join(journal.dir, scriptFile))
	if err != nil {
		return nil, err
	}
	b.script = script
	for i := range journal.loaded {
		if err := b.replay(&journal.loaded[i]); err != nil {
			return nil, err
		}
	}
	journal.loaded = nil
	b.rescheduleLate()
	return b, nil
}

// Script is the faults the book will meet.
func (b *Book) Script() *Script { return b.script }

// replay brings one line of the journal into the books.
func (b *Book) replay(r *record) error {
	if r.Amend {
		if r.Seq < 1 || r.Seq > int64(len(b.entries)) {
			return fmt.Errorf("%w: it corrects an entry that is not there", ErrDamaged)
		}
		b.entries[r.Seq-1].Answered = r.Answered
		return nil
	}
	if r.Seq != int64(len(b.entries))+1 {
		return fmt.Errorf("%w: entry %d is missing", ErrDamaged, len(b.entries)+1)
	}
	b.apply(r)
	return nil
}

// apply adds the record's entry and does to the state what it says was done. All
// change of state is here, so that a replay ends where the first run did.
func (b *Book) apply(r *record) {
	b.entries = append(b.entries, r.Entry)
	if r.Do == Late {
		b.late = append(b.late, lateAnswer{r.Seq, clock.FromMicros(r.LateAt), r.reply()})
	}
	original := b.auths[r.OriginalAttemptID]
	switch r.Type {
	case iso8583.Authorize.String():
		if r.Repeat || r.Result != Approved && r.Result != Declined {
			return
		}
		a := &authorization{record: *r}
		b.auths[r.AttemptID] = a
		if a.approved() {
			b.open = append(b.open, a)
		}
	case iso8583.Void.String(), iso8583.Refund.String():
		if r.Repeat && b.cancels[r.AttemptID] != nil && b.cancels[r.AttemptID].Result == Approved {
			return
		}
		b.cancels[r.AttemptID] = &cancel{*r}
		if r.Result == Approved {
			original.canceled += r.Amount
		}
	case iso8583.Reverse.String():
		b.seen[r.Type+r.AttemptID] = true
		b.applyReversal(r, original)
	case iso8583.Inquire.String():
		b.seen[r.Type+r.AttemptID] = true
	case typeCapture:
		original.captured = true
	}
}

func (b *Book) applyReversal(r *record, original *authorization) {
	switch r.Result {
	case Approved:
		original.reversed = true
	case NoOriginal:
		if original == nil {
			b.undone[r.OriginalAttemptID] = true
		} else if r.Do == SayNoOriginal {
			original.lied = true
		}
	case Already, Declined, Refused:
	}
}

// add gives the record its seq, applies it and hands it to the journal.
func (b *Book) add(r *record, done func(error)) {
	r.Seq = int64(len(b.entries)) + 1
	b.apply(r)
	b.write(r, done)
}

func (b *Book) write(r *record, done func(error)) {
	switch {
	case b.journal != nil:
		b.journal.append(r, done)
	case done != nil:
		done(nil)
	}
}

// Answered corrects whether a right answer to the entry left.
func (b *Book) Answered(seq int64, answered bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if seq < 1 || seq > int64(len(b.entries)) || b.entries[seq-1].Answered == answered {
		return
	}
	b.entries[seq-1].Answered = answered
	b.write(&record{Entry: Entry{Seq: seq, Answered: answered}, Amend: true}, nil)
}

// Entries returns up to limit durable entries with a seq above after, in order.
func (b *Book) Entries(after int64, limit int) []Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	end := int64(len(b.entries))
	if b.journal != nil {
		end = min(end, b.journal.Durable())
	}
	from := max(0, min(after, end))
	end = min(end, from+int64(max(0, limit)))
	return append([]Entry{}, b.entries[from:end]...)
}

// rescheduleLate keeps only the late answers that are still owed.
func (b *Book) rescheduleLate() {
	owed := b.late[:0]
	for _, l := range b.late {
		if !b.entries[l.seq-1].Answered {
			owed = append(owed, l)
		}
	}
	b.late = owed
}

// takeLate hands over the late answers still owed.
func (b *Book) takeLate() []lateAnswer {
	b.mu.Lock()
	defer b.mu.Unlock()
	owed := b.late
	b.late = nil
	return owed
}

// captureHour is when the business day is captured, in Seoul (rulings 4).
const captureHour = 23

// sweepBefore is the last time of capture at or before t.
func sweepBefore(t time.Time) time.Time {
	t = t.In(clock.Seoul)
	at := time.Date(t.Year(), t.Month(), t.Day(), captureHour, 0, 0, 0, clock.Seoul)
	if at.After(t) {
		at = at.AddDate(0, 0, -1)
	}
	return at
}

// NextCapture is the next time at which a business day is captured.
func (b *Book) NextCapture() time.Time { return sweepBefore(b.clock.Now()).AddDate(0, 0, 1) }

// Tick captures every business day that has ended by now. Every message does it
// first; a server also does it when nothing comes.
func (b *Book) Tick() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sweep(b.clock.Now())
}

// Capture captures everything approved until now and returns how many.
func (b *Book) Capture() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	b.sweep(now)
	return b.capture(func(*authorization) (time.Time, bool) { return now, true })
}

// sweep captures the days that ended by now, each at its own 23:00.
func (b *Book) sweep(now time.Time) {
	last := sweepBefore(now)
	if !last.After(b.swept) {
		return
	}
	b.swept = last
	b.capture(func(a *authorization) (time.Time, bool) {
		day := sweepBefore(a.At).AddDate(0, 0, 1)
		return day, !day.After(last)
	})
}

// capture captures the open authorizations for which due gives a time. What was
// cancelled wholly is not captured, of the others what remains.
func (b *Book) capture(due func(*authorization) (time.Time, bool)) int {
	open := b.open
	b.open = nil
	captured := 0
	for _, a := range open {
		if a.captured || a.reversed || a.canceled == a.Amount {
			continue
		}
		at, ok := due(a)
		if !ok {
			b.open = append(b.open, a)
			continue
		}
		captured++
		b.add(&record{
			Entry: Entry{
				At: at.In(clock.Seoul), Type: typeCapture, AttemptID: a.AttemptID, OriginalAttemptID: a.AttemptID,
				MerchantID: a.MerchantID, Amount: a.Amount - a.canceled, Last4: a.Last4,
				ApprovalNumber: a.ApprovalNumber, Result: Approved, Answered: true,
			},
			MID: a.MID, TerminalID: a.TerminalID,
		}, nil)
	}
	return captured
}
