package risk

import (
	"context"
	"errors"
	"strings"
	"time"

	"innopay/card"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/payment"
)

// worker is who writes down what rules found.
const worker = "risk"

func (s *Service) record(r Review) audit.Record {
	return audit.Record{
		MerchantID: r.MerchantID, ID: s.IDs.At(id.Audit, s.now()), At: s.now(), Actor: worker, Action: "risk." + strings.ToLower(string(r.Action)),
		Subject: r.PaymentID, Detail: audit.Detail(map[string]any{"ruleId": r.RuleID, "blockId": r.BlockID, "amount": r.Amount, "reviewId": r.ID}),
	}
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// told turns a result of the store into what the caller is told.
func told(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return payment.ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}

// Rules are all of them, by id.
func (s *Service) Rules(ctx context.Context) ([]Rule, error) {
	rules, _, err := s.Store.Book(ctx, s.now())
	return rules, told(err)
}

// CreateRule adds a rule; a is the record of who does it, and gives the time.
func (s *Service) CreateRule(ctx context.Context, r Rule, a audit.Record) (Rule, error) {
	if err := r.Check(); err != nil {
		return r, err
	}
	now := s.now()
	r.ID, r.CreatedAt, r.UpdatedAt, r.CreatedBy, r.Version = s.IDs.At(id.Rule, now), now, now, a.Actor, 1
	a.Subject = r.ID
	ok, err := s.Store.InsertRule(ctx, r, a)
	if err == nil && !ok {
		err = ErrMany
	}
	s.forget()
	return r, told(err)
}

// ChangeRule replaces a rule where its version is r.Version.
func (s *Service) ChangeRule(ctx context.Context, r Rule, a audit.Record) (Rule, error) {
	old, err := s.Store.Rule(ctx, r.ID)
	if err != nil {
		return r, told(err)
	}
	if err := r.Check(); err != nil {
		return r, err
	}
	if old.Version != r.Version {
		return old, ErrChanged
	}
	r.CreatedAt, r.CreatedBy, r.UpdatedAt = old.CreatedAt, old.CreatedBy, s.now()
	r.Version++
	a.Subject = r.ID
	err = s.Store.UpdateRule(ctx, r, a)
	s.forget()
	return r, told(err)
}

// DeleteRule removes a rule at its version.
func (s *Service) DeleteRule(ctx context.Context, ruleID string, version int64, a audit.Record) error {
	r, err := s.Store.Rule(ctx, ruleID)
	if err != nil {
		return told(err)
	}
	r.Version, a.Subject = version+1, r.ID
	err = s.Store.DeleteRule(ctx, r, a)
	s.forget()
	return told(err)
}

// Target is what is to be blocked: one of them. A card number is hashed at once and kept
// nowhere.
type Target struct {
	Card    card.PAN
	Payment *payment.Payment // the card of this one
	BIN     string
	Phone   string
}

// CreateBlock blocks something, until a time or, for the zero time, until it is lifted.
func (s *Service) CreateBlock(ctx context.Context, t Target, reason string, until time.Time, a audit.Record) (Block, error) {
	now := s.now()
	b := Block{ID: s.IDs.At(id.Block, now), Reason: reason, CreatedAt: now, CreatedBy: a.Actor, Until: until.Truncate(time.Microsecond)}
	if b.Ended(now) {
		return b, fault.InvalidField("/until", "OUT_OF_RANGE", "끝나는 때는 지금보다 뒤여야 해요.")
	}
	switch {
	case !t.Card.Empty():
		b.Kind, b.Value, b.Label = BlockCard, s.cardHash(string(t.Card.Reveal())), t.Card.BIN()+"******"+t.Card.Last4()
	case t.Payment != nil:
		hash, err := s.Store.CardOf(ctx, *t.Payment)
		if err != nil {
			return b, told(err)
		}
		if hash == "" {
			return b, ErrCardNotKept
		}
		b.Kind, b.Value, b.Label = BlockCard, hash, t.Payment.Card.Masked()
	case t.BIN != "":
		b.Kind, b.Value, b.Label = BlockBIN, t.BIN, t.BIN
	case t.Phone != "":
		b.Kind, b.Value, b.Label = BlockPhone, s.phoneHash(t.Phone), t.Phone[:min(3, len(t.Phone))]+"****"+t.Phone[max(0, len(t.Phone)-4):]
	}
	a.Subject = b.ID
	err := s.Store.InsertBlock(ctx, b, a)
	s.forget()
	return b, told(err)
}

// DeleteBlock lifts a block.
func (s *Service) DeleteBlock(ctx context.Context, blockID string, a audit.Record) error {
	a.Subject = blockID
	err := s.Store.DeleteBlock(ctx, blockID, a)
	s.forget()
	return told(err)
}

// Blocks is one page, newest first.
func (s *Service) Blocks(ctx context.Context, f BlockFilter, limit int) ([]Block, bool, error) {
	rows, err := s.Store.Blocks(ctx, f, limit+1)
	return rows[:min(limit, len(rows))], len(rows) > limit, told(err)
}

// Reviews is one page of what rules and blocks found, newest first.
func (s *Service) Reviews(ctx context.Context, f ReviewFilter, limit int) ([]Review, bool, error) {
	rows, err := s.Store.Reviews(ctx, f, limit+1)
	return rows[:min(limit, len(rows))], len(rows) > limit, told(err)
}

// Reviewed notes that an operator has looked at what was found.
func (s *Service) Reviewed(ctx context.Context, r Review, a audit.Record) error {
	r.ReviewedAt, r.ReviewedBy = s.now(), a.Actor
	a.MerchantID, a.Subject = r.MerchantID, r.ID
	return told(s.Store.Reviewed(ctx, r, a))
}

// purgeEvery and purgeRows bound the forgetting.
const (
	PurgeEvery = 10 * time.Minute
	purgeRows  = 1000
)

// Purge forgets what counts for nothing any more, one batch of it, and reports whether
// there may be more: a busy installation adds more than a batch between two rounds.
func (s *Service) Purge(ctx context.Context) (bool, error) {
	now := s.now()
	return s.Store.Purge(ctx, now, now.Add(-Kept), purgeRows)
}
