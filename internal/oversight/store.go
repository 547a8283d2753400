package oversight

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// Ref names one payment.
type Ref struct{ MerchantID, PaymentID string }

// Filter are the conditions of a list of payments; zero values do not filter. Days are by
// requestedAt, both included.
type Filter struct {
	Before     string // id of the last row of the page before
	MerchantID string
	From, To   clock.Day
	Statuses   []payment.Status
	Channels   []payment.Channel
	MinAmount  money.Won
	MaxAmount  money.Won
	CardLast4  string
	Refs       []Ref // only these; nil: all
}

// PaymentRow is one line of the list.
type PaymentRow struct {
	payment.Payment
	MerchantName string
}

// OpenFilter are the conditions of the unknown desk.
type OpenFilter struct {
	After      string // attempt id of the last row of the page before
	AfterSince time.Time
	MerchantID string
	Phase      payment.Phase
	Adapter    string
	Before     time.Time // open since before
}

// OpenRow is one open outcome.
type OpenRow struct {
	payment.Unsettled
	MerchantName string
	Adapter      string
	TerminalID   string
	Kind         payment.AttemptKind
	Amount       money.Won
	OrderName    string
	CardLast4    string
	Status       payment.Status
}

// ReceiptFilter are the conditions of the list of cash receipts.
type ReceiptFilter struct {
	Before     string // id of the last row of the page before
	Calm       bool   // the page before had passed those that need somebody
	MerchantID string
	From, To   clock.Day
	Statuses   []taxreceipt.Status
	Overdue    bool // only those that need somebody
	Text       string
	Now        time.Time
}

// ReceiptRow is one cash receipt.
type ReceiptRow struct {
	taxreceipt.Receipt // without its identifier and cancels
	MerchantName       string
	NeedsSomebody      bool
}

// RequestFilter are the conditions of the list of payment requests.
type RequestFilter struct {
	Before     string
	MerchantID string
	From, To   clock.Day
	Kind       payrequest.Kind
	Statuses   []payrequest.Status
	PhoneLast4 string
	Now        time.Time
}

// RequestRow is one payment request.
type RequestRow struct {
	MerchantID, MerchantName string
	ID                       string
}

// MessageFilter are the conditions of the list of deliveries.
type MessageFilter struct {
	Before     string
	MerchantID string
	From, To   clock.Day
	Statuses   []message.Status
	Gateway    string
	Purpose    message.Purpose
	PaymentID  string
	Mail       *bool
}

// MessageRow is one message.
type MessageRow struct {
	message.Job
	MerchantName string
}

// AuditFilter are the conditions of the audit.
type AuditFilter struct {
	Before     string
	MerchantID string
	From, To   clock.Day
	Actor      string
	Action     string // the action, or its beginning up to a dot
	Subject    string
}

// Chain is what a check of the audit chain found.
type Chain struct {
	From, To int64 // sequence numbers that were checked; To is From-1 when there were none
	Head     int64
	Checked  int64
	Faults   []ChainFault // the first MaxFaults
	More     bool         // the chain goes on behind To
}

// ChainFault is one broken link.
type ChainFault struct{ Code, Subject, Message string }

// MaxFaults bounds what one check reports.
const MaxFaults = 100

// Store is what the desk asks of the database. Lists are newest first.
type Store interface {
	Payments(ctx context.Context, f Filter, limit int) ([]PaymentRow, error)
	// Find gives the payments that a reference names, at most limit. What no index finds is
	// looked for in the days from..to.
	Find(ctx context.Context, r Reference, from, to clock.Day, limit int) ([]Ref, error)
	// Open outcomes, oldest first.
	Open(ctx context.Context, f OpenFilter, limit int) ([]OpenRow, error)
	// Volume adds up the payments that were begun on a day, of one merchant or, for the zero
	// tenant, of all.
	Volume(ctx context.Context, t merchant.Tenant, day clock.Day) ([]VolumeCell, error)
	Postings(ctx context.Context, t merchant.Tenant, entries []string) ([]ledger.Posting, error)
	Receipts(ctx context.Context, f ReceiptFilter, limit int) ([]ReceiptRow, error)
	Requests(ctx context.Context, f RequestFilter, limit int) ([]RequestRow, error)
	Messages(ctx context.Context, f MessageFilter, limit int) ([]MessageRow, error)
	Audit(ctx context.Context, f AuditFilter, limit int) ([]audit.Record, error)
	// AuditAround are the records of subjects of a merchant that were written in the
	// given times, oldest first.
	AuditAround(ctx context.Context, t merchant.Tenant, subjects []string, times []Period, limit int) ([]audit.Record, error)
	// CheckChain follows the chain from a sequence number on, over at most limit seals.
	CheckChain(ctx context.Context, from, limit int64, heads []audit.Seal) (Chain, error)
	Record(ctx context.Context, r audit.Record) error
	MerchantName(ctx context.Context, t merchant.Tenant) (string, error)
	// Hasten has the worker of cash receipts look at one now: false when nothing is to be
	// done about it, or a worker is at it.
	Hasten(ctx context.Context, t merchant.Tenant, receiptID string, now time.Time, r audit.Record) (bool, error)
}

// Period is a span of time.
type Period struct{ From, To time.Time }
