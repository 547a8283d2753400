// Package webphone is a telephone in a browser that really calls the line: the demo's
// buyers pay with it. Keys come by HTTP and the recordings go as files, or, in a program
// built with the tag webphone, both go over WebRTC as they would over a telephone network.
//
// Only the demo composes it. What is keyed is never told back and never logged.
package webphone

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/ars/call"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
)

// Figures of the telephones.
const (
	mostCalls   = 20               // at once
	mostPerSpan = 30               // new ones in a span
	span        = time.Minute      // of the limit of new calls
	patience    = 45 * time.Second // a page that asks nothing so long is gone
	keepFor     = time.Minute      // how long the end of a call can be asked for
	look        = 5 * time.Second  // between two looks at a call
	takeTime    = 10 * time.Second // for the browser's side of WebRTC
)

// Options wire Phones.
type Options struct {
	Number  string // of the line, as buyers dial it
	Take    func(ctx context.Context, leg call.Leg)
	Library *speech.Library
	Pacer   *media.Pacer
	Token   string // asked for with every request; empty on loopback
	Clock   clock.Clock
	IDs     *id.Source
	Random  io.Reader
	Log     *slog.Logger
}

// Phones are the virtual telephones. Safe for concurrent use.
type Phones struct {
	Options

	mu    sync.Mutex
	calls map[string]*leg // by id, also for a while after their end
	since time.Time       // of the span
	begun int             // in the span

	running context.Context //nolint:containedctx // of calls, which outlive the request that began them
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// New returns telephones that work until Close.
func New(o Options) *Phones {
	p := &Phones{Options: o, calls: map[string]*leg{}}
	p.running, p.stop = context.WithCancel(context.Background())
	return p
}

// Close ends every call and waits until the line has let go of it.
func (p *Phones) Close() {
	p.stop()
	p.work.Wait()
}

// Faults of the telephones.
var (
	errBusy   = fault.New(fault.TooMany, "LINE_BUSY", "통화가 너무 많아요. 잠시 뒤에 다시 걸어 주세요.")
	errNoCall = fault.New(fault.NotFound, "CALL_NOT_FOUND", "그런 통화가 없어요.")
	errKey    = fault.InvalidField("/key", "INVALID_KEY", "0부터 9까지, *, # 가운데 하나를 눌러 주세요.")
	errBody   = fault.New(fault.Malformed, "MALFORMED", "요청을 읽을 수 없어요.")
	errClosed = fault.New(fault.Unavailable, "LINE_CLOSED", "지금은 전화를 걸 수 없어요.")
)

// dial begins a call whose sound goes nowhere.
func (p *Phones) dial(number string, withheld bool) (*leg, error) {
	l, err := p.admit(number, withheld)
	if err != nil {
		return nil, err
	}
	l.sound, err = media.NewSession(media.Config{Law: g711.PCMU, Events: 0, Sink: nowhere{}, Clock: p.Clock, Random: p.Random})
	if err != nil {
		p.abandon(l)
		return nil, err
	}
	p.serve(l)
	return l, nil
}

// admit takes a place for a call.
func (p *Phones) admit(number string, withheld bool) (*leg, error) {
	now := p.Clock.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running.Err() != nil {
		return nil, errClosed
	}
	if now.Sub(p.since) >= span || now.Before(p.since) {
		p.since, p.begun = now, 0
	}
	live := 0
	for _, l := range p.calls {
		if !l.over() {
			live++
			if l.number == number {
				return nil, errBusy
			}
		}
	}
	if live >= mostCalls || p.begun >= mostPerSpan {
		return nil, errBusy.WithRetryAfter(p.since.Add(span).Sub(now))
	}
	p.begun++
	l := &leg{id: p.IDs.At(id.Call, now), number: number, news: make(chan struct{}), done: make(chan struct{}), seen: now}
	if !withheld {
		l.caller = number
	}
	p.calls[l.id] = l
	return l, nil
}

// abandon frees a place whose call never began.
func (p *Phones) abandon(l *leg) {
	l.once.Do(func() {
		close(l.done)
		if l.close != nil {
			l.close()
		}
	})
	p.forget(l)
}

func (p *Phones) forget(l *leg) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, l.id)
}

// serve has the line take a call. It is told to end when the page is gone.
func (p *Phones) serve(l *leg) {
	remove := p.Pacer.Add(l.sound)
	p.work.Go(func() {
		defer remove()
		p.Take(p.running, l)
	})
	p.work.Go(func() {
		for !l.over() && p.Clock.Sleep(p.running, look) == nil {
			if l.silence(p.Clock.Now()) > patience {
				l.HangUp()
			}
		}
		<-l.done // a server that stops takes leave first
		_ = p.Clock.Sleep(p.running, keepFor)
		p.forget(l)
	})
}

// find is a call of a telephone.
func (p *Phones) find(number, id string) (*leg, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.calls[id]
	if l == nil || l.number != number {
		return nil, errNoCall
	}
	return l, nil
}
