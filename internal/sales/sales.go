// Package sales tells a merchant what was sold: by day, method, hour, product, staff and
// card company, what a day comes to when it is closed (일마감), and what is to be paid
// out for it.
//
// The ledger decides. A sale belongs to the business day on which its money was booked
// (the approval, not the request), a cancel to its own day, and every figure here is a
// sum of postings to SALES: plus what was sold, less what was taken back. The ledger
// only grows and books on the present day, so a day that is over never changes, and its
// totals are kept (Roller).
package sales

import (
	"cmp"
	"slices"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/money"
)

// Dimension is what a report groups by.
type Dimension string

// The dimensions whose totals are kept.
const (
	ByDay     Dimension = "DAY"
	ByMethod  Dimension = "METHOD"  // channels: CARD, SMS, ARS, CASH
	ByHour    Dimension = "HOUR"    // 00..23 in Seoul, by the moment it was booked
	ByProduct Dimension = "PRODUCT" // lines of a sale
	ByStaff   Dimension = "STAFF"   // who took the payment; its cancels too
	ByIssuer  Dimension = "ISSUER"  // card company; cash has none
	byFee     Dimension = "FEE"     // what fees are agreed for: channel, card company and type of card
)

// Dimensions lists them.
var Dimensions = []Dimension{ByDay, ByMethod, ByHour, ByProduct, ByStaff, ByIssuer, byFee}

// Values of ByProduct that are no product.
const (
	NoProduct  = "#AMOUNT"      // sold by the amount alone
	ServiceFee = "#SERVICE_FEE" // of sales with lines
	PartCancel = "#PART_CANCEL" // cancels of a part name a sum and no goods
)

// Move is one entry of the ledger: a sale or a cancel.
type Move struct {
	Day        clock.Day
	At         time.Time
	Cancel     bool
	Posted     money.Won   // what the ledger says, never negative
	Split      money.Split // of the sale or cancel; its amount is Posted
	Whole      bool        // a cancel of everything the payment was
	Channel    payment.Channel
	IssuerCode string
	IssuerName string
	CardType   string
	StaffID    string
	Items      []payment.Item
}

// Sum is what moved. Net is Sold less Canceled.
type Sum struct {
	Count         int64
	Sold          money.Split
	CanceledCount int64
	Canceled      money.Split
	Quantity      int64 // of products: pieces sold less those taken back
}

// Net is what remains, part by part; negative where more was taken back than sold.
func (s Sum) Net() money.Split { return s.Sold.Minus(s.Canceled) }

// Plus adds.
func (s Sum) Plus(o Sum) Sum {
	return Sum{
		Count: s.Count + o.Count, Sold: s.Sold.Plus(o.Sold), CanceledCount: s.CanceledCount + o.CanceledCount,
		Canceled: s.Canceled.Plus(o.Canceled), Quantity: s.Quantity + o.Quantity,
	}
}

// Minus takes away.
func (s Sum) Minus(o Sum) Sum {
	return Sum{
		Count: s.Count - o.Count, Sold: s.Sold.Minus(o.Sold), CanceledCount: s.CanceledCount - o.CanceledCount,
		Canceled: s.Canceled.Minus(o.Canceled), Quantity: s.Quantity - o.Quantity,
	}
}

// Line is the sum of one value of a dimension.
type Line struct {
	Dimension Dimension
	Day       clock.Day // of kept totals; empty when days were added up
	Value     string
	Label     string // for people, where the value is no word of its own
	Sum
}

// Book adds up the moves of one day, or of several, by every dimension. It is used by
// one goroutine.
type Book struct {
	lines map[Dimension]map[string]*Line
	all   Sum
}

// NewBook returns an empty book.
func NewBook() *Book { return &Book{lines: map[Dimension]map[string]*Line{}} }

// Total is the sum of all moves.
func (b *Book) Total() Sum { return b.all }

// Add takes one move.
func (b *Book) Add(m Move) {
	s := one(m)
	b.all = b.all.Plus(s)
	b.put(ByDay, string(m.Day), "", s)
	b.put(ByMethod, string(m.Channel), "", s)
	b.put(ByHour, m.At.In(clock.Seoul).Format("15"), "", s)
	b.put(ByStaff, m.StaffID, "", s)
	if m.Channel != payment.ChannelCash {
		b.put(ByIssuer, m.IssuerCode, m.IssuerName, s)
		b.put(byFee, string(m.Channel)+"/"+m.IssuerCode+"/"+m.CardType, m.IssuerName, s)
	}
	b.goods(m, s)
}

// one is a single move as a sum.
func one(m Move) Sum {
	if m.Cancel {
		return Sum{CanceledCount: 1, Canceled: m.Split}
	}
	return Sum{Count: 1, Sold: m.Split}
}

func (b *Book) put(d Dimension, value, label string, s Sum) {
	lines := b.lines[d]
	if lines == nil {
		lines = map[string]*Line{}
		b.lines[d] = lines
	}
	l := lines[value]
	if l == nil {
		l = &Line{Dimension: d, Value: value}
		lines[value] = l
	}
	if label != "" {
		l.Label = label
	}
	l.Sum = l.Plus(s)
}

// goods divides a move among what was sold. Of lines only amounts are known, so their
// parts (VAT and the like) stay empty: those are of the sale as a whole.
func (b *Book) goods(m Move, s Sum) {
	switch {
	case m.Cancel && !m.Whole:
		b.put(ByProduct, PartCancel, "", amountOnly(s))
		return
	case len(m.Items) == 0:
		b.put(ByProduct, NoProduct, "", amountOnly(s))
		return
	}
	rest := m.Split.Amount
	for _, it := range m.Items {
		amount := it.UnitPrice*money.Won(it.Quantity) - it.Discount
		rest -= amount
		value := it.ProductID
		if value == "" {
			value = it.Name
		}
		b.put(ByProduct, value, it.Name, share(m.Cancel, amount, it.Quantity))
	}
	if rest != 0 {
		b.put(ByProduct, ServiceFee, "", share(m.Cancel, rest, 0))
	}
}

func amountOnly(s Sum) Sum {
	s.Sold, s.Canceled = money.Split{Amount: s.Sold.Amount}, money.Split{Amount: s.Canceled.Amount}
	return s
}

func share(cancel bool, amount money.Won, quantity int64) Sum {
	if cancel {
		return Sum{CanceledCount: 1, Canceled: money.Split{Amount: amount}, Quantity: -quantity}
	}
	return Sum{Count: 1, Sold: money.Split{Amount: amount}, Quantity: quantity}
}

// Lines are the sums of one dimension, in order of their values.
func (b *Book) Lines(d Dimension) []Line {
	out := make([]Line, 0, len(b.lines[d]))
	for _, l := range b.lines[d] {
		out = append(out, *l)
	}
	slices.SortFunc(out, func(x, y Line) int { return cmp.Compare(x.Value, y.Value) })
	return out
}

// merge adds kept totals.
func (b *Book) merge(ls []Line) {
	for _, l := range ls {
		b.put(l.Dimension, l.Value, l.Label, l.Sum)
	}
}
