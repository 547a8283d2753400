package registration

import (
	"context"
	"errors"
	"strings"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/message"
)

// takenBack stands in the place of the hash of a link that was taken back, which no token
// has; the id behind it keeps it unique.
const takenBack = "withdrawn/"

func (o Onboarding) withdrawn() bool { return strings.HasPrefix(o.TokenHash, takenBack) }

// Withdraw takes the link of an id back before it led to a password: the mail goes out no
// more, the link and its code stop working at once, and so does the page on which the
// password is set. The id stays, and another link may be sent. It returns ErrNotFound,
// ErrStarted or ErrWithdrawn.
func (s *Service) Withdraw(ctx context.Context, actor string, t merchant.Tenant, userID string) (Issued, error) {
	if _, err := s.Store.Onboarding(ctx, t, userID); err != nil {
		return Issued{}, gone(err, ErrNotFound)
	}
	u, err := s.People.User(ctx, t, userID)
	if err != nil {
		return Issued{}, unavailable(err)
	}
	if u.Status == merchant.UserActive {
		return Issued{}, ErrStarted
	}
	var o Onboarding
	err = s.again(ctx, func(ctx context.Context, tx Tx) (err error) {
		if o, err = tx.Onboarding(ctx, t, userID); err != nil {
			return gone(err, ErrNotFound)
		}
		if o.withdrawn() {
			return ErrWithdrawn
		}
		now := s.now()
		o.TokenHash, o.CodeHash, o.CodeUntil, o.ExpiresAt = takenBack+o.ID, "", time.Time{}, now
		o.Version++
		if err := tx.PutOnboarding(ctx, o); err != nil {
			return err
		}
		for _, p := range []message.Purpose{message.Activation, message.ActivationCode} {
			if err := tx.DropMessages(ctx, t, o.ID, p, now); err != nil {
				return err
			}
		}
		return tx.Record(ctx, s.record(t, actor, "onboarding.withdrawn", userID, nil))
	})
	if err != nil {
		return Issued{}, unavailable(err)
	}
	// The link to the password page that the code may have led to.
	if u, err = s.People.RevokePasswordLinks(ctx, actor, t, userID); err != nil {
		return Issued{}, unavailable(err)
	}
	if u.Status == merchant.UserActive {
		return Issued{}, ErrStarted // between the two
	}
	return s.issued(o, u), nil
}

// passwordLink is the token of the page on which the password is set, or ErrLink when the
// mailed link was taken back, or another one sent, since its code was entered: whoever
// takes it back does so before it ends such links, so that one of the two sees the other.
func (s *Service) passwordLink(ctx context.Context, o Onboarding) (string, error) {
	t := merchant.TenantOf(o.MerchantID)
	link, err := s.People.IssuePasswordLink(ctx, o.UserID, t, o.UserID)
	if err != nil {
		return "", err
	}
	now, err := s.Store.Onboarding(ctx, t, o.UserID)
	switch {
	case err != nil && !errors.Is(err, ErrAbsent):
		return "", unavailable(err)
	case err != nil || now.TokenHash != o.TokenHash:
		if _, err := s.People.RevokePasswordLinks(ctx, o.UserID, t, o.UserID); err != nil {
			return "", unavailable(err)
		}
		return "", ErrLink
	}
	return link.Token, nil
}
