package web_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"innopay/internal/webhook"
)

// marking is the store of two deliveries of one webhook at once: of the next change of the
// webhook another one is in the way, as it is on a database that lets both run.
type marking struct {
	webhook.Store
	stale atomic.Int64
}

type markingTx struct {
	webhook.Tx
	m *marking
}

func (m *marking) WebhookTx(ctx context.Context, fn func(ctx context.Context, tx webhook.Tx) error) error {
	return m.Store.WebhookTx(ctx, func(ctx context.Context, tx webhook.Tx) error { return fn(ctx, markingTx{tx, m}) })
}

func (t markingTx) UpdateWebhook(ctx context.Context, w webhook.Webhook) error {
	if t.m.stale.Add(-1) >= 0 {
		return webhook.ErrStale
	}
	return t.Tx.UpdateWebhook(ctx, w)
}

// TestWhatArrivedIsNotSentAgainForItsMark: that two deliveries mark a webhook at once is no
// reason to send one of them again.
func TestWhatArrivedIsNotSentAgainForItsMark(t *testing.T) {
	t.Parallel()
	h := hooked(t)
	m := &marking{Store: h.options.Webhooks.Store}
	h.options.Webhooks.Store = m
	h.status = func(n int) int {
		if n == 1 {
			return http.StatusServiceUnavailable
		}
		return http.StatusNoContent
	}
	h.pay(t, h.one, h.order(t, 12_000))
	m.stale.Store(3)
	h.settle(t)
	h.hooks(t)
	if log := h.log(t); len(log) != 1 || log[0].Status != "PENDING" || len(log[0].Attempts) != 1 {
		t.Fatalf("a failure: %+v", log)
	}
	m.stale.Store(1)
	for range 10 {
		h.clock.Advance(time.Minute)
		h.hooks(t)
	}
	if log := h.log(t); log[0].Status != "DELIVERED" || len(log[0].Attempts) != 2 {
		t.Errorf("%+v", log)
	}
	if got := len(h.calls()); got != 2 {
		t.Errorf("it was sent %d times", got)
	}
}
