package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"innopay/call"
	"innopay/internal/merchant"
)

// Round sends what is due, and reports whether it found something. Any number of
// instances may run rounds: a lease gives each delivery to one of them, and to another
// only when it ran out.
func (s *Service) Round(ctx context.Context) (bool, error) {
	now := s.now()
	ds, err := s.Store.LeaseDeliveries(ctx, s.Owner, now, now.Add(leaseFor), mostLeased)
	if err != nil {
		return false, fmt.Errorf("webhook: %w", err)
	}
	var all sync.WaitGroup
	for _, d := range ds {
		all.Go(func() {
			if err := s.send(ctx, d); err != nil && ctx.Err() == nil {
				// The lease runs out and it is sent again, with the same webhook-id.
				s.Log.Warn("webhook delivery not settled", "delivery", d.ID, "err", err)
			}
		})
	}
	all.Wait()
	return len(ds) > 0, nil
}

func (s *Service) send(ctx context.Context, d Delivery) error {
	t := merchant.TenantOf(d.MerchantID)
	w, err := s.Store.Webhook(ctx, t, d.WebhookID)
	if errors.Is(err, ErrAbsent) {
		return nil // removed with its deliveries
	}
	if err != nil {
		return err
	}
	a := Attempt{MerchantID: d.MerchantID, DeliveryID: d.ID, Number: d.Attempts + 1, At: s.now()}
	if w.Active {
		s.try(ctx, w, d, &a)
		if ctx.Err() != nil {
			return ctx.Err() // our time was up, which says nothing of the receiver
		}
	} else {
		a.Failure = "OFF"
	}
	a.Took = s.now().Sub(a.At)
	if s.Observe != nil {
		s.Observe(a.Status, a.Failure, a.Took)
	}
	s.settle(&d, a, w.Active)
	for again := range mostMarks {
		err = s.Store.WebhookTx(ctx, func(ctx context.Context, tx Tx) error {
			if err := tx.UpdateDelivery(ctx, d); err != nil {
				return err
			}
			if err := tx.InsertAttempt(ctx, a); err != nil {
				return err
			}
			return s.mark(ctx, tx, t, d.WebhookID, a)
		})
		if !errors.Is(err, errMarked) || again == mostMarks-1 {
			break
		}
	}
	return err
}

// errMarked: the webhook was changed, or marked by another delivery, since it was read.
// What the receiver answered stands all the same: it is written down anew, for unwritten
// it would be sent again.
var errMarked = errors.New("webhook: marked by another at the same time")

// settle is the delivery after the attempt.
func (s *Service) settle(d *Delivery, a Attempt, active bool) {
	now := s.now()
	d.RowVersion++
	d.Attempts++
	d.Tries++
	switch {
	case a.ok():
		d.Status, d.DueAt, d.SettledAt = Delivered, time.Time{}, now
	case !active || a.Status == http.StatusGone || d.Tries > len(pauses):
		d.Status, d.DueAt, d.SettledAt = Failed, time.Time{}, now
	default:
		d.DueAt = now.Add(pauses[d.Tries-1])
	}
}

func (a Attempt) ok() bool { return a.Status >= 200 && a.Status < 300 }

// mark notes at the webhook how the attempt went; it turns it off when it is gone, or
// when nothing arrived for too long.
func (s *Service) mark(ctx context.Context, tx Tx, t merchant.Tenant, webhookID string, a Attempt) error {
	w, err := tx.Webhook(ctx, t, webhookID)
	if errors.Is(err, ErrAbsent) {
		return nil
	}
	if err != nil || !w.Active {
		return err
	}
	since := w.FailingSince
	switch {
	case a.ok() && since.IsZero():
		return nil
	case a.ok():
		w.FailingSince = time.Time{}
	case a.Status == http.StatusGone:
		w.Active, w.Disabled = false, Gone
	case since.IsZero():
		w.FailingSince = a.At
	case a.At.Sub(since) >= FailingFor:
		w.Active, w.Disabled = false, Failing
	default:
		return nil
	}
	w.Version++
	switch err := tx.UpdateWebhook(ctx, w); {
	case errors.Is(err, ErrStale):
		return errMarked
	case err != nil || w.Active:
		return err
	}
	s.Log.Warn("webhook turned off", "webhook", w.ID, "merchant", w.MerchantID, "why", string(w.Disabled))
	return s.turnedOff(ctx, tx, w)
}

// try makes one call and notes in a what came of it.
func (s *Service) try(ctx context.Context, w Webhook, d Delivery, a *Attempt) {
	once, cancel := context.WithTimeout(ctx, answerWait)
	defer cancel()
	secrets := []string{w.Secret}
	if w.OldSecret != "" && w.OldUntil.After(a.At) {
		secrets = append(secrets, w.OldSecret)
	}
	signature, err := sign(d.EventID, a.At, d.Payload, secrets...)
	if err != nil {
		s.Log.Error("webhook not signed", "webhook", w.ID, "err", err)
		a.Failure = "UNSIGNED"
		return
	}
	r, err := http.NewRequestWithContext(once, http.MethodPost, w.URL, bytes.NewReader(d.Payload))
	if err != nil || !s.Guard.Valid(w.URL) {
		a.Failure = "NOT_PUBLIC" // what was allowed when it was made may be no more
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "innopay")
	r.Header.Set("webhook-id", d.EventID)
	r.Header.Set("webhook-timestamp", strconv.FormatInt(a.At.Unix(), 10))
	r.Header.Set("webhook-signature", signature)
	res, err := s.client.Do(r)
	switch {
	case errors.Is(err, call.ErrNotPublic):
		a.Failure = "NOT_PUBLIC"
		return
	case err != nil && once.Err() != nil:
		a.Failure = "TIMEOUT"
		return
	case err != nil:
		a.Failure = "UNREACHABLE"
		return
	}
	defer res.Body.Close()
	a.Status = res.StatusCode
	// A status is an answer, however its body ends.
	body, _ := io.ReadAll(io.LimitReader(res.Body, MostAnswer))
	a.Answer = strings.ReplaceAll(strings.ToValidUTF8(string(body), ""), "\x00", "")
}
