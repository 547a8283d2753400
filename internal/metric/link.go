package metric

import (
	"context"
	"time"

	"innopay/acquirer"
	"innopay/cashreceipt"
	"innopay/messenger"
)

// Acquirer is a with its messages counted. It can do what a can, and no more: the core asks
// for abilities by type.
func (m *Metrics) Acquirer(a acquirer.Acquirer) acquirer.Acquirer {
	w := watched{a, m, a.Describe().Name}
	c, can := a.(acquirer.Canceler)
	i, asks := a.(acquirer.Inquirer)
	switch {
	case can && asks:
		return struct {
			watched
			canceler
			inquirer
		}{w, canceler{w, c}, inquirer{w, i}}
	case can:
		return struct {
			watched
			canceler
		}{w, canceler{w, c}}
	case asks:
		return struct {
			watched
			inquirer
		}{w, inquirer{w, i}}
	}
	return w
}

type watched struct {
	of   acquirer.Acquirer
	m    *Metrics
	name string
}

func (w watched) sent(message, outcome string, from time.Time) {
	w.m.acquirer.WithLabelValues(w.name, message, outcome).Observe(w.m.clock.Now().Sub(from).Seconds())
}

// notSent tells what never left from what perhaps did.
func notSent(outcome string, not bool) string {
	if not {
		return "NOT_SENT"
	}
	return outcome
}

// Describe implements acquirer.Acquirer.
func (w watched) Describe() acquirer.Descriptor { return w.of.Describe() }

// Authorize implements acquirer.Acquirer.
func (w watched) Authorize(ctx context.Context, in acquirer.Authorization) acquirer.Answer {
	from := w.m.clock.Now()
	an := w.of.Authorize(ctx, in)
	w.sent("AUTHORIZE", notSent(an.Outcome.String(), an.Outcome == acquirer.Unknown && an.NotSent), from)
	return an
}

// Reverse implements acquirer.Acquirer.
func (w watched) Reverse(ctx context.Context, in acquirer.Reversal) acquirer.ReversalAnswer {
	from := w.m.clock.Now()
	an := w.of.Reverse(ctx, in)
	w.sent("REVERSE", an.Result.String(), from)
	return an
}

// OnLate implements acquirer.LateObserver; of an adapter that has no late answers none come.
func (w watched) OnLate(tell func(attemptID string, a acquirer.Answer)) {
	l, ok := w.of.(acquirer.LateObserver)
	if !ok {
		return
	}
	l.OnLate(func(attemptID string, a acquirer.Answer) {
		w.m.late.WithLabelValues(w.name).Inc()
		tell(attemptID, a)
	})
}

type canceler struct {
	w  watched
	of acquirer.Canceler
}

// Cancel implements acquirer.Canceler.
func (c canceler) Cancel(ctx context.Context, in acquirer.Cancellation) acquirer.CancelAnswer {
	from := c.w.m.clock.Now()
	an := c.of.Cancel(ctx, in)
	c.w.sent(string(in.Kind), notSent(an.Result.String(), an.Result == acquirer.CancelUnknown && an.NotSent), from)
	return an
}

type inquirer struct {
	w  watched
	of acquirer.Inquirer
}

// Inquire implements acquirer.Inquirer.
func (i inquirer) Inquire(ctx context.Context, in acquirer.Inquiry) acquirer.InquiryAnswer {
	from := i.w.m.clock.Now()
	an := i.of.Inquire(ctx, in)
	i.w.sent("INQUIRE", an.Result.String(), from)
	return an
}

// Gateway is g with its sends counted; like Acquirer it can do what g can.
func (m *Metrics) Gateway(g messenger.Sender) messenger.Sender {
	s := sender{g, m}
	asker, asks := g.(messenger.Asker)
	caller, calls := g.(messenger.Caller)
	switch {
	case asks && calls:
		return struct {
			sender
			messenger.Asker
			messenger.Caller
		}{s, asker, caller}
	case asks:
		return struct {
			sender
			messenger.Asker
		}{s, asker}
	case calls:
		return struct {
			sender
			messenger.Caller
		}{s, caller}
	}
	return s
}

type sender struct {
	messenger.Sender
	m *Metrics
}

// Send implements messenger.Sender.
func (s sender) Send(ctx context.Context, msg messenger.Message) messenger.Answer {
	from := s.m.clock.Now()
	an := s.Sender.Send(ctx, msg)
	s.m.gateway.WithLabelValues(s.Describe().Name, string(msg.Kind), an.Outcome.String()).Observe(s.m.clock.Now().Sub(from).Seconds())
	return an
}

// Office is i with its messages counted.
func (m *Metrics) Office(i cashreceipt.Issuer) cashreceipt.Issuer { return office{i, m} }

type office struct {
	cashreceipt.Issuer
	m *Metrics
}

func (o office) sent(message, outcome string, from time.Time) {
	o.m.office.WithLabelValues(o.Describe().Name, message, outcome).Observe(o.m.clock.Now().Sub(from).Seconds())
}

// Issue implements cashreceipt.Issuer.
func (o office) Issue(ctx context.Context, in cashreceipt.Issue) cashreceipt.Answer {
	from := o.m.clock.Now()
	an := o.Issuer.Issue(ctx, in)
	o.sent("ISSUE", an.Outcome.String(), from)
	return an
}

// Cancel implements cashreceipt.Issuer.
func (o office) Cancel(ctx context.Context, in cashreceipt.Cancel) cashreceipt.Answer {
	from := o.m.clock.Now()
	an := o.Issuer.Cancel(ctx, in)
	o.sent("CANCEL", an.Outcome.String(), from)
	return an
}
