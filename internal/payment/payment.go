// Package payment is the payment core: state machine, approvals, cancels,
// reversals of unknown outcomes, idempotency and history.
//
// The ways through it are in ARCHITECTURE.md. The rules it never breaks
// (reliability promises P1..P5): the intent is durable before a byte is sent; no
// transaction is open across a call to the acquirer; outcomes are approved,
// declined or unknown, and unknown is never failed; state changes by conditional
// updates; every attempt without a final outcome has a row in unsettled.
package payment

import (
	"time"

	"innopay/money"
)

// Method is what is paid with.
type Method string

// The methods.
const (
	ByCard Method = "CARD"
	ByCash Method = "CASH"
)

// Channel is the way the payment came in.
type Channel string

// The channels.
const (
	ChannelCard Channel = "CARD" // the seller keys in or swipes
	ChannelSMS  Channel = "SMS"  // the buyer's page
	ChannelARS  Channel = "ARS"  // the buyer's telephone
	ChannelCash Channel = "CASH"
)

// AcquireStatus is how far the acquirer has taken the amount (as at Toss).
type AcquireStatus string

// The acquire statuses.
const (
	AcquireReady           AcquireStatus = "READY"
	AcquireRequested       AcquireStatus = "REQUESTED"
	AcquireCompleted       AcquireStatus = "COMPLETED"
	AcquireCancelRequested AcquireStatus = "CANCEL_REQUESTED"
	AcquireCanceled        AcquireStatus = "CANCELED"
)

// Item is one line of what was sold.
type Item struct {
	ProductID string    `json:"productId,omitempty"`
	Name      string    `json:"name"`
	UnitPrice money.Won `json:"unitPrice"`
	Quantity  int64     `json:"quantity"`
	Discount  money.Won `json:"discount,omitempty"`
	TaxFree   bool      `json:"taxFree,omitempty"`
}

// Buyer is the buyer as typed. It is stored encrypted (rulings 12).
type Buyer struct {
	Name  string
	Phone string // digits only
	Email string
}

// Card is what may be kept of a card.
type Card struct {
	BIN            string // first six digits
	Last4          string
	IssuerCode     string
	IssuerName     string
	AcquirerCode   string
	AcquirerName   string
	Type           string // CREDIT, CHECK, GIFT
	ApprovalNumber string
	Entry          string // KEY_IN, SWIPE, ARS
}

// Masked is the one form in which a card is shown.
func (c Card) Masked() string {
	if c.Last4 == "" {
		return ""
	}
	return c.BIN + "******" + c.Last4
}

// Failure is why a payment or cancel did not go through.
type Failure struct {
	Code    string // contract: CARD_DECLINED_LIMIT, REVERSED ..
	Message string // Korean, for people
}

// Payment is one row of the history, with its cancels. The merchant-visible state
// of a sale from the first moment on (rulings 1).
type Payment struct {
	MerchantID    string
	ID            string
	Method        Method
	Channel       Channel
	Status        Status
	AcquireStatus AcquireStatus
	OrderID       string
	OrderLive     bool // OrderID is taken: not declined, reversed, expired or withdrawn
	OrderName     string
	Split         money.Split    // the whole; never changes
	Balance       money.Split    // what is neither cancelled nor reserved by a cancel under way
	Rounding      money.Rounding // of the VAT, as it was at the time
	Items         []Item

	InstallmentMonths int
	InterestFree      bool
	Buyer             Buyer
	Card              Card
	CashReceived      money.Won      // from the buyer's hand; cash only
	CashReceipt       CashReceiptRef // as its feature tells; stored there, not here
	Failure           Failure
	Cancels           []Cancel

	StaffID          string // user or key that took it
	TerminalID       string
	AttemptID        string // the authorization attempt that decides
	RequestedAt      time.Time
	ApprovedAt       time.Time
	SignatureMissing bool
	LinkGeneration   int   // of the receipt link; rises when it is revoked
	Version          int64 // rises by one with every change
}

// CashReceiptRef is the cash receipt of a payment, as far as it has one.
type CashReceiptRef struct {
	ID     string
	Status string
}

// CancelStatus is the state of a cancel.
type CancelStatus string

// The states of a cancel.
const (
	CancelInProgress CancelStatus = "IN_PROGRESS"
	CancelDone       CancelStatus = "DONE"
	CancelFailed     CancelStatus = "FAILED"
	CancelUnknown    CancelStatus = "UNKNOWN"
)

// Cancel is a merchant's cancel of a payment, whole or in part, or the undoing of
// an unknown outcome by a worker (Settlement).
type Cancel struct {
	MerchantID   string
	ID           string
	PaymentID    string
	Kind         string // VOID or REFUND
	Status       CancelStatus
	Split        money.Split
	Reason       string
	RequestedAt  time.Time
	CanceledAt   time.Time
	CancelNumber string
	AttemptID    string
	StaffID      string
	Failure      Failure
}

// AttemptKind is the message an attempt is.
type AttemptKind string

// The kinds of messages.
const (
	Authorize AttemptKind = "AUTHORIZE"
	Reverse   AttemptKind = "REVERSE"
	Void      AttemptKind = "VOID"
	Refund    AttemptKind = "REFUND"
	Inquire   AttemptKind = "INQUIRE"
)

// AttemptStatus is what is known of a message.
type AttemptStatus string

// The states of an attempt.
const (
	AttemptSending  AttemptStatus = "SENDING"  // durable, perhaps sent
	AttemptApproved AttemptStatus = "APPROVED" // the other side did it
	AttemptDeclined AttemptStatus = "DECLINED" // the other side refused
	AttemptUnknown  AttemptStatus = "UNKNOWN"  // no right answer
	AttemptNotSent  AttemptStatus = "NOT_SENT" // proven: no byte left
	AttemptReversed AttemptStatus = "REVERSED" // undone after an unknown outcome
	AttemptAbsent   AttemptStatus = "ABSENT"   // proven: the other side never had it
)

// Attempt is one message (전문) to an acquirer, durable before it is sent. A repeat
// is the same attempt: same STAN, same original data, Sends counts them.
type Attempt struct {
	MerchantID     string
	ID             string
	PaymentID      string
	CancelID       string // of a VOID or REFUND
	Kind           AttemptKind
	Status         AttemptStatus
	OriginalID     string // attempt that a REVERSE, VOID, REFUND or INQUIRE speaks of
	TerminalID     string
	STAN           int
	TransmittedAt  time.Time // whole seconds
	Amount         money.Won
	Code           string // the other side's code and text
	Message        string
	ApprovalNumber string
	RRN            string
	Sends          int
	Late           string    // evidence: an answer that came too late, never acted on
	SettledAt      time.Time // final, or (unanswered, of a message that undoes another or of a repeat) given up
}

// Phase is what the settling worker does next with an unsettled attempt.
type Phase string

// The phases.
const (
	PhaseSending  Phase = "SENDING"  // a process is waiting for the answer until DueAt; then it counts as unknown
	PhaseReverse  Phase = "REVERSE"  // reverse until undone or proven absent
	PhaseUndo     Phase = "UNDO"     // too late to reverse: void or refund under an id derived from the attempt
	PhaseRepeat   Phase = "REPEAT"   // unknown cancel: inquire, then repeat the same cancel
	PhaseOperator Phase = "OPERATOR" // past every deadline: on the operator's list, with an alarm
)

// Unsettled is the job of an attempt whose outcome is not final. It is inserted
// in the transaction that makes the attempt and deleted in the one that settles
// it, so an attempt without a final outcome always has its job.
type Unsettled struct {
	MerchantID string
	AttemptID  string
	PaymentID  string
	CancelID   string // set when the attempt is a cancel's
	Phase      Phase
	DueAt      time.Time
	Tries      int
	Since      time.Time // of the intent; the message leaves at the latest answerMargin later
	Operation  string    // idempotency row whose final answer is still to freeze
	Key        string
	LeaseOwner string
	LeaseUntil time.Time
}

// KeysKept is how long an idempotency key answers with what it answered first
// (rulings 7). The payment's own reference is kept for ever.
const KeysKept = 15 * 24 * time.Hour

// Idempotency is the memory of one press of a button (rulings 7).
type Idempotency struct {
	MerchantID string
	Operation  string // create or cancel
	Key        string // as sent, 1..300 characters
	Hash       string // keyed hash of the canonical body
	HashKey    string // id of the key that made it
	PaymentID  string
	CancelID   string
	TraceID    string
	Status     int    // HTTP status of the frozen answer; 0 while not final
	Body       []byte // the frozen answer
	CreatedAt  time.Time
}

// Operations that take an idempotency key.
const (
	OperationCreate = "payment.create"
	OperationCancel = "payment.cancel"
	OperationClaim  = "payment.claim" // a buyer pays a request; the key is the form's or the call's
	OperationAsk    = "payment.ask"   // a merchant makes a request
)
