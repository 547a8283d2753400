package call

import (
	"context"
	"errors"

	"innopay/fault"
	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/speech"
	"innopay/internal/payrequest"
)

// byCaller is what the caller's number finds. Where it finds nothing, or more than one
// request, the code decides.
func (c *talk) byCaller() dialogue.Answer {
	if c.leg.Caller() == "" {
		return dialogue.Answer{}
	}
	ctx, cancel := context.WithTimeout(c.over, lookUp)
	defer cancel()
	v, more, err := c.Payments.ByCaller(ctx, c.leg.Caller())
	switch {
	case errors.Is(err, payrequest.ErrNotFound), err == nil && more:
		return dialogue.Answer{}
	case err != nil:
		c.log.Warn("request of a caller not found out", "err", err)
		return dialogue.Answer{Standing: dialogue.Unavailable}
	}
	f := c.lookAt(ctx, v)
	c.view = f.view
	return f.Answer
}

// found is an answer with the request that it is about.
type found struct {
	dialogue.Found
	view payrequest.View
}

// find looks a code up, beside the call.
func (c *talk) find(a dialogue.Find) {
	go func() {
		defer a.Code.Wipe()
		ctx, cancel := context.WithTimeout(c.over, lookUp)
		defer cancel()
		v, err := c.Payments.ByCode(ctx, c.leg.Caller(), string(a.Code.Reveal()))
		f := found{}
		switch {
		case err == nil:
			f = c.lookAt(ctx, v)
		case errors.Is(err, payrequest.ErrNotFound):
		case errors.Is(err, payrequest.ErrCodeTries):
			f.Answer.Standing = dialogue.Barred
		default:
			c.log.Warn("request of a code not found out", "err", err)
			f.Answer.Standing = dialogue.Unavailable
		}
		f.Token = a.Token
		c.answers <- f
	}()
}

// lookAt says how far a request can be paid, and what must be asked for.
func (c *talk) lookAt(ctx context.Context, v payrequest.View) found {
	f := found{view: v}
	switch {
	case v.Status == payrequest.Paying:
		f.Answer.Standing = dialogue.Busy
		return f
	case !v.Payable():
		f.Answer.Standing = dialogue.Ended
		return f
	}
	terms, err := c.Payments.Terms(ctx, v)
	if err != nil || terms.Closed {
		if err != nil {
			c.log.Warn("terms of a request not found out", "request", v.ID, "kind", fault.KindOf(err), "err", err)
		}
		f.Answer.Standing = dialogue.Unavailable
		return f
	}
	r := dialogue.Request{
		Amount: v.Payment.Split.Amount, Birth: terms.NeedsBirth, Password: terms.NeedsPassword, Months: terms.Installments,
	}
	if name := speech.Clip(speech.Shop + v.MerchantID); c.Library.Has(name) {
		r.Shop = name
	}
	f.Answer = dialogue.Answer{Standing: dialogue.Payable, Request: r}
	return f
}
