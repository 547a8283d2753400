package sales_test

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/sales"
)

func calendar(tb testing.TB) *sales.Calendar {
	tb.Helper()
	c, err := sales.NewCalendar(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// TestHolidaysAreThoseThatWere holds the rule of substitutes against years whose
// holidays are known.
func TestHolidaysAreThoseThatWere(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for _, year := range [][]clock.Day{
		{
			"2024-01-01", "2024-02-09", "2024-02-12", "2024-03-01", "2024-04-10", "2024-05-01", "2024-05-06", "2024-05-15", "2024-06-06", "2024-08-15",
			"2024-09-16", "2024-09-17", "2024-09-18", "2024-10-01", "2024-10-03", "2024-10-09", "2024-12-25",
		},
		{
			"2025-01-01", "2025-01-27", "2025-01-28", "2025-01-29", "2025-01-30", "2025-03-03", "2025-05-01", "2025-05-05", "2025-05-06", "2025-06-03", "2025-06-06",
			"2025-08-15", "2025-10-03", "2025-10-06", "2025-10-07", "2025-10-08", "2025-10-09", "2025-12-25",
		},
		{
			"2026-01-01", "2026-02-16", "2026-02-17", "2026-02-18", "2026-03-02", "2026-05-01", "2026-05-05", "2026-05-25", "2026-06-03",
			"2026-07-17", "2026-08-17", "2026-09-24", "2026-09-25", "2026-10-05", "2026-10-09", "2026-12-25",
		},
	} {
		closed := map[clock.Day]bool{}
		for _, d := range year {
			closed[d] = true
		}
		for d := year[0]; d[:4] == year[0][:4]; d = clock.DayOf(d.End()) {
			weekend := d.Start().Weekday() == 0 || d.Start().Weekday() == 6
			if c.BankDay(d) == (closed[d] || weekend) {
				t.Errorf("%s: bank day %v, holiday %q", d, c.BankDay(d), c.Holiday(d))
			}
		}
	}
}

// TestTheSkyIsReadRightly holds the computed calendar against days that every calendar of
// Korea shows, among them 2027 and 2028, when the year begins a day after China's.
func TestTheSkyIsReadRightly(t *testing.T) {
	t.Parallel()
	for year, want := range map[int][3]clock.Day{
		2017: {"2017-01-28", "2017-05-03", "2017-10-04"}, 2019: {"2019-02-05", "2019-05-12", "2019-09-13"}, 2020: {"2020-01-25", "2020-04-30", "2020-10-01"},
		2021: {"2021-02-12", "2021-05-19", "2021-09-21"}, 2022: {"2022-02-01", "2022-05-08", "2022-09-10"}, 2023: {"2023-01-22", "2023-05-27", "2023-09-29"},
		2024: {"2024-02-10", "2024-05-15", "2024-09-17"}, 2025: {"2025-01-29", "2025-05-05", "2025-10-06"}, 2026: {"2026-02-17", "2026-05-24", "2026-09-25"},
	} {
		y := lunar(year)
		if got := [3]clock.Day{y.day(1, 1), y.day(4, 8), y.day(8, 15)}; got != want {
			t.Errorf("%d: %v, want %v", year, got, want)
		}
	}
	for year, leap := range map[int]int{2017: 5, 2018: 0, 2020: 4, 2023: 2, 2024: 0, 2025: 6, 2028: 5} {
		if got := lunar(year).leap; got != leap {
			t.Errorf("%d: the month that comes twice is %d, want %d", year, got, leap)
		}
	}
}

// TestTheTableIsTheSkys computes every line of the table that is of the moon.
func TestTheTableIsTheSkys(t *testing.T) {
	t.Parallel()
	years := 0
	for year := 2024; year <= calendar(t).Until(); year++ {
		years++
		y := lunar(year)
		for kind, want := range map[string]clock.Day{"SEOLLAL": y.day(1, 1), "BUDDHA": y.day(4, 8), "CHUSEOK": y.day(8, 15)} {
			if line := kind + "," + string(want) + ","; !strings.Contains(table(t), line) || strings.Count(table(t), kind+","+strconv.Itoa(year)) != 1 {
				t.Errorf("%d: the table lacks %s", year, line)
			}
		}
	}
	if years < 7 {
		t.Errorf("%d years", years)
	}
}

func table(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("holidays.csv")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestHolidaysAreThoseOfTheRegulation writes the rule down once more, article by article
// (관공서의 공휴일에 관한 규정 2조와 3조, 2023-05-04 개정; 제헌절은 2026년부터 공휴일),
// and computes every year of the table with it, from the sky.
func TestHolidaysAreThoseOfTheRegulation(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for year := 2024; year <= c.Until(); year++ {
		want := regulated(year, table(t))
		for d := clock.Day(strconv.Itoa(year) + "-01-01"); d.Start().Year() == year; d = clock.DayOf(d.End()) {
			if _, off := want[d]; off != (c.Holiday(d) != "") {
				t.Errorf("%s: holiday %q, by the regulation %q", d, c.Holiday(d), want[d])
			}
		}
	}
}

// TestElectionsFollowTheLaw computes the days on which parliament and local offices are
// elected (공직선거법 34조): the first Wednesday that lies so many days before the end of the
// term or later; a week on when it, the day before or the day after is a holiday.
func TestElectionsFollowTheLaw(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for _, e := range []struct {
		ends   clock.Day // the term before
		before int
		want   clock.Day
	}{{"2024-05-29", 50, "2024-04-10"}, {"2028-05-29", 50, "2028-04-12"}, {"2026-06-30", 30, "2026-06-03"}, {"2030-06-30", 30, "2030-06-12"}} {
		d := e.ends.Start().AddDate(0, 0, -e.before)
		for d.Weekday() != time.Wednesday {
			d = d.AddDate(0, 0, 1)
		}
		for c.Holiday(clock.DayOf(d.AddDate(0, 0, -1))) != "" || c.Holiday(clock.DayOf(d.AddDate(0, 0, 1))) != "" {
			d = d.AddDate(0, 0, 7)
		}
		if got := clock.DayOf(d); got != e.want || !strings.Contains(table(t), "DECLARED,"+string(got)+",") {
			t.Errorf("after the term that ends on %s: %s, want %s, in the table", e.ends, got, e.want)
		}
	}
}

// regulated are the days of a year on which public offices or banks are closed beside
// weekends, each with why.
func regulated(year int, table string) map[clock.Day]string {
	y, day := lunar(year), func(date string) clock.Day { return clock.Day(strconv.Itoa(year) + "-" + date) }
	around := func(d clock.Day) []clock.Day {
		return []clock.Day{clock.DayOf(d.Start().Add(-time.Hour)), d, clock.DayOf(d.End())}
	}
	type holiday struct {
		item int // of article 2
		days []clock.Day
	}
	all := []holiday{
		{2, []clock.Day{day("03-01")}}, {2, []clock.Day{day("08-15")}}, {2, []clock.Day{day("10-03")}}, {2, []clock.Day{day("10-09")}},
		{3, []clock.Day{day("01-01")}}, {4, around(y.day(1, 1))}, {6, []clock.Day{y.day(4, 8)}}, {7, []clock.Day{day("05-05")}},
		{8, []clock.Day{day("06-06")}}, {9, around(y.day(8, 15))}, {10, []clock.Day{day("12-25")}},
	}
	if year >= 2026 {
		all = append(all, holiday{2, []clock.Day{day("07-17")}})
	}
	off, of := map[clock.Day]string{}, map[clock.Day]int{}
	for _, h := range all {
		for _, d := range h.days {
			off[d], of[d] = "2조", of[d]+1
		}
	}
	for line := range strings.Lines(table) {
		if f := strings.Split(line, ","); f[0] == "DECLARED" && strings.HasPrefix(f[1], strconv.Itoa(year)) {
			off[clock.Day(f[1])] = "2조 10호의2, 11호"
		}
	}
	off[day("05-01")] = "banks"
	slices.SortFunc(all, func(a, b holiday) int { return strings.Compare(string(a.days[0]), string(b.days[0])) })
	shared := map[clock.Day]bool{}
	for _, h := range all {
		for _, d := range h.days {
			w := d.Start().Weekday()
			lost := slices.Contains([]int{2, 6, 7, 10}, h.item) && (w == time.Saturday || w == time.Sunday) ||
				(h.item == 4 || h.item == 9) && w == time.Sunday
			if of[d] > 1 && w != time.Saturday && w != time.Sunday && h.item != 3 && h.item != 8 && !shared[d] {
				lost, shared[d] = true, true // 3조 1항 3호: one day for the two that share one
			}
			if !lost {
				continue
			}
			for d = clock.DayOf(d.End()); ; d = clock.DayOf(d.End()) { // 3조 1항, 2항, 3항
				if w := d.Start().Weekday(); off[d] == "" && w != time.Saturday && w != time.Sunday {
					break
				}
			}
			off[d] = "3조"
		}
	}
	return off
}

func TestPayoutsSkipDaysWithoutBanks(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for _, test := range []struct {
		from clock.Day
		n    int
		want clock.Day
	}{
		{"2026-03-03", 0, "2026-03-03"}, {"2026-03-01", 0, "2026-03-03"}, {"2026-02-13", 1, "2026-02-19"}, {"2026-02-14", 2, "2026-02-20"},
		{"2026-09-23", 1, "2026-09-28"}, {"2025-10-02", 2, "2025-10-13"}, {"2026-12-31", 1, "2027-01-04"},
	} {
		if got := c.After(test.from, test.n); got != test.want {
			t.Errorf("%d bank days after %s: %s, want %s", test.n, test.from, got, test.want)
		}
	}
	if c.Knows("2031-01-02") || !c.Knows("2030-12-31") || c.BankDay("2035-12-25") {
		t.Error("what is known of years beyond the table")
	}
}

func FuzzCalendar(f *testing.F) {
	f.Add([]byte("kind,day,name\nSEOLLAL,2027-02-07,설날\nDECLARED,2027-03-03,선거\n"))
	f.Add([]byte("BUDDHA,2027-05-13,x\nBUDDHA,2027-05-13,z\nCHUSEOK,2027-05-13,y\n"))
	f.Add([]byte("# nothing\n"))
	f.Fuzz(func(t *testing.T, table []byte) {
		c, err := sales.NewCalendar(table)
		if err != nil {
			return
		}
		for _, d := range []clock.Day{"2027-02-06", "2027-12-30"} {
			if got := c.After(d, 3); got <= d || !c.BankDay(got) {
				t.Errorf("three bank days after %s: %s", d, got)
			}
		}
	})
}
