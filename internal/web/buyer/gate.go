package buyer

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"innopay/fault"
	"innopay/internal/payment"
	"innopay/internal/receipt/desk"
	"innopay/internal/web/visit"
	"innopay/money"
)

// passCookie holds the pass of a gated link; it is bound to the link's path.
const passCookie = "receipt-pass"

// maxAnswer bounds what the forms of this file may hold.
const maxAnswer = 4 << 10

// gate asks for the buyer's number.
func (s *Pages) gate(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	b := book(r)
	sendsForm(w)
	s.show(w, r, status, "gate.html", page{phrasebook: b, Title: b.say("gateTitle"), Data: wrong})
}

// unlock checks the number that was given at the gate.
func (s *Pages) unlock(w http.ResponseWriter, r *http.Request) {
	f, err := s.linked(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	there := slipPath(r) + langQuery(r)
	if !f.gated {
		http.Redirect(w, r, there, http.StatusSeeOther)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAnswer)
	if err := r.ParseForm(); err != nil {
		s.gate(w, r, http.StatusBadRequest, "gateWrong")
		return
	}
	pass, err := s.Receipts.Unlock(r.Context(), f.paper, strings.TrimSpace(r.PostForm.Get("digits")))
	switch {
	case err == nil:
		http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever people come by https
			Name: passCookie, Value: pass, Path: slipPath(r), Secure: s.TLS, HttpOnly: true, SameSite: http.SameSiteLaxMode,
			MaxAge: int(desk.PassFor.Seconds()),
		})
		http.Redirect(w, r, there, http.StatusSeeOther)
	case errors.Is(err, desk.ErrWrong):
		s.gate(w, r, http.StatusUnprocessableEntity, "gateWrong")
	case fault.KindOf(err) == fault.TooMany:
		retryLater(w, err)
		s.gate(w, r, http.StatusTooManyRequests, "tooMany")
	default:
		s.refuse(w, r, err)
	}
}

func retryLater(w http.ResponseWriter, err error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter.Seconds())+1))
	}
}

// search is what a buyer typed to find a receipt.
type search struct {
	Phone, Approval, Amount string
	Wrong                   string
}

// lost asks for what a buyer knows of a receipt whose link is gone.
func (s *Pages) lost(w http.ResponseWriter, r *http.Request) { s.search(w, r, http.StatusOK, search{}) }

func (s *Pages) search(w http.ResponseWriter, r *http.Request, status int, data search) {
	b := book(r)
	sendsForm(w)
	s.show(w, r, status, "lost.html", page{phrasebook: b, Title: b.say("lostTitle"), Data: data})
}

// find leads to the receipt that fits. Whatever does not fit gets one answer, so that
// nothing is learnt of payments and numbers.
func (s *Pages) find(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAnswer)
	if err := r.ParseForm(); err != nil {
		s.search(w, r, http.StatusBadRequest, search{Wrong: "lostNone"})
		return
	}
	typed := search{Phone: r.PostForm.Get("phone"), Approval: r.PostForm.Get("approval"), Amount: r.PostForm.Get("amount")}
	amount, err := strconv.ParseInt(bare(typed.Amount), 10, 64)
	if err != nil {
		amount = 0 // nothing costs that
	}
	address, err := s.Receipts.Find(r.Context(), desk.Lost{
		Client: visit.From(r.Context()).Client(), Phone: bare(typed.Phone), Approval: strings.TrimSpace(typed.Approval), Amount: money.Won(amount),
	})
	switch {
	case err == nil:
		http.Redirect(w, r, strings.TrimPrefix(address, s.Receipts.Links.Base)+langQuery(r), http.StatusSeeOther)
	case errors.Is(err, payment.ErrNotFound):
		typed.Wrong = "lostNone"
		s.search(w, r, http.StatusNotFound, typed)
	case fault.KindOf(err) == fault.TooMany:
		retryLater(w, err)
		typed.Wrong = "tooMany"
		s.search(w, r, http.StatusTooManyRequests, typed)
	default:
		s.refuse(w, r, err)
	}
}

// bare drops what people put between digits.
func bare(s string) string {
	return strings.NewReplacer("-", "", " ", "", ",", "", "원", "").Replace(s)
}
