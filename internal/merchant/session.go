package merchant

import (
	"context"
	"errors"
	"time"
)

// The beginnings of secret keys (contract).
const (
	testKeyPrefix = "sk_test_"
	liveKeyPrefix = "sk_live_"
)

// Sessions lists the caller's own sessions, newest first.
func (a *Accounts) Sessions(ctx context.Context, p Principal) ([]SessionRow, error) {
	rows, err := a.Store.SessionsOf(ctx, p.Tenant, p.UserID)
	if err != nil {
		return nil, err
	}
	return living(rows, p.Role, a.Clock.Now()), nil
}

// living are the sessions of somebody of the role that have not ended.
func living(rows []SessionRow, role Role, now time.Time) []SessionRow {
	idle, _ := lifeOf(role)
	live := rows[:0]
	for _, s := range rows {
		if s.ExpiresAt.After(now) && s.SeenAt.Add(idle).After(now) {
			live = append(live, s)
		}
	}
	return live
}

// RevokeSession ends one of the caller's own sessions at once, or returns ErrNotFound.
func (a *Accounts) RevokeSession(ctx context.Context, p Principal, sessionID string) error {
	return read(a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.DeleteSessionByID(ctx, p.Tenant, p.UserID, sessionID); err != nil {
			return err
		}
		if err := a.tellEnded(ctx, tx, p.Tenant, p.UserID); err != nil {
			return err
		}
		return tx.Record(ctx, a.record(p.Tenant, p.UserID, "session.revoked", sessionID, nil))
	}))
}

// RevokeSessions ends all sessions of the caller but the present one.
func (a *Accounts) RevokeSessions(ctx context.Context, p Principal, token string) error {
	return a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := a.endSessions(ctx, tx, p.Tenant, p.UserID, hashSecret(token)); err != nil {
			return err
		}
		return tx.Record(ctx, a.record(p.Tenant, p.UserID, "session.revoked", p.UserID, nil))
	})
}

// ChangePassword sets a new password of the caller after the present one was given
// again; it is counted like a login. All other sessions end. It returns
// ErrPasswordWrong, ErrLoginLocked, ErrBusy, or Invalid when the new one may not be
// chosen.
func (a *Accounts) ChangePassword(ctx context.Context, p Principal, token string, present, next Password) error {
	c, err := a.Store.Credentials(ctx, p.Tenant, p.UserID)
	if err != nil {
		return read(err)
	}
	own, err := a.ownWords(ctx, c.User)
	if err != nil {
		return err
	}
	chosen, err := checkPassword(next, MinPasswordOf(c.User.Role), own...)
	if err != nil {
		return err
	}
	subject := loginSubject(a.Keys, c.User.LoginID)
	if err := a.guard.reserve(ctx, subject); err != nil {
		return refusal(err, ErrLoginLocked)
	}
	c, v, err := a.evaluate(ctx, c.User.LoginID, present)
	hash := ""
	if err == nil && v == right {
		hash, err = a.Hasher.Hash(ctx, chosen)
	}
	evaluation, final := err, undecided
	_, _, err = a.guard.finish(ctx, subject, func(ctx context.Context, tx Tx) (verdict, error) {
		if evaluation != nil {
			return undecided, nil //nolint:nilerr // the try is settled as undecided; the error is returned after
		}
		var err error
		final, err = a.replacePassword(ctx, tx, c.User, v, hash, hashSecret(token))
		return final, err
	})
	if evaluation != nil {
		return evaluation
	}
	if err != nil {
		return err
	}
	if final == wrong {
		return ErrPasswordWrong
	}
	return nil
}

// replacePassword sets the new password when the present one was right, and still is.
func (a *Accounts) replacePassword(ctx context.Context, tx Tx, u User, v verdict, hash, keep string) (verdict, error) {
	t := TenantOf(u.MerchantID)
	if v == right {
		err := tx.SetPassword(ctx, t, u.ID, u.Version, hash, "")
		if errors.Is(err, ErrStale) {
			v = wrong
		} else if err != nil {
			return undecided, err
		}
	}
	if v != right {
		return v, tx.Record(ctx, a.record(t, u.ID, "password.refused", u.ID, nil))
	}
	if err := a.endSessions(ctx, tx, t, u.ID, keep); err != nil {
		return undecided, err
	}
	if err := a.notice(ctx, tx, t, u.ID, NoticePassword, ""); err != nil {
		return undecided, err
	}
	return right, tx.Record(ctx, a.record(t, u.ID, "password.changed", u.ID, nil))
}

// ownWords are the words of the user and its merchant that are no password.
func (d Deps) ownWords(ctx context.Context, u User) ([]string, error) {
	words := []string{u.LoginID, u.Name}
	if u.MerchantID == "" {
		return words, nil
	}
	m, err := d.Store.MerchantRow(ctx, TenantOf(u.MerchantID))
	if err != nil {
		return nil, read(err)
	}
	return append(words, m.words()...), nil
}

func (m Merchant) words() []string { return []string{m.Name, m.OwnerName, m.BusinessNumber, m.Phone} }
