package merchant

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Role is what a caller is. The permissions of each stand in permission.go.
type Role string

// The roles.
const (
	Owner    Role = "OWNER"    // merchant's administrator
	Staff    Role = "STAFF"    // takes payments
	Operator Role = "OPERATOR" // of the installation; belongs to no merchant
	Machine  Role = "KEY"      // a merchant's own system, by secret key
)

// UserStatus says whether a user may log in.
type UserStatus string

// The states of a user.
const (
	UserInvited  UserStatus = "INVITED" // has no password yet
	UserActive   UserStatus = "ACTIVE"
	UserDisabled UserStatus = "DISABLED"
	UserPending  UserStatus = "PENDING" // registered, and waits for the owner to let it in
)

// User is somebody who logs in.
type User struct {
	MerchantID string // empty for operators
	ID         string // id.User
	LoginID    string // normalised; unique over all merchants
	Name       string
	Role       Role
	Status     UserStatus
	TOTP       bool // a second factor is set up
	CreatedAt  time.Time
	LastLogin  time.Time // zero when never
	Rights     Rights    // of Staff; the others have all
	Version    int64     // rises when name, role, status or password change
}

// Password is a login or cancel password on its way in. It prints masked and
// refuses to be encoded; it decodes from JSON like any text.
type Password string

// String hides the value.
func (Password) String() string { return "***" }

// Format hides the value under every verb.
func (Password) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "***") }

// LogValue hides the value.
func (Password) LogValue() slog.Value { return slog.StringValue("***") }

// MarshalText refuses.
func (Password) MarshalText() ([]byte, error) { return nil, errPasswordEncoded }

// MarshalJSON refuses.
func (Password) MarshalJSON() ([]byte, error) { return nil, errPasswordEncoded }
