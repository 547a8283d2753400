package web_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/money"
)

// office issues cash receipts and remembers them. Its fields say how it misbehaves.
type office struct {
	clock clock.Clock

	mu     sync.Mutex
	books  map[string]*booked // by id
	number int
	issues []cashreceipt.Issue // as they came, repeats too
	// lose has the next so many messages act and never answer, drop has them not act
	// either, refuse refuses them, away has them not be sent at all.
	lose, drop, refuse, away int
	reject                   bool // the tax service refuses what is issued from now on
}

// booked is one receipt, or a cancel of one.
type booked struct {
	ref      cashreceipt.Reference
	split    money.Split
	original string
	rejected bool
	judged   bool
	times    int // how often it was issued: more than once must never be
}

func (*office) Describe() cashreceipt.Descriptor {
	return cashreceipt.Descriptor{
		Name: "office", Simulated: true, PartialCancel: true,
		Timeouts: cashreceipt.Timeouts{
			Connect: time.Second, Read: 2 * time.Second, AbsentAfter: 5 * time.Second, AskFrom: 24 * time.Hour, AskEvery: time.Hour,
			Backoff: []time.Duration{time.Second, 2 * time.Second, 4 * time.Second},
		},
	}
}

// fault takes one step of the script: whether to act, and the answer in its place.
func (o *office) fault() (act bool, an *cashreceipt.Answer) {
	take := func(n *int) bool {
		if *n == 0 {
			return false
		}
		*n--
		return true
	}
	switch {
	case take(&o.away):
		return false, &cashreceipt.Answer{Outcome: cashreceipt.NotSent}
	case take(&o.drop):
		return false, &cashreceipt.Answer{}
	case take(&o.refuse):
		return false, &cashreceipt.Answer{Outcome: cashreceipt.Refused, Code: "-14000001", Message: "식별번호를 확인해 주세요."}
	case take(&o.lose):
		return true, &cashreceipt.Answer{}
	}
	return true, nil
}

func (o *office) book(id, original string, split money.Split) cashreceipt.Answer {
	act, lost := o.fault()
	b := o.books[id]
	if act && b == nil {
		o.number++
		b = &booked{ref: cashreceipt.Reference{Number: fmt.Sprintf("TB%07d", o.number), Day: clock.DayOf(o.clock.Now())}, split: split, original: original, rejected: o.reject}
		o.books[id] = b
	}
	if act {
		b.times++
	}
	if lost != nil {
		return *lost
	}
	return cashreceipt.Answer{Outcome: cashreceipt.Issued, Reference: b.ref}
}

func (o *office) Issue(_ context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.issues = append(o.issues, in)
	return o.book(in.ID, "", in.Split)
}

func (o *office) Cancel(_ context.Context, in cashreceipt.Cancel) cashreceipt.Answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.book(in.ID, in.Original.Number, in.Split)
}

func (o *office) Ask(_ context.Context, _ cashreceipt.Merchant, id string) cashreceipt.Verdict {
	o.mu.Lock()
	defer o.mu.Unlock()
	b := o.books[id]
	switch {
	case b == nil:
		return cashreceipt.Verdict{State: cashreceipt.Absent}
	case b.judged && b.rejected:
		return cashreceipt.Verdict{State: cashreceipt.Rejected, Reference: b.ref, Code: "R01", Message: "국세청에서 거절했어요."}
	case b.judged:
		return cashreceipt.Verdict{State: cashreceipt.Confirmed, Reference: b.ref, Split: b.split}
	}
	return cashreceipt.Verdict{State: cashreceipt.Waiting, Reference: b.ref, Split: b.split}
}

func (*office) Close() error { return nil }

// judge is the tax service's word on everything so far.
func (o *office) judge() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, b := range o.books {
		b.judged = true
	}
}

// all lists what stands in the books.
func (o *office) all() []booked {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []booked
	for _, b := range o.books {
		out = append(out, *b)
	}
	return out
}
