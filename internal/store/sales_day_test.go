package store_test

import (
	"context"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/sales"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/money"
)

// TestSalesAndHistoryDifferByTheDayOfTheRequestAlone holds the rule of the two days
// (docs/adr/0031) on histories in which requests are paid after midnight: over any days,
// sales are the approved payments of the history by the day of their booking, the
// history's summary is the same payments by the day of their request, cancels are the same
// in both, and over all days nothing differs.
func TestSalesAndHistoryDifferByTheDayOfTheRequestAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		s := newShop(t, o)
		crossed := 0
		for seed := range uint64(3) {
			c := &counter{shop: s, dice: dice{seed + 70}}
			s.Desk = storetest.NewDesk(970 + seed)
			first := clock.DayOf(s.Now)
			for range 40 {
				s.Now = s.Now.Add(time.Duration(c.dice.IntN(240)) * time.Minute)
				if c.dice.IntN(3) == 0 {
					c.takeBack(t)
				} else {
					c.sellOne(t)
				}
			}
			s.clock.Set(s.Now)
			crossed += holdDays(t, s, sales.Days{From: first, To: clock.DayOf(s.Now)})
		}
		if crossed == 0 {
			t.Error("no request was paid on another day")
		}
	})
}

// holdDays compares sales and history over every range within days, and tells how many
// payments have two days.
func holdDays(t *testing.T, s *shop, all sales.Days) (crossed int) {
	t.Helper()
	ctx := context.Background()
	history, err := s.db.List(ctx, s.Tenant(), payment.Filter{}, 1_000)
	ok(t, err)
	for _, p := range history {
		if p.Status.Approved() && clock.DayOf(booked(p)) != clock.DayOf(p.RequestedAt) {
			crossed++
		}
	}
	service := sales.New(sales.Options{Store: s.db, Clock: s.clock, Contracts: agreed{}, Calendar: bankDays})
	for from := all.From; from <= all.To; from = clock.DayOf(from.End()) {
		for to := from; to <= all.To; to = clock.DayOf(to.End()) {
			report, err := service.Report(ctx, s.Tenant(), sales.Query{Days: sales.Days{From: from, To: to}, By: "DAY"})
			ok(t, err)
			sum, err := s.db.Summary(ctx, s.Tenant(), payment.Filter{From: from, To: to})
			ok(t, err)
			sold, asked, back := addUp(history, from, to)
			if got := (tally{report.Total.Count, report.Total.Sold.Amount}); got != sold {
				t.Errorf("%s to %s: sales of %v, the history has %v by the day of booking", from, to, got, sold)
			}
			if got := (tally{sum.Count, sum.Amount}); got != asked {
				t.Errorf("%s to %s: a summary of %v, the history has %v by the day of the request", from, to, got, asked)
			}
			if a, b := (tally{report.Total.CanceledCount, report.Total.Canceled.Amount}), (tally{sum.CanceledCount, sum.CanceledAmount}); a != back || b != back {
				t.Errorf("%s to %s: cancels of %v in sales, %v in the summary, %v in the history", from, to, a, b, back)
			}
			if from == all.From && to == all.To && sold != asked {
				t.Errorf("over all days %v were sold and %v asked for", sold, asked)
			}
		}
	}
	return crossed
}

// tally is how many, and how much.
type tally struct {
	n   int64
	won money.Won
}

func (a *tally) add(won money.Won) { a.n, a.won = a.n+1, a.won+won }

// booked is when the money of a payment came into the books: with the approval, and in
// cash when the sale arrived, whenever it was taken.
func booked(p payment.Payment) time.Time {
	if p.Method == payment.ByCash {
		return p.RequestedAt
	}
	return p.ApprovedAt
}

// addUp sums the rows of a history over days: by approval, by request, and cancels.
func addUp(history []payment.Payment, from, to clock.Day) (sold, asked, back tally) {
	in := func(at time.Time) bool { return from <= clock.DayOf(at) && clock.DayOf(at) <= to }
	for _, p := range history {
		if !p.Status.Approved() {
			continue
		}
		if in(booked(p)) {
			sold.add(p.Split.Amount)
		}
		if in(p.RequestedAt) {
			asked.add(p.Split.Amount)
		}
		for _, c := range p.Cancels {
			if c.Status == payment.CancelDone && in(c.CanceledAt) {
				back.add(c.Split.Amount)
			}
		}
	}
	return sold, asked, back
}
