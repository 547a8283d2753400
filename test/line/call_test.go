package line_test

import (
	"testing"
	"time"

	"innopay/internal/demo"
	"innopay/test/telephone"
)

// wrongCard passes no check of its digits.
const wrongCard = "9990011987654320"

// order is how a buyer agrees to amount and data.
const order = "11"

// typed is how a card is keyed in.
func typed(c demo.Card) string { return c.Number + "#" + fields(c) }

// fields are what is asked after the number.
func fields(c demo.Card) string {
	return c.ExpiryMonth + c.ExpiryYear + c.BirthOrBusinessNumber + "#" + c.PasswordTwoDigits
}

// keys are a whole payment, pressed without listening to the end of any question.
func keys(c demo.Card) string { return order + typed(c) + "1" }

// caller is a telephone that sipp plays.
type caller struct {
	number string
	host   string            // empty: any of the private line
	from   string            // of SIP; empty: the number
	more   string            // a header
	law    string            // 0 (default), 8
	files  map[string][]byte // beside the scenario
}

// ringing is between the beginnings of two calls: the line lets ten ring at once, and no more.
const ringing = 150 * time.Millisecond

// does has the caller go through a script, and fails the test when it does not get to its end.
func (w *world) does(t *testing.T, c caller, s *telephone.Script) {
	t.Helper()
	if c.from == "" {
		c.from = "<sip:" + c.number + "@telephone.invalid>"
	}
	if c.more == "" {
		c.more = "Subject: -"
	}
	if c.host == "" {
		c.host = hosts.Next()
	}
	name := "PCMA"
	if c.law == "" {
		c.law, name = "0", "PCMU"
	}
	w.turn.Lock()
	time.Sleep(ringing)
	w.turn.Unlock()
	err := telephone.Sipp{
		Scenario: s.String(), Host: c.host, Within: callWithin, Files: c.files,
		Keys: map[string]string{"caller": "buyer", "law": c.law, "name": name, "from": c.from, "more": c.more},
	}.Try(t, w.line)
	if err != nil {
		t.Errorf("%v", err)
	}
}

// untilLeft is how long a telephone waits for the line to hang up, in milliseconds.
const untilLeft = 40_000

// baresip calls the line and presses keys; it returns when the line has hung up.
func (w *world) baresip(t *testing.T, o telephone.BaresipOptions, line, keys string) {
	t.Helper()
	if o.Within = callWithin; o.Host == "" {
		o.Host = hosts.Next()
	}
	b := telephone.StartBaresip(t, o)
	b.Does("dial", "sip:ars@"+line)
	b.Says("Call established", callWithin)
	b.Does("sndcode", keys)
	b.Says("terminated", callWithin)
	if seconds, loudest := b.Heard(); seconds < 3 || loudest < 4000 {
		t.Errorf("heard %.1f s, loudest %d", seconds, loudest)
	}
}

// together makes all calls at once and waits for their ends.
func (w *world) together(t *testing.T, calls map[string]func(*testing.T, *world)) {
	t.Helper()
	t.Run("calls", func(t *testing.T) {
		for name, call := range calls {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				call(t, w)
			})
		}
	})
}
