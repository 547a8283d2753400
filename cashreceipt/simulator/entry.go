package simulator

import (
	"strings"
	"time"

	"innopay/clock"
	"innopay/money"
)

// Verdict is how long after the issue the tax service judges, unless Options says
// otherwise.
const Verdict = 2 * time.Second

// What an entry tells of.
const (
	TypeIssue   = "ISSUE"
	TypeCancel  = "CANCEL"
	TypeVerdict = "VERDICT"
)

// What was done.
const (
	ResultIssued    = "ISSUED"
	ResultRefused   = "REFUSED"
	ResultAlready   = "ALREADY" // the id had this receipt before; nothing was done
	ResultConfirmed = "CONFIRMED"
	ResultRejected  = "REJECTED"
)

// Entry is one line of the journal.
type Entry struct {
	Seq            int64     `json:"seq"`
	At             time.Time `json:"at"`
	Type           string    `json:"type"`
	ID             string    `json:"id"` // mgtKey, the sender's own
	Number         string    `json:"number,omitempty"`
	OriginalNumber string    `json:"originalNumber,omitempty"`
	Day            clock.Day `json:"day"`
	BusinessNumber string    `json:"businessNumber"`
	Kind           string    `json:"kind,omitempty"`
	Identifier     string    `json:"identifier,omitempty"` // masked
	Amount         money.Won `json:"amount"`
	Result         string    `json:"result"`
	Code           string    `json:"code,omitempty"` // why it was refused or rejected
	Answered       bool      `json:"answered"`       // a right answer left
	Repeat         bool      `json:"repeat"`         // the id was seen before
}

// amounts of a receipt as the wire has them.
type amounts struct {
	Supply money.Won `json:"supply"`
	Tax    money.Won `json:"tax"`
	Fee    money.Won `json:"fee"`
	Total  money.Won `json:"total"`
}

func (a amounts) plus(b amounts) amounts {
	return amounts{a.Supply + b.Supply, a.Tax + b.Tax, a.Fee + b.Fee, a.Total + b.Total}
}

func (a amounts) within(b amounts) bool {
	return a.Supply <= b.Supply && a.Tax <= b.Tax && a.Fee <= b.Fee && a.Total <= b.Total
}

// document is a receipt with what the wire is asked for later.
type document struct {
	ItemKey   string    `json:"itemKey"`
	Key       string    `json:"key"`
	Corp      string    `json:"corp"`
	TradeType string    `json:"tradeType"`
	Usage     string    `json:"usage"`
	Opt       string    `json:"opt"`
	Taxation  string    `json:"taxation"`
	TradeDT   string    `json:"tradeDT"`
	Identity  string    `json:"identity"` // masked
	Item      string    `json:"item,omitempty"`
	Order     string    `json:"order,omitempty"`
	Franchise franchise `json:"franchise"`
	Amounts   amounts   `json:"amounts"`
	Number    string    `json:"number"`
	Day       clock.Day `json:"day"`
	Issued    time.Time `json:"issued"`
	Due       time.Time `json:"due"`                // of the verdict
	Fate      string    `json:"fate"`               // the verdict's result
	Original  string    `json:"original,omitempty"` // number of what a cancel takes back
	OrgDay    clock.Day `json:"originalDay,omitempty"`
	Reason    int       `json:"cancelType,omitempty"`
	Part      bool      `json:"part,omitempty"`

	judged bool
}

type franchise struct {
	Name    string `json:"name,omitempty"`
	CEO     string `json:"ceo,omitempty"`
	Address string `json:"address,omitempty"`
	Phone   string `json:"phone,omitempty"`
}

// record is one line of the journal's file.
type record struct {
	Entry
	Document *document `json:"document,omitempty"` // of an issue or a cancel that was done
}

func (r record) valid() bool {
	done := r.Result == ResultIssued && r.Type != TypeVerdict
	return r.Seq > 0 && r.Type != "" && r.Result != "" && done == (r.Document != nil)
}

// mask hides the middle of an identifier.
func mask(s string) string {
	head, tail := 3, 4
	if len(s) >= 13 {
		head = 6
	}
	if len(s) <= head+tail {
		return strings.Repeat("*", len(s))
	}
	return s[:head] + strings.Repeat("*", len(s)-head-tail) + s[len(s)-tail:]
}
