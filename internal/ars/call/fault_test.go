package call_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"innopay/internal/ars/call"
	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
	"innopay/internal/payrequest"
)

func TestAfterADeclineAnotherCardPays(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "DECLINE_LIMIT"))
		p.press("1")
		p.hears(speech.DeclinedLimit)
		p.at(dialogue.StepDeclined)
		r.is(v, payrequest.InCall)
		p.press("1")
		p.enter(cardOf(t, "APPROVE"))
		p.press("1")
		p.hears(speech.Approved)
		p.over()
		if got := r.is(v, payrequest.Paid); got.Tries != 2 {
			t.Errorf("%d tries", got.Tries)
		}
		for _, text := range r.texts(buyer) {
			if strings.Contains(text, "결제 안 됨") {
				t.Errorf("what the caller heard was told again: %s", text)
			}
		}
	})
}

func TestWhoHangsUpWhileThePaymentRunsHasPaidAndGetsAText(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 3 * time.Second
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		p.press("1")
		p.at(dialogue.StepPay)
		p.hangUp()
		r.is(v, payrequest.Paying)
		wait(t, 4*time.Second)
		r.is(v, payrequest.Paid)
		contains(t, r.texts(buyer), "결제 완료")
	})
}

func TestWhoHangsUpBeforeADeclineIsToldByText(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 3 * time.Second
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "DECLINE_LIMIT"))
		p.press("1")
		p.hangUp()
		wait(t, 4*time.Second)
		got := r.now(v)
		if !got.Payable() {
			t.Fatalf("the request is %s", got.Status)
		}
		contains(t, r.texts(buyer), "결제 안 됨", got.Payment.Failure.Message, arsNumber, v.Code)
	})
}

// TestADeclineThatSettledAsTheCallerLeft: both orders of the two lead to one text.
func TestADeclineThatSettledAsTheCallerLeft(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = time.Second // within the announcement, which is let finish
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "DECLINE"))
		p.press("1")
		wait(t, 1200*time.Millisecond)
		if got := r.now(v); got.Tries != 1 || !got.Payable() {
			t.Fatalf("not settled yet: %s after %d tries", got.Status, got.Tries)
		}
		p.at(dialogue.StepPay)
		p.hangUp()
		told := 0
		for _, text := range r.texts(buyer) {
			if strings.Contains(text, "결제 안 됨") {
				told++
			}
		}
		if told != 1 {
			t.Errorf("told %d times", told)
		}
	})
}

func TestWhoHangsUpBeforeTheLastKeyHasSentNothing(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		c := cardOf(t, "APPROVE")
		p.press(c.Number) // and no #
		p.hangUp()
		got := r.now(v)
		if !got.Payable() || got.Status == payrequest.InCall || got.Tries != 0 || len(r.book.Entries(0, 10)) != 0 {
			t.Errorf("the request is %s after %d tries, the acquirer saw %d messages", got.Status, got.Tries, len(r.book.Entries(0, 10)))
		}
		if f := r.line.Figures(); f.Ended[call.HungUp] != 1 {
			t.Errorf("figures %+v", f)
		}
	})
}

func TestOfTwoCallsOneTakesTheRequest(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 3 * time.Second
		v := r.ask(12_300)
		one, two := r.call(buyer), r.call(buyer)
		for _, p := range []*phone{one, two} {
			p.toCard()
			p.enter(cardOf(t, "APPROVE"))
		}
		one.press("1")
		two.press("1")
		two.hears(speech.Busy)
		two.over()
		one.hears(speech.Approved)
		one.over()
		r.is(v, payrequest.Paid)
		if n := len(r.book.Entries(0, 10)); n != 1 {
			t.Errorf("the acquirer saw %d messages", n)
		}
		if late := r.call(buyer); true {
			late.at(dialogue.StepCode) // nothing is left to pay
			late.hangUp()
		}
	})
}

func TestAWithdrawalDuringTheCallWins(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		if _, err := r.requests.Withdraw(t.Context(), r.shop.Tenant(), v.ID, "test"); err != nil {
			t.Fatal(err)
		}
		p.press("1")
		p.hears(speech.CodeEnded)
		p.over()
		r.is(v, payrequest.Withdrawn)
		if n := len(r.book.Entries(0, 10)); n != 0 {
			t.Errorf("the acquirer saw %d messages", n)
		}
	})
}

func TestAWithdrawalIsRefusedWhileTheCallPays(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 2 * time.Second
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		p.press("1")
		synctest.Wait()
		if _, err := r.requests.Withdraw(t.Context(), r.shop.Tenant(), v.ID, "test"); err == nil {
			t.Error("it was withdrawn while it was paid")
		}
		p.hears(speech.Approved)
		p.over()
		r.is(v, payrequest.Paid)
	})
}

func TestACorrectedNumberEndsTheCallOfTheWrongOne(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		if _, err := r.requests.Resend(t.Context(), r.shop.Tenant(), v.ID, "01000005678", "test"); err != nil {
			t.Fatal(err)
		}
		p.press("1")
		p.hears(speech.CodeEnded)
		p.over()
		if got := r.now(v); !got.Payable() || got.Tries != 0 {
			t.Errorf("the request is %s", got.Status)
		}
		right := r.call("01000005678")
		right.at(dialogue.StepOrder)
		right.hangUp()
	})
}

func TestARequestThatExpiresOnTheLineIsNotPaid(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.askUntil(12_300, r.line.Clock.Now().Add(time.Minute))
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		for range 5 { // asked again and again until the time is up
			p.press("*")
			wait(t, 14*time.Second)
		}
		p.press("1")
		p.hears(speech.CodeEnded)
		p.over()
		r.texts(buyer)
		r.is(v, payrequest.Expired)
	})
}

func TestASilentAcquirerIsWaitedForHalfAMinute(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 35 * time.Second
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "APPROVE"))
		p.press("1")
		p.hears(speech.Hold)
		p.hears(speech.ResultByText)
		p.over()
		if f := r.line.Figures(); f.Ended[dialogue.Pending] != 1 {
			t.Errorf("figures %+v", f)
		}
		wait(t, 10*time.Second)
		r.is(v, payrequest.Paid)
		contains(t, r.texts(buyer), "결제 완료")
	})
}

func TestAnUnclearAnswerIsSettledAndToldByText(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "TIMEOUT"))
		p.press("1")
		p.hears(speech.ResultByText)
		p.over()
		r.is(v, payrequest.Paying)
		r.settle(time.Minute)
		if got := r.is(v, payrequest.Failed); got.Payment.Failure.Code != "REVERSED" {
			t.Errorf("%+v", got.Payment.Failure)
		}
		contains(t, r.texts(buyer), "승인 취소됨")
	})
}

func TestAStoppingServerTakesLeave(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.bank.wait = 4 * time.Second
		v, other := r.ask(12_300), r.ask(45_600)
		paying := r.call("")
		paying.at(dialogue.StepCode)
		paying.press(v.Code)
		paying.toCard()
		paying.enter(cardOf(t, "APPROVE"))
		asked := r.call("")
		asked.press(other.Code)
		asked.toCard()
		paying.press("1")
		begun := r.line.Clock.Now()
		closed := make(chan error, 1)
		go func() { closed <- r.line.Close(context.WithoutCancel(t.Context())) }()
		asked.hears(speech.Closed)
		paying.hears(speech.ResultByText)
		must(t, <-closed)
		if took := r.line.Clock.Now().Sub(begun); took > 8*time.Second {
			t.Errorf("the server waits %v for its calls", took)
		}
		r.is(v, payrequest.Paid)
		refused := r.call(buyer)
		refused.over()
		if refused.said() != "" {
			t.Error("a closed line took a call")
		}
		contains(t, r.texts(buyer), "결제 완료")
	})
}

func TestACallHasALongestTime(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.ask(12_300)
		p := r.call(buyer)
		begun := r.line.Clock.Now()
		for range 60 { // the star begins a question again, and never ends
			select {
			case <-p.left:
			default:
				p.press("*")
				wait(t, 11*time.Second)
			}
		}
		p.over()
		if took := r.line.Clock.Now().Sub(begun); took < longest || took > longest+30*time.Second {
			t.Errorf("the call lasted %v", took)
		}
	})
}

func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		wrong := "000000"
		if v.Code == wrong {
			wrong = "000001"
		}
		for range 3 { // three a call, ten a day
			p := r.call("01000009999")
			p.at(dialogue.StepCode)
			for range dialogue.CodeTries {
				p.press(wrong)
			}
			p.hears(speech.TooMany)
			p.over()
		}
		last := r.call("01000009999")
		last.press(wrong)
		last.hears(speech.CodeUnknown)
		last.press(v.Code)
		last.hears(speech.CodeBarred)
		last.over()
		if f := r.line.Figures(); f.Ended[dialogue.GaveUp] != 4 {
			t.Errorf("figures %+v", f)
		}
	})
}

func TestAClosedShopIsSaid(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		r.closed = true
		p := r.call(buyer)
		p.hears(speech.Closed)
		p.over()
		r.closed = false
		if !r.now(v).Payable() {
			t.Error("the request is lost")
		}
	})
}

// TestACardThatIsNoneAsksForAnother: what only the payment side can see is a decline that
// nothing was sent for.
func TestACardThatIsNoneAsksForAnother(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		r.ask(12_300)
		p := r.call(buyer)
		p.toCard()
		p.enter(cardOf(t, "DECLINE_EXPIRED"))
		p.press("1")
		p.hears(speech.CardWrong, speech.DeclinedExpiry)
		p.hears(speech.OtherCard)
		p.hangUp()
	})
}

// TestNothingOfACardIsLogged: at debug level, over calls of every kind.
func TestNothingOfACardIsLogged(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		for _, behaviour := range []string{"APPROVE", "DECLINE", "TIMEOUT"} {
			v := r.ask(12_300)
			c := cardOf(t, behaviour)
			p := r.call("")
			p.press(v.Code)
			p.toCard()
			p.press(c.Number + "*" + c.Number + "#" + c.ExpiryMonth + c.ExpiryYear + c.BirthOrBusinessNumber + "#" + c.PasswordTwoDigits + "1")
			wait(t, 5*time.Second)
			p.hangUp()
			r.texts(buyer)
			log := r.log.String()
			for what, secret := range map[string]string{
				"card number": c.Number, "half of it": c.Number[:8], "its end": c.Number[len(c.Number)-8:], "birth date": c.BirthOrBusinessNumber,
				"telephone": buyer,
			} {
				if strings.Contains(log, secret) {
					t.Errorf("%s: the %s is in the log", behaviour, what)
				}
			}
			if !strings.Contains(log, "call ends") || !strings.Contains(log, `"step":"card"`) {
				t.Error("the log says nothing of the call")
			}
		}
	})
}
