package memory

import (
	"context"
	"slices"
	"strings"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// List implements payment.Reader.
func (s *Store) List(_ context.Context, t merchant.Tenant, f payment.Filter, limit int) ([]payment.Payment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := []payment.Payment{}
	ids := s.byMerchant[t.ID()]
	for i := len(ids) - 1; i >= 0 && len(page) < limit; i-- {
		if f.Before != "" && ids[i] >= f.Before {
			continue
		}
		p, err := s.payment(ref{t.ID(), ids[i]})
		if err != nil {
			return nil, err
		}
		if matches(f, p) && within(f, p.RequestedAt) && (!f.Unsettled || s.isUnsettled(p)) {
			page = append(page, p)
		}
	}
	return page, nil
}

// Summary implements payment.Reader.
func (s *Store) Summary(_ context.Context, t merchant.Tenant, f payment.Filter) (payment.Summary, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sum payment.Summary
	for _, id := range s.byMerchant[t.ID()] {
		p, err := s.payment(ref{t.ID(), id})
		if err != nil {
			return payment.Summary{}, err
		}
		if !p.Status.Approved() || !matches(f, p) || f.Unsettled && !s.isUnsettled(p) {
			continue
		}
		if within(f, p.RequestedAt) {
			sum.Count++
			sum.Amount += p.Split.Amount
		}
		for _, c := range p.Cancels {
			if c.Status == payment.CancelDone && within(f, c.CanceledAt) {
				sum.CanceledCount++
				sum.CanceledAmount += c.Split.Amount
			}
		}
	}
	return sum, nil
}

// isUnsettled reports whether the payment has a job whose answer is no longer awaited.
func (s *Store) isUnsettled(p payment.Payment) bool {
	for r, u := range s.unsettled {
		if r.merchant == p.MerchantID && u.PaymentID == p.ID && u.Phase != payment.PhaseSending {
			return true
		}
	}
	return false
}

// within reports whether at lies in the days of f, both included.
func within(f payment.Filter, at time.Time) bool {
	day := clock.DayOf(at)
	return (f.From == "" || f.From <= day) && (f.To == "" || day <= f.To)
}

// matches reports whether p meets every condition of f but its days.
func matches(f payment.Filter, p payment.Payment) bool {
	return (len(f.Channels) == 0 || slices.Contains(f.Channels, p.Channel)) &&
		(len(f.Statuses) == 0 || slices.Contains(f.Statuses, p.Status)) &&
		(f.MinAmount == 0 || p.Split.Amount >= f.MinAmount) &&
		(f.MaxAmount == 0 || p.Split.Amount <= f.MaxAmount) &&
		(f.ApprovalNumber == "" || p.Card.ApprovalNumber == f.ApprovalNumber) &&
		(f.CardLast4 == "" || p.Card.Last4 == f.CardLast4) &&
		(f.IssuerCode == "" || p.Card.IssuerCode == f.IssuerCode) &&
		(f.InstallmentMonths == nil || p.InstallmentMonths == *f.InstallmentMonths) &&
		(f.BuyerName == "" || plain(p.Buyer.Name) == plain(f.BuyerName)) &&
		(f.BuyerPhoneLast4 == "" || lastFour(p.Buyer.Phone) == f.BuyerPhoneLast4) &&
		(f.StaffID == "" || p.StaffID == f.StaffID) &&
		contains(p.OrderID, f.OrderID) && contains(p.OrderName, f.OrderName) &&
		(f.Text == "" || mentions(p, f.Text))
}

// contains reports whether text holds part, case ignored.
func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

func mentions(p payment.Payment, text string) bool {
	holds := func(s string) bool { return contains(s, text) }
	return holds(p.OrderName) || holds(p.OrderID) || holds(p.Card.ApprovalNumber) ||
		p.Card.Last4 == text || lastFour(p.Buyer.Phone) == text
}

// plain is a name without what people type differently: case and the width of spaces.
func plain(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

func lastFour(phone string) string { return phone[max(0, len(phone)-4):] }
