package registration

import (
	"context"
	"errors"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/terms"
)

// Results of a Store that this package acts on.
var (
	ErrAbsent = errors.New("registration: absent")
	// ErrTaken: a unique value exists; nothing was written.
	ErrTaken = errors.New("registration: taken")
	// ErrStale: a conditional update met another version or state; nothing was written.
	ErrStale = errors.New("registration: changed since it was read")
)

// Reader reads what is committed, or inside a Tx what it sees.
type Reader interface {
	// ShopCode is the merchant's, or ErrAbsent.
	ShopCode(ctx context.Context, t merchant.Tenant) (string, error)
	// ShopByCode is whose it is, or ErrAbsent.
	ShopByCode(ctx context.Context, code string) (merchant.Tenant, error)
	// Invites of the merchant, newest first.
	Invites(ctx context.Context, t merchant.Tenant, limit int) ([]Invite, error)
	// InviteByCode finds one, or ErrAbsent.
	InviteByCode(ctx context.Context, t merchant.Tenant, code string) (Invite, error)
	// Registration by the hash of its token, over all merchants, or ErrAbsent.
	RegistrationByToken(ctx context.Context, tokenHash string) (Registration, error)
	Registration(ctx context.Context, t merchant.Tenant, id string) (Registration, error)
	// Waiting are the merchant's registrations that wait for the owner, oldest first.
	Waiting(ctx context.Context, t merchant.Tenant) ([]Registration, error)
	// Onboarding of a user, or ErrAbsent.
	Onboarding(ctx context.Context, t merchant.Tenant, userID string) (Onboarding, error)
	// OnboardingByToken finds one over all merchants, or ErrAbsent.
	OnboardingByToken(ctx context.Context, tokenHash string) (Onboarding, error)
	// OnboardingByID finds one by its id, or ErrAbsent.
	OnboardingByID(ctx context.Context, t merchant.Tenant, id string) (Onboarding, error)
	// Onboardings of the tenant, newest first; the zero tenant's are the operators'.
	Onboardings(ctx context.Context, t merchant.Tenant) ([]Onboarding, error)
}

// Tx is one transaction.
type Tx interface {
	Reader
	message.Tx
	terms.Writer

	// PutShopCode gives a merchant its code, or returns ErrTaken when it has one or the
	// code is another's.
	PutShopCode(ctx context.Context, t merchant.Tenant, code string) error
	InsertInvite(ctx context.Context, i Invite) error
	// UseInvite counts one more use where it was not revoked and one is left, else ErrStale.
	UseInvite(ctx context.Context, t merchant.Tenant, id string) error
	// RevokeInvite where it was not, else ErrStale.
	RevokeInvite(ctx context.Context, t merchant.Tenant, id string, at time.Time) error
	InsertRegistration(ctx context.Context, r Registration) error
	// UpdateRegistration where the version is r.Version-1, else ErrStale.
	UpdateRegistration(ctx context.Context, r Registration) error
	// WaitingOf is the registration of a user that waits, or ErrAbsent.
	WaitingOf(ctx context.Context, t merchant.Tenant, userID string) (Registration, error)
	// InsertPending adds a user that waits, without rights, or returns ErrTaken when the
	// login id exists.
	InsertPending(ctx context.Context, u merchant.User, passwordHash string) error
	// ApprovePending makes a user that waits active, with rights, else ErrStale.
	ApprovePending(ctx context.Context, t merchant.Tenant, userID string, r merchant.Rights) error
	// DeletePending removes a user that waits, else ErrStale. Its login id is free then.
	DeletePending(ctx context.Context, t merchant.Tenant, userID string) error
	// PutOnboarding where the version is o.Version-1, else ErrStale; version 1 inserts.
	PutOnboarding(ctx context.Context, o Onboarding) error
}

// Store is what this feature asks of the database.
type Store interface {
	Reader
	// RegistrationTx runs fn in one transaction, again when the engine asks for it.
	RegistrationTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// OverdueRegistrations are up to limit that are open or wait and whose time is over.
	OverdueRegistrations(ctx context.Context, now time.Time, limit int) ([]Registration, error)
	// PurgeRegistrations removes up to limit that ended and invites that stopped working
	// before; it reports whether there may be more.
	PurgeRegistrations(ctx context.Context, before time.Time, limit int) (more bool, err error)
}
