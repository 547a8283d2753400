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
	return db.retried(ctx, true, func(d sqlgen.DBTX) error {
		head, err := sqlgen.New(d).SealHead(ctx)
		if err != nil {
			return err
		}
		if len(head) == 0 && after != 0 || len(head) == 1 && head[0].Seq != after {
			return errHead
		}
		if err := inBulk(seals, func(some []audit.Seal) error { return insertSeals(ctx, d, some) }); err != nil {
			return err
		}
		ids := map[int64][]string{}
		for _, s := range seals {
			b := db.bucket(s.MerchantID)
			ids[b] = append(ids[b], s.RecordID)
		}
		marked, err := changeRows(ctx, d, "update audit set sealed = true", "sealed = false", nil, ids)
		if err == nil && marked != int64(len(seals)) {
			err = errHead
		}
		return err
	}, func() audit.Record { return audit.Record{} })
}

func insertSeals(ctx context.Context, d sqlgen.DBTX, seals []audit.Seal) error {
	w := &where{}
	w.text.WriteString("insert into audit_seal (seq, merchant_id, audit_id, hash, sealed_at) values ")
	w.values(len(seals), func(i int, add func(any)) {
		s := seals[i]
		for _, v := range []any{s.Seq, s.MerchantID, s.RecordID, s.Hash, clock.Micros(s.At)} {
			add(v)
		}
	})
	w.text.WriteString(" on conflict do nothing")
	r, err := d.ExecContext(ctx, w.text.String(), w.args...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != int64(len(seals)) {
		return errors.Join(err, errHead)
	}
	return nil
}
