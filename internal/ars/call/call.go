// Package call runs calls: it stands between a leg, which is a telephone somewhere, the
// dialogue, which knows what to say, and the payment side, which knows what is owed. One
// goroutine serves one call; events come to it by a channel.
//
// What the caller keys is seen here as single presses and as a card that prints masked. It
// is handed on and wiped; no log at any level holds a key, a number or a card.
package call

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
)

// Leg is one caller's end of a call that was answered. Its sound runs until HangUp.
type Leg interface {
	ID() string     // in the leg's own records, for the log
	Caller() string // number in its national form, 01012345678; empty: withheld
	Media() *media.Session
	HangUp()               // ends the call; a second time does nothing
	Done() <-chan struct{} // closed when the call has ended, whoever ended it
}

// Payments is what a call asks of the payment side; payrequest.Service is it.
type Payments interface {
	ByCaller(ctx context.Context, number string) (v payrequest.View, more bool, err error)
	ByCode(ctx context.Context, number, code string) (payrequest.View, error)
	Get(ctx context.Context, t merchant.Tenant, requestID string) (payrequest.View, error)
	Terms(ctx context.Context, v payrequest.View) (payrequest.Terms, error)
	// PayByPhone wipes the card. The key is one of the call and the try.
	PayByPhone(ctx context.Context, v payrequest.View, key, traceID string, c acquirer.Card, months int) (payment.Result, error)
	Called(ctx context.Context, v payrequest.View, until time.Time, step payrequest.CallStep)
	TellByText(ctx context.Context, v payrequest.View) error
}

// Figures of a call.
const (
	DefaultMost = 10 * time.Minute // the longest call
	farewell    = 5 * time.Second  // from the stop of the server to the end of its calls
	lookUp      = 4 * time.Second  // for an answer of the payment side that the caller waits for; the dialogue gives up later
	tellTime    = 5 * time.Second  // for what devices are told
	waiting     = 64               // events; keys come one by one, and are taken at once
)

// Options wire a Line.
type Options struct {
	Payments Payments
	Library  *speech.Library
	Clock    clock.Clock
	IDs      *id.Source
	Log      *slog.Logger
	Most     time.Duration // the longest call; 0: DefaultMost
}

// Line takes calls. It is safe for concurrent use.
type Line struct {
	Options
	counts

	mu     sync.Mutex
	closed bool
	busy   sync.WaitGroup  // calls, and payments that outlive them
	ending context.Context //nolint:containedctx // ends with the line, which calls of many contexts ask
	end    context.CancelFunc
}

// New returns a line that is open until Close.
func New(o Options) *Line {
	if o.Most == 0 {
		o.Most = DefaultMost
	}
	l := &Line{Options: o}
	l.ending, l.end = context.WithCancel(context.Background())
	return l
}

// Take serves a call to its end. When ctx ends, the line takes leave of the caller. What
// is being paid then is paid to its end, which Close waits for.
func (l *Line) Take(ctx context.Context, leg Leg) {
	if !l.enter() {
		leg.HangUp()
		return
	}
	defer l.busy.Done()
	newCall(l, leg).run(ctx)
}

func (l *Line) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.busy.Add(1)
	}
	return !l.closed
}

// Close takes leave of every caller, and waits for calls and payments until ctx ends. A
// payment that is not over by then is settled as after any stop of the server.
func (l *Line) Close(ctx context.Context) error {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.end()
	idle := make(chan struct{})
	go func() {
		l.busy.Wait()
		close(idle)
	}()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
