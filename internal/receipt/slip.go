package receipt

import (
	"fmt"
	"strconv"
	"time"

	"innopay/clock"
	"innopay/money"
)

// Slip is a receipt in words: what every rendering of it shows, in this order. So page,
// mail, print and picture cannot differ in what they say.
type Slip struct {
	Language
	Kind      Kind
	At        time.Time // of the sale; documents are dated by it
	Simulated string    // says that it is no real sale; empty when it is one
	Shop      string
	Title     string
	Copy      string
	Reprint   string // says that it was printed before; empty on an original
	Figure    string // the amount without its unit
	Amount    string // with it
	Stamp     string // over a slip that was cancelled; empty otherwise
	Sections  []Section
	Signed    string // heading of the signature; empty where none is due
	Signature *Drawing
	Unsigned  string // stands in its place
	Note      string
}

// Section is a group of rows under a heading.
type Section struct {
	Title  string // may be empty
	Notice string // a sentence before the rows
	Group  Group
	Rows   []Row
}

// Group is what a section holds.
type Group uint8

// The groups.
const (
	Facts  Group = iota // what and who
	Goods               // what was sold
	Sums                // how the amount is made up
	Taking              // one cancel
)

// Row is a label and what belongs to it.
type Row struct {
	Label string
	Note  string // beneath the label, smaller
	Mark  string // behind the label, smaller
	Value string
	Long  bool // Value may be broken anywhere
	Total bool
	Back  bool // money that went back
}

// In is the receipt in a language. What is not known has no row.
func (r Receipt) In(l Language) Slip {
	s := Slip{
		Language: l, Kind: r.Kind, At: r.ApprovedAt, Shop: r.Shop.Name, Title: l.Say(r.titleKey()), Copy: l.Say("copy"),
		Figure: r.Split.Amount.Grouped(), Amount: l.Won(r.Split.Amount), Note: l.Say("note"),
	}
	switch r.medium() {
	case byCard:
		s.Signed, s.Signature, s.Unsigned = l.Say("signature"), r.Signature, l.Say("noSignature")
	case byCash:
		s.Note = l.Say("noteCash")
	case byOffice:
		s.Note = l.Say("noteOfficial")
	}
	if r.Simulated {
		s.Simulated = l.Say("simulated")
	}
	switch r.Kind {
	case Sale:
	case PartCancel:
		s.Stamp = l.Say("stampPart")
	case FullCancel:
		s.Stamp = l.Say("stampFull")
	}
	s.add(Section{Rows: r.facts(l)})
	if o := r.Official; o != nil {
		s.add(o.section(l))
	}
	s.add(Section{Title: l.Say("items"), Group: Goods, Rows: r.goods(l)})
	s.add(Section{Group: Sums, Rows: r.sums(l)})
	for _, c := range r.Cancels {
		s.add(r.taking(l, c))
	}
	s.add(Section{Title: l.Say("shop"), Rows: []Row{
		{Label: l.Say("shopName"), Value: r.Shop.Name}, {Label: l.Say("businessNo"), Value: r.Shop.BusinessNumber},
		{Label: l.Say("owner"), Value: r.Shop.OwnerName}, {Label: l.Say("address"), Value: r.Shop.Address},
		{Label: l.Say("phone"), Value: r.Shop.Phone}, {Label: l.Say("terminal"), Value: r.TerminalID},
	}})
	return s
}

// add leaves out what has nothing to say.
func (s *Slip) add(one Section) {
	var rows []Row
	for _, row := range one.Rows {
		if row.Value != "" {
			rows = append(rows, row)
		}
	}
	if one.Rows = rows; len(rows) > 0 {
		s.Sections = append(s.Sections, one)
	}
}

// medium is which of the three papers a receipt is.
type medium uint8

const (
	byCard   medium = iota // card sales slip
	byCash                 // receipt of a cash sale
	byOffice               // a cash receipt by itself
)

func (r Receipt) medium() medium {
	switch {
	case r.Cash != nil:
		return byCash
	case r.Official != nil:
		return byOffice
	default:
		return byCard
	}
}

// words are the phrases that differ from paper to paper, by Kind.
type words struct {
	title, deal [3]string
	at          string
}

var wordsOf = [3]words{
	byCard:   {[3]string{"slip", "slipPart", "slipFull"}, [3]string{"approval", "partCanceled", "canceled"}, "approvedAt"},
	byCash:   {[3]string{"cash", "cashPart", "cashFull"}, [3]string{"cashSale", "cashSalePart", "cashSaleCanceled"}, "paidAt"},
	byOffice: {[3]string{"official", "officialPart", "officialFull"}, [3]string{"cashSale", "cashSalePart", "cashSaleCanceled"}, "paidAt"},
}

func (r Receipt) titleKey() string { return wordsOf[r.medium()].title[r.Kind] }

func (r Receipt) facts(l Language) []Row {
	w := wordsOf[r.medium()]
	rows := []Row{{Label: l.Say("kind"), Value: l.Say(w.deal[r.Kind])}, {Label: l.Say(w.at), Value: moment(r.ApprovedAt)}}
	switch c := r.Card; {
	case r.Cash != nil:
		rows = append(rows, Row{Label: l.Say("received"), Value: l.Won(r.Cash.Received)}, Row{Label: l.Say("change"), Value: l.Won(r.Cash.Change)})
	case c.Number != "":
		rows = append(rows,
			Row{Label: l.Say("approvalNo"), Value: c.ApprovalNumber}, Row{Label: l.Say("issuer"), Value: c.Issuer},
			Row{Label: l.Say("acquirer"), Value: c.Acquirer}, Row{Label: l.Say("cardNumber"), Value: c.Number},
			Row{Label: l.Say("cardType"), Value: l.Say(c.Type)}, Row{Label: l.Say("installment"), Value: l.Plan(c)},
			Row{Label: l.Say("entry"), Value: l.Say(c.Entry)},
		)
	}
	return append(rows, Row{Label: l.Say("orderNo"), Value: r.OrderID, Long: true}, Row{Label: l.Say("product"), Value: r.OrderName})
}

func (o Official) section(l Language) Section {
	s := Section{Title: l.Say("official"), Rows: []Row{
		{Label: l.Say("purpose"), Value: l.Say(o.Purpose)}, {Label: l.Say("identifier"), Value: o.Identifier},
		{Label: l.Say("officialNo"), Value: o.Number}, {Label: l.Say("officialAt"), Value: moment(o.At)},
	}}
	switch o.State {
	case Waiting:
		s.Notice = l.Say("officialWaits")
	case TakenBack:
		s.Notice = l.Say("officialBack")
	case Stands:
		s.Rows = append(s.Rows, Row{Label: l.Say("officialFor"), Value: l.Won(o.Balance)})
	}
	return s
}

func (r Receipt) goods(l Language) []Row {
	var rows []Row
	for _, line := range r.Lines {
		row := Row{Label: line.Name, Note: fmt.Sprintf("%s × %d", line.UnitPrice.Grouped(), line.Quantity), Value: line.Total.Grouped()}
		if line.TaxFree {
			row.Mark = "(" + l.Say("taxFreeMark") + ")"
		}
		if line.Discount != 0 {
			row.Note += " · " + l.Say("discount") + " " + (-line.Discount).Grouped()
		}
		rows = append(rows, row)
	}
	return rows
}

func (r Receipt) sums(l Language) []Row {
	rows := []Row{
		{Label: l.Say("supplied"), Value: l.Won(r.Split.Supplied)}, {Label: l.Say("vat"), Value: l.Won(r.Split.VAT)},
		{Label: l.Say("taxFree"), Value: l.Won(r.Split.TaxFree)}, {Label: l.Say("serviceFee"), Value: l.Won(r.Split.ServiceFee)},
		{Label: l.Say("total"), Value: l.Won(r.Split.Amount), Total: true},
	}
	if r.Canceled != 0 {
		rows = append(rows,
			Row{Label: l.Say("canceledSum"), Value: "-" + l.Won(r.Canceled), Back: true},
			Row{Label: l.Say("remaining"), Value: l.Won(r.Remaining), Total: true},
		)
	}
	return rows
}

func (r Receipt) taking(l Language, c Cancel) Section {
	minus := func(w money.Won) string {
		if w == 0 {
			return ""
		}
		return "-" + l.Won(w)
	}
	s := Section{Title: l.Say("cancelSlip"), Group: Taking, Rows: []Row{
		{Label: l.Say("cancelAmount"), Value: minus(c.Split.Amount), Back: true},
		{Label: l.Say("supplied") + " / " + l.Say("vat"), Value: "-" + c.Split.Supplied.Grouped() + " / -" + c.Split.VAT.Grouped()},
		{Label: l.Say("taxFree"), Value: minus(c.Split.TaxFree)}, {Label: l.Say("serviceFee"), Value: minus(c.Split.ServiceFee)},
		{Label: l.Say("cancelAt"), Value: moment(c.At)}, {Label: l.Say("cancelNo"), Value: c.Number}, {Label: l.Say("reason"), Value: c.why(l)},
		{Label: l.Say("originalNo"), Value: r.number()}, {Label: l.Say("originalAt"), Value: moment(r.ApprovedAt)},
	}}
	if c.Open {
		s.Notice = l.Say("cancelOpen")
	}
	return s
}

// why is the reason in words: what the seller wrote, or what the office's number means.
func (c Cancel) why(l Language) string {
	if c.Official == 0 {
		return c.Reason
	}
	return l.Say("officialReason" + strconv.Itoa(c.Official))
}

// number is what the original is known by; a cash sale has none of its own.
func (r Receipt) number() string {
	if r.medium() == byOffice {
		return r.Official.Number
	}
	return r.Card.ApprovalNumber
}

// moment is a time as slips print it.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Seoul).Format("2006-01-02 15:04:05")
}
