package approval

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Keys seals payloads (innopay/internal/keyring).
type Keys interface {
	Seal(plain []byte, associatedData string) (string, error)
	Unseal(sealed, associatedData string) ([]byte, error)
}

// Service asks and decides. Register every kind before the first request; after that it
// is safe for concurrent use.
type Service struct {
	Store Store
	Keys  Keys
	Clock clock.Clock
	IDs   *id.Source
	// Single: the installation has one operator, so that asking applies at once.
	Single bool

	kinds map[string]Kind
}

// Register makes a kind known.
func (s *Service) Register(k Kind) {
	if s.kinds == nil {
		s.kinds = map[string]Kind{}
	}
	s.kinds[k.Name] = k
}

// Ask is what somebody wants decided.
type Ask struct {
	Actor   string          // user id of the operator
	Tenant  merchant.Tenant // the zero tenant: the installation
	Kind    string
	Subject string
	Changes []Change // masked
	Reason  string
	Payload any // encoded as JSON and sealed
}

// Request asks for a second operator, or applies at once where there is none. Result is
// of the latter. It returns Invalid, ErrPending, and what Apply returns.
func (s *Service) Request(ctx context.Context, q Ask) (Approval, Result, error) {
	k, ok := s.kinds[q.Kind]
	if !ok {
		return Approval{}, Result{}, fmt.Errorf("approval: kind %s is not registered", q.Kind)
	}
	if err := CheckReason(q.Reason); err != nil {
		return Approval{}, Result{}, err
	}
	plain, err := json.Marshal(q.Payload)
	if err != nil {
		return Approval{}, Result{}, fmt.Errorf("approval: encode payload: %w", err)
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	a := Approval{
		MerchantID: q.Tenant.ID(), ID: s.IDs.At(id.Approval, now), Kind: q.Kind, Subject: q.Subject, Changes: q.Changes, Reason: q.Reason,
		Status: Pending, RequestedBy: q.Actor, RequestedAt: now, ExpiresAt: now.Add(Life),
	}
	if a.payload, err = s.Keys.Seal(plain, place(a)); err != nil {
		return Approval{}, Result{}, err
	}
	var result Result
	asked := a
	err = s.Store.ApprovalTx(ctx, func(ctx context.Context, tx Tx) error {
		a = asked // run again it begins anew
		if err := s.makeRoom(ctx, tx, a, now); err != nil {
			return err
		}
		if err := tx.InsertApproval(ctx, Row{a, a.payload}); err != nil {
			return err
		}
		if err := s.record(ctx, tx, a, q.Actor, "approval.requested", a.Reason); err != nil || !s.Single {
			return err
		}
		var err error
		result, err = s.apply(ctx, tx, k, &a, q.Actor, now)
		return err
	})
	if errors.Is(err, merchant.ErrTaken) {
		return Approval{}, Result{}, ErrPending // asked for by two at once
	}
	return a, result, err
}

// makeRoom ends a request of the same kind and subject whose time has passed, and refuses
// a second one.
func (s *Service) makeRoom(ctx context.Context, tx Tx, a Approval, now time.Time) error {
	old, err := tx.PendingApproval(ctx, a.Tenant(), a.Kind, a.Subject)
	if errors.Is(err, merchant.ErrAbsent) {
		return nil
	}
	if err != nil {
		return err
	}
	if old.At(now).Status == Pending {
		return ErrPending.WithDetail("approvalId", old.ID)
	}
	past := old.Approval
	past.Status, past.DecidedAt = Expired, now
	if err := tx.DecideApproval(ctx, past); err != nil {
		return err
	}
	return s.record(ctx, tx, past, a.RequestedBy, "approval.expired", "")
}

// apply decides first, which holds the row against a second decision, and then carries
// the payload out.
func (s *Service) apply(ctx context.Context, tx Tx, k Kind, a *Approval, actor string, now time.Time) (Result, error) {
	done := *a
	done.Status, done.DecidedBy, done.DecidedAt = Applied, actor, now
	if err := tx.DecideApproval(ctx, done); err != nil {
		return Result{}, err
	}
	plain, err := s.Keys.Unseal(a.payload, place(*a))
	if err != nil {
		return Result{}, fmt.Errorf("approval: payload of %s: %w", a.ID, err)
	}
	result, err := k.Apply(ctx, tx, done, plain)
	if err != nil {
		return Result{}, err
	}
	*a = done
	return result, s.record(ctx, tx, done, actor, "approval.applied", "")
}

// Approve applies a request. It returns ErrNotFound, ErrSelf, ErrDecided, ErrStale, which
// whoever asked brings about too when no longer an operator, or why it cannot be applied
// now; only ErrStale ends the request.
func (s *Service) Approve(ctx context.Context, actor, approvalID string) (Approval, Result, error) {
	var a Approval
	var result Result
	err := s.Store.ApprovalTx(ctx, func(ctx context.Context, tx Tx) error {
		now := s.Clock.Now().Truncate(time.Microsecond)
		var err error
		if a, err = s.open(ctx, tx, approvalID, now); err != nil {
			return err
		}
		if a.RequestedBy == actor {
			return ErrSelf
		}
		if err := stands(ctx, tx, a.RequestedBy); err != nil {
			return err
		}
		k, ok := s.kinds[a.Kind]
		if !ok {
			return fmt.Errorf("approval: kind %s is not registered", a.Kind)
		}
		result, err = s.apply(ctx, tx, k, &a, actor, now)
		return err
	})
	if errors.Is(err, ErrStale) {
		_, ended := s.decide(ctx, actor, approvalID, Stale, "", nil)
		if ended != nil && !errors.Is(ended, ErrDecided) {
			return Approval{}, Result{}, ended
		}
	}
	return a, result, decided(err)
}

// stands is ErrStale when who asked is disabled by now: two operators decide, not one and
// somebody who was shut out.
func stands(ctx context.Context, tx Tx, operator string) error {
	c, err := tx.Credentials(ctx, merchant.TenantOf(""), operator)
	if err != nil && !errors.Is(err, merchant.ErrAbsent) {
		return err
	}
	if err != nil || c.User.Status != merchant.UserActive {
		return ErrStale
	}
	return nil
}

// Refuse says no. It returns Invalid, ErrNotFound, ErrSelf or ErrDecided.
func (s *Service) Refuse(ctx context.Context, actor, approvalID, reason string) (Approval, error) {
	if err := CheckReason(reason); err != nil {
		return Approval{}, err
	}
	return s.decide(ctx, actor, approvalID, Refused, reason, func(a Approval) error {
		if a.RequestedBy == actor {
			return ErrSelf
		}
		return nil
	})
}

// Withdraw takes a request back. It returns ErrNotFound, ErrNotRequester or ErrDecided.
func (s *Service) Withdraw(ctx context.Context, actor, approvalID string) (Approval, error) {
	return s.decide(ctx, actor, approvalID, Withdrawn, "", func(a Approval) error {
		if a.RequestedBy != actor {
			return ErrNotRequester
		}
		return nil
	})
}

func (s *Service) decide(ctx context.Context, actor, approvalID string, to Status, why string, may func(Approval) error) (Approval, error) {
	var a Approval
	err := s.Store.ApprovalTx(ctx, func(ctx context.Context, tx Tx) error {
		now := s.Clock.Now().Truncate(time.Microsecond)
		var err error
		if a, err = s.open(ctx, tx, approvalID, now); err != nil {
			return err
		}
		if may != nil {
			if err := may(a); err != nil {
				return err
			}
		}
		a.Status, a.DecidedBy, a.DecidedAt, a.Decision = to, actor, now, why
		if err := tx.DecideApproval(ctx, a); err != nil {
			return err
		}
		return s.record(ctx, tx, a, actor, actions[to], why)
	})
	return a, decided(err)
}

// actions are what the audit says of a decision.
var actions = map[Status]string{Refused: "approval.refused", Withdrawn: "approval.withdrawn", Stale: "approval.stale"}

// open is a request that waits, or ErrNotFound or ErrDecided.
func (s *Service) open(ctx context.Context, r Reader, approvalID string, now time.Time) (Approval, error) {
	row, err := r.Approval(ctx, approvalID)
	if errors.Is(err, merchant.ErrAbsent) {
		return Approval{}, ErrNotFound
	}
	if err != nil {
		return Approval{}, err
	}
	a := row.At(now)
	if a.payload = row.Payload; a.Status != Pending {
		return Approval{}, ErrDecided
	}
	return a, nil
}

// decided turns a lost race into its fault.
func decided(err error) error {
	if errors.Is(err, merchant.ErrStale) {
		return ErrDecided
	}
	return err
}

// Get is one request as it stands now, or ErrNotFound.
func (s *Service) Get(ctx context.Context, approvalID string) (Approval, error) {
	row, err := s.Store.Approval(ctx, approvalID)
	if errors.Is(err, merchant.ErrAbsent) {
		return Approval{}, ErrNotFound
	}
	return row.At(s.Clock.Now()), err
}

// Waiting is the id of the request of a kind and subject that waits, empty when none does.
func (s *Service) Waiting(ctx context.Context, t merchant.Tenant, kind, subject string) (string, error) {
	row, err := s.Store.PendingApproval(ctx, t, kind, subject)
	if errors.Is(err, merchant.ErrAbsent) {
		return "", nil
	}
	if err != nil || row.At(s.Clock.Now()).Status != Pending {
		return "", err
	}
	return row.ID, nil
}

// List is one page of requests as they stand now, newest first.
func (s *Service) List(ctx context.Context, f Filter, limit int) ([]Approval, error) {
	now := s.Clock.Now()
	rows, err := s.Store.Approvals(ctx, f, now, limit)
	out := make([]Approval, 0, len(rows))
	for _, r := range rows {
		out = append(out, r.At(now))
	}
	return out, err
}

func place(a Approval) string { return "approval.payload/" + a.ID }

// record audits an act with its reason.
func (s *Service) record(ctx context.Context, tx Tx, a Approval, actor, action, reason string) error {
	detail := map[string]string{"kind": a.Kind}
	if reason != "" {
		detail["reason"] = reason
	}
	b, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("approval: encode detail: %w", err)
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	return tx.Record(ctx, audit.Record{
		MerchantID: a.MerchantID, ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: a.ID, Detail: string(b),
	})
}

// mostDigits is the most digits in a row that a reason holds: more could be a number of a
// card or person, and reasons stay in the audit for good.
const mostDigits = 8

// CheckReason is Invalid for a reason that says nothing, or that may name somebody.
func CheckReason(reason string) error {
	switch {
	case !merchant.Printable(reason, 1, 200):
		return fault.InvalidField("/reason", "INVALID_REASON", "사유는 1~200자로 입력해 주세요.")
	case merchant.LongestDigits(reason) > mostDigits:
		return fault.InvalidField("/reason", "TOO_MANY_DIGITS", "사유에는 카드번호나 전화번호를 적지 마세요.")
	}
	return nil
}
