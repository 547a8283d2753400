package dialogue_test

import (
	"testing"
	"time"

	"innopay/acquirer"
	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
)

func TestAWholePaymentByPhone(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.listen()
	if got, want := p.text(), "안녕하세요. 카드 자동 결제 서비스입니다. 결제하실 금액은 십이만삼천사백오십육원입니다. 맞으시면 1번, 아니면 2번을 눌러 주세요."; got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
	p.press("1")
	p.hears(speech.Consent)
	p.press("1")
	p.hears(speech.Card)
	p.press(number + "#")
	p.hears(speech.Expiry)
	p.press(cardExpiry)
	p.hears(speech.Birth)
	p.press(birth + "#")
	p.hears(speech.Password)
	p.press(password)
	p.hears(speech.Installment)
	p.press("3#")
	if got, want := p.text(), "카드번호 끝 네 자리 일일일일 결제 금액 십이만삼천사백오십육원 할부 삼개월 결제하시겠습니까? 결제는 1번, 취소는 2번을 눌러 주세요."; got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
	pay := p.confirm()
	if got, want := revealed(pay.Card), number+" 3711 "+birth+" "+password; got != want || pay.Months != 3 || pay.Card.Entry != acquirer.Phone {
		t.Errorf("handed over: %v months %d entry %s", got == want, pay.Months, pay.Card.Entry)
	}
	p.empty()
	p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "30012045"})
	if got, want := p.text(), "결제가 완료되었습니다. 승인번호는 삼공공일이공사오입니다. 이용해 주셔서 감사합니다."; got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
	p.over(dialogue.Paid)
	if p.pays != 1 || len(p.byText) != 0 {
		t.Errorf("%d payments, %d texts", p.pays, len(p.byText))
	}
}

func TestOnlyWhatIsWantedIsAsked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		request dialogue.Request
		keys    string
		card    string
		months  int
	}{
		"nothing more":    {plain(), number + "#" + cardExpiry, number + " 3711  ", 0},
		"birth":           {dialogue.Request{Amount: 1_000, Birth: true}, number + "#" + cardExpiry + birth + "#", number + " 3711 " + birth + " ", 0},
		"business number": {dialogue.Request{Amount: 1_000, Birth: true}, number + "#" + cardExpiry + "1208800767", number + " 3711 1208800767 ", 0},
		"password":        {dialogue.Request{Amount: 1_000, Password: true}, number + "#" + cardExpiry + password, number + " 3711  " + password, 0},
		"lump sum":        {dialogue.Request{Amount: 50_000, Months: []int{2}}, number + "#" + cardExpiry + "0#", number + " 3711  ", 0},
		"twelve months":   {dialogue.Request{Amount: 50_000, Months: []int{12}}, number + "#" + cardExpiry + "12#", number + " 3711  ", 12},
	} {
		p := call(t, test.request)
		p.toCard()
		p.press(test.keys)
		p.at(dialogue.StepConfirm)
		pay := p.confirm()
		if revealed(pay.Card) != test.card || pay.Months != test.months {
			t.Errorf("%s: handed over is something else, in %d months", name, pay.Months)
		}
	}
}

// TestAQuickAnswerDoesNotCutTheSentence: an approval within two seconds once did.
func TestAQuickAnswerDoesNotCutTheSentence(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.press("1")
	p.heard = nil
	p.send(dialogue.Settled{Token: p.paid.Token, Result: dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "1"}})
	if len(p.heard) != 0 {
		t.Fatalf("the sentence was cut by %q", p.text())
	}
	p.listen()
	p.hears(speech.Approved)
	p.over(dialogue.Paid)
}

func TestAnAnswerEndsTheMusicAtOnce(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.confirm()
	p.hears(speech.Hold)
	p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "30012045"})
	p.hears(speech.Approved)
}

func TestTheSentenceAndTheMusicTakeTurns(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.confirm()
	p.heard = nil
	p.wait(4 * clipLength)
	if got, want := p.text(), "결제를 진행하고 있습니다. 잠시만 기다려 주세요. ♪ 결제를 진행하고 있습니다. 잠시만 기다려 주세요. ♪"; got != want {
		t.Errorf("heard %q, want %q", got, want)
	}
}

// TestSilenceOfTheAcquirer: after 30 s the caller is told that a text follows; the
// answer that comes later is the text's matter.
func TestSilenceOfTheAcquirer(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.confirm()
	p.wait(dialogue.Wait - 2*clipLength)
	if len(p.byText) != 0 {
		t.Fatal("the text was promised too early")
	}
	p.wait(2 * clipLength)
	p.hears(speech.ResultByText)
	if len(p.byText) != 1 || p.byText[0] != p.paid.Token {
		t.Errorf("told by text are %v, not %d", p.byText, p.paid.Token)
	}
	p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "30012045"})
	if len(p.heard) != 0 {
		t.Errorf("heard %q", p.text())
	}
	p.over(dialogue.Pending)
}

func TestAnUnclearOutcomeIsNeverCalledAFailure(t *testing.T) {
	t.Parallel()
	for _, outcome := range []dialogue.Outcome{dialogue.Unsure, 99} {
		p := call(t, plain())
		p.toCard()
		p.toPlainPay()
		p.confirm()
		p.settle(dialogue.Result{Outcome: outcome})
		if got := p.text(); got != "결과는 문자로 알려 드립니다." {
			t.Errorf("heard %q", got)
		}
		p.over(dialogue.Pending)
		if len(p.byText) != 1 {
			t.Errorf("%d texts", len(p.byText))
		}
	}
}

// TestHangingUpWhileItIsPaid: nothing is lost, the result comes by text.
func TestHangingUpWhileItIsPaid(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*phone){
		"during the sentence": func(*phone) {},
		"during the music":    func(p *phone) { p.listen() },
		"result not yet said": func(p *phone) {
			p.send(dialogue.Settled{Token: p.paid.Token, Result: dialogue.Result{Outcome: dialogue.Declined}})
		},
	} {
		p := call(t, plain())
		p.toCard()
		p.toPlainPay()
		p.press("1")
		before(p)
		p.send(dialogue.HungUp{})
		if len(p.byText) != 1 || p.byText[0] != p.paid.Token || !p.d.Over() || p.hungUp != "" {
			t.Errorf("%s: told by text %v, over %v", name, p.byText, p.d.Over())
		}
		p.empty()
	}
}

// TestHangingUpBeforeTheLastKey: nothing was sent, so nothing is told.
func TestHangingUpBeforeTheLastKey(t *testing.T) {
	t.Parallel()
	keys := "11" + number + "#" + cardExpiry + birth + "#" + password + "3#"
	for n := range len(keys) + 1 {
		p := call(t, full())
		p.press(keys[:n])
		p.send(dialogue.HungUp{})
		if p.pays != 0 || len(p.byText) != 0 || !p.d.Over() {
			t.Errorf("after %d keys: %d payments, %d texts", n, p.pays, len(p.byText))
		}
		p.empty()
	}
}

func TestHangingUpAfterTheResultWasSaidTellsNothing(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.confirm()
	p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "1"})
	p.send(dialogue.HungUp{})
	if len(p.byText) != 0 || !p.d.Over() {
		t.Errorf("%d texts", len(p.byText))
	}
}

func TestADeclineOffersAnotherCardTwice(t *testing.T) {
	t.Parallel()
	p := call(t, full())
	p.toCard()
	tokens := map[dialogue.Token]bool{}
	for n := range dialogue.Cards {
		p.toPay()
		tokens[p.confirm().Token] = true
		p.empty()
		p.settle(dialogue.Result{Outcome: dialogue.Declined, Reason: "CARD_DECLINED"})
		if n < dialogue.Cards-1 {
			p.hears(speech.Declined, speech.OtherCard)
			p.press("1")
			p.hears(speech.Card)
		}
	}
	p.hears(speech.Declined, speech.Bye)
	p.over(dialogue.Refused)
	if len(tokens) != dialogue.Cards {
		t.Errorf("%d attempts have %d names", dialogue.Cards, len(tokens))
	}
}

func TestADeclineSaysWhy(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]speech.Clip{
		"CARD_DECLINED_LIMIT": speech.DeclinedLimit, "CARD_DECLINED_EXPIRED": speech.DeclinedExpiry,
		"INVALID_AUTHENTICATION": speech.DeclinedPassword, "INVALID_CARD_NUMBER": speech.CardWrong,
		"CARD_DECLINED_LOST": speech.Declined, "": speech.Declined,
	} {
		for _, final := range []bool{false, true} {
			p := call(t, plain())
			p.toCard()
			p.toPlainPay()
			p.confirm()
			p.settle(dialogue.Result{Outcome: dialogue.Declined, Reason: reason, Final: final})
			if final {
				p.hears(want, speech.Bye)
			} else {
				p.hears(want, speech.OtherCard)
				p.press("2")
				p.hears(speech.Bye)
			}
			p.over(dialogue.Refused)
		}
	}
}

func TestWhatWasNotSentEndsTheCall(t *testing.T) {
	t.Parallel()
	for outcome, test := range map[dialogue.Outcome]struct {
		clip speech.Clip
		why  dialogue.Reason
	}{
		dialogue.Gone:     {speech.CodeEnded, dialogue.NotPayable},
		dialogue.Taken:    {speech.Busy, dialogue.NotPayable},
		dialogue.Undoable: {speech.Closed, dialogue.Failed},
	} {
		p := call(t, plain())
		p.toCard()
		p.toPlainPay()
		p.confirm()
		p.settle(dialogue.Result{Outcome: outcome})
		p.hears(test.clip)
		p.over(test.why)
		if len(p.byText) != 0 {
			t.Errorf("%d: a text tells what was not sent", outcome)
		}
	}
}

func TestTheApprovalNumberIsRepeatedOnce(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(*phone){
		"while it is read": func(*phone) {},
		"after it":         func(p *phone) { p.listen() },
	} {
		p := call(t, plain())
		p.toCard()
		p.toPlainPay()
		p.confirm()
		p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "30012045"})
		before(p)
		first := p.text()
		p.press("1#*")
		if again := p.text(); again != first {
			t.Errorf("%s: repeated is %q, not %q", name, again, first)
		}
		p.press("***")
		if len(p.heard) != 0 {
			t.Errorf("%s: repeated twice", name)
		}
		p.over(dialogue.Paid)
	}
}

func TestAnApprovalNumberWithLettersIsLeftToTheReceipt(t *testing.T) {
	t.Parallel()
	for _, n := range []string{"A12345", "", "1234567890123"} {
		p := call(t, plain())
		p.toCard()
		p.toPlainPay()
		p.confirm()
		p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: n})
		if got, want := p.text(), "결제가 완료되었습니다. 이용해 주셔서 감사합니다."; got != want {
			t.Errorf("%q is read as %q", n, got)
		}
	}
}

// TestAServerThatStopsDuringAPayment lets the payment go on and tells by text.
func TestAServerThatStopsDuringAPayment(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.confirm()
	p.send(dialogue.Stopping{})
	p.hears(speech.ResultByText)
	p.over(dialogue.Pending)
	if len(p.byText) != 1 {
		t.Errorf("%d texts", len(p.byText))
	}
}

func TestASoundThatNeverEndsDoesNotHoldTheResult(t *testing.T) {
	t.Parallel()
	p := call(t, plain())
	p.toCard()
	p.toPlainPay()
	p.press("1")
	p.played = moment{}
	p.settle(dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: "1"})
	p.wait(dialogue.Wait + time.Second)
	p.hears(speech.Approved)
}
