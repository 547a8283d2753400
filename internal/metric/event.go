package metric

import (
	"context"
	"encoding/json"
	"strings"

	"innopay/internal/outbox"
)

// Name implements outbox.Subscriber.
func (m *Metrics) Name() string { return "metrics" }

// channels are those of payments, with their method; another word would be another series.
var channels = map[string]string{"CARD": "CARD", "SMS": "CARD", "ARS": "CARD", "CASH": "CASH"}

// paymentEvent begins the types of events of payments.
const paymentEvent = "payment."

// begun are told of from the start with 0: what comes into being with its first event is no
// rise to a monitoring system.
var begun = []outbox.Type{
	outbox.PaymentApproved, outbox.PaymentDeclined, outbox.PaymentUnknown, outbox.PaymentReversed, outbox.PaymentCanceled, outbox.CancelUnknown, outbox.CancelFailed,
}

// Deliver implements outbox.Subscriber. It never fails.
func (m *Metrics) Deliver(_ context.Context, e outbox.Event) error {
	outcome, ok := strings.CutPrefix(string(e.Type), paymentEvent)
	if !ok {
		m.events.WithLabelValues(string(e.Type)).Inc()
		return nil
	}
	var of struct {
		Channel string `json:"channel"`
	}
	_ = json.Unmarshal([]byte(e.Payload), &of) // what cannot be read is counted as OTHER
	method, ok := channels[of.Channel]
	if !ok {
		method, of.Channel = "OTHER", "OTHER"
	}
	m.payments.WithLabelValues(method, of.Channel, outcome).Inc()
	return nil
}
