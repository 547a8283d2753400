package simulator

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"innopay/clock"
	"innopay/simulated"
)

// Files in the folder of the journal.
const (
	journalFile = "cash-receipts.jsonl"
	faultsFile  = "cash-receipt-faults.json"
)

// owner names a receipt by who issued it and under which key.
type owner struct{ corp, key string }

// Office is what was issued, durable before it is seen. It is safe for concurrent use.
type Office struct {
	clock   clock.Clock
	verdict time.Duration
	script  *simulated.Script
	journal *simulated.Journal[record]

	mu       sync.Mutex
	entries  []Entry
	byKey    map[owner]*document
	byNumber map[string]*document   // by day and number
	cancels  map[string][]*document // by the original's day and number
	waiting  []*document            // for the tax service, by Due
	numbers  map[clock.Day]int      // given out
	seen     map[owner]bool         // keys that came, refused ones too
}

// OpenOffice goes on from the journal in dir.
func OpenOffice(dir string, c clock.Clock, verdict time.Duration) (*Office, error) {
	o := &Office{
		clock: c, verdict: verdict, byKey: map[owner]*document{}, byNumber: map[string]*document{}, cancels: map[string][]*document{},
		numbers: map[clock.Day]int{}, seen: map[owner]bool{},
	}
	var err error
	if o.journal, err = simulated.OpenJournal(dir, journalFile, record.valid, o.keep); err != nil {
		return nil, err
	}
	if o.script, err = simulated.OpenScript(filepath.Join(dir, faultsFile), c); err != nil {
		_ = o.journal.Close()
		return nil, err
	}
	return o, nil
}

// ReadJournal reads the entries of the journal in dir, also while an office writes it. It
// changes nothing.
func ReadJournal(dir string) ([]Entry, error) {
	var out []Entry
	err := simulated.ReadJournal(dir, journalFile, record.valid, func(r record) { out = append(out, r.Entry) })
	return out, err
}

// Close gives up the journal.
func (o *Office) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.journal.Close()
}

// Entries are those of the journal after the one with the number, at most limit.
func (o *Office) Entries(after int64, limit int) ([]Entry, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.settle(); err != nil {
		return nil, err
	}
	from := min(max(after, 0), int64(len(o.entries))) // Seq counts from 1 without gaps
	rest := o.entries[from:]
	return slices.Clone(rest[:min(limit, len(rest))]), nil
}

// keep shows a record that is durable. o.mu is held, or nobody else is there yet.
func (o *Office) keep(r record) {
	o.entries = append(o.entries, r.Entry)
	o.seen[owner{r.BusinessNumber, r.ID}] = true
	switch {
	case r.Type == TypeVerdict:
		if d := o.byKey[owner{r.BusinessNumber, r.ID}]; d != nil {
			d.judged = true
			o.waiting = slices.DeleteFunc(o.waiting, func(w *document) bool { return w == d })
		}
	case r.Document != nil:
		d := r.Document
		o.byKey[owner{d.Corp, d.Key}] = d
		o.byNumber[string(d.Day)+d.Number] = d
		o.numbers[d.Day]++
		if d.TradeType == typeCancel {
			o.cancels[string(d.OrgDay)+d.Original] = append(o.cancels[string(d.OrgDay)+d.Original], d)
		}
		o.waiting = append(o.waiting, d)
		slices.SortStableFunc(o.waiting, func(a, b *document) int { return a.Due.Compare(b.Due) })
	}
}

// add makes records durable and shows them. o.mu is held.
func (o *Office) add(records ...record) error {
	for i := range records {
		records[i].Seq = int64(len(o.entries) + i + 1)
	}
	if err := o.journal.Append(records); err != nil {
		return err
	}
	for _, r := range records {
		o.keep(r)
	}
	return nil
}

// settle writes the verdicts that have come. o.mu is held.
func (o *Office) settle() error {
	now := o.clock.Now()
	var due []record
	for _, d := range o.waiting {
		if now.Before(d.Due) {
			break
		}
		e := entryOf(d, TypeVerdict)
		e.At, e.Result, e.Answered = d.Due, d.Fate, true
		if d.Fate == ResultRejected {
			e.Code = codeRejected
		}
		due = append(due, record{Entry: e})
	}
	if len(due) == 0 {
		return nil
	}
	return o.add(due...)
}

func entryOf(d *document, kind string) Entry {
	return Entry{
		Type: kind, ID: d.Key, Number: d.Number, OriginalNumber: d.Original, Day: d.Day, BusinessNumber: d.Corp,
		Kind: kindOf(d.Usage, d.Identity), Identifier: d.Identity, Amount: d.Amounts.Total,
	}
}

// find is the receipt of a key with the verdicts that have come.
func (o *Office) find(corp, key string) (d document, found bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.settle(); err != nil {
		return document{}, false, err
	}
	if p := o.byKey[owner{corp, key}]; p != nil {
		return *p, true, nil
	}
	return document{}, false, nil
}

// done is what became of a request.
type done struct {
	document document // what the key stands for, when issued or already
	refusal  *wireError
	hold     bool // no answer leaves
}

// take issues a receipt under a fault. check refuses it or fills in what is missing;
// it is called with the office locked.
func (o *Office) take(kind string, draft document, do simulated.Do, check func(*Office, *document) *wireError) (done, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := o.settle(); err != nil {
		return done{}, err
	}
	now := o.clock.Now()
	was := o.byKey[owner{draft.Corp, draft.Key}]
	repeat := o.seen[owner{draft.Corp, draft.Key}]
	refused := func(no wireError, result string) (done, error) {
		e := entryOf(&draft, kind)
		e.At, e.Result, e.Code, e.Answered, e.Repeat = now, result, fmt.Sprint(no.Code), do != simulated.Timeout, repeat
		if result == ResultAlready {
			e.Number = was.Number
		}
		return done{refusal: &no, hold: do == simulated.Timeout}, o.add(record{Entry: e})
	}
	if was != nil {
		return refused(refusals[codeInUse], again(was, &draft))
	}
	if do == simulated.Reject {
		return refused(refusals[codeBlocked], ResultRefused)
	}
	if no := check(o, &draft); no != nil {
		return refused(*no, ResultRefused)
	}
	o.number(&draft, now)
	e := entryOf(&draft, kind)
	e.At, e.Result, e.Repeat = now, ResultIssued, repeat
	e.Answered = do != simulated.Timeout && do != simulated.Duplicate
	records := []record{{Entry: e, Document: &draft}}
	out := done{document: draft, hold: do == simulated.Timeout}
	if do == simulated.Duplicate { // the request came twice, and the second one's answer arrives
		second := e
		second.Result, second.Answered, second.Repeat, second.Code = ResultAlready, true, true, fmt.Sprint(codeInUse)
		records = append(records, record{Entry: second})
		no := refusals[codeInUse]
		out.refusal = &no
	}
	return out, o.add(records...)
}

// again tells a repeat of a receipt from another one under its key. A whole cancel
// says no amounts.
func again(was, draft *document) string {
	if was.TradeType == draft.TradeType && was.Original == draft.Original && was.OrgDay == draft.OrgDay && was.Part == draft.Part &&
		(was.Amounts == draft.Amounts || was.TradeType == typeCancel && !was.Part) {
		return ResultAlready
	}
	return ResultRefused
}

// number gives the receipt its number: nine characters, with letters in every second
// one as among the numbers of the tax service, unique within the day. o.mu is held.
func (o *Office) number(d *document, now time.Time) {
	n := o.numbers[d.Day] + 1
	d.Number = fmt.Sprintf("TB%07d", n)
	if n%2 == 0 {
		d.Number = fmt.Sprintf("82%07d", n)
	}
	d.ItemKey = fmt.Sprintf("%s%010d", now.In(clock.Seoul).Format("06010215"), len(o.entries)+1)
	d.Issued, d.Due = now, now.Add(o.verdict)
	d.Fate = cmp.Or(d.Fate, ResultConfirmed)
}

// takenBack is what cancels of a receipt took back, without those that the tax service
// rejected. o.mu is held.
func (o *Office) takenBack(original *document) amounts {
	var sum amounts
	for _, d := range o.cancels[string(original.Day)+original.Number] {
		if !d.judged || d.Fate != ResultRejected {
			sum = sum.plus(d.Amounts)
		}
	}
	return sum
}
