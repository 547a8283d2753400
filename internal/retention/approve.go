package retention

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/merchant"
)

var errNoTx = errors.New("retention: the transaction of approvals knows no erasures")

// Register makes the kinds of erasures known to the approvals.
func (e *Eraser) Register() {
	for name, kind := range map[string]Kind{BuyerErasure: OfBuyer, UserErasure: OfUser} {
		e.Approvals.Register(approval.Kind{Name: name, Apply: func(ctx context.Context, tx approval.Tx, a approval.Approval, payload []byte) (approval.Result, error) {
			return approval.Result{}, e.begin(ctx, tx, kind, a, payload)
		}})
	}
}

// begin writes the erasure down, in the transaction of its approval; workers carry it out.
func (e *Eraser) begin(ctx context.Context, tx approval.Tx, kind Kind, a approval.Approval, payload []byte) error {
	into, ok := tx.(Tx)
	if !ok {
		return errNoTx
	}
	var q asked
	if err := json.Unmarshal(payload, &q); err != nil {
		return fmt.Errorf("retention: payload of %s: %w", a.ID, err)
	}
	userID := ""
	if kind == OfUser {
		userID = a.Subject
		if err := e.shutOut(ctx, tx, a); err != nil {
			return err
		}
	}
	now := e.Clock.Now().Truncate(time.Microsecond)
	return into.InsertErasure(ctx, Erasure{
		ID: e.IDs.At(id.Erasure, now), Kind: kind, MerchantID: a.MerchantID, UserID: userID, People: q.People, Label: q.Label, Reason: a.Reason,
		ApprovalID: a.ID, RequestedBy: a.RequestedBy, ApprovedBy: a.DecidedBy, DueAt: now, CreatedAt: now, Version: 1,
	})
}

// shutOut ends the access of a user that is to be erased. It holds the merchant, so that of
// two erasures at once the later one no longer counts the other's owner.
func (e *Eraser) shutOut(ctx context.Context, tx approval.Tx, a approval.Approval) error {
	t := a.Tenant()
	if err := tx.BumpMerchant(ctx, t); err != nil {
		return stale(err)
	}
	m, err := tx.MerchantRow(ctx, t)
	if err != nil {
		return stale(err)
	}
	users, err := tx.Users(ctx, t)
	if err != nil {
		return err
	}
	u, err := erasable(m, users, a.Subject)
	if err != nil {
		return approval.ErrStale
	}
	if u.Status != merchant.UserActive {
		return nil
	}
	_, err = e.Registry.UserStatusTx(ctx, tx, a.DecidedBy, t, u.ID, merchant.UserDisabled, a.Reason)
	return stale(err)
}

// stale turns a lost condition into approval.ErrStale.
func stale(err error) error {
	if errors.Is(err, merchant.ErrStale) || errors.Is(err, merchant.ErrAbsent) {
		return approval.ErrStale
	}
	return err
}
