package merchant

import (
	"context"
	"errors"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/money"
)

// Faults of this package. Compare with errors.Is.
var (
	// ErrLoginFailed: unknown id, wrong password, wrong code, disabled user or
	// closed merchant. One answer for all, so that nothing can be told apart.
	ErrLoginFailed = fault.New(fault.Unauthenticated, "LOGIN_FAILED", "아이디 또는 비밀번호가 맞지 않아요. 다시 확인해 주세요.")
	// ErrTOTPRequired: the password is right and a code of the second factor is missing.
	ErrTOTPRequired = fault.New(fault.Unauthenticated, "TOTP_REQUIRED", "인증 앱의 6자리 코드를 입력해 주세요.")
	// ErrLoginPending: the password is right, and the owner has not let the person in yet.
	ErrLoginPending = fault.New(fault.Forbidden, "REGISTRATION_PENDING", "승인을 기다리고 있어요. 점주가 승인하면 문자로 알려 드려요.")
	// ErrLoginLocked: too many wrong tries on this id; RetryAfter says how long.
	ErrLoginLocked = fault.New(fault.TooMany, "LOGIN_LOCKED", "로그인을 여러 번 실패해서 잠시 막아 두었어요. 잠시 후 다시 시도해 주세요.")
	// ErrPasswordWrong: the present password was asked for again and is another.
	ErrPasswordWrong = fault.New(fault.Forbidden, "PASSWORD_WRONG", "지금 비밀번호가 맞지 않아요. 다시 확인해 주세요.")
	// ErrCodeWrong: password and code of the second factor were asked for again, and one
	// of them is wrong.
	ErrCodeWrong = fault.New(fault.Forbidden, "CODE_WRONG", "비밀번호나 코드가 맞지 않아요. 다시 확인해 주세요.")
	// ErrPasskeyFailed: a passkey that is not known, is blocked, or did not answer what
	// was asked. One answer for all.
	ErrPasskeyFailed = fault.New(fault.Unauthenticated, "PASSKEY_FAILED", "패스키로 로그인하지 못했어요. 다시 시도하거나 비밀번호로 로그인해 주세요.")
	// ErrChallengeInvalid: what was asked is unknown, answered or expired.
	ErrChallengeInvalid = fault.New(fault.Conflict, "CHALLENGE_INVALID", "시간이 지나 처음부터 다시 해야 해요. 다시 시도해 주세요.")
	// ErrPasskeyTaken: the authenticator's credential is registered already.
	ErrPasskeyTaken = fault.New(fault.Conflict, "PASSKEY_TAKEN", "이미 등록한 패스키예요.")
	// ErrPasskeysFull: a user has as many passkeys as there may be.
	ErrPasskeysFull = fault.New(fault.Conflict, "PASSKEYS_FULL", "패스키를 더 등록할 수 없어요. 쓰지 않는 패스키를 먼저 지워 주세요.")
	// ErrSecondFactorOn: it is set up already.
	ErrSecondFactorOn = fault.New(fault.Conflict, "SECOND_FACTOR_ON", "2단계 인증을 이미 쓰고 있어요.")
	// ErrSecondFactorOff: there is none.
	ErrSecondFactorOff = fault.New(fault.Conflict, "SECOND_FACTOR_OFF", "2단계 인증을 쓰고 있지 않아요.")
	// ErrSecondFactorRequired: the role cannot do without.
	ErrSecondFactorRequired = fault.New(fault.Conflict, "SECOND_FACTOR_REQUIRED", "운영자는 2단계 인증을 끌 수 없어요.")
	// ErrTooManyMails: too many mails were asked for; RetryAfter says how long.
	ErrTooManyMails = fault.New(fault.TooMany, "TOO_MANY_MAILS", "메일을 너무 자주 요청했어요. 잠시 뒤에 다시 시도해 주세요.")
	// ErrMailCodeLocked: too many wrong codes; RetryAfter says how long.
	ErrMailCodeLocked = fault.New(fault.TooMany, "MAIL_CODE_LOCKED", "코드를 여러 번 틀렸어요. 잠시 뒤에 다시 시도해 주세요.")
	// ErrNotLoggedIn: no such session or key, or it ended.
	ErrNotLoggedIn = fault.New(fault.Unauthenticated, "NOT_LOGGED_IN", "로그인이 필요해요. 다시 로그인해 주세요.")
	// ErrForbidden: the role lacks the permission.
	ErrForbidden = fault.New(fault.Forbidden, "FORBIDDEN", "이 기능을 쓸 권한이 없어요. 관리자에게 문의해 주세요.")
	// ErrNotFound: no such merchant, user, session or key, or another merchant's.
	ErrNotFound = fault.New(fault.NotFound, "NOT_FOUND", "찾을 수 없어요. 주소를 다시 확인해 주세요.")
	// ErrChanged: somebody else changed it since it was read.
	ErrChanged = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
	// ErrBusy: too many passwords are being checked at once; nothing was checked.
	ErrBusy = fault.New(fault.Unavailable, "BUSY", "요청이 몰려 처리하지 못했어요. 잠시 후 다시 시도해 주세요.")
	// ErrCancelPasswordWrong: detail triesLeft says how many tries are left.
	ErrCancelPasswordWrong = fault.New(fault.Forbidden, "CANCEL_PASSWORD_WRONG", "취소 비밀번호가 맞지 않아요. 다시 확인해 주세요.")
	// ErrCancelPasswordLocked: RetryAfter says how long.
	ErrCancelPasswordLocked = fault.New(fault.TooMany, "CANCEL_PASSWORD_LOCKED", "취소 비밀번호를 여러 번 틀려서 잠겼어요. 잠시 후 다시 시도해 주세요.")
	// ErrCancelPasswordNotSet: the owner has not set one through the activation link yet.
	ErrCancelPasswordNotSet = fault.New(fault.Conflict, "CANCEL_PASSWORD_NOT_SET", "취소 비밀번호가 아직 없어요. 관리자가 등록 링크로 먼저 설정해 주세요.")
	// ErrLinkInvalid: unknown, used, revoked or expired; one answer for all.
	ErrLinkInvalid = fault.New(fault.NotFound, "LINK_INVALID", "사용할 수 없는 링크예요. 새 링크를 요청해 주세요.")
	// ErrLoginIDTaken: the id exists, at whatever merchant.
	ErrLoginIDTaken = fault.New(fault.Conflict, "LOGIN_ID_TAKEN", "이미 쓰고 있는 아이디예요. 다른 아이디를 입력해 주세요.")
)

var errPasswordEncoded = errors.New("merchant: a password is never encoded")

// Via is how a caller proved who it is.
type Via string

// The ways.
const (
	ViaSession Via = "SESSION"
	ViaKey     Via = "KEY"
)

// Principal is who makes a request. The authorization middleware makes one for
// each request; handlers take the tenant from it and from nowhere else.
type Principal struct {
	Tenant    Tenant // the zero tenant for operators
	UserID    string // user id, or key id when Via is ViaKey
	Role      Role
	Name      string
	LoginID   string // empty for keys
	SessionID string // empty for keys
	Via       Via
	Live      bool   // key: sk_live_
	Scopes    Scopes // of a key
	Rights    Rights // what the owner lets the person do
}

// Allowed reports whether the principal has the permission, by its role or by a right. A
// key needs a scope for it besides.
func (p Principal) Allowed(perm Permission) bool {
	if p.Role == Machine && !p.Scopes.grants(perm) {
		return false
	}
	return Allowed(p.Role, perm) || p.Role == Staff && p.Rights.granted(perm)
}

// LoginRequest is one try to log in.
type LoginRequest struct {
	LoginID  string
	Password Password
	TOTPCode string // six digits, or a recovery code; empty when none was asked for yet
	Visitor
}

// Visitor is the browser somebody logs in with.
type Visitor struct {
	Device      string // short text that names the device in the list of sessions, at most 200 characters are kept
	DeviceToken string // of an earlier login's Session; empty when the browser has none
}

// Session is a new session. Token is shown once: it is the cookie's value, and
// only its hash is stored.
type Session struct {
	Token string // 256 random bits, URL-safe
	// DeviceToken tells this browser again at its next login; 256 random bits, URL-safe.
	DeviceToken string
	Principal   Principal
	ExpiresAt   time.Time // absolute; it ends earlier when idle
}

// Authenticator is the one login path and the one way from a cookie or key to a
// Principal. Safe for concurrent use.
type Authenticator interface {
	// Login returns ErrLoginFailed, ErrTOTPRequired, ErrLoginLocked or ErrBusy.
	Login(ctx context.Context, r LoginRequest) (Session, error)
	// Session returns ErrNotLoggedIn when there is no such session or it ended, its
	// user is not active or the merchant is closed. Every change takes effect with
	// the next call, on every instance.
	Session(ctx context.Context, token string) (Principal, error)
	// KeyPrincipal likewise for a secret key (sk_test_, sk_live_).
	KeyPrincipal(ctx context.Context, secretKey string) (Principal, error)
	// Logout ends the session of the token; an unknown one is no error.
	Logout(ctx context.Context, token string) error
}

// Directory reads merchants. Safe for concurrent use; what it returns is as new as
// the database, on every instance.
type Directory interface {
	// Merchant with terminals and settings, or ErrNotFound.
	Merchant(ctx context.Context, t Tenant) (Merchant, error)
	// Installments are the rules that hold for the merchant.
	Installments(ctx context.Context, t Tenant) (InstallmentRules, error)
	// Users of the merchant by id.
	Users(ctx context.Context, t Tenant) ([]User, error)
}

// CancelPasswords checks the cancel password of a merchant.
type CancelPasswords interface {
	// Check returns nil when the password is right, else ErrCancelPasswordWrong with
	// detail triesLeft, ErrCancelPasswordLocked with RetryAfter,
	// ErrCancelPasswordNotSet or ErrBusy. Wrong tries are audited for actor (a user or
	// key id) and count over all users and instances; at most five are evaluated
	// before a lock of 15 minutes. Call it for an own, existing payment only
	// (rulings 13).
	Check(ctx context.Context, t Tenant, p Password, actor string) error
}

// InstallmentRules say from which amount installments are offered and which are
// free of interest. Plain data; the zero value knows only the default minimum.
type InstallmentRules struct {
	Minimums []InstallmentMinimum
	Events   []InterestFree
}

// InstallmentMinimum is the least amount for installments at one acquirer and
// issuer. Empty Acquirer or Issuer means any; the more exact row wins.
type InstallmentMinimum struct {
	Acquirer string // adapter's name
	Issuer   string // code, e.g. 61
	Minimum  money.Won
}

// InterestFree is one interest-free event (무이자) of an issuer.
type InterestFree struct {
	MerchantID  string // as read: whose it is; empty: every merchant's
	ID          string
	Issuer      string // code
	Months      []int  // 2..12, rising
	MinAmount   money.Won
	From, Until clock.Day // both included
}

// Offer is what a buyer may choose for one payment.
type Offer struct {
	Minimum      money.Won // installments need at least this amount
	Months       []int     // rising; empty when only a lump sum is possible
	InterestFree []int     // those of Months without interest
}
