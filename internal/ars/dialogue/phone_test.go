package dialogue_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
)

// Test data: a public test number, and one with a wrong check digit in a known range.
const (
	number     = "4111111111111111"
	mistyped   = "4111111111111112"
	cardExpiry = "1137"
	birth      = "850317"
	password   = "96"
)

// clipLength is how long every clip sounds on the phone of these tests.
const clipLength = time.Second

// phone is a caller without a line: it does what the glue does, in virtual time.
type phone struct {
	t *testing.T
	d dialogue.Dialogue

	now        time.Duration
	played     moment // end of what plays
	timer      moment
	heard      []speech.Clip // since the last look
	steps      []dialogue.Enter
	stops      int
	find       *dialogue.Find
	paid       *dialogue.Pay
	pays       int
	byText     []dialogue.Token
	hungUp     dialogue.Reason
	hungUpAt   time.Duration
	mostAtOnce int
}

// moment is a time at which something named by a token happens.
type moment struct {
	at    time.Duration
	token dialogue.Token
}

// call answers a call whose number finds the request.
func call(t *testing.T, r dialogue.Request) *phone {
	t.Helper()
	p := &phone{t: t}
	p.send(dialogue.Started{Answer: payable(r)})
	return p
}

func payable(r dialogue.Request) dialogue.Answer {
	return dialogue.Answer{Standing: dialogue.Payable, Request: r}
}

// full is a request that asks for everything.
func full() dialogue.Request {
	return dialogue.Request{Amount: 123_456, Birth: true, Password: true, Months: []int{2, 3, 12}, Today: "2026-11-28"}
}

// plain is a request that asks for as little as there is.
func plain() dialogue.Request { return dialogue.Request{Amount: 1_000} }

// send hands an event over and does what is asked for.
func (p *phone) send(e dialogue.Event) {
	p.t.Helper()
	actions := p.d.Handle(e)
	p.mostAtOnce = max(p.mostAtOnce, len(actions))
	for _, a := range actions {
		p.do(a)
	}
}

func (p *phone) do(a dialogue.Action) {
	p.t.Helper()
	switch a := a.(type) {
	case dialogue.Enter:
		p.steps = append(p.steps, a)
	case dialogue.Play:
		if len(a.Clips) == 0 {
			p.t.Error("nothing is played")
		}
		p.heard = append(p.heard, a.Clips...)
		p.played = moment{p.now + time.Duration(len(a.Clips))*clipLength, a.Token}
	case dialogue.Stop:
		p.stops++
		p.played = moment{}
	case dialogue.SetTimer:
		p.timer = moment{p.now + a.After, a.Token}
	case dialogue.Find:
		p.find = &a
	case dialogue.Pay:
		p.paid = &a
		p.pays++
	case dialogue.TellByText:
		p.byText = append(p.byText, a.Token)
	case dialogue.HangUp:
		p.hungUp, p.hungUpAt = a.Reason, p.now
	}
}

// press presses keys, one after the other, without waiting.
func (p *phone) press(keys string) {
	p.t.Helper()
	for _, k := range []byte(keys) {
		p.send(dialogue.Pressed{Key: dialogue.Key(k)})
	}
}

// wait lets time go by; sounds end and the timer runs out when they are due.
func (p *phone) wait(d time.Duration) {
	p.t.Helper()
	until := p.now + d
	for !p.d.Over() {
		next := &p.played
		if next.token == 0 || p.timer.token != 0 && p.timer.at < next.at {
			next = &p.timer
		}
		if next.token == 0 || next.at > until {
			break
		}
		due := *next
		*next = moment{}
		p.now = due.at
		if next == &p.played {
			p.send(dialogue.Played{Token: due.token})
		} else {
			p.send(dialogue.Elapsed{Token: due.token})
		}
	}
	p.now = until
}

// listen waits until what is playing ends.
func (p *phone) listen() {
	p.t.Helper()
	p.wait(p.played.at - p.now)
}

// text is what was heard since the last look.
func (p *phone) text() string {
	out := speech.Text(p.heard)
	p.heard = nil
	return out
}

// hears fails unless the clip was heard since the last look, and looks away.
func (p *phone) hears(clips ...speech.Clip) {
	p.t.Helper()
	for _, c := range clips {
		if !slices.Contains(p.heard, c) {
			p.t.Fatalf("%q was not heard, but %q", speech.Text([]speech.Clip{c}), speech.Text(p.heard))
		}
	}
	p.heard = nil
}

// at fails unless the call stands at the step.
func (p *phone) at(s dialogue.Step) {
	p.t.Helper()
	if len(p.steps) == 0 || p.steps[len(p.steps)-1].Step != s {
		p.t.Fatalf("the call stands at %v, not at %s", p.steps, s)
	}
}

// toCard agrees to the amount and to the terms.
func (p *phone) toCard() {
	p.t.Helper()
	p.press("1")
	p.at(dialogue.StepConsent)
	p.press("1")
	p.at(dialogue.StepCard)
}

// toPay enters everything that full asks for, up to the confirmation.
func (p *phone) toPay() {
	p.t.Helper()
	p.press(number + "#" + cardExpiry + birth + "#" + password + "3#")
	p.at(dialogue.StepConfirm)
}

// toPlainPay does the same for plain.
func (p *phone) toPlainPay() {
	p.t.Helper()
	p.press(number + "#" + cardExpiry)
	p.at(dialogue.StepConfirm)
}

// pays confirms and lets the sentence about it end.
func (p *phone) confirm() dialogue.Pay {
	p.t.Helper()
	p.paid, p.heard = nil, nil
	p.press("1")
	p.at(dialogue.StepPay)
	if p.paid == nil {
		p.t.Fatal("nothing was handed to the payment")
	}
	p.listen()
	return *p.paid
}

// settle answers the payment that runs.
func (p *phone) settle(r dialogue.Result) {
	p.t.Helper()
	p.heard = nil
	p.send(dialogue.Settled{Token: p.paid.Token, Result: r})
}

// over fails unless the line has hung up for that reason with nothing left behind.
func (p *phone) over(why dialogue.Reason) {
	p.t.Helper()
	p.wait(time.Minute)
	if p.hungUp != why || !p.d.Over() {
		p.t.Errorf("hung up: %q, want %q", p.hungUp, why)
	}
	p.empty()
}

// empty fails when a digit of the caller is still in memory.
func (p *phone) empty() {
	p.t.Helper()
	if n := dialogue.Held(&p.d); n != 0 {
		p.t.Errorf("%d bytes of what was entered are still held", n)
	}
}

func revealed(c acquirer.Card) string {
	return strings.Join([]string{
		string(c.PAN.Reveal()), c.Expiry.YYMM(), string(c.BirthOrBusinessNumber.Reveal()), string(c.PasswordTwoDigits.Reveal()),
	}, " ")
}
