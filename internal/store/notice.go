package store

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/notice"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
)

// noticeTx implements notice.Tx.
type noticeTx struct {
	recorder
	q     *sqlgen.Queries
	event bool
}

var _ notice.Store = (*DB)(nil)

// NoticeTx implements notice.Store.
func (db *DB) NoticeTx(ctx context.Context, fn func(ctx context.Context, tx notice.Tx) error) error {
	var t *noticeTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &noticeTx{recorder: recorder{db: db, into: q}, q: q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return unavailable(err)
}

// Emit implements outbox.Writer.
func (t *noticeTx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.q.InsertEvent(ctx, t.db.eventRow(e))
}

// noNotice is notice.ErrAbsent when there is no row.
func noNotice(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return notice.ErrAbsent
	}
	return err
}

// Notice implements notice.Tx.
func (t *noticeTx) Notice(ctx context.Context, id string) (notice.Notice, error) {
	r, err := t.q.Notice(ctx, id)
	return noticeOf(r), noNotice(err)
}

// InsertNotice implements notice.Tx.
func (t *noticeTx) InsertNotice(ctx context.Context, n notice.Notice) error {
	return insertNotice(ctx, t.q, n)
}

func insertNotice(ctx context.Context, q *sqlgen.Queries, n notice.Notice) error {
	return q.InsertNotice(ctx, sqlgen.InsertNoticeParams{
		MerchantID: n.MerchantID, ID: n.ID, Roles: string(n.Role), Title: n.Title, Body: n.Body, Important: n.Important,
		FromAt: clock.Micros(n.From), UntilAt: clock.Micros(n.Until), Told: n.Told, WithdrawnAt: clock.Micros(n.Withdrawn),
		Author: n.Author, CreatedAt: clock.Micros(n.CreatedAt), Version: n.Version,
	})
}

// UpdateNotice implements notice.Tx.
func (t *noticeTx) UpdateNotice(ctx context.Context, n notice.Notice) error {
	rows, err := t.q.UpdateNotice(ctx, sqlgen.UpdateNoticeParams{
		MerchantID: n.MerchantID, ID: n.ID, Roles: string(n.Role), Title: n.Title, Body: n.Body, Important: n.Important,
		FromAt: clock.Micros(n.From), UntilAt: clock.Micros(n.Until), Told: n.Told, WithdrawnAt: clock.Micros(n.Withdrawn), Version: n.Version,
	})
	return orElse(rows, err, notice.ErrStale)
}

// NoticesDue implements notice.Tx.
func (t *noticeTx) NoticesDue(ctx context.Context, now time.Time, limit int) ([]notice.Notice, error) {
	rows, err := t.q.NoticesDue(ctx, sqlgen.NoticesDueParams{FromAt: clock.Micros(now), Limit: most(limit)})
	return noticesOf(rows), err
}

// NoticesDue implements notice.Store.
func (db *DB) NoticesDue(ctx context.Context, now time.Time, limit int) ([]notice.Notice, error) {
	rows, err := db.q.NoticesDue(ctx, sqlgen.NoticesDueParams{FromAt: clock.Micros(now), Limit: most(limit)})
	return noticesOf(rows), err
}

// Notices implements notice.Store.
func (db *DB) Notices(ctx context.Context, before string, limit int) ([]notice.Notice, error) {
	rows, err := db.q.Notices(ctx, sqlgen.NoticesParams{Before: before, Most: most(limit)})
	return noticesOf(rows), err
}

// NoticeByID implements notice.Store.
func (db *DB) NoticeByID(ctx context.Context, id string) (notice.Notice, error) {
	r, err := db.q.Notice(ctx, id)
	return noticeOf(r), noNotice(err)
}

// NoticeFigures implements notice.Store.
func (db *DB) NoticeFigures(ctx context.Context, id string) (notice.Figures, error) {
	r, err := db.q.NoticeFigures(ctx, id)
	return notice.Figures{Audience: int(r.Audience), Readers: int(r.Readers)}, noNotice(err)
}

// NoticesOf implements notice.Store.
func (db *DB) NoticesOf(ctx context.Context, p notice.Person, now time.Time, after notice.Position, limit int) ([]notice.Read, error) {
	from := int64(math.MaxInt64)
	if !after.From.IsZero() {
		from = clock.Micros(after.From)
	}
	rows, err := db.q.NoticesOf(ctx, sqlgen.NoticesOfParams{
		MerchantID: p.Tenant.ID(), UserID: p.UserID, Role: string(p.Role), NowAt: clock.Micros(now), BeforeAt: from, Before: after.ID, Most: most(limit),
	})
	out := make([]notice.Read, len(rows))
	for i, r := range rows {
		out[i] = notice.Read{ReadAt: clock.FromMicros(r.ReadAt), Notice: noticeOf(sqlgen.Notice{
			MerchantID: r.MerchantID, ID: r.ID, Roles: r.Roles, Title: r.Title, Body: r.Body, Important: r.Important, FromAt: r.FromAt,
			UntilAt: r.UntilAt, Told: r.Told, WithdrawnAt: r.WithdrawnAt, Author: r.Author, CreatedAt: r.CreatedAt, Version: r.Version,
		})}
	}
	return out, err
}

// CountUnread implements notice.Store.
func (db *DB) CountUnread(ctx context.Context, p notice.Person, now time.Time) (int, error) {
	n, err := db.q.CountUnreadNotices(ctx, sqlgen.CountUnreadNoticesParams{
		MerchantID: p.Tenant.ID(), UserID: p.UserID, Role: string(p.Role), NowAt: clock.Micros(now),
	})
	return int(n), err
}

// MarkRead implements notice.Store.
func (db *DB) MarkRead(ctx context.Context, p notice.Person, id string, at time.Time) error {
	return unavailable(db.write(ctx, func(q *sqlgen.Queries) error {
		_, err := q.MarkNoticeRead(ctx, sqlgen.MarkNoticeReadParams{MerchantID: p.Tenant.ID(), UserID: p.UserID, NoticeID: id, ReadAt: clock.Micros(at)})
		return err
	}))
}

func noticesOf(rows []sqlgen.Notice) []notice.Notice {
	out := make([]notice.Notice, len(rows))
	for i, r := range rows {
		out[i] = noticeOf(r)
	}
	return out
}

func noticeOf(r sqlgen.Notice) notice.Notice {
	return notice.Notice{
		MerchantID: r.MerchantID, ID: r.ID, Told: r.Told, Withdrawn: clock.FromMicros(r.WithdrawnAt), Author: r.Author,
		CreatedAt: clock.FromMicros(r.CreatedAt), Version: r.Version,
		Draft: notice.Draft{
			Role: merchant.Role(r.Roles), Title: r.Title, Body: r.Body, Important: r.Important,
			From: clock.FromMicros(r.FromAt), Until: clock.FromMicros(r.UntilAt),
		},
	}
}
