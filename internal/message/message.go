// Package message is what the installation tells people by text and mail: what is
// told, by which gateway and from which number, whether it arrived, and how much may
// be sent. A message is a row from the first moment, written in the transaction of
// what it tells of; workers deliver it under a lease, at least once, and every repeat
// carries the row's id. The words are made at delivery from ids, so that no link and
// no name stands in a row.
package message

import (
	"time"

	"innopay/messenger"
)

// Purpose is what a message is for.
type Purpose string

// The purposes.
const (
	Request    Purpose = "REQUEST"     // asks the buyer to pay
	Paid       Purpose = "PAID"        // tells the buyer that it is paid, with the receipt
	Canceled   Purpose = "CANCELED"    // tells the buyer of a cancel
	Reversed   Purpose = "REVERSED"    // tells the buyer that an unclear approval was undone (승인 취소됨)
	Declined   Purpose = "DECLINED"    // tells the buyer of a refused card who did not stay on the line
	SellerPaid Purpose = "SELLER_PAID" // tells the seller that a request was paid
	// Receipt gives the buyer the receipt, because somebody asked for it; one for each
	// language, for an AlimTalk is approved in one.
	Receipt        Purpose = "RECEIPT"
	ReceiptEnglish Purpose = "RECEIPT_EN"
	PhoneCode      Purpose = "PHONE_CODE"      // proves the phone of somebody who registers
	StaffApproved  Purpose = "STAFF_APPROVED"  // tells somebody who registered that the owner let them in
	StaffRefused   Purpose = "STAFF_REFUSED"   // or did not
	Activation     Purpose = "ACTIVATION"      // brings the link with which a new owner or operator begins
	ActivationCode Purpose = "ACTIVATION_CODE" // proves who opened that link
	// What tells people of their own login, by mail alone.
	Security      Purpose = "SECURITY"       // what happened to it
	MailCode      Purpose = "MAIL_CODE"      // proves that a mail is theirs
	PasswordReset Purpose = "PASSWORD_RESET" // a link with which they set a new password
	WebhookOff    Purpose = "WEBHOOK_OFF"    // tells an owner, by mail alone, that a webhook was turned off
)

// Purposes are those that may go by text, so that an AlimTalk may be approved for them.
func Purposes() []Purpose {
	return []Purpose{Request, Paid, Canceled, Reversed, Declined, SellerPaid, Receipt, ReceiptEnglish, PhoneCode, StaffApproved, StaffRefused, Activation, ActivationCode}
}

// Status is how far a message has come.
type Status string

// The states.
const (
	Queued      Status = "QUEUED"      // waits, or is tried again
	Accepted    Status = "ACCEPTED"    // a gateway has it
	Delivered   Status = "DELIVERED"   // reported as arrived
	Undelivered Status = "UNDELIVERED" // reported as never arriving, or given up
	Rejected    Status = "REJECTED"    // no gateway will take it
	Dropped     Status = "DROPPED"     // no longer true before it was sent
)

// Final reports whether nothing will change the status any more.
func (s Status) Final() bool { return s != Queued && s != Accepted }

// Job is one message to one recipient.
type Job struct {
	MerchantID string
	ID         string
	Purpose    Purpose
	Mail       bool   // by mail; else by text
	RequestID  string // what it tells of, as far as it does: also a registration, or an id that was given out
	PaymentID  string
	CancelID   string
	ReceiptID  string // cash receipt
	Subject    string // where it tells of no payment: user, device, link or mail
	Generation int    // of the link it tells
	To         string // number or address; stored encrypted
	Kind       messenger.Kind
	Sender     string // number it goes out from
	Gateway    string // adapter that took it
	Status     Status
	Tries      int // since it last changed its kind
	Asks       int // how often the gateway was asked for a report
	DueAt      time.Time
	Reference  string // the gateway's
	Code       string
	Reason     string
	CreatedAt  time.Time
	AcceptedAt time.Time
	SettledAt  time.Time
	LeaseOwner string
	LeaseUntil time.Time
	Version    int64
}
