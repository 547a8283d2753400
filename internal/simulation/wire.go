package simulation

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/internal/payment"
)

// mishap is what happens to one message on the wire.
type mishap uint8

const (
	fine       mishap = iota
	slow              // answered just in time
	notSent           // no connection: no byte left
	dropped           // never arrives, no answer
	silent            // acted on, no answer
	unusable          // acted on, the answer is garbage, another's, or of another amount
	late              // acted on, the answer comes after everybody left
	doubled           // arrives twice
	delayed           // no answer, and it arrives only when nobody waits any more
	denied            // the other side says that it knows no original, though it does
	refused           // the other side refuses for a reason of its own
	lostAnswer        // an inquiry whose answer is lost
)

// names of the mishaps in the trace.
var mishapNames = [...]string{"fine", "slow", "not-sent", "dropped", "silent", "unusable", "late", "doubled", "delayed", "denied", "refused", "lost-answer"}

// message is one message on the wire.
type message struct {
	kind     payment.AttemptKind
	ref      acquirer.Reference
	merchant string
	about    string // attempt that a reversal, cancel or inquiry speaks of
}

// mishaps that can meet each kind of message.
var mishapsOf = map[payment.AttemptKind][]mishap{
	payment.Authorize: {slow, notSent, dropped, silent, unusable, late, doubled, delayed},
	payment.Reverse:   {slow, notSent, dropped, silent, unusable, late, doubled, delayed, denied, denied, refused},
	payment.Void:      {slow, notSent, dropped, silent, unusable, late, doubled, delayed, refused},
	payment.Refund:    {slow, notSent, dropped, silent, unusable, late, doubled, delayed, refused},
	payment.Inquire:   {slow, notSent, dropped, lostAnswer, denied, refused},
}

// Bounds of lies: an acquirer that always lies can never be settled with.
const (
	mostDenials        = 3 // of one reversal's original
	mostInquiryDenials = 1 // of one subject
)

// wire is the acquirer as one process reaches it.
type wire struct {
	w    *world
	p    *process
	late func(string, acquirer.Answer)
}

// Describe implements acquirer.Acquirer.
func (x *wire) Describe() acquirer.Descriptor { return x.w.host.Describe() }

// OnLate implements acquirer.LateObserver.
func (x *wire) OnLate(f func(string, acquirer.Answer)) { x.late = f }

// draw decides what meets m.
func (x *wire) draw(m message) mishap {
	w := x.w
	if !w.faults || !w.chance(w.wave.message) {
		return fine
	}
	switch d := pick(w.random, mishapsOf[m.kind]...); {
	case d == denied && m.kind == payment.Inquire && w.lies["i"+m.about] >= mostInquiryDenials,
		d == denied && m.kind == payment.Reverse && w.lies["r"+m.about] >= mostDenials,
		// An acquirer does not refuse one copy of a cancel and do another.
		(d == refused || d == doubled) && m.kind != payment.Reverse && w.flying[m.ref.AttemptID] > 0:
		return fine
	default:
		return d
	}
}

// exchange sends m, whose arrival is act, and waits for the answer. answered is false
// when none came that could be used, left when a byte may have left.
func exchange[T any](x *wire, m message, act func() T) (answer T, answered, left bool) {
	w := x.w
	to := x.Describe().Timeouts
	w.checkSending(m)
	d := x.draw(m)
	w.report.Messages++
	if d != fine {
		w.report.Faulty++
	}
	w.trace.line(w.now, "send", string(m.kind), m.ref.AttemptID, mishapNames[d])
	up, down := w.between(time.Millisecond, 60*time.Millisecond), w.between(time.Millisecond, 60*time.Millisecond)
	w.fly(m, 1)
	switch d {
	case notSent:
		w.fly(m, -1)
		w.pause(w.between(0, to.Connect))
		return answer, false, false
	case dropped:
		w.fly(m, -1)
		w.pause(to.Connect + to.Read)
		return answer, false, true
	case silent, late:
		w.after(up, func() {
			a := act()
			w.fly(m, -1)
			if d == late {
				w.after(to.Connect+to.Read+w.between(0, 10*time.Second), func() { x.tellLate(m, a) })
			}
		})
		w.pause(to.Connect + to.Read)
		return answer, false, true
	case delayed:
		w.after(to.Connect+to.Read+w.between(0, to.NoOriginalAfter-to.Connect-to.Read), func() {
			act()
			w.fly(m, -1)
		})
		w.pause(to.Connect + to.Read)
		return answer, false, true
	case denied, refused:
		x.script(m, d)
	case slow:
		up, down = w.between(0, to.Read/2), w.between(0, to.Read/2)
	case fine, unusable, doubled, lostAnswer:
	}
	answer, answered = arrive(x, m, d, act, up, down)
	return answer, answered, true
}

// arrive is the part of an exchange in which the message comes to the books at once.
func arrive[T any](x *wire, m message, d mishap, act func() T, up, down time.Duration) (answer T, answered bool) {
	w := x.w
	// The arrival is an event of its own: the message is under way even if the process dies.
	var a T
	w.after(up, func() {
		a = act()
		w.fly(m, -1)
		if d == doubled {
			w.fly(m, 1)
			w.after(w.between(0, time.Second), func() {
				act()
				w.fly(m, -1)
			})
		}
	})
	w.pause(up + time.Microsecond + down)
	if d == unusable || d == lostAnswer {
		return answer, false
	}
	return a, true
}

// fly counts the copies of m that are under way.
func (w *world) fly(m message, n int) {
	w.flying[m.ref.AttemptID] += n
	if w.flying[m.ref.AttemptID] == 0 {
		delete(w.flying, m.ref.AttemptID)
	}
}

// script has the books lie to or refuse m, when it arrives.
func (x *wire) script(m message, d mishap) {
	if d == denied {
		switch m.kind {
		case payment.Inquire:
			x.w.lies["i"+m.about]++
		case payment.Reverse:
			x.w.lies["r"+m.about]++
		case payment.Authorize, payment.Void, payment.Refund:
		}
	}
	x.w.scripted[m.ref.AttemptID] = d
}

// reach lets the books act on m as it was scripted.
func reach[T any](w *world, m message, act func(context.Context) T) T {
	if d, ok := w.scripted[m.ref.AttemptID]; ok {
		delete(w.scripted, m.ref.AttemptID)
		do := simulator.Decline
		if d == denied {
			do = simulator.SayNoOriginal
		}
		if err := w.book.Script().Add([]simulator.Fault{{On: string(m.kind), Do: do}}); err != nil {
			w.violate("fault script: %v", err)
		}
	}
	w.trace.line(w.now, "arrive", string(m.kind), m.ref.AttemptID)
	return act(background)
}

// tellLate hands a late answer to the process, if it is still the one that asked.
func (x *wire) tellLate(m message, a any) {
	an, ok := a.(acquirer.Answer)
	if !ok || x.p.wire != x || x.late == nil {
		return
	}
	x.w.trace.line(x.w.now, "late", m.ref.AttemptID)
	x.p.call(func(*payment.Service) { x.late(m.ref.AttemptID, an) }, func(bool) {})
}

// Authorize implements acquirer.Acquirer.
func (x *wire) Authorize(_ context.Context, a acquirer.Authorization) acquirer.Answer {
	pan, err := card.ParsePAN(string(a.Card.PAN.Reveal()))
	if err != nil {
		x.w.violate("an authorization left without its card: %v", err)
	}
	// What is under way has left the process: wiping the card there changes nothing here.
	a.Card.PAN, a.Card.BirthOrBusinessNumber = pan, card.NewSecret(string(a.Card.BirthOrBusinessNumber.Reveal()))
	a.Card.PasswordTwoDigits = card.NewSecret(string(a.Card.PasswordTwoDigits.Reveal()))
	m := message{kind: payment.Authorize, ref: a.Reference, merchant: a.Merchant.ID}
	an, answered, left := exchange(x, m, func() acquirer.Answer {
		return reach(x.w, m, func(ctx context.Context) acquirer.Answer { return x.w.host.Authorize(ctx, a) })
	})
	switch {
	case answered:
		return an
	case x.w.opts.Plant == UnknownFails:
		return acquirer.Answer{Outcome: acquirer.Declined, FailureCode: "CARD_DECLINED"}
	}
	return acquirer.Answer{NotSent: !left}
}

// Reverse implements acquirer.Acquirer.
func (x *wire) Reverse(_ context.Context, r acquirer.Reversal) acquirer.ReversalAnswer {
	if x.w.opts.Plant == DropReversal {
		return acquirer.ReversalAnswer{Result: acquirer.Reversed}
	}
	m := message{kind: payment.Reverse, ref: r.Reference, merchant: r.Merchant.ID, about: r.Original.AttemptID}
	an, _, _ := exchange(x, m, func() acquirer.ReversalAnswer {
		return reach(x.w, m, func(ctx context.Context) acquirer.ReversalAnswer { return x.w.host.Reverse(ctx, r) })
	})
	return an
}

// Cancel implements acquirer.Canceler.
func (x *wire) Cancel(_ context.Context, c acquirer.Cancellation) acquirer.CancelAnswer {
	m := message{kind: payment.AttemptKind(c.Kind), ref: c.Reference, merchant: c.Merchant.ID, about: c.Original.AttemptID}
	an, answered, left := exchange(x, m, func() acquirer.CancelAnswer {
		return reach(x.w, m, func(ctx context.Context) acquirer.CancelAnswer { return x.w.host.Cancel(ctx, c) })
	})
	if !answered {
		return acquirer.CancelAnswer{NotSent: !left}
	}
	return an
}

// Inquire implements acquirer.Inquirer.
func (x *wire) Inquire(_ context.Context, i acquirer.Inquiry) acquirer.InquiryAnswer {
	m := message{kind: payment.Inquire, ref: i.Reference, merchant: i.Merchant.ID, about: i.Subject.AttemptID}
	an, _, _ := exchange(x, m, func() acquirer.InquiryAnswer {
		return reach(x.w, m, func(ctx context.Context) acquirer.InquiryAnswer { return x.w.host.Inquire(ctx, i) })
	})
	return an
}
