package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"innopay/call"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// Options wire a Service.
type Options struct {
	Store     Store
	Directory merchant.Directory
	Key       keyring.PushKey
	// Contact is whom a push service may write to: mailto:.. or an https address.
	Contact string
	// Loopback lets devices name this machine as their push service, also without TLS:
	// only for tests and the demo.
	Loopback bool
	Clock    clock.Clock
	IDs      *id.Source
	Log      *slog.Logger
	Wake     func() // something waits for Round; nil: nobody is told
}

// Service keeps the devices of users and tells them. Safe for concurrent use.
type Service struct {
	Options
	client  *http.Client
	waiting chan outbox.Event
	places  chan struct{} // one for each push under way
}

// New wires a Service.
func New(o Options) *Service {
	if o.Wake == nil {
		o.Wake = func() {}
	}
	// The library puts the scheme of a mail address in front itself.
	o.Contact = strings.TrimPrefix(o.Contact, "mailto:")
	return &Service{
		Options: o, client: guard(o.Loopback).Client(), waiting: make(chan outbox.Event, mostWaiting), places: make(chan struct{}, atOnce),
	}
}

// guard is what stands before the addresses that devices name.
func guard(loopback bool) call.Guard {
	return call.Guard{Loopback: loopback, Most: maxEndpoint, Timeout: tryFor, Idle: atOnce}
}

// PublicKey is what a browser needs to subscribe.
func (s *Service) PublicKey() string { return s.Key.Public }

// Subscribe notes that the caller's device wants to be told, and gives the id. Said
// again by the same user it changes nothing but when the device was last seen.
func (s *Service) Subscribe(ctx context.Context, p merchant.Principal, d Device) (string, error) {
	if err := check(&d, s.Loopback); err != nil {
		return "", err
	}
	now := s.Clock.Now().Truncate(time.Microsecond)
	sub := Subscription{
		MerchantID: p.Tenant.ID(), ID: s.IDs.At(id.Push, now), UserID: p.UserID, SessionID: p.SessionID, Device: d,
		CreatedAt: now, SeenAt: now,
	}
	stands := ""
	err := s.Store.PushTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		if stands, err = tx.PutSubscription(ctx, sub); err != nil {
			return err
		}
		if err := tx.KeepSubscriptions(ctx, p.Tenant, p.UserID, MostDevices); err != nil {
			return err
		}
		if stands != sub.ID {
			return nil // the app says so at every start
		}
		return tx.Record(ctx, s.record(p, "push.added", sub.ID, now))
	})
	return stands, told(err)
}

// Unsubscribe forgets a device of the caller's; ErrNotFound when it has no such one.
func (s *Service) Unsubscribe(ctx context.Context, p merchant.Principal, subscriptionID string) error {
	return told(s.Store.PushTx(ctx, func(ctx context.Context, tx Tx) error {
		there, err := tx.DeleteSubscription(ctx, p.Tenant, p.UserID, subscriptionID)
		if err != nil {
			return err
		}
		if !there {
			return ErrNotFound
		}
		return tx.Record(ctx, s.record(p, "push.removed", subscriptionID, s.Clock.Now().Truncate(time.Microsecond)))
	}))
}

// Has returns ErrNotFound unless the caller has the subscription.
func (s *Service) Has(ctx context.Context, p merchant.Principal, subscriptionID string) error {
	there, err := s.Store.HasSubscription(ctx, p.Tenant, p.UserID, subscriptionID)
	if err == nil && !there {
		return ErrNotFound
	}
	return told(err)
}

// BySession gives the subscriptions of the caller's devices by the session in which each
// asked to be told.
func (s *Service) BySession(ctx context.Context, p merchant.Principal) (map[string]string, error) {
	subs, err := s.Store.SubscriptionsOf(ctx, p.Tenant, p.UserID)
	return subs, told(err)
}

func (s *Service) record(p merchant.Principal, action, subject string, at time.Time) audit.Record {
	return audit.Record{MerchantID: p.Tenant.ID(), ID: s.IDs.At(id.Audit, at), At: at, Actor: p.UserID, Action: action, Subject: subject}
}

// told turns what is no fault into "not now".
func told(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil {
		return err
	}
	return ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}

// check refuses what no browser gives, and brings the keys into one form.
func check(d *Device, loopback bool) error {
	var c fault.Checks
	c.That(guard(loopback).Valid(d.Endpoint), "/endpoint", "INVALID_PUSH_ENDPOINT", "이 브라우저의 알림 주소를 쓸 수 없어요. 알림을 껐다가 다시 켜 주세요.")
	point, err := decode(d.P256DH)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	c.That(err == nil, "/keys/p256dh", "INVALID_PUSH_KEY", "이 브라우저의 알림 키를 읽을 수 없어요. 알림을 껐다가 다시 켜 주세요.")
	auth, err := decode(d.Auth)
	c.That(err == nil && len(auth) == authBytes, "/keys/auth", "INVALID_PUSH_KEY", "이 브라우저의 알림 키를 읽을 수 없어요. 알림을 껐다가 다시 켜 주세요.")
	d.P256DH, d.Auth = encode(point), encode(auth)
	return c.Err()
}

func decode(s string) ([]byte, error) {
	return base64.RawURLEncoding.Strict().DecodeString(strings.TrimRight(s, "="))
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
