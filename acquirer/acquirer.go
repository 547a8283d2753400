// Package acquirer is the port to whoever approves cards: a VAN, a PG or an
// acquirer. An adapter implements Acquirer, and Canceler and Inquirer where the
// other side can; it passes the suite in acquirertest.
//
// Rules every adapter keeps:
//   - An answer is approved, declined or unknown, and unknown is the zero value.
//     Time-outs, broken frames, foreign or doubtful answers are unknown. Only a
//     connection that failed before the first byte was written may say NotSent.
//   - One Reference names one message for ever. A repeat carries the same
//     Reference and original data.
//   - Reversal, cancel and inquiry need no card number (Descriptor tells).
//   - Nothing of the card is logged or kept after the call returns.
//   - Methods are safe for concurrent use and return at the latest when ctx ends
//     or the Descriptor's time-outs have passed.
package acquirer

import (
	"context"
	"time"

	"innopay/card"
	"innopay/money"
	"innopay/setting"
)

// Outcome of an authorization. A switch over it must name all three.
type Outcome uint8

// The three outcomes.
const (
	Unknown  Outcome = iota // no right answer came: reverse or inquire, never "failed"
	Approved                // the issuer's yes, with its approval number
	Declined                // a definite no
)

// String is for logs and traces.
func (o Outcome) String() string { return [...]string{"UNKNOWN", "APPROVED", "DECLINED"}[o] }

// Reference is the identity of one message to an acquirer. It is durable before
// the message is sent.
type Reference struct {
	AttemptID     string    // ours, unique for ever
	TerminalID    string    // TID, ISO 8583 DE41
	STAN          int       // systems trace audit number, 1..999999, DE11; wraps
	TransmittedAt time.Time // DE7, whole seconds
}

// Merchant is the shop as the acquirer knows it.
type Merchant struct {
	ID             string // our id
	MID            string // merchant number at the acquirer, DE42
	BusinessNumber string
	Name           string
	MCC            string // DE18
}

// Entry is how the card came in.
type Entry string

// The entries.
const (
	KeyIn Entry = "KEY_IN" // typed by the seller or the buyer
	Swipe Entry = "SWIPE"  // magnetic stripe; a fallback by Korean law
	Phone Entry = "ARS"    // keyed on the telephone
)

// Card is the card data of one authorization. The caller wipes it afterwards.
type Card struct {
	Entry                 Entry
	PAN                   card.PAN
	Expiry                card.Expiry
	Track2                card.Secret // swipe only
	BirthOrBusinessNumber card.Secret // 6 or 10 digits, where the merchant's level asks
	PasswordTwoDigits     card.Secret
	FallbackReason        string // swipe: why not the chip
}

// Wipe clears everything secret.
func (c Card) Wipe() {
	c.PAN.Wipe()
	c.Expiry.Wipe()
	c.Track2.Wipe()
	c.BirthOrBusinessNumber.Wipe()
	c.PasswordTwoDigits.Wipe()
}

// Authorization asks for an approval.
type Authorization struct {
	Reference
	Merchant          Merchant
	Split             money.Split // Split.Amount is the amount
	InstallmentMonths int         // 0 = lump sum
	InterestFree      bool
	Card              Card
}

// Party is an issuer or an acquirer, by the codes developers in Korea know.
type Party struct{ Code, Name string }

// Answer to an authorization.
type Answer struct {
	Outcome        Outcome
	NotSent        bool   // with Unknown: proven that no byte left; nothing needs undoing
	Code           string // the other side's response code
	Message        string // its text, for people; holds no card data
	ApprovalNumber string // DE38; always set when Approved
	RRN            string // retrieval reference number, DE37
	Issuer         Party
	Acquirer       Party
	CardType       string // CREDIT, CHECK or GIFT
	FailureCode    string // Declined: one of the contract's codes, e.g. CARD_DECLINED_LIMIT
}

// Reversal (망취소) undoes an authorization whose outcome is unknown.
type Reversal struct {
	Reference
	Original Reference
	Merchant Merchant
	Amount   money.Won
	Repeat   bool // sent before under the same Reference
}

// ReversalResult is what a reversal did.
type ReversalResult uint8

// Results of a reversal.
const (
	ReversalUnknown ReversalResult = iota
	Reversed                       // undone now, or was already
	NoOriginal                     // the other side knows no such authorization: not final, it may be in flight
	ReversalRefused                // too late: captured, or past the window
)

// String is for logs and traces.
func (r ReversalResult) String() string {
	return [...]string{"UNKNOWN", "REVERSED", "NO_ORIGINAL", "REFUSED"}[r]
}

// ReversalAnswer answers a Reversal.
type ReversalAnswer struct {
	Result        ReversalResult
	Code, Message string
}

// CancelKind is the message a merchant's cancel becomes.
type CancelKind string

// The kinds.
const (
	Void   CancelKind = "VOID"   // 승인취소: whole amount, before capture
	Refund CancelKind = "REFUND" // 매입취소: after capture, or a part
)

// Cancellation takes back an approved amount, or a part of it.
type Cancellation struct {
	Reference
	Kind           CancelKind
	Original       Reference
	OriginalAmount money.Won
	ApprovalNumber string // of the original
	RRN            string // of the original
	Merchant       Merchant
	Split          money.Split // of this cancel
	Repeat         bool
	Card           Card // only where Descriptor.CancelNeeds is NeedsCard
}

// CancelResult is what a cancel did.
type CancelResult uint8

// Results of a cancel.
const (
	CancelUnknown         CancelResult = iota
	CancelDone                         // done now, or the same cancel was done before
	CancelAlreadyCaptured              // a void came too late: send a refund instead
	CancelRefused                      // a definite no
)

// String is for logs and traces.
func (r CancelResult) String() string {
	return [...]string{"UNKNOWN", "DONE", "ALREADY_CAPTURED", "REFUSED"}[r]
}

// CancelAnswer answers a Cancellation.
type CancelAnswer struct {
	Result        CancelResult
	NotSent       bool // with CancelUnknown: proven that no byte left
	Code, Message string
	CancelNumber  string
}

// Inquiry (거래조회) asks what became of a message.
type Inquiry struct {
	Reference
	Subject  Reference
	Merchant Merchant
	Amount   money.Won
}

// InquiryResult is what became of the message asked about.
type InquiryResult uint8

// Results of an inquiry.
const (
	InquiryUnknown  InquiryResult = iota
	InquiryAbsent                 // never arrived, as far as the other side knows now
	InquiryApproved               // acted on: approved, or the cancel was done
	InquiryDeclined               // refused
	InquiryReversed               // approved once, reversed or cancelled since
)

// String is for logs and traces.
func (r InquiryResult) String() string {
	return [...]string{"UNKNOWN", "ABSENT", "APPROVED", "DECLINED", "REVERSED"}[r]
}

// InquiryAnswer answers an Inquiry. Answer carries what the original answer would have.
type InquiryAnswer struct {
	Result   InquiryResult
	Captured bool
	Answer   Answer
}

// Acquirer is the port. See the package comment for its rules.
type Acquirer interface {
	Describe() Descriptor
	Authorize(ctx context.Context, a Authorization) Answer
	Reverse(ctx context.Context, r Reversal) ReversalAnswer
}

// Canceler is an Acquirer that can cancel.
type Canceler interface {
	Cancel(ctx context.Context, c Cancellation) CancelAnswer
}

// Inquirer is an Acquirer that can be asked.
type Inquirer interface {
	Inquire(ctx context.Context, i Inquiry) InquiryAnswer
}

// LateObserver is an Acquirer that reports answers nobody waited for any more.
// They are evidence only and never change an outcome.
type LateObserver interface {
	// OnLate sets the one function called for a late answer, with the attempt's id.
	// It must be called before the first message.
	OnLate(func(attemptID string, a Answer))
}

// Prober is an Acquirer whose connection can be tried.
type Prober interface {
	// Probe sends a real message that moves nothing and waits for its answer, no longer
	// than the adapter's time-outs and ctx.
	Probe(ctx context.Context) setting.Probe
}

// Closer is an Acquirer that holds connections.
type Closer interface {
	// Close ends them; messages in flight become unknown.
	Close() error
}
