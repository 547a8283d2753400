package sales

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"innopay/clock"
)

//go:embed holidays.csv
var holidayTable []byte

// Calendar knows on which days banks pay. Safe for concurrent use.
type Calendar struct {
	closed      map[clock.Day]string // name of the holiday
	first, last int                  // years of which the lunar holidays are known
}

// solar are the holidays with a date of their own, with their names. Those of substitute
// are given another day when they fall on a weekend or another holiday (관공서의 공휴일에
// 관한 규정 3조); banks also close on 1 May.
var solar = []struct {
	date, name string
	substitute bool
	since      int
}{
	{"01-01", "신정", false, 0}, {"03-01", "삼일절", true, 0}, {"05-01", "노동절", false, 0}, {"05-05", "어린이날", true, 0}, {"06-06", "현충일", false, 0},
	{"07-17", "제헌절", true, 2026}, {"08-15", "광복절", true, 0}, {"10-03", "개천절", true, 0}, {"10-09", "한글날", true, 0}, {"12-25", "성탄절", true, 0},
}

// feast is a holiday with what it takes to be given another day.
type feast struct {
	days     []clock.Day
	name     string
	saturday bool // a Saturday counts as a weekend, too
	moves    bool
}

// NewCalendar reads a table like holidays.csv: lines that begin with # are remarks, then
// kind (SEOLLAL, BUDDHA, CHUSEOK, DECLARED), day and name. nil is the built-in table.
func NewCalendar(table []byte) (*Calendar, error) {
	if table == nil {
		table = holidayTable
	}
	rows, err := readHolidays(table)
	if err != nil {
		return nil, err
	}
	c := &Calendar{closed: map[clock.Day]string{}}
	byYear := map[int][]feast{}
	for _, r := range rows {
		year := r.days[0].Start().Year()
		if !r.moves { // declared: stands as it is, and says nothing of its year
			c.closed[r.days[0]] = r.name
			continue
		}
		if c.first == 0 || year < c.first {
			c.first = year
		}
		c.last = max(c.last, year)
		byYear[year] = append(byYear[year], r)
	}
	for year := c.first; year <= c.last; year++ {
		c.fill(year, byYear[year])
	}
	return c, nil
}

// Bounds of a table.
const (
	maxHolidays   = 10_000
	firstCalendar = 2000
	lastCalendar  = 2100
)

var errTable = errors.New("sales: no table of holidays")

func readHolidays(table []byte) ([]feast, error) {
	r := csv.NewReader(bytes.NewReader(table))
	r.Comment, r.FieldsPerRecord = '#', 3
	var out []feast
	for line := 0; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errTable, err)
		}
		if line > maxHolidays {
			return nil, errTable
		}
		if line == 0 && row[0] == "kind" {
			continue
		}
		f, err := feastOf(row[0], row[1], strings.TrimSpace(row[2]))
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
}

func feastOf(kind, date, name string) (feast, error) {
	day, err := clock.ParseDay(date)
	if year := day.Start().Year(); err != nil || year < firstCalendar || year >= lastCalendar {
		return feast{}, fmt.Errorf("%w: day %q", errTable, date)
	}
	switch kind {
	case "SEOLLAL", "CHUSEOK":
		return feast{[]clock.Day{add(day, -1), day, add(day, 1)}, name, false, true}, nil
	case "BUDDHA":
		return feast{[]clock.Day{day}, name, true, true}, nil
	case "DECLARED":
		return feast{[]clock.Day{day}, name, false, false}, nil
	}
	return feast{}, fmt.Errorf("%w: kind %q", errTable, kind)
}

// fill adds one year: the holidays, and for those that are lost the next day on which
// nobody rests.
func (c *Calendar) fill(year int, lunar []feast) {
	all := lunar
	for _, s := range solar {
		if year >= s.since {
			all = append(all, feast{[]clock.Day{clock.Day(strconv.Itoa(year) + "-" + s.date)}, s.name, true, s.substitute})
		}
	}
	stands := map[clock.Day]int{} // feasts on a day
	for _, f := range all {
		for _, d := range f.days {
			stands[d]++
			if c.closed[d] == "" {
				c.closed[d] = f.name
			}
		}
	}
	moved := map[clock.Day]bool{} // a day that two share is given back once
	for _, f := range all {
		for _, d := range f.days {
			weekday := d.Start().Weekday()
			lost := weekday == time.Sunday || f.saturday && weekday == time.Saturday || stands[d] > 1 && !moved[d]
			if !f.moves || !lost {
				continue
			}
			moved[d] = true
			next := f.days[len(f.days)-1]
			next = c.next(next)
			c.closed[next] = f.name + " 대체공휴일"
			break
		}
	}
}

// Knows reports whether the lunar holidays of a day's year are in the table.
func (c *Calendar) Knows(d clock.Day) bool {
	year := d.Start().Year()
	return c.first <= year && year <= c.last
}

// Until is the last year whose lunar holidays are known.
func (c *Calendar) Until() int { return c.last }

// Holiday is the name of a holiday, empty on other days, weekends too.
func (c *Calendar) Holiday(d clock.Day) string {
	if name := c.closed[d]; name != "" || c.Knows(d) {
		return name
	}
	for _, s := range solar {
		if strings.HasSuffix(string(d), s.date) {
			return s.name
		}
	}
	return ""
}

// BankDay reports whether banks pay.
func (c *Calendar) BankDay(d clock.Day) bool {
	w := d.Start().Weekday()
	return w != time.Saturday && w != time.Sunday && c.Holiday(d) == ""
}

// After is the n-th bank day after a day; with 0 the day itself, or the next on which
// banks pay.
func (c *Calendar) After(d clock.Day, n int) clock.Day {
	for ; n > 0; n-- {
		d = c.next(d)
	}
	if !c.BankDay(d) {
		d = c.next(d)
	}
	return d
}

// next is the first bank day after a day.
func (c *Calendar) next(d clock.Day) clock.Day {
	d = add(d, 1)
	for !c.BankDay(d) {
		d = add(d, 1)
	}
	return d
}
