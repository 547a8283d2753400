package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/web/live"
	"innopay/internal/web/problem"
)

// Figures of a stream.
const (
	streamBeat  = 15 * time.Second // a comment, so that proxies keep the connection; the session is looked at again
	streamWrite = 10 * time.Second // one message must leave within
	streamLife  = 30 * time.Minute // then the device comes back, to an instance that may be another
	streamRetry = 2000             // milliseconds before a device comes back
)

type eventsInput struct {
	LastEventID string `header:"Last-Event-ID" maxLength:"64" pattern:"^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The last event known; what came after it is told first"`
}

func (a *API) registerEvents() {
	op := huma.Operation{
		OperationID: "streamEvents", Method: http.MethodGet, Path: "/v1/events", Tags: []string{"Payments"},
		Summary: "Follow payments live",
		Description: "Server-sent events. `event: payment` carries {type, paymentId, version, status, channel}: read the payment again. " +
			"`event: request` carries {type, requestId, paymentId}: read the request again. " +
			"`event: cashReceipt` carries {type, cashReceiptId, paymentId, status}: read the cash receipt again. " +
			"`event: settings` carries {type, version}: read the settings again. " +
			"`event: notices` carries {type}: a notice began or was withdrawn. " +
			"`event: catalog` carries {type, productIds}: products changed, an empty list means read all of them again. " +
			"`event: ticket` carries {type, ticketId}: read the ticket again. " +
			"`event: security` carries {what, subject}: something happened to the caller's own login. " +
			"`event: ended` comes last, when somebody ended this session from elsewhere. " +
			"`event: reset` means that something was missed: read everything again. Events may come twice.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A stream that does not end", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}
	add(a, access{permission: merchant.PaymentRead}, op, func(ctx context.Context, in *eventsInput) (*huma.StreamResponse, error) {
		l, ok := a.Live.Listen(principal(ctx).Tenant)
		if !ok {
			return nil, problem.ErrRate.WithRetryAfter(time.Minute)
		}
		return &huma.StreamResponse{Body: func(h huma.Context) {
			defer l.Close()
			r, w := humago.Unwrap(h)
			s := &stream{api: a, listener: l, request: r, writer: w, control: http.NewResponseController(w)}
			if err := s.run(in.LastEventID); err != nil {
				a.Log.Debug("live stream ended", "err", err)
			}
		}}, nil
	})
}

// stream is one device that listens.
type stream struct {
	api      *API
	listener *live.Listener
	request  *http.Request
	writer   http.ResponseWriter
	control  *http.ResponseController
}

// errOver ends a stream that has nothing wrong with it.
var errOver = errors.New("over")

func (s *stream) run(last string) error {
	ctx, cancel := context.WithTimeout(s.request.Context(), s.life())
	defer cancel()
	s.writer.Header().Set("Content-Type", "text/event-stream")
	s.writer.Header().Set("X-Accel-Buffering", "no") // a proxy in front must not collect
	if err := s.control.SetReadDeadline(time.Time{}); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if err := s.write(fmt.Sprintf("retry: %d\n\n", streamRetry)); err != nil {
		return err
	}
	if last != "" {
		if err := s.missed(ctx, last); err != nil {
			return err
		}
	}
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return errOver
		case e, ok := <-s.listener.Events:
			if !ok {
				return errOver
			}
			if err := s.event(e); err != nil {
				return err
			}
		case <-beat.C:
			if _, err := s.api.authenticate(s.request); err != nil {
				return err
			}
			if err := s.write(":\n\n"); err != nil {
				return err
			}
		}
	}
}

func (s *stream) life() time.Duration {
	if s.api.StreamLife > 0 {
		return s.api.StreamLife
	}
	return streamLife
}

// missed tells a device that comes back what happened meanwhile.
func (s *stream) missed(ctx context.Context, last string) error {
	es, whole, err := s.api.Live.Missed(ctx, principal(s.request.Context()).Tenant, last)
	if err != nil {
		return err
	}
	if !whole {
		return s.write("event: reset\ndata: {}\n\n")
	}
	for _, e := range es {
		if e.ID == last {
			continue
		}
		if err := s.event(e); err != nil {
			return err
		}
	}
	return nil
}

// event holds ids of our own alone, which need no escape.
func (s *stream) event(e outbox.Event) error {
	switch e.Type { //nolint:exhaustive // what is not named is told as it is
	case outbox.SettingsChanged:
		return s.write(fmt.Sprintf("id: %s\nevent: settings\ndata: {\"type\":%q,\"version\":%d}\n\n", e.ID, e.Type, e.Version))
	case outbox.StaffRegistered:
		return s.write(fmt.Sprintf("id: %s\nevent: staff\ndata: {\"type\":%q,\"version\":%d}\n\n", e.ID, e.Type, e.Version))
	case outbox.SessionsEnded:
		return s.ended()
	case outbox.NoticesChanged:
		return s.write(fmt.Sprintf("id: %s\nevent: notices\ndata: {\"type\":%q}\n\n", e.ID, e.Type))
	case outbox.SecurityNotice:
		if e.Subject != principal(s.request.Context()).UserID {
			return nil // each is told of their own login alone
		}
		return s.write(fmt.Sprintf("id: %s\nevent: security\ndata: %s\n\n", e.ID, e.Payload))
	case outbox.CatalogChanged:
		return s.write(fmt.Sprintf("id: %s\nevent: catalog\ndata: {\"type\":%q,%s\n\n", e.ID, e.Type, strings.TrimPrefix(e.Payload, "{")))
	case outbox.MailAsked, outbox.ResetAsked, outbox.WebhookDisabled:
		return nil
	}
	name := "payment"
	switch e.Type { //nolint:exhaustive // what is not named is about a payment
	case outbox.RequestChanged:
		name = "request"
	case outbox.CashReceiptChanged:
		name = "cashReceipt"
	case outbox.TicketChanged:
		name = "ticket"
	}
	return s.write(fmt.Sprintf("id: %s\nevent: %s\ndata: {\"type\":%q,\"version\":%d,%s\n\n", e.ID, name, e.Type, e.Version, strings.TrimPrefix(e.Payload, "{")))
}

// ended looks whether the session that ended is the listener's own; others are told nothing.
func (s *stream) ended() error {
	_, err := s.api.authenticate(s.request)
	if fault.KindOf(err) != fault.Unauthenticated {
		return nil // what cannot be asked now is asked again with the next beat
	}
	if err := s.write("event: ended\ndata: {}\n\n"); err != nil {
		return err
	}
	return errOver
}

func (s *stream) write(text string) error {
	// Not every writer has deadlines (a test's recorder has none).
	if err := s.control.SetWriteDeadline(clock.System{}.Now().Add(streamWrite)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	if _, err := s.writer.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}
