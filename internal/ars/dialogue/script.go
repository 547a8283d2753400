package dialogue

import (
	"slices"

	"innopay/card"
	"innopay/clock"
	"innopay/internal/ars/speech"
)

// Step is a place in the script, as the log and the seller's screen know it.
type Step string

// The steps, in the order in which a caller meets them.
const (
	StepCode        Step = "code"
	StepOrder       Step = "order"
	StepConsent     Step = "consent"
	StepCard        Step = "card"
	StepExpiry      Step = "expiry"
	StepBirth       Step = "birth"
	StepPassword    Step = "password"
	StepInstallment Step = "installment"
	StepConfirm     Step = "confirm"
	StepPay         Step = "pay"
	StepApproved    Step = "approved"
	StepDeclined    Step = "declined"
	StepClosing     Step = "closing"
)

// step is one question. The collector asks, counts and times all of them alike.
type step struct {
	name        Step
	secret      bool
	least, most int // digits; where they differ, # or silence ends the answer
	prompt      func(*Dialogue) []speech.Clip
	check       func(*Dialogue, []byte) speech.Clip // what is wrong, or nothing
	accept      func(*Dialogue)                     // takes what was typed and goes on
}

// said is a question without variable parts.
func said(c speech.Clip) func(*Dialogue) []speech.Clip {
	return func(*Dialogue) []speech.Clip { return []speech.Clip{c} }
}

// choice checks an answer of 1 for yes and 2 for no.
func choice(_ *Dialogue, typed []byte) speech.Clip {
	if typed[0] == '1' || typed[0] == '2' {
		return ""
	}
	return speech.BadInput
}

func anything(*Dialogue, []byte) speech.Clip { return "" }

// yes goes on with the next question, or takes leave.
func yes(next func(*Dialogue)) func(*Dialogue) {
	return func(d *Dialogue) {
		if d.typed.digits[0] == '1' {
			next(d)
			return
		}
		d.close(Canceled, speech.ByeCancel)
	}
}

var (
	askCode = step{
		name: StepCode, least: 6, most: 6, prompt: said(speech.Code),
		check: anything, accept: (*Dialogue).find,
	}
	confirmOrder = step{
		name: StepOrder, least: 1, most: 1, prompt: orderPrompt,
		check: choice, accept: yes(func(d *Dialogue) { d.ask(askConsent) }),
	}
	// The law wants the consent before the data (rulings 23).
	askConsent = step{
		name: StepConsent, least: 1, most: 1, prompt: said(speech.Consent),
		check: choice, accept: yes((*Dialogue).firstCard),
	}
	askCard = step{
		name: StepCard, secret: true, least: 13, most: maxEntry, prompt: said(speech.Card),
		check: checkNumber, accept: func(d *Dialogue) {
			d.number.take(&d.typed)
			d.ask(askExpiry)
		},
	}
	askExpiry = step{
		name: StepExpiry, secret: true, least: 4, most: 4, prompt: said(speech.Expiry),
		check: checkExpiry, accept: func(d *Dialogue) {
			d.expiry.take(&d.typed)
			d.afterExpiry()
		},
	}
	askBirth = step{
		name: StepBirth, secret: true, least: 6, most: 10, prompt: said(speech.Birth),
		check: checkBirth, accept: func(d *Dialogue) {
			d.birth.take(&d.typed)
			d.afterBirth()
		},
	}
	askPassword = step{
		name: StepPassword, secret: true, least: 2, most: 2, prompt: said(speech.Password),
		check: anything, accept: func(d *Dialogue) {
			d.password.take(&d.typed)
			d.afterPassword()
		},
	}
	askInstallment = step{
		name: StepInstallment, least: 1, most: 2, prompt: said(speech.Installment),
		check: checkMonths, accept: func(d *Dialogue) {
			d.months = number(d.typed.bytes())
			d.ask(confirmPay)
		},
	}
	confirmPay = step{
		name: StepConfirm, least: 1, most: 1, prompt: payPrompt,
		check: choice, accept: yes((*Dialogue).pay),
	}
	askOther = step{
		name: StepDeclined, least: 1, most: 1, prompt: said(speech.OtherCard),
		check: choice, accept: func(d *Dialogue) {
			if d.typed.digits[0] == '1' {
				d.firstCard()
				return
			}
			d.close(Refused, speech.Bye)
		},
	}
)

// firstCard asks for a card with all its fields.
func (d *Dialogue) firstCard() {
	d.wipe()
	d.months = 0
	d.ask(askCard)
}

func (d *Dialogue) afterExpiry() {
	if d.request.Birth {
		d.ask(askBirth)
		return
	}
	d.afterBirth()
}

func (d *Dialogue) afterBirth() {
	if d.request.Password {
		d.ask(askPassword)
		return
	}
	d.afterPassword()
}

func (d *Dialogue) afterPassword() {
	if len(d.request.Months) > 0 {
		d.ask(askInstallment)
		return
	}
	d.ask(confirmPay)
}

func orderPrompt(d *Dialogue) []speech.Clip {
	return slices.Concat([]speech.Clip{speech.Amount}, speech.WonIsKo(d.request.Amount), []speech.Clip{speech.AmountChoice})
}

// payPrompt reads back no more of the card than a receipt shows. Words stand between its
// digits and those of the amount, or they would run together.
func payPrompt(d *Dialogue) []speech.Clip {
	last4 := d.number.bytes()[max(0, d.number.n-4):]
	out := append([]speech.Clip{speech.ConfirmCard}, speech.DigitsKo(last4)...)
	out = append(append(out, speech.ConfirmAmount), speech.WonKo(d.request.Amount)...)
	switch {
	case d.months > 0:
		out = append(append(append(out, speech.ConfirmMonths), speech.NumberKo(int64(d.months))...), speech.Months)
	case len(d.request.Months) > 0:
		out = append(out, speech.ConfirmLump)
	}
	return append(out, speech.Confirm)
}

// checkNumber refuses a number that cannot exist (rulings 19).
func checkNumber(_ *Dialogue, typed []byte) speech.Clip {
	pan, err := card.ParsePAN(typed)
	defer pan.Wipe()
	if err != nil || card.CheckNumber(pan) != nil {
		return speech.CardWrong
	}
	return ""
}

// checkExpiry refuses what is no month, and a month that is over.
func checkExpiry(d *Dialogue, typed []byte) speech.Clip {
	expiry, err := card.ParseExpiry(typed[:2], typed[2:])
	defer expiry.Wipe()
	if err != nil {
		return speech.ExpiryWrong
	}
	var yymm [4]byte
	defer clear(yymm[:])
	if string(expiry.AppendYYMM(yymm[:0])) < month(d.request.Today) {
		return speech.ExpiryWrong
	}
	return ""
}

// month is the YYMM of a day, and empty when there is none.
func month(day clock.Day) string {
	if len(day) != len("2006-01-02") {
		return ""
	}
	return string(day[2:4] + day[5:7])
}

// checkBirth takes YYMMDD, or a business number of ten digits.
func checkBirth(_ *Dialogue, typed []byte) speech.Clip {
	if len(typed) == 10 {
		return ""
	}
	if len(typed) != 6 {
		return speech.BadInput
	}
	if m, day := number(typed[2:4]), number(typed[4:]); m < 1 || m > 12 || day < 1 || day > daysOf[m-1] {
		return speech.BadInput
	}
	return ""
}

// daysOf are the longest months; a year of two digits names no leap year for certain.
var daysOf = [12]int{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// checkMonths takes a lump sum, and what is offered.
func checkMonths(d *Dialogue, typed []byte) speech.Clip {
	if n := number(typed); n != 0 && !slices.Contains(d.request.Months, n) {
		return speech.InstallmentWrong
	}
	return ""
}

// number reads a few digits.
func number(digits []byte) int {
	n := 0
	for _, c := range digits {
		n = 10*n + int(c-'0')
	}
	return n
}
