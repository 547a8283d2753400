package simulation

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"innopay/acquirer"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/internal/payment"
	"innopay/money"
)

// client is one press of a button on a seller's device, and what the seller does then.
type client struct {
	w      *world
	create payment.Create // without the card
	card   simulator.Card
	again  bool // a second press for an order that was pressed before

	paymentID string
	final     payment.Result // the frozen answer; Status 0 before
	gone      bool           // the seller gave up waiting
}

// cards that approve, and cards that are declined.
var goodCards, badCards = split(simulator.Cards())

func split(all []simulator.Card) (good, bad []simulator.Card) {
	for _, c := range all {
		switch {
		case c.Behaviour == "APPROVE":
			good = append(good, c)
		case len(c.Behaviour) >= 7 && c.Behaviour[:7] == "DECLINE":
			bad = append(bad, c)
		}
	}
	return good, bad
}

// arrive is a new sale.
func (w *world) arrive() {
	w.orders++
	t := w.merchants.tenants[w.below(len(w.merchants.tenants))]
	terms := w.merchants.terms[t.ID()]
	name := fmt.Sprintf("w%d-order-%d", w.index, w.orders)
	c := &client{w: w, card: pick(w.random, goodCards...), create: payment.Create{
		Tenant: t, Actor: "usr_1", Channel: payment.ChannelCard, Key: "key-" + name, TraceID: "trc-" + name,
		OrderID: name, OrderName: "goods", Amount: w.price(),
	}}
	if w.chance(80) {
		c.card = pick(w.random, badCards...)
	}
	c.fill(terms.TaxType)
	w.clients = append(w.clients, c)
	c.post()
	if w.chance(100) { // an impatient finger
		w.active++
		w.after(w.between(0, 3*time.Second), c.post)
	}
}

func (w *world) price() money.Won {
	switch w.below(20) {
	case 0:
		return money.Max
	case 1, 2:
		return w.won(100, 1_000)
	case 3, 4, 5:
		return w.won(1_000_000, money.Max)
	}
	return w.won(100, 200_000)
}

// fill adds the parts of the amount, and some lines and months.
func (c *client) fill(tax money.TaxType) {
	w, cr := c.w, &c.create
	if w.chance(100) {
		cr.ServiceFee = w.won(0, cr.Amount/10)
	}
	switch tax {
	case money.TaxFree:
		cr.TaxFree, cr.TaxFreeGiven = cr.Amount-cr.ServiceFee, true
	case money.Mixed:
		cr.TaxFree, cr.TaxFreeGiven = w.won(0, cr.Amount-cr.ServiceFee), true
	case money.Taxable:
	}
	if cr.Amount >= 50_000 && w.chance(150) {
		cr.InstallmentMonths = 2 + w.below(11)
	}
	if taxable := cr.Amount - cr.ServiceFee - cr.TaxFree; w.chance(200) {
		for _, line := range []payment.Item{{Name: "goods", UnitPrice: taxable}, {Name: "books", UnitPrice: cr.TaxFree, TaxFree: true}} {
			if line.UnitPrice > 0 {
				line.Quantity = 1
				cr.Items = append(cr.Items, line)
			}
		}
	}
}

// request is the body with the card typed in once more.
func (c *client) request() payment.Create {
	r := c.create
	pan, err := card.ParsePAN(c.card.Number)
	expiry, err2 := card.ParseExpiry(c.card.ExpiryMonth, c.card.ExpiryYear)
	if err != nil || err2 != nil {
		c.w.violate("test card: %v %v", err, err2)
	}
	r.Card = acquirer.Card{
		Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry,
		BirthOrBusinessNumber: card.NewSecret(c.card.BirthOrBusinessNumber), PasswordTwoDigits: card.NewSecret(c.card.PasswordTwoDigits),
	}
	return r
}

// post sends the press to some process. It counts as one active client until it ends.
func (c *client) post() {
	var res payment.Result
	var err error
	r := c.request()
	c.w.anyProcess().call(func(s *payment.Service) { res, err = s.PayByCard(background, r) }, func(answered bool) {
		c.answered(res, err, answered)
	})
}

// again soon unless the seller gives up.
func (c *client) later(try func()) {
	if c.w.faults && c.w.chance(30) {
		c.gone = true
		c.w.active--
		return
	}
	c.w.after(c.w.between(200*time.Millisecond, 4*time.Second), try)
}

// answered acts on an answer to a press, and sees that it is one the contract allows.
func (c *client) answered(res payment.Result, err error, answered bool) {
	code := codeOf(err)
	c.w.trace.line(c.w.now, "answer", c.create.Key, strconv.FormatBool(answered), strconv.Itoa(res.Status), string(res.Payment.Status), code)
	switch {
	case !answered || code == "IN_PROGRESS" || code == "UNAVAILABLE" || code == "OVERLOADED" || code == "ACQUIRER_DOWN":
		c.later(c.post)
		return
	case code == "DUPLICATE_ORDER" && c.again && c.paymentID == "":
		c.w.active--
		return
	case err != nil:
		c.w.violate("a press was refused: %v", err)
		return
	}
	if c.paymentID != "" && c.paymentID != res.Payment.ID {
		c.w.violate("key %s is payment %s and %s", c.create.Key, c.paymentID, res.Payment.ID)
		return
	}
	c.paymentID = res.Payment.ID
	if res.Status == 202 {
		if c.final.Status != 0 {
			c.w.violate("key %s is unknown again after its final answer", c.create.Key)
		}
		c.later(c.post)
		return
	}
	if c.final.Status != 0 {
		c.same(res)
		c.w.active--
		return
	}
	c.final = res
	c.follow()
}

// same sees that a replay is the first answer, byte for byte.
func (c *client) same(res payment.Result) {
	if res.Status != c.final.Status || res.TraceID != c.final.TraceID || !bytes.Equal(res.Body, c.final.Body) {
		c.w.violate("key %s was answered HTTP %d %s, then HTTP %d %s", c.create.Key, c.final.Status, c.final.Body, res.Status, res.Body)
	}
}

// follow is what a seller does after a final answer. The client stays active meanwhile.
func (c *client) follow() {
	w := c.w
	if w.chance(200) {
		w.active++
		w.after(w.between(0, time.Minute), c.post)
	}
	if w.chance(50) {
		w.active++
		w.after(w.between(0, 10*time.Second), c.postChanged)
	}
	if w.chance(80) && !c.again {
		second := &client{w: w, create: c.create, card: pick(w.random, goodCards...), again: true}
		second.create.Key += "-again"
		second.create.TraceID += "-again"
		w.clients = append(w.clients, second)
		w.active++
		w.after(w.between(0, 10*time.Second), second.post)
	}
	if c.final.Payment.Status == payment.Done && w.chance(500) {
		c.cancelSome()
	}
	w.active--
}

// postChanged sends another body under the same key.
func (c *client) postChanged() {
	r := c.request()
	r.OrderName += " changed"
	var err error
	c.w.anyProcess().call(func(s *payment.Service) { _, err = s.PayByCard(background, r) }, func(answered bool) {
		code := codeOf(err)
		c.w.trace.line(c.w.now, "changed", c.create.Key, code)
		switch {
		case !answered || code == "UNAVAILABLE" || code == "OVERLOADED":
			c.later(c.postChanged)
		case code != "IDEMPOTENCY_KEY_REUSED":
			c.w.violate("another body under key %s was answered %s", c.create.Key, code)
		default:
			c.w.active--
		}
	})
}

// canceling is one press of the cancel button.
type canceling struct {
	w     *world
	cmd   payment.CancelCommand
	final payment.Result
}

// cancelSome cancels the payment: wholly, in parts, too much, one after the other or at once.
func (c *client) cancelSome() {
	w := c.w
	amount := c.create.Amount
	n := pick(w.random, 1, 1, 2, 3, 5)
	together := w.chance(400)
	at := w.between(0, 30*time.Second)
	if w.chance(100) { // another day
		at += w.between(0, 30*time.Hour)
	}
	for i := range n {
		x := &canceling{w: w, cmd: payment.CancelCommand{
			Tenant: c.create.Tenant, Actor: "usr_2", PaymentID: c.paymentID, Key: fmt.Sprintf("%s-cancel-%d", c.create.Key, i),
			TraceID: "trc", Reason: "returned", CancelPassword: cancelPassword,
		}}
		switch w.below(5) {
		case 0, 1:
		case 2:
			over := amount/2 + 1
			x.cmd.Amount = &over
		default:
			part := w.won(1, max(1, amount/2))
			x.cmd.Amount = &part
		}
		if w.chance(100) {
			taxFree := w.won(0, amount)
			x.cmd.TaxFree = &taxFree
		}
		if !together {
			at += w.between(0, 20*time.Second)
		}
		w.active++
		w.after(at, x.post)
		if w.chance(150) {
			w.active++
			w.after(at+w.between(0, time.Second), x.post)
		}
	}
}

func (x *canceling) post() {
	var res payment.Result
	var err error
	x.w.anyProcess().call(func(s *payment.Service) { res, err = s.Cancel(background, x.cmd) }, func(answered bool) {
		x.answered(res, err, answered)
	})
}

func (x *canceling) answered(res payment.Result, err error, answered bool) {
	w, code := x.w, codeOf(err)
	w.trace.line(w.now, "cancel", x.cmd.Key, strconv.FormatBool(answered), strconv.Itoa(res.Status), string(res.Payment.Status), code)
	switch {
	case !answered || code == "IN_PROGRESS" || code == "UNAVAILABLE" || code == "OVERLOADED" || res.Status == 202:
		if w.faults && w.chance(30) {
			w.active--
			return
		}
		w.after(w.between(200*time.Millisecond, 4*time.Second), x.post)
	case code == "EXCEEDS_BALANCE" || code == "NOT_CANCELABLE" || code == "INVALID_REQUEST" && x.cmd.TaxFree != nil:
		if x.final.Status != 0 {
			w.violate("cancel %s was answered HTTP %d, then %s", x.cmd.Key, x.final.Status, code)
		}
		w.active--
	case err != nil:
		w.violate("cancel %s was refused: %v", x.cmd.Key, err)
	case x.final.Status != 0 && !bytes.Equal(x.final.Body, res.Body):
		w.violate("cancel %s was answered %s, then %s", x.cmd.Key, x.final.Body, res.Body)
	default:
		again := x.final.Status == 0 && w.chance(200)
		x.final = res
		if again {
			w.after(w.between(0, time.Minute), x.post)
			return
		}
		w.active--
	}
}

// replayAll presses some of the buttons again when everything is settled: the answer
// must be the frozen one, and what was unknown when its seller left must be final now.
func (w *world) replayAll() {
	for _, c := range w.clients {
		if c.paymentID == "" || !w.chance(300) {
			continue
		}
		w.active++
		w.after(w.between(0, time.Second), c.post)
	}
}
