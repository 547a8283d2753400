package load

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"innopay/clock"
	"innopay/internal/demo"
)

// Verdict is what an answer means for a press.
type Verdict uint8

// The verdicts.
const (
	Again   Verdict = iota // no answer, in progress, or not able now: send the same again
	Open                   // accepted, outcome unknown (202)
	Final                  // the frozen answer
	Refused                // nothing was done, and the same again would not help
)

// String is for messages of tests.
func (v Verdict) String() string { return [...]string{"AGAIN", "OPEN", "FINAL", "REFUSED"}[v] }

// Press is one press of a button: a request with its idempotency key, sent as often
// as it takes. It remembers its first final answer and notices when a later one
// differs. It is safe for concurrent use.
type Press struct {
	Key       string
	OrderID   string // of a payment
	PaymentID string // of a cancel
	Amount    int64  // won; of a cancel 0 for all that is left
	Behaviour string // of the card

	client *Client
	clock  clock.Clock
	book   *Book
	path   string
	body   []byte

	mu      sync.Mutex
	verdict Verdict
	final   Answer
	code    string // of the refusal
}

// Order is what a payment is for.
type Order struct {
	ID     string
	Amount int64
	// Reader swipes the card on the encrypting reader of this number, 1..524287, that no
	// other order of the server has; 0: it is keyed in.
	Reader uint32
}

// NewPayment prepares a payment with a card.
func (b *Book) NewPayment(c *Client, key string, o Order, card demo.Card) *Press {
	body, err := json.Marshal(map[string]any{
		"method": "CARD", "orderId": o.ID, "orderName": "부하 시험", "amount": o.Amount, "taxFreeAmount": 0, "serviceFee": 0,
		"installmentMonths": 0, "card": cardOf(o, card),
	})
	if err != nil {
		panic("load: plain data cannot fail to encode: " + err.Error())
	}
	return b.add(&Press{Key: key, OrderID: o.ID, Amount: o.Amount, Behaviour: card.Behaviour, client: c, path: "/v1/payments", body: body})
}

// NewCancel prepares a cancel of amount won, or of all that is left when it is 0.
func (b *Book) NewCancel(c *Client, key, paymentID string, amount int64) *Press {
	in := map[string]any{"reason": "부하 시험", "cancelPassword": c.merchant.CancelPassword}
	if amount > 0 {
		in["amount"] = amount
	}
	body, err := json.Marshal(in)
	if err != nil {
		panic("load: plain data cannot fail to encode: " + err.Error())
	}
	return b.add(&Press{Key: key, PaymentID: paymentID, Amount: amount, client: c, path: "/v1/payments/" + url.PathEscape(paymentID) + "/cancel", body: body})
}

// IsCancel reports whether the press is a cancel.
func (p *Press) IsCancel() bool { return p.PaymentID != "" }

// Verdict is what is known by now, with the frozen answer when it is Final and the
// code when it is Refused.
func (p *Press) Verdict() (Verdict, Answer, string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.verdict, p.final, p.code
}

// Send sends once. An error means that no whole answer came.
func (p *Press) Send(ctx context.Context) (Answer, Verdict, error) {
	before, _, _ := p.Verdict()
	a, err := p.client.Do(ctx, http.MethodPost, p.path, p.Key, p.body)
	if err != nil {
		return a, Again, err
	}
	return a, p.take(before, a), nil
}

// judge is what an answer means by itself.
func (p *Press) judge(a Answer) Verdict {
	switch {
	case a.Status == http.StatusAccepted:
		return Open
	case a.Status == http.StatusCreated && !p.IsCancel(), a.Status == http.StatusOK && p.IsCancel():
		return Final
	case a.Status == http.StatusTooManyRequests, a.Status == http.StatusServiceUnavailable,
		a.Status == http.StatusConflict && a.Code() == "IN_PROGRESS":
		return Again
	case a.Status >= 400 && a.Status < 500:
		return Refused
	}
	p.book.complain("%s %s: status %d: %s", p.path, p.Key, a.Status, a.Body)
	return Again
}

// take remembers an answer and compares it with the final one. before is what was
// known when the request was sent: only then an answer may not fall behind it.
func (p *Press) take(before Verdict, a Answer) Verdict {
	v := p.judge(a)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verdict == Final {
		switch {
		case v == Again, v != Final && before != Final:
		case v != Final:
			p.book.complain("%s %s: final answer was followed by %d %s", p.path, p.Key, a.Status, a.Code())
		case a.Status != p.final.Status || !bytes.Equal(a.Body, p.final.Body):
			p.book.complain("%s %s: replay differs:\n  %s\n  %s", p.path, p.Key, p.final.Body, a.Body)
		}
		return v
	}
	if v == Refused && before == Open {
		p.book.complain("%s %s: an unknown outcome became %d %s", p.path, p.Key, a.Status, a.Code())
	}
	if v != Again {
		p.verdict = v
	}
	switch v {
	case Final:
		p.final = a
		p.checkFinal(a)
	case Refused:
		p.code = a.Code()
		p.book.refuse(p.code)
		if p.code == "SWIPE_USED" {
			p.book.complain("%s: its own swipe was used up by what was never taken", p.Key)
		}
	case Again, Open:
	}
	return v
}

// checkFinal sees that a final answer says what the contract promises of it.
func (p *Press) checkFinal(a Answer) {
	pay, err := a.Payment()
	if err != nil {
		p.book.complain("%s %s: final answer is no payment: %v", p.path, p.Key, err)
		return
	}
	switch {
	case p.IsCancel():
		if pay.ID != p.PaymentID || len(pay.Cancels) == 0 {
			p.book.complain("%s %s: final answer of a cancel holds none: %s", p.path, p.Key, a.Body)
		}
	case pay.OrderID != p.OrderID || pay.Amount != p.Amount:
		p.book.complain("%s: asked for %d won of order %s, got %s", p.Key, p.Amount, p.OrderID, a.Body)
	case pay.Status != "DONE" && pay.Status != "ABORTED":
		p.book.complain("%s: final answer of a payment is %s", p.Key, pay.Status)
	case pay.Status == "DONE":
		p.book.sell(&Sale{Payment: pay, client: p.client})
	}
}

// firstWait doubles up to lastWait between two sends of a press.
const (
	firstWait = 20 * time.Millisecond
	lastWait  = 640 * time.Millisecond
)

// errPatience ends a press that was sent again for long enough.
var errPatience = errors.New("out of patience")

// until sends until enough says so, patience has passed (0: never), or ctx ends.
func (p *Press) until(ctx context.Context, patience time.Duration, enough func(Verdict) bool) (Verdict, error) {
	wait := firstWait
	begun := p.clock.Now()
	for {
		_, v, err := p.Send(ctx)
		if enough(v) {
			return v, nil
		}
		serr := p.clock.Sleep(ctx, wait)
		if serr == nil && patience > 0 && p.clock.Now().Sub(begun) > patience {
			serr = errPatience
		}
		if serr != nil {
			return v, fmt.Errorf("load: press %s not answered: %w", p.Key, errors.Join(err, serr))
		}
		wait = min(2*wait, lastWait)
	}
}

// Push sends until the server has taken the press: its outcome may still be unknown.
// After patience, 0 for none, it is not sent again and stays open.
func (p *Press) Push(ctx context.Context, patience time.Duration) (Verdict, error) {
	return p.until(ctx, patience, func(v Verdict) bool { return v != Again })
}

// Finish sends until the outcome is final, or the press is refused.
func (p *Press) Finish(ctx context.Context) (Verdict, error) {
	return p.until(ctx, 0, func(v Verdict) bool { return v == Final || v == Refused })
}
