package merchant

import (
	"context"
	"errors"

	"innopay/fault"
	"innopay/id"
)

// NewUser is what an operator or owner says of a new user of a merchant.
type NewUser struct {
	LoginID string
	Name    string
	Role    Role // Owner or Staff
}

// CreateOperatorCode adds an operator, or takes one that was invited and never
// came, and returns the one-time code with which it sets password and second
// factor. Nobody else ever chooses them.
func (r *Registry) CreateOperatorCode(ctx context.Context, actor, loginID, name string) (Issued, error) {
	return r.invite(ctx, actor, TenantOf(""), NewUser{LoginID: loginID, Name: name, Role: Operator})
}

// CreateUser adds a user of the merchant and returns the link with which it sets
// its password. It returns Invalid, ErrLoginIDTaken or ErrNotFound.
func (r *Registry) CreateUser(ctx context.Context, actor string, t Tenant, n NewUser) (Issued, error) {
	if n.Role != Owner && n.Role != Staff {
		return Issued{}, errUnknownRole
	}
	if _, err := r.Store.MerchantVersion(ctx, t); err != nil {
		return Issued{}, read(err)
	}
	return r.invite(ctx, actor, t, n)
}

func (r *Registry) invite(ctx context.Context, actor string, t Tenant, n NewUser) (Issued, error) {
	u, err := r.newUser(t, n)
	if err != nil {
		return Issued{}, err
	}
	var issued Issued
	err = r.Store.Tx(ctx, func(ctx context.Context, tx Tx) (err error) {
		issued, err = r.inviteTx(ctx, tx, actor, t, u)
		return err
	})
	if errors.Is(err, ErrTaken) {
		return Issued{}, ErrLoginIDTaken
	}
	return issued, err
}

// newUser is an invited user, or Invalid.
func (r *Registry) newUser(t Tenant, n NewUser) (User, error) {
	loginID := NormalLoginID(n.LoginID)
	if err := checkLoginID(loginID); err != nil {
		return User{}, err
	}
	if !Printable(n.Name, 1, 50) {
		return User{}, fault.InvalidField("/name", "INVALID_TEXT", "이름은 1~50자로 입력해 주세요.")
	}
	now := r.Clock.Now()
	u := User{
		MerchantID: t.ID(), ID: r.IDs.At(id.User, now), LoginID: loginID, Name: n.Name, Role: n.Role,
		Status: UserInvited, CreatedAt: now, Version: 1,
	}
	if u.Role == Staff {
		u.Rights = DefaultRights()
	}
	return u, nil
}

// inviteTx adds the user, or takes one that was invited the same way and never came, and
// issues its link. It returns ErrTaken when the login id is somebody else's.
func (r *Registry) inviteTx(ctx context.Context, tx Tx, actor string, t Tenant, u User) (Issued, error) {
	old, err := tx.CredentialsByLogin(ctx, u.LoginID)
	switch {
	case errors.Is(err, ErrAbsent):
		if err := tx.InsertUser(ctx, u); err != nil {
			return Issued{}, err
		}
		detail := map[string]string{"role": string(u.Role)}
		if err := tx.Record(ctx, r.record(t, actor, "user.created", u.ID, detail)); err != nil {
			return Issued{}, err
		}
		return r.issue(ctx, tx, t, LinkPassword, u.ID, actor)
	case err != nil:
		return Issued{}, err
	case old.User.MerchantID == t.ID() && old.User.Role == u.Role && old.User.Status == UserInvited:
		return r.issue(ctx, tx, t, LinkPassword, old.User.ID, actor)
	}
	return Issued{}, ErrTaken
}

// SetUserStatus disables a user, which ends its sessions at once, or makes it
// active again. An invited user becomes active only through its link.
func (r *Registry) SetUserStatus(ctx context.Context, actor string, t Tenant, userID string, s UserStatus) error {
	if s != UserActive && s != UserDisabled {
		return fault.InvalidField("/status", "UNKNOWN_VALUE", "사용자 상태를 다시 골라 주세요.")
	}
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.Credentials(ctx, t, userID)
		if err != nil {
			return err
		}
		u := c.User
		if u.Status == UserPending {
			return ErrChanged // decided upon where people register, and nowhere else
		}
		u.Status = s
		if s == UserActive && c.PasswordHash == "" {
			u.Status = UserInvited
		}
		u.Version++
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		if s == UserDisabled {
			if err := r.endSessions(ctx, tx, t, userID, ""); err != nil {
				return err
			}
		}
		return tx.Record(ctx, r.record(t, actor, "user.status", userID, map[string]string{"status": string(u.Status)}))
	}))
}

// RevokeSessions ends every session of a user at once.
func (r *Registry) RevokeSessions(ctx context.Context, actor string, t Tenant, userID string) error {
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Credentials(ctx, t, userID); err != nil {
			return err
		}
		if err := r.endSessions(ctx, tx, t, userID, ""); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "session.revoked", userID, nil))
	}))
}

// Users of the merchant by id; the zero tenant's are the operators.
func (r *Registry) Users(ctx context.Context, t Tenant) ([]User, error) {
	us, err := r.Store.Users(ctx, t)
	return us, err
}

// IssuePasswordLink returns a link with which the user sets a new password; links
// before it stop working. The second factor stays as it is.
func (r *Registry) IssuePasswordLink(ctx context.Context, actor string, t Tenant, userID string) (Issued, error) {
	var issued Issued
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		c, err := tx.Credentials(ctx, t, userID)
		if err != nil {
			return err
		}
		if c.User.Status == UserDisabled || c.User.Status == UserPending {
			return ErrAbsent
		}
		issued, err = r.issue(ctx, tx, t, LinkPassword, userID, actor)
		return err
	})
	return issued, read(err)
}

// RevokePasswordLinks ends the links with which the user could set a password, and says how
// far the user has come meanwhile. It returns ErrNotFound.
func (r *Registry) RevokePasswordLinks(ctx context.Context, actor string, t Tenant, userID string) (User, error) {
	var u User
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.RevokeLinks(ctx, t, LinkPassword, userID, r.Clock.Now()); err != nil {
			return err
		}
		c, err := tx.Credentials(ctx, t, userID)
		if err != nil {
			return err
		}
		u = c.User
		return tx.Record(ctx, r.record(t, actor, "link.revoked", userID, map[string]string{"kind": string(LinkPassword)}))
	})
	return u, read(err)
}

// IssueCancelPasswordLink returns a link with which the owner sets the merchant's
// cancel password (rulings 13); links before it stop working, the present password
// works until the link is used.
func (r *Registry) IssueCancelPasswordLink(ctx context.Context, actor string, t Tenant) (Issued, error) {
	var issued Issued
	err := r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.MerchantVersion(ctx, t); err != nil {
			return err
		}
		var err error
		issued, err = r.issue(ctx, tx, t, LinkCancelPassword, "", actor)
		return err
	})
	return issued, read(err)
}

// SetInstallmentMinimum sets a rule of installments; the zero tenant's holds for
// all merchants.
func (r *Registry) SetInstallmentMinimum(ctx context.Context, actor string, t Tenant, m InstallmentMinimum) error {
	if err := m.validate(); err != nil {
		return err
	}
	return read(r.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.PutInstallmentMinimum(ctx, t, m); err != nil {
			return err
		}
		return tx.Record(ctx, r.record(t, actor, "installment.minimum", m.Acquirer+"/"+m.Issuer, nil))
	}))
}
