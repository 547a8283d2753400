package payment

import (
	"context"
	"hash/fnv"
	"sync"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/money"
)

// Limits bound what a merchant takes by card (its contract). The zero value bounds nothing.
type Limits struct {
	PerPayment money.Won // 0: no limit
	PerDay     money.Won // of a Korean day: what was approved or is under way, less cancels; 0: no limit
	PerMonth   money.Won // of a calendar month, likewise
	MaxMonths  int       // longest installment plan; 1: lump sums only, 0: no limit
}

// Faults of limits; nothing was sent.
var (
	// ErrDayLimit: detail limit says how much a day may come to.
	ErrDayLimit = fault.New(fault.Conflict, "DAY_LIMIT", "오늘 받을 수 있는 카드 결제 한도를 넘어요. 내일 다시 받거나 고객센터에 문의해 주세요.")
	// ErrMonthLimit: detail limit says how much a month may come to.
	ErrMonthLimit = fault.New(fault.Conflict, "MONTH_LIMIT", "이번 달에 받을 수 있는 카드 결제 한도를 넘어요. 고객센터에 문의해 주세요.")
)

// Allow reports whether the limits let an installment plan be chosen; a lump sum, 0,
// always may.
func (l Limits) Allow(months int) bool { return l.MaxMonths == 0 || months <= l.MaxMonths }

// LimitUse has an intent count towards its day, and move the merchant's gate.
type LimitUse struct {
	Day     clock.Day
	Version int64 // of the gate after it; 0: the merchant has no limit of days and months
}

const (
	// limitRaces is how often the sums are read again because another instance took a
	// payment of the same merchant meanwhile.
	limitRaces = 12
	// monthAge is how long the sum of a month's days gone by is used again: it only falls,
	// by cancels, so that an old one refuses rather too much.
	monthAge = time.Minute
	// mostMonths bounds the sums that are kept.
	mostMonths = 10_000
)

// gates let one payment at a time of a merchant with a limit through this process, so
// that they do not push one another aside.
type gates struct {
	turns [64]sync.Mutex

	mu     sync.Mutex
	months map[string]pastDays // by merchant
}

// pastDays is what the days of a month before one came to.
type pastDays struct {
	day clock.Day
	sum money.Won
	at  time.Time
}

func (g *gates) enter(merchantID string) (leave func()) {
	h := fnv.New32a()
	_, _ = h.Write([]byte(merchantID)) // a hash never fails
	turn := &g.turns[h.Sum32()%uint32(len(g.turns))]
	turn.Lock()
	return turn.Unlock
}

// checkLimits holds a payment against what needs no sum.
func (c *Create) checkLimits(f *fields, l Limits) {
	if l.PerPayment > 0 && c.Amount > l.PerPayment {
		f.add("/amount", "ABOVE_LIMIT", "카드 결제는 한 번에 "+l.PerPayment.String()+"까지 할 수 있어요.")
	}
	if !l.Allow(c.InstallmentMonths) {
		f.add("/installmentMonths", "INSTALLMENT_NOT_OFFERED", "이 가맹점에서 받을 수 있는 할부 개월을 넘어요.")
	}
}

// commitIntent commits W1. Where days or months are limited it reads the merchant's gate
// and then the sums, and the commit moves the gate from where it stood (docs/adr/0021):
// of two instances that read the same sums one reads again.
func (s *Service) commitIntent(ctx context.Context, in Intent, l Limits) error {
	if l.PerDay == 0 && l.PerMonth == 0 {
		return s.Store.CommitIntents(ctx, []Intent{in})[0]
	}
	leave := s.gates.enter(in.Payment.MerchantID)
	defer leave()
	t := merchant.TenantOf(in.Payment.MerchantID)
	day := clock.DayOf(in.Audit.At)
	for range limitRaces {
		at, err := s.Store.LimitGate(ctx, t)
		if err != nil {
			return err
		}
		if err := s.withinLimits(ctx, t, day, in.Payment.Split.Amount, l); err != nil {
			return err
		}
		in.Limit = LimitUse{Day: day, Version: at + 1}
		if err = s.Store.CommitIntents(ctx, []Intent{in})[0]; !is(err, ErrLimitMoved) {
			return err
		}
	}
	return ErrBusy.WithRetryAfter(time.Second)
}

// withinLimits holds the sums against the limits.
func (s *Service) withinLimits(ctx context.Context, t merchant.Tenant, day clock.Day, amount money.Won, l Limits) error {
	today, err := s.Store.LimitSum(ctx, t, day, day)
	if err != nil {
		return err
	}
	if l.PerDay > 0 && today+amount > l.PerDay {
		return ErrDayLimit.WithDetail("limit", l.PerDay.Grouped())
	}
	if l.PerMonth == 0 {
		return nil
	}
	past, err := s.pastDays(ctx, t, day)
	if err == nil && past+today+amount > l.PerMonth {
		err = ErrMonthLimit.WithDetail("limit", l.PerMonth.Grouped())
	}
	return err
}

// pastDays is what the month came to before the day.
func (s *Service) pastDays(ctx context.Context, t merchant.Tenant, day clock.Day) (money.Won, error) {
	first := day[:len("2006-01-")] + "01"
	if first == day {
		return 0, nil
	}
	now := s.Clock.Now()
	s.gates.mu.Lock()
	known := s.gates.months[t.ID()]
	s.gates.mu.Unlock()
	if age := now.Sub(known.at); known.day == day && age >= 0 && age < monthAge {
		return known.sum, nil
	}
	sum, err := s.Store.LimitSum(ctx, t, first, clock.DayOf(day.Start().Add(-time.Hour)))
	if err != nil {
		return 0, err
	}
	s.gates.mu.Lock()
	defer s.gates.mu.Unlock()
	if s.gates.months == nil || len(s.gates.months) >= mostMonths {
		s.gates.months = map[string]pastDays{}
	}
	s.gates.months[t.ID()] = pastDays{day, sum, now}
	return sum, nil
}
