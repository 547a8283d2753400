package dialogue

import (
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/internal/ars/speech"
	"innopay/money"
)

// Token names one playing, one timer, one question to the payment side. Tokens only
// rise, so that what comes late names something that is over, and is ignored.
type Token uint64

// Event is what happens to a call.
//
//sumtype:decl
type Event interface{ event() }

// The events.
type (
	// Started says that the call was answered. Answer is what the caller's number found;
	// its zero value asks for the code.
	Started struct{ Answer Answer }
	// Found answers Find.
	Found struct {
		Token  Token
		Answer Answer
	}
	// Pressed is one press of a key, however it came.
	Pressed struct{ Key Key }
	// Played says that a Play came to its end; one that was replaced or stopped has none.
	Played struct{ Token Token }
	// Elapsed says that a timer ran out.
	Elapsed struct{ Token Token }
	// Settled answers Pay.
	Settled struct {
		Token  Token
		Result Result
	}
	// HungUp says that the caller is gone.
	HungUp struct{}
	// Stopping says that the line cannot go on: the server stops, or what it needs failed.
	Stopping struct{}
)

func (Started) event()  {}
func (Found) event()    {}
func (Pressed) event()  {}
func (Played) event()   {}
func (Elapsed) event()  {}
func (Settled) event()  {}
func (HungUp) event()   {}
func (Stopping) event() {}

// Key is a key of a telephone: 0 to 9, * and #. Others are ignored. A key may be a digit
// of a card number, so it never prints.
type Key byte

// Format hides the key under every verb.
func (Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "key") }

// LogValue hides the key.
func (Key) LogValue() slog.Value { return slog.StringValue("key") }

// MarshalText refuses, and with it every encoder of events.
func (Key) MarshalText() ([]byte, error) { return nil, card.ErrSecret }

// Standing is how far a request can be paid.
type Standing uint8

// The standings.
const (
	Absent      Standing = iota // no request by that number or code
	Payable                     // the request waits for its payment
	Ended                       // paid, expired or withdrawn
	Busy                        // another call or the page of a link has it
	Barred                      // this caller tried too many codes (rulings 23)
	Unavailable                 // cannot be told now
)

// Answer is what is known of the request a caller means.
type Answer struct {
	Standing Standing
	Request  Request // when Payable
}

// Request is what must be known of a request to take its payment.
type Request struct {
	Amount   money.Won
	Shop     speech.Clip // the merchant's recorded name; empty when there is none
	Birth    bool        // the acquirer wants birth date or business number
	Password bool        // the acquirer wants the first two digits of the password
	Months   []int       // installments that are offered beside a lump sum; none: not asked
	Today    clock.Day   // a card that ran out before is refused at once; empty: the issuer decides
}

// Outcome is how an attempt to pay went.
type Outcome uint8

// The outcomes.
const (
	Unsure   Outcome = iota // being settled; neither success nor failure
	Approved                // paid
	Declined                // a definite no to this card
	Gone                    // not sent: the request was paid, withdrawn or ran out meanwhile
	Taken                   // not sent: another call or the page of a link is paying it
	Undoable                // not sent: the payment side cannot work now
	outcomes = iota         // how many there are
)

// String names the outcome for the log.
func (o Outcome) String() string {
	names := [outcomes]string{"UNSURE", "APPROVED", "DECLINED", "GONE", "TAKEN", "UNDOABLE"}
	if int(o) < len(names) {
		return names[o]
	}
	return "outcome " + strconv.Itoa(int(o))
}

// Result answers Pay.
type Result struct {
	Outcome        Outcome
	ApprovalNumber string // Approved: DE38
	Reason         string // Declined: failure code of the contract, e.g. CARD_DECLINED_LIMIT
	Final          bool   // Declined: the request takes no other card
}

// Action is what the glue must do, in the order in which they come.
//
//sumtype:decl
type Action interface{ action() }

// The actions.
type (
	// Enter tells the step, for the log and the seller's screen. While Secret is set
	// nothing of the call may be recorded or traced.
	Enter struct {
		Step   Step
		Secret bool
	}
	// Play replaces what is playing. Its end is told by Played.
	Play struct {
		Token Token
		Clips []speech.Clip
	}
	// Stop ends what is playing at the next packet: the caller pressed a key.
	Stop struct{}
	// SetTimer replaces the call's one timer. Its end is told by Elapsed.
	SetTimer struct {
		Token Token
		After time.Duration
	}
	// Find asks for the request of a code. The glue counts tries per number, answers with
	// Found, and wipes the code.
	Find struct {
		Token Token
		Code  card.Secret
	}
	// Pay hands the card over, once: the dialogue holds nothing of it any more, and who
	// gets it wipes it. The payment goes on whatever happens to the call. Call and token
	// together are its idempotency key. It is answered with Settled.
	Pay struct {
		Token  Token
		Card   acquirer.Card
		Months int // 0: lump sum
	}
	// TellByText says that the caller will not hear how the attempt of Token ends. When it
	// does, a text tells it; for an approval the receipt's text does.
	TellByText struct{ Token Token }
	// HangUp ends the call.
	HangUp struct{ Reason Reason }
)

func (Enter) action()      {}
func (Play) action()       {}
func (Stop) action()       {}
func (SetTimer) action()   {}
func (Find) action()       {}
func (Pay) action()        {}
func (TellByText) action() {}
func (HangUp) action()     {}

// Reason is why the line hung up; for the call log.
type Reason string

// The reasons.
const (
	Paid       Reason = "PAID"
	Refused    Reason = "DECLINED" // and no other card
	Canceled   Reason = "CANCELED" // the caller said no
	GaveUp     Reason = "TOO_MANY" // wrong or missing entries
	NotPayable Reason = "NOT_PAYABLE"
	Pending    Reason = "PENDING" // the outcome is told by text
	Failed     Reason = "FAILED"
)
