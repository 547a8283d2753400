package memory

import (
	"context"
	"fmt"

	"innopay/internal/ledger"
	"innopay/internal/payment"
)

// CommitIntents implements payment.Committer.
func (s *Store) CommitIntents(ctx context.Context, is []payment.Intent) []error {
	errs := make([]error, len(is))
	for i := range is {
		errs[i] = s.write(ctx, Commit{Point: Intents}, func(l *log) error { return s.intend(ctx, &tx{s, l}, is[i]) })
	}
	return errs
}

func (s *Store) intend(ctx context.Context, t *tx, in payment.Intent) error {
	if err := t.InsertIdempotency(ctx, in.Key); err != nil {
		return err
	}
	if r := in.Reader; r.Device != "" {
		if s.readers[r.Device] >= r.Counter {
			return payment.ErrSwipeSeen
		}
		put(t.log, s.readers, r.Device, r.Counter)
	}
	if g := in.Limit; g.Version > 0 {
		if s.gates[in.Payment.MerchantID] != g.Version-1 {
			return payment.ErrLimitMoved
		}
		put(t.log, s.gates, in.Payment.MerchantID, g.Version)
		put(t.log, s.uses, ref{in.Payment.MerchantID, in.Attempt.ID}, g)
	}
	if in.Claim {
		before, ok := s.payments[ref{in.Payment.MerchantID, in.Payment.ID}]
		if !ok || before.Status != payment.Ready {
			return payment.ErrChanged
		}
		if err := t.UpdatePayment(ctx, in.Payment); err != nil {
			return err
		}
	} else if err := t.insertPayment(in.Payment); err != nil {
		return err
	}
	if err := t.InsertAttempt(ctx, in.Attempt); err != nil {
		return err
	}
	if err := t.InsertUnsettled(ctx, in.Unsettled); err != nil {
		return err
	}
	if in.Signature != nil {
		put(t.log, s.signatures, ref{in.Payment.MerchantID, in.Payment.ID}, append([]byte{}, in.Signature...))
	}
	return t.Record(ctx, in.Audit)
}

// CommitOutcomes implements payment.Committer.
func (s *Store) CommitOutcomes(ctx context.Context, os []payment.Outcome) []error {
	errs := make([]error, len(os))
	for i := range os {
		errs[i] = s.write(ctx, Commit{Point: Outcomes}, func(l *log) error { return s.conclude(ctx, &tx{s, l}, os[i]) })
	}
	return errs
}

func (s *Store) conclude(ctx context.Context, t *tx, o payment.Outcome) error {
	r := ref{o.Attempt.MerchantID, o.Attempt.ID}
	from := s.attempts[r].Status
	if from != payment.AttemptSending && from != payment.AttemptUnknown {
		return payment.ErrChanged
	}
	if err := t.UpdatePayment(ctx, o.Payment); err != nil {
		return err
	}
	if err := t.UpdateAttempt(ctx, o.Attempt, from); err != nil {
		return err
	}
	if o.Settled {
		drop(t.log, s.unsettled, r)
	} else if o.Unsettled != nil {
		put(t.log, s.unsettled, r, *o.Unsettled)
	}
	if len(o.Postings) > 0 {
		if err := t.Post(ctx, o.Postings); err != nil {
			return err
		}
	}
	if err := t.Emit(ctx, o.Event); err != nil {
		return err
	}
	if err := t.Record(ctx, o.Audit); err != nil {
		return err
	}
	if o.Key.Key == "" || o.Key.Status == 0 {
		return nil
	}
	return t.FreezeIdempotency(ctx, o.Key)
}

// checked sees to what the schema checks of a payment.
func checked(p payment.Payment) error {
	known := false
	for _, st := range payment.Statuses {
		known = known || st == p.Status
	}
	if !known || !p.Split.Holds() || !p.Balance.Holds() || p.Split.Amount < 1 || p.Balance.Amount > p.Split.Amount {
		return fmt.Errorf("%w: payment %s", ErrConstraint, p.ID)
	}
	return nil
}

func balanced(ps []ledger.Posting) error {
	if !ledger.Balanced(ps) {
		return fmt.Errorf("%w: postings do not sum to zero", ErrConstraint)
	}
	return nil
}
