package merchant

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/outbox"
)

// Deps is what every service of this package is built from.
type Deps struct {
	Store  Store
	Keys   Keys
	Hasher Hasher
	Clock  clock.Clock
	IDs    *id.Source
	Log    *slog.Logger
	Rand   io.Reader // of session tokens and keys; nil means the system's cryptographic source
}

func (d Deps) withDefaults() Deps {
	if d.Rand == nil {
		d.Rand = rand.Reader
	}
	return d
}

// secretBytes is the length of session tokens and API keys: 256 bits.
const secretBytes = 32

// secret is a new random text, URL-safe, of 43 characters.
func (d Deps) secret() (string, error) {
	b := make([]byte, secretBytes)
	if _, err := io.ReadFull(d.Rand, b); err != nil {
		return "", fmt.Errorf("merchant: random source: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// hashSecret is what is stored of a session token or API key. They hold 256 random
// bits, so a plain hash cannot be searched.
func hashSecret(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// record is an audit row of an act that happens now. detail holds no personal data.
func (d Deps) record(t Tenant, actor, action, subject string, detail map[string]string) audit.Record {
	now := d.Clock.Now()
	r := audit.Record{
		MerchantID: t.ID(), ID: d.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject,
	}
	if len(detail) > 0 {
		b, err := json.Marshal(detail)
		if err != nil {
			panic("merchant: a map of texts does not encode") // cannot happen
		}
		r.Detail = string(b)
	}
	return r
}

// tell has the merchant's devices told that something changed, and not what.
func (d Deps) tell(ctx context.Context, tx Tx, what outbox.Type, t Tenant, subject string, version int64) error {
	if t.ID() == "" {
		return nil // operators have no device that listens
	}
	now := d.Clock.Now()
	return tx.Emit(ctx, outbox.Event{
		MerchantID: t.ID(), ID: d.IDs.At(id.Event, now), Type: what, Subject: subject, Version: version, Payload: "{}", CreatedAt: now,
	})
}

// endSessions ends the sessions of a user but the one with the token hash keep (empty:
// all), and has its devices look whether they are still logged in.
func (d Deps) endSessions(ctx context.Context, tx Tx, t Tenant, userID, keep string) error {
	if err := tx.DeleteSessionsOf(ctx, t, userID, keep); err != nil {
		return err
	}
	return d.tellEnded(ctx, tx, t, userID)
}

func (d Deps) tellEnded(ctx context.Context, tx Tx, t Tenant, userID string) error {
	return d.tell(ctx, tx, outbox.SessionsEnded, t, userID, clock.Micros(d.Clock.Now()))
}

// read turns a Store's result into what callers of this package see.
func read(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrAbsent):
		return ErrNotFound
	case errors.Is(err, ErrStale):
		return ErrChanged
	}
	return err
}

// refusal turns what a guard returned into the fault of its kind.
func refusal(err error, locked *fault.Error) error {
	var l lockedOut
	switch {
	case errors.As(err, &l):
		return locked.WithRetryAfter(roundUp(l.wait))
	case errors.Is(err, errCrowded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return ErrBusy.WithRetryAfter(time.Second).Because(err)
	}
	return err
}

// roundUp gives whole seconds, as Retry-After does.
func roundUp(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}
