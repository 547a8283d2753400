package buyer

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// Requests are the payment requests that links open.
type Requests interface {
	// Open finds the request of a link; payrequest.ErrNotFound for whatever opens nothing.
	Open(ctx context.Context, token string) (payrequest.View, error)
	// Terms are what the page must ask for.
	Terms(ctx context.Context, v payrequest.View) (payrequest.Terms, error)
	// Pay is the button. The result is final (approved, or declined and payable again or
	// not) or unknown (202). Faults: Invalid with the fields to correct,
	// payrequest.ErrNotPayable, payment.ErrUnavailable, payment.ErrBusy.
	Pay(ctx context.Context, p payrequest.Pay) (payment.Result, error)
	// Opened records that a person saw the page; best effort, does not fail.
	Opened(ctx context.Context, v payrequest.View)
}

// opened is a request that a link opened, with its shop.
type opened struct {
	payrequest.View
	shop merchant.Merchant
}

// payable reports whether the button may be shown.
func (o opened) payable() bool { return o.Payable() && o.shop.TakesMoney() }

// open finds what a link shows. A request is paid in one way: the link of another kind
// opens nothing.
func (s *Pages) open(r *http.Request, k payrequest.Kind) (opened, error) {
	v, err := s.Requests.Open(r.Context(), r.PathValue("token"))
	if err == nil && v.Kind != k {
		err = payrequest.ErrNotFound
	}
	if err != nil {
		return opened{}, err
	}
	m, err := s.Directory.Merchant(r.Context(), merchant.TenantOf(v.MerchantID))
	return opened{v, m}, err
}

// address is the page of the link, or one below it, in the language that was asked for.
func address(r *http.Request, below string) string {
	a := "/p/" + url.PathEscape(r.PathValue("token")) + below
	if l := r.URL.Query().Get("lang"); l == "ko" || l == "en" {
		a += "?lang=" + l
	}
	return a
}

// link shows what a payment link asks for, or what became of it. It has no effect but
// that the merchant learns that it was seen, and so is safe for whatever follows links.
func (s *Pages) link(w http.ResponseWriter, r *http.Request) {
	o, err := s.open(r, payrequest.BySMS)
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case o.Status == payrequest.Paid:
		http.Redirect(w, r, address(r, "/done"), http.StatusSeeOther)
	case !o.payable():
		s.state(w, r, o)
	default:
		if s.ask(w, r, o, http.StatusOK, func(*bill) {}) && byPerson(r) {
			s.Requests.Opened(r.Context(), o.View)
		}
	}
}

// ask shows the form, as change leaves it, and reports whether it could.
func (s *Pages) ask(w http.ResponseWriter, r *http.Request, o opened, status int, change func(*bill)) bool {
	terms, err := s.Requests.Terms(r.Context(), o.View)
	if err != nil {
		s.refuse(w, r, err)
		return false
	}
	b := book(r)
	data, err := s.billOf(b, o.View, o.shop, terms)
	data.Free = s.free(r.Context(), b, o.shop, o.Payment.Split.Amount, terms.Installments)
	if err != nil {
		s.refuse(w, r, err)
		return false
	}
	change(&data)
	if len(data.Plans) == 0 {
		data.Form.lumpOnly(b)
	}
	title := b.say("payTitle") + " · " + short(o.shop.Name)
	if len(data.Form.Wrong) > 0 || data.Notice != "" || data.Declined != "" {
		title = b.say("payAgainTitle") // what a screen reader reads first
	}
	p := page{phrasebook: b, Title: title, Preview: s.preview(b, o.shop)}
	body, err := s.fitted(p, data)
	sendsForm(w)
	s.send(w, r, status, "pay.html", p, body, err)
	return err == nil
}

// fitted renders a bill with as many lines as one round trip has room for, whatever the
// merchant wrote.
func (s *Pages) fitted(p page, data bill) ([]byte, error) {
	for {
		p.Data = data
		body, err := s.render("pay.html", p)
		if err != nil || len(body) < maxPage || len(data.Lines) == 0 {
			return body, err
		}
		data.keep(len(data.Lines) / 2)
	}
}

// pay is the button. Whatever comes of it, the browser is sent on to a page that may be
// loaded again, unless the form must be corrected.
func (s *Pages) pay(w http.ResponseWriter, r *http.Request) {
	o, err := s.open(r, payrequest.BySMS)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !o.payable() {
		http.Redirect(w, r, address(r, ""), http.StatusSeeOther)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil || !readable(r.PostForm) {
		s.ask(w, r, o, http.StatusBadRequest, func(b *bill) { b.Notice = book(r).say("unreadable") })
		return
	}
	values := r.PostForm
	// Nothing that handles the request after this shall come upon the card.
	r.Form, r.PostForm = nil, nil
	terms, err := s.Requests.Terms(r.Context(), o.View)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	sent, err := read(values, terms, terms.Installments)
	defer sent.card.Wipe()
	if err != nil {
		s.unpaid(w, r, o, sent.form, err)
		return
	}
	result, err := s.Requests.Pay(r.Context(), payrequest.Pay{
		Token: r.PathValue("token"), Key: sent.key, TraceID: visit.From(r.Context()).TraceID,
		InstallmentMonths: sent.Months, Card: sent.card,
	})
	if err != nil {
		s.unpaid(w, r, o, sent.form, err)
		return
	}
	http.Redirect(w, r, address(r, after(result.Payment.Status)), http.StatusSeeOther)
}

// after is the page below the link's that tells of an outcome.
func after(s payment.Status) string {
	switch s {
	case payment.Done, payment.PartialCanceled, payment.Canceled, payment.Unknown, payment.InProgress:
		return "/done"
	case payment.Ready, payment.Aborted, payment.Expired:
	}
	return "" // the link's own page names the decline and asks again, or says why it does not
}

// unpaid answers a press of the button that was not taken: nothing was sent.
func (s *Pages) unpaid(w http.ResponseWriter, r *http.Request, o opened, sent form, err error) {
	b := book(r)
	shown := problem.Of(&visit.Visit{English: b.english, TraceID: visit.From(r.Context()).TraceID}, err)
	var f *fault.Error
	switch errors.As(err, &f); {
	case errors.Is(err, payment.ErrDayLimit) || errors.Is(err, payment.ErrMonthLimit):
		s.ask(w, r, o, shown.Status, func(bl *bill) { bl.Form, bl.Declined, bl.Notice = sent, "", b.say("shopLimit") })
	case f != nil && f.Kind == fault.Conflict:
		// Somebody else is paying, or it is paid: the link's page knows.
		http.Redirect(w, r, address(r, ""), http.StatusSeeOther)
	case f != nil && f.Kind == fault.Invalid:
		sent.Wrong = b.mistakes(f, shown)
		s.ask(w, r, o, http.StatusUnprocessableEntity, func(b *bill) { b.Form, b.Declined = sent, "" })
	case shown.Status == http.StatusTooManyRequests || shown.Status == http.StatusServiceUnavailable || errors.Is(err, payment.ErrRiskRefused):
		maps.Copy(w.Header(), shown.GetHeaders())
		s.ask(w, r, o, shown.Status, func(b *bill) { b.Form, b.Declined, b.Notice = sent, "", shown.Message })
	default:
		s.refuse(w, r, err)
	}
}
