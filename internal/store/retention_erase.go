package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/retention"
	"innopay/internal/store/sqlgen"
)

var (
	_ retention.Store = (*Retention)(nil)
	_ retention.Tx    = (*approvalTx)(nil)
)

// erasureOf is what the people of an erasure are bound to in their ciphertext.
func erasureOf(id string) string { return "erasure.people/" + id }

// InsertErasure implements retention.Tx.
func (t *approvalTx) InsertErasure(ctx context.Context, e retention.Erasure) error {
	r, err := t.db.erasureRow(e)
	if err != nil {
		return err
	}
	return t.into.InsertErasure(ctx, sqlgen.InsertErasureParams(r))
}

func (db *DB) erasureRow(e retention.Erasure) (sqlgen.Erasure, error) {
	r := sqlgen.Erasure{
		ID: e.ID, Kind: string(e.Kind), MerchantID: e.MerchantID, UserID: e.UserID, Label: e.Label, Reason: e.Reason, ApprovalID: e.ApprovalID,
		RequestedBy: e.RequestedBy, ApprovedBy: e.ApprovedBy, Status: "RUNNING", Place: int64(e.At.Place), AtMerchant: e.At.Merchant, AtRow: e.At.Row,
		Blanked: e.Blanked, Waiting: e.Waiting, DueAt: clock.Micros(e.DueAt), CreatedAt: clock.Micros(e.CreatedAt), DoneAt: clock.Micros(e.DoneAt),
		Version: e.Version,
	}
	kept, err := json.Marshal(e.Kept)
	if err != nil {
		return r, fmt.Errorf("store: what an erasure keeps: %w", err)
	}
	if r.Kept = string(kept); e.Done {
		r.Status = "DONE"
		return r, nil // without people
	}
	plain, err := json.Marshal(e.People)
	if err != nil {
		return r, fmt.Errorf("store: people of an erasure: %w", err)
	}
	if r.People, err = db.sealer.Seal(plain, erasureOf(e.ID)); err != nil {
		return r, fmt.Errorf("store: sealing the people of an erasure: %w", err)
	}
	return r, nil
}

func (db *DB) erasure(r sqlgen.Erasure) (retention.Erasure, error) {
	e := retention.Erasure{
		ID: r.ID, Kind: retention.Kind(r.Kind), MerchantID: r.MerchantID, UserID: r.UserID, Label: r.Label, Reason: r.Reason, ApprovalID: r.ApprovalID,
		RequestedBy: r.RequestedBy, ApprovedBy: r.ApprovedBy, Done: r.Status == "DONE",
		At: retention.Cursor{Place: int(r.Place), Merchant: r.AtMerchant, Row: r.AtRow}, Blanked: r.Blanked, Waiting: r.Waiting,
		DueAt: clock.FromMicros(r.DueAt), CreatedAt: clock.FromMicros(r.CreatedAt), DoneAt: clock.FromMicros(r.DoneAt), Version: r.Version,
	}
	if err := json.Unmarshal([]byte(r.Kept), &e.Kept); err != nil {
		return e, fmt.Errorf("store: what %s keeps: %w", r.ID, err)
	}
	plain, err := db.sealer.Unseal(r.People, erasureOf(r.ID))
	if err == nil && len(plain) > 0 {
		err = json.Unmarshal(plain, &e.People)
	}
	if err != nil {
		return e, fmt.Errorf("store: people of %s: %w", r.ID, err)
	}
	return e, nil
}

// ErasureDue implements retention.Store.
func (s *Retention) ErasureDue(ctx context.Context, now time.Time) (retention.Erasure, error) {
	rows, err := s.db.q.ErasureDue(ctx, clock.Micros(now))
	if err != nil {
		return retention.Erasure{}, err
	}
	if len(rows) == 0 {
		return retention.Erasure{}, retention.ErrNone
	}
	return s.db.erasure(rows[0])
}

// Erasures implements retention.Store.
func (s *Retention) Erasures(ctx context.Context, before string, limit int) ([]retention.Erasure, error) {
	rows, err := s.db.q.Erasures(ctx, sqlgen.ErasuresParams{Before: before, Most: most(limit)})
	if err != nil {
		return nil, err
	}
	return each(rows, s.db.erasure)
}

// Note implements retention.Store.
func (s *Retention) Note(ctx context.Context, a audit.Record) error {
	return s.db.retry(ctx, func(d sqlgen.DBTX) error {
		r := recorder{db: s.db, into: sqlgen.New(d)}
		return r.Record(ctx, a)
	}, func() audit.Record { return a })
}

// EraseBatch implements retention.Store.
func (s *Retention) EraseBatch(ctx context.Context, e retention.Erasure, b retention.Batch) (retention.Erasure, error) {
	var next retention.Erasure
	err := s.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		x := &eraser{scan: scan{s.db, q, e.People}, at: d, b: b, e: e}
		if x.e.Kept = maps.Clone(e.Kept); x.e.Kept == nil { // run again it counts anew
			x.e.Kept = map[string]retention.Remainder{}
		}
		if err := x.step(ctx); err != nil {
			return err
		}
		x.e.Version++
		if err := s.db.writeErasure(ctx, q, x.e); err != nil {
			return err
		}
		if next = x.e; !x.e.Done {
			return nil
		}
		rec := recorder{db: s.db, into: q}
		return rec.Record(ctx, b.Audit)
	}, func() audit.Record {
		if next.Done {
			return b.Audit
		}
		return audit.Record{}
	})
	return next, err
}

// PutOff implements retention.Store.
func (s *Retention) PutOff(ctx context.Context, e retention.Erasure, due time.Time) error {
	e.DueAt = due
	e.Version++
	return s.db.write(ctx, func(q *sqlgen.Queries) error { return s.db.writeErasure(ctx, q, e) })
}

// writeErasure puts e in the place of the version before, or is retention.ErrTaken.
func (db *DB) writeErasure(ctx context.Context, q *sqlgen.Queries, e retention.Erasure) error {
	r, err := db.erasureRow(e)
	if err != nil {
		return err
	}
	n, err := q.UpdateErasure(ctx, sqlgen.UpdateErasureParams{
		People: r.People, Status: r.Status, Place: r.Place, AtMerchant: r.AtMerchant, AtRow: r.AtRow, Blanked: r.Blanked, Waiting: r.Waiting,
		Kept: r.Kept, DueAt: r.DueAt, DoneAt: r.DoneAt, ID: r.ID, Version: r.Version,
	})
	return orElse(n, err, retention.ErrTaken)
}

// eraser carries one batch out.
type eraser struct {
	scan
	at sqlgen.DBTX
	b  retention.Batch
	e  retention.Erasure
}

// step does what comes next: a user's own rows at the start, then a page of a place, and
// at the end either another round later, for what something under way still needs, or the
// last act.
func (x *eraser) step(ctx context.Context) error {
	if x.e.Kind == retention.OfUser && x.e.At == (retention.Cursor{}) && x.e.Waiting == 0 && x.e.Blanked == 0 {
		if err := x.user(ctx); err != nil {
			return err
		}
		x.people = x.e.People
	}
	at := x.e.At
	if x.e.Kind == retention.OfUser && at.Place < placeOfMessages {
		// Who asks as a user of one shop asked nothing about what it bought elsewhere.
		at = retention.Cursor{Place: placeOfMessages}
	}
	if at.Place < len(places) && x.people != (retention.People{}) {
		found, next, done, err := x.page(ctx, at, x.b.Limit)
		if err != nil {
			return err
		}
		for _, h := range found {
			if err := x.hit(ctx, at.Place, h); err != nil {
				return err
			}
		}
		if x.e.At = next; !done {
			return nil
		}
	}
	if x.e.Waiting > 0 {
		x.e.At, x.e.Waiting, x.e.DueAt = retention.Cursor{}, 0, x.b.Now.Add(x.b.Wait)
		if x.e.Blanked == 0 {
			x.e.Blanked = 1 // a round is over: the user's own rows are done
		}
		return nil
	}
	subject := x.e.UserID
	if x.e.Kind == retention.OfBuyer {
		subject = x.e.ApprovalID
	}
	if err := x.q.BlankApprovals(ctx, sqlgen.BlankApprovalsParams{MerchantID: x.e.MerchantID, Subject: subject, ID: x.e.ApprovalID}); err != nil {
		return err
	}
	x.e.People, x.e.Done, x.e.DoneAt, x.e.DueAt = retention.People{}, true, x.b.Now, time.Time{}
	return nil
}

// hit blanks one row, or counts it among those that wait or stay.
func (x *eraser) hit(ctx context.Context, place int, h hit) error {
	if h.keep != "" {
		x.keep(h.keep, h.at)
		return nil
	}
	n, err := places[place].blank(ctx, x, h)
	if err != nil {
		return err
	}
	if n == 0 {
		x.e.Waiting++
	}
	x.e.Blanked += n
	return nil
}

// keep counts a row that stays, until its class lets it go.
func (x *eraser) keep(class string, made time.Time) {
	r := x.e.Kept[class]
	r.Rows++
	if until := made.Add(x.b.Policy.Of(class).Kept); x.b.Policy.Of(class).Kept > 0 && until.After(r.Until) {
		r.Until = until
	}
	x.e.Kept[class] = r
}

// user takes a user's own rows, and remembers by which numbers and addresses it was told
// things, so that those are found too.
func (x *eraser) user(ctx context.Context) error {
	t, u := x.e.MerchantID, x.e.UserID
	p, err := x.contacts(ctx, t, u)
	if err != nil {
		return err
	}
	x.e.People = p
	n, err := x.q.BlankUser(ctx, sqlgen.BlankUserParams{LoginID: "erased-" + u, MerchantID: t, ID: u})
	if err != nil {
		return err
	}
	x.e.Blanked += n
	if err := x.q.BlankConsents(ctx, sqlgen.BlankConsentsParams{MerchantID: t, UserID: u}); err != nil {
		return err
	}
	if err := x.q.BlankStaffLabels(ctx, sqlgen.BlankStaffLabelsParams{MerchantID: t, Value: u}); err != nil {
		return err
	}
	for _, table := range ofUser {
		if _, err := x.at.ExecContext(ctx, "delete from "+table+" where merchant_id = $1 and user_id = $2", t, u); err != nil {
			return err
		}
	}
	for class, table := range map[string]string{retention.Tickets: "ticket", "LEDGER": "payment"} {
		column := map[string]string{"ticket": "user_id", "payment": "staff_id"}[table]
		var rows int64
		row := x.at.QueryRowContext(ctx, "select count(*) from (select 1 from "+table+" where merchant_id = $1 and "+column+" = $2 limit 10000) x", t, u)
		if err := row.Scan(&rows); err != nil {
			return err
		}
		if rows > 0 {
			r := retention.Remainder{Rows: rows}
			if kept := x.b.Policy.Of(class).Kept; kept > 0 {
				r.Until = x.b.Now.Add(kept)
			}
			x.e.Kept[class] = r
		}
	}
	return nil
}

// ofUser are the tables whose rows are a user's alone.
var ofUser = []string{
	"session", "passkey", "recovery_code", "known_device", "user_mail", "push_subscription", "notice_read", "challenge", "activation",
	"registration", "onboarding",
}
