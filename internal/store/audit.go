package store

import (
	"context"
	"errors"
	"math"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
)

// errHead is a chain that another sealer prolonged meanwhile.
var errHead = errors.New("store: the audit chain has another head by now")

// Unsealed implements audit.Store.
func (db *DB) Unsealed(ctx context.Context, limit int) ([]audit.Record, error) {
	var found []audit.Record
	for b := range int64(outbox.Buckets) {
		if len(found) >= limit || b > 0 && !db.spread {
			break
		}
		var rows []sqlgen.Audit
		err := db.look(ctx, func() (err error) {
			rows, err = db.q.UnsealedAudit(ctx, sqlgen.UnsealedAuditParams{
				Bucket: b, Limit: int32(min(limit-len(found), math.MaxInt32)), //nolint:gosec // bounded
			})
			return err
		})
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found = append(found, auditOf(r))
		}
	}
	return found, nil
}

func auditOf(r sqlgen.Audit) audit.Record {
	return audit.Record{
		MerchantID: r.MerchantID, ID: r.ID, At: clock.FromMicros(r.At), Actor: r.Actor, Action: r.Action,
		Subject: r.Subject, Detail: r.Detail,
	}
}

// Head implements audit.Store.
func (db *DB) Head(ctx context.Context) (audit.Seal, error) {
	var rows []sqlgen.AuditSeal
	err := db.look(ctx, func() (err error) {
		rows, err = db.q.SealHead(ctx)
		return err
	})
	if err != nil || len(rows) == 0 {
		return audit.Seal{Hash: audit.Genesis}, err
	}
	return sealOf(rows[0]), nil
}

func sealOf(r sqlgen.AuditSeal) audit.Seal {
	return audit.Seal{
		Seq: r.Seq, MerchantID: r.MerchantID, RecordID: r.AuditID, Hash: r.Hash, At: clock.FromMicros(r.SealedAt),
	}
}

// AppendSeals implements audit.Store.
func (db *DB) AppendSeals(ctx context.Context, after int64, seals []audit.Seal) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		head, err := q.SealHead(ctx)
		if err != nil {
			return err
		}
		if len(head) == 0 && after != 0 || len(head) == 1 && head[0].Seq != after {
			return errHead
		}
		for _, s := range seals {
			n, err := q.InsertSeal(ctx, sqlgen.InsertSealParams{
				Seq: s.Seq, MerchantID: s.MerchantID, AuditID: s.RecordID, Hash: s.Hash, SealedAt: clock.Micros(s.At),
			})
			if err != nil {
				return err
			}
			marked, err := q.MarkSealed(ctx, sqlgen.MarkSealedParams{
				Bucket: db.bucket(s.MerchantID), ID: s.RecordID, MerchantID: s.MerchantID,
			})
			if err != nil {
				return err
			}
			if n != 1 || marked != 1 {
				return errHead
			}
		}
		return nil
	})
}
