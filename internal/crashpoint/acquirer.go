package crashpoint

import (
	"context"

	"innopay/acquirer"
)

// sender passes the points of messages. It has only what every acquirer has.
type sender struct {
	acquirer.Acquirer
	trap *Trap
}

// canceler is a sender to an acquirer that can do everything. Others stay what they
// are: the core asks for abilities by type.
type canceler struct {
	sender
	acquirer.LateObserver
	acquirer.Closer
	cancel  acquirer.Canceler
	inquire acquirer.Inquirer
}

// Acquirer decorates a.
func (t *Trap) Acquirer(a acquirer.Acquirer) acquirer.Acquirer {
	s := sender{a, t}
	c, can := a.(acquirer.Canceler)
	i, asks := a.(acquirer.Inquirer)
	l, late := a.(acquirer.LateObserver)
	x, closes := a.(acquirer.Closer)
	if can && asks && late && closes {
		return &canceler{s, l, x, c, i}
	}
	return &s
}

// Authorize is N1 and N2.
func (s *sender) Authorize(ctx context.Context, in acquirer.Authorization) (an acquirer.Answer) {
	s.trap.during(MidN1, func() { an = s.Acquirer.Authorize(ctx, in) })
	s.trap.pass(AfterN2)
	return an
}

// Reverse is N3 and N4.
func (s *sender) Reverse(ctx context.Context, in acquirer.Reversal) (an acquirer.ReversalAnswer) {
	s.trap.pass(BeforeN3)
	s.trap.during(MidN3, func() { an = s.Acquirer.Reverse(ctx, in) })
	s.trap.pass(AfterN4)
	return an
}

// Cancel sends a void or refund.
func (c *canceler) Cancel(ctx context.Context, in acquirer.Cancellation) (an acquirer.CancelAnswer) {
	c.trap.during(CancelMidN1, func() { an = c.cancel.Cancel(ctx, in) })
	c.trap.pass(CancelAfterN2)
	return an
}

// Inquire asks.
func (c *canceler) Inquire(ctx context.Context, in acquirer.Inquiry) (an acquirer.InquiryAnswer) {
	c.trap.during(MidInquiry, func() { an = c.inquire.Inquire(ctx, in) })
	c.trap.pass(AfterInquiry)
	return an
}
