// Package ledger is the double-entry book of what acquirers owe merchants.
// Entries are only added; their postings sum to zero. The entry of a movement
// bears the id of the attempt or cancel that moved the money, and the primary
// key (merchant, entry, account) makes posting it twice impossible. Accounts and
// events are written down in docs/ledger.md.
package ledger

import (
	"context"
	"time"

	"innopay/clock"
	"innopay/money"
)

// Account is one side of an entry.
type Account string

// The accounts of a merchant.
const (
	AcquirerReceivable Account = "ACQUIRER_RECEIVABLE" // what the acquirer owes for approved cards
	Cash               Account = "CASH"                // cash taken at the counter
	Sales              Account = "SALES"               // what was sold, VAT included; normally negative
)

// Event says why an entry was made.
type Event string

// The events.
const (
	Approval Event = "APPROVAL" // a card was approved
	Cancel   Event = "CANCEL"   // a void or refund was done
	Takings  Event = "TAKINGS"  // cash was taken
)

// Posting is one line of an entry.
type Posting struct {
	MerchantID string
	EntryID    string // id of the attempt or cancel that moved the money
	Account    Account
	PaymentID  string
	Event      Event
	Day        clock.Day
	Amount     money.Won // signed
	At         time.Time
}

// Entry returns the two postings that move amount from sales to the account.
func Entry(merchantID, entryID, paymentID string, e Event, to Account, amount money.Won, at time.Time) []Posting {
	p := Posting{MerchantID: merchantID, EntryID: entryID, PaymentID: paymentID, Event: e, Day: clock.DayOf(at), At: at}
	debit, credit := p, p
	debit.Account, debit.Amount = to, amount
	credit.Account, credit.Amount = Sales, -amount
	return []Posting{debit, credit}
}

// Poster adds postings in the caller's transaction. It refuses postings that do
// not sum to zero, and an entry that stands already.
type Poster interface {
	Post(ctx context.Context, ps []Posting) error
}

// Balanced reports whether the postings of every entry sum to zero.
func Balanced(ps []Posting) bool {
	sums := map[string]money.Won{}
	for _, p := range ps {
		sums[p.MerchantID+"/"+p.EntryID] += p.Amount
	}
	for _, s := range sums {
		if s != 0 {
			return false
		}
	}
	return true
}
