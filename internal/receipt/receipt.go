// Package receipt is the sales slip (매출전표) as data, with everything domain facts
// 2.7 ask for and nothing a buyer must not see: no expiry, no buyer's name, one
// mask for the card. Pages, e-mail and printers render it.
package receipt

import (
	"slices"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// Kind is which slip it is.
type Kind uint8

// The kinds of slips.
const (
	Sale       Kind = iota // 승인
	PartCancel             // part of the amount was taken back
	FullCancel             // all of it was
)

// Shop is the merchant as its receipts name it.
type Shop struct {
	Name           string
	BusinessNumber string // 000-00-00000
	OwnerName      string
	Address        string
	Phone          string // with hyphens
}

// Line is one thing that was sold.
type Line struct {
	Name      string
	UnitPrice money.Won
	Quantity  int64
	Discount  money.Won
	Total     money.Won
	TaxFree   bool
}

// Card is the card as it may be shown.
type Card struct {
	Number         string // first six, stars, last four
	Issuer         string
	Acquirer       string
	Type           string // CREDIT, CHECK, GIFT
	Months         int    // 0 is a lump sum
	InterestFree   bool
	ApprovalNumber string
	Entry          string // KEY_IN, SWIPE, ARS
}

// Cash is what was handed over for a cash sale.
type Cash struct {
	Received money.Won
	Change   money.Won // handed back
}

// Cancel is one taking back, with its own slip's fields.
type Cancel struct {
	ID         string
	Split      money.Split
	Reason     string
	Number     string
	At         time.Time // requested at, while Open
	Open       bool      // under way: its outcome is not known yet
	WholeAtOne bool      // it took all of the amount
	// Official is why a cash receipt was taken back (1 to 3); 0: Reason says it.
	Official int
}

// Receipt is the slip of one approved payment as it stands now, or a cash receipt by
// itself: then there is neither Card nor Cash, and Official is what it is of.
type Receipt struct {
	Kind       Kind
	Shop       Shop
	Card       Card
	Cash       *Cash     // of a cash sale; nil otherwise
	Official   *Official // nil when there is none
	OrderID    string
	OrderName  string
	Lines      []Line
	Split      money.Split // of the sale
	Canceled   money.Won   // taken back so far
	Remaining  money.Won   // Split.Amount less Canceled
	Cancels    []Cancel    // done or under way, oldest first
	ApprovedAt time.Time
	TerminalID string
	Signature  *Drawing // nil when none is stored
	// Simulated: the acquirer is a simulator; every rendering says so (reliability
	// rule 20).
	Simulated bool
}

// After is the receipt as it stood after one of its cancels, which is that cancel's own
// slip; false when it has no such cancel.
func (r Receipt) After(cancelID string) (Receipt, bool) {
	i := slices.IndexFunc(r.Cancels, func(c Cancel) bool { return c.ID == cancelID })
	if i < 0 || cancelID == "" {
		return r, false
	}
	r.Cancels, r.Canceled = r.Cancels[:i+1:i+1], 0
	for _, c := range r.Cancels {
		if !c.Open {
			r.Canceled += c.Split.Amount
		}
	}
	r.settle()
	return r, true
}

// Of is the receipt of p at its merchant. signature are the stored strokes, nil
// when there are none; ones that cannot be read are left out. It is meaningful only
// for a payment that was approved (payment.Status.Approved).
func Of(p payment.Payment, m merchant.Merchant, signature []byte, simulated bool) Receipt {
	r := Receipt{
		Shop: shopOf(m),
		Card: Card{
			Number: p.Card.Masked(), Issuer: p.Card.IssuerName, Acquirer: p.Card.AcquirerName, Type: p.Card.Type,
			Months: p.InstallmentMonths, InterestFree: p.InterestFree, ApprovalNumber: p.Card.ApprovalNumber, Entry: p.Card.Entry,
		},
		OrderID: p.OrderID, OrderName: p.OrderName, Split: p.Split, ApprovedAt: p.ApprovedAt, TerminalID: p.TerminalID, Simulated: simulated,
	}
	if p.Method == payment.ByCash {
		r.Cash = &Cash{Received: p.CashReceived, Change: p.CashReceived - p.Split.Amount}
	}
	for _, it := range p.Items {
		r.Lines = append(r.Lines, Line{
			Name: it.Name, UnitPrice: it.UnitPrice, Quantity: it.Quantity, Discount: it.Discount,
			Total: it.UnitPrice*money.Won(it.Quantity) - it.Discount, TaxFree: it.TaxFree,
		})
	}
	for _, c := range p.Cancels {
		r.addCancel(c)
	}
	r.settle()
	if s, err := DecodeSignature(signature); err == nil {
		d := s.Draw()
		r.Signature = &d
	}
	return r
}

func shopOf(m merchant.Merchant) Shop {
	return Shop{Name: m.Name, BusinessNumber: BusinessNumber(m.BusinessNumber), OwnerName: m.OwnerName, Address: m.Address, Phone: Phone(m.Phone)}
}

// settle makes what follows from how much was taken back.
func (r *Receipt) settle() {
	r.Remaining = r.Split.Amount - r.Canceled
	switch {
	case r.Canceled == 0:
		r.Kind = Sale
	case r.Remaining > 0:
		r.Kind = PartCancel
	default:
		r.Kind = FullCancel
	}
}

func (r *Receipt) addCancel(c payment.Cancel) {
	slip := Cancel{
		ID: c.ID, Split: c.Split, Reason: c.Reason, Number: c.CancelNumber, At: c.CanceledAt, WholeAtOne: c.Split.Amount == r.Split.Amount,
	}
	switch c.Status {
	case payment.CancelDone:
		r.Canceled += c.Split.Amount
	case payment.CancelInProgress, payment.CancelUnknown:
		slip.Open, slip.At = true, c.RequestedAt
	case payment.CancelFailed:
		return // it took nothing back
	}
	r.Cancels = append(r.Cancels, slip)
}

// BusinessNumber writes ten digits as 000-00-00000; anything else stays as it is.
func BusinessNumber(digits string) string {
	if len(digits) != 10 {
		return digits
	}
	return digits[:3] + "-" + digits[3:5] + "-" + digits[5:]
}

// Phone writes the digits of a Korean number with hyphens: 02 is the one area code
// of two digits, numbers of eight digits have none (15xx-xxxx).
func Phone(digits string) string {
	n := len(digits)
	switch {
	case n == 8:
		return digits[:4] + "-" + digits[4:]
	case n < 9 || n > 11:
		return digits
	case digits[:2] == "02":
		return "02-" + digits[2:n-4] + "-" + digits[n-4:]
	default:
		return digits[:3] + "-" + digits[3:n-4] + "-" + digits[n-4:]
	}
}
