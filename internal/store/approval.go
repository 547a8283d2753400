package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/approval"
	"innopay/internal/audit"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/store/sqlgen"
)

// approvalTx implements approval.Tx: merchants, contracts and approvals in one transaction.
type approvalTx struct {
	merchantTx
	contractReader
	approvalReader
}

// approvalReader implements approval.Reader, in and out of a transaction.
type approvalReader struct{ into *sqlgen.Queries }

var (
	_ approval.Store = (*DB)(nil)
	_ approval.Tx    = (*approvalTx)(nil)
)

// ApprovalTx implements approval.Store.
func (db *DB) ApprovalTx(ctx context.Context, fn func(ctx context.Context, tx approval.Tx) error) error {
	var t *approvalTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &approvalTx{
			merchantTx{merchantReader: merchantReader{q}, recorder: recorder{db: db, into: q}}, contractReader{q}, approvalReader{q},
		}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return unavailable(err)
}

// InsertContract implements contract.Tx.
func (t *approvalTx) InsertContract(ctx context.Context, r contract.Row) error {
	return insertContract(ctx, t.into, r)
}

// Approval implements approval.Reader.
func (db *DB) Approval(ctx context.Context, id string) (approval.Row, error) {
	return approvalReader{db.q}.Approval(ctx, id)
}

// PendingApproval implements approval.Reader.
func (db *DB) PendingApproval(ctx context.Context, t merchant.Tenant, kind, subject string) (approval.Row, error) {
	return approvalReader{db.q}.PendingApproval(ctx, t, kind, subject)
}

// Approvals implements approval.Reader.
func (db *DB) Approvals(ctx context.Context, f approval.Filter, now time.Time, limit int) ([]approval.Row, error) {
	return approvalReader{db.q}.Approvals(ctx, f, now, limit)
}

func (r approvalReader) Approval(ctx context.Context, id string) (approval.Row, error) {
	row, err := r.into.Approval(ctx, id)
	if err != nil {
		return approval.Row{}, none(err)
	}
	return approvalOf(row)
}

func (r approvalReader) PendingApproval(ctx context.Context, t merchant.Tenant, kind, subject string) (approval.Row, error) {
	row, err := r.into.PendingApproval(ctx, sqlgen.PendingApprovalParams{MerchantID: t.ID(), Kind: kind, Subject: subject})
	if err != nil {
		return approval.Row{}, none(err)
	}
	return approvalOf(row)
}

func (r approvalReader) Approvals(ctx context.Context, f approval.Filter, now time.Time, limit int) ([]approval.Row, error) {
	rows, err := r.into.Approvals(ctx, sqlgen.ApprovalsParams{
		Before: f.Before, Status: string(f.Status), NowAt: clock.Micros(now), MerchantID: f.MerchantID, Most: most(limit),
	})
	if err != nil {
		return nil, err
	}
	out := make([]approval.Row, len(rows))
	for i, row := range rows {
		if out[i], err = approvalOf(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func approvalOf(r sqlgen.Approval) (approval.Row, error) {
	a := approval.Approval{
		MerchantID: r.MerchantID, ID: r.ID, Kind: r.Kind, Subject: r.Subject, Reason: r.Reason, Status: approval.Status(r.Status),
		RequestedBy: r.RequestedBy, RequestedAt: clock.FromMicros(r.RequestedAt), ExpiresAt: clock.FromMicros(r.ExpiresAt),
		DecidedBy: r.DecidedBy, DecidedAt: clock.FromMicros(r.DecidedAt), Decision: r.Decision,
	}
	if err := json.Unmarshal([]byte(r.Changes), &a.Changes); err != nil {
		return approval.Row{}, fmt.Errorf("store: changes of %s: %w", r.ID, err)
	}
	return approval.Row{Approval: a, Payload: r.Payload}, nil
}

// InsertApproval implements approval.Tx.
func (t *approvalTx) InsertApproval(ctx context.Context, r approval.Row) error {
	changes, err := json.Marshal(r.Changes)
	if err != nil {
		return fmt.Errorf("store: changes of %s: %w", r.ID, err)
	}
	return orTaken(t.into.InsertApproval(ctx, sqlgen.InsertApprovalParams{
		MerchantID: r.MerchantID, ID: r.ID, Kind: r.Kind, Subject: r.Subject, Payload: r.Payload, Changes: string(changes), Reason: r.Reason,
		Status: string(r.Status), RequestedBy: r.RequestedBy, RequestedAt: clock.Micros(r.RequestedAt), ExpiresAt: clock.Micros(r.ExpiresAt),
		DecidedBy: r.DecidedBy, DecidedAt: clock.Micros(r.DecidedAt), Decision: r.Decision,
	}))
}

// DecideApproval implements approval.Tx.
func (t *approvalTx) DecideApproval(ctx context.Context, a approval.Approval) error {
	return orStale(t.into.DecideApproval(ctx, sqlgen.DecideApprovalParams{
		ID: a.ID, Status: string(a.Status), DecidedBy: a.DecidedBy, DecidedAt: clock.Micros(a.DecidedAt), Decision: a.Decision,
	}))
}
