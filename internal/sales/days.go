package sales

import (
	"time"

	"innopay/clock"
	"innopay/fault"
)

// MaxDays is the longest range of a report.
const MaxDays = 366

// Days is a range of business days, both included.
type Days struct{ From, To clock.Day }

// Faults of ranges.
var (
	ErrRange = fault.New(fault.Invalid, "INVALID_RANGE", "시작일이 종료일보다 늦지 않게, 366일 안에서 골라 주세요.")
)

// check refuses what is no range, naming the field.
func (d Days) check() error {
	if n := d.Len(); n < 1 || n > MaxDays {
		return fault.InvalidField("/from", ErrRange.Code, ErrRange.Message).WithField("/to", ErrRange.Code, ErrRange.Message)
	}
	return nil
}

// Len is how many days there are; less than 1 when To lies before From.
func (d Days) Len() int {
	return int(d.To.Start().Sub(d.From.Start())/(24*time.Hour)) + 1 // days of Seoul are all alike
}

// All are the days, oldest first.
func (d Days) All() []clock.Day {
	var out []clock.Day
	for day := d.From; day <= d.To; day = add(day, 1) {
		out = append(out, day)
	}
	return out
}

// add is the day n days later.
func add(d clock.Day, n int) clock.Day { return clock.DayOf(d.Start().AddDate(0, 0, n)) }

// Before is the range that a range is compared with: of a single day the day before, of
// a week from its Monday the same days a week earlier, of a month from its first the
// same days of the month before (the whole of it when the month is whole), else as many
// days right before.
func (d Days) Before() Days {
	from, to, n := d.From.Start(), d.To.Start(), d.Len()
	switch {
	case n == 1:
		return Days{add(d.From, -1), add(d.From, -1)}
	case from.Weekday() == time.Monday && n <= 7:
		return Days{add(d.From, -7), add(d.To, -7)}
	case from.Day() == 1 && from.Month() == to.Month() && from.Year() == to.Year():
		start := from.AddDate(0, -1, 0)
		last := from.AddDate(0, 0, -1)
		end := start.AddDate(0, 0, n-1)
		if end.After(last) || to.AddDate(0, 0, 1).Day() == 1 {
			end = last
		}
		return Days{clock.DayOf(start), clock.DayOf(end)}
	}
	return Days{add(d.From, -n), add(d.From, -1)}
}

// until is the part of the range up to and with a day; false when there is none.
func (d Days) until(last clock.Day) (Days, bool) {
	d.To = min(d.To, last)
	return d, d.From <= d.To
}

// after is the part of the range after a day.
func (d Days) after(last clock.Day) (Days, bool) {
	if last != "" {
		d.From = max(d.From, add(last, 1))
	}
	return d, d.From <= d.To
}

// week is the Monday of a day's week.
func week(d clock.Day) clock.Day { return add(d, -(int(d.Start().Weekday())+6)%7) }

// month is the first of a day's month.
func month(d clock.Day) clock.Day { return d[:len("2006-01-")] + "01" }
