package payrequest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
	"innopay/internal/payment"
)

// Notifier follows payments of requests in the outbox: it tells buyer and seller by
// text, and writes down that a request has ended. It is told an event more than once;
// the ids of its messages follow from the event's, so each is sent as one.
type Notifier struct{ Service *Service }

// followed are the events after which somebody is told or a request has ended.
var followed = []outbox.Type{outbox.PaymentApproved, outbox.PaymentReversed, outbox.PaymentCanceled, outbox.PaymentDeclined}

// Name implements outbox.Subscriber.
func (n Notifier) Name() string { return "texts" }

// Deliver implements outbox.Subscriber.
func (n Notifier) Deliver(ctx context.Context, e outbox.Event) error {
	if !slices.Contains(followed, e.Type) {
		return nil
	}
	s := n.Service
	t := merchant.TenantOf(e.MerchantID)
	p, err := s.Store.Payment(ctx, t, e.Subject)
	if err != nil {
		return fmt.Errorf("payrequest: %w", err)
	}
	if p.Channel != payment.ChannelSMS && p.Channel != payment.ChannelARS {
		return nil
	}
	jobs, err := s.news(ctx, t, e, p)
	if err != nil {
		return err
	}
	err = s.close(ctx, t, p, jobs)
	if err == nil && len(jobs) > 0 {
		s.Messages.Woken()
	}
	return err
}

// news are the messages that follow from an event.
func (s *Service) news(ctx context.Context, t merchant.Tenant, e outbox.Event, p payment.Payment) ([]message.Job, error) {
	suffix := strings.TrimPrefix(e.ID, string(id.Event))
	toBuyer := message.Job{MerchantID: e.MerchantID, ID: string(id.Message) + suffix, PaymentID: p.ID, To: p.Buyer.Phone}
	switch e.Type {
	case outbox.PaymentApproved:
		toBuyer.Purpose = message.Paid
		jobs := []message.Job{toBuyer}
		m, err := s.Directory.Merchant(ctx, t)
		if err != nil {
			return nil, err
		}
		if phone := m.Settings.NotifyPhone; phone != "" {
			toSeller := toBuyer
			// Another id that follows from the event: "s" is in no id.
			toSeller.ID, toSeller.Purpose, toSeller.To = toBuyer.ID+"s", message.SellerPaid, phone
			jobs = append(jobs, toSeller)
		}
		return jobs, nil
	case outbox.PaymentReversed:
		toBuyer.Purpose = message.Reversed
		return []message.Job{toBuyer}, nil
	case outbox.PaymentCanceled:
		toBuyer.Purpose, toBuyer.CancelID = message.Canceled, canceledBy(e)
		return []message.Job{toBuyer}, nil
	case outbox.PaymentDeclined, outbox.PaymentUnknown, outbox.CancelUnknown, outbox.CancelFailed, outbox.PaymentExpired,
		outbox.PaymentWithdrawn, outbox.RequestChanged, outbox.CashReceiptChanged, outbox.SettingsChanged, outbox.SessionsEnded, outbox.StaffRegistered,
		outbox.NoticesChanged, outbox.TicketChanged, outbox.CatalogChanged, outbox.SecurityNotice, outbox.MailAsked, outbox.ResetAsked, outbox.WebhookDisabled:
	}
	return nil, nil
}

// canceledBy is the cancel that the event tells of.
func canceledBy(e outbox.Event) string {
	var payload struct {
		CancelID string `json:"cancelId"`
	}
	_ = json.Unmarshal([]byte(e.Payload), &payload) // without one, nothing is told
	return payload.CancelID
}

// close adds the messages and notes that the request has ended, in one transaction.
func (s *Service) close(ctx context.Context, t merchant.Tenant, p payment.Payment, jobs []message.Job) error {
	r, err := s.Store.RequestByPayment(ctx, t, p.ID)
	if err != nil && !errors.Is(err, payment.ErrAbsent) {
		return err
	}
	ended := err == nil && r.Open && p.Status.Final()
	if !ended && len(jobs) == 0 {
		return nil
	}
	once, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	return s.Store.RequestTx(once, func(ctx context.Context, tx Tx) error {
		for _, j := range jobs {
			if _, err := s.Messages.Enqueue(ctx, tx, j); err != nil {
				return err
			}
		}
		if !ended {
			return nil
		}
		next := r
		next.Open = false
		next.Version++
		return tx.UpdateRequest(ctx, next)
	})
}
