package merchant

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
)

// CancelGuard implements CancelPasswords. Safe for concurrent use.
type CancelGuard struct {
	Deps
	guard guard
}

var _ CancelPasswords = (*CancelGuard)(nil)

// NewCancelGuard builds the check of cancel passwords.
func NewCancelGuard(d Deps) *CancelGuard {
	d = d.withDefaults()
	return &CancelGuard{Deps: d, guard: guard{store: d.Store, clock: d.Clock, policy: cancelPolicy}}
}

func cancelSubject(t Tenant) string { return "cancel/" + t.ID() }

// Check implements CancelPasswords. A merchant without a cancel password is told
// so before anything is counted; that is no secret to its own users.
func (c *CancelGuard) Check(ctx context.Context, t Tenant, p Password, actor string) error {
	if _, err := c.Store.CancelPassword(ctx, t); errors.Is(err, ErrAbsent) {
		return ErrCancelPasswordNotSet
	} else if err != nil {
		return err
	}
	subject := cancelSubject(t)
	if err := c.guard.reserve(ctx, subject); err != nil {
		return refusal(err, ErrCancelPasswordLocked)
	}
	// Read after the reservation: a password set meanwhile has reset the count.
	hash, evaluation := c.Store.CancelPassword(ctx, t)
	v := wrong
	if evaluation == nil {
		n, ok := normalPassword(p)
		if !ok {
			hash = ""
		}
		var match bool
		if match, evaluation = c.Hasher.Verify(ctx, hash, n); match {
			v = right
		}
	}
	left, locked, err := c.guard.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		if evaluation != nil {
			return undecided, nil //nolint:nilerr // the try is settled as undecided; the error is returned after
		}
		if v == right {
			return right, nil // the cancel itself is audited
		}
		return wrong, tx.Record(ctx, c.record(t, actor, "cancel_password.wrong", t.ID(), nil))
	})
	if evaluation != nil {
		return evaluation
	}
	if err != nil {
		return err
	}
	if v == right {
		return nil
	}
	if locked > 0 {
		c.Log.WarnContext(ctx, "cancel password locked", slog.String("merchant", t.ID()))
	}
	// The try that locks says so, and for how long, instead of leaving it to the next one.
	return ErrCancelPasswordWrong.WithDetail("triesLeft", strconv.Itoa(left)).WithRetryAfter(locked)
}
