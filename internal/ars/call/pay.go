package call

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/ars/dialogue"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
)

// try is one card that is being paid with. It may outlive its call.
type try struct {
	*Line
	token dialogue.Token
	view  payrequest.View

	mu     sync.Mutex
	ended  bool
	result dialogue.Result
	left   bool // the caller will not hear it
}

// pay pays beside the call, and whatever becomes of the call.
func (c *talk) pay(a dialogue.Pay) {
	t := &try{Line: c.Line, token: a.Token, view: c.view}
	c.try = t
	key := c.id + "-" + strconv.FormatUint(uint64(a.Token), 10)
	log := c.log
	ctx := context.WithoutCancel(c.over)
	c.busy.Go(func() { // the call is counted still, so Close has not seen the end yet
		defer a.Card.Wipe()
		trace := t.IDs.At(id.Trace, t.Clock.Now())
		res, err := t.Payments.PayByPhone(ctx, t.view, key, trace, a.Card, a.Months)
		r := t.resultOf(ctx, res, err)
		log.Info("tried to pay", "request", t.view.ID, "trace", trace, "outcome", r.Outcome.String(), "reason", r.Reason, "err", err)
		t.tried(r.Outcome)
		t.end(ctx, r)
		c.post(dialogue.Settled{Token: a.Token, Result: r})
	})
}

// end takes the result, and tells it by text when the caller has left.
func (t *try) end(ctx context.Context, r dialogue.Result) {
	t.mu.Lock()
	t.ended, t.result = true, r
	left := t.left
	t.mu.Unlock()
	if left {
		t.text(ctx)
	}
}

// leave says that the caller will not hear the result.
func (t *try) leave() {
	t.mu.Lock()
	ended := t.ended
	t.left = true
	t.mu.Unlock()
	if ended {
		t.busy.Go(func() { t.text(context.Background()) })
	}
}

// text tells what was not paid. What was paid, and what is still unclear, is told by the
// receipt and by the texts that follow the settling.
func (t *try) text(ctx context.Context) {
	switch t.result.Outcome {
	case dialogue.Approved, dialogue.Unsure:
		return
	case dialogue.Declined, dialogue.Gone, dialogue.Taken, dialogue.Undoable:
	}
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	if err := t.Payments.TellByText(ctx, t.view); err != nil {
		t.Log.Warn("caller not told of a decline", "request", t.view.ID, "err", err)
	}
}

// resultOf is a payment's result in the words of the dialogue.
func (t *try) resultOf(ctx context.Context, res payment.Result, err error) dialogue.Result {
	if err != nil {
		return dialogue.Result{Outcome: t.refused(ctx, err), Reason: refusal(err)}
	}
	p := res.Payment
	switch p.Status {
	case payment.Done, payment.PartialCanceled, payment.Canceled:
		return dialogue.Result{Outcome: dialogue.Approved, ApprovalNumber: p.Card.ApprovalNumber}
	case payment.Ready, payment.Aborted, payment.Expired:
		if p.Failure.Code == payment.CodeNotSent {
			return dialogue.Result{Outcome: dialogue.Undoable}
		}
		return dialogue.Result{Outcome: dialogue.Declined, Reason: p.Failure.Code, Final: p.Status != payment.Ready}
	case payment.InProgress, payment.Unknown:
	}
	return dialogue.Result{Outcome: dialogue.Unsure}
}

// refused says why nothing was sent. Only of a fault of ours that has no name it is not
// known whether anything was.
func (t *try) refused(ctx context.Context, err error) dialogue.Outcome {
	switch fault.KindOf(err) {
	case fault.Internal:
		return dialogue.Unsure
	case fault.Invalid:
		if wrongCard(err) {
			return dialogue.Declined
		}
	case fault.NotFound:
		return dialogue.Gone
	case fault.Conflict:
		return t.taken(ctx, err)
	case fault.Malformed, fault.Unauthenticated, fault.Forbidden, fault.TooMany, fault.Unavailable:
	}
	return dialogue.Undoable
}

// taken tells a request that somebody else is paying from one that has ended.
func (t *try) taken(ctx context.Context, err error) dialogue.Outcome {
	if !errors.Is(err, payrequest.ErrNotPayable) {
		return dialogue.Undoable
	}
	ctx, cancel := context.WithTimeout(ctx, lookUp)
	defer cancel()
	v, err := t.Payments.Get(ctx, merchant.TenantOf(t.view.MerchantID), t.view.ID)
	if err == nil && v.Status == payrequest.Paying {
		return dialogue.Taken
	}
	return dialogue.Gone
}

// invalidCard is the failure code of the contract for a card that cannot be right.
const invalidCard = "INVALID_CARD_NUMBER"

func refusal(err error) string {
	if wrongCard(err) {
		return invalidCard
	}
	return ""
}

// wrongCard reports whether a field of the card was refused.
func wrongCard(err error) bool {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		return false
	}
	for _, field := range f.Fields {
		if strings.HasPrefix(field.Path, "/card") {
			return true
		}
	}
	return false
}
