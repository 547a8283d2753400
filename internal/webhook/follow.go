package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Name implements outbox.Subscriber.
func (*Service) Name() string { return "webhook" }

// Deliver implements outbox.Subscriber: it writes a delivery for every webhook that asked
// for the type. Told an event again it writes none twice; what happened before a webhook
// was made is none of its news, however late the outbox comes to it.
func (s *Service) Deliver(ctx context.Context, e outbox.Event) error {
	if !slices.Contains(EventTypes, string(e.Type)) {
		return nil
	}
	t := merchant.TenantOf(e.MerchantID)
	all, err := s.Store.Webhooks(ctx, t)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(w Webhook) bool {
		return !w.Active || !slices.Contains(w.Events, string(e.Type)) || e.CreatedAt.Before(w.CreatedAt)
	})
	if len(all) == 0 {
		return nil
	}
	subject, data, version, err := s.resource(ctx, t, e)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	payload, err := envelope(string(e.Type), e.CreatedAt, data, version)
	if err != nil {
		return err
	}
	err = s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		for _, w := range all {
			if err := tx.InsertDelivery(ctx, s.delivery(t, w.ID, e.ID, string(e.Type), subject, position(e), payload)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.Wake()
	}
	return err
}

// resource is what the event is about, as it stands now: a version tells how new it is.
func (s *Service) resource(ctx context.Context, t merchant.Tenant, e outbox.Event) (subject string, data json.RawMessage, version int64, err error) {
	var ids struct {
		RequestID     string `json:"requestId"`
		CashReceiptID string `json:"cashReceiptId"`
	}
	if err := json.Unmarshal([]byte(e.Payload), &ids); err != nil {
		return "", nil, 0, fmt.Errorf("webhook: payload of %s: %w", e.ID, err)
	}
	switch e.Type { //nolint:exhaustive // all others are about a payment
	case outbox.RequestChanged:
		data, version, err = s.Resources.Request(ctx, t, ids.RequestID)
		return ids.RequestID, data, version, err
	case outbox.CashReceiptChanged:
		data, version, err = s.Resources.CashReceipt(ctx, t, ids.CashReceiptID)
		return ids.CashReceiptID, data, version, err
	}
	data, version, err = s.Resources.Payment(ctx, t, e.Subject)
	return e.Subject, data, version, err
}

// position orders the deliveries of one subject. The outbox orders events of a payment by
// its version; what is told of requests and cash receipts has the time of its event.
func position(e outbox.Event) int64 {
	if e.Type == outbox.RequestChanged || e.Type == outbox.CashReceiptChanged {
		return clock.Micros(e.CreatedAt)
	}
	return e.Version
}

func (s *Service) delivery(t merchant.Tenant, webhookID, event, kind, subject string, at int64, payload []byte) Delivery {
	now := s.now()
	return Delivery{
		MerchantID: t.ID(), ID: s.IDs.At(id.Delivery, now), WebhookID: webhookID, EventID: event, Type: kind, Subject: subject, Position: at,
		Payload: payload, Status: Pending, DueAt: now, CreatedAt: now, RowVersion: 1,
	}
}

var errNoObject = errors.New("webhook: data is no JSON object")

// envelope is the body of a delivery: type, timestamp, data, and in the data its version.
func envelope(kind string, at time.Time, data json.RawMessage, version int64) ([]byte, error) {
	data = bytes.TrimSpace(data)
	if !json.Valid(data) || len(data) < 2 || data[0] != '{' {
		return nil, errNoObject
	}
	comma := ","
	if len(bytes.TrimSpace(data[1:len(data)-1])) == 0 {
		comma = ""
	}
	return fmt.Appendf(nil, `{"type":%q,"timestamp":%q,"data":{"version":%d%s%s}`, kind, at.UTC().Format(time.RFC3339Nano), version, comma, data[1:]), nil
}
