package buyer

import (
	"net/http"

	"innopay/internal/payrequest"
	"innopay/internal/receipt"
)

// callPage tells a buyer how to pay by phone.
type callPage struct {
	receipt.Receipt
	Number     string // of the line, as it is read
	Dial       string // the same, as it is dialled
	Code       string
	Until      string
	CallNumber string // of the shop
	InCall     bool   // somebody is on the line for it
}

// call is the help page of a request that is paid by phone. It has no effect but that
// the merchant learns that it was seen.
func (s *Pages) call(w http.ResponseWriter, r *http.Request) {
	o, err := s.open(r, payrequest.ByARS)
	switch {
	case err != nil:
		s.refuse(w, r, err)
		return
	case !o.payable():
		s.state(w, r, o)
		return
	}
	b := book(r)
	number := s.ARSNumber
	s.show(w, r, http.StatusOK, "call.html", page{
		phrasebook: b, Title: b.say("callTitle") + " · " + short(o.shop.Name), Preview: s.preview(b, o.shop),
		Data: callPage{
			Receipt: receipt.Of(o.Payment, o.shop, nil, s.Simulated), Number: dashed(number), Dial: number, Code: o.Code,
			Until: b.until(o.ExpiresAt, s.Clock.Now()), CallNumber: o.shop.Phone, InCall: o.Status == payrequest.InCall,
		},
	})
	if byPerson(r) {
		s.Requests.Opened(r.Context(), o.View)
	}
}

// dashed is a telephone number as people write it: 1600-0000, 02-000-0000, 070-0000-0000.
func dashed(n string) string {
	area := 3
	switch {
	case len(n) == 8:
		area = 0
	case len(n) > 2 && n[:2] == "02":
		area = 2
	}
	if len(n) < area+7 {
		return n
	}
	rest := n[area:]
	rest = rest[:len(rest)-4] + "-" + rest[len(rest)-4:]
	if area == 0 {
		return rest
	}
	return n[:area] + "-" + rest
}
