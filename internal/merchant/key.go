package merchant

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"innopay/fault"
	"innopay/id"
)

// Limits of keys.
const (
	MostKeys = 50 // of a merchant that work
	// LongestOverlap is how long at most the secret before works on after a rotation.
	LongestOverlap = 7 * 24 * time.Hour
)

// ErrTooManyKeys: MostKeys work already.
var ErrTooManyKeys = fault.New(fault.Conflict, "TOO_MANY_KEYS", "키를 더 만들 수 없어요. 쓰지 않는 키를 없애고 다시 만들어 주세요.")

// NewKey is an API key to be made.
type NewKey struct {
	Name   string
	Live   bool
	Scopes Scopes // empty: ScopeAll
	// Secret is what follows the prefix, 43 characters or more; empty draws a random
	// one. Only the demo's seeding gives it, derived from the key ring.
	Secret string
}

// hintLength is how much of a key is kept to tell keys apart.
const hintLength = len(testKeyPrefix) + 4

// newSecret is a whole key: prefix and secret, which is drawn when it is empty.
func (r *Registry) newSecret(live bool, secret string) (string, error) {
	if secret == "" {
		var err error
		if secret, err = r.secret(); err != nil {
			return "", err
		}
	}
	prefix := testKeyPrefix
	if live {
		prefix = liveKeyPrefix
	}
	if len(secret) < 43 || len(prefix)+len(secret) > maxSecret || strings.Trim(secret, base64URL) != "" {
		return "", fault.InvalidField("/secret", "WEAK_SECRET", "키가 너무 짧아요.")
	}
	return prefix + secret, nil
}

// CreateKey makes a secret key of the merchant and returns it; it is shown once,
// and only its hash is stored. It returns Invalid, ErrNotFound or ErrTooManyKeys.
func (r *Registry) CreateKey(ctx context.Context, actor string, t Tenant, n NewKey) (secretKey string, row KeyRow, err error) {
	if !Printable(n.Name, 1, 50) {
		return "", KeyRow{}, fault.InvalidField("/name", "INVALID_TEXT", "키 이름은 1~50자로 입력해 주세요.")
	}
	if n.Scopes == "" {
		n.Scopes = Scopes(ScopeAll)
	}
	if secretKey, err = r.newSecret(n.Live, n.Secret); err != nil {
		return "", KeyRow{}, err
	}
	now := r.Clock.Now()
	row = KeyRow{
		MerchantID: t.ID(), ID: r.IDs.At(id.Key, now), Name: n.Name, Hint: secretKey[:hintLength],
		Hash: hashSecret(secretKey), Live: n.Live, CreatedAt: now, Scopes: n.Scopes,
	}
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.MerchantVersion(ctx, t); err != nil {
			return err
		}
		ks, err := tx.Keys(ctx, t)
		if err != nil {
			return err
		}
		if working(ks) >= MostKeys {
			return ErrTooManyKeys
		}
		if err := tx.InsertKey(ctx, row); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "key.created", row.ID, map[string]string{"scopes": string(n.Scopes)}))
	})
	return secretKey, row, read(err)
}

func working(ks []KeyRow) int {
	n := 0
	for _, k := range ks {
		if k.RevokedAt.IsZero() {
			n++
		}
	}
	return n
}

const base64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// APIKeys of the merchant by id, revoked ones too.
func (r *Registry) APIKeys(ctx context.Context, t Tenant) ([]KeyRow, error) {
	ks, err := r.Store.Keys(ctx, t)
	return ks, err
}

// APIKey is one of them, or ErrNotFound.
func (r *Registry) APIKey(ctx context.Context, t Tenant, keyID string) (KeyRow, error) {
	ks, err := r.Store.Keys(ctx, t)
	if err != nil {
		return KeyRow{}, err
	}
	return keyOf(ks, keyID)
}

func keyOf(ks []KeyRow, keyID string) (KeyRow, error) {
	i := slices.IndexFunc(ks, func(k KeyRow) bool { return k.ID == keyID })
	if i < 0 {
		return KeyRow{}, ErrNotFound
	}
	return ks[i], nil
}

// RotateKey gives a key that works a new secret and returns it; it is shown once. The
// present one works on until the given time, the zero time ends it at once, and one that
// was to work on from an earlier rotation ends now. It returns ErrNotFound, ErrChanged
// when the key was revoked or rotated meanwhile, or Invalid, naming /oldUntil.
func (r *Registry) RotateKey(ctx context.Context, actor string, t Tenant, keyID string, until time.Time) (secretKey string, row KeyRow, err error) {
	now := r.Clock.Now()
	if until.IsZero() {
		until = now
	}
	if until.Before(now.Add(-time.Minute)) || until.After(now.Add(LongestOverlap)) {
		return "", KeyRow{}, fault.InvalidField("/oldUntil", "OUT_OF_RANGE", "지금 키를 쓸 수 있는 기한은 7일 안에서 정해 주세요.")
	}
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		ks, err := tx.Keys(ctx, t)
		if err != nil {
			return err
		}
		if row, err = keyOf(ks, keyID); err != nil {
			return err
		}
		if !row.RevokedAt.IsZero() {
			return ErrChanged
		}
		if secretKey, err = r.newSecret(row.Live, ""); err != nil {
			return err
		}
		row.OldHash, row.OldUntil = row.Hash, until
		row.Hash, row.Hint = hashSecret(secretKey), secretKey[:hintLength]
		if err := tx.RotateKey(ctx, row); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "key.rotated", row.ID, map[string]string{"oldUntil": until.UTC().Format(time.RFC3339)}))
	})
	return secretKey, row, read(err)
}

// RevokeKey stops a key at once. It returns ErrNotFound, or ErrChanged when it was
// revoked before.
func (r *Registry) RevokeKey(ctx context.Context, actor string, t Tenant, keyID string) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		return r.revoke(ctx, tx, actor, t, keyID, r.Clock.Now())
	}))
}

// RevokeKeys stops every key of the merchant at once.
func (r *Registry) RevokeKeys(ctx context.Context, actor string, t Tenant) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		ks, err := tx.Keys(ctx, t)
		if err != nil {
			return err
		}
		for _, k := range ks {
			if !k.RevokedAt.IsZero() {
				continue
			}
			if err := r.revoke(ctx, tx, actor, t, k.ID, r.Clock.Now()); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (r *Registry) revoke(ctx context.Context, tx Tx, actor string, t Tenant, keyID string, now time.Time) error {
	if err := tx.RevokeKey(ctx, t, keyID, now); err != nil {
		return err
	}
	return tx.Record(ctx, r.record(t, actor, "key.revoked", keyID, nil))
}

// KeyPrincipal implements Authenticator.
func (a *Accounts) KeyPrincipal(ctx context.Context, secretKey string) (Principal, error) {
	isKey := strings.HasPrefix(secretKey, testKeyPrefix) || strings.HasPrefix(secretKey, liveKeyPrefix)
	if !isKey || len(secretKey) > maxSecret {
		return Principal{}, ErrNotLoggedIn
	}
	hash := hashSecret(secretKey)
	k, err := a.Store.KeyByHash(ctx, hash)
	if errors.Is(err, ErrAbsent) {
		return Principal{}, ErrNotLoggedIn
	}
	if err != nil {
		return Principal{}, err
	}
	now := a.Clock.Now()
	if !k.RevokedAt.IsZero() || k.Merchant == Closed || k.Hash != hash && !k.OldUntil.After(now) {
		return Principal{}, ErrNotLoggedIn
	}
	t := TenantOf(k.MerchantID)
	if now.Sub(k.UsedAt) >= touchEvery {
		err := a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error { return tx.TouchKey(ctx, t, k.ID, now) })
		if err != nil {
			// Reading goes on while nothing can be written (rulings 10).
			a.Log.WarnContext(ctx, "use of a key not noted", slog.Any("error", err))
		}
	}
	return Principal{
		Tenant: t, UserID: k.ID, Role: Machine, Name: k.Name, Via: ViaKey, Live: k.Live, Scopes: k.Scopes, Rights: allRights(),
	}, nil
}

// Confirm asks the person again for the present password, before an act that opens
// access. Tries are counted like logins. It returns ErrPasswordWrong, ErrLoginLocked or
// ErrBusy.
func (a *Accounts) Confirm(ctx context.Context, p Principal, present Password) error {
	c, err := a.Store.Credentials(ctx, p.Tenant, p.UserID)
	if err != nil {
		return read(err)
	}
	subject := loginSubject(a.Keys, c.User.LoginID)
	if err := a.guard.reserve(ctx, subject); err != nil {
		return refusal(err, ErrLoginLocked)
	}
	_, v, evaluation := a.evaluate(ctx, c.User.LoginID, present)
	_, _, err = a.guard.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		switch {
		case evaluation != nil:
			return undecided, nil //nolint:nilerr // the try is settled as undecided; the error is returned after
		case v == right:
			return v, nil
		}
		return v, tx.Record(ctx, a.record(p.Tenant, p.UserID, "password.refused", p.UserID, nil))
	})
	switch {
	case evaluation != nil:
		return evaluation
	case err != nil:
		return err
	case v != right:
		return ErrPasswordWrong
	}
	return nil
}
