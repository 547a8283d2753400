package sales_test

import (
	"testing"

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
