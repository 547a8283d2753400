package call_test

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"innopay/acquirer/simulator"
	"innopay/clock"
	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/g711"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
)

// phone is a caller: a leg without a line, whose sound runs in virtual time.
type phone struct {
	t      *testing.T
	number string
	sound  *media.Session
	done   chan struct{}
	once   sync.Once
	left   chan struct{} // Take has returned
	end    context.CancelFunc

	mu    sync.Mutex
	heard []speech.Clip
	steps []dialogue.Step
}

func (p *phone) ID() string            { return "phone" }
func (p *phone) Caller() string        { return p.number }
func (p *phone) Media() *media.Session { return p.sound }
func (p *phone) Done() <-chan struct{} { return p.done }
func (p *phone) HangUp()               { p.once.Do(func() { close(p.done) }) }

// Send implements media.Sink: nobody listens.
func (p *phone) Send([]byte) error { return nil }

// Watch implements call.Watcher.
func (p *phone) Watch(a dialogue.Action) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch a := a.(type) {
	case dialogue.Play:
		p.heard = append(p.heard, a.Clips...)
	case dialogue.Enter:
		p.steps = append(p.steps, a.Step)
	case dialogue.Stop:
	case dialogue.SetTimer, dialogue.Find, dialogue.Pay, dialogue.TellByText, dialogue.HangUp:
		p.t.Errorf("%T was shown", a)
	}
}

// call rings and is answered.
func (r *rig) call(number string) *phone {
	r.t.Helper()
	p := &phone{t: r.t, number: number, done: make(chan struct{}), left: make(chan struct{})}
	var err error
	p.sound, err = media.NewSession(media.Config{Law: g711.PCMA, Events: 101, Sink: p, Clock: clock.System{}, Random: rand.Reader})
	must(r.t, err)
	remove := r.pacer.Add(p.sound)
	ctx, end := context.WithCancel(r.t.Context())
	p.end = end
	go func() {
		defer close(p.left)
		defer remove()
		defer end()
		r.line.Take(ctx, p)
		p.sound.Close()
	}()
	synctest.Wait()
	return p
}

// press presses keys one after the other.
func (p *phone) press(keys string) {
	p.t.Helper()
	for _, k := range []byte(keys) {
		p.sound.Signal(k)
		synctest.Wait()
	}
}

// hears waits until one of the clips is played, and forgets what was before.
func (p *phone) hears(clips ...speech.Clip) {
	p.t.Helper()
	for range 4 * 60 {
		synctest.Wait()
		p.mu.Lock()
		at := slices.IndexFunc(p.heard, func(c speech.Clip) bool { return slices.Contains(clips, c) })
		if at >= 0 {
			p.heard = p.heard[at+1:]
		}
		p.mu.Unlock()
		if at >= 0 {
			return
		}
		wait(p.t, 250*time.Millisecond)
	}
	p.t.Fatalf("%q was not heard, but %q", speech.Text(clips), speech.Text(p.heard))
}

// said is everything that was heard since the last look.
func (p *phone) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return speech.Text(p.heard)
}

// at fails unless the call stands at the step.
func (p *phone) at(want dialogue.Step) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.steps) == 0 || p.steps[len(p.steps)-1] != want {
		p.t.Fatalf("the call stands at %v, not at %s; heard %q", p.steps, want, speech.Text(p.heard))
	}
}

// toCard agrees to the amount and the terms.
func (p *phone) toCard() {
	p.t.Helper()
	p.at(dialogue.StepOrder)
	p.press("11")
	p.at(dialogue.StepCard)
}

// enter keys a card, up to the confirmation; of 50,000 won and more also a lump sum.
func (p *phone) enter(c simulator.Card) {
	p.t.Helper()
	p.press(c.Number + "#" + c.ExpiryMonth + c.ExpiryYear + c.BirthOrBusinessNumber + "#" + c.PasswordTwoDigits)
}

// hangUp is the caller's.
func (p *phone) hangUp() {
	p.t.Helper()
	p.HangUp()
	synctest.Wait()
	p.over()
}

// over waits until the line has let go.
func (p *phone) over() {
	p.t.Helper()
	for range 4 * 120 {
		select {
		case <-p.left:
			return
		default:
			wait(p.t, 250*time.Millisecond)
		}
	}
	p.t.Fatalf("the call does not end; heard %q", p.said())
}

// cardOf is a card of the simulator.
func cardOf(t *testing.T, behaviour string) simulator.Card {
	t.Helper()
	for _, c := range simulator.Cards() {
		if c.Behaviour == behaviour {
			return c
		}
	}
	t.Fatalf("no card does %s", behaviour)
	return simulator.Card{}
}

func contains(t *testing.T, texts []string, want ...string) {
	t.Helper()
	all := strings.Join(texts, "\n---\n")
	for _, w := range want {
		if !strings.Contains(all, w) {
			t.Errorf("%q was not told in\n%s", w, all)
		}
	}
}
