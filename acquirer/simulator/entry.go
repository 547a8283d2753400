package simulator

import (
	"time"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/clock"
	"innopay/money"
)

// Result is what a message did to the books.
type Result string

// The results.
const (
	Approved   Result = "APPROVED"    // done: approved, captured, voided, refunded, reversed; an inquiry found it so
	Declined   Result = "DECLINED"    // an authorization was refused; an inquiry found it so
	NoOriginal Result = "NO_ORIGINAL" // the message meant is not in the books
	Already    Result = "ALREADY"     // nothing was left to undo; an inquiry found it undone
	Refused    Result = "REFUSED"     // a reversal, void or refund was refused
)

// typeCapture is the one type of entry that no message makes.
const typeCapture = "CAPTURE"

// Entry is one line of the journal: the acquirer's own truth about one message or
// one capture.
type Entry struct {
	Seq               int64     `json:"seq"` // 1, 2, 3 .. without gaps
	At                time.Time `json:"at"`
	Type              string    `json:"type"` // AUTHORIZE, CAPTURE, VOID, REFUND, REVERSE or INQUIRE
	AttemptID         string    `json:"attemptId"`
	OriginalAttemptID string    `json:"originalAttemptId,omitempty"` // the message meant; of a capture the authorization
	MerchantID        string    `json:"merchantId"`
	Amount            money.Won `json:"amount"`
	Last4             string    `json:"last4"`
	ApprovalNumber    string    `json:"approvalNumber,omitempty"` // of the authorization
	Result            Result    `json:"result"`
	Answered          bool      `json:"answered"` // a right answer left
	Repeat            bool      `json:"repeat"`   // the same message came before; the books did not change again
}

// record is an Entry with what the books need to be rebuilt and a repeat to be
// answered alike. It holds no card data beyond the last four digits.
type record struct {
	Entry
	MID          string `json:"mid,omitempty"`
	TerminalID   string `json:"tid,omitempty"`
	STAN         int    `json:"stan,omitempty"`
	Transmitted  int64  `json:"de7,omitempty"`
	Code         string `json:"code,omitempty"`
	RRN          string `json:"rrn,omitempty"`
	CancelNumber string `json:"cancelNumber,omitempty"`
	Issuer       party  `json:"issuer,omitzero"`
	Acquirer     party  `json:"acquirer,omitzero"`
	CardType     string `json:"cardType,omitempty"`
	Behaviour    Do     `json:"behaviour,omitempty"` // the card's, where later messages obey it too
	Do           Do     `json:"do,omitempty"`        // the fault under which it was answered
	LateAt       int64  `json:"lateAt,omitempty"`    // microseconds: an answer is due then
	// Amend marks a line that only corrects Answered of the entry Seq.
	Amend bool `json:"amend,omitempty"`
}

// party is an issuer or acquirer as the journal writes it.
type party struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// kinds of the types of entries that messages make.
var kinds = map[string]iso8583.Kind{
	iso8583.Authorize.String(): iso8583.Authorize,
	iso8583.Void.String():      iso8583.Void,
	iso8583.Refund.String():    iso8583.Refund,
	iso8583.Reverse.String():   iso8583.Reverse,
	iso8583.Inquire.String():   iso8583.Inquire,
}

// newRecord is the record of a message at now, with nothing decided yet.
func newRecord(r *iso8583.Request, now time.Time) record {
	return record{
		Entry: Entry{
			At: now.In(clock.Seoul), Type: r.Kind.String(), AttemptID: r.AttemptID,
			OriginalAttemptID: r.Original.AttemptID, MerchantID: r.Merchant.ID, Amount: r.Split.Amount,
		},
		MID: r.Merchant.MID, TerminalID: r.TerminalID, STAN: r.STAN, Transmitted: iso8583.Stamp(r.TransmittedAt),
	}
}

// matches reports whether the reference means this record's message.
func (r *record) matches(ref *acquirer.Reference) bool {
	return r.AttemptID == ref.AttemptID && r.TerminalID == ref.TerminalID && r.STAN == ref.STAN &&
		r.Transmitted == iso8583.Stamp(ref.TransmittedAt)
}

// reply is the right answer to the record's message. Inquiries are answered from
// the books, not from their record.
func (r *record) reply() iso8583.Reply {
	out := iso8583.Reply{
		Kind: kinds[r.Type], Amount: r.Amount, Code: r.Code, CancelNumber: r.CancelNumber,
		Issuer: acquirer.Party(r.Issuer), Acquirer: acquirer.Party(r.Acquirer), CardType: r.CardType,
		Reference: acquirer.Reference{
			AttemptID: r.AttemptID, TerminalID: r.TerminalID, STAN: r.STAN, TransmittedAt: stampTime(r.Transmitted),
		},
	}
	if r.Type == iso8583.Authorize.String() {
		out.ApprovalNumber, out.RRN = r.ApprovalNumber, r.RRN
	}
	if meaning, ok := iso8583.MeaningOf(r.Code); ok {
		out.Text = meaning.Message
	}
	return out
}

// stampTime is a time whose DE7 is n, in the year 0.
func stampTime(n int64) time.Time {
	return time.Date(0, time.Month(n/1e8), int(n/1e6%100), int(n/1e4%100), int(n/100%100), int(n%100), 0, time.UTC)
}
