package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/store/sqlgen"
	"innopay/messenger"
)

// messages implements what message.Tx adds to events and audit.
type messages struct {
	db *DB
	q  *sqlgen.Queries
}

// messageTx implements message.Tx.
type messageTx struct {
	*tx
	messages
}

// MessageTx implements message.Store.
func (db *DB) MessageTx(ctx context.Context, fn func(ctx context.Context, tx message.Tx) error) error {
	var t *messageTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &messageTx{&tx{recorder: recorder{db: db, into: q}, q: q}, messages{db, q}}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return err
}

// recipient is what a recipient is bound to in its ciphertext.
func recipient(merchantID, messageID string) string {
	return "message.recipient/" + merchantID + "/" + messageID
}

// InsertMessage implements message.Tx.
func (m messages) InsertMessage(ctx context.Context, j message.Job) (bool, error) {
	to, err := m.db.sealer.Seal([]byte(j.To), recipient(j.MerchantID, j.ID))
	if err != nil {
		return false, fmt.Errorf("store: sealing a recipient: %w", err)
	}
	n, err := m.q.InsertMessage(ctx, sqlgen.InsertMessageParams{
		MerchantID: j.MerchantID, Bucket: m.db.bucket(j.MerchantID), ID: j.ID, Purpose: string(j.Purpose), Mail: j.Mail,
		RequestID: j.RequestID, PaymentID: j.PaymentID, CancelID: j.CancelID, Thread: j.Thread(), Generation: int64(j.Generation),
		Recipient: to, Kind: string(j.Kind), Sender: j.Sender, Gateway: j.Gateway, Status: string(j.Status), Tries: int64(j.Tries),
		Asks: int64(j.Asks), DueAt: clock.Micros(j.DueAt), Reference: j.Reference, Code: j.Code, Reason: j.Reason,
		CreatedAt: clock.Micros(j.CreatedAt), AcceptedAt: clock.Micros(j.AcceptedAt), SettledAt: clock.Micros(j.SettledAt),
		LeaseOwner: "", LeaseUntil: 0, Version: j.Version, ReceiptID: j.ReceiptID, Subject: j.Subject,
	})
	return n == 1, err
}

// UpdateMessage implements message.Tx.
func (m messages) UpdateMessage(ctx context.Context, j message.Job) error {
	n, err := m.q.UpdateMessage(ctx, sqlgen.UpdateMessageParams{
		Bucket: m.db.bucket(j.MerchantID), ID: j.ID, MerchantID: j.MerchantID, Kind: string(j.Kind), Sender: j.Sender,
		Gateway: j.Gateway, Status: string(j.Status), Tries: int64(j.Tries), Asks: int64(j.Asks), DueAt: clock.Micros(j.DueAt),
		Reference: j.Reference, Code: j.Code, Reason: j.Reason, AcceptedAt: clock.Micros(j.AcceptedAt),
		SettledAt: clock.Micros(j.SettledAt), Version: j.Version,
	})
	if err == nil && n == 0 {
		return message.ErrChanged
	}
	return err
}

// HoldMessage implements message.Tx.
func (m messages) HoldMessage(ctx context.Context, j message.Job, now time.Time) error {
	n, err := m.q.HoldMessage(ctx, sqlgen.HoldMessageParams{
		Bucket: m.db.bucket(j.MerchantID), ID: j.ID, MerchantID: j.MerchantID, Version: j.Version, NowAt: clock.Micros(now),
	})
	if err == nil && n == 0 {
		return message.ErrChanged
	}
	return err
}

// DropMessages implements message.Tx.
func (m messages) DropMessages(ctx context.Context, t merchant.Tenant, thread string, p message.Purpose, at time.Time) error {
	return m.q.DropMessages(ctx, sqlgen.DropMessagesParams{
		At: clock.Micros(at), Bucket: m.db.bucket(t.ID()), Thread: thread, MerchantID: t.ID(), Purpose: string(p),
	})
}

// UseQuota implements message.Tx.
func (m messages) UseQuota(ctx context.Context, subject string, w message.Window, now time.Time) (bool, error) {
	start := now.Truncate(w.Per)
	n, err := m.q.UseQuota(ctx, sqlgen.UseQuotaParams{
		Subject: subject, StartsAt: clock.Micros(start), Until: clock.Micros(start.Add(w.Per)), Most: int64(w.Most),
	})
	return n == 1, err
}

// Senders implements message.Tx.
func (m messages) Senders(ctx context.Context, t merchant.Tenant) ([]message.Sender, error) {
	rows, err := m.q.Senders(ctx, t.ID())
	out := make([]message.Sender, len(rows))
	for i, r := range rows {
		out[i] = message.Sender{
			Number: r.Number, Status: message.SenderStatus(r.Status), CreatedAt: clock.FromMicros(r.CreatedAt),
			VerifiedAt: clock.FromMicros(r.VerifiedAt), VerifiedBy: r.VerifiedBy,
		}
	}
	return out, err
}

// PutSender implements message.Tx.
func (m messages) PutSender(ctx context.Context, t merchant.Tenant, s message.Sender) error {
	return m.q.PutSender(ctx, sqlgen.PutSenderParams{
		MerchantID: t.ID(), Number: s.Number, Status: string(s.Status), CreatedAt: clock.Micros(s.CreatedAt),
		VerifiedAt: clock.Micros(s.VerifiedAt), VerifiedBy: s.VerifiedBy,
	})
}

// DeleteSender implements message.Tx.
func (m messages) DeleteSender(ctx context.Context, t merchant.Tenant, number string) error {
	_, err := m.q.DeleteSender(ctx, sqlgen.DeleteSenderParams{MerchantID: t.ID(), Number: number})
	return err
}

// Senders implements message.Store.
func (db *DB) Senders(ctx context.Context, t merchant.Tenant) ([]message.Sender, error) {
	return messages{db, db.q}.Senders(ctx, t)
}

// LeaseMessages implements message.Store.
func (db *DB) LeaseMessages(ctx context.Context, owner string, now, until time.Time, limit int) ([]message.Job, error) {
	var rows []sqlgen.Message
	err := db.look(ctx, func() error {
		due, err := db.q.MessagesDue(ctx, clock.Micros(now))
		if err != nil || len(due) == 0 {
			return err // most rounds find nothing, and need not write to see it
		}
		return db.write(ctx, func(q *sqlgen.Queries) (err error) {
			rows, err = q.LeaseMessages(ctx, sqlgen.LeaseMessagesParams{
				Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now), Most: most(limit),
			})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return db.messagesOf(rows)
}

// Message implements message.Store.
func (db *DB) Message(ctx context.Context, t merchant.Tenant, id string) (message.Job, error) {
	r, err := db.q.Message(ctx, sqlgen.MessageParams{Bucket: db.bucket(t.ID()), ID: id, MerchantID: t.ID()})
	if errors.Is(err, sql.ErrNoRows) {
		return message.Job{}, message.ErrAbsent
	}
	if err != nil {
		return message.Job{}, err
	}
	return db.messageOf(r)
}

// Messages implements message.Store.
func (db *DB) Messages(ctx context.Context, t merchant.Tenant, thread string, limit int) ([]message.Job, error) {
	rows, err := db.q.MessagesOfThread(ctx, sqlgen.MessagesOfThreadParams{
		Bucket: db.bucket(t.ID()), Thread: thread, MerchantID: t.ID(), Limit: most(limit),
	})
	if err != nil {
		return nil, err
	}
	return db.messagesOf(rows)
}

// PurgeQuota implements message.Store.
func (db *DB) PurgeQuota(ctx context.Context, before time.Time) error {
	return db.write(ctx, func(q *sqlgen.Queries) error { return q.PurgeQuota(ctx, clock.Micros(before)) })
}

func (db *DB) messagesOf(rows []sqlgen.Message) ([]message.Job, error) {
	out := make([]message.Job, 0, len(rows))
	for _, r := range rows {
		j, err := db.messageOf(r)
		if err != nil {
			return nil, err
		}
		out = append(out, j)
	}
	return out, nil
}

func (db *DB) messageOf(r sqlgen.Message) (message.Job, error) {
	to, err := db.sealer.Unseal(r.Recipient, recipient(r.MerchantID, r.ID))
	if err != nil {
		return message.Job{}, fmt.Errorf("store: recipient of %s: %w", r.ID, err)
	}
	return message.Job{
		MerchantID: r.MerchantID, ID: r.ID, Purpose: message.Purpose(r.Purpose), Mail: r.Mail, RequestID: r.RequestID,
		PaymentID: r.PaymentID, CancelID: r.CancelID, ReceiptID: r.ReceiptID, Subject: r.Subject, Generation: int(r.Generation), To: string(to), Kind: messenger.Kind(r.Kind),
		Sender: r.Sender, Gateway: r.Gateway, Status: message.Status(r.Status), Tries: int(r.Tries), Asks: int(r.Asks),
		DueAt: clock.FromMicros(r.DueAt), Reference: r.Reference, Code: r.Code, Reason: r.Reason,
		CreatedAt: clock.FromMicros(r.CreatedAt), AcceptedAt: clock.FromMicros(r.AcceptedAt), SettledAt: clock.FromMicros(r.SettledAt),
		LeaseOwner: r.LeaseOwner, LeaseUntil: clock.FromMicros(r.LeaseUntil), Version: r.Version,
	}, nil
}
