package registration

import (
	"context"
	"errors"
	"strconv"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/money"
)

// Waiting are the people who wait for the owner, oldest first.
func (s *Service) Waiting(ctx context.Context, t merchant.Tenant) ([]Registration, error) {
	rs, err := s.Store.Waiting(ctx, t)
	return rs, unavailable(err)
}

// Approve lets somebody in, with the rights the owner chose, and has them told. It
// returns ErrNotFound, ErrDecided, or Invalid.
func (s *Service) Approve(ctx context.Context, t merchant.Tenant, actor, userID string, rights merchant.Rights) error {
	if rights.CancelLimit < 0 || rights.CancelLimit > money.Max {
		return fault.InvalidField("/cancelLimit", "OUT_OF_RANGE", "취소 한도는 0원(한도 없음)부터 9,999,999,999원까지 정할 수 있어요.")
	}
	return s.decide(ctx, t, userID, Approved, message.StaffApproved, func(ctx context.Context, tx Tx) error {
		if err := tx.ApprovePending(ctx, t, userID, rights); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "registration.approved", userID, map[string]string{
			"discount": strconv.FormatBool(rights.Discount), "cancel": strconv.FormatBool(rights.Cancel),
			"cancelLimit": rights.CancelLimit.Grouped(), "editProducts": strconv.FormatBool(rights.EditProducts),
		}))
	})
}

// Refuse does not let somebody in, and has them told; the login id is free again. It
// returns ErrNotFound or ErrDecided.
func (s *Service) Refuse(ctx context.Context, t merchant.Tenant, actor, userID string) error {
	return s.decide(ctx, t, userID, Refused, message.StaffRefused, func(ctx context.Context, tx Tx) error {
		if err := tx.DeletePending(ctx, t, userID); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "registration.refused", userID, nil))
	})
}

// decide ends a registration that waits, as one transaction: of two decisions one holds.
func (s *Service) decide(
	ctx context.Context, t merchant.Tenant, userID string, as Status, tell message.Purpose, fn func(ctx context.Context, tx Tx) error,
) error {
	err := s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		r, err := tx.WaitingOf(ctx, t, userID)
		if err != nil {
			return gone(err, ErrDecided)
		}
		if !r.ExpiresAt.After(s.now()) {
			return ErrDecided
		}
		_, err = s.Messages.Enqueue(ctx, tx, message.Job{MerchantID: t.ID(), Purpose: tell, RequestID: r.ID, To: r.Phone})
		if err != nil {
			return err
		}
		if err := fn(ctx, tx); err != nil {
			return err
		}
		r.Status, r.Name, r.Phone = as, "", ""
		r.Version++
		if err := tx.UpdateRegistration(ctx, r); err != nil {
			return err
		}
		return tx.Emit(ctx, s.event(r))
	})
	if errors.Is(err, ErrStale) {
		return ErrDecided
	}
	if err == nil {
		s.Messages.Woken()
	}
	return unavailable(err)
}

// roundMost is how many registrations one round ends.
const roundMost = 100

// Round ends registrations whose time is over: who handed in and was not decided upon
// gives the login id back. It reports whether there may be more. Several instances may
// run it at once.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.now()
	due, err := s.Store.OverdueRegistrations(ctx, now, roundMost)
	if err != nil {
		return false, err
	}
	for _, r := range due {
		if err := s.expire(ctx, r); err != nil && !errors.Is(err, ErrStale) {
			return false, err
		}
	}
	return len(due) == roundMost, nil
}

// Purge removes what ended a month ago, one batch of it, and reports whether there may be
// more; it is called now and then.
func (s *Service) Purge(ctx context.Context) (bool, error) {
	return s.Store.PurgeRegistrations(ctx, s.now().Add(-Kept), roundMost)
}

func (s *Service) expire(ctx context.Context, r Registration) error {
	t := merchant.TenantOf(r.MerchantID)
	pending := r.Status == Pending
	r.Status, r.Name, r.Phone = Expired, "", ""
	r.Version++
	return s.Store.RegistrationTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.UpdateRegistration(ctx, r); err != nil || !pending {
			return err
		}
		if err := tx.DeletePending(ctx, t, r.UserID); err != nil {
			return err
		}
		if err := tx.Emit(ctx, s.event(r)); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, "registration", "registration.expired", r.UserID, nil))
	})
}
