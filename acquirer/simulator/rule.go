package simulator

import (
	"fmt"
	"time"

	"innopay/acquirer/iso8583"
	"innopay/card"
	"innopay/clock"
)

// authorize decides an authorization. A repeat is answered as the first was.
func (b *Book) authorize(r *iso8583.Request, rec *record, do Do) {
	rec.Last4 = r.Card.PAN.Last4()
	if a := b.auths[r.AttemptID]; a != nil {
		rec.Repeat = true
		if !a.matches(&r.Reference) || a.Amount != r.Split.Amount {
			rec.Code, rec.Result = iso8583.CodeFormat, Refused
			return
		}
		rec.Code, rec.Result, rec.ApprovalNumber, rec.RRN = a.Code, a.Result, a.ApprovalNumber, a.RRN
		rec.Issuer, rec.Acquirer, rec.CardType = a.Issuer, a.Acquirer, a.CardType
		return
	}
	if do == SayNoOriginal {
		rec.Code, rec.Result = iso8583.CodeNoOriginal, NoOriginal
		return
	}
	test, isTest := findCard(r.Card.PAN)
	if isTest {
		rec.Behaviour = behaviours[test.Behaviour].later
	}
	if row, ok := card.Lookup(r.Card.PAN); ok {
		rec.Issuer = party{Code: row.Issuer, Name: row.IssuerName}
		rec.Acquirer = party{Code: row.Acquirer, Name: row.AcquirerName}
		rec.CardType = string(row.Type)
	}
	rec.Result = Declined
	switch {
	case b.undone[r.AttemptID]:
		rec.Code = iso8583.CodeReversedBefore
	case do == Decline:
		rec.Code = iso8583.CodeDeclined
	default:
		rec.Code = refusal(r, test, isTest, rec)
	}
	if rec.Code == iso8583.CodeOK {
		rec.Result = Approved
		rec.ApprovalNumber, rec.RRN = approvalNumber(b.next()), retrievalNumber(b.next(), rec.At)
	}
}

// refusal is the response code of an authorization that meets no fault.
func refusal(r *iso8583.Request, test Card, isTest bool, rec *record) string {
	switch {
	case r.Split.Amount < 1 || !r.Split.Holds():
		return iso8583.CodeAmount
	case rec.Issuer.Code == "" || card.CheckNumber(r.Card.PAN) != nil:
		return iso8583.CodeNumber
	case isTest && behaviours[test.Behaviour].code != "":
		return behaviours[test.Behaviour].code
	case expired(r.Card.Expiry, rec.At):
		return iso8583.CodeExpired
	case r.InstallmentMonths == 1 || r.InstallmentMonths > 36:
		return iso8583.CodeInstallment
	}
	if isTest {
		if code := test.verify(r.Card.BirthOrBusinessNumber, r.Card.PasswordTwoDigits); code != "" {
			return code
		}
	}
	return iso8583.CodeOK
}

// expired reports whether the card's last month has ended in Seoul at t.
func expired(e card.Expiry, t time.Time) bool {
	var buf [4]byte
	defer clear(buf[:])
	yymm := e.AppendYYMM(buf[:0])
	return len(yymm) == 4 && string(yymm) < t.In(clock.Seoul).Format("0601")
}

// cancel decides a void or refund. The same cancel is done once, however often it
// comes; a refused one is judged anew.
func (b *Book) cancel(r *iso8583.Request, rec *record, do Do) {
	if c := b.cancels[r.AttemptID]; c != nil {
		rec.Repeat = true
		rec.Last4, rec.ApprovalNumber = c.Last4, c.ApprovalNumber
		if c.Result == Approved {
			if c.OriginalAttemptID != r.Original.AttemptID || c.Amount != r.Split.Amount {
				rec.Code, rec.Result = iso8583.CodeAmount, Refused
				return
			}
			rec.Code, rec.Result, rec.CancelNumber = c.Code, c.Result, c.CancelNumber
			return
		}
	}
	a := b.auths[r.Original.AttemptID]
	if a != nil {
		rec.Last4, rec.ApprovalNumber = a.Last4, a.ApprovalNumber
	}
	rec.Code, rec.Result = cancelRefusal(r, a, do)
	if rec.Code == iso8583.CodeOK {
		rec.Repeat = false // refused before, done now
		rec.CancelNumber = approvalNumber(b.next())
	}
}

// cancelRefusal is the code and result of a void or refund of a.
func cancelRefusal(r *iso8583.Request, a *authorization, do Do) (string, Result) {
	switch {
	case do == SayNoOriginal:
		return iso8583.CodeNoOriginal, NoOriginal
	case do == Decline:
		return iso8583.CodeDeclined, Refused
	case a == nil || !a.matches(&r.Original) || a.Amount != r.OriginalAmount || a.ApprovalNumber != r.ApprovalNumber:
		return iso8583.CodeNoOriginal, NoOriginal
	case !a.approved():
		return iso8583.CodeInvalid, Refused
	case a.reversed || a.canceled == a.Amount:
		return iso8583.CodeDone, Already
	case r.Kind == iso8583.Void && a.captured:
		return iso8583.CodeCaptured, Refused
	case r.Kind == iso8583.Void && (r.Split.Amount != a.Amount || a.canceled > 0):
		return iso8583.CodeAmount, Refused
	case r.Split.Amount < 1 || !r.Split.Holds() || a.canceled+r.Split.Amount > a.Amount:
		return iso8583.CodeAmount, Refused
	}
	return iso8583.CodeOK, Approved
}

// reverse decides a reversal. One that comes before its original keeps the original
// from being approved.
func (b *Book) reverse(r *iso8583.Request, rec *record, do Do) {
	rec.Repeat = b.seen[rec.Type+r.AttemptID]
	a := b.auths[r.Original.AttemptID]
	if a != nil {
		rec.Last4, rec.ApprovalNumber = a.Last4, a.ApprovalNumber
	}
	switch {
	case !r.Card.PAN.Empty() || !r.Card.Track2.Empty():
		// Rulings 6: a reversal never carries the card.
		rec.Code, rec.Result = iso8583.CodeCardInReversal, Refused
	case do == SayNoOriginal || a == nil || !a.matches(&r.Original):
		rec.Code, rec.Result = iso8583.CodeNoOriginal, NoOriginal
	case do == Decline:
		rec.Code, rec.Result = iso8583.CodeInvalid, Refused
	case a.Amount != r.Split.Amount:
		rec.Code, rec.Result = iso8583.CodeAmount, Refused
	case !a.approved() || a.reversed || a.canceled == a.Amount:
		rec.Code, rec.Result = iso8583.CodeDone, Already
	case a.captured:
		rec.Code, rec.Result = iso8583.CodeCaptured, Refused
	case a.canceled > 0:
		rec.Code, rec.Result = iso8583.CodeInvalid, Refused
	case rec.At.Sub(a.At) > b.window:
		rec.Code, rec.Result = iso8583.CodeTooLate, Refused
	default:
		rec.Code, rec.Result = iso8583.CodeOK, Approved
		rec.Repeat = false // not done before, whatever was said
	}
}

// inquire decides an inquiry: what the books say of the subject.
func (b *Book) inquire(r *iso8583.Request, rec *record, do Do) {
	rec.Repeat = b.seen[rec.Type+r.AttemptID]
	if do == Decline {
		rec.Code, rec.Result = iso8583.CodeDeclined, Refused
		return
	}
	a, c := b.auths[r.Original.AttemptID], b.cancels[r.Original.AttemptID]
	switch {
	case do == SayNoOriginal:
	case c != nil && c.matches(&r.Original):
		rec.Code, rec.Last4, rec.ApprovalNumber = iso8583.CodeOK, c.Last4, c.ApprovalNumber
		rec.Result = Declined
		if c.Result == Approved {
			rec.Result = Approved
		}
		return
	case a != nil && a.matches(&r.Original):
		rec.Code, rec.Last4, rec.ApprovalNumber = iso8583.CodeOK, a.Last4, a.ApprovalNumber
		switch {
		case !a.approved():
			rec.Result = Declined
		case a.reversed || a.canceled == a.Amount:
			rec.Result = Already
		default:
			rec.Result = Approved
		}
		return
	}
	rec.Code, rec.Result = iso8583.CodeNoOriginal, NoOriginal
}

// next is the seq of the entry being decided.
func (b *Book) next() int64 { return int64(len(b.entries)) + 1 }

// approvalNumber is eight digits that no other entry of the journal has: seq spread
// over 10000000..99999999 by a factor prime to the span.
func approvalNumber(seq int64) string {
	return fmt.Sprintf("%08d", 10_000_000+(seq*48_271+1_234_567)%90_000_000)
}

// retrievalNumber is DE37 as usual: the year's last digit, the day of the year, the
// hour, and six digits of the entry.
func retrievalNumber(seq int64, at time.Time) string {
	at = at.In(clock.Seoul)
	return fmt.Sprintf("%d%03d%02d%06d", at.Year()%10, at.YearDay(), at.Hour(), seq%1_000_000)
}
