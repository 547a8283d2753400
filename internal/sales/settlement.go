package sales

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// Terms are those on which a merchant is paid for what it sold by card on a day.
type Terms struct {
	Cycle int // bank days from the sale to its payout
	// Fee is what is kept of an amount, and the VAT on it, both without the parts of a won.
	// Of a cancel, a negative amount, it is negative.
	Fee func(issuer, cardType string, amount money.Won) (fee, vat money.Won)
}

// Contracts tells on which terms a merchant stands (innopay/internal/contract).
type Contracts interface {
	// Terms as they hold for sales of the day; false when there is no contract for it.
	Terms(ctx context.Context, t merchant.Tenant, day clock.Day) (Terms, bool, error)
}

// MaxPayoutDays is the longest range of payout days.
const MaxPayoutDays = 92

// longestCycle bounds how many days before a payout its sales may lie: sixty bank days,
// weekends and holidays among them.
const longestCycle = 120

// errPayouts: the range is none, or too long.
var errPayouts = fault.New(fault.Invalid, "INVALID_RANGE", "시작일이 종료일보다 늦지 않게, 92일 안에서 골라 주세요.")

// Share is what one channel, or one sales day, brings of a payout.
type Share struct {
	Day     clock.Day       // of days
	Channel payment.Channel // of channels
	Gross   money.Won
	Cancels money.Won
	Fee     money.Won
	FeeVAT  money.Won
}

// Net is what is paid.
func (s Share) Net() money.Won { return s.Gross - s.Cancels - s.Fee - s.FeeVAT }

func (s *Share) add(o Share) {
	s.Gross, s.Cancels, s.Fee, s.FeeVAT = s.Gross+o.Gross, s.Cancels+o.Cancels, s.Fee+o.Fee, s.FeeVAT+o.FeeVAT
}

// Payout is what is expected to be paid on one day.
type Payout struct {
	Day clock.Day
	Share
	Days     []Share // oldest first
	Channels []Share
}

// Settlements are the payouts of a range of days.
type Settlements struct {
	Days    Days
	Payouts []Payout
	Total   Share
	// Uncovered is what was sold by card, less cancels, on days without a contract, as far
	// as it would have been paid in the range one day later: nobody knows when it is paid.
	Uncovered money.Won
	// Unsure says that a payout lies in a year whose lunar holidays are not known.
	Unsure bool
}

// Settlements expects payouts from the ledger and the contract: card sales of a day less
// its cancels, less fees and their VAT, on the contract's n-th bank day after it. Cash
// is in the drawer and never paid out. Fees are of the day's sums by card company and type of card, of
// sales and cancels each by itself, cut to whole won; the acquirer, which rounds payment
// by payment, may differ by some won. It is an expectation and no statement.
func (s *Service) Settlements(ctx context.Context, t merchant.Tenant, days Days) (Settlements, error) {
	out := Settlements{Days: days}
	if n := days.Len(); n < 1 || n > MaxPayoutDays {
		return out, fault.InvalidField("/from", errPayouts.Code, errPayouts.Message).WithField("/to", errPayouts.Code, errPayouts.Message)
	}
	sold := Days{add(days.From, -longestCycle), min(days.To, clock.DayOf(s.now()))}
	lines, err := s.feeLines(ctx, t, sold)
	if err != nil {
		return out, told(err)
	}
	at := map[clock.Day]*Payout{}
	for day, ls := range lines {
		terms, ok, err := s.Contracts.Terms(ctx, t, day)
		if err != nil {
			return out, told(err)
		}
		if !ok {
			if pay := s.Calendar.After(day, 1); pay >= days.From && pay <= days.To {
				out.Uncovered += sumOf(ls).Net().Amount
			}
			continue
		}
		pay := s.Calendar.After(day, terms.Cycle)
		if pay < days.From || pay > days.To {
			continue
		}
		if at[pay] == nil {
			at[pay] = &Payout{Day: pay}
		}
		at[pay].take(day, ls, terms)
		out.Unsure = out.Unsure || !s.Calendar.Knows(pay)
	}
	for _, p := range at {
		slices.SortFunc(p.Days, func(a, b Share) int { return cmp.Compare(a.Day, b.Day) })
		out.Payouts = append(out.Payouts, *p)
		out.Total.add(p.Share)
	}
	slices.SortFunc(out.Payouts, func(a, b Payout) int { return cmp.Compare(a.Day, b.Day) })
	return out, nil
}

// feeLines are the card sales of each day by what fees are agreed for.
func (s *Service) feeLines(ctx context.Context, t merchant.Tenant, days Days) (map[clock.Day][]Line, error) {
	through, err := s.Store.Rolled(ctx, t)
	if err != nil {
		return nil, err
	}
	out := map[clock.Day][]Line{}
	if kept, ok := days.until(through); ok {
		lines, err := s.Store.Totals(ctx, t, byFee, kept, true)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			out[l.Day] = append(out[l.Day], l)
		}
	}
	rest, ok := days.after(through)
	for day := add(rest.From, -1); ok; {
		if day, err = s.Store.NextSale(ctx, t, day); err != nil || day == "" || day > rest.To {
			return out, err
		}
		moves, err := s.Store.Moves(ctx, t, day)
		if err != nil {
			return nil, err
		}
		book := NewBook()
		for _, m := range moves {
			book.Add(m)
		}
		if lines := book.Lines(byFee); len(lines) > 0 {
			out[day] = lines
		}
	}
	return out, nil
}

// take adds a day's sales to a payout.
func (p *Payout) take(day clock.Day, lines []Line, terms Terms) {
	whole := Share{Day: day}
	for _, l := range lines {
		channel, rest, _ := strings.Cut(l.Value, "/")
		issuer, cardType, _ := strings.Cut(rest, "/")
		one := Share{Channel: payment.Channel(channel), Gross: l.Sold.Amount, Cancels: l.Canceled.Amount}
		for _, amount := range []money.Won{l.Sold.Amount, -l.Canceled.Amount} {
			fee, vat := terms.Fee(issuer, cardType, amount)
			one.Fee += fee
			one.FeeVAT += vat
		}
		whole.add(one)
		p.channel(one)
	}
	p.Days = append(p.Days, whole)
	p.add(whole)
}

func (p *Payout) channel(one Share) {
	i := slices.IndexFunc(p.Channels, func(s Share) bool { return s.Channel == one.Channel })
	if i < 0 {
		p.Channels = append(p.Channels, Share{Channel: one.Channel})
		i = len(p.Channels) - 1
	}
	p.Channels[i].add(one)
	slices.SortFunc(p.Channels, func(a, b Share) int { return cmp.Compare(a.Channel, b.Channel) })
}
