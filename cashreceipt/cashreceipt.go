// Package cashreceipt is the port to offices that issue cash receipts (현금영수증) for
// merchants and hand them to the National Tax Service. An issue is taken now and judged
// by the service one or two business days later. Every message carries an id of ours:
// a repeat with the same id is the same receipt, never a second one. Implementations are
// safe for concurrent use.
package cashreceipt

import (
	"context"
	"time"

	"innopay/card"
	"innopay/clock"
	"innopay/money"
	"innopay/setting"
)

// Kind is what a receipt is for.
type Kind string

// The kinds.
const (
	IncomeDeduction Kind = "INCOME_DEDUCTION" // 소득공제: a person, by phone or card
	ExpenseProof    Kind = "EXPENSE_PROOF"    // 지출증빙: a business, by its number, phone or card
	SelfIssued      Kind = "SELF_ISSUED"      // 자진발급: nobody named themselves
)

// SelfIssuedIdentifier stands in a receipt for nobody (domain facts 3).
const SelfIssuedIdentifier = "0100001234"

// Reason is why a receipt is cancelled (NTS).
type Reason int

// The reasons.
const (
	DealCanceled  Reason = 1 // 거래취소
	IssuedInError Reason = 2 // 오류발급
	OtherReason   Reason = 3 // 기타
)

// Merchant is who issues.
type Merchant struct {
	BusinessNumber string // ten digits
	Name           string
	OwnerName      string
	Address        string
	Phone          string
}

// Reference names a receipt of the office: its number is unique within its day.
type Reference struct {
	Number string    // 9 characters
	Day    clock.Day // of the deal
}

// Issue asks for a receipt.
type Issue struct {
	ID         string // ours; letters, digits, '-' and '_', at most 64; the same for every repeat
	Merchant   Merchant
	Kind       Kind
	Identifier card.Secret // digits; wiped by the caller
	DealAt     time.Time   // of the sale: today or yesterday
	Split      money.Split
	OrderID    string
	ItemName   string
	Repeat     bool // sent before, without an answer
}

// Cancel takes a receipt back, whole or in part. It is a receipt of its own, with its
// own number.
type Cancel struct {
	ID         string // ours, as of an Issue
	Merchant   Merchant
	Original   Reference
	Kind       Kind
	Identifier card.Secret
	DealAt     time.Time
	Split      money.Split // of what is taken back
	Whole      bool
	Reason     Reason
	OrderID    string
	ItemName   string
	Repeat     bool
}

// Outcome is what is known of a message.
type Outcome uint8

// The outcomes. Unknown is the zero value and never counts as failed.
const (
	Unknown Outcome = iota
	Issued          // the office took it and gave it a number
	Refused         // it never will be: Code and Message say why
	NotSent         // proven: no byte left
)

// String names the outcome in logs.
func (o Outcome) String() string {
	return [...]string{"UNKNOWN", "ISSUED", "REFUSED", "NOT_SENT"}[min(o, NotSent)]
}

// Answer is the outcome with what the office said.
type Answer struct {
	Outcome   Outcome
	Reference Reference // Issued only
	Code      string    // the office's own
	Message   string    // Korean, for people; never holds an identifier
}

// State is how far a receipt has come at the office.
type State uint8

// The states. Unheard is the zero value: nothing was learnt.
const (
	Unheard   State = iota
	Absent          // the office has no receipt of the id
	Waiting         // issued, the tax service has not judged yet
	Confirmed       // 국세청 확인
	Rejected        // the tax service refused it: Code and Message say why
)

// String names the state in logs.
func (s State) String() string {
	return [...]string{"UNHEARD", "ABSENT", "WAITING", "CONFIRMED", "REJECTED"}[min(s, Rejected)]
}

// Verdict is what the office knows of an id.
type Verdict struct {
	State     State
	Reference Reference
	Split     money.Split // as the office has it; the zero value when it does not tell
	Code      string
	Message   string
}

// Issuer is an office.
type Issuer interface {
	// Describe is constant.
	Describe() Descriptor
	// Issue and Cancel send one message and wait no longer than the adapter's time-outs.
	// A repeat of an id that is issued already answers Issued with its number.
	Issue(ctx context.Context, in Issue) Answer
	Cancel(ctx context.Context, in Cancel) Answer
	// Ask tells what the office knows of an id of ours.
	Ask(ctx context.Context, m Merchant, id string) Verdict
	// Close ends connections.
	Close() error
}

// Prober is an Issuer whose connection can be tried.
type Prober interface {
	// Probe sends a real message that moves nothing and waits for its answer, no longer
	// than the adapter's time-outs and ctx.
	Probe(ctx context.Context) setting.Probe
}

// Timeouts are an adapter's deadlines.
type Timeouts struct {
	Connect time.Duration
	Read    time.Duration
	// AbsentAfter: "never heard of it" counts only so long after the message was sent.
	AbsentAfter time.Duration
	// AskFrom and AskEvery: when a verdict may be there, and how often to ask then.
	AskFrom, AskEvery time.Duration
	Backoff           []time.Duration // waits before the 1st, 2nd .. repeat; the last one repeats
}

// Label is a text in both languages.
type Label = setting.Label

// Field is one value of an adapter's configuration.
type Field = setting.Field

// Config are an adapter's values by Field.Key.
type Config = setting.Config

// ErrConfig is returned by Open for a configuration that cannot work.
var ErrConfig = setting.ErrConfig

// Descriptor says what an office is and can do.
type Descriptor struct {
	Name          string
	Label         Label
	Simulated     bool // never beside a real acquirer, never in production
	Fields        setting.Fields
	Timeouts      Timeouts
	PartialCancel bool
}

// Adapter is how cmd/innopay/adapters.go lists an adapter: one line each.
type Adapter struct {
	Descriptor Descriptor
	// Open checks the configuration and returns the office. It does not connect.
	Open func(Config) (Issuer, error)
}
