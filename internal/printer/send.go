package printer

import (
	"context"
	"errors"
	"sync"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/receipt/escpos"
)

// Figures of the worker.
const (
	leaseMost = 16
	atOnce    = 8
	margin    = 10 * time.Second // for what is written down around the connection
)

// times bound one conversation with a printer.
type times struct {
	connect time.Duration
	status  time.Duration // for an answer to what it was asked before anything is printed
	write   time.Duration // for the whole document
	finish  time.Duration // for word that all of it is on paper
	linger  time.Duration // for a printer without words to hang up
	// farewell is how long one that has been hung up on may take to read to the end.
	farewell time.Duration
}

var usual = times{connect: 3 * time.Second, status: time.Second, write: 30 * time.Second, finish: 20 * time.Second, linger: 500 * time.Millisecond, farewell: 2 * time.Second}

func (t times) all() time.Duration {
	return t.connect + 2*t.status + t.write + t.finish + t.linger + t.farewell + margin
}

// waits before the next try to connect: a small printer takes one connection at a time.
// After the last one it is given up.
var waits = []time.Duration{time.Second, 3 * time.Second, 8 * time.Second}

// Round sends what is due. It reports whether more may be due at once. It is called by
// one goroutine of each instance.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.Clock.Now()
	ps, err := s.Store.LeasePrints(ctx, s.Owner, now, now.Add(s.times.all()), leaseMost)
	if err != nil || len(ps) == 0 {
		return false, err
	}
	var wg sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for _, p := range ps {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			// What has left must be answered for: a stopping server ends steps properly.
			if err := s.step(context.WithoutCancel(ctx), p); err != nil && !errors.Is(err, ErrStale) {
				s.Log.Error("print step failed", "print", p.ID, "err", err)
			}
		})
	}
	wg.Wait()
	return true, ctx.Err()
}

// step does one thing about one print. What fails is done again when the lease has
// lapsed.
func (s *Service) step(ctx context.Context, p Print) error {
	t := merchant.TenantOf(p.MerchantID)
	to, err := s.Store.Printer(ctx, t, p.PrinterID)
	gone := errors.Is(err, ErrAbsent)
	switch {
	case err != nil && !gone:
		return err
	case !p.SentAt.IsZero() && to.Transport == CloudPRNT:
		return s.end(ctx, to, p, Unknown, NotConfirmed)
	case !p.SentAt.IsZero(): // whoever sent it died in the middle
		return s.end(ctx, to, p, Unknown, Interrupted)
	case gone:
		return s.end(ctx, to, p, Failed, Removed)
	case s.now().Sub(p.CreatedAt) >= QueuedFor:
		return s.end(ctx, to, p, Failed, Expired)
	case to.Transport == CloudPRNT:
		p.DueAt = p.CreatedAt.Add(QueuedFor)
		return s.save(ctx, p)
	}
	doc, err := s.bytes(ctx, p)
	if err != nil {
		if why := unprintable(err); why != "" {
			return s.end(ctx, to, p, Failed, why)
		}
		return err
	}
	return s.send(ctx, to, p, doc)
}

// unprintable is why there is no document, empty when it may be had later.
func unprintable(err error) Failure {
	switch kind := fault.KindOf(err); {
	case errors.Is(err, escpos.ErrTooLong):
		return TooLong
	case kind == fault.NotFound, kind == fault.Conflict, kind == fault.Invalid:
		return Gone
	}
	return ""
}

// send carries a document to a NETWORK printer. That it may be on paper is durable
// before the first byte leaves.
func (s *Service) send(ctx context.Context, to Printer, p Print, doc []byte) error {
	conn, err := s.dial(ctx, to.Address)
	if errors.Is(err, errForbidden) {
		return s.end(ctx, to, p, Failed, Forbidden)
	}
	if err != nil {
		return s.later(ctx, to, p)
	}
	l := &line{Conn: conn, times: s.times, star: p.Options.Mode == escpos.StarLine}
	defer l.Close() //nolint:errcheck // what became of the document is known by then
	state := l.ask()
	switch {
	case state.trouble != "":
		return s.end(ctx, to, p, Failed, state.trouble)
	case !state.speaks && l.ended: // it hung up, and not for want of words
		return s.later(ctx, to, p)
	}
	p.SentAt = s.now()
	p.DueAt = p.SentAt.Add(s.times.all())
	if err := s.save(ctx, p); err != nil {
		return err
	}
	p.Version++
	if n, err := l.print(doc); err != nil {
		if n > 0 {
			return s.end(ctx, to, p, Unknown, Interrupted)
		}
		p.SentAt = time.Time{} // proven: nothing left
		return s.later(ctx, to, p)
	}
	if !state.speaks {
		if l.gone(s.times.linger) {
			return s.end(ctx, to, p, Unknown, Interrupted)
		}
		return s.end(ctx, to, p, Printed, "") // it never says a word: that it took all is what can be known
	}
	if why := l.finished(); why != "" {
		return s.end(ctx, to, p, Unknown, why)
	}
	return s.end(ctx, to, p, Printed, "")
}

// later has a print tried again, or gives it up. Nothing of it has left.
func (s *Service) later(ctx context.Context, to Printer, p Print) error {
	if p.Tries >= len(waits) {
		return s.end(ctx, to, p, Failed, Unreachable)
	}
	p.DueAt = s.now().Add(waits[p.Tries])
	p.Tries++
	return s.save(ctx, p)
}

func (s *Service) save(ctx context.Context, p Print) error {
	return s.Store.PrinterTx(ctx, func(ctx context.Context, tx Tx) error { return write(ctx, tx, p) })
}

// end writes how a print ended, and what that says of its printer: that first, so that
// whoever sees the end and looks at the printer sees it as well.
func (s *Service) end(ctx context.Context, to Printer, p Print, as Status, why Failure) error {
	s.settle(&p, as, why)
	marked := s.mark(ctx, to, as, why)
	return errors.Join(s.save(ctx, p), marked)
}

// mark notes when a printer was there, and what is wrong with it.
func (s *Service) mark(ctx context.Context, to Printer, as Status, why Failure) error {
	if to.ID == "" || why == Removed || why == TooLong || why == Gone {
		return nil // says nothing of the printer
	}
	var seen time.Time
	if as == Printed || why == NoPaper || why == CoverOpen || why == Offline || why == Refused {
		seen = s.now()
	}
	return s.Store.MarkPrinter(ctx, merchant.TenantOf(to.MerchantID), to.ID, seen, why)
}
