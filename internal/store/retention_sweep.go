package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/retention"
	"innopay/internal/store/sqlgen"
)

// Retention implements the stores of innopay/internal/retention. Safe for concurrent use.
type Retention struct{ db *DB }

// NewRetention returns what retention asks of a database.
func NewRetention(db *DB) *Retention { return &Retention{db} }

var _ retention.SweepStore = (*Retention)(nil)

// duty is how rows of one class are found, and what becomes of them. All texts are of this
// file. In where, $1 is the merchant, and $2 until when: microseconds, or with a floor an
// id, which bears its time.
type duty struct {
	table    string
	key      string // names a row within its merchant: a column, or several with commas
	where    string
	children []string  // tables whose rows go with it: name.column of the parent's key
	set      string    // blanks; empty: deletes
	floor    id.Prefix // where is about ids
	// everywhere looks over all merchants, once: where the table is not sorted by them.
	everywhere bool
	// day has $2 be a Korean day.
	day bool
}

// buckets is the condition by which a bucketed table is read over all merchants.
const buckets = "bucket in (" + allBuckets + ")"

// duties are by class. Blanking goes along the ids and remembers how far it has come.
var duties = map[string]duty{
	retention.Keys:         {table: "idempotency", key: "operation, key", where: "merchant_id = $1 and status <> 0 and created_at < $2"},
	retention.Prints:       {table: "print", key: "id", where: "merchant_id = $1 and created_at < $2 and status <> 'QUEUED'"},
	retention.Deliveries:   {table: "webhook_delivery", key: "id", where: "merchant_id = $1 and created_at < $2 and status <> 'PENDING'", children: []string{"webhook_attempt.delivery_id"}},
	retention.Buyers:       {table: "payment", key: "id", where: "merchant_id = $1 and id < $2 and buyer <> '' and status not in ('READY', 'IN_PROGRESS', 'UNKNOWN')", set: "buyer = '', buyer_name_index = '', buyer_phone_index = '', buyer_phone_last4 = ''", floor: id.Payment},
	retention.Signatures:   {table: "signature", key: "payment_id", where: "merchant_id = $1 and payment_id < $2", floor: id.Payment},
	retention.CashReceipts: {table: "cash_receipt", key: "id", where: "merchant_id = $1 and id < $2 and identifier <> '' and due_at = 0", set: "identifier = '', masked = ''", floor: id.Receipt},
	retention.Requests:     {table: "payment_request", key: "id", where: "merchant_id = $1 and id < $2 and phone_index <> '' and open = false", set: "phone_index = ''", floor: id.Request},
	retention.Messages:     {table: "message", key: "id", where: buckets + " and id < $2 and recipient <> '' and due_at = 0", set: "recipient = ''", floor: id.Message, everywhere: true},
	retention.Tickets:      {table: "ticket", key: "id", where: "merchant_id = $1 and changed_at < $2 and status = 'CLOSED'", children: []string{"ticket_message.ticket_id"}},
	retention.NoticeReads:  {table: "notice_read", key: "user_id, notice_id", where: "merchant_id = $1 and read_at < $2"},
	retention.Sessions:     {table: "session", key: "token_hash", where: "merchant_id = $1 and expires_at < $2"},
	retention.Links:        {table: "activation", key: "id", where: "merchant_id = $1 and expires_at < $2"},
	retention.Devices:      {table: "known_device", key: "user_id, token_hash", where: "merchant_id = $1 and seen_at < $2"},
	retention.Mails:        {table: "user_mail", key: "id", where: "merchant_id = $1 and created_at < $2 and status <> 'VERIFIED'"},
	retention.Consents:     {table: "consent", key: "id", where: "merchant_id = $1 and id < $2 and address <> ''", set: "address = ''", floor: id.Consent},
	retention.Onboardings:  {table: "onboarding", key: "user_id", where: "merchant_id = $1 and created_at < $2 and (used_at > 0 or expires_at < $2) and people <> ''", set: "people = ''"},
	retention.Approvals:    {table: "approval", key: "id", where: "merchant_id = $1 and requested_at < $2 and (status <> 'PENDING' or expires_at < $2) and payload <> ''", set: "payload = ''"},
	retention.Limits:       {table: "limit_use", key: "day, attempt_id", where: "merchant_id = $1 and day < $2", day: true},
	retention.Reviews:      {table: "risk_review", key: "id", where: buckets + " and id < $2 and reviewed_at > 0", floor: id.Review, everywhere: true},
	retention.Alarms:       {table: "alarm", key: "id", where: "cleared_at > 0 and cleared_at < $2", everywhere: true},
}

// SweptClasses are the classes whose rows Sweep knows.
func SweptClasses() []string {
	var out []string
	for name := range duties {
		out = append(out, name)
	}
	return out
}

// bound is $2.
func (u duty) bound(before time.Time) any {
	switch {
	case u.floor != "":
		return id.Floor(u.floor, before)
	case u.day:
		return string(clock.DayOf(before))
	}
	return clock.Micros(before)
}

// condition is where, with $1 also in it when it is read everywhere, so that the arguments
// are the same.
func (u duty) condition() string {
	if u.everywhere {
		return "$1 = $1 and " + u.where
	}
	return u.where
}

// along reports whether a cursor is kept: what is blanked stays, and need not be met again.
func (u duty) along() bool { return u.set != "" && u.floor != "" }

// Sweep implements retention.SweepStore.
func (s *Retention) Sweep(ctx context.Context, t merchant.Tenant, class string, before time.Time, limit int) (n int, more bool, err error) {
	u, ok := duties[class]
	if !ok {
		return 0, false, fmt.Errorf("store: nothing is known of class %s", class)
	}
	if u.everywhere && t.ID() != "" {
		return 0, false, nil
	}
	err = s.db.retried(ctx, true, func(d sqlgen.DBTX) error {
		if u.along() {
			n, more, err = u.blankAlong(ctx, d, t, class, before, limit)
			return err
		}
		n, err = u.apply(ctx, d, t, before, limit)
		more = n >= limit
		return err
	}, func() audit.Record { return audit.Record{} })
	return n, more && err == nil, err
}

// apply deletes or blanks one batch.
func (u duty) apply(ctx context.Context, d sqlgen.DBTX, t merchant.Tenant, before time.Time, limit int) (int, error) {
	picked := "select " + u.key + " from " + u.table + " where " + u.condition() + " order by " + u.key + " limit $3"
	args := []any{t.ID(), u.bound(before), limit}
	for _, child := range u.children {
		table, column, _ := strings.Cut(child, ".")
		if _, err := d.ExecContext(ctx, "delete from "+table+" where merchant_id = $1 and "+column+" in ("+picked+")", args...); err != nil {
			return 0, err
		}
	}
	text := "delete from " + u.table
	if u.set != "" {
		text = "update " + u.table + " set " + u.set
	}
	r, err := d.ExecContext(ctx, text+" where "+u.condition()+" and ("+u.key+") in ("+picked+")", args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// blankAlong blanks one batch from where the last one ended.
func (u duty) blankAlong(ctx context.Context, d sqlgen.DBTX, t merchant.Tenant, class string, before time.Time, limit int) (int, bool, error) {
	q := sqlgen.New(d)
	at, err := q.RetentionCursor(ctx, sqlgen.RetentionCursorParams{MerchantID: t.ID(), Class: class})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, false, err
	}
	end := id.Floor(u.floor, before)
	last, n := "", 0
	row := d.QueryRowContext(ctx, "select coalesce(max(x.id), ''), count(*) from (select "+u.key+" as id from "+u.table+" where "+u.condition()+
		" and "+u.key+" > $3 order by "+u.key+" limit $4) x", t.ID(), end, at, limit)
	if err := row.Scan(&last, &n); err != nil {
		return 0, false, err
	}
	if n > 0 {
		r, err := d.ExecContext(ctx, "update "+u.table+" set "+u.set+" where "+u.condition()+" and "+u.key+" > $3 and "+u.key+" <= $4", t.ID(), end, at, last)
		if err != nil {
			return 0, false, err
		}
		done, err := r.RowsAffected()
		if err != nil {
			return 0, false, err
		}
		if err := q.PutRetentionCursor(ctx, sqlgen.PutRetentionCursorParams{MerchantID: t.ID(), Class: class, Upto: last}); err != nil {
			return 0, false, err
		}
		n = int(done)
	}
	return n, n >= limit, nil
}

// Due implements retention.SweepStore.
func (s *Retention) Due(ctx context.Context, t merchant.Tenant, class string, before time.Time, limit int) (n int, err error) {
	u := duties[class]
	if u.table == "" || u.everywhere && t.ID() != "" {
		return 0, nil
	}
	err = s.db.look(ctx, func() error {
		row := s.db.engine.reader().QueryRowContext(ctx, "select count(*) from (select 1 from "+u.table+" where "+u.condition()+" limit $3) x", t.ID(), u.bound(before), limit)
		return row.Scan(&n)
	})
	return n, err
}

// PutFigures implements retention.SweepStore.
func (s *Retention) PutFigures(ctx context.Context, fs []retention.Figure, a audit.Record) error {
	return s.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		for _, f := range fs {
			if err := q.PutRetentionFigure(ctx, sqlgen.PutRetentionFigureParams{Class: f.Class, SweptAt: clock.Micros(f.SweptAt), Gone: f.Gone}); err != nil {
				return err
			}
		}
		if a.ID == "" {
			return nil
		}
		r := recorder{db: s.db, into: q}
		return r.Record(ctx, a)
	}, func() audit.Record { return a })
}

// Figures implements retention.SweepStore.
func (s *Retention) Figures(ctx context.Context) ([]retention.Figure, error) {
	rows, err := s.db.q.RetentionFigures(ctx)
	out := make([]retention.Figure, len(rows))
	for i, r := range rows {
		out[i] = retention.Figure{Class: r.Class, SweptAt: clock.FromMicros(r.SweptAt), Gone: r.Gone, Total: r.Total}
	}
	return out, err
}

// TakeLease implements retention.SweepStore.
func (s *Retention) TakeLease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	return s.db.TakeLease(ctx, name, owner, now, until)
}

// PurgeQuota implements retention.SweepStore.
func (s *Retention) PurgeQuota(ctx context.Context, before time.Time) error {
	return s.db.PurgeQuota(ctx, before)
}
