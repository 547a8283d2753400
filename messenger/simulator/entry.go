package simulator

import (
	"strings"
	"time"

	"innopay/messenger"
)

// Delivery is how long after it was taken the state of a message is final.
const Delivery = 300 * time.Millisecond

// Why a message does not arrive.
const (
	NoSubscriber = "NO_SUBSCRIBER" // the number has no phone
	NoKakao      = "NO_KAKAO"      // AlimTalk that may not fall back: the phone has no KakaoTalk
	NoTemplate   = "NO_TEMPLATE"   // AlimTalk that may not fall back: the template is not registered
)

// Message is one text that was taken.
type Message struct {
	ID        string         `json:"id"`                  // the gateway's
	MessageID string         `json:"messageId,omitempty"` // Message.ID of who sent it, from customFields.messageId
	At        time.Time      `json:"at"`
	From      string         `json:"from"`
	To        string         `json:"to"`   // digits only, beginning with 0
	Kind      messenger.Kind `json:"kind"` // SMS, LMS or ALIMTALK, as it arrives
	Subject   string         `json:"subject,omitempty"`
	Text      string         `json:"text"` // as the phone shows it
	Template  string         `json:"templateId,omitempty"`
	Buttons   []Button       `json:"buttons,omitempty"`
	// Replacement: it was an AlimTalk that could not arrive as one.
	Replacement bool `json:"replacement,omitempty"`
	// Failure says why it will not arrive; empty when it does.
	Failure string `json:"failure,omitempty"`
	// State is what is told of it now.
	State string `json:"state,omitempty"` // WAITING, DELIVERED, FAILED
}

// Button of an AlimTalk.
type Button struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Link string `json:"link,omitempty"`
}

// Mail is one mail as one recipient has it.
type Mail struct {
	ID        string    `json:"id"`
	MessageID string    `json:"messageId,omitempty"` // the header Message-ID without < >
	At        time.Time `json:"at"`
	From      string    `json:"from"`
	To        string    `json:"to"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
}

// state of a message at now.
func (m *Message) state(now time.Time) messenger.State {
	switch {
	case now.Sub(m.At) < Delivery:
		return messenger.Waiting
	case m.Failure != "":
		return messenger.Failed
	default:
		return messenger.Delivered
	}
}

// record is one line of the journal. Exactly one of its parts is there.
type record struct {
	Message *taken `json:"message,omitempty"`
	Mail    *Mail  `json:"mail,omitempty"`
}

func (r record) valid() bool { return (r.Message != nil) != (r.Mail != nil) }

// taken is a message with what the wire is asked for later.
type taken struct {
	Message
	Group  string            `json:"group"`
	Custom map[string]string `json:"custom,omitempty"`
}

// Normal is a telephone number as digits: no marks between them, the country's code
// written as the 0 it stands for.
func Normal(number string) string {
	var b strings.Builder
	for _, r := range number {
		if r >= '0' && r <= '9' || r == '+' && b.Len() == 0 {
			b.WriteRune(r)
		}
	}
	n := b.String()
	if rest, ok := strings.CutPrefix(n, "+82"); ok {
		n = "0" + strings.TrimPrefix(rest, "0")
	}
	return strings.TrimPrefix(n, "+")
}
