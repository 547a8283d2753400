package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/push"
	"innopay/internal/store/sqlgen"
)

// pushTx implements push.Tx.
type pushTx struct {
	recorder
	q *sqlgen.Queries
}

// PushTx implements push.Store.
func (db *DB) PushTx(ctx context.Context, fn func(ctx context.Context, tx push.Tx) error) error {
	var t *pushTx
	return unavailable(db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &pushTx{recorder{db: db, into: q}, q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first }))
}

// deviceKind names the blind index of addresses, and what a device is bound to in its
// ciphertext: its merchant and address, because its id may be another's tomorrow.
const deviceKind = "push.endpoint"

func devicePlace(merchantID, endpointHash string) string {
	return deviceKind + "/" + merchantID + "/" + endpointHash
}

// PutSubscription implements push.Tx.
func (t *pushTx) PutSubscription(ctx context.Context, s push.Subscription) (string, error) {
	raw, err := json.Marshal(s.Device)
	if err != nil {
		return "", fmt.Errorf("store: a device: %w", err)
	}
	hash := t.db.sealer.BlindIndex(deviceKind, s.Endpoint)
	sealed, err := t.db.sealer.Seal(raw, devicePlace(s.MerchantID, hash))
	if err != nil {
		return "", fmt.Errorf("store: sealing a device: %w", err)
	}
	return t.q.PutPush(ctx, sqlgen.PutPushParams{
		MerchantID: s.MerchantID, ID: s.ID, UserID: s.UserID, SessionID: s.SessionID, EndpointHash: hash, Device: sealed,
		CreatedAt: clock.Micros(s.CreatedAt), SeenAt: clock.Micros(s.SeenAt),
	})
}

// KeepSubscriptions implements push.Tx.
func (t *pushTx) KeepSubscriptions(ctx context.Context, m merchant.Tenant, userID string, limit int) error {
	return t.q.KeepPush(ctx, sqlgen.KeepPushParams{MerchantID: m.ID(), UserID: userID, Most: most(limit)})
}

// DeleteSubscription implements push.Tx.
func (t *pushTx) DeleteSubscription(ctx context.Context, m merchant.Tenant, userID, id string) (bool, error) {
	n, err := t.q.DeletePush(ctx, sqlgen.DeletePushParams{MerchantID: m.ID(), UserID: userID, ID: id})
	return n == 1, err
}

// HasSubscription implements push.Store.
func (db *DB) HasSubscription(ctx context.Context, m merchant.Tenant, userID, id string) (bool, error) {
	n, err := db.q.HasPush(ctx, sqlgen.HasPushParams{MerchantID: m.ID(), UserID: userID, ID: id})
	return n == 1, err
}

// SubscriptionsOf implements push.Store.
func (db *DB) SubscriptionsOf(ctx context.Context, m merchant.Tenant, userID string) (map[string]string, error) {
	rows, err := db.q.PushesOfUser(ctx, sqlgen.PushesOfUserParams{MerchantID: m.ID(), UserID: userID})
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.SessionID] = r.ID
	}
	return out, err
}

// Subscriptions implements push.Store. A device that does not open any more is left out
// and logged: the others want to be told.
func (db *DB) Subscriptions(ctx context.Context, m merchant.Tenant, now time.Time, limit int) ([]push.Subscription, error) {
	rows, err := db.q.PushesOf(ctx, sqlgen.PushesOfParams{MerchantID: m.ID(), NowAt: clock.Micros(now), Most: most(limit)})
	if err != nil {
		return nil, err
	}
	out := make([]push.Subscription, 0, len(rows))
	for _, r := range rows {
		s := push.Subscription{
			MerchantID: r.MerchantID, ID: r.ID, UserID: r.UserID, SessionID: r.SessionID,
			CreatedAt: clock.FromMicros(r.CreatedAt), SeenAt: clock.FromMicros(r.SeenAt), Fails: int(r.Fails),
		}
		raw, err := db.sealer.Unseal(r.Device, devicePlace(r.MerchantID, r.EndpointHash))
		if err == nil {
			err = json.Unmarshal(raw, &s.Device)
		}
		if err != nil {
			db.log.Error("device of a subscription does not open", "subscription", r.ID, "err", err)
			continue
		}
		out = append(out, s)
	}
	return out, nil
}

// MarkPush implements push.Store.
func (db *DB) MarkPush(ctx context.Context, m merchant.Tenant, id string, worked bool) (fails int, err error) {
	err = db.write(ctx, func(q *sqlgen.Queries) error {
		fails = 0
		if worked {
			return q.PushWorked(ctx, sqlgen.PushWorkedParams{MerchantID: m.ID(), ID: id})
		}
		ns, err := q.PushFailed(ctx, sqlgen.PushFailedParams{MerchantID: m.ID(), ID: id})
		if err == nil && len(ns) == 1 {
			fails = int(ns[0])
		}
		return err
	})
	return fails, err
}

// DropSubscription implements push.Store.
func (db *DB) DropSubscription(ctx context.Context, m merchant.Tenant, id string) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		return q.DropPush(ctx, sqlgen.DropPushParams{MerchantID: m.ID(), ID: id})
	})
}
