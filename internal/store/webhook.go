package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/notice"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
	"innopay/internal/webhook"
)

// webhookTx implements webhook.Tx.
type webhookTx struct {
	recorder
	q     *sqlgen.Queries
	event bool
}

var _ webhook.Store = (*DB)(nil)

// WebhookTx implements webhook.Store.
func (db *DB) WebhookTx(ctx context.Context, fn func(ctx context.Context, tx webhook.Tx) error) error {
	var t *webhookTx
	err := db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &webhookTx{recorder: recorder{db: db, into: q}, q: q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		db.hint()
	}
	return unavailable(err)
}

// Emit implements outbox.Writer.
func (t *webhookTx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.q.InsertEvent(ctx, t.db.eventRow(e))
}

// InsertNotice implements notice.Poster.
func (t *webhookTx) InsertNotice(ctx context.Context, n notice.Notice) error {
	return insertNotice(ctx, t.q, n)
}

// noWebhook is webhook.ErrAbsent when there is no row.
func noWebhook(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return webhook.ErrAbsent
	}
	return err
}

// What is sealed is bound to the row that it stands in.
func webhookPlace(part, merchantID, id string) string {
	return "webhook." + part + "/" + merchantID + "/" + id
}

// sealed is the ciphertext, empty for nothing.
func (db *DB) sealed(plain, place string) (string, error) {
	if plain == "" {
		return "", nil
	}
	s, err := db.sealer.Seal([]byte(plain), place)
	if err != nil {
		return "", fmt.Errorf("store: sealing: %w", err)
	}
	return s, nil
}

func (db *DB) unsealed(sealed, place string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	plain, err := db.sealer.Unseal(sealed, place)
	if err != nil {
		return "", fmt.Errorf("store: %s does not open: %w", place, err)
	}
	return string(plain), nil
}

// secrets of a webhook as stored.
func (db *DB) secrets(w webhook.Webhook) (present, old string, err error) {
	if present, err = db.sealed(w.Secret, webhookPlace("secret", w.MerchantID, w.ID)); err != nil {
		return "", "", err
	}
	old, err = db.sealed(w.OldSecret, webhookPlace("secret", w.MerchantID, w.ID))
	return present, old, err
}

// InsertWebhook implements webhook.Tx.
func (t *webhookTx) InsertWebhook(ctx context.Context, w webhook.Webhook) error {
	secret, old, err := t.db.secrets(w)
	if err != nil {
		return err
	}
	return t.q.InsertWebhook(ctx, sqlgen.InsertWebhookParams{
		MerchantID: w.MerchantID, ID: w.ID, Url: w.URL, Events: strings.Join(w.Events, " "), Description: w.Description, Active: w.Active,
		DisabledFor: string(w.Disabled), Secret: secret, OldSecret: old, OldUntil: clock.Micros(w.OldUntil),
		FailingSince: clock.Micros(w.FailingSince), CreatedAt: clock.Micros(w.CreatedAt), Version: w.Version,
	})
}

// UpdateWebhook implements webhook.Tx.
func (t *webhookTx) UpdateWebhook(ctx context.Context, w webhook.Webhook) error {
	secret, old, err := t.db.secrets(w)
	if err != nil {
		return err
	}
	n, err := t.q.UpdateWebhook(ctx, sqlgen.UpdateWebhookParams{
		MerchantID: w.MerchantID, ID: w.ID, Url: w.URL, Events: strings.Join(w.Events, " "), Description: w.Description, Active: w.Active,
		DisabledFor: string(w.Disabled), Secret: secret, OldSecret: old, OldUntil: clock.Micros(w.OldUntil),
		FailingSince: clock.Micros(w.FailingSince), Version: w.Version,
	})
	return orElse(n, err, webhook.ErrStale)
}

// DeleteWebhook implements webhook.Tx.
func (t *webhookTx) DeleteWebhook(ctx context.Context, m merchant.Tenant, id string) (bool, error) {
	n, err := t.q.DeleteWebhook(ctx, sqlgen.DeleteWebhookParams{MerchantID: m.ID(), ID: id})
	if err != nil || n == 0 {
		return false, err
	}
	if err := t.q.DeleteAttemptsOfWebhook(ctx, sqlgen.DeleteAttemptsOfWebhookParams{MerchantID: m.ID(), WebhookID: id}); err != nil {
		return false, err
	}
	return true, t.q.DeleteDeliveriesOfWebhook(ctx, sqlgen.DeleteDeliveriesOfWebhookParams{MerchantID: m.ID(), WebhookID: id})
}

// CountWebhooks implements webhook.Tx.
func (t *webhookTx) CountWebhooks(ctx context.Context, m merchant.Tenant) (int, error) {
	n, err := t.q.CountWebhooks(ctx, m.ID())
	return int(n), err
}

// Webhook implements webhook.Tx.
func (t *webhookTx) Webhook(ctx context.Context, m merchant.Tenant, id string) (webhook.Webhook, error) {
	r, err := t.q.Webhook(ctx, sqlgen.WebhookParams{MerchantID: m.ID(), ID: id})
	if err != nil {
		return webhook.Webhook{}, noWebhook(err)
	}
	return t.db.webhookOf(r)
}

// InsertDelivery implements webhook.Tx.
func (t *webhookTx) InsertDelivery(ctx context.Context, d webhook.Delivery) error {
	payload, err := t.db.sealed(string(d.Payload), webhookPlace("payload", d.MerchantID, d.ID))
	if err != nil {
		return err
	}
	return t.q.InsertDelivery(ctx, sqlgen.InsertDeliveryParams{
		MerchantID: d.MerchantID, ID: d.ID, Bucket: t.db.bucket(d.MerchantID), WebhookID: d.WebhookID, EventID: d.EventID, Type: d.Type,
		Subject: d.Subject, Position: d.Position, Payload: payload, Status: string(d.Status), Tries: int64(d.Tries), Attempts: int64(d.Attempts),
		DueAt: clock.Micros(d.DueAt), CreatedAt: clock.Micros(d.CreatedAt), SettledAt: clock.Micros(d.SettledAt), RowVersion: d.RowVersion,
	})
}

// UpdateDelivery implements webhook.Tx.
func (t *webhookTx) UpdateDelivery(ctx context.Context, d webhook.Delivery) error {
	n, err := t.q.UpdateDelivery(ctx, sqlgen.UpdateDeliveryParams{
		MerchantID: d.MerchantID, ID: d.ID, Status: string(d.Status), Tries: int64(d.Tries), Attempts: int64(d.Attempts),
		DueAt: clock.Micros(d.DueAt), SettledAt: clock.Micros(d.SettledAt), RowVersion: d.RowVersion,
	})
	return orElse(n, err, webhook.ErrStale)
}

// InsertAttempt implements webhook.Tx.
func (t *webhookTx) InsertAttempt(ctx context.Context, a webhook.Attempt) error {
	answer, err := t.db.sealed(a.Answer, webhookPlace("answer", a.MerchantID, a.DeliveryID))
	if err != nil {
		return err
	}
	return t.q.InsertWebhookAttempt(ctx, sqlgen.InsertWebhookAttemptParams{
		MerchantID: a.MerchantID, DeliveryID: a.DeliveryID, Number: int64(a.Number), At: clock.Micros(a.At), Took: a.Took.Microseconds(),
		Status: int64(a.Status), Failure: a.Failure, Answer: answer,
	})
}

// Webhook implements webhook.Store.
func (db *DB) Webhook(ctx context.Context, m merchant.Tenant, id string) (webhook.Webhook, error) {
	r, err := db.q.Webhook(ctx, sqlgen.WebhookParams{MerchantID: m.ID(), ID: id})
	if err != nil {
		return webhook.Webhook{}, noWebhook(err)
	}
	return db.webhookOf(r)
}

// Webhooks implements webhook.Store.
func (db *DB) Webhooks(ctx context.Context, m merchant.Tenant) ([]webhook.Webhook, error) {
	rows, err := db.q.Webhooks(ctx, m.ID())
	if err != nil {
		return nil, err
	}
	out := make([]webhook.Webhook, len(rows))
	for i, r := range rows {
		if out[i], err = db.webhookOf(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Delivery implements webhook.Store.
func (db *DB) Delivery(ctx context.Context, m merchant.Tenant, webhookID, id string) (webhook.Delivery, error) {
	r, err := db.q.Delivery(ctx, sqlgen.DeliveryParams{MerchantID: m.ID(), WebhookID: webhookID, ID: id})
	if err != nil {
		return webhook.Delivery{}, noWebhook(err)
	}
	return db.deliveryOf(r)
}

// Deliveries implements webhook.Store.
func (db *DB) Deliveries(ctx context.Context, m merchant.Tenant, webhookID, before string, limit int) ([]webhook.Delivery, error) {
	if before == "" {
		before = "~" // after every id
	}
	rows, err := db.q.Deliveries(ctx, sqlgen.DeliveriesParams{MerchantID: m.ID(), WebhookID: webhookID, Before: before, Most: most(limit)})
	if err != nil {
		return nil, err
	}
	return db.deliveriesOf(rows), nil
}

// DeliveryAttempts implements webhook.Store.
func (db *DB) DeliveryAttempts(ctx context.Context, m merchant.Tenant, deliveryID string) ([]webhook.Attempt, error) {
	rows, err := db.q.WebhookAttempts(ctx, sqlgen.WebhookAttemptsParams{MerchantID: m.ID(), DeliveryID: deliveryID})
	out := make([]webhook.Attempt, len(rows))
	for i, r := range rows {
		out[i] = webhook.Attempt{
			MerchantID: r.MerchantID, DeliveryID: r.DeliveryID, Number: int(r.Number), At: clock.FromMicros(r.At),
			Took: time.Duration(r.Took) * time.Microsecond, Status: int(r.Status), Failure: r.Failure,
		}
		var wrong error
		out[i].Answer, wrong = db.unsealed(r.Answer, webhookPlace("answer", r.MerchantID, r.DeliveryID))
		err = errors.Join(err, wrong)
	}
	return out, err
}

// LeaseDeliveries implements webhook.Store.
func (db *DB) LeaseDeliveries(ctx context.Context, owner string, now, until time.Time, limit int) ([]webhook.Delivery, error) {
	var rows []sqlgen.WebhookDelivery
	err := db.look(ctx, func() error {
		due, err := db.q.DeliveriesDue(ctx, clock.Micros(now))
		if err != nil || len(due) == 0 {
			return err // most rounds find nothing, and need not write to see it
		}
		return db.write(ctx, func(q *sqlgen.Queries) (err error) {
			rows, err = q.LeaseDeliveries(ctx, sqlgen.LeaseDeliveriesParams{
				Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now), Most: most(limit),
			})
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return db.deliveriesOf(rows), nil
}

func (db *DB) webhookOf(r sqlgen.Webhook) (w webhook.Webhook, err error) {
	w = webhook.Webhook{
		MerchantID: r.MerchantID, ID: r.ID, URL: r.Url, Events: strings.Fields(r.Events), Description: r.Description, Active: r.Active,
		Disabled: webhook.Disabled(r.DisabledFor), OldUntil: clock.FromMicros(r.OldUntil), FailingSince: clock.FromMicros(r.FailingSince),
		CreatedAt: clock.FromMicros(r.CreatedAt), Version: r.Version,
	}
	place := webhookPlace("secret", r.MerchantID, r.ID)
	if w.Secret, err = db.unsealed(r.Secret, place); err != nil {
		return w, err
	}
	w.OldSecret, err = db.unsealed(r.OldSecret, place)
	return w, err
}

// deliveriesOf leaves out what does not open any more, and says so: the others want to go.
func (db *DB) deliveriesOf(rows []sqlgen.WebhookDelivery) []webhook.Delivery {
	out := make([]webhook.Delivery, 0, len(rows))
	for _, r := range rows {
		d, err := db.deliveryOf(r)
		if err != nil {
			db.log.Error("a webhook delivery does not open", "delivery", r.ID, "err", err)
			continue
		}
		out = append(out, d)
	}
	return out
}

func (db *DB) deliveryOf(r sqlgen.WebhookDelivery) (webhook.Delivery, error) {
	payload, err := db.unsealed(r.Payload, webhookPlace("payload", r.MerchantID, r.ID))
	return webhook.Delivery{
		MerchantID: r.MerchantID, ID: r.ID, WebhookID: r.WebhookID, EventID: r.EventID, Type: r.Type, Subject: r.Subject, Position: r.Position,
		Payload: []byte(payload), Status: webhook.Status(r.Status), Tries: int(r.Tries), Attempts: int(r.Attempts), DueAt: clock.FromMicros(r.DueAt),
		CreatedAt: clock.FromMicros(r.CreatedAt), SettledAt: clock.FromMicros(r.SettledAt), RowVersion: r.RowVersion,
	}, err
}
