// Package taxreceipt is cash receipts (현금영수증): objects of their own beside the sales
// they are of. A receipt is a row from the first moment, written in the transaction of
// its sale; a worker has it issued under a lease, with an id of ours that every repeat
// bears, so that it is issued once. An unknown outcome is asked for with the same id
// and never counts as failed (reliability 3.4).
package taxreceipt

import (
	"strings"
	"time"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/money"
)

// Status is how far a receipt has come.
type Status string

// The states (contract).
const (
	Requested Status = "REQUESTED" // waits to be issued
	Unknown   Status = "UNKNOWN"   // sent, and no right answer came yet
	Issued    Status = "ISSUED"    // the office has it; the tax service has not judged
	Confirmed Status = "CONFIRMED" // 국세청 확인
	Rejected  Status = "REJECTED"  // refused: to be corrected and issued again
	Canceled  Status = "CANCELED"  // all of it taken back
)

// CancelStatus is how far the cancel of a receipt has come.
type CancelStatus string

// The states of a cancel.
const (
	CancelRequested CancelStatus = "REQUESTED"
	CancelUnknown   CancelStatus = "UNKNOWN"
	CancelIssued    CancelStatus = "ISSUED"
	CancelRefused   CancelStatus = "REFUSED"
	CancelDropped   CancelStatus = "DROPPED" // its receipt was never sent
)

// Receipt is one row, with its cancels.
type Receipt struct {
	MerchantID string
	ID         string
	PaymentID  string // empty: of a sale made elsewhere
	OrderID    string
	OrderName  string
	Kind       cashreceipt.Kind
	Identifier card.Secret // digits; stored encrypted
	Masked     string
	Split      money.Split
	Balance    money.Split // neither cancelled nor about to be
	Rounding   money.Rounding
	Status     Status
	Reference  cashreceipt.Reference
	DealAt     time.Time
	Attempt    int // rises when it is corrected and issued again: another receipt to the office
	Sends      int // of the present attempt
	SentAt     time.Time
	Office     string
	Code       string
	Message    string
	StaffID    string
	CreatedAt  time.Time
	IssuedAt   time.Time
	JudgedAt   time.Time
	DueAt      time.Time // zero: nothing to do
	LeaseOwner string
	LeaseUntil time.Time
	Version    int64

	LinkGeneration int // of the link for the buyer; rises when it is revoked

	Cancels []Cancel // oldest first
}

// Cancel takes a receipt back, whole or in part, by a receipt of its own.
type Cancel struct {
	MerchantID string
	ID         string
	ReceiptID  string
	Reason     cashreceipt.Reason
	Split      money.Split
	Status     CancelStatus
	Reference  cashreceipt.Reference
	Sends      int
	SentAt     time.Time
	Code       string
	Message    string
	CreatedAt  time.Time
	IssuedAt   time.Time
	Version    int64
	StaffID    string // who took it back; empty: the cancel of its sale did
}

// Open reports whether the cancel is still to be issued.
func (c Cancel) Open() bool { return c.Status == CancelRequested || c.Status == CancelUnknown }

// officeID is what the office knows a receipt by. A corrected one is another.
func (r Receipt) officeID() string {
	// An id of the same length and alphabet: offices bound both. The last character goes
	// on with every attempt, so that no two of a receipt are the same.
	last := len(r.ID) - 1
	at := strings.IndexByte(idAlphabet, r.ID[last])
	return r.ID[:last] + string(idAlphabet[(at+r.Attempt)%len(idAlphabet)])
}

// idAlphabet is that of our ids; maxAttempts keeps those of one receipt apart.
const (
	idAlphabet  = "0123456789abcdefghjkmnpqrstvwxyz"
	maxAttempts = len(idAlphabet) - 1
)

// Given reports whether there is a receipt that a buyer can use: the office issued it, and
// it was not refused.
func (r Receipt) Given() bool { return r.Reference.Number != "" && r.Status != Rejected }

// NeedsSomebody reports whether the receipt was refused, or should long have been issued
// or judged.
func (r Receipt) NeedsSomebody(now time.Time) bool {
	switch r.Status {
	case Rejected:
		return true
	case Requested, Unknown:
		return now.Sub(r.CreatedAt) > IssuedWithin
	case Issued:
		return now.Sub(r.IssuedAt) > JudgedWithin
	case Confirmed, Canceled:
	}
	return false
}

// sent reports whether the office may have the receipt.
func (r Receipt) sent() bool { return r.Sends > 0 }

// mask shows the last four of an identifier alone.
func mask(k cashreceipt.Kind, identifier string) string {
	if k == cashreceipt.SelfIssued {
		return "010-000-1234"
	}
	n := len(identifier)
	if n <= 4 {
		return strings.Repeat("*", n)
	}
	return strings.Repeat("*", n-4) + identifier[n-4:]
}

// dealDays is how long after the deal an office takes a receipt: today or yesterday.
const dealDays = 1

// dealAt is the time that the office is told: of the sale, or as near to it as the
// office takes.
func (r Receipt) dealAt(now time.Time) time.Time {
	first := clock.DayOf(now).Start().AddDate(0, 0, -dealDays)
	if r.DealAt.Before(first) {
		return first
	}
	return r.DealAt
}
