package webphone

import (
	"slices"
	"sync"
	"time"

	"innopay/internal/ars/dialogue"
	"innopay/internal/ars/media"
	"innopay/internal/ars/speech"
)

// Event is one thing that the screen of a telephone shows. What the caller keys is in none.
type Event struct {
	Seq    int    `json:"seq"`
	Kind   Kind   `json:"kind"`
	Step   string `json:"step,omitempty"`   // STEP: where the call stands
	Secret bool   `json:"secret,omitempty"` // STEP: what is keyed must not be shown
	Text   string `json:"text,omitempty"`   // SAID: subtitle
	Audio  string `json:"audio,omitempty"`  // SAID: address of the sound

	clips []speech.Clip
}

// Kind of an event.
type Kind string

// The kinds.
const (
	Step    Kind = "STEP"
	Said    Kind = "SAID"    // replaces what is being said
	Stopped Kind = "STOPPED" // a key ended what was being said
	Ended   Kind = "ENDED"
)

// mostEvents bounds a call's events; a call of ten minutes makes some dozens.
const mostEvents = 1000

// leg is a call of a virtual telephone.
type leg struct {
	id, number string // of the telephone
	caller     string // what the line sees; empty: withheld
	sound      *media.Session
	close      func() // frees what carries the sound

	mu     sync.Mutex
	events []Event
	news   chan struct{} // closed and replaced with every event
	seen   time.Time     // when the telephone last asked
	once   sync.Once
	done   chan struct{}
}

func (l *leg) ID() string            { return l.id }
func (l *leg) Caller() string        { return l.caller }
func (l *leg) Media() *media.Session { return l.sound }
func (l *leg) Done() <-chan struct{} { return l.done }

// HangUp implements call.Leg.
func (l *leg) HangUp() {
	l.once.Do(func() {
		close(l.done)
		l.add(Event{Kind: Ended})
		l.sound.Close()
		if l.close != nil {
			l.close()
		}
	})
}

// Watch implements call.Watcher.
func (l *leg) Watch(a dialogue.Action) {
	switch a := a.(type) {
	case dialogue.Enter:
		l.add(Event{Kind: Step, Step: string(a.Step), Secret: a.Secret})
	case dialogue.Play:
		l.add(Event{Kind: Said, Text: speech.Text(a.Clips), clips: a.Clips})
	case dialogue.Stop:
		l.add(Event{Kind: Stopped})
	case dialogue.SetTimer, dialogue.Find, dialogue.Pay, dialogue.TellByText, dialogue.HangUp: // are not shown
	}
}

func (l *leg) add(e Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.events) >= mostEvents && e.Kind != Ended {
		return
	}
	e.Seq = len(l.events) + 1
	l.events = append(l.events, e)
	close(l.news)
	l.news = make(chan struct{})
}

// after are the events after one, and a channel that tells of the next.
func (l *leg) after(seq int, now time.Time) ([]Event, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen = now
	return slices.Clone(l.events[min(max(0, seq), len(l.events)):]), l.news
}

// said are the clips of an event.
func (l *leg) said(seq int) []speech.Clip {
	l.mu.Lock()
	defer l.mu.Unlock()
	if seq < 1 || seq > len(l.events) {
		return nil
	}
	return l.events[seq-1].clips
}

// silence is how long the telephone has not asked.
func (l *leg) silence(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return now.Sub(l.seen)
}

// over reports whether the call has ended.
func (l *leg) over() bool {
	select {
	case <-l.done:
		return true
	default:
		return false
	}
}

// nowhere drops the sound: the page plays the recordings itself.
type nowhere struct{}

func (nowhere) Send([]byte) error { return nil }
