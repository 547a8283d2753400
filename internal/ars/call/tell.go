package call

import (
	"context"
	"time"

	"innopay/internal/ars/dialogue"
	"innopay/internal/payrequest"
)

// teller tells devices, in order and beside the call, how far it has come.
type teller struct{ steps chan payrequest.CallStep }

// tell notes a step of the call.
func (c *talk) tell(s payrequest.CallStep) {
	if c.told == nil {
		c.told = newTeller(c.Line, c.view, c.begun.Add(c.Most+dialogue.SoundLimit))
	}
	select {
	case c.told.steps <- s:
	default: // devices are told so slowly that the newest step no longer matters
	}
}

// newTeller tells of one call until its end. Until then, at the latest, it is over.
func newTeller(l *Line, v payrequest.View, until time.Time) *teller {
	t := &teller{steps: make(chan payrequest.CallStep, 2*dialogue.Cards)}
	l.busy.Go(func() {
		for s := range t.steps {
			l.called(v, until, s)
		}
		l.called(v, time.Time{}, "")
	})
	return t
}

func (l *Line) called(v payrequest.View, until time.Time, s payrequest.CallStep) {
	ctx, cancel := context.WithTimeout(context.Background(), tellTime)
	defer cancel()
	l.Payments.Called(ctx, v, until, s)
}

func (t *teller) end() { close(t.steps) }
