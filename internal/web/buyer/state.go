package buyer

import (
	"net/http"
	"strings"

	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/receipt"
)

// refreshAfter is how many seconds a page that waits for an outcome stands.
const refreshAfter = "3"

// tone is the picture a state is shown with.
type tone string

const (
	good    tone = "good"
	waiting tone = "waiting"
	over    tone = "over"
)

// state is a link that asks for nothing (any more).
type state struct {
	receipt.Receipt
	CallNumber string
	Name       string // of its texts
	Tone       tone
	Slip       string // address of the receipt, of a paid one
}

// done shows the outcome of a payment link; one that can still be paid asks again.
func (s *Pages) done(w http.ResponseWriter, r *http.Request) {
	o, err := s.open(r, payrequest.BySMS)
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case o.payable():
		http.Redirect(w, r, address(r, ""), http.StatusSeeOther)
	default:
		s.state(w, r, o)
	}
}

// state shows where a request stands that takes no card now.
func (s *Pages) state(w http.ResponseWriter, r *http.Request, o opened) {
	b := book(r)
	x := state{Receipt: receipt.Of(o.Payment, o.shop, nil, s.Simulated), CallNumber: o.shop.Phone}
	x.Name, x.Tone = stateOf(o.View)
	if x.Name == "paid" && x.Kind == receipt.FullCancel {
		x.Name, x.Tone = "canceled", over
	}
	if x.Tone == waiting {
		// The header does without a script what an element in the page would do.
		w.Header().Set("Refresh", refreshAfter)
	}
	if o.Status == payrequest.Paid {
		x.Slip = strings.TrimPrefix(s.Receipts.Links.URL(o.Payment), s.Receipts.Links.Base)
		if b.english {
			x.Slip += "?lang=en"
		}
	}
	s.show(w, r, http.StatusOK, "state.html", page{
		phrasebook: b, Title: b.say(x.Name+"Title") + " · " + short(o.shop.Name), Preview: s.preview(b, o.shop), Data: x,
	})
}

// stateOf is the name of the texts that tell of a state, and its picture.
func stateOf(v payrequest.View) (name string, t tone) {
	switch v.Status {
	case payrequest.Paid:
		return "paid", good
	case payrequest.Paying:
		if v.Payment.Status == payment.Unknown {
			return "unknown", waiting
		}
		return "paying", waiting
	case payrequest.Failed:
		if v.Payment.Failure.Code == payment.CodeReversed {
			return "reversed", over
		}
		return "failed", over
	case payrequest.Expired:
		return "expired", over
	case payrequest.Withdrawn:
		return "withdrawn", over
	case payrequest.Sending, payrequest.Sent, payrequest.Undelivered, payrequest.InCall:
	}
	return "closed", over // payable, but the shop takes no money now
}
