package message

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Faults of an operator's acts.
var (
	ErrNotFound = fault.New(fault.NotFound, "MESSAGE_NOT_FOUND", "메시지를 찾을 수 없어요.")
	// ErrState: sent, given up for good, or a worker is at it.
	ErrState = fault.New(fault.Conflict, "MESSAGE_STATE", "지금 상태에서는 할 수 없어요. 메시지의 상태를 다시 확인해 주세요.")
)

// Change is an act on one message; the record is written with it.
type Change func(ctx context.Context, t merchant.Tenant, messageID string, r audit.Record) (Job, error)

// Get is one message; ErrNotFound also when it is another merchant's.
func (s *Service) Get(ctx context.Context, t merchant.Tenant, messageID string) (Job, error) {
	j, err := s.Store.Message(ctx, t, messageID)
	if errors.Is(err, ErrAbsent) {
		return j, ErrNotFound
	}
	return j, unavailable(err)
}

// MayRetry reports whether Retry would take the message: it waits for its next try, or
// did not arrive, and is not yet so old that it would be given up at once.
func (j Job) MayRetry(now time.Time) bool {
	again := j.Status == Undelivered || j.Status == Rejected || j.Status == Queued && j.DueAt.After(now)
	return again && j.free(now) && now.Sub(j.CreatedAt) <= GiveUpAfter
}

// MayDrop reports whether Drop would take the message: it has not left.
func (j Job) MayDrop(now time.Time) bool { return j.Status == Queued && j.free(now) }

func (j Job) free(now time.Time) bool { return !j.LeaseUntil.After(now) }

// Retry has a message sent at once. What it says is made anew then, so that one that is no
// longer true is dropped; the recipient may get it twice, if a gateway was wrong before.
func (s *Service) Retry(ctx context.Context, t merchant.Tenant, messageID string, r audit.Record) (Job, error) {
	j, err := s.act(ctx, t, messageID, r, Job.MayRetry, func(j *Job, now time.Time) {
		j.Status, j.Tries, j.Asks, j.DueAt, j.Reference, j.Gateway, j.Code, j.Reason = Queued, 0, 0, now, "", "", "", ""
		j.AcceptedAt, j.SettledAt = time.Time{}, time.Time{}
	})
	if err == nil {
		s.Woken()
	}
	return j, err
}

// Drop gives a message up that has not left.
func (s *Service) Drop(ctx context.Context, t merchant.Tenant, messageID string, r audit.Record) (Job, error) {
	return s.act(ctx, t, messageID, r, Job.MayDrop, func(j *Job, now time.Time) {
		j.Status, j.Code, j.Reason, j.SettledAt, j.DueAt = Dropped, "OPERATOR", "운영자가 보내지 않기로 했어요.", now, time.Time{}
	})
}

// act changes a message where it still is as it was read: a worker that leased it
// meanwhile has its answer written, or the act, and never half of both.
func (s *Service) act(
	ctx context.Context, t merchant.Tenant, messageID string, r audit.Record, may func(Job, time.Time) bool, change func(*Job, time.Time),
) (Job, error) {
	j, err := s.Get(ctx, t, messageID)
	if err != nil {
		return j, err
	}
	now := s.now()
	if !may(j, now) {
		return j, ErrState
	}
	change(&j, now)
	j.Version++
	err = s.Store.MessageTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.HoldMessage(ctx, j, now); err != nil {
			return err
		}
		if err := tx.UpdateMessage(ctx, j); err != nil {
			return err
		}
		if err := tx.Record(ctx, r); err != nil || j.RequestID == "" || j.Purpose != Request {
			return err
		}
		return tx.Emit(ctx, s.event(j))
	})
	if errors.Is(err, ErrChanged) {
		return j, ErrState
	}
	return j, unavailable(err)
}
