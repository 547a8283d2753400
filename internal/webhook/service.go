package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/call"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/notice"
)

// Resources show what an event is about as the API shows it.
type Resources interface {
	// Payment is the JSON of GET /v1/payments/{id} and the payment's version.
	Payment(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error)
	// Request and CashReceipt likewise.
	Request(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error)
	CashReceipt(ctx context.Context, t merchant.Tenant, id string) (json.RawMessage, int64, error)
}

// Options wire a Service.
type Options struct {
	Store     Store
	Resources Resources
	Notices   *notice.Service // tells the owner of one that was turned off
	Guard     call.Guard      // what may be called
	Rand      io.Reader       // of secrets: the system's cryptographic source
	Clock     clock.Clock
	IDs       *id.Source
	Log       *slog.Logger
	Owner     string // of leases, unique over all instances
	Wake      func() // a delivery is due
	// Observe is told of every try: the receiver's status, or why there is none. It may be nil.
	Observe func(status int, failure string, took time.Duration)
}

// Service keeps the webhooks of merchants and tells them. Safe for concurrent use.
type Service struct {
	Options
	client *http.Client
}

// New wires a Service.
func New(o Options) *Service {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	o.Guard.Most, o.Guard.Timeout, o.Guard.Idle = maxURL, answerWait, callsPerShop
	return &Service{Options: o, client: o.Guard.Client()}
}

// Wanted is a webhook as people describe it.
type Wanted struct {
	URL         string
	Events      []string
	Description string
	Active      bool
}

// check refuses what is no webhook of ours, naming the field, and orders the events.
func (s *Service) check(w *Wanted) error {
	var c fault.Checks
	c.That(s.Guard.Valid(w.URL), "/url", "INVALID_WEBHOOK_URL", "인터넷에서 열리는 https 주소를 입력해 주세요. 예: https://shop.example/innopay")
	var events []string
	for _, e := range EventTypes {
		if slices.Contains(w.Events, e) {
			events = append(events, e)
		}
	}
	known := !slices.ContainsFunc(w.Events, func(e string) bool { return !slices.Contains(EventTypes, e) })
	c.That(len(events) > 0 && known, "/events", "UNKNOWN_VALUE", "받을 알림을 하나 이상 골라 주세요.")
	w.Events, w.Description = events, strings.TrimSpace(w.Description)
	c.That(utf8.RuneCountInString(w.Description) <= maxDesc && !strings.ContainsFunc(w.Description, unicode.IsControl),
		"/description", "INVALID_TEXT", "설명은 200자까지 입력할 수 있어요.")
	return c.Err()
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

func (s *Service) record(t merchant.Tenant, actor, action, subject string) audit.Record {
	now := s.now()
	return audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
}

// told turns what is no fault of this package into one.
func told(err error) error {
	switch {
	case errors.Is(err, ErrAbsent):
		return ErrNotFound
	case errors.Is(err, ErrStale):
		return ErrChanged
	}
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil {
		return err
	}
	return ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}

// List is a merchant's webhooks, oldest first.
func (s *Service) List(ctx context.Context, t merchant.Tenant) ([]Webhook, error) {
	ws, err := s.Store.Webhooks(ctx, t)
	return ws, told(err)
}

// Has returns ErrNotFound unless the merchant has the webhook.
func (s *Service) Has(ctx context.Context, t merchant.Tenant, webhookID string) error {
	_, err := s.Store.Webhook(ctx, t, webhookID)
	return told(err)
}

// Add makes a webhook; its secret is in it. It returns Invalid or ErrTooMany.
func (s *Service) Add(ctx context.Context, t merchant.Tenant, actor string, w Wanted) (Webhook, error) {
	if err := s.check(&w); err != nil {
		return Webhook{}, err
	}
	secret, err := newSecret(s.Rand)
	if err != nil {
		return Webhook{}, told(err)
	}
	now := s.now()
	out := Webhook{
		MerchantID: t.ID(), ID: s.IDs.At(id.Webhook, now), URL: w.URL, Events: w.Events, Description: w.Description, Active: w.Active,
		Secret: secret, CreatedAt: now, Version: 1,
	}
	return out, told(s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		n, err := tx.CountWebhooks(ctx, t)
		if err != nil {
			return err
		}
		if n >= MostWebhooks {
			return ErrTooMany
		}
		return errors.Join(tx.InsertWebhook(ctx, out), tx.Record(ctx, s.record(t, actor, "webhook.added", out.ID)))
	}))
}

// change writes what fn makes of the webhook as it stands.
func (s *Service) change(ctx context.Context, t merchant.Tenant, actor, action, webhookID string, fn func(*Webhook) error) (out Webhook, err error) {
	err = s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		w, err := tx.Webhook(ctx, t, webhookID)
		if err != nil {
			return err
		}
		if err := fn(&w); err != nil {
			return err
		}
		w.Version++
		out = w
		return errors.Join(tx.UpdateWebhook(ctx, w), tx.Record(ctx, s.record(t, actor, action, w.ID)))
	})
	return out, told(err)
}

// Change writes a webhook's description over that of the given version. Turned on again it
// starts with no failure. It returns Invalid, ErrNotFound or ErrChanged.
func (s *Service) Change(ctx context.Context, t merchant.Tenant, actor, webhookID string, version int64, w Wanted) (Webhook, error) {
	if err := s.check(&w); err != nil {
		return Webhook{}, err
	}
	return s.change(ctx, t, actor, "webhook.changed", webhookID, func(is *Webhook) error {
		if is.Version != version {
			return ErrChanged
		}
		if w.Active {
			is.Disabled = NotDisabled
		}
		if w.Active && !is.Active || w.URL != is.URL {
			is.FailingSince = time.Time{}
		}
		is.URL, is.Events, is.Description, is.Active = w.URL, w.Events, w.Description, w.Active
		return nil
	})
}

// Rotate gives a webhook a new secret. The present one signs besides for the overlap, up
// to LongestOverlap; 0 ends it at once. It returns Invalid or ErrNotFound.
func (s *Service) Rotate(ctx context.Context, t merchant.Tenant, actor, webhookID string, overlap time.Duration) (Webhook, error) {
	if overlap < 0 || overlap > LongestOverlap {
		return Webhook{}, fault.InvalidField("/overlapHours", "OUT_OF_RANGE", "지금 비밀값으로도 서명하는 기한은 7일 안에서 정해 주세요.")
	}
	until := s.now().Add(overlap)
	secret, err := newSecret(s.Rand)
	if err != nil {
		return Webhook{}, told(err)
	}
	return s.change(ctx, t, actor, "webhook.rotated", webhookID, func(is *Webhook) error {
		is.OldSecret, is.OldUntil = "", time.Time{}
		if overlap > 0 {
			is.OldSecret, is.OldUntil = is.Secret, until
		}
		is.Secret = secret
		return nil
	})
}

// Remove forgets a webhook and what it was told. It returns ErrNotFound.
func (s *Service) Remove(ctx context.Context, t merchant.Tenant, actor, webhookID string) error {
	return told(s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		there, err := tx.DeleteWebhook(ctx, t, webhookID)
		if err != nil {
			return err
		}
		if !there {
			return ErrNotFound
		}
		return tx.Record(ctx, s.record(t, actor, "webhook.removed", webhookID))
	}))
}

// Logged is a delivery with its attempts.
type Logged struct {
	Delivery
	Log []Attempt
}

// Deliveries are a page of what a webhook was told, newest first, older than the id before
// when one is given.
func (s *Service) Deliveries(ctx context.Context, t merchant.Tenant, webhookID, before string, limit int) (page []Logged, more bool, err error) {
	limit = min(limit, mostListed)
	ds, err := s.Store.Deliveries(ctx, t, webhookID, before, limit+1)
	if err != nil {
		return nil, false, told(err)
	}
	for _, d := range ds[:min(len(ds), limit)] {
		log, err := s.Store.DeliveryAttempts(ctx, t, d.ID)
		if err != nil {
			return nil, false, told(err)
		}
		page = append(page, Logged{d, log})
	}
	return page, len(ds) > limit, nil
}

// Resend sends a settled delivery again, with the same webhook-id and data. It returns
// ErrNotFound, ErrUnderWay or ErrOff.
func (s *Service) Resend(ctx context.Context, t merchant.Tenant, actor, webhookID, deliveryID string) (Delivery, error) {
	d, err := s.Store.Delivery(ctx, t, webhookID, deliveryID)
	if err != nil {
		return Delivery{}, told(err)
	}
	if d.Status == Pending {
		return Delivery{}, ErrUnderWay
	}
	d.Status, d.Tries, d.DueAt, d.SettledAt = Pending, 0, s.now(), time.Time{}
	d.RowVersion++
	err = s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.on(ctx, tx, t, webhookID); err != nil {
			return err
		}
		err := tx.UpdateDelivery(ctx, d)
		if errors.Is(err, ErrStale) {
			return ErrUnderWay // somebody else pressed the button
		}
		return errors.Join(err, tx.Record(ctx, s.record(t, actor, "webhook.resent", d.ID)))
	})
	if err == nil {
		s.Wake()
	}
	return d, told(err)
}

func (s *Service) on(ctx context.Context, tx Tx, t merchant.Tenant, webhookID string) error {
	w, err := tx.Webhook(ctx, t, webhookID)
	if err == nil && !w.Active {
		return ErrOff
	}
	return err
}

// Test sends an event of its own type to a webhook. It returns ErrNotFound or ErrOff.
func (s *Service) Test(ctx context.Context, t merchant.Tenant, actor, webhookID string) (Delivery, error) {
	now := s.now()
	event := s.IDs.At(id.Event, now)
	payload, err := envelope(testEventType, now, json.RawMessage(fmt.Sprintf(`{"webhookId":%q}`, webhookID)), 1)
	if err != nil {
		return Delivery{}, told(err)
	}
	d := s.delivery(t, webhookID, event, testEventType, event, 1, payload)
	err = s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.on(ctx, tx, t, webhookID); err != nil {
			return err
		}
		return errors.Join(tx.InsertDelivery(ctx, d), tx.Record(ctx, s.record(t, actor, "webhook.tested", webhookID)))
	})
	if err == nil {
		s.Wake()
	}
	return d, told(err)
}
