// Package approval has two operators decide together what moves money or opens access.
// One asks, another approves, and what was asked for is applied in the transaction of
// the approval, or not at all when things have changed since.
//
// A feature names what it wants decided so as a Kind and registers it; Desk holds those
// of this house: contracts, merchants and operators. An installation that has one
// operator alone says so in its configuration; then asking applies at once.
package approval

import (
	"context"
	"time"

	"innopay/fault"
	"innopay/internal/contract"
	"innopay/internal/merchant"
)

// Status is how far a request has come.
type Status string

// The states. Only PENDING changes.
const (
	Pending   Status = "PENDING"
	Applied   Status = "APPLIED"   // approved, and in force
	Refused   Status = "REFUSED"   // another operator said no
	Withdrawn Status = "WITHDRAWN" // by who asked
	Expired   Status = "EXPIRED"   // nobody decided in time
	Stale     Status = "STALE"     // approved too late: what it was asked for has changed since
)

// Life is how long a request waits for a second operator.
const Life = 7 * 24 * time.Hour

// Change is one value before and after, as people read it. Secrets are masked in it.
type Change struct {
	Field  string `json:"field"` // as in the API, e.g. fees.0.rate
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Approval is one request. It holds no secret: the payload stays sealed.
type Approval struct {
	MerchantID  string // whom it is about; empty: the installation
	ID          string // id.Approval
	Kind        string
	Subject     string // of a kind and merchant one request at a time waits for each subject
	Changes     []Change
	Reason      string // why it is asked for, 1..200 characters
	Status      Status
	RequestedBy string // user id
	RequestedAt time.Time
	ExpiresAt   time.Time
	DecidedBy   string // empty while pending
	DecidedAt   time.Time
	Decision    string // why it was refused

	payload string // sealed
}

// Tenant is the merchant it is about.
func (a Approval) Tenant() merchant.Tenant { return merchant.TenantOf(a.MerchantID) }

// At is the request as it stands at a time: one whose time has come has expired, whether
// or not anybody noted it.
func (a Approval) At(now time.Time) Approval {
	if a.Status == Pending && !now.Before(a.ExpiresAt) {
		a.Status = Expired
	}
	return a
}

// Result is what an operator is shown once when a request is applied, such as the
// one-time code of a new operator.
type Result struct {
	Link      string // token of an activation link; empty: none
	ExpiresAt time.Time
}

// Kind is something that is decided by two.
type Kind struct {
	Name string // stable, UPPER_SNAKE
	// Apply carries the payload out inside tx. It returns ErrStale when things are no
	// longer as they were when it was asked for, and may run more than once.
	Apply func(ctx context.Context, tx Tx, a Approval, payload []byte) (Result, error)
}

// Row is an approval as stored.
type Row struct {
	Approval
	Payload string // sealed
}

// Filter narrows a list; zero values narrow nothing.
type Filter struct {
	Before     string // id of the last one of the page before
	Status     Status
	MerchantID string
}

// Reader reads what is committed, or inside a Tx what it sees.
type Reader interface {
	// Approval by its id, over all merchants, or merchant.ErrAbsent.
	Approval(ctx context.Context, id string) (Row, error)
	// PendingApproval of a merchant, kind and subject, or merchant.ErrAbsent.
	PendingApproval(ctx context.Context, t merchant.Tenant, kind, subject string) (Row, error)
	// Approvals newest first. Those past their time count as EXPIRED.
	Approvals(ctx context.Context, f Filter, now time.Time, limit int) ([]Row, error)
}

// Tx is one transaction over everything that approvals change.
type Tx interface {
	merchant.Tx
	contract.Tx
	Reader
	// InsertApproval adds one; merchant.ErrTaken when another one of its kind and subject waits.
	InsertApproval(ctx context.Context, r Row) error
	// DecideApproval writes status, who decided, when and why, where it is pending, or
	// merchant.ErrStale. It holds the row until the end of the transaction.
	DecideApproval(ctx context.Context, a Approval) error
}

// Store is what this package asks of a database.
type Store interface {
	Reader
	// ApprovalTx runs fn in one transaction; it may run it again, so fn has no effect
	// outside. An error of fn rolls back and is returned as it is.
	ApprovalTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Faults of this package.
var (
	// ErrNotFound: no such request.
	ErrNotFound = fault.New(fault.NotFound, "APPROVAL_NOT_FOUND", "승인 요청을 찾을 수 없어요.")
	// ErrPending: the same is asked for already; detail approvalId says where.
	ErrPending = fault.New(fault.Conflict, "APPROVAL_PENDING", "같은 승인 요청이 이미 기다리고 있어요. 먼저 처리하거나 취소해 주세요.")
	// ErrDecided: somebody decided it before, or its time has passed.
	ErrDecided = fault.New(fault.Conflict, "APPROVAL_DECIDED", "이미 처리했거나 기한이 지난 승인 요청이에요. 새로 고쳐 주세요.")
	// ErrSelf: who asked does not decide.
	ErrSelf = fault.New(fault.Forbidden, "APPROVAL_SELF", "본인이 요청한 건은 승인하거나 반려할 수 없어요. 다른 운영자에게 부탁해 주세요.")
	// ErrNotRequester: only who asked takes a request back.
	ErrNotRequester = fault.New(fault.Forbidden, "APPROVAL_NOT_REQUESTER", "본인이 요청한 건만 취소할 수 있어요.")
	// ErrStale: what it was asked for has changed since; the request ends.
	ErrStale = fault.New(fault.Conflict, "APPROVAL_STALE", "요청한 뒤에 내용이 바뀌어 승인할 수 없어요. 새 내용으로 다시 요청해 주세요.")
)
