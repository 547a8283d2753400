package iso8583

import (
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/money"
)

// Request is a message to the acquirer, in Go's types. Which fields matter depends
// on Kind. A decoded Reference.TransmittedAt has the year 0, for DE7 carries none.
type Request struct {
	Kind   Kind
	Repeat bool // sent before under the same Reference
	Advice bool // Reverse only: 0420 instead of 0400
	acquirer.Reference
	Original          acquirer.Reference // Void, Refund, Reverse, Inquire: the message meant
	OriginalAmount    money.Won          // Void, Refund
	Merchant          acquirer.Merchant
	Split             money.Split // Amount always; the parts for Authorize, Void, Refund
	InstallmentMonths int
	InterestFree      bool
	Card              acquirer.Card // Authorize only
	ApprovalNumber    string        // Void, Refund: of the original
	RRN               string        // Void, Refund: of the original
}

// AuthorizationRequest is the message of an authorization. It shares the card's
// bytes with a.
func AuthorizationRequest(a acquirer.Authorization) Request {
	return Request{
		Kind: Authorize, Reference: a.Reference, Merchant: a.Merchant, Split: a.Split,
		InstallmentMonths: a.InstallmentMonths, InterestFree: a.InterestFree, Card: a.Card,
	}
}

// ReversalRequest is the message of a reversal; it never holds a card.
func ReversalRequest(r acquirer.Reversal) Request {
	return Request{
		Kind: Reverse, Repeat: r.Repeat, Reference: r.Reference, Original: r.Original,
		Merchant: r.Merchant, Split: money.Split{Amount: r.Amount},
	}
}

// CancelRequest is the message of a void or refund; it never holds a card.
func CancelRequest(c acquirer.Cancellation) Request {
	kind := Refund
	if c.Kind == acquirer.Void {
		kind = Void
	}
	return Request{
		Kind: kind, Repeat: c.Repeat, Reference: c.Reference, Original: c.Original, OriginalAmount: c.OriginalAmount,
		Merchant: c.Merchant, Split: c.Split, ApprovalNumber: c.ApprovalNumber, RRN: c.RRN,
	}
}

// InquiryRequest is the message of an inquiry.
func InquiryRequest(i acquirer.Inquiry) Request {
	return Request{
		Kind: Inquire, Reference: i.Reference, Original: i.Subject,
		Merchant: i.Merchant, Split: money.Split{Amount: i.Amount},
	}
}

// Append packs the request behind dst. It allocates nothing while dst has room.
func (r *Request) Append(dst []byte) ([]byte, error) {
	m := blank()
	defer release(m)
	r.put(m)
	return m.Append(dst)
}

// put writes the request into the empty message m.
func (r *Request) put(m *Message) {
	m.MTI = r.Kind.mti(r.Repeat, r.Advice)
	if code := r.Kind.network(); code != 0 {
		m.putIdentity(&r.Reference)
		m.SetNumber(deNetwork, code)
		return
	}
	if n := len(r.AttemptID); n == 0 || n > MaxAttemptID {
		m.fail(deReference, "attempt id missing or too long")
	}
	m.SetNumber(deProcessing, r.Kind.processing())
	m.SetNumber(deAmount, int64(r.Split.Amount))
	m.putIdentity(&r.Reference)
	m.SetText(deMerchant, r.Merchant.MID)
	m.SetNumber(deCurrency, 410)
	ref := m.private(deReference)
	ref.text(tagAttempt, r.AttemptID)
	ref.text(tagOriginalAttempt, r.Original.AttemptID)
	ref.amount(tagOriginalAmount, int64(r.OriginalAmount))
	ref.text(tagOriginalTerminal, r.Original.TerminalID)
	ref.done()
	shop := m.private(deShop)
	shop.text(tagMerchantID, r.Merchant.ID)
	shop.text(tagBusinessNumber, r.Merchant.BusinessNumber)
	shop.text(tagMerchantName, cut(r.Merchant.Name, maxName))
	shop.done()
	switch r.Kind {
	case Authorize:
		r.putParts(m)
		r.putCard(m)
	case Void, Refund:
		r.putParts(m)
		m.SetText(deApproval, r.ApprovalNumber)
		m.SetText(deRRN, r.RRN)
		m.putOriginal(&r.Original)
	case Reverse, Inquire:
		m.putOriginal(&r.Original)
	case SignOn, SignOff, Echo:
	}
}

// putParts writes what the amount is made of, and the installments.
func (r *Request) putParts(m *Message) {
	if r.Merchant.MCC != "" {
		m.SetText(deMCC, r.Merchant.MCC)
	}
	p := m.private(deParts)
	p.amount(tagSupplied, int64(r.Split.Supplied))
	p.amount(tagVAT, int64(r.Split.VAT))
	p.amount(tagTaxFree, int64(r.Split.TaxFree))
	p.amount(tagServiceFee, int64(r.Split.ServiceFee))
	p.two(tagMonths, r.InstallmentMonths)
	p.flag(tagInterestFree, r.InterestFree)
	p.done()
}

// Entry modes (DE22) and conditions (DE25): keyed, fallback from chip to stripe.
const (
	modeKeyed        = "012"
	modeStripe       = "802"
	conditionAbsent  = "01"
	conditionPresent = "00"
	conditionPhone   = "08"
)

// putCard writes the card. The values made here lie in the message's arena and
// are wiped with it.
func (r *Request) putCard(m *Message) {
	c := &r.Card
	m.Set(dePAN, c.PAN.Reveal())
	if !c.Expiry.Empty() {
		var yymm [4]byte
		start := m.used
		for _, digit := range c.Expiry.AppendYYMM(yymm[:0]) {
			m.putByte(digit)
		}
		clear(yymm[:])
		m.close(deExpiry, start)
	}
	switch c.Entry {
	case acquirer.KeyIn:
		m.SetText(deEntryMode, modeKeyed)
		m.SetText(deCondition, conditionAbsent)
	case acquirer.Swipe:
		m.SetText(deEntryMode, modeStripe)
		m.SetText(deCondition, conditionPresent)
	case acquirer.Phone:
		m.SetText(deEntryMode, modeKeyed)
		m.SetText(deCondition, conditionPhone)
	default:
		m.fail(deEntryMode, "unknown entry")
	}
	m.Set(deTrack2, c.Track2.Reveal())
	h := m.private(deHolder)
	h.secret(tagBirth, c.BirthOrBusinessNumber.Reveal())
	h.secret(tagPassword, c.PasswordTwoDigits.Reveal())
	h.text(tagFallback, cut(c.FallbackReason, maxReason))
	h.done()
}

// putIdentity writes DE7, DE11 and DE41.
func (m *Message) putIdentity(r *acquirer.Reference) {
	m.SetNumber(deTransmission, Stamp(r.TransmittedAt))
	m.SetNumber(deSTAN, int64(r.STAN))
	m.SetText(deTerminal, r.TerminalID)
}

// putOriginal writes DE90: type, STAN and transmission time of the message meant,
// and no institutions.
func (m *Message) putOriginal(r *acquirer.Reference) {
	start := m.used
	m.putNumber(deOriginal, int64(MTIRequest), 4)
	m.putNumber(deOriginal, int64(r.STAN), 6)
	m.putNumber(deOriginal, Stamp(r.TransmittedAt), 10)
	m.putNumber(deOriginal, 0, 11)
	m.putNumber(deOriginal, 0, 11)
	m.close(deOriginal, start)
}

// Stamp is DE7 of t: month, day, hour, minute and second in UTC as one number.
func Stamp(t time.Time) int64 {
	t = t.UTC()
	_, month, day := t.Date()
	hour, minute, second := t.Clock()
	return int64(month)*1e8 + int64(day)*1e6 + int64(hour)*1e4 + int64(minute)*100 + int64(second)
}

// stampTime is the inverse of Stamp in the year 0, a leap year.
func stampTime(field int, v []byte) (time.Time, error) {
	n, err := number(field, v)
	if err != nil {
		return time.Time{}, err
	}
	t := time.Date(0, time.Month(n/1e8), int(n/1e6%100), int(n/1e4%100), int(n/100%100), int(n%100), 0, time.UTC)
	if Stamp(t) != n {
		return time.Time{}, &FormatError{field, "no such time"}
	}
	return t, nil
}

// UnpackRequest reads frame as a request. The card data of the result are copies:
// wipe them and the frame after use.
func UnpackRequest(frame []byte) (Request, error) {
	m := blank()
	defer release(m)
	if err := m.Unpack(frame); err != nil {
		return Request{}, err
	}
	var r Request
	err := r.take(m)
	if err != nil {
		r.Card.Wipe()
		return Request{}, err
	}
	return r, nil
}

// take reads the unpacked message m.
func (r *Request) take(m *Message) (err error) {
	switch m.MTI {
	case MTIRequest, MTIReversal, MTIInquiry, MTINetwork:
	case MTIAdvice:
		r.Advice = true
	case MTIRequestRepeat, MTIReversalAgain, MTIInquiryAgain:
		r.Repeat = true
	case MTIAdviceAgain:
		r.Repeat, r.Advice = true, true
	case MTIAnswer, MTIReversed, MTIAdvised, MTIInquired, MTINetworkAnswer:
		return &FormatError{0, "not a request"}
	default:
		return &FormatError{0, "unknown message type"}
	}
	if r.Kind, err = kindOf(m); err != nil {
		return err
	}
	if err = m.takeIdentity(&r.Reference); err != nil || r.Kind.network() != 0 {
		return err
	}
	amount, err := number(deAmount, m.Get(deAmount))
	if err != nil {
		return err
	}
	r.Split.Amount = money.Won(amount)
	r.Merchant.MID = trimmed(m.Get(deMerchant))
	r.Merchant.MCC = string(m.Get(deMCC))
	r.ApprovalNumber = trimmed(m.Get(deApproval))
	r.RRN = trimmed(m.Get(deRRN))
	for _, step := range []func(*Message) error{r.takeReference, r.takeShop, r.takeParts, r.takeOriginal, r.takeCard} {
		if err = step(m); err != nil {
			return err
		}
	}
	return nil
}

// takeIdentity reads DE7, DE11 and DE41.
func (m *Message) takeIdentity(r *acquirer.Reference) (err error) {
	if r.TransmittedAt, err = stampTime(deTransmission, m.Get(deTransmission)); err != nil {
		return err
	}
	stan, err := number(deSTAN, m.Get(deSTAN))
	r.STAN = int(stan)
	r.TerminalID = trimmed(m.Get(deTerminal))
	return err
}

func (r *Request) takeReference(m *Message) error {
	v, tag := m.Get(deReference), 0
	for len(v) > 0 {
		var value []byte
		var err error
		if tag, value, v, err = subfield(deReference, tag, v); err != nil {
			return err
		}
		switch tag {
		case tagAttempt:
			r.AttemptID = string(value)
		case tagOriginalAttempt:
			r.Original.AttemptID = string(value)
		case tagOriginalAmount:
			n, err := number(deReference, value)
			if err != nil {
				return err
			}
			r.OriginalAmount = money.Won(n)
		case tagOriginalTerminal:
			r.Original.TerminalID = string(value)
		default:
			return &FormatError{deReference, "unknown subfield"}
		}
	}
	if r.AttemptID == "" || len(r.AttemptID) > MaxAttemptID {
		return &FormatError{deReference, "attempt id missing or too long"}
	}
	return nil
}

func (r *Request) takeShop(m *Message) error {
	v, tag := m.Get(deShop), 0
	for len(v) > 0 {
		var value []byte
		var err error
		if tag, value, v, err = subfield(deShop, tag, v); err != nil {
			return err
		}
		switch tag {
		case tagMerchantID:
			r.Merchant.ID = string(value)
		case tagBusinessNumber:
			r.Merchant.BusinessNumber = string(value)
		case tagMerchantName:
			r.Merchant.Name = string(value)
		default:
			return &FormatError{deShop, "unknown subfield"}
		}
	}
	return nil
}

func (r *Request) takeParts(m *Message) error {
	v, tag := m.Get(deParts), 0
	for len(v) > 0 {
		var value []byte
		var err error
		if tag, value, v, err = subfield(deParts, tag, v); err != nil {
			return err
		}
		n, err := number(deParts, value)
		if err != nil {
			return err
		}
		switch tag {
		case tagSupplied:
			r.Split.Supplied = money.Won(n)
		case tagVAT:
			r.Split.VAT = money.Won(n)
		case tagTaxFree:
			r.Split.TaxFree = money.Won(n)
		case tagServiceFee:
			r.Split.ServiceFee = money.Won(n)
		case tagMonths:
			r.InstallmentMonths = int(n)
		case tagInterestFree:
			r.InterestFree = n == 1
		default:
			return &FormatError{deParts, "unknown subfield"}
		}
	}
	return nil
}

func (r *Request) takeOriginal(m *Message) error {
	v := m.Get(deOriginal)
	if v == nil {
		return nil
	}
	stan, err := number(deOriginal, v[4:10])
	if err != nil {
		return err
	}
	r.Original.STAN = int(stan)
	r.Original.TransmittedAt, err = stampTime(deOriginal, v[10:20])
	return err
}

// takeCard copies the card out of the frame, whatever the kind, so that a card
// where none may be is seen.
func (r *Request) takeCard(m *Message) (err error) {
	c := &r.Card
	if v := m.Get(dePAN); v != nil {
		if c.PAN, err = card.ParsePAN(string(v)); err != nil {
			return &FormatError{dePAN, "not a card number"}
		}
	}
	if v := m.Get(deExpiry); v != nil {
		if c.Expiry, err = card.ParseExpiry(string(v[2:]), string(v[:2])); err != nil {
			return &FormatError{deExpiry, "not an expiry"}
		}
	}
	c.Track2 = card.NewSecret(string(m.Get(deTrack2)))
	switch mode, condition := string(m.Get(deEntryMode)), string(m.Get(deCondition)); {
	case mode == modeStripe:
		c.Entry = acquirer.Swipe
	case mode == modeKeyed && condition == conditionPhone:
		c.Entry = acquirer.Phone
	case mode == modeKeyed:
		c.Entry = acquirer.KeyIn
	case mode != "":
		return &FormatError{deEntryMode, "unknown entry mode"}
	}
	v, tag := m.Get(deHolder), 0
	for len(v) > 0 {
		var value []byte
		if tag, value, v, err = subfield(deHolder, tag, v); err != nil {
			return err
		}
		switch tag {
		case tagBirth:
			c.BirthOrBusinessNumber = card.NewSecret(string(value))
		case tagPassword:
			c.PasswordTwoDigits = card.NewSecret(string(value))
		case tagFallback:
			c.FallbackReason = string(value)
		default:
			return &FormatError{deHolder, "unknown subfield"}
		}
	}
	return nil
}

// trimmed is v without the padding of a fixed field.
func trimmed(v []byte) string {
	for len(v) > 0 && v[len(v)-1] == ' ' {
		v = v[:len(v)-1]
	}
	return string(v)
}
