package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
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
	// Patience is how long what only a working instance keeps in order may be out of
	// order: one that has just started again has its last life's rest to do. Zero: it
	// is looked at once. VerifyPatience suits an installation.
	Patience time.Duration
	// Heads are heads of the audit chain exported earlier (jobs.ReadHeads); each must
	// still be in the chain.
	Heads []audit.Seal
	// Journal is the acquirer's own account, read from its start when the database's
	// moment has been fixed; nil leaves it out.
	Journal iter.Seq2[JournalEntry, error]
	// Receipts is the same of the office that issues cash receipts.
	Receipts iter.Seq2[ReceiptEntry, error]
}

// VerifyPatience covers the time in which a sealer takes over from one that died.
const VerifyPatience = sealLag + 2*time.Second

// Figures of verify.
const (
	lookAgain    = 250 * time.Millisecond
	defaultGrace = 30 * time.Second
	sealLag      = audit.LeaseFor + 2*time.Second // rulings 9
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
		if o.Journal != nil {
			if err := v.journal(ctx); err != nil {
				return err
			}
		}
		if o.Receipts != nil {
			return v.receipts(ctx)
		}
		return nil
	})
	if err == nil {
		err = v.waitFor(ctx)
	}
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
	// doubts are faults of duties, which an instance may be about to mend.
	doubts []Fault
}

func (v *verifier) rules(ctx context.Context) error {
	for _, r := range rules {
		if r.alive {
			continue
		}
		if err := v.rule(ctx, r, v.report); err != nil {
			return err
		}
	}
	return v.duties(ctx)
}

// duties looks at what holds only while an instance works.
func (v *verifier) duties(ctx context.Context) error {
	v.doubts = v.doubts[:0]
	lease, err := v.q.Lease(ctx, audit.LeaseName)
	if errors.Is(err, sql.ErrNoRows) || err == nil && !clock.FromMicros(lease.Until).After(v.now) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, r := range rules {
		if !r.alive {
			continue
		}
		if err := v.rule(ctx, r, func(f Fault) { v.doubts = append(v.doubts, f) }); err != nil {
			return err
		}
	}
	return nil
}

// waitFor gives what is in doubt time to come into order, and reports what does not.
func (v *verifier) waitFor(ctx context.Context) error {
	first := map[Fault]bool{}
	for _, f := range v.doubts {
		first[f] = true
	}
	v.at, v.q = v.db.engine.reader(), v.db.q
	for until := v.now.Add(v.o.Patience); len(v.doubts) > 0 && v.now.Before(until); {
		if err := v.db.clock.Sleep(ctx, lookAgain); err != nil {
			return err
		}
		v.now = v.db.clock.Now()
		if err := v.duties(ctx); err != nil {
			return err
		}
		v.doubts = slices.DeleteFunc(v.doubts, func(f Fault) bool { return !first[f] })
	}
	for _, f := range v.doubts {
		v.report(f)
	}
	return nil
}

// rule reports a fault for every row of the rule's query.
func (v *verifier) rule(ctx context.Context, r rule, report func(Fault)) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", r.code, err)
		}
	}()
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
		report(Fault{r.code, subject, r.message})
	}
	return rows.Err()
}

// chain follows the audit chain from its first seal.
func (v *verifier) chain(ctx context.Context) error {
	_, _, err := v.follow(ctx, 1, 0)
	return err
}

// sealsAndRows are seals with the records they speak of.
const sealsAndRows = `select s.seq, s.merchant_id, s.audit_id, s.hash, s.sealed_at,
  coalesce(a.at, 0), coalesce(a.actor, ''), coalesce(a.action, ''), coalesce(a.subject, ''), coalesce(a.detail, ''),
  coalesce(a.id, ''), coalesce(a.sealed, false)
from audit_seal s left join audit a on a.bucket in (` + allBuckets + `) and a.id = s.audit_id and a.merchant_id = s.merchant_id
where s.seq >= $1 and s.seq < $2
order by s.seq`

// follow goes along the chain from one seal to before another, 0 for its end, and holds
// it against the heads that lie there. It returns the last seal and how many there were.
func (v *verifier) follow(ctx context.Context, from, until int64) (last audit.Seal, n int64, err error) {
	before, err := v.sealBefore(ctx, from)
	if err != nil {
		return last, 0, err
	}
	if until == 0 {
		until = math.MaxInt64
	}
	heads := v.heads(from, until)
	rows, err := v.at.QueryContext(ctx, sealsAndRows, from, until)
	if err != nil {
		return last, 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s sqlgen.AuditSeal
		var a sqlgen.Audit
		if err := rows.Scan(&s.Seq, &s.MerchantID, &s.AuditID, &s.Hash, &s.SealedAt,
			&a.At, &a.Actor, &a.Action, &a.Subject, &a.Detail, &a.ID, &a.Sealed); err != nil {
			return before, n, err
		}
		a.MerchantID = s.MerchantID
		v.link(before, sealOf(s), a)
		if want, ok := heads[s.Seq]; ok && want != s.Hash {
			v.report(Fault{"AUDIT_HEAD", fmt.Sprint(s.Seq), "감사 기록의 사슬이 밖에 남긴 머리 값과 달라요."})
		}
		delete(heads, s.Seq)
		before, n = sealOf(s), n+1
	}
	for seq := range heads {
		v.report(Fault{"AUDIT_HEAD", fmt.Sprint(seq), "밖에 남긴 머리 값까지 감사 기록의 사슬이 이어지지 않아요. 끝이 잘렸을 수 있어요."})
	}
	return before, n, rows.Err()
}

// heads are the exported heads from one seal to before another.
func (v *verifier) heads(from, until int64) map[int64]string {
	heads := make(map[int64]string, len(v.o.Heads))
	for _, h := range v.o.Heads {
		if h.Seq < from || h.Seq >= until {
			continue
		}
		if old, ok := heads[h.Seq]; ok && old != h.Hash {
			v.report(Fault{"AUDIT_HEAD", fmt.Sprint(h.Seq), "밖에 남긴 감사 기록의 머리 값이 서로 달라요."})
		}
		heads[h.Seq] = h.Hash
	}
	return heads
}

// sealBefore is the seal in front of one, that of the beginning in front of the first.
func (v *verifier) sealBefore(ctx context.Context, seq int64) (audit.Seal, error) {
	if seq <= 1 {
		return audit.Seal{Hash: audit.Genesis}, nil
	}
	s := audit.Seal{Seq: seq - 1}
	err := v.at.QueryRowContext(ctx, "select s.hash from audit_seal s where s.seq = $1", seq-1).Scan(&s.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil // what follows is reported as broken
	}
	return s, err
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
