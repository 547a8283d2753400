package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/message"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/money"
)

// state is one combination of what makes a request's status.
type state struct {
	payment payment.Status
	failure string
	message message.Status // empty: there is none
	left    time.Duration  // until the request expires
	call    time.Duration  // how long somebody is still on the line
}

func states() []state {
	var all []state
	payments := []state{{payment: payment.Aborted, failure: payment.CodeWithdrawn}, {payment: payment.Ready, failure: "CARD_DECLINED_LIMIT"}}
	for _, p := range payment.Statuses {
		failure := ""
		if p == payment.Aborted {
			failure = "REVERSED"
		}
		if p == payment.Expired {
			failure = payment.CodeExpired
		}
		payments = append(payments, state{payment: p, failure: failure})
	}
	for _, one := range payments {
		for _, one.message = range []message.Status{
			"", message.Queued, message.Accepted, message.Delivered, message.Undelivered, message.Rejected, message.Dropped,
		} {
			for _, one.left = range []time.Duration{-time.Hour, 0, time.Microsecond, time.Hour} {
				for _, one.call = range []time.Duration{-time.Hour, 0, time.Microsecond} {
					all = append(all, one)
				}
			}
		}
	}
	return all
}

// inState writes a request in a state.
func (d *Desk) inState(ctx context.Context, tx payrequest.Tx, c state, now time.Time) (string, error) {
	p := d.Asked()
	p.Status, p.Failure.Code, p.OrderLive = c.payment, c.failure, c.payment.HoldsOrder()
	if !p.OrderLive || p.Status == payment.Canceled {
		p.Balance = money.Split{}
	}
	if err := tx.InsertPayment(ctx, p); err != nil {
		return "", err
	}
	j := d.Text(p)
	r := d.Request(p, j.ID)
	r.ExpiresAt, r.CallUntil, r.CallStep = now.Add(c.left), now.Add(c.call), payrequest.CallCard
	if c.message != "" {
		j.Status, j.RequestID = c.message, r.ID
		if _, err := tx.InsertMessage(ctx, j); err != nil {
			return "", err
		}
	}
	return r.ID, tx.InsertRequest(ctx, r)
}

// requestStatuses holds the filter of the store against the status that people are
// shown, in every combination of payment, message and time.
func requestStatuses(t *testing.T, s RequestStore) {
	ctx, d := context.Background(), NewDesk(108)
	now := Start.Add(time.Hour)
	byID := map[string]state{}
	for some := range slices.Chunk(states(), 100) { // all at once take longer than a transaction may
		ids := map[string]state{}
		must(t, s.RequestTx(ctx, func(ctx context.Context, tx payrequest.Tx) error {
			clear(ids)
			for _, c := range some {
				id, err := d.inState(ctx, tx, c, now)
				if err != nil {
					return err
				}
				ids[id] = c
			}
			return nil
		}))
		maps.Copy(byID, ids)
	}
	// The links are not of interest here: their keys answer nothing.
	service := payrequest.New(payrequest.Options{
		Store: s, Messages: message.New(message.Options{}), Keys: noKeys{}, Clock: clock.NewFake(now),
	})
	shown := map[payrequest.Status]map[string]bool{}
	for id := range byID {
		v, err := service.Get(ctx, d.Tenant(), id)
		must(t, err)
		if shown[v.Status] == nil {
			shown[v.Status] = map[string]bool{}
		}
		shown[v.Status][id] = true
	}
	list := func(statuses ...payrequest.Status) map[string]bool {
		page, err := s.Requests(ctx, d.Tenant(), payrequest.Filter{Statuses: statuses}, now, 10_000)
		must(t, err)
		ids := map[string]bool{}
		for _, r := range page {
			ids[r.ID] = true
		}
		return ids
	}
	for _, status := range payrequest.Statuses {
		got, want := list(status), shown[status]
		if len(want) == 0 {
			t.Errorf("no combination is shown as %s", status)
		}
		for id := range byID {
			if got[id] != want[id] {
				t.Errorf("%+v: listed as %s: %v, shown so: %v", byID[id], status, got[id], want[id])
			}
		}
	}
	if all := list(); len(all) != len(byID) {
		t.Errorf("without a filter %d of %d", len(all), len(byID))
	}
	if two := list(payrequest.Paid, payrequest.Paying); len(two) != len(shown[payrequest.Paid])+len(shown[payrequest.Paying]) {
		t.Errorf("two statuses: %d", len(two))
	}
	if none := list("NO_SUCH"); len(none) != 0 {
		t.Errorf("a status that is none: %d", len(none))
	}
}

// noKeys are keys whose tokens nobody uses.
type noKeys struct{}

func (noKeys) Token(kind, id string, generation int) string {
	return strings.Join([]string{kind, id, fmt.Sprint(generation)}, "/")
}

func (k noKeys) TokenAgain(_, kind, id string, generation int) (string, error) {
	return k.Token(kind, id, generation), nil
}

func (noKeys) BlindIndex(kind, normalised string) string { return kind + "/" + normalised }

func (noKeys) TokenHash(token string) string { return "hash-of-" + token }
