package iso8583

import (
	"innopay/acquirer"
	"innopay/money"
)

// State is what an inquiry found (DE63 subfield 08).
type State uint8

// The states.
const (
	StateNone     State = iota
	StateApproved       // acted on
	StateDeclined       // refused
	StateReversed       // acted on, reversed or wholly cancelled since
)

// Reply is an answer of the acquirer, in Go's types.
type Reply struct {
	Kind               Kind
	Advice             bool      // Reverse only: 0430 instead of 0410
	acquirer.Reference           // of the request answered
	Amount             money.Won // of the request answered
	Code               string    // DE39
	Text               string    // for people; at most 200 bytes
	ApprovalNumber     string    // Authorize, Inquire
	RRN                string    // Authorize, Inquire
	CancelNumber       string    // Void, Refund
	Issuer             acquirer.Party
	Acquirer           acquirer.Party
	CardType           string
	State              State  // Inquire
	Captured           bool   // Inquire
	SubjectCode        string // Inquire: DE39 of the message asked about
}

// ReplyTo is an answer to r with the code, that echoes what an answer must echo.
func ReplyTo(r *Request, code string) Reply {
	return Reply{Kind: r.Kind, Advice: r.Advice, Reference: r.Reference, Amount: r.Split.Amount, Code: code}
}

// Append packs the reply behind dst. It allocates nothing while dst has room.
func (r *Reply) Append(dst []byte) ([]byte, error) {
	m := blank()
	defer release(m)
	r.put(m)
	return m.Append(dst)
}

// put writes the reply into the empty message m.
func (r *Reply) put(m *Message) {
	m.MTI = answerOf(r.Kind.mti(false, r.Advice))
	m.putIdentity(&r.Reference)
	m.SetText(deResponse, r.Code)
	if code := r.Kind.network(); code != 0 {
		m.SetNumber(deNetwork, code)
		return
	}
	m.SetNumber(deProcessing, r.Kind.processing())
	m.SetNumber(deAmount, int64(r.Amount))
	m.SetText(deApproval, r.ApprovalNumber)
	m.SetText(deRRN, r.RRN)
	ref := m.private(deReference)
	ref.text(tagAttempt, r.AttemptID)
	ref.done()
	res := m.private(deResult)
	res.text(tagText, cut(r.Text, maxText))
	res.text(tagIssuerCode, r.Issuer.Code)
	res.text(tagIssuerName, r.Issuer.Name)
	res.text(tagAcquirerCode, r.Acquirer.Code)
	res.text(tagAcquirerName, r.Acquirer.Name)
	res.text(tagCardType, r.CardType)
	res.text(tagCancelNumber, r.CancelNumber)
	res.two(tagState, int(r.State))
	res.flag(tagCaptured, r.Captured)
	res.text(tagSubjectCode, r.SubjectCode)
	res.done()
}

// answerOf is the message type that answers t.
func answerOf(t MTI) MTI { return t - t%10 + 10 }

// UnpackReply reads frame as an answer.
func UnpackReply(frame []byte) (Reply, error) {
	m := blank()
	defer release(m)
	if err := m.Unpack(frame); err != nil {
		return Reply{}, err
	}
	var r Reply
	if err := r.take(m); err != nil {
		return Reply{}, err
	}
	return r, nil
}

// take reads the unpacked message m.
func (r *Reply) take(m *Message) (err error) {
	switch m.MTI {
	case MTIAnswer, MTIReversed, MTIInquired, MTINetworkAnswer:
	case MTIAdvised:
		r.Advice = true
	case MTIRequest, MTIRequestRepeat, MTIReversal, MTIReversalAgain, MTIAdvice, MTIAdviceAgain,
		MTIInquiry, MTIInquiryAgain, MTINetwork:
		return &FormatError{0, "not an answer"}
	default:
		return &FormatError{0, "unknown message type"}
	}
	if r.Kind, err = kindOf(m); err != nil {
		return err
	}
	if err = m.takeIdentity(&r.Reference); err != nil {
		return err
	}
	if r.Code = string(m.Get(deResponse)); r.Code == "" {
		return &FormatError{deResponse, "missing"}
	}
	if r.Kind.network() != 0 {
		return nil
	}
	amount, err := number(deAmount, m.Get(deAmount))
	if err != nil {
		return err
	}
	r.Amount = money.Won(amount)
	r.ApprovalNumber = trimmed(m.Get(deApproval))
	r.RRN = trimmed(m.Get(deRRN))
	if err = r.takeReference(m); err != nil {
		return err
	}
	return r.takeResult(m)
}

func (r *Reply) takeReference(m *Message) error {
	tag, value, rest, err := subfield(deReference, 0, m.Get(deReference))
	if err != nil {
		return err
	}
	if tag != tagAttempt || len(rest) > 0 || len(value) > MaxAttemptID {
		return &FormatError{deReference, "not an attempt id"}
	}
	r.AttemptID = string(value)
	return nil
}

func (r *Reply) takeResult(m *Message) error {
	v, tag := m.Get(deResult), 0
	for len(v) > 0 {
		var value []byte
		var err error
		if tag, value, v, err = subfield(deResult, tag, v); err != nil {
			return err
		}
		switch tag {
		case tagText:
			r.Text = string(value)
		case tagIssuerCode:
			r.Issuer.Code = string(value)
		case tagIssuerName:
			r.Issuer.Name = string(value)
		case tagAcquirerCode:
			r.Acquirer.Code = string(value)
		case tagAcquirerName:
			r.Acquirer.Name = string(value)
		case tagCardType:
			r.CardType = string(value)
		case tagCancelNumber:
			r.CancelNumber = string(value)
		case tagState:
			switch string(value) {
			case "01":
				r.State = StateApproved
			case "02":
				r.State = StateDeclined
			case "03":
				r.State = StateReversed
			default:
				return &FormatError{deResult, "unknown state"}
			}
		case tagCaptured:
			r.Captured = string(value) == "1"
		case tagSubjectCode:
			r.SubjectCode = string(value)
		default:
			return &FormatError{deResult, "unknown subfield"}
		}
	}
	return nil
}
