// Package registration is how people get in. Staff register themselves: with the code of
// their shop and an invite of the owner they prove a phone, choose id and password, agree
// to the terms, and wait until the owner lets them in. Owners and operators are given
// their id by an operator: a mail brings a link, what is sent to their phone or address
// when they open it proves that it is them, and they set the passwords themselves.
package registration

import (
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
)

// Figures of getting in.
const (
	InviteLife   = 24 * time.Hour
	MaxUses      = 20               // of one invite
	MaxInvites   = 50               // of a shop that work at once
	Life         = 30 * time.Minute // of a registration until it is handed in
	PendingLife  = 7 * 24 * time.Hour
	CodeLife     = 5 * time.Minute
	CodeTries    = 5 // wrong ones at one code
	MaxCodes     = 6 // sent for one registration, or for one mail
	ResendAfter  = 30 * time.Second
	OnboardLife  = 72 * time.Hour // of the link in the mail (ADR 0020)
	Kept         = 30 * 24 * time.Hour
	inviteLength = 8
	shopLength   = 6
)

// Status is how far somebody has come.
type Status string

// The states.
const (
	Open     Status = "OPEN"     // on the way; ends by itself after Life
	Pending  Status = "PENDING"  // handed in, waits for the owner
	Approved Status = "APPROVED" //
	Refused  Status = "REFUSED"  //
	Expired  Status = "EXPIRED"  // nobody went on, or nobody decided
)

// Invite lets people register at a shop.
type Invite struct {
	MerchantID string
	ID         string // id.Invite
	Code       string // inviteLength characters; stored encrypted, and found by a keyed hash
	Uses       int    // how many people may hand in a registration with it
	Used       int
	CreatedBy  string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	RevokedAt  time.Time // zero: it works
}

// Works reports whether people may begin with it.
func (i Invite) Works(now time.Time) bool {
	return i.RevokedAt.IsZero() && i.Used < i.Uses && i.ExpiresAt.After(now)
}

// Registration is one person on the way in.
type Registration struct {
	MerchantID string
	ID         string // id.Registration
	InviteID   string
	TokenHash  string
	Status     Status
	Name       string // with Phone stored encrypted, and forgotten when it has ended
	Phone      string // digits
	Generation int    // of the code last sent; 0: none was
	CodeHash   string // of the token that the code follows from
	CodeUntil  time.Time
	CodeTries  int // wrong ones at it
	SentAt     time.Time
	VerifiedAt time.Time // zero: the phone is not proven
	UserID     string    // from Pending on
	CreatedAt  time.Time
	ExpiresAt  time.Time
	Version    int64
}

// running reports whether it can be gone on with.
func (r Registration) running(now time.Time) bool { return r.Status == Open && r.ExpiresAt.After(now) }

// Onboarding is the way in of somebody whom an operator gave an id.
type Onboarding struct {
	MerchantID string // empty: an operator
	UserID     string
	ID         string // id.Onboarding
	Email      string // with Phone stored encrypted
	Phone      string // digits; empty: codes go to the address
	Generation int    // of the link
	TokenHash  string
	CodeCount  int // sent for this link
	CodeHash   string
	CodeUntil  time.Time
	CodeTries  int
	SentAt     time.Time // the code last sent
	MailedAt   time.Time
	OpenedAt   time.Time // a code was asked for; zero: never
	UsedAt     time.Time // it led to the password page last; zero: never
	CreatedBy  string
	CreatedAt  time.Time
	ExpiresAt  time.Time
	Version    int64
}

// Faults of this package.
var (
	// ErrInvite: unknown shop or invite, one that expired, was revoked or is used up. One
	// answer for all, so that nothing can be told apart.
	ErrInvite = fault.New(fault.NotFound, "INVITE_INVALID", "가맹점 코드나 초대 코드가 맞지 않아요. 점주에게 새 초대를 요청해 주세요.")
	// ErrGone: no such registration, or it ended.
	ErrGone = fault.New(fault.NotFound, "REGISTRATION_GONE", "등록 시간이 지났어요. 초대 코드부터 다시 입력해 주세요.")
	// ErrNotFound: no such invite or person of the merchant's.
	ErrNotFound = fault.New(fault.NotFound, "NOT_FOUND", "찾을 수 없어요. 주소를 다시 확인해 주세요.")
	// ErrCode: a wrong code; detail triesLeft says how many tries are left.
	ErrCode = fault.New(fault.Forbidden, "PHONE_CODE_WRONG", "인증번호가 맞지 않아요. 문자를 다시 확인해 주세요.")
	// ErrCodeSpent: the code expired, was used, or too many wrong ones were given.
	ErrCodeSpent = fault.New(fault.Conflict, "CODE_EXPIRED", "쓸 수 없는 인증번호예요. 인증번호를 다시 받아 주세요.")
	// ErrTooSoon: a code was sent just now; RetryAfter says when the next one may be.
	ErrTooSoon = fault.New(fault.TooMany, "CODE_TOO_SOON", "인증번호를 방금 보냈어요. 잠시 뒤에 다시 받아 주세요.")
	// ErrTooMany: too many tries from one place, or for one person.
	ErrTooMany = fault.New(fault.TooMany, "TOO_MANY_TRIES", "짧은 시간에 너무 여러 번 시도했어요. 잠시 뒤에 다시 해 주세요.")
	// ErrStep: what comes before is not done.
	ErrStep = fault.New(fault.Conflict, "PHONE_NOT_VERIFIED", "휴대폰을 먼저 확인해 주세요.")
	// ErrDecided: nobody waits under that id any more.
	ErrDecided = fault.New(fault.Conflict, "ALREADY_DECIDED", "이미 처리됐거나 기간이 지난 등록이에요. 목록을 새로 고쳐 주세요.")
	// ErrStarted: the person has set a password already.
	ErrStarted = fault.New(fault.Conflict, "ALREADY_ACTIVE", "이미 비밀번호를 설정한 사람이에요.")
	// ErrWithdrawn: the link was taken back before; sending the mail again makes a new one.
	ErrWithdrawn = fault.New(fault.Conflict, "LINK_WITHDRAWN", "이미 회수한 링크예요. 다시 보내면 새 링크가 나가요.")
	// ErrForgotten: the contacts of an id were erased when its link had long expired.
	ErrForgotten = fault.New(fault.Conflict, "CONTACT_FORGOTTEN", "오래되어 연락처를 지운 아이디예요. 같은 아이디로 다시 발급해 주세요.")
	// ErrLink: unknown, used or expired link; one answer for all.
	ErrLink = merchant.ErrLinkInvalid
)
