package acquirer

import (
	"time"

	"innopay/setting"
)

// Needs says what a later message asks for again.
type Needs string

// What a reversal or cancel may need.
const (
	NeedsReference Needs = "REFERENCE" // our attempt, terminal, STAN, time and amount
	NeedsToken     Needs = "TOKEN"     // a token of the acquirer's
	NeedsCard      Needs = "CARD"      // the card itself: the app must ask for it again
)

// Timeouts are an adapter's deadlines (rulings 5).
type Timeouts struct {
	Connect         time.Duration
	Read            time.Duration   // from the last byte written to a whole answer
	NoOriginalAfter time.Duration   // "never existed" counts only this long after the transmission
	ReversalWindow  time.Duration   // reversals are accepted this long after the transmission
	InquiryUntil    time.Duration   // then the operator must look
	Backoff         []time.Duration // waits before the 1st, 2nd .. try; the last one repeats
	Breaker         Breaker
}

// Breaker says when new payments are refused because the acquirer cannot be reached.
// Only messages of which no byte left count (NotSent); the zero value never refuses.
type Breaker struct {
	Failures int           // so many in a row, with nothing that left between them
	After    time.Duration // over at least so long
	Probe    time.Duration // then one payment may try every so often
}

// ProductionTimeouts are the defaults of rulings 5 for a real acquirer.
func ProductionTimeouts() Timeouts {
	return Timeouts{
		Connect: 5 * time.Second, Read: 30 * time.Second, NoOriginalAfter: 2 * time.Minute,
		ReversalWindow: time.Hour, InquiryUntil: 24 * time.Hour,
		Backoff: []time.Duration{0, 5 * time.Second, 30 * time.Second, 2 * time.Minute, 10 * time.Minute},
		Breaker: Breaker{Failures: 5, After: 10 * time.Second, Probe: 5 * time.Second},
	}
}

// DemoTimeouts are the defaults of rulings 5 for demo and tests.
func DemoTimeouts() Timeouts {
	return Timeouts{
		Connect: time.Second, Read: 3 * time.Second, NoOriginalAfter: 5 * time.Second,
		ReversalWindow: 5 * time.Minute, InquiryUntil: 10 * time.Minute,
		Backoff: []time.Duration{0, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second},
		Breaker: Breaker{Failures: 5, After: 2 * time.Second, Probe: time.Second},
	}
}

// Wait is the back-off before try n (0 is the first).
func (t Timeouts) Wait(n int) time.Duration {
	if len(t.Backoff) == 0 {
		return 0
	}
	return t.Backoff[min(max(n, 0), len(t.Backoff)-1)]
}

// Label is a text in both languages.
type Label = setting.Label

// Field is one value of an adapter's configuration.
type Field = setting.Field

// Config are an adapter's values by Field.Key.
type Config = setting.Config

// ErrConfig is returned by Open for a configuration that cannot work.
var ErrConfig = setting.ErrConfig

// Descriptor says what an adapter is and can do.
type Descriptor struct {
	Name             string // stable, lower case: the folder's name
	Label            Label
	Simulated        bool // talks to a simulator: never beside a real one, never in production
	Fields           setting.Fields
	Timeouts         Timeouts
	ReversalNeeds    Needs
	CancelNeeds      Needs
	CancelIdempotent bool // the same cancel may be sent again blindly
	PartialCancel    bool
	CaptureHour      int // hour in Seoul at which the business day is captured
}

// Adapter is how cmd/innopay/adapters.go lists an adapter: one line each.
type Adapter struct {
	Descriptor Descriptor
	// Open checks the configuration and returns the acquirer. It does not connect.
	Open func(Config) (Acquirer, error)
}
