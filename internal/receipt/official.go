package receipt

import (
	"time"

	"innopay/internal/merchant"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// Official is a cash receipt (현금영수증), as far as it has come.
type Official struct {
	Purpose    string // INCOME_DEDUCTION, EXPENSE_PROOF, SELF_ISSUED
	Identifier string // masked
	Number     string // empty until it is issued
	At         time.Time
	Balance    money.Won // what it stands for, after its cancels
	State      OfficialState
}

// OfficialState is how far a cash receipt has come, as buyers are told.
type OfficialState uint8

// The states of a cash receipt.
const (
	Waiting OfficialState = iota // being issued
	Stands
	TakenBack
)

// OfficialOf is r as buyers may see it.
func OfficialOf(r taxreceipt.Receipt) *Official {
	out := &Official{Purpose: string(r.Kind), Identifier: r.Masked, Number: r.Reference.Number, At: r.IssuedAt, Balance: r.Balance.Amount}
	switch r.Status {
	case taxreceipt.Issued, taxreceipt.Confirmed:
		out.State = Stands
	case taxreceipt.Canceled:
		out.State = TakenBack
	case taxreceipt.Requested, taxreceipt.Unknown, taxreceipt.Rejected:
		out.State = Waiting // one that was refused is the shop's to correct
	}
	return out
}

// Alone is the cash receipt r by itself, at its merchant: what is given to a buyer who
// has no other slip of us, or wants this one.
func Alone(r taxreceipt.Receipt, m merchant.Merchant, simulated bool) Receipt {
	out := Receipt{
		Shop: shopOf(m), Official: OfficialOf(r), OrderID: r.OrderID, OrderName: r.OrderName, Split: r.Split, ApprovedAt: r.DealAt, Simulated: simulated,
	}
	for _, c := range r.Cancels {
		part := Cancel{Split: c.Split, Number: c.Reference.Number, At: c.IssuedAt, WholeAtOne: c.Split.Amount == r.Split.Amount, Official: int(c.Reason)}
		switch c.Status {
		case taxreceipt.CancelIssued:
			out.Canceled += c.Split.Amount
		case taxreceipt.CancelRequested, taxreceipt.CancelUnknown:
			part.Open, part.At = true, c.CreatedAt
		case taxreceipt.CancelRefused, taxreceipt.CancelDropped:
			continue // it took nothing back
		}
		out.Cancels = append(out.Cancels, part)
	}
	out.settle()
	return out
}
