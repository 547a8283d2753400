package call_test

import (
	"testing"

	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
	"innopay/internal/payrequest"
)

func TestAWholePaymentByTelephone(t *testing.T) {
	t.Parallel()
	virtual(t, func(t *testing.T, r *rig) {
		v := r.ask(12_300)
		p := r.call(buyer)
		p.hears(speech.Greet)
		if got := r.is(v, payrequest.InCall); got.CallStep != payrequest.CallGreeted {
			t.Errorf("the seller sees %q", got.CallStep)
		}
		p.toCard()
		if got := r.is(v, payrequest.InCall); got.CallStep != payrequest.CallCard {
			t.Errorf("the seller sees %q", got.CallStep)
		}
		c := cardOf(t, "APPROVE")
		p.enter(c)
		p.at(dialogue.StepConfirm)
		p.press("1")
		p.hears(speech.Approved)
		p.over()
		paid := r.is(v, payrequest.Paid)
		if paid.Payment.Split.Amount != 12_300 || paid.Payment.Card.Last4 != c.Number[len(c.Number)-4:] {
			t.Errorf("paid %+v", paid.Payment)
		}
		contains(t, r.texts(buyer), "결제 완료", "승인번호 "+paid.Payment.Card.ApprovalNumber)
		if f := r.line.Figures(); f.Calls != 1 || f.Now != 0 || f.Most != 1 || f.Ended[dialogue.Paid] != 1 || f.Outcomes[dialogue.Approved] != 1 || f.Keys != 0 {
			t.Errorf("figures %+v", f)
		}
	})
}
