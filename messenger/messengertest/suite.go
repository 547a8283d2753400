// Package messengertest is the conformance suite of the port messenger: what every
// gateway adapter must do, with faults at the other end. An adapter's test gives a
// Setup and calls Run.
package messengertest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"innopay/messenger"
)

// Setup is one adapter before one other end. Several may share the other end when
// their faults and recipients do not meet.
type Setup struct {
	// Sender under test. Its own time-outs are well below Patience.
	Sender messenger.Sender
	// From is a sender that the gateway takes messages of the kind from.
	From func(kind messenger.Kind) string
	// Recipient is a new one, to whom nothing came yet. Where the other end decides
	// itself what becomes of a message, fate is what becomes of this one's.
	Recipient func(t *testing.T, kind messenger.Kind, fate messenger.State) string
	// Arrived is what came to a recipient so far, oldest first.
	Arrived func(t *testing.T, to string) []Arrival
	// Template is one that the gateway knows; needed for AlimTalk. The suite sets its
	// variables to {"상점": .., "금액": ..}.
	Template messenger.Template

	// Script makes the next times messages meet a fault: DOWN (not taken, may be later),
	// TIMEOUT (taken and delivered, never answered), REJECT (never will be taken).
	Script func(t *testing.T, do string, times int)
	// Faults the other end can do. What is not in here is not tested.
	Faults []string
	// Spoil makes messages that never will be taken, by what is wrong with them:
	// "sender not registered", "number of a landline" ..
	Spoil map[string]func(*messenger.Message)
	// Unreachable returns the adapter with an address where nobody listens.
	Unreachable func(t *testing.T) messenger.Sender
	// Secrets of the configuration, which no answer may hold.
	Secrets []string

	// Report is the request to m.ReportURL by which the gateway tells the state of a
	// message that it took; nil when the adapter is no Caller.
	Report func(t *testing.T, m messenger.Message, reference string, state messenger.State) *http.Request
	// NoSubject: the wire has no subject for LMS, and the adapter leaves it away.
	NoSubject bool
}

// Arrival is one message as its recipient has it.
type Arrival struct {
	ID      string // Message.ID; empty when the wire does not carry it
	Kind    messenger.Kind
	From    string
	To      string
	Subject string
	Text    string
	HTML    string
}

// Patience bounds every wait of the suite.
const Patience = 20 * time.Second

// Run runs the suite. open is called once for every test and cleans up after it.
func Run(t *testing.T, open func(t *testing.T) Setup) {
	t.Helper()
	tests := []struct {
		name string
		run  func(*rig)
	}{
		{"describe", testDescribe},
		{"every kind arrives", testAccepted},
		{"a kind it has not is rejected", testOtherKind},
		{"Korean arrives whole", testKorean},
		{"the longest text arrives whole", testLongest},
		{"subject of an LMS", testSubject},
		{"mail has text and HTML", testMail},
		{"refused for good", testRejected},
		{"down is later", testDown},
		{"unreachable is later", testUnreachable},
		{"probe", testProbe},
		{"no answer is unknown", testTimeout},
		{"context ends", testContext},
		{"repeat with the same id", testRepeat},
		{"many at once", testMany},
		{"reports", testReports},
		{"what is no report", testNoReport},
		{"closed", testClosed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(&rig{T: t, Setup: open(t)})
		})
	}
}

// rig is what one test works with.
type rig struct {
	*testing.T
	Setup
}

// serial makes ids that differ over all tests of the process.
var serial atomic.Int64

// ctx is a context that ends when the test has waited too long.
func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	r.Cleanup(cancel)
	return ctx
}

func (r *rig) kinds() []messenger.Kind { return r.Sender.Describe().Kinds }

func (r *rig) has(k messenger.Kind) bool { return slices.Contains(r.kinds(), k) }

// can reports whether the other end can do the fault.
func (r *rig) can(do string) bool { return slices.Contains(r.Faults, do) }

// message is a new one of the kind to a new recipient.
func (r *rig) message(kind messenger.Kind) messenger.Message {
	return r.fated(kind, messenger.Delivered)
}

func (r *rig) fated(kind messenger.Kind, fate messenger.State) messenger.Message {
	n := serial.Add(1)
	m := messenger.Message{
		ID: fmt.Sprintf("msg_%026d", n), Kind: kind, From: r.From(kind), To: r.Recipient(r.T, kind, fate),
		Text: fmt.Sprintf("[시험상점] %d원을 결제해 주세요.", n),
	}
	switch kind {
	case messenger.SMS:
	case messenger.LMS:
		m.Subject = "결제 요청"
		m.Text += "\n" + strings.Repeat("긴 문자입니다. ", 10) + "끝"
	case messenger.AlimTalk:
		m.Template = r.Template
		m.Template.Variables = map[string]string{"상점": "시험상점", "금액": fmt.Sprint(n)}
	case messenger.Email:
		m.Subject = "결제 요청"
		m.HTML = "<p>" + m.Text + "</p>"
	}
	if r.Report != nil {
		m.ReportURL = fmt.Sprintf("http://127.0.0.1:9/v1/messages/%s/reports/proof", m.ID)
	}
	return m
}

// send hands m over and checks the outcome.
func (r *rig) send(m messenger.Message, want messenger.Outcome) messenger.Answer {
	r.Helper()
	return r.check(m, r.Sender.Send(r.ctx(), m), want)
}

// check checks an answer to m: its outcome, and that it tells nothing it must not.
func (r *rig) check(m messenger.Message, got messenger.Answer, want messenger.Outcome) messenger.Answer {
	r.Helper()
	if got.Outcome != want {
		r.Fatalf("%s: %v (%s %s), want %v", m.Kind, got.Outcome, got.Code, got.Reason, want)
	}
	if got.Reference != "" && got.Outcome != messenger.Accepted {
		r.Errorf("%v with the reference %q", got.Outcome, got.Reference)
	}
	if _, asks := r.Sender.(messenger.Asker); asks && got.Outcome == messenger.Accepted && got.Reference == "" {
		r.Error("accepted without a reference to ask by")
	}
	if got.Outcome == messenger.Rejected && got.Reason == "" {
		r.Error("rejected without a reason")
	}
	if got.RetryAfter < 0 {
		r.Errorf("to be tried again %v ago", -got.RetryAfter)
	}
	r.discreet(fmt.Sprintf("%+v", got), m)
	return got
}

// discreet checks that a text for logs holds nothing of the message's people and
// contents, and nothing of the configuration's secrets.
func (r *rig) discreet(text string, m messenger.Message) {
	r.Helper()
	hidden := append([]string{m.To, m.From, m.Text, m.Subject, m.HTML}, r.Secrets...)
	for line := range strings.SplitSeq(m.Text, "\n") {
		hidden = append(hidden, line)
	}
	for _, h := range hidden {
		if h != "" && strings.Contains(text, h) {
			r.Errorf("%q holds %q", text, h)
		}
	}
}

// arrived waits until at least n messages came to the recipient.
func (r *rig) arrived(to string, n int) []Arrival {
	r.Helper()
	var got []Arrival
	r.until(fmt.Sprintf("%d messages came", n), func() bool {
		got = r.Arrived(r.T, to)
		return len(got) >= n
	})
	return got
}

// until waits for what the other end does in its own time.
func (r *rig) until(what string, so func() bool) {
	r.Helper()
	ctx := r.ctx()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			r.Fatalf("not within %v: %s", Patience, what)
		case <-tick.C:
		}
	}
}

// whole checks that what came is m.
func (r *rig) whole(m messenger.Message, got Arrival) {
	r.Helper()
	if got.ID != "" && got.ID != m.ID {
		r.Errorf("id %q, want %q", got.ID, m.ID)
	}
	if got.From != m.From || got.To != m.To {
		r.Errorf("%s from %q to %q, want %q to %q", m.Kind, got.From, got.To, m.From, m.To)
	}
	if got.Kind != m.Kind {
		r.Errorf("came as %s, want %s", got.Kind, m.Kind)
	}
	if lines(got.Text) != lines(m.Text) {
		r.Errorf("%s: text\n%q, want\n%q", m.Kind, got.Text, m.Text)
	}
	subject := m.Subject
	if m.Kind == messenger.LMS && r.NoSubject {
		subject = ""
	}
	if got.Subject != subject {
		r.Errorf("%s: subject %q, want %q", m.Kind, got.Subject, subject)
	}
	if lines(got.HTML) != lines(m.HTML) {
		r.Errorf("%s: HTML\n%q, want\n%q", m.Kind, got.HTML, m.HTML)
	}
}

// lines evens out the ends of lines, which mail servers write in their own way.
func lines(s string) string {
	return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
}
