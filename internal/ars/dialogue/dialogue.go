// Package dialogue is what the telephone line asks and answers: a pure state machine.
// Events go in, actions come out; it knows no clock, no network and no goroutine, so a
// test or a fuzzer can be any caller.
//
// What the caller keys lives in buffers of the machine alone and is wiped on every way
// out. A Dialogue serves one call and is not safe for concurrent use.
package dialogue

import (
	"time"

	"innopay/internal/ars/speech"
)

// How long the line waits, and how often it asks (rulings 23).
const (
	FirstKey  = 7 * time.Second  // from the end of the question
	NextKey   = 4 * time.Second  // from the key before
	Tries     = 3                // wrong or missing answers to one question
	CodeTries = 3                // codes that find nothing, a call
	Cards     = 3                // cards a call: the first and two others
	Wait      = 30 * time.Second // for the acquirer, with music
)

// Limits that a well-behaved call never meets; by them every call ends.
const (
	FindLimit  = 5 * time.Second  // for the answer to Find
	SoundLimit = 60 * time.Second // for the end of anything that plays
	LastKey    = 3 * time.Second  // after the approval number, to hear it again
	MaxKeys    = 300              // presses in a call; three cards with all fields need about 150
)

// phase is what the machine waits for.
type phase uint8

const (
	ringing phase = iota
	asking        // keys
	finding       // Found
	paying        // Settled
	done          // the approval number to be heard
	closing       // the last sentence to be heard
	ended
)

// Dialogue is one call. The zero value is a call that rings.
type Dialogue struct {
	phase phase
	at    Step
	asked step
	out   []Action
	last  Token

	playing Token // 0: silence
	timer   Token
	waiting Token // for Found or Settled

	typed, number, expiry, birth, password entry

	request   Request
	months    int
	tries     int  // of the question
	codeTries int  // of the call
	cards     int  // of the call
	keys      int  // of the call
	swallow   bool // an answer was taken at its full length: a # after it belongs to it

	announcing bool // paying: a sentence plays, which is let finish
	result     *Result
	farewell   []speech.Clip // done: what the star repeats
	reason     Reason        // closing
}

// Handle takes one event and returns what to do. It never panics, returns a bounded
// number of actions, and after the end of the call nothing.
func (d *Dialogue) Handle(e Event) []Action {
	if d.phase != ended {
		d.dispatch(e)
	}
	out := d.out
	d.out = nil // a card that was handed over must not stay here
	return out
}

// Over reports whether the call has ended.
func (d *Dialogue) Over() bool { return d.phase == ended }

func (d *Dialogue) dispatch(e Event) {
	switch e := e.(type) {
	case Started:
		if d.phase == ringing {
			d.meet(e.Answer, speech.Greet)
		}
	case Found:
		if d.phase == finding && e.Token == d.waiting {
			d.found(e.Answer)
		}
	case Pressed:
		d.pressed(byte(e.Key))
	case Played:
		if d.playing != 0 && e.Token == d.playing {
			d.playing = 0
			d.played()
		}
	case Elapsed:
		if d.timer != 0 && e.Token == d.timer {
			d.timer = 0
			d.elapsed()
		}
	case Settled:
		if d.phase == paying && e.Token == d.waiting && d.result == nil {
			d.settled(e.Result)
		}
	case HungUp:
		d.hungUp()
	case Stopping:
		d.stopping()
	}
}

func (d *Dialogue) do(a Action) { d.out = append(d.out, a) }

func (d *Dialogue) token() Token {
	d.last++
	return d.last
}

func (d *Dialogue) play(clips ...speech.Clip) {
	d.playing = d.token()
	d.do(Play{Token: d.playing, Clips: clips})
}

func (d *Dialogue) after(t time.Duration) {
	d.timer = d.token()
	d.do(SetTimer{Token: d.timer, After: t})
}

// enter tells a step once, however often it is asked.
func (d *Dialogue) enter(s Step, secret bool) {
	if d.at != s {
		d.at = s
		d.do(Enter{Step: s, Secret: secret})
	}
}

// meet goes on with what is known of the request, after some opening words.
func (d *Dialogue) meet(a Answer, opening ...speech.Clip) {
	switch a.Standing {
	case Payable:
		d.request = a.Request
		if a.Request.Shop != "" {
			opening = append(opening, a.Request.Shop)
		}
		d.ask(confirmOrder, opening...)
	case Absent:
		d.ask(askCode, opening...)
	case Ended:
		d.close(NotPayable, append(opening, speech.CodeEnded)...)
	case Busy:
		d.close(NotPayable, append(opening, speech.Busy)...)
	case Barred:
		d.close(GaveUp, append(opening, speech.CodeBarred)...)
	case Unavailable:
		d.close(Failed, append(opening, speech.Closed)...)
	default:
		d.close(Failed, append(opening, speech.Closed)...)
	}
}

// find asks for the request of the code that was typed.
func (d *Dialogue) find() {
	d.phase = finding
	d.waiting = d.token()
	d.do(Find{Token: d.waiting, Code: secret(&d.typed)})
	d.typed.wipe()
	d.after(FindLimit)
}

func (d *Dialogue) found(a Answer) {
	if a.Standing != Absent {
		d.meet(a)
		return
	}
	d.codeTries++
	if d.codeTries >= CodeTries {
		d.close(GaveUp, speech.CodeUnknown, speech.TooMany)
		return
	}
	d.ask(askCode, speech.CodeUnknown)
}

// played goes on where something has been heard to its end.
func (d *Dialogue) played() {
	switch d.phase {
	case asking:
		d.after(FirstKey)
	case paying:
		d.waitOn()
	case done:
		d.after(LastKey)
	case closing:
		d.hangUp()
	case ringing, finding, ended:
	}
}

// elapsed goes on where the caller, the payment side or a sound took too long.
func (d *Dialogue) elapsed() {
	switch d.phase {
	case asking:
		d.silent()
	case finding:
		d.close(Failed, speech.Closed)
	case paying:
		d.waitedEnough()
	case done, closing:
		d.hangUp()
	case ringing, ended:
	}
}

// close says the last sentence and hangs up after it. Keys no longer matter.
func (d *Dialogue) close(why Reason, clips ...speech.Clip) {
	d.wipe()
	d.phase, d.reason = closing, why
	d.enter(StepClosing, false)
	d.play(clips...)
	d.after(SoundLimit)
}

func (d *Dialogue) hangUp() {
	d.end()
	d.do(HangUp{Reason: d.reason})
}

// hungUp leaves nothing behind, and no result untold.
func (d *Dialogue) hungUp() {
	if d.phase == paying {
		d.do(TellByText{Token: d.waiting})
	}
	d.end()
}

func (d *Dialogue) end() {
	d.wipe()
	d.phase = ended
}

// stopping takes leave of the caller. What is being paid is paid to its end.
func (d *Dialogue) stopping() {
	switch d.phase {
	case paying:
		d.giveUpWaiting()
	case ringing, asking, finding:
		d.close(Failed, speech.Closed)
	case done, closing, ended: // about to end by itself
	}
}
