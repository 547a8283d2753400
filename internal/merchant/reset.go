package merchant

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"innopay/id"
	"innopay/internal/outbox"
)

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// ResetAsked is the payload of outbox.ResetAsked.
type ResetAsked struct {
	LinkID string `json:"linkId"` // the link to be made
}

// AskReset has a link to set a new password sent to the proven mail of the user with
// that id. Whether there is such a user, and such a mail, nobody learns: the same is
// done, one look and one transaction, and what differs happens later, from the outbox.
// It returns ErrTooManyMails when this id, known or not, was asked for too often.
func (a *Accounts) AskReset(ctx context.Context, loginID string) error {
	loginID = NormalLoginID(loginID)
	c, err := a.Store.CredentialsByLogin(ctx, loginID)
	if err != nil && !errors.Is(err, ErrAbsent) {
		return err
	}
	// Counted by the id alone. What follows from it is known to this transaction only.
	subject := "reset/" + a.Keys.BlindIndex("login", loginID)
	t := TenantOf(c.User.MerchantID)
	allowed := false
	err = a.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if allowed, err = a.count(ctx, tx, subject, resetPolicy); err != nil || !allowed {
			return err
		}
		link := a.IDs.At(id.Link, a.Clock.Now())
		if err := a.emit(ctx, tx, outbox.ResetAsked, t, c.User.ID, ResetAsked{link}); err != nil {
			return err
		}
		who := c.User.ID
		if who == "" {
			who = subject
		}
		return tx.Record(ctx, a.record(t, "", "password.reset_asked", who, nil))
	})
	if err == nil && !allowed {
		return ErrTooManyMails.WithRetryAfter(resetPolicy.lock)
	}
	return err
}

// LetterTo is the address to which an event of a user's login is told; ErrAbsent:
// nowhere. An address that was replaced is told of its replacement itself.
func (s *Activations) LetterTo(ctx context.Context, e outbox.Event) (string, Noticed, error) {
	var n Noticed
	if err := json.Unmarshal([]byte(e.Payload), &n); err != nil {
		return "", n, fmt.Errorf("merchant: event of a notice: %w", err)
	}
	t := TenantOf(e.MerchantID)
	var row MailRow
	var err error
	if e.Type == outbox.MailAsked || n.What == NoticeMailChanged {
		row, err = s.Store.MailRow(ctx, t, n.Subject)
	} else {
		row, err = s.Store.MailOf(ctx, t, e.Subject, MailVerified)
	}
	if err != nil {
		return "", n, err
	}
	address, err := s.address(row)
	return address, n, err
}

// OwnerMails are the proven addresses of a merchant's owners who may log in, by user id.
func (s *Activations) OwnerMails(ctx context.Context, t Tenant) (map[string]string, error) {
	users, err := s.Store.Users(ctx, t)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, u := range users {
		if u.Role != Owner || u.Status != UserActive {
			continue
		}
		row, err := s.Store.MailOf(ctx, t, u.ID, MailVerified)
		if errors.Is(err, ErrAbsent) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out[u.ID], err = s.address(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MailCode is the code of a pending address, or ErrAbsent when there is nothing to prove
// any more.
func (s *Activations) MailCode(ctx context.Context, t Tenant, mailID string) (string, error) {
	row, err := s.Store.MailRow(ctx, t, mailID)
	if err != nil {
		return "", err
	}
	if row.Status != MailPending || !row.ExpiresAt.After(s.Clock.Now()) {
		return "", ErrAbsent
	}
	return s.mailCode(row.ID), nil
}

// MakeReset makes the link that an event of ResetAsked asks for, once however often it
// is called, and says where it goes. ErrAbsent: there is no such user, none that may
// log in, no proven mail, or it was too long ago.
func (s *Activations) MakeReset(ctx context.Context, e outbox.Event) (address, linkID string, err error) {
	var asked ResetAsked
	if err := json.Unmarshal([]byte(e.Payload), &asked); err != nil {
		return "", "", fmt.Errorf("merchant: event of a reset: %w", err)
	}
	t := TenantOf(e.MerchantID)
	if e.Subject == "" || s.Clock.Now().Sub(e.CreatedAt) >= LinkLife {
		return "", "", ErrAbsent
	}
	row, err := s.Store.MailOf(ctx, t, e.Subject, MailVerified)
	if err != nil {
		return "", "", err
	}
	err = s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.Credentials(ctx, t, e.Subject)
		if err != nil {
			return err
		}
		if c.User.Status != UserActive || c.Merchant == Closed {
			return ErrAbsent
		}
		if _, err := tx.LinkByID(ctx, t, asked.LinkID); !errors.Is(err, ErrAbsent) {
			return err
		}
		_, err = s.issueAs(ctx, tx, t, LinkPassword, asked.LinkID, e.Subject, "")
		return err
	})
	if err != nil {
		return "", "", err
	}
	address, err = s.address(row)
	return address, asked.LinkID, err
}

// LinkAgain is the token of a link that still works, or ErrAbsent.
func (s *Activations) LinkAgain(ctx context.Context, t Tenant, linkID string) (Issued, error) {
	l, err := s.Store.LinkByID(ctx, t, linkID)
	if err != nil {
		return Issued{}, err
	}
	if !l.UsedAt.IsZero() || !l.ExpiresAt.After(s.Clock.Now()) {
		return Issued{}, ErrAbsent
	}
	token, err := s.Keys.TokenAgain(l.TokenHash, linkTokenKind, l.ID, l.Generation)
	return Issued{LinkID: l.ID, Token: token, UserID: l.UserID, ExpiresAt: l.ExpiresAt}, err
}

// DeviceName is how a browser of the user calls itself; empty when it is not known.
func (s *Activations) DeviceName(ctx context.Context, t Tenant, userID, deviceID string) (string, error) {
	d, err := s.Store.DeviceByID(ctx, t, userID, deviceID)
	if errors.Is(err, ErrAbsent) {
		return "", nil
	}
	return d.Name, err
}

// Unlock lets a user of the merchant log in again who was locked out for wrong tries.
func (r *Registry) Unlock(ctx context.Context, actor string, t Tenant, userID, reason string) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.Credentials(ctx, t, userID)
		if err != nil {
			return err
		}
		if err := tx.DropGuard(ctx, loginSubject(r.Keys, c.User.LoginID)); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "user.unlocked", userID, map[string]string{"reason": reason}))
	}))
}

// SecondFactor is a user who has one, and a digest of it by which it is told from a newer
// one. It returns ErrNotFound or ErrSecondFactorOff.
func (r *Registry) SecondFactor(ctx context.Context, t Tenant, userID string) (u User, factor string, err error) {
	c, err := r.Store.Credentials(ctx, t, userID)
	if err != nil {
		return User{}, "", read(err)
	}
	if c.TOTPSecret == "" {
		return User{}, "", ErrSecondFactorOff
	}
	return c.User, factorDigest(c), nil
}

func factorDigest(c Credentials) string {
	d := sha256.Sum256([]byte(c.TOTPSecret))
	return hex.EncodeToString(d[:])
}

// ResetSecondFactorTx takes a user's authenticator app and recovery codes away, which its
// user has lost, in the caller's transaction. factor is the digest of the one that is
// meant; ErrStale: it is another by now, or none. Every session ends, and the user is told.
// It opens access, so that two operators decide it (innopay/internal/approval).
func (r *Registry) ResetSecondFactorTx(ctx context.Context, tx Tx, actor string, t Tenant, userID, factor, reason string) error {
	c, err := tx.Credentials(ctx, t, userID)
	if err != nil {
		return err
	}
	if c.TOTPSecret == "" || factorDigest(c) != factor {
		return ErrStale
	}
	if err := tx.SetTOTP(ctx, t, userID, c.User.Version, "", 0); err != nil {
		return err
	}
	if err := tx.ReplaceRecoveryCodes(ctx, t, userID, nil, r.Clock.Now()); err != nil {
		return err
	}
	if err := r.endSessions(ctx, tx, t, userID, ""); err != nil {
		return err
	}
	if err := r.notice(ctx, tx, t, userID, NoticeTOTPReset, ""); err != nil {
		return err
	}
	return tx.Record(ctx, r.record(t, actor, "second_factor.reset", userID, map[string]string{"reason": reason}))
}
