// Package messenger is the port to message gateways: SMS and LMS, AlimTalk, e-mail.
//
// A gateway that took a message says so with an id of its own, and later reports
// whether it arrived. A message may be sent more than once, because an answer can be
// lost; every repeat carries the same Message.ID. Implementations are safe for
// concurrent use.
package messenger

import (
	"context"
	"net/http"
	"time"

	"innopay/setting"
)

// Kind is what a message is sent as.
type Kind string

// The kinds.
const (
	SMS      Kind = "SMS"      // up to MaxSMS bytes of CP949
	LMS      Kind = "LMS"      // up to MaxLMS bytes of CP949, with a subject
	AlimTalk Kind = "ALIMTALK" // KakaoTalk, by a template that was approved beforehand
	Email    Kind = "EMAIL"
)

// Message is one text to one recipient, final: nothing in it is left to fill in.
type Message struct {
	// ID is ours, the same for every repeat. Letters, digits and '_', at most 64.
	ID   string
	Kind Kind
	From string // sender number, digits only and registered with the gateway; mail address
	To   string // mobile number, digits only; mail address
	// Subject of LMS (at most MaxSubject bytes of CP949) and mail.
	Subject string
	// Text is what is read: all of it in CP949 for SMS and LMS, at most 1,000
	// characters for AlimTalk, the plain part for mail.
	Text string
	HTML string // mail; empty: only Text
	// Template of an AlimTalk; Text is what it makes of the variables.
	Template Template
	// ReportURL is where a gateway that calls back tells what became of the message;
	// its last segment proves that it was given to the gateway. Empty: nobody listens.
	ReportURL string
}

// Template is an approved AlimTalk.
type Template struct {
	Profile   string // sender profile at Kakao (pfId)
	ID        string
	Variables map[string]string // by name, without #{ }
}

// Outcome is what is known of one try to send.
type Outcome uint8

// The outcomes. Unknown is the zero value.
const (
	Unknown  Outcome = iota // perhaps taken: try again with the same id
	Accepted                // the gateway has it
	Later                   // proven not taken, and may be another time
	Rejected                // never will be: wrong number, sender not registered ..
)

// String names the outcome in logs.
func (o Outcome) String() string {
	return [...]string{"UNKNOWN", "ACCEPTED", "LATER", "REJECTED"}[min(o, Rejected)]
}

// Answer is the outcome with what the gateway said.
type Answer struct {
	Outcome   Outcome
	Reference string // the gateway's id; Accepted only, may be empty
	Code      string // the gateway's own; never holds a number or text of the message
	Reason    string // short, for the merchant's log; likewise
	// RetryAfter is what the gateway asks for; 0 leaves it to the caller.
	RetryAfter time.Duration
}

// State is how far a message that was taken has come.
type State uint8

// The states. Waiting is the zero value.
const (
	Waiting   State = iota // on its way
	Delivered              // on the phone, or taken by the recipient's mail server
	Failed                 // will not arrive
)

// String names the state in logs.
func (s State) String() string { return [...]string{"WAITING", "DELIVERED", "FAILED"}[min(s, Failed)] }

// Report is what a gateway tells of a message afterwards.
type Report struct {
	Reference string // the gateway's id, as far as it tells one
	State     State
	Code      string
	Reason    string
}

// Sender is a gateway.
type Sender interface {
	// Describe is constant.
	Describe() Descriptor
	// Send hands over one message. It ends with ctx at the latest, and by its own
	// time-outs. A ctx that ends after bytes have left gives Unknown.
	Send(ctx context.Context, m Message) Answer
	// Close ends connections. Sends after it are Later.
	Close() error
}

// Caller is a Sender that calls Message.ReportURL back.
type Caller interface {
	// ReadReport reads the gateway's request to a ReportURL, whose token was proven
	// before. It answers nobody. The error says why it is no report.
	ReadReport(r *http.Request) (Report, error)
}

// Asker is a Sender that is asked for reports.
type Asker interface {
	// Ask tells what has become of a message by the reference it was accepted with.
	// An error means that nothing was learnt.
	Ask(ctx context.Context, reference string) (Report, error)
}

// Prober is a Sender whose connection can be tried.
type Prober interface {
	// Probe sends a real message that moves nothing and waits for its answer, no longer
	// than the adapter's time-outs and ctx.
	Probe(ctx context.Context) setting.Probe
}

// Label is a text in both languages.
type Label = setting.Label

// Field is one value of an adapter's configuration.
type Field = setting.Field

// Config are an adapter's values by Field.Key.
type Config = setting.Config

// ErrConfig is returned by Open for a configuration that cannot work.
var ErrConfig = setting.ErrConfig

// Descriptor says what a gateway is and can do.
type Descriptor struct {
	Name      string // stable, lower case: the folder's name
	Label     Label
	Simulated bool
	Kinds     []Kind
	Fields    setting.Fields
	// Reports: Sender is a Caller or an Asker. Without, Accepted is all one learns.
	Reports bool
}

// Adapter is how cmd/innopay/adapters.go lists an adapter: one line each.
type Adapter struct {
	Descriptor Descriptor
	// Open checks the configuration and returns the gateway. It does not connect.
	Open func(Config) (Sender, error)
}
