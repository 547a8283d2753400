package simulator

import (
	"context"
	"sync"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
)

// InProcess is an acquirer without a wire: calls go straight to a Book, one after
// the other, and never wait. It implements Acquirer, Canceler, Inquirer and
// LateObserver. Entries are durable at the journal's next Sync or Close, not when a
// call returns: it is for filling a demo and for simulations.
type InProcess struct {
	book *Book

	mu     sync.Mutex
	onLate func(string, acquirer.Answer)
	late   []Decision
}

// Direct returns the book as an acquirer.
func Direct(book *Book) *InProcess { return &InProcess{book: book} }

// Describe says what the simulator can do.
func (p *InProcess) Describe() acquirer.Descriptor {
	d := iso8583.Adapter.Descriptor
	d.Name = "simulator"
	d.Label = acquirer.Label{Ko: "매입사 시뮬레이터", En: "Acquirer simulator"}
	d.Simulated, d.Fields, d.Timeouts = true, nil, acquirer.DemoTimeouts()
	return d
}

// handle gives the message to the book and says whether its right answer came.
func (p *InProcess) handle(ctx context.Context, r iso8583.Request) (iso8583.Reply, bool) {
	if ctx.Err() != nil {
		return iso8583.Reply{}, false
	}
	d, err := p.book.Handle(&r, nil)
	if err != nil {
		return iso8583.Reply{}, false
	}
	switch d.Do {
	case "", Duplicate, Decline, SayNoOriginal:
		return d.Reply, true
	case Delay:
		p.book.Answered(d.Seq, true)
		return d.Reply, true
	case Late:
		p.mu.Lock()
		p.late = append(p.late, d)
		p.mu.Unlock()
	case Timeout, Garbage, HalfClose, Reset, Foreign, WrongAmount, Drop:
	}
	return iso8583.Reply{}, false
}

// Authorize asks the book for an approval.
func (p *InProcess) Authorize(ctx context.Context, a acquirer.Authorization) acquirer.Answer {
	reply, ok := p.handle(ctx, iso8583.AuthorizationRequest(a))
	if !ok {
		return acquirer.Answer{NotSent: ctx.Err() != nil, Message: "no answer"}
	}
	return reply.Answer()
}

// Reverse undoes an authorization in the book.
func (p *InProcess) Reverse(ctx context.Context, r acquirer.Reversal) acquirer.ReversalAnswer {
	reply, ok := p.handle(ctx, iso8583.ReversalRequest(r))
	if !ok {
		return acquirer.ReversalAnswer{Message: "no answer"}
	}
	return reply.Reversal()
}

// Cancel voids or refunds in the book.
func (p *InProcess) Cancel(ctx context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	reply, ok := p.handle(ctx, iso8583.CancelRequest(c))
	if !ok {
		return acquirer.CancelAnswer{NotSent: ctx.Err() != nil, Message: "no answer"}
	}
	return reply.Cancel()
}

// Inquire asks the book what became of a message.
func (p *InProcess) Inquire(ctx context.Context, i acquirer.Inquiry) acquirer.InquiryAnswer {
	reply, ok := p.handle(ctx, iso8583.InquiryRequest(i))
	if !ok {
		return acquirer.InquiryAnswer{Answer: acquirer.Answer{Message: "no answer"}}
	}
	return reply.Inquiry()
}

// OnLate sets who hears of late answers.
func (p *InProcess) OnLate(f func(attemptID string, late acquirer.Answer)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.onLate = f
}

// DeliverLate hands over the late answers that wait, in order, and returns how many.
// When they come is the caller's to decide: time does not pass in here.
func (p *InProcess) DeliverLate() int {
	p.mu.Lock()
	late, f := p.late, p.onLate
	p.late = nil
	p.mu.Unlock()
	for _, d := range late {
		p.book.Answered(d.Seq, true)
		if d.Reply.Kind == iso8583.Authorize && f != nil {
			f(d.Reply.AttemptID, d.Reply.Answer())
		}
	}
	return len(late)
}
