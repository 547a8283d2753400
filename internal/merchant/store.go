package merchant

import (
	"context"
	"errors"
	"time"

	"innopay/internal/audit"
	"innopay/internal/outbox"
)

// Results of a Store that this package acts on. Everything else is a broken database.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("merchant: absent")
	// ErrTaken: a unique value (login id, terminal, key) exists; nothing was written.
	ErrTaken = errors.New("merchant: taken")
	// ErrStale: a conditional update met another version or state; nothing was written.
	ErrStale = errors.New("merchant: changed since it was read")
)

// Credentials are a user with what proves that it is them.
type Credentials struct {
	User         User
	PasswordHash string // argon2id in PHC form; empty while invited
	TOTPSecret   string // sealed; empty when there is no second factor
	TOTPStep     int64  // last time step a code was taken for; no code is taken twice
	Merchant     Status // of the user's merchant; Active for operators
}

// SessionRow is a session as stored. User and Merchant are read with it.
type SessionRow struct {
	MerchantID string
	ID         string // id.Session
	UserID     string
	TokenHash  string
	Device     string
	CreatedAt  time.Time
	SeenAt     time.Time
	ExpiresAt  time.Time
	User       User
	Merchant   Status
}

// KeyRow is an API key as stored. Merchant is read with it.
type KeyRow struct {
	MerchantID string
	ID         string // id.Key
	Name       string
	Hint       string // the key's beginning, enough to tell keys apart
	Hash       string
	Live       bool
	CreatedAt  time.Time
	RevokedAt  time.Time // zero while it works
	Scopes     Scopes
	UsedAt     time.Time // last use, to the minute; zero: never
	OldHash    string    // of the secret before the last rotation; empty: there was none
	OldUntil   time.Time // the old secret works until then
	Merchant   Status
}

// LinkKind is what an activation link sets.
type LinkKind string

// The kinds of links.
const (
	LinkPassword       LinkKind = "PASSWORD"        // of a user; operators set up their second factor too
	LinkCancelPassword LinkKind = "CANCEL_PASSWORD" //
)

// LinkRow is an activation link as stored.
type LinkRow struct {
	MerchantID string
	ID         string // id.Link
	Kind       LinkKind
	UserID     string // of LinkPassword
	Generation int
	TokenHash  string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	UsedAt     time.Time // zero while unused; also set when a newer link replaced it
}

// GuardRow counts tries on one subject.
type GuardRow struct {
	Subject     string // "login/" and a keyed hash of the id, or "cancel/" and the merchant's id
	Fails       int    // wrong tries that still count
	Pending     int    // tries under way
	FailedAt    time.Time
	TouchedAt   time.Time
	LockedUntil time.Time
	Version     int64 // 0 when there is no row yet
}

// SettingsRow are settings as stored: Body is JSON without the fixed buyer, which
// is sealed apart.
type SettingsRow struct {
	Body    string
	Buyer   string // sealed JSON, empty when none
	Version int64
}

// Reader reads what is committed, or inside a Tx what it sees.
type Reader interface {
	SigninReader

	// MerchantVersion is the version of the merchant, or ErrAbsent.
	MerchantVersion(ctx context.Context, t Tenant) (int64, error)
	// MerchantRow is the merchant with its terminals and without settings, or ErrAbsent.
	MerchantRow(ctx context.Context, t Tenant) (Merchant, error)
	// MerchantRows lists merchants by id after the given one, without settings.
	MerchantRows(ctx context.Context, after string, limit int) ([]Merchant, error)
	// FindMerchants lists merchants newest first, without settings.
	FindMerchants(ctx context.Context, f MerchantFilter, limit int) ([]Merchant, error)
	// Paid reports whether the merchant has a payment, of whatever outcome.
	Paid(ctx context.Context, t Tenant) (bool, error)
	// TerminalUse is what stands in the way of taking a terminal away.
	TerminalUse(ctx context.Context, t Tenant, tid string) (TerminalUse, error)
	// Settings of the merchant, or ErrAbsent.
	Settings(ctx context.Context, t Tenant) (SettingsRow, error)
	// Installments are the rules for all merchants (the zero tenant's) and t's own.
	Installments(ctx context.Context, t Tenant) (InstallmentRules, error)

	// Users of the tenant by id; the zero tenant's are the operators.
	Users(ctx context.Context, t Tenant) ([]User, error)
	// Credentials of a user, or ErrAbsent.
	Credentials(ctx context.Context, t Tenant, userID string) (Credentials, error)
	// CredentialsByLogin looks a normalised login id up over all merchants, or ErrAbsent.
	CredentialsByLogin(ctx context.Context, loginID string) (Credentials, error)

	// Session by the hash of its token, over all merchants, or ErrAbsent.
	Session(ctx context.Context, tokenHash string) (SessionRow, error)
	// SessionsOf a user, newest first, at most 100.
	SessionsOf(ctx context.Context, t Tenant, userID string) ([]SessionRow, error)
	// KeyByHash finds a key over all merchants by the hash of its secret or of the one
	// before, or ErrAbsent.
	KeyByHash(ctx context.Context, hash string) (KeyRow, error)
	// Keys of the merchant by id.
	Keys(ctx context.Context, t Tenant) ([]KeyRow, error)
	// Link by the hash of its token, over all merchants, or ErrAbsent.
	Link(ctx context.Context, tokenHash string) (LinkRow, error)
	// CancelPassword is the hash in PHC form, or ErrAbsent.
	CancelPassword(ctx context.Context, t Tenant) (string, error)
	// Guard of the subject; Version 0 when there is none.
	Guard(ctx context.Context, subject string) (GuardRow, error)
}

// Tx is one transaction. Conditional writes return ErrStale when their condition
// does not hold; inserts return ErrTaken.
type Tx interface {
	Reader
	SigninTx
	audit.Writer
	outbox.Writer

	// InsertMerchant with its terminals; settings are put apart.
	InsertMerchant(ctx context.Context, m Merchant) error
	// UpdateMerchant writes everything but terminals and settings, where the version is m.Version-1.
	UpdateMerchant(ctx context.Context, m Merchant) error
	// ReplaceTerminals makes them the merchant's terminals; ErrTaken when another merchant
	// has one.
	ReplaceTerminals(ctx context.Context, t Tenant, ts []Terminal) error
	// EndAccess ends every session, API key and activation link of the merchant.
	EndAccess(ctx context.Context, t Tenant, at time.Time) error
	// HoldOperators keeps every other transaction from changing an operator until this
	// one ends.
	HoldOperators(ctx context.Context) error
	// PutSettings where the version is s.Version-1; version 1 inserts.
	PutSettings(ctx context.Context, t Tenant, s SettingsRow) error
	// BumpMerchant raises the merchant's version.
	BumpMerchant(ctx context.Context, t Tenant) error
	// PutInstallmentMinimum inserts or replaces; the zero tenant's row is for all merchants.
	PutInstallmentMinimum(ctx context.Context, t Tenant, m InstallmentMinimum) error
	// InsertInterestFree adds an event; the zero tenant's is for all merchants.
	InsertInterestFree(ctx context.Context, t Tenant, e InterestFree) error
	// DeleteInterestFree removes one, or ErrAbsent.
	DeleteInterestFree(ctx context.Context, t Tenant, id string) error

	InsertUser(ctx context.Context, u User) error
	// UpdateUser writes name, role and status, where the version is u.Version-1.
	UpdateUser(ctx context.Context, u User) error
	// SetRights of a user of the role Staff, where their version is r.Version-1.
	SetRights(ctx context.Context, t Tenant, userID string, r Rights) error
	// SetPassword writes the hash, makes an invited user active and raises the
	// version, where it is the one given; a sealed TOTP secret is written when not empty.
	SetPassword(ctx context.Context, t Tenant, userID string, version int64, hash, totpSecret string) error
	// ConfirmLogin sets when the user logged in last, where it is active and has the
	// version given, and its last TOTP step is smaller than step; step 0 leaves that
	// alone. It holds the row until the end of the transaction, so that a password
	// change or a lock-out of the user finds the session that follows.
	ConfirmLogin(ctx context.Context, t Tenant, userID string, version, step int64, at time.Time) error

	InsertSession(ctx context.Context, s SessionRow) error
	// TouchSession sets when it was seen last, if that is later.
	TouchSession(ctx context.Context, tokenHash string, at time.Time) error
	// DeleteSession by the hash of its token; an absent one is no error.
	DeleteSession(ctx context.Context, tokenHash string) error
	// DeleteSessionByID of a user, or ErrAbsent.
	DeleteSessionByID(ctx context.Context, t Tenant, userID, sessionID string) error
	// DeleteSessionsOf a user, but the one with the token hash keep (empty: all).
	DeleteSessionsOf(ctx context.Context, t Tenant, userID, keep string) error
	// DeleteEndedSessionsOf a user: those whose absolute end has come.
	DeleteEndedSessionsOf(ctx context.Context, t Tenant, userID string, now time.Time) error

	InsertKey(ctx context.Context, k KeyRow) error
	// RotateKey gives the key that works k's Hash and Hint where its hash is k.OldHash,
	// which works on until k.OldUntil; else ErrStale.
	RotateKey(ctx context.Context, k KeyRow) error
	// TouchKey notes that it was used; a later use that is noted already stays.
	TouchKey(ctx context.Context, t Tenant, id string, at time.Time) error
	// RevokeKey that works, or ErrStale.
	RevokeKey(ctx context.Context, t Tenant, id string, at time.Time) error

	InsertLink(ctx context.Context, l LinkRow) error
	// UseLink where it is unused and has not expired at that time.
	UseLink(ctx context.Context, t Tenant, id string, at time.Time) error
	// RevokeLinks marks the unused links of a kind and user as used and returns the
	// highest generation there has been, 0 when there was none.
	RevokeLinks(ctx context.Context, t Tenant, k LinkKind, userID string, at time.Time) (int, error)
	// PutCancelPassword inserts or replaces the hash.
	PutCancelPassword(ctx context.Context, t Tenant, hash string, at time.Time) error

	// PutGuard where the version is g.Version-1; version 1 inserts.
	PutGuard(ctx context.Context, g GuardRow) error
	// DeleteGuard where the version is the one given.
	DeleteGuard(ctx context.Context, subject string, version int64) error
	// DropGuard whatever its version; an absent one is no error.
	DropGuard(ctx context.Context, subject string) error
	// SweepGuards removes up to limit rows not touched since before and not locked at now.
	SweepGuards(ctx context.Context, before, now time.Time, limit int) error
}

// Store is everything this package asks of a database.
type Store interface {
	Reader
	// Tx runs fn in one transaction at an isolation that makes its conditional
	// writes safe; it is run again when the engine asks for it, so fn has no effect
	// outside. An error of fn rolls back and is returned as it is.
	Tx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Keys is the key ring as this package needs it (innopay/internal/keyring).
type Keys interface {
	Seal(plain []byte, associatedData string) (string, error)
	Unseal(sealed, associatedData string) ([]byte, error)
	BlindIndex(kind, normalised string) string
	Token(kind, id string, generation int) string
	TokenHash(token string) string
	TokenAgain(hash, kind, id string, generation int) (string, error)
}
