package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/store/sqlgen"
)

// Fault is one broken invariant (reliability 3.6).
type Fault struct {
	Code    string // stable, UPPER_SNAKE
	Subject string // id of what is wrong: payment, attempt, cancel, event, record ..
	Message string // Korean sentence; holds no personal data
}

// VerifyOptions say what to hold the database against.
type VerifyOptions struct {
	// Grace is how long a due job may wait for a worker. Zero: 30 seconds.
	Grace time.Duration
	// Heads are heads of the audit chain exported earlier (jobs.ReadHeads); each must
	// still be in the chain.
	Heads []audit.Seal
	// Journal is the acquirer's own account, read from its start when the database's
	// moment has been fixed; nil leaves it out.
	Journal iter.Seq2[JournalEntry, error]
}

// Figures of verify.
const (
	defaultGrace = 30 * time.Second
	sealLag      = audit.LeaseFor + 2*time.Second // rulings 9
	keysKept     = 15 * 24 * time.Hour
)

// Verify reads one consistent moment of the database, also while servers work on it,
// and reports every broken invariant. What is under way at that moment is no fault.
// It returns an error only when it could not look.
func (db *DB) Verify(ctx context.Context, o VerifyOptions, report func(Fault)) error {
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	v := &verifier{db: db, o: o, report: report}
	err := db.engine.snapshot(ctx, func(d sqlgen.DBTX) error {
		v.at, v.q, v.now = d, sqlgen.New(d), db.clock.Now()
		if err := v.rules(ctx); err != nil {
			return err
		}
		if err := v.chain(ctx); err != nil {
			return err
		}
		if o.Journal == nil {
			return nil
		}
		return v.journal(ctx)
	})
	if err != nil {
		return fmt.Errorf("store: verify: %w", err)
	}
	return nil
}

// verifier is one run.
type verifier struct {
	db     *DB
	o      VerifyOptions
	report func(Fault)
	at     sqlgen.DBTX
	q      *sqlgen.Queries
	now    time.Time
	alive  bool // an instance was, less than a lease ago
}

func (v *verifier) rules(ctx context.Context) error {
	lease, err := v.q.Lease(ctx, audit.LeaseName)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	v.alive = clock.FromMicros(lease.Until).After(v.now)
	for _, r := range rules {
		if r.alive && !v.alive {
			continue
		}
		if err := v.rule(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.code, err)
		}
	}
	return nil
}

// rule reports a fault for every row of the rule's query.
func (v *verifier) rule(ctx context.Context, r rule) error {
	var args []any
	if r.args != nil {
		args = r.args(v)
	}
	rows, err := v.at.QueryContext(ctx, r.text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject); err != nil {
			return err
		}
		v.report(Fault{r.code, subject, r.message})
	}
	return rows.Err()
}

// chain follows the audit chain from its first seal.
func (v *verifier) chain(ctx context.Context) error {
	heads := make(map[int64]string, len(v.o.Heads))
	for _, h := range v.o.Heads {
		if old, ok := heads[h.Seq]; ok && old != h.Hash {
			v.report(Fault{"AUDIT_HEAD", fmt.Sprint(h.Seq), "밖에 남긴 감사 기록의 머리 값이 서로 달라요."})
		}
		heads[h.Seq] = h.Hash
	}
	rows, err := v.at.QueryContext(ctx, `select s.seq, s.merchant_id, s.audit_id, s.hash, s.sealed_at,
  coalesce(a.at, 0), coalesce(a.actor, ''), coalesce(a.action, ''), coalesce(a.subject, ''), coalesce(a.detail, ''),
  coalesce(a.id, ''), coalesce(a.sealed, false)
from audit_seal s left join audit a on a.bucket in (`+allBuckets+`) and a.id = s.audit_id and a.merchant_id = s.merchant_id
order by s.seq`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	before := audit.Seal{Hash: audit.Genesis}
	for rows.Next() {
		var s sqlgen.AuditSeal
		var a sqlgen.Audit
		if err := rows.Scan(&s.Seq, &s.MerchantID, &s.AuditID, &s.Hash, &s.SealedAt,
			&a.At, &a.Actor, &a.Action, &a.Subject, &a.Detail, &a.ID, &a.Sealed); err != nil {
			return err
		}
		a.MerchantID = s.MerchantID
		v.link(before, sealOf(s), a)
		if want, ok := heads[s.Seq]; ok && want != s.Hash {
			v.report(Fault{"AUDIT_HEAD", fmt.Sprint(s.Seq), "감사 기록의 사슬이 밖에 남긴 머리 값과 달라요."})
		}
		delete(heads, s.Seq)
		before = sealOf(s)
	}
	for seq := range heads {
		v.report(Fault{"AUDIT_HEAD", fmt.Sprint(seq), "밖에 남긴 머리 값까지 감사 기록의 사슬이 이어지지 않아요. 끝이 잘렸을 수 있어요."})
	}
	return rows.Err()
}

// link checks one seal against the one before and its record.
func (v *verifier) link(before, s audit.Seal, a sqlgen.Audit) {
	if s.Seq != before.Seq+1 {
		v.report(Fault{"AUDIT_CHAIN", fmt.Sprint(s.Seq), "감사 기록의 사슬에 빠진 순번이 있어요."})
	}
	switch {
	case a.ID == "":
		v.report(Fault{"AUDIT_ROW_MISSING", s.RecordID, "봉인된 감사 기록이 없어졌어요."})
	case !a.Sealed:
		v.report(Fault{"AUDIT_SEAL_MARK", s.RecordID, "봉인된 감사 기록에 봉인 표시가 없어요."})
	}
	if a.ID != "" && audit.Link(before.Hash, auditOf(a)) != s.Hash {
		v.report(Fault{"AUDIT_CHAIN", s.RecordID, "감사 기록의 내용이나 순서가 봉인과 달라요."})
	}
}
