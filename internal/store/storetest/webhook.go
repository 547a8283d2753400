package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/notice"
	"innopay/internal/outbox"
	"innopay/internal/webhook"
)

// Webhooks runs the suite of webhook.Store. Its tests share one store, so their rows of
// one time are never leased by another: each has a day of its own.
func Webhooks(t *testing.T, fresh func(t *testing.T) webhook.Store) {
	t.Helper()
	s := fresh(t)
	for _, c := range []struct {
		name string
		run  func(*testing.T, webhook.Store)
	}{
		{"a webhook is read back whole, by its merchant alone", hookRoundTrip},
		{"a webhook changes from the version that was read", hookChanges},
		{"an event is one delivery of a webhook", hookEventOnce},
		{"what is told of a webhook is written with its change, or not at all", hookTold},
		{"of each subject the oldest is leased, once until the lease ends", hookLease},
		{"deliveries are listed with their attempts, and purged when settled", hookLog},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
}

func aHook(d *Desk) webhook.Webhook {
	return webhook.Webhook{ //nolint:gosec // secrets of nobody (G101)
		MerchantID: d.Merchant, ID: d.ID(id.Webhook), URL: "https://shop.example/" + d.Merchant, Events: []string{"payment.approved", "request.changed"},
		Description: "재고", Active: true, Secret: "whsec_c2VjcmV0", OldSecret: "whsec_b2xk", OldUntil: d.Now.Add(time.Hour), FailingSince: d.Now,
		CreatedAt: d.Now, Version: 1,
	}
}

func aDelivery(d *Desk, w webhook.Webhook, subject string, at int64) webhook.Delivery {
	return webhook.Delivery{
		MerchantID: d.Merchant, ID: d.ID(id.Delivery), WebhookID: w.ID, EventID: d.ID(id.Event), Type: "payment.approved", Subject: subject, Position: at,
		Payload: []byte(`{"buyer":"시험"}`), Status: webhook.Pending, DueAt: d.Now, CreatedAt: d.Now, RowVersion: 1,
	}
}

func hooked(t *testing.T, s webhook.Store, fn func(ctx context.Context, tx webhook.Tx) error) {
	t.Helper()
	if err := s.WebhookTx(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// hookDesk is a desk with one webhook, on a day of its own.
func hookDesk(t *testing.T, s webhook.Store, seed uint64) (*Desk, webhook.Webhook) {
	t.Helper()
	d := NewDesk(seed)
	d.Now = d.Now.AddDate(0, 0, -int(seed%100))
	w := aHook(d)
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error { return tx.InsertWebhook(ctx, w) })
	return d, w
}

func hookRoundTrip(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 701)
	other, theirs := hookDesk(t, s, 702)
	all, err := s.Webhooks(t.Context(), d.Tenant())
	if diff := cmp.Diff([]webhook.Webhook{w}, all, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := s.Webhook(t.Context(), other.Tenant(), w.ID); !errors.Is(err, webhook.ErrAbsent) {
		t.Errorf("another merchant's: %v", err)
	}
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		n, err := tx.CountWebhooks(ctx, d.Tenant())
		if n != 1 {
			t.Errorf("%d webhooks", n)
		}
		gone, err2 := tx.DeleteWebhook(ctx, other.Tenant(), w.ID)
		if gone {
			t.Error("another merchant removes it")
		}
		return errors.Join(err, err2)
	})
	v := aDelivery(d, w, "pay_1", 1)
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		return errors.Join(tx.InsertDelivery(ctx, v), tx.InsertAttempt(ctx, webhook.Attempt{MerchantID: d.Merchant, DeliveryID: v.ID, Number: 1, At: d.Now}))
	})
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		_, err := tx.DeleteWebhook(ctx, d.Tenant(), w.ID)
		return err
	})
	log, err := s.DeliveryAttempts(t.Context(), d.Tenant(), v.ID)
	if _, gone := s.Delivery(t.Context(), d.Tenant(), w.ID, v.ID); err != nil || len(log) != 0 || !errors.Is(gone, webhook.ErrAbsent) {
		t.Errorf("left of a removed one: %v, %v, %v", log, err, gone)
	}
	if _, err := s.Webhook(t.Context(), other.Tenant(), theirs.ID); err != nil {
		t.Error(err)
	}
}

func hookChanges(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 703)
	w.URL, w.Events, w.Active, w.Disabled, w.Secret, w.OldSecret, w.Version = "https://other.example/", []string{"payment.canceled"}, false, webhook.Gone, "whsec_bmV3", "", 2
	w.FailingSince, w.OldUntil = time.Time{}, time.Time{}
	for _, want := range []error{nil, webhook.ErrStale} {
		err := s.WebhookTx(t.Context(), func(ctx context.Context, tx webhook.Tx) error { return tx.UpdateWebhook(ctx, w) })
		if !errors.Is(err, want) {
			t.Errorf("%v, not %v", err, want)
		}
	}
	got, err := s.Webhook(t.Context(), d.Tenant(), w.ID)
	if diff := cmp.Diff(w, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func hookTold(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 709)
	n := notice.Notice{MerchantID: d.Merchant, ID: d.ID(id.Notice), Draft: notice.Draft{Role: merchant.Owner, Title: "꺼졌어요", Body: "확인해 주세요.", From: d.Now}, Told: true, Author: "webhook", CreatedAt: d.Now, Version: 1}
	inbox, ok := s.(notice.Store)
	if !ok {
		t.Fatal("the store keeps no notices")
	}
	w.Active, w.Disabled = false, webhook.Gone
	for _, c := range []struct {
		version int64
		want    error
	}{{7, webhook.ErrStale}, {2, nil}} { // what the first wrote is taken back, so that the second can
		w.Version = c.version
		err := s.WebhookTx(t.Context(), func(ctx context.Context, tx webhook.Tx) error {
			return errors.Join(
				tx.InsertNotice(ctx, n),
				tx.Emit(ctx, outbox.Event{MerchantID: d.Merchant, ID: d.ID(id.Event), Type: outbox.WebhookDisabled, Subject: w.ID, Version: c.version, Payload: "{}", CreatedAt: d.Now}),
				tx.UpdateWebhook(ctx, w),
			)
		})
		if !errors.Is(err, c.want) {
			t.Errorf("version %d: %v, not %v", c.version, err, c.want)
		}
	}
	got, err := inbox.NoticeByID(t.Context(), n.ID)
	if diff := cmp.Diff(n, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func hookEventOnce(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 704)
	v := aDelivery(d, w, "pay_1", 1)
	again := v
	again.ID = d.ID(id.Delivery)
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		return errors.Join(tx.InsertDelivery(ctx, v), tx.InsertDelivery(ctx, again))
	})
	ds, err := s.Deliveries(t.Context(), d.Tenant(), w.ID, "", 10)
	if diff := cmp.Diff([]webhook.Delivery{v}, ds, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}

func hookLease(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 705)
	late, first, other := aDelivery(d, w, "pay_a", 3), aDelivery(d, w, "pay_a", 2), aDelivery(d, w, "pay_b", 1)
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		return errors.Join(tx.InsertDelivery(ctx, late), tx.InsertDelivery(ctx, first), tx.InsertDelivery(ctx, other))
	})
	until := d.Now.Add(time.Minute)
	var mu sync.Mutex
	leased := map[string]int{}
	lease := func(owner string, now time.Time) {
		ds, err := s.LeaseDeliveries(t.Context(), owner, now, now.Add(time.Minute), 10)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, v := range ds {
			if v.MerchantID == d.Merchant {
				leased[v.ID]++
			}
		}
	}
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() { lease(fmt.Sprint(n), d.Now) })
	}
	all.Wait()
	if diff := cmp.Diff(map[string]int{first.ID: 1, other.ID: 1}, leased); diff != "" {
		t.Error(diff)
	}
	settled := first
	settled.Status, settled.DueAt, settled.SettledAt, settled.Tries, settled.Attempts, settled.RowVersion = webhook.Delivered, time.Time{}, d.Now, 1, 1, 3
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error { return tx.UpdateDelivery(ctx, settled) })
	lease("next", d.Now)
	if leased[late.ID] != 1 || leased[other.ID] != 1 {
		t.Errorf("after the first was settled: %v", leased)
	}
	// Whoever held it died: the next one has it, and the dead one settles nothing.
	lease("heir", until)
	if leased[other.ID] != 2 {
		t.Errorf("after the lease: %v", leased)
	}
	other.RowVersion, other.Status = 3, webhook.Delivered
	err := s.WebhookTx(t.Context(), func(ctx context.Context, tx webhook.Tx) error { return tx.UpdateDelivery(ctx, other) })
	if !errors.Is(err, webhook.ErrStale) {
		t.Errorf("who lost the lease settles: %v", err)
	}
}

func hookLog(t *testing.T, s webhook.Store) {
	d, w := hookDesk(t, s, 706)
	older := aDelivery(d, w, "pay_1", 1)
	d.Now = d.Now.Add(time.Second)
	newer := aDelivery(d, w, "pay_2", 1)
	a := webhook.Attempt{MerchantID: d.Merchant, DeliveryID: older.ID, Number: 1, At: d.Now, Took: 1500 * time.Millisecond, Status: 500, Answer: "무슨 일이에요"}
	hooked(t, s, func(ctx context.Context, tx webhook.Tx) error {
		return errors.Join(tx.InsertDelivery(ctx, older), tx.InsertDelivery(ctx, newer), tx.InsertAttempt(ctx, a))
	})
	log, err := s.DeliveryAttempts(t.Context(), d.Tenant(), older.ID)
	if diff := cmp.Diff([]webhook.Attempt{a}, log, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	page, err := s.Deliveries(t.Context(), d.Tenant(), w.ID, newer.ID, 10)
	if err != nil || len(page) != 1 || page[0].ID != older.ID {
		t.Errorf("%v, %v", page, err)
	}
}
