package crashpoint

import (
	"context"

	"innopay/internal/payment"
)

// writer passes the points of commits.
type writer struct {
	payment.Store
	trap *Trap
}

// Store decorates s.
func (t *Trap) Store(s payment.Store) payment.Store { return &writer{s, t} }

// CommitIntents is W1.
func (w *writer) CommitIntents(ctx context.Context, is []payment.Intent) []error {
	w.trap.pass(BeforeW1)
	errs := w.Store.CommitIntents(ctx, is)
	for _, err := range errs {
		if err == nil {
			w.trap.pass(AfterW1)
		}
	}
	return errs
}

// CommitOutcomes is W2 or W3.
func (w *writer) CommitOutcomes(ctx context.Context, os []payment.Outcome) []error {
	errs := w.Store.CommitOutcomes(ctx, os)
	for i, err := range errs {
		switch {
		case err != nil:
		case os[i].Payment.Status == payment.Unknown:
			w.trap.pass(AfterW3)
		default:
			w.trap.pass(AfterW2)
		}
	}
	return errs
}

// Tx is every other commit. What a transaction is follows from what it writes.
func (w *writer) Tx(ctx context.Context, fn func(ctx context.Context, tx payment.Tx) error) error {
	var seen *watch
	err := w.Store.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		seen = &watch{Tx: tx} // anew for every run of fn
		if err := fn(ctx, seen); err != nil {
			return err
		}
		if seen.reserves {
			w.trap.pass(CancelBeforeW1)
		}
		if seen.cancels {
			w.trap.pass(CancelBeforeW2)
		}
		return nil
	})
	if err != nil || seen == nil {
		return err
	}
	for point, passed := range map[Point]bool{
		CancelAfterW1: seen.reserves, CancelAfterW2: seen.cancels, AfterW3: seen.unknown, AfterW4: seen.ends,
	} {
		if passed {
			w.trap.pass(point)
		}
	}
	return nil
}

// watch is a transaction that notes what is written in it.
type watch struct {
	payment.Tx
	reserves bool // tx1 of a cancel
	cancels  bool // the outcome of a cancel
	unknown  bool // a payment became unknown
	ends     bool // an unknown payment ended
}

// InsertCancel is in tx1 of a cancel alone.
func (w *watch) InsertCancel(ctx context.Context, c payment.Cancel) error {
	w.reserves = true
	return w.Tx.InsertCancel(ctx, c)
}

// UpdateCancel is in tx2 of a cancel, and where a void becomes a refund.
func (w *watch) UpdateCancel(ctx context.Context, c payment.Cancel, from payment.CancelStatus) error {
	w.cancels = w.cancels || c.Status != payment.CancelInProgress
	return w.Tx.UpdateCancel(ctx, c, from)
}

// UpdatePayment tells an unknown payment and its end.
func (w *watch) UpdatePayment(ctx context.Context, p payment.Payment) error {
	w.unknown = w.unknown || p.Status == payment.Unknown
	w.ends = w.ends || p.Status == payment.Aborted
	return w.Tx.UpdatePayment(ctx, p)
}
