// Package ticket holds what merchants ask the customer centre: a question, a change of
// what is known of the merchant, a problem with a payment; and what is written back and
// forth about it. What people write may name persons, so it is stored encrypted (rulings
// 12), and card numbers are refused.
package ticket

import (
	"context"
	"errors"
	"time"

	"innopay/fault"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// Kind is what a ticket is about.
type Kind string

// The kinds.
const (
	Question       Kind = "QUESTION"
	MerchantChange Kind = "MERCHANT_CHANGE" // the owner wishes that something about the merchant is changed
	OfPayment      Kind = "PAYMENT"         // a problem with a payment
)

// Status is whose turn it is.
type Status string

// The states.
const (
	Open     Status = "OPEN"     // the operator's
	Answered Status = "ANSWERED" // the merchant's
	Closed   Status = "CLOSED"   // nobody's any more
)

// Ticket is one matter.
type Ticket struct {
	MerchantID string
	ID         string // id.Ticket
	UserID     string // who asks
	Kind       Kind
	Status     Status
	Subject    string // one line
	PaymentID  string // of OfPayment
	Messages   int    // how many
	Unread     bool   // answered or closed since the asker looked
	CreatedAt  time.Time
	ChangedAt  time.Time
	Version    int64
	Assignee   string // user id of the operator who looks after it; empty: nobody yet
}

// Message is one text of a ticket.
type Message struct {
	MerchantID string
	TicketID   string
	Number     int    // from 1
	Operator   bool   // who wrote: the operator or the merchant
	Author     string // user id
	Body
	CreatedAt time.Time
}

// Body is what was written.
type Body struct {
	Text   string `json:"text"`
	Wishes []Wish `json:"wishes,omitempty"` // of MerchantChange, in the first message
}

// Wish is one thing about the merchant that shall be another.
type Wish struct {
	Field Field  `json:"field"`
	Value string `json:"value"` // as it shall be; the merchant's own words
}

// Field names what may be wished.
type Field string

// The fields of a merchant that a ticket may ask to change.
const (
	Name       Field = "NAME"
	OwnerName  Field = "OWNER_NAME"
	Address    Field = "ADDRESS"
	Phone      Field = "PHONE"
	Settlement Field = "SETTLEMENT_ACCOUNT"
	Fees       Field = "FEES"
	Limits     Field = "LIMITS"
	Contract   Field = "CONTRACT"
	Other      Field = "OTHER"
)

// Fields lists them.
var Fields = []Field{Name, OwnerName, Address, Phone, Settlement, Fees, Limits, Contract, Other}

// Limits of tickets.
const (
	MaxSubject  = 100 // characters
	MaxText     = 2_000
	MaxWish     = 200
	MostOpen    = 20  // tickets of a merchant that are not closed
	MostWritten = 100 // messages of a ticket
	Page        = 30
)

// Faults of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "TICKET_NOT_FOUND", "문의를 찾을 수 없어요.")
	ErrClosed   = fault.New(fault.Conflict, "TICKET_CLOSED", "끝난 문의예요. 새 문의를 남겨 주세요.")
	ErrMany     = fault.New(fault.Conflict, "TOO_MANY_TICKETS", "진행 중인 문의가 20건이에요. 끝난 뒤에 새 문의를 남기거나 열린 문의에 이어 써 주세요.")
	ErrLong     = fault.New(fault.Conflict, "TICKET_FULL", "한 문의에 100번까지 쓸 수 있어요. 새 문의를 남겨 주세요.")
	ErrOwner    = fault.New(fault.Forbidden, "OWNER_ONLY", "가맹점 정보 변경은 점주만 요청할 수 있어요.")
	ErrChanged  = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
)

// ErrAbsent and ErrStale are what a Store returns: no such row, or its version is another.
var (
	ErrAbsent = errors.New("ticket: absent")
	ErrStale  = errors.New("ticket: stale")
)

// Tx is one transaction.
type Tx interface {
	audit.Writer
	outbox.Writer

	// Ticket as this transaction sees it, or ErrAbsent.
	Ticket(ctx context.Context, t merchant.Tenant, id string) (Ticket, error)
	// CountOpen of the merchant's.
	CountOpen(ctx context.Context, t merchant.Tenant) (int, error)
	InsertTicket(ctx context.Context, k Ticket) error
	// UpdateTicket where the version is k.Version-1, else ErrStale.
	UpdateTicket(ctx context.Context, k Ticket) error
	InsertTicketMessage(ctx context.Context, m Message) error
}

// Store is what this package asks of the database.
type Store interface {
	// TicketTx runs fn in one transaction, again when the engine asks for it.
	TicketTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Ticket, or ErrAbsent.
	Ticket(ctx context.Context, t merchant.Tenant, id string) (Ticket, error)
	// TicketMessages in the order in which they were written.
	TicketMessages(ctx context.Context, t merchant.Tenant, id string) ([]Message, error)
	// TicketsOf a merchant, or of one of its people where userID is not empty, newest
	// first, behind the one with the id before.
	TicketsOf(ctx context.Context, t merchant.Tenant, userID, before string, limit int) ([]Ticket, error)
	// CountUnreadTickets of those.
	CountUnreadTickets(ctx context.Context, t merchant.Tenant, userID string) (int, error)
	// Tickets of all merchants by status (empty: any), newest first.
	Tickets(ctx context.Context, status Status, before string, limit int) ([]Ticket, error)
	// Payment as in its own feature.
	Payment(ctx context.Context, t merchant.Tenant, id string) (payment.Payment, error)
}
