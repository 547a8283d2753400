package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/money"
)

// A device is tried once for each event and never again: by the time a push service that
// was down is back, the app, the text to the seller and the history have said it better.
// For the same reason events wait in memory alone, so that a push service, however slow,
// keeps the outbox from nothing. What is lost with a process that dies is a hint.
const (
	life        = time.Hour // after that nobody wants to know; the push service drops it
	tryFor      = 5 * time.Second
	tryFailed   = 2 * time.Second // of a device that failed last time, so that dead ones hold up nobody
	eventFor    = 20 * time.Second
	atOnce      = 8 // pushes under way
	mostWaiting = 1000
)

// AtOnce is how many rounds are worth running side by side: a merchant whose devices do
// not answer then holds up one of them.
const AtOnce = 4

// Name implements outbox.Subscriber.
func (*Service) Name() string { return "push" }

// Deliver implements outbox.Subscriber. It only remembers the event, and never fails.
func (s *Service) Deliver(_ context.Context, e outbox.Event) error {
	if _, ok := sentences[e.Type]; !ok && e.Type != outbox.TicketChanged || s.Clock.Now().Sub(e.CreatedAt) >= life {
		return nil
	}
	select {
	case s.waiting <- e:
		s.Wake()
	default:
		s.Log.Warn("push not sent: too many wait", "event", e.ID)
	}
	return nil
}

// Round tells the devices of one event, and reports whether more wait. Several may run
// at once.
func (s *Service) Round(ctx context.Context) (bool, error) {
	select {
	case e := <-s.waiting:
		ctx, cancel := context.WithTimeout(ctx, eventFor)
		defer cancel()
		if err := s.tell(ctx, e); err != nil {
			s.Log.Warn("push not sent", "event", e.ID, "err", err)
		}
		return len(s.waiting) > 0, nil
	default:
		return false, nil
	}
}

// tell sends the event to every device of its merchant.
func (s *Service) tell(ctx context.Context, e outbox.Event) error {
	t := merchant.TenantOf(e.MerchantID)
	m, err := s.Directory.Merchant(ctx, t)
	if err != nil || !m.Settings.Notify {
		return err
	}
	w, err := s.word(ctx, t, e)
	if err != nil || w == nil {
		return err
	}
	devices, err := s.Store.Subscriptions(ctx, t, s.Clock.Now(), mostTold)
	if err != nil {
		return err
	}
	n, err := json.Marshal(w.Notice)
	if err != nil {
		return err
	}
	// The library appends to what it is given: without room to spare it has to copy.
	n = slices.Clip(n)
	var all sync.WaitGroup
	defer all.Wait()
	for _, d := range devices {
		if w.userID != "" && d.UserID != w.userID {
			continue
		}
		select {
		case s.places <- struct{}{}:
		case <-ctx.Done():
			return fmt.Errorf("push: time is up: %w", ctx.Err())
		}
		all.Go(func() {
			defer func() { <-s.places }()
			s.try(ctx, t, d, n)
		})
	}
	return nil
}

// word is what an event is worth saying, and to whom.
type word struct {
	Notice
	userID string // empty: to all of the merchant
}

// word is nil when an event is worth none.
func (s *Service) word(ctx context.Context, t merchant.Tenant, e outbox.Event) (*word, error) {
	if e.Type == outbox.TicketChanged {
		var told ticketTold
		if err := json.Unmarshal([]byte(e.Payload), &told); err != nil || !told.Answered {
			return nil, err
		}
		return &word{userID: told.UserID, Notice: Notice{
			Title: "고객센터", Body: "문의에 답변이 왔어요", URL: "/app/support/tickets/" + e.Subject, Tag: e.Subject,
		}}, nil
	}
	p, err := s.Store.Payment(ctx, t, e.Subject)
	if err != nil {
		return nil, err
	}
	title, ok := titles[p.Channel]
	if !ok {
		return nil, nil //nolint:nilnil // the seller took it, and knows
	}
	return &word{Notice: Notice{
		Title: title, Body: sentences[e.Type](p.Split.Amount), URL: "/app/payments/" + p.ID, Tag: p.ID,
	}}, nil
}

// ticketTold is what outbox.TicketChanged carries.
type ticketTold struct {
	UserID   string `json:"userId"` // who asked
	Answered bool   `json:"answered"`
}

// Notice is what a device shows. It stands on locked screens: amounts and states, no
// name, no number, no product.
type Notice struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"` // path of the app that a press opens
	Tag   string `json:"tag"` // a newer one of the same tag takes the older one's place
}

var titles = map[payment.Channel]string{payment.ChannelSMS: "SMS결제", payment.ChannelARS: "ARS결제"}

// sentences are what is told, by the event. Merchants read Korean; the app on the device
// may speak another language, but is not asked.
var sentences = map[outbox.Type]func(money.Won) string{
	outbox.PaymentApproved: func(w money.Won) string { return w.String() + " 결제 완료" },
	outbox.PaymentExpired: func(w money.Won) string {
		return w.String() + " 결제 요청이 기한까지 결제되지 않아 끝났어요"
	},
	outbox.PaymentReversed: func(w money.Won) string {
		return w.String() + " 승인이 취소됐어요. 결제 내용을 확인해 주세요"
	},
}

// try sends to one device, once, and notes how it went.
func (s *Service) try(ctx context.Context, t merchant.Tenant, d Subscription, n []byte) {
	status, err := s.send(ctx, d, n)
	if ctx.Err() != nil {
		return // our time was up, which says nothing of the device
	}
	switch {
	case err == nil && status >= 200 && status < 300:
		if d.Fails > 0 {
			_, err = s.Store.MarkPush(ctx, t, d.ID, true)
		}
	case status == http.StatusNotFound || status == http.StatusGone:
		// The browser has ended it (RFC 8030, 7.3).
		err = s.Store.DropSubscription(ctx, t, d.ID)
	default:
		s.Log.Info("push refused", "subscription", d.ID, "status", status, "err", err)
		var fails int
		if fails, err = s.Store.MarkPush(ctx, t, d.ID, false); err == nil && fails >= mostFails {
			// The app subscribes again when it is next opened.
			err = s.Store.DropSubscription(ctx, t, d.ID)
		}
	}
	if err != nil {
		s.Log.Warn("push not noted", "subscription", d.ID, "err", err)
	}
}

// send makes one request. Its error names no address: that is the device's secret.
func (s *Service) send(ctx context.Context, d Subscription, n []byte) (int, error) {
	limit := tryFor
	if d.Fails > 0 {
		limit = tryFailed
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	res, err := webpush.SendNotificationWithContext(ctx, n, &webpush.Subscription{
		Endpoint: d.Endpoint, Keys: webpush.Keys{P256dh: d.P256DH, Auth: d.Auth},
	}, &webpush.Options{
		HTTPClient: s.client, Subscriber: s.Contact, TTL: int(life / time.Second), Urgency: webpush.UrgencyHigh,
		VAPIDPublicKey: s.Key.Public, VAPIDPrivateKey: s.Key.Private,
	})
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok {
			err = u.Err
		}
		return 0, err
	}
	defer res.Body.Close()
	return res.StatusCode, nil
}
