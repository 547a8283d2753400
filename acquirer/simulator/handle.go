package simulator

import (
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/clock"
)

// Decision is what to do about one message after the books have been written.
type Decision struct {
	Reply iso8583.Reply // the right answer
	Do    Do            // "" sends it; else what to do instead
	After time.Duration // before anything is sent
	Seq   int64         // the entry, 0 when the books were not touched
}

// DefaultLate is how late an answer is when the script does not say: past the read
// time-out of the demo.
const DefaultLate = 4 * time.Second

// Handle takes one message of the kinds Authorize, Void, Refund, Reverse and
// Inquire. done, when not nil, is called once with the decision: with nil when it is
// durable, and with an error when it cannot be; nothing may be answered before. With
// an error it must not call the book. It is not called when the books were not
// touched. The caller wipes the card.
func (b *Book) Handle(r *iso8583.Request, done func(Decision, error)) (Decision, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock.Now()
	b.sweep(now)
	f, err := b.fault(r)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{Do: f.Do, After: time.Duration(f.AfterMs) * time.Millisecond}
	if f.Do == Drop {
		return d, nil
	}
	if f.Do == Late && d.After == 0 {
		d.After = DefaultLate
	}
	rec := newRecord(r, now)
	rec.Do = f.Do
	switch r.Kind {
	case iso8583.Authorize:
		b.authorize(r, &rec, f.Do)
	case iso8583.Void, iso8583.Refund:
		b.cancel(r, &rec, f.Do)
	case iso8583.Reverse:
		b.reverse(r, &rec, f.Do)
	case iso8583.Inquire, iso8583.SignOn, iso8583.SignOff, iso8583.Echo:
		b.inquire(r, &rec, f.Do)
	}
	rec.Answered = f.Do == "" || f.Do == Duplicate || f.Do == Decline
	if f.Do == Late {
		rec.LateAt = clock.Micros(now.Add(d.After))
	}
	d.Reply, d.Seq = b.reply(r, &rec), b.next()
	if done == nil {
		b.add(&rec, nil)
	} else {
		b.add(&rec, func(err error) { done(d, err) })
	}
	return d, nil
}

// fault is what goes wrong with the message: by the script, else by its card.
func (b *Book) fault(r *iso8583.Request) (Fault, error) {
	if f, ok, err := b.script.take(r.Kind); ok || err != nil {
		return f, err
	}
	switch r.Kind {
	case iso8583.Authorize:
		if c, ok := findCard(r.Card.PAN); ok {
			how := behaviours[c.Behaviour]
			return Fault{Do: how.do, AfterMs: how.afterMs}, nil
		}
	case iso8583.Reverse:
		if a := b.auths[r.Original.AttemptID]; a != nil && a.Behaviour != "" && !a.lied {
			return Fault{Do: a.Behaviour}, nil
		}
	case iso8583.Void, iso8583.Refund, iso8583.Inquire, iso8583.SignOn, iso8583.SignOff, iso8583.Echo:
	}
	return Fault{}, nil
}

// reply is the answer to r as rec says; to an inquiry it speaks of the subject.
func (b *Book) reply(r *iso8583.Request, rec *record) iso8583.Reply {
	out := rec.reply()
	out.Kind, out.Advice, out.Reference, out.Amount = r.Kind, r.Advice, r.Reference, r.Split.Amount
	if r.Kind != iso8583.Inquire || rec.Code != iso8583.CodeOK {
		return out
	}
	if c := b.cancels[r.Original.AttemptID]; c != nil {
		out.SubjectCode, out.ApprovalNumber = c.Code, c.CancelNumber
		out.State = iso8583.StateDeclined
		if c.Result == Approved {
			out.State = iso8583.StateApproved
		}
		return out
	}
	a := b.auths[r.Original.AttemptID]
	out.SubjectCode, out.ApprovalNumber, out.RRN = a.Code, a.ApprovalNumber, a.RRN
	out.Issuer, out.Acquirer, out.CardType = acquirer.Party(a.Issuer), acquirer.Party(a.Acquirer), a.CardType
	out.Captured = a.captured
	switch {
	case !a.approved():
		out.State = iso8583.StateDeclined
	case a.reversed || a.canceled == a.Amount:
		out.State = iso8583.StateReversed
	default:
		out.State = iso8583.StateApproved
	}
	return out
}
