package health

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"innopay/call"
	"innopay/clock"
	"innopay/messenger"
)

// state is what an alarm says of itself.
func (a Alarm) state() string {
	if a.ClearedAt.IsZero() {
		return "RAISED"
	}
	return "CLEARED"
}

// told is an alarm as a program gets it.
type told struct {
	ID        string `json:"id"`
	State     string `json:"state"` // RAISED or CLEARED
	Code      string `json:"code"`
	Subject   string `json:"subject,omitempty"`
	Severity  string `json:"severity"`
	Message   string `json:"message"`
	RaisedAt  string `json:"raisedAt"`
	ClearedAt string `json:"clearedAt,omitempty"`
}

// Webhook posts alarms as JSON to an address of the configuration. It follows no redirect;
// any 2xx is taken for told. A repeat bears the same id and state.
type Webhook struct {
	Address string
	Client  *call.Client
}

// WebhookTimeout is what one call may take.
const WebhookTimeout = 5 * time.Second

// maxReply bounds what a receiver answers.
const maxReply = 64 << 10

// NewWebhook posts to an address.
func NewWebhook(address string) *Webhook {
	return &Webhook{Address: address, Client: call.New(call.Options{Timeout: WebhookTimeout, MaxBody: maxReply})}
}

// Name implements Teller.
func (w *Webhook) Name() string { return "webhook" }

// Tell implements Teller.
func (w *Webhook) Tell(ctx context.Context, a Alarm) error {
	t := told{
		ID: a.ID, State: a.state(), Code: a.Code, Subject: a.Subject, Severity: string(a.Severity), Message: a.Message, RaisedAt: stamp(a.RaisedAt),
	}
	if !a.ClearedAt.IsZero() {
		t.ClearedAt = stamp(a.ClearedAt)
	}
	body, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("health: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.Address, bytes.NewReader(body))
	if err != nil {
		return errors.New("health: the webhook's address cannot be called") // the cause repeats it
	}
	req.Header.Set("Content-Type", "application/json")
	reply, err := w.Client.Do(ctx, req)
	if err == nil && (reply.Status < 200 || reply.Status > 299) {
		err = fmt.Errorf("health: the webhook answered %d", reply.Status)
	}
	return err
}

func stamp(t time.Time) string { return t.In(clock.Seoul).Format("2006-01-02T15:04:05.000-07:00") }

// Mail sends alarms to addresses of the configuration.
type Mail struct {
	Gateway messenger.Sender
	To      []string
	Base    string // the installation's address, for the link
}

// Name implements Teller.
func (m *Mail) Name() string { return "mail" }

// Tell implements Teller. An address that the gateway will never take is left out.
func (m *Mail) Tell(ctx context.Context, a Alarm) error {
	word := "발생"
	at := a.RaisedAt
	if !a.ClearedAt.IsZero() {
		word, at = "해소", a.ClearedAt
	}
	text := fmt.Sprintf("%s\n\n코드: %s\n대상: %s\n심각도: %s\n%s: %s\n\n%s/console\n", a.Message, a.Code, a.Subject, a.Severity, word, stamp(at), m.Base)
	var errs []error
	for i, to := range m.To {
		an := m.Gateway.Send(ctx, messenger.Message{
			ID: fmt.Sprintf("%s_%s_%d", a.ID, strings.ToLower(a.state()), i), Kind: messenger.Email, To: to,
			Subject: fmt.Sprintf("[INNOPAY] 알람 %s: %s", word, a.Message), Text: text,
		})
		if an.Outcome == messenger.Later || an.Outcome == messenger.Unknown {
			errs = append(errs, fmt.Errorf("health: mail %d: %s %s", i, an.Outcome, an.Code))
		}
	}
	return errors.Join(errs...)
}
