// Package notice holds what the operator tells merchants inside the app: for whom, from
// when until when, and who has read it. A notice may be changed until it begins; from
// then on it can only be withdrawn.
package notice

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Notice is one notice.
type Notice struct {
	MerchantID string // whom it is for; empty: all merchants
	ID         string // id.Notice
	Draft
	Told      bool      // devices heard that it began
	Withdrawn time.Time // zero: it stands
	Author    string    // user id of the operator; webhook: the server itself, for one it turned off
	CreatedAt time.Time
	Version   int64
}

// Draft is what the operator writes.
type Draft struct {
	Role      merchant.Role // Owner or Staff; empty: both
	Title     string        // 1..100 characters
	Body      string        // 1..5,000 characters of plain text; a line that begins with "# " is a heading, addresses with https:// are links
	Important bool          // shown on the home screen until it is read
	From      time.Time     // when it begins
	Until     time.Time     // when it ends; zero: never
}

// Read is a notice as one person has it.
type Read struct {
	Notice
	ReadAt time.Time // zero: not yet
}

// Figures say how far a notice came.
type Figures struct {
	Audience int // users it is for who may log in now
	Readers  int // those of them who read it
}

// Person is who reads: one of a merchant's people.
type Person struct {
	Tenant merchant.Tenant
	UserID string
	Role   merchant.Role
}

// Position is the place behind a notice in somebody's inbox; the zero value is the top.
type Position struct {
	From time.Time
	ID   string
}

// Page is how many notices are listed at once.
const Page = 20

// Bounds of a notice, in characters.
const (
	MaxTitle = 100
	MaxBody  = 5_000
)

// Faults of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "NOTICE_NOT_FOUND", "공지를 찾을 수 없어요. 끝났거나 거둔 공지일 수 있어요.")
	ErrPublished = fault.New(fault.Conflict, "NOTICE_PUBLISHED", "이미 게시된 공지는 고칠 수 없어요. 거두고 새로 써 주세요.")
	ErrWithdrawn = fault.New(fault.Conflict, "NOTICE_WITHDRAWN", "이미 거둔 공지예요.")
	ErrChanged   = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
)

// ErrAbsent and ErrStale are what a Store returns: no such row, or its version is another.
var (
	ErrAbsent = errors.New("notice: absent")
	ErrStale  = errors.New("notice: stale")
)

// Poster is what a transaction needs to hold so that a notice is written in it.
type Poster interface {
	audit.Writer
	outbox.Writer

	InsertNotice(ctx context.Context, n Notice) error
}

// Tx is one transaction.
type Tx interface {
	Poster

	// Notice as this transaction sees it, or ErrAbsent.
	Notice(ctx context.Context, id string) (Notice, error)
	// UpdateNotice where the version is n.Version-1, else ErrStale.
	UpdateNotice(ctx context.Context, n Notice) error
	// NoticesDue have begun and nobody was told, the one that began first first.
	NoticesDue(ctx context.Context, now time.Time, limit int) ([]Notice, error)
}

// Store is what this package asks of the database.
type Store interface {
	// NoticeTx runs fn in one transaction, again when the engine asks for it.
	NoticeTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Notices of all, those made last first, behind the one with the id before.
	Notices(ctx context.Context, before string, limit int) ([]Notice, error)
	// NoticeByID, or ErrAbsent.
	NoticeByID(ctx context.Context, id string) (Notice, error)
	// NoticeFigures counts, or ErrAbsent.
	NoticeFigures(ctx context.Context, id string) (Figures, error)
	// NoticesDue as in Tx: whether there is anything to do.
	NoticesDue(ctx context.Context, now time.Time, limit int) ([]Notice, error)
	// NoticesOf a person that stand at that time, the one that began last first.
	NoticesOf(ctx context.Context, p Person, now time.Time, after Position, limit int) ([]Read, error)
	// CountUnread of those.
	CountUnread(ctx context.Context, p Person, now time.Time) (int, error)
	// MarkRead notes that the person read it, once.
	MarkRead(ctx context.Context, p Person, id string, at time.Time) error
}
