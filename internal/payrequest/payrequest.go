// Package payrequest asks a buyer for a payment: by a link in a text, or by a number
// to call. A request is the delivery side of a payment that waits (rulings 1): the
// payment's own state decides what is paid, and claiming it is a conditional update in
// the transaction before a byte leaves. So one request is paid once, however many
// phones have it open.
package payrequest

import (
	"time"

	"innopay/internal/message"
	"innopay/internal/payment"
)

// Kind is the way in which the buyer pays.
type Kind string

// The kinds.
const (
	BySMS Kind = "SMS" // a link to a page
	ByARS Kind = "ARS" // a telephone line
)

// Status is what the merchant sees. It follows from payment and message; nothing
// stores it.
type Status string

// The states (contract).
const (
	Sending     Status = "SENDING"     // the text waits or is tried again
	Sent        Status = "SENT"        // a gateway has it
	Undelivered Status = "UNDELIVERED" // it did not arrive; the link can be copied
	InCall      Status = "IN_CALL"
	Paying      Status = "PAYING" // a message to the acquirer is or may be under way
	Paid        Status = "PAID"
	Failed      Status = "FAILED" // tries used up, or the outcome was reversed
	Expired     Status = "EXPIRED"
	Withdrawn   Status = "WITHDRAWN"
)

// CallStep is how far a buyer on the line has come.
type CallStep string

// The steps of a call.
const (
	CallGreeted CallStep = "CONNECTED" // found, and told what is to be paid
	CallCard    CallStep = "CARD"      // keys in the card
)

// Statuses lists every state, in the order people meet them.
var Statuses = []Status{Sending, Sent, Undelivered, InCall, Paying, Paid, Failed, Expired, Withdrawn}

// Request is one row.
type Request struct {
	MerchantID string
	ID         string
	Kind       Kind
	PaymentID  string
	Generation int       // of the link; rises when the number is corrected, so that the old link is dead
	TokenHash  string    // of the link's token (rulings 11)
	Code       string    // ARS: six digits, unique among open requests
	PhoneIndex string    // blind index of the buyer's number
	CallUntil  time.Time // ARS: somebody is on the line until then
	CallStep   CallStep
	MessageID  string // the text that told the buyer last
	Open       bool   // nobody has seen it end yet; what ends it is the payment
	ExpiresAt  time.Time
	DueAt      time.Time // when to look whether it has ended
	OpenedAt   time.Time // the page was seen by a person; telemetry only (rulings 22)
	CreatedAt  time.Time
	StaffID    string
	Version    int64
}

// View is a request with what it stands on.
type View struct {
	Request
	Payment payment.Payment
	Message message.Job // the text that told the buyer last
	Tries   int         // authorizations that were tried
	Status  Status
	URL     string // SMS: the buyer's page
}

// Payable reports whether a buyer may begin to pay now.
func (v View) Payable() bool {
	return v.Status == Sending || v.Status == Sent || v.Status == Undelivered || v.Status == InCall
}

// statusOf derives the state at the time now.
func statusOf(r Request, p payment.Payment, m message.Job, now time.Time) Status {
	switch p.Status {
	case payment.InProgress, payment.Unknown:
		return Paying
	case payment.Done, payment.PartialCanceled, payment.Canceled:
		return Paid
	case payment.Expired:
		return Expired
	case payment.Aborted:
		if p.Failure.Code == payment.CodeWithdrawn {
			return Withdrawn
		}
		return Failed
	case payment.Ready:
	}
	switch {
	case !now.Before(r.ExpiresAt):
		return Expired
	case now.Before(r.CallUntil):
		return InCall
	case m.Status == message.Queued || m.Status == "":
		return Sending
	case m.Status == message.Accepted || m.Status == message.Delivered:
		return Sent
	}
	return Undelivered
}
