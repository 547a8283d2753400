package sales

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
)

// Faults of reports.
var (
	// ErrTodayOnly: without the right people see what they sold today.
	ErrTodayOnly   = fault.New(fault.Forbidden, "SALES_TODAY_ONLY", "오늘 내 매출만 볼 수 있어요. 다른 매출은 점주에게 권한을 요청해 주세요.")
	ErrUnavailable = fault.New(fault.Unavailable, "UNAVAILABLE", "지금은 처리할 수 없어요. 잠시 뒤에 다시 시도해 주세요.")
)

// Grouping is how a report is divided: a Dimension, or days put together.
type Grouping string

// The groupings beside the dimensions.
const (
	ByWeek  Grouping = "WEEK"  // by its Monday
	ByMonth Grouping = "MONTH" // by its first
)

// dimension is what is added up for a grouping.
func (g Grouping) dimension() Dimension {
	if g == ByWeek || g == ByMonth {
		return ByDay
	}
	return Dimension(g)
}

// Query asks for a report.
type Query struct {
	Days Days
	By   Grouping
	// StaffID limits to what one person took; today only, because no totals are kept by
	// person and method.
	StaffID string
}

// Report is what was sold in a range.
type Report struct {
	Days     Days
	By       Grouping
	Total    Sum
	Previous Days
	Before   Sum // of the range before
	Lines    []Line
	AsOf     time.Time
}

// Options wire a Service.
type Options struct {
	Store     Store
	Directory merchant.Directory
	Contracts Contracts
	Calendar  *Calendar
	Clock     clock.Clock
	IDs       *id.Source
}

// Service is a merchant's sales. Safe for concurrent use.
type Service struct{ Options }

// New wires a Service.
func New(o Options) *Service { return &Service{o} }

// MostLines bounds what a report names; the rest is one line.
const MostLines = 200

// Rest is the value of the line that holds what MostLines left out.
const Rest = "#REST"

// Report adds up a range of days. It returns Invalid for a range that is none, and
// ErrTodayOnly for a person's sales of other days.
func (s *Service) Report(ctx context.Context, t merchant.Tenant, q Query) (Report, error) {
	r := Report{Days: q.Days, By: q.By, Previous: q.Days.Before(), AsOf: s.now()}
	if err := q.Days.check(); err != nil {
		return r, err
	}
	today := clock.DayOf(r.AsOf)
	if q.StaffID != "" && (q.Days != Days{today, today}) {
		return r, ErrTodayOnly
	}
	through, err := s.Store.Rolled(ctx, t)
	if err != nil {
		return r, told(err)
	}
	book, err := s.book(ctx, t, q, through)
	if err != nil {
		return r, told(err)
	}
	r.Lines = book.Lines(q.By.dimension())
	if r.Total, err = s.total(ctx, t, q, book, through); err != nil {
		return r, told(err)
	}
	before := q
	before.Days, before.By = r.Previous, Grouping(ByDay)
	if q.StaffID == "" {
		past, err := s.book(ctx, t, before, through)
		if err != nil {
			return r, told(err)
		}
		r.Before = sumOf(past.Lines(ByDay))
	}
	r.Lines = shaped(r.Lines, q.By, q.Days)
	return r, nil
}

// book adds up the days: kept totals of those that are over, the ledger itself of the
// others, day by day.
func (s *Service) book(ctx context.Context, t merchant.Tenant, q Query, through clock.Day) (*Book, error) {
	book := NewBook()
	kept, ok := q.Days.until(through)
	if ok && q.StaffID == "" {
		lines, err := s.Store.Totals(ctx, t, q.By.dimension(), kept, q.By.dimension() == ByDay)
		if err != nil {
			return nil, err
		}
		for i := range lines {
			if lines[i].Dimension == ByDay {
				lines[i].Value = string(lines[i].Day)
			}
		}
		book.merge(lines)
	}
	days, ok := q.Days.after(through)
	if !ok {
		return book, nil
	}
	last := min(days.To, clock.DayOf(s.now()))
	for day := add(days.From, -1); ; {
		var err error
		if day, err = s.Store.NextSale(ctx, t, day); err != nil || day == "" || day > last {
			return book, err
		}
		moves, err := s.Store.Moves(ctx, t, day)
		if err != nil {
			return nil, err
		}
		for _, m := range moves {
			if q.StaffID == "" || m.StaffID == q.StaffID {
				book.Add(m)
			}
		}
	}
}

// total is the sum of a range. Lines by issuer leave cash out, and lines by product know
// no VAT, so of these the days are asked.
func (s *Service) total(ctx context.Context, t merchant.Tenant, q Query, book *Book, through clock.Day) (Sum, error) {
	if d := q.By.dimension(); d != ByIssuer && d != ByProduct {
		return sumOf(book.Lines(d)), nil
	}
	q.By = Grouping(ByDay)
	days, err := s.book(ctx, t, q, through)
	if err != nil {
		return Sum{}, err
	}
	return sumOf(days.Lines(ByDay)), nil
}

func sumOf(ls []Line) Sum {
	var all Sum
	for _, l := range ls {
		all = all.Plus(l.Sum)
	}
	return all
}

// shaped puts lines in the order in which people read them: time from its beginning,
// everything else by what it brought.
func shaped(ls []Line, by Grouping, days Days) []Line {
	switch by {
	case Grouping(ByDay):
		return spread(ls, days, func(d clock.Day) clock.Day { return d })
	case ByWeek:
		return spread(ls, days, week)
	case ByMonth:
		return spread(ls, days, month)
	case Grouping(ByHour):
		return ls
	}
	slices.SortStableFunc(ls, func(a, b Line) int { return cmp.Compare(b.Net().Amount, a.Net().Amount) })
	if len(ls) <= MostLines {
		return ls
	}
	rest := Line{Dimension: by.dimension(), Value: Rest, Sum: sumOf(ls[MostLines-1:])}
	return append(ls[:MostLines-1:MostLines-1], rest)
}

// spread gives every day, week or month of the range its line, also those without sales.
func spread(ls []Line, days Days, of func(clock.Day) clock.Day) []Line {
	var out []Line
	at := map[clock.Day]int{}
	for day := days.From; day <= days.To; day = add(day, 1) {
		if _, ok := at[of(day)]; !ok {
			at[of(day)] = len(out)
			out = append(out, Line{Dimension: ByDay, Day: of(day), Value: string(of(day))})
		}
	}
	for _, l := range ls {
		i := at[of(clock.Day(l.Value))]
		out[i].Sum = out[i].Plus(l.Sum)
	}
	return out
}

func (s *Service) now() time.Time { return s.Clock.Now().Truncate(time.Microsecond) }

// told turns what is no fault into "not now".
func told(err error) error {
	if _, ok := errors.AsType[*fault.Error](err); ok || err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return ErrUnavailable.WithRetryAfter(2 * time.Second).Because(err)
}
