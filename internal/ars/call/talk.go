package call

import (
	"context"
	"log/slog"
	"time"

	"innopay/id"
	"innopay/internal/ars/dialogue"
	"innopay/internal/payrequest"
)

// Watcher is a leg that shows a call as well as letting it be heard. It is told Enter, Play
// and Stop, and no other action. It must not block.
type Watcher interface{ Watch(a dialogue.Action) }

// talk is one call. But for post, and Listener's methods, all of it runs in one goroutine.
type talk struct {
	*Line
	leg     Leg
	id      string
	log     *slog.Logger
	begun   time.Time
	events  chan dialogue.Event
	answers chan found      // of Find; one at a time, so nobody waits to put one in
	over    context.Context //nolint:containedctx // ends with the call, whose timers and answers come by themselves
	finish  context.CancelFunc

	machine   dialogue.Dialogue
	view      payrequest.View // of the request that is found
	told      *teller
	stopTimer context.CancelFunc
	try       *try
	step      dialogue.Step
	reason    dialogue.Reason
}

func newCall(l *Line, leg Leg) *talk {
	now := l.Clock.Now()
	c := &talk{
		Line: l, leg: leg, id: l.IDs.At(id.Call, now), begun: now, events: make(chan dialogue.Event, waiting), answers: make(chan found, dialogue.CodeTries),
		stopTimer: func() {}, reason: HungUp,
	}
	c.log = l.Log.With("call", c.id)
	c.over, c.finish = context.WithCancel(context.Background())
	return c
}

// Pressed implements media.Listener.
func (c *talk) Pressed(key byte) { c.offer(dialogue.Pressed{Key: dialogue.Key(key)}) }

// Played implements media.Listener.
func (c *talk) Played(token uint64) { c.offer(dialogue.Played{Token: dialogue.Token(token)}) }

// offer never blocks: the pacer of many calls waits for it.
func (c *talk) offer(e dialogue.Event) {
	select {
	case c.events <- e:
	default:
		c.count(func(f *Figures) { f.Keys++ })
	}
}

// post hands over what must not be lost.
func (c *talk) post(e dialogue.Event) {
	select {
	case c.events <- e:
	case <-c.over.Done():
	}
}

func (c *talk) run(ctx context.Context) {
	c.began()
	c.log.Info("call begins", "leg", c.leg.ID(), "withheld", c.leg.Caller() == "")
	defer c.end()
	c.leg.Media().Listen(c)
	c.after(c.Most, dialogue.Stopping{})
	c.handle(dialogue.Started{Answer: c.byCaller()})
	c.serve(ctx)
}

// serve is the call until its end.
func (c *talk) serve(ctx context.Context) {
	stopping, closing := ctx.Done(), c.ending.Done()
	leave := func() {
		stopping, closing = nil, nil
		c.handle(dialogue.Stopping{})
		c.after(farewell, dialogue.HungUp{})
	}
	for !c.machine.Over() {
		select {
		case e := <-c.events:
			c.handle(e)
		case f := <-c.answers:
			c.view = f.view
			c.handle(f.Found)
		case <-c.leg.Done():
			c.handle(dialogue.HungUp{})
		case <-stopping:
			leave()
		case <-closing:
			leave()
		}
	}
}

func (c *talk) end() {
	c.leg.HangUp()
	c.leg.Media().Listen(nil)
	c.finish()
	c.stopTimer()
	if c.told != nil {
		c.told.end()
	}
	sound := c.leg.Media().Stats()
	c.ended(c.reason, sound)
	c.log.Info("call ends", "leg", c.leg.ID(), "request", c.view.ID, "step", c.step, "reason", c.reason, "seconds", int(c.Clock.Now().Sub(c.begun).Seconds()),
		"received", sound.Received, "lost", sound.Lost, "jitterMs", sound.Jitter.Milliseconds(), "sent", sound.Sent, "unsent", sound.Unsent)
}

// handle gives an event to the dialogue and does what it asks for.
func (c *talk) handle(e dialogue.Event) {
	for _, a := range c.machine.Handle(e) {
		c.do(a)
	}
}

func (c *talk) do(a dialogue.Action) {
	switch a := a.(type) {
	case dialogue.Enter:
		c.enter(a)
	case dialogue.Play:
		c.watched(a)
		c.leg.Media().Play(uint64(a.Token), c.Library.Sound(a.Clips, c.leg.Media().Law))
	case dialogue.Stop:
		c.watched(a)
		c.leg.Media().Stop()
	case dialogue.SetTimer:
		c.stopTimer()
		c.stopTimer = c.after(a.After, dialogue.Elapsed{Token: a.Token})
	case dialogue.Find:
		c.find(a)
	case dialogue.Pay:
		c.pay(a)
	case dialogue.TellByText:
		if c.try != nil && c.try.token == a.Token {
			c.try.leave()
		}
	case dialogue.HangUp:
		c.reason = a.Reason
		c.leg.HangUp()
	}
}

func (c *talk) watched(a dialogue.Action) {
	if w, ok := c.leg.(Watcher); ok {
		w.Watch(a)
	}
}

// enter tells the log and the seller's screen where the call stands.
func (c *talk) enter(e dialogue.Enter) {
	c.step = e.Step
	c.watched(e)
	c.log.Debug("step", "step", e.Step)
	switch e.Step {
	case dialogue.StepOrder:
		c.tell(payrequest.CallGreeted)
	case dialogue.StepCard:
		c.tell(payrequest.CallCard)
	case dialogue.StepCode, dialogue.StepConsent, dialogue.StepExpiry, dialogue.StepBirth, dialogue.StepPassword, dialogue.StepInstallment,
		dialogue.StepConfirm, dialogue.StepPay, dialogue.StepApproved, dialogue.StepDeclined, dialogue.StepClosing:
	}
}

// after posts the event when d has passed, unless stop is called before.
func (c *talk) after(d time.Duration, e dialogue.Event) (stop context.CancelFunc) {
	ctx, cancel := context.WithCancel(c.over)
	go func() {
		defer cancel()
		if c.Clock.Sleep(ctx, d) == nil {
			c.post(e)
		}
	}()
	return cancel
}
