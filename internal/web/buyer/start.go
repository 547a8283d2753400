package buyer

import (
	"net/http"

	"innopay/fault"
	"innopay/internal/registration"
	"innopay/internal/web/visit"
)

// door is what the page of a mailed link shows.
type door struct {
	registration.Door
	Wrong string // key of what to say about the last press; empty: nothing
}

// start shows the page of a link that an operator has mailed, without any effect: mail
// programs open links, too.
func (s *Pages) start(w http.ResponseWriter, r *http.Request) { s.door(w, r, http.StatusOK, "") }

func (s *Pages) door(w http.ResponseWriter, r *http.Request, status int, wrong string) {
	d, err := s.Doors.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	b := book(r)
	sendsForm(w)
	s.show(w, r, status, "start.html", page{phrasebook: b, Title: b.say("startTitle"), Data: door{d, wrong}})
}

// enter sends the code, or takes it and goes on to the page of the password.
func (s *Pages) enter(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxAnswer)
	if err := r.ParseForm(); err != nil {
		s.door(w, r, http.StatusBadRequest, "")
		return
	}
	token, client := r.PathValue("token"), visit.From(r.Context()).Client()
	if r.PostForm.Get("act") != "enter" {
		if err := s.Doors.SendStartCode(r.Context(), token, client); err != nil {
			s.notSent(w, r, err)
			return
		}
		http.Redirect(w, r, "/start/"+token+langQuery(r), http.StatusSeeOther)
		return
	}
	next, err := s.Doors.Enter(r.Context(), token, r.PostForm.Get("code"), client)
	switch fault.CodeOf(err) {
	case registration.ErrCode.Code:
		s.door(w, r, http.StatusUnprocessableEntity, "startWrong")
	case registration.ErrCodeSpent.Code:
		s.door(w, r, http.StatusUnprocessableEntity, "startSpent")
	case registration.ErrTooMany.Code:
		retryLater(w, err)
		s.door(w, r, http.StatusTooManyRequests, "startSoon")
	default:
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		http.Redirect(w, r, "/activate/"+next+langQuery(r), http.StatusSeeOther) //nolint:gosec // a token of ours, on this server
	}
}

func (s *Pages) notSent(w http.ResponseWriter, r *http.Request, err error) {
	switch fault.KindOf(err) { //nolint:exhaustive // the rest is no matter of this page
	case fault.TooMany:
		retryLater(w, err)
		s.door(w, r, http.StatusTooManyRequests, "startSoon")
	case fault.Conflict: // no number to send from
		s.door(w, r, http.StatusConflict, "startFailed")
	default:
		s.refuse(w, r, err)
	}
}
