package merchant

import (
	"context"
	"time"
)

// PasskeyRow is a passkey as stored.
type PasskeyRow struct {
	MerchantID   string
	ID           string // id.Passkey
	UserID       string
	CredentialID string // the authenticator's, base64url
	Credential   string // JSON: public key and flags
	Name         string
	SignCount    int64 // the authenticator's, at its last use
	Blocked      bool  // the count went back: there may be a copy
	CreatedAt    time.Time
	UsedAt       time.Time // zero while never used
}

// ChallengeKind is what a challenge is for.
type ChallengeKind string

// The kinds of challenges.
const (
	ChallengeLogin   ChallengeKind = "LOGIN"   // a passkey shows who is there
	ChallengePasskey ChallengeKind = "PASSKEY" // a new passkey is made
	ChallengeTOTP    ChallengeKind = "TOTP"    // an authenticator app is set up
)

// ChallengeRow is something that is answered once.
type ChallengeRow struct {
	TokenHash  string
	Kind       ChallengeKind
	MerchantID string // of who asked; empty for logins
	UserID     string
	SessionID  string
	Data       string
	CreatedAt  time.Time
	ExpiresAt  time.Time
}

// DeviceRow is a browser in which a user logged in before, known by a cookie of its own.
type DeviceRow struct {
	MerchantID string
	UserID     string
	ID         string // id.Device
	TokenHash  string
	Name       string
	CreatedAt  time.Time
	SeenAt     time.Time
}

// MailStatus is how far a mail address of a user has come.
type MailStatus string

// The states of a mail address.
const (
	MailPending  MailStatus = "PENDING"  // a code is under way
	MailVerified MailStatus = "VERIFIED" // the one that is written to
	MailReplaced MailStatus = "REPLACED" // was; kept for a day, to tell it
)

// MailRow is a user's mail address as stored.
type MailRow struct {
	MerchantID   string
	ID           string // id.Mail
	UserID       string
	Address      string // sealed
	AddressIndex string
	Status       MailStatus
	CreatedAt    time.Time
	ExpiresAt    time.Time // of the code
	VerifiedAt   time.Time
}

// SigninReader reads what people sign in with, beside their password.
type SigninReader interface {
	// Passkeys of a user, oldest first, at most 100.
	Passkeys(ctx context.Context, t Tenant, userID string) ([]PasskeyRow, error)
	// PasskeyByCredential finds one over all merchants, or ErrAbsent.
	PasskeyByCredential(ctx context.Context, credentialID string) (PasskeyRow, error)
	// Challenge by the hash of its token, or ErrAbsent.
	Challenge(ctx context.Context, tokenHash string) (ChallengeRow, error)
	// RecoveryCodesLeft is how many codes of a user are unused.
	RecoveryCodesLeft(ctx context.Context, t Tenant, userID string) (int, error)
	// Device in which the user logged in before, by the hash of its token, or ErrAbsent.
	Device(ctx context.Context, t Tenant, userID, tokenHash string) (DeviceRow, error)
	// DeviceByID likewise.
	DeviceByID(ctx context.Context, t Tenant, userID, deviceID string) (DeviceRow, error)
	// DeviceSeen reports whether anybody logged in with this device.
	DeviceSeen(ctx context.Context, tokenHash string) (bool, error)
	// MailOf is the newest mail of the user in that state, or ErrAbsent.
	MailOf(ctx context.Context, t Tenant, userID string, s MailStatus) (MailRow, error)
	// MailRow by its id, or ErrAbsent.
	MailRow(ctx context.Context, t Tenant, mailID string) (MailRow, error)
	// LinkByID is an activation link, or ErrAbsent.
	LinkByID(ctx context.Context, t Tenant, linkID string) (LinkRow, error)
}

// SigninTx writes them; the conditions are those of Tx.
type SigninTx interface {
	// InsertPasskey, or ErrTaken when the authenticator's credential is registered.
	InsertPasskey(ctx context.Context, p PasskeyRow) error
	// RenamePasskey of a user, or ErrAbsent.
	RenamePasskey(ctx context.Context, t Tenant, userID, id, name string) error
	// DeletePasskey of a user, or ErrAbsent.
	DeletePasskey(ctx context.Context, t Tenant, userID, id string) error
	// UsePasskey writes count, credential and time of a passkey that is not blocked and
	// whose count is was, else ErrStale.
	UsePasskey(ctx context.Context, was int64, p PasskeyRow) error
	// BlockPasskey, or ErrStale when it is blocked already.
	BlockPasskey(ctx context.Context, t Tenant, id string) error

	InsertChallenge(ctx context.Context, c ChallengeRow) error
	// TakeChallenge removes one of the kind that has not expired at now, else ErrStale:
	// of several who answer one gets it.
	TakeChallenge(ctx context.Context, tokenHash string, k ChallengeKind, now time.Time) error
	// SweepChallenges removes up to limit that have expired.
	SweepChallenges(ctx context.Context, now time.Time, limit int) error

	// SetTOTP writes the sealed secret, empty for none, raises the version where it is the
	// one given, and sees to it that no code up to step is taken.
	SetTOTP(ctx context.Context, t Tenant, userID string, version int64, secret string, step int64) error
	// UseTOTPStep sees to it that the code of the step is taken once, where the version is
	// the one given, else ErrStale.
	UseTOTPStep(ctx context.Context, t Tenant, userID string, version, step int64) error
	// ReplaceRecoveryCodes of a user by those with the hashes.
	ReplaceRecoveryCodes(ctx context.Context, t Tenant, userID string, hashes []string, at time.Time) error
	// UseRecoveryCode that is unused, or ErrStale.
	UseRecoveryCode(ctx context.Context, t Tenant, userID, hash string, at time.Time) error

	// PutDevice adds one or notes its name and when it was seen.
	PutDevice(ctx context.Context, d DeviceRow) error
	// DropOldDevices of a user but those seen last.
	DropOldDevices(ctx context.Context, t Tenant, userID string, keep int) error

	// InsertMail as pending, in place of one that is.
	InsertMail(ctx context.Context, m MailRow) error
	// VerifyMail that is pending and not expired, else ErrStale. One that was verified
	// becomes replaced.
	VerifyMail(ctx context.Context, t Tenant, m MailRow, at time.Time) error
	// ReplaceMail makes the user's verified mail replaced, or returns ErrAbsent.
	ReplaceMail(ctx context.Context, t Tenant, userID string) error
	// DropReplacedMail of a user verified before that time.
	DropReplacedMail(ctx context.Context, t Tenant, userID string, before time.Time) error
}
