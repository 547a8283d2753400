package dialogue

import (
	"innopay/acquirer"
	"innopay/card"
	"innopay/internal/ars/speech"
)

// maxApproval is the longest approval number that is read out; a wire has 6 or 8 digits.
const maxApproval = 12

// pay hands the card over and keeps the caller company.
func (d *Dialogue) pay() {
	c, err := d.card()
	if err != nil { // every field was checked when it was typed
		c.Wipe()
		d.close(Failed, speech.Closed)
		return
	}
	d.cards++
	d.wipe()
	d.phase, d.result = paying, nil
	d.enter(StepPay, false)
	d.waiting = d.token()
	d.do(Pay{Token: d.waiting, Card: c, Months: d.months})
	d.announce()
	d.after(Wait)
}

// card is what was typed, in types that print masked.
func (d *Dialogue) card() (acquirer.Card, error) {
	c := acquirer.Card{
		Entry: acquirer.Phone, BirthOrBusinessNumber: secret(&d.birth), PasswordTwoDigits: secret(&d.password),
	}
	var err error
	if c.PAN, err = card.ParsePAN(d.number.bytes()); err != nil {
		return c, err
	}
	e := d.expiry.digits
	defer clear(e[:])
	c.Expiry, err = card.ParseExpiry(e[:2], e[2:4])
	return c, err
}

func secret(e *entry) card.Secret { return card.NewSecret(e.bytes()) }

// announce says that the payment is under way; it is let finish, so that a quick answer
// does not cut it.
func (d *Dialogue) announce() {
	d.announcing = true
	d.play(speech.Paying)
}

// waitOn goes on after the sentence or the music that has ended.
func (d *Dialogue) waitOn() {
	switch {
	case d.result != nil:
		d.tell()
	case d.announcing:
		d.announcing = false
		d.play(speech.Hold)
	default:
		d.announce()
	}
}

// settled takes the answer, and tells it when nothing is being said.
func (d *Dialogue) settled(r Result) {
	d.result = &r
	if !d.announcing || d.playing == 0 {
		d.tell()
	}
}

// waitedEnough ends the music (rulings 23).
func (d *Dialogue) waitedEnough() {
	if d.result != nil { // the end of a sentence never came
		d.tell()
		return
	}
	d.giveUpWaiting()
}

func (d *Dialogue) giveUpWaiting() {
	d.do(TellByText{Token: d.waiting})
	d.close(Pending, speech.ResultByText)
}

// tell says how it went.
func (d *Dialogue) tell() {
	r := *d.result
	switch r.Outcome {
	case Approved:
		d.approved(r)
	case Declined:
		d.declined(r)
	case Gone:
		d.close(NotPayable, speech.CodeEnded)
	case Taken:
		d.close(NotPayable, speech.Busy)
	case Undoable:
		d.close(Failed, speech.Closed)
	case Unsure:
		d.giveUpWaiting()
	default:
		d.giveUpWaiting()
	}
}

func (d *Dialogue) approved(r Result) {
	clips := []speech.Clip{speech.Approved}
	// An approval number with letters is left to the receipt.
	if speech.Digits(r.ApprovalNumber, maxApproval) {
		clips = append(append(append(clips, speech.ApprovalNumber), speech.DigitsKo(r.ApprovalNumber)...), speech.Is)
	}
	clips = append(clips, speech.Thanks)
	d.phase, d.farewell, d.reason = done, clips, Paid
	d.enter(StepApproved, false)
	d.play(clips...)
	d.after(SoundLimit)
}

// declines are the sentences for failure codes of the contract; others are told in
// general.
var declines = map[string]speech.Clip{
	"CARD_DECLINED_LIMIT":    speech.DeclinedLimit,
	"CARD_DECLINED_EXPIRED":  speech.DeclinedExpiry,
	"INVALID_AUTHENTICATION": speech.DeclinedPassword,
	"INVALID_CARD_NUMBER":    speech.CardWrong,
}

func (d *Dialogue) declined(r Result) {
	why, ok := declines[r.Reason]
	if !ok {
		why = speech.Declined
	}
	if r.Final || d.cards >= Cards {
		d.enter(StepDeclined, false)
		d.close(Refused, why, speech.Bye)
		return
	}
	d.ask(askOther, why)
}
