package dialogue_test

import (
	"strings"
	"testing"
	"time"

	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
)

func TestAStrangerIsAskedForTheCode(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	p.hears(speech.Greet, speech.Code)
	p.press("123456")
	if p.find == nil || string(p.find.Code.Reveal()) != "123456" {
		t.Fatal("the code was not looked up")
	}
	p.empty()
	r := plain()
	r.Shop = "shop_1"
	p.send(dialogue.Found{Token: p.find.Token, Answer: payable(r)})
	p.hears("shop_1", speech.Amount)
	p.at(dialogue.StepOrder)
}

func TestACodeThatFindsNothingMayBeTriedThreeTimes(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	for range dialogue.CodeTries - 1 {
		p.press("123456#")
		p.send(dialogue.Found{Token: p.find.Token})
		p.hears(speech.CodeUnknown, speech.Code)
	}
	p.press("123456")
	p.send(dialogue.Found{Token: p.find.Token})
	p.hears(speech.CodeUnknown, speech.TooMany)
	p.over(dialogue.GaveUp)
}

func TestARequestThatCannotBePaidEndsTheCall(t *testing.T) {
	t.Parallel()
	for standing, test := range map[dialogue.Standing]struct {
		clip speech.Clip
		why  dialogue.Reason
	}{
		dialogue.Ended:       {speech.CodeEnded, dialogue.NotPayable},
		dialogue.Busy:        {speech.Busy, dialogue.NotPayable},
		dialogue.Barred:      {speech.CodeBarred, dialogue.GaveUp},
		dialogue.Unavailable: {speech.Closed, dialogue.Failed},
		99:                   {speech.Closed, dialogue.Failed},
	} {
		p := &phone{t: t}
		p.send(dialogue.Started{Answer: dialogue.Answer{Standing: standing}})
		p.hears(speech.Greet, test.clip)
		p.over(test.why)

		p = &phone{t: t}
		p.send(dialogue.Started{})
		p.press("123456")
		p.send(dialogue.Found{Token: p.find.Token, Answer: dialogue.Answer{Standing: standing}})
		p.hears(test.clip)
		p.over(test.why)
	}
}

func TestALookUpThatNeverAnswersEndsTheCall(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	p.press("123456")
	p.wait(dialogue.FindLimit)
	p.hears(speech.Closed)
	p.send(dialogue.Found{Token: p.find.Token, Answer: payable(plain())})
	p.over(dialogue.Failed)
}

func TestNoToAmountConsentOrPaymentCancels(t *testing.T) {
	t.Parallel()
	for keys, step := range map[string]dialogue.Step{
		"": dialogue.StepOrder, "1": dialogue.StepConsent, "11" + number + "#" + cardExpiry: dialogue.StepConfirm,
	} {
		p := call(t, plain())
		p.press(keys)
		p.at(step)
		p.press("2")
		p.empty()
		p.hears(speech.ByeCancel)
		p.over(dialogue.Canceled)
		if p.pays != 0 {
			t.Errorf("%s: paid after a no", step)
		}
	}
}

// TestSilenceIsAskedThreeTimes: 7 s after the end of the question, and then good-bye.
func TestSilenceIsAskedThreeTimes(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	p.listen()
	for range dialogue.Tries - 1 {
		p.heard = nil
		p.wait(dialogue.FirstKey - time.Millisecond)
		if len(p.heard) != 0 {
			t.Fatalf("asked again too early: %q", p.text())
		}
		p.wait(time.Millisecond)
		if got, want := p.text(), "입력이 확인되지 않았습니다. 문자로 받으신 결제요청번호 여섯 자리를 눌러 주세요."; got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
		p.listen()
	}
	p.wait(dialogue.FirstKey)
	p.hears(speech.TooMany)
	p.over(dialogue.GaveUp)
}

func TestAnAnswerThatStopsHalfwayIsAskedAgain(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	p.press("123")
	p.heard = nil
	p.wait(dialogue.NextKey - time.Millisecond)
	p.press("4")
	p.wait(dialogue.NextKey - time.Millisecond)
	if len(p.heard) != 0 {
		t.Fatalf("asked again too early: %q", p.text())
	}
	p.wait(time.Millisecond)
	p.hears(speech.BadInput, speech.Code)
	p.empty()
	p.press("654321")
	if string(p.find.Code.Reveal()) != "654321" {
		t.Error("the first half was not forgotten")
	}
}

// TestSilenceEndsAnAnswerOfAnyLength: who does not find # waits.
func TestSilenceEndsAnAnswerOfAnyLength(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.toCard()
	for _, step := range []struct {
		keys string
		next dialogue.Step
	}{{number, dialogue.StepExpiry}, {cardExpiry + birth, dialogue.StepPassword}, {password + "2", dialogue.StepConfirm}} {
		p.press(step.keys)
		p.wait(dialogue.NextKey)
		p.at(step.next)
	}
	if pay := p.confirm(); pay.Months != 2 {
		t.Errorf("%d months", pay.Months)
	}
}

func TestWrongAnswersAreAskedThreeTimes(t *testing.T) {
	t.Parallel()
	toExpiry := number + "#"
	toBirth := toExpiry + cardExpiry
	toMonths := toBirth + birth + "#" + password
	for name, test := range map[string]struct {
		before, wrong string
		says          speech.Clip
		right         string
		next          dialogue.Step
	}{
		"check digit":         {"", mistyped + "#", speech.CardWrong, number + "#", dialogue.StepExpiry},
		"too short":           {"", "411111111111#", speech.BadInput, number + "#", dialogue.StepExpiry},
		"length of the range": {"", "41111111111111110" + "#", speech.CardWrong, number + "#", dialogue.StepExpiry},
		"empty card":          {"*", "#", speech.BadInput, number + "#", dialogue.StepExpiry},
		"month 13":            {toExpiry, "1330", speech.ExpiryWrong, cardExpiry, dialogue.StepBirth},
		"month 0":             {toExpiry, "0030", speech.ExpiryWrong, cardExpiry, dialogue.StepBirth},
		"last month":          {toExpiry, "1026", speech.ExpiryWrong, "1126", dialogue.StepBirth},
		"year first":          {toExpiry, "3012", speech.ExpiryWrong, cardExpiry, dialogue.StepBirth},
		"short expiry":        {toExpiry, "12#", speech.BadInput, cardExpiry, dialogue.StepBirth},
		"30 February":         {toBirth, "850230#", speech.BadInput, birth + "#", dialogue.StepPassword},
		"month 0 of birth":    {toBirth, "850017#", speech.BadInput, "000229#", dialogue.StepPassword},
		"eight digits":        {toBirth, "19850317#", speech.BadInput, birth + "#", dialogue.StepPassword},
		"one month":           {toMonths, "1#", speech.InstallmentWrong, "2#", dialogue.StepConfirm},
		"not offered":         {toMonths, "4#", speech.InstallmentWrong, "03", dialogue.StepConfirm},
		"too long":            {toMonths, "24", speech.InstallmentWrong, "00", dialogue.StepConfirm},
	} {
		p := call(t, full())
		p.toCard()
		p.press(test.before)
		for range dialogue.Tries - 1 {
			p.heard = nil
			p.press(test.wrong)
			if len(p.heard) == 0 || p.heard[0] != test.says {
				t.Errorf("%s: heard %q", name, p.text())
			}
		}
		p.press(test.right)
		p.at(test.next)

		p = call(t, full())
		p.toCard()
		p.press(test.before + strings.Repeat(test.wrong, dialogue.Tries))
		p.hears(speech.TooMany)
		p.over(dialogue.GaveUp)
	}
}

func TestWithoutADayTheIssuerDecidesOnTheExpiry(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.press(number + "#" + "0120")
	p.at(dialogue.StepConfirm)
}

func TestAChoiceTakesOneOrTwo(t *testing.T) {
	t.Parallel()
	for _, key := range "034567890#" {
		p := call(t, plain())
		p.heard = nil
		p.press(string(key))
		p.hears(speech.BadInput, speech.AmountChoice)
	}
}

// TestTriesCountPerQuestion: an answer that is right forgives those before it.
func TestTriesCountPerQuestion(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.press("99" + "1" + "99" + "1")
	p.press(mistyped + "#" + mistyped + "#" + number + "#")
	p.press("1330" + "1330" + cardExpiry)
	p.at(dialogue.StepBirth)
}

func TestTheStarClearsAndAsksAgain(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.toCard()
	p.press("41111999")
	p.heard = nil
	p.press("*")
	p.hears(speech.Card)
	p.empty()
	p.press(number + "#")
	p.press("99*" + cardExpiry)
	p.at(dialogue.StepBirth)
	p.press("9*9*9*9*" + birth + "#")
	p.at(dialogue.StepPassword)
}

// TestAHashAfterAFullAnswerBelongsToIt: other lines end everything with #, and the next
// question once took it for an empty answer.
func TestAHashAfterAFullAnswerBelongsToIt(t *testing.T) {
	t.Parallel()
	p := &phone{t: t}
	p.send(dialogue.Started{})
	p.press("123456#")
	p.send(dialogue.Found{Token: p.find.Token, Answer: payable(full())})
	stops := p.stops
	p.press("1")
	p.press("#")
	if p.stops != stops+1 {
		t.Error("the question after it was cut")
	}
	p.press("1#" + "6200000000000000000" + "#")
	p.at(dialogue.StepExpiry)
	p.press(cardExpiry + "#" + "1208800767" + "#" + password + "#" + "12" + "#")
	p.at(dialogue.StepConfirm)
	for _, c := range p.heard {
		if c == speech.BadInput {
			t.Error("a # was taken for an answer")
		}
	}
}

func TestOnlyOneHashIsSwallowed(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.press("1#")
	p.heard = nil
	p.press("#")
	p.hears(speech.BadInput, speech.Consent)
}

func TestAHashIsNotSwallowedAfterAnotherKey(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.press("11")
	p.press("4#")
	p.hears(speech.BadInput)
}

func TestAKeyCutsTheQuestion(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.wait(clipLength / 2)
	p.press("1")
	if p.stops != 1 {
		t.Errorf("%d stops", p.stops)
	}
	p.listen()
	p.press("1")
	if p.stops != 1 {
		t.Error("silence was stopped")
	}
}

func TestKeysThatMeanNothingAreIgnored(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.press("ABCD\x00 \xff")
	if p.stops != 0 {
		t.Error("a key that means nothing cut the question")
	}
	p.toCard()
	p.press(strings.Join(strings.Split(number, ""), "A") + "#")
	p.at(dialogue.StepExpiry)
}

func TestAKeyThatIsHeldEndsTheCallInTheEnd(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"*", "5", "#", "A"} {
		p := call(t, full())
		p.toCard()
		p.press(strings.Repeat(key, 2*dialogue.MaxKeys))
		p.over(dialogue.GaveUp)
	}
}

func TestWhatComesLateIsIgnored(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	oldSound, oldTimer := p.played.token, p.timer.token
	p.press("1")
	p.heard = nil
	p.send(dialogue.Played{Token: oldSound})
	p.send(dialogue.Elapsed{Token: oldTimer})
	p.send(dialogue.Found{Token: 1, Answer: payable(full())})
	p.send(dialogue.Settled{Token: 1, Result: dialogue.Result{Outcome: dialogue.Approved}})
	p.send(dialogue.Started{})
	p.send(dialogue.Played{})
	p.send(dialogue.Elapsed{})
	if len(p.heard) != 0 {
		t.Errorf("heard %q", p.text())
	}
	p.at(dialogue.StepConsent)
	p.press("1" + "4")
	before := p.timer
	p.send(dialogue.Played{})
	if p.timer != before {
		t.Error("the end of nothing started a timer")
	}
}

func TestAServerThatStopsSaysSo(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"", "1", "11" + number} {
		p := call(t, plain())
		p.press(keys)
		p.send(dialogue.Stopping{})
		p.hears(speech.Closed)
		p.over(dialogue.Failed)
	}
}

func TestTheStepsTellWhereNothingMayBeRecorded(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.toCard()
	p.toPay()
	p.confirm()
	secret := map[dialogue.Step]bool{
		dialogue.StepOrder: false, dialogue.StepConsent: false, dialogue.StepCard: true, dialogue.StepExpiry: true,
		dialogue.StepBirth: true, dialogue.StepPassword: true, dialogue.StepInstallment: false,
		dialogue.StepConfirm: false, dialogue.StepPay: false,
	}
	if len(p.steps) != len(secret) {
		t.Errorf("%d steps, want %d: %v", len(p.steps), len(secret), p.steps)
	}
	for _, s := range p.steps {
		if want, ok := secret[s.Step]; !ok || s.Secret != want {
			t.Errorf("%s: secret %v", s.Step, s.Secret)
		}
	}
}
