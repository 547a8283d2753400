package buyer

import (
	"errors"
	"net/http"

	"innopay/fault"
	"innopay/internal/merchant"
)

// maxForm is the most a form may carry, in bytes.
const maxForm = 16 << 10

// activation is what the form shows.
type activation struct {
	merchant.Activation
	Wrong []string // sentences about what was entered before
}

// Cancel reports whether the cancel password is set, not a login's.
func (a activation) Cancel() bool { return a.Kind == merchant.LinkCancelPassword }

// Next reports whether another password is set after this one.
func (a activation) Next() bool { return a.Steps && !a.Cancel() }

// activation shows the form of a one-time link, without any effect.
func (s *Pages) activation(w http.ResponseWriter, r *http.Request) {
	s.form(w, r, http.StatusOK, nil)
}

func (s *Pages) form(w http.ResponseWriter, r *http.Request, status int, wrong []string) {
	a, err := s.Activations.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	b := book(r)
	title := "setTitle"
	if a.Kind == merchant.LinkCancelPassword {
		title = "setCancelTitle"
	}
	sendsForm(w)
	s.show(w, r, status, "activate.html", page{phrasebook: b, Title: b.say(title), Data: activation{a, wrong}})
}

// sendsForm is for pages with a form. Under no-referrer browsers send "Origin: null"
// with it, by which those without Sec-Fetch-Site could not be told from a foreign site.
func sendsForm(w http.ResponseWriter) { w.Header().Set("Referrer-Policy", "same-origin") }

// activate sets the password of a one-time link.
func (s *Pages) activate(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		s.form(w, r, http.StatusBadRequest, nil)
		return
	}
	password := r.PostForm.Get("password")
	if password != r.PostForm.Get("again") {
		s.form(w, r, http.StatusUnprocessableEntity, []string{book(r).say("mismatch")})
		return
	}
	next, err := s.Activations.RedeemStep(r.Context(), merchant.Redemption{
		Token: r.PathValue("token"), Password: merchant.Password(password), TOTPCode: r.PostForm.Get("totpCode"),
	})
	var f *fault.Error
	switch {
	case err == nil && next != "":
		http.Redirect(w, r, "/activate/"+next+langQuery(r), http.StatusSeeOther)
	case err == nil:
		http.Redirect(w, r, "/activate/done?lang="+book(r).lang(), http.StatusSeeOther)
	case errors.As(err, &f) && f.Kind == fault.Invalid:
		s.form(w, r, http.StatusUnprocessableEntity, sentences(f))
	default:
		s.refuse(w, r, err)
	}
}

// sentences are what the fields of a fault say.
func sentences(f *fault.Error) []string {
	if len(f.Fields) == 0 {
		return []string{f.Message}
	}
	out := make([]string, 0, len(f.Fields))
	for _, w := range f.Fields {
		out = append(out, w.Message)
	}
	return out
}
