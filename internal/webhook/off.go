package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/notice"
	"innopay/internal/outbox"
	"innopay/internal/signin"
)

// actor is who turns webhooks off, in the audit and under notices.
const actor = "webhook"

// why says what went wrong, and what to do first.
var why = map[Disabled]string{
	Gone:    "받는 서버가 더는 받지 않겠다고 답해서(410) 알림을 껐어요. 주소가 맞는지 확인해 주세요.",
	Failing: "5일 동안 한 번도 닿지 않아서 알림을 껐어요. 받는 서버가 켜져 있는지 확인해 주세요.",
}

const (
	offTitle = "웹훅이 꺼졌어요"
	offDo    = "확인한 뒤 환경설정의 웹훅에서 다시 켤 수 있어요. 그동안 전달하지 못한 알림은 전송 기록에서 다시 보내 주세요."
)

// turnedOff tells of a webhook in the transaction that turns it off: the owners in the
// app, at once and until they read it; their mail by way of the outbox; the audit.
func (s *Service) turnedOff(ctx context.Context, tx Tx, w Webhook) error {
	t := merchant.TenantOf(w.MerchantID)
	now := s.now()
	payload := fmt.Sprintf(`{"why":%q}`, w.Disabled)
	return errors.Join(
		s.Notices.Post(ctx, tx, actor, t, notice.Draft{
			Role: merchant.Owner, Important: true, Title: offTitle, Body: receiverOf(w.URL) + "\n\n" + why[w.Disabled] + "\n\n" + offDo,
		}),
		tx.Emit(ctx, outbox.Event{
			MerchantID: w.MerchantID, ID: s.IDs.At(id.Event, now), Type: outbox.WebhookDisabled, Subject: w.ID, Version: w.Version, Payload: payload, CreatedAt: now,
		}),
		tx.Record(ctx, audit.Record{
			MerchantID: w.MerchantID, ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: "webhook.disabled", Subject: w.ID, Detail: payload,
		}),
	)
}

// receiverOf is what people know an address by: its host. The rest may hold a secret.
func receiverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// Owners are whom Letters writes to.
type Owners interface {
	// OwnerMails are the proven addresses of a merchant's owners by user id.
	OwnerMails(ctx context.Context, t merchant.Tenant) (map[string]string, error)
}

// LetterOptions wire Letters.
type LetterOptions struct {
	Webhooks  Store
	Messages  *message.Service
	Queue     message.Store
	Owners    Owners
	Directory merchant.Directory
	Base      string // how people reach the server, without a slash at its end
	Clock     clock.Clock
	Log       *slog.Logger
}

// Letters follows the outbox and writes to owners of a webhook that was turned off. Safe
// for concurrent use.
type Letters struct{ LetterOptions }

// NewLetters wires Letters and has it make the words of its mails.
func NewLetters(o LetterOptions) *Letters {
	l := &Letters{o}
	o.Messages.Compose(message.WebhookOff, l.compose)
	return l
}

// Name implements outbox.Subscriber.
func (*Letters) Name() string { return "webhook letters" }

// Deliver implements outbox.Subscriber. The id of a mail follows from the event's and its
// reader's, so that each is sent as one.
func (l *Letters) Deliver(ctx context.Context, e outbox.Event) error {
	if e.Type != outbox.WebhookDisabled {
		return nil
	}
	mails, err := l.Owners.OwnerMails(ctx, merchant.TenantOf(e.MerchantID))
	if err != nil || len(mails) == 0 {
		return err
	}
	err = l.Queue.MessageTx(ctx, func(ctx context.Context, tx message.Tx) error {
		for userID, address := range mails {
			_, err := l.Messages.Enqueue(ctx, tx, message.Job{
				MerchantID: e.MerchantID, ID: id.Derived(id.Message, e.CreatedAt, e.ID, userID), Mail: true, Purpose: message.WebhookOff, Subject: e.Subject, To: address,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("webhook: letter: %w", err)
	}
	l.Messages.Woken()
	return nil
}

// compose implements message.Composer. Nobody is told of a webhook that is on again.
func (l *Letters) compose(ctx context.Context, j message.Job) (message.Content, error) {
	t := merchant.TenantOf(j.MerchantID)
	w, err := l.Webhooks.Webhook(ctx, t, j.Subject)
	if errors.Is(err, ErrAbsent) || err == nil && w.Disabled == NotDisabled {
		return message.Content{}, message.ErrStale
	}
	if err != nil {
		return message.Content{}, err
	}
	m, err := l.Directory.Merchant(ctx, t)
	if err != nil {
		return message.Content{}, err
	}
	return offLetter(w, j.CreatedAt, l.Base).Content(m.Name)
}

func offLetter(w Webhook, at time.Time, base string) signin.Words {
	return signin.Words{
		Subject: offTitle, Text: why[w.Disabled] + "\n\n받는 서버: " + receiverOf(w.URL) + "\n시각: " + at.In(clock.Seoul).Format("2006-01-02 15:04"),
		Label: "웹훅 설정 열기", Link: base + "/app/settings/webhooks", After: offDo,
	}
}
