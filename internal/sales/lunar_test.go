package sales_test

import (
	"math"
	"time"

	"innopay/clock"
)

// The lunisolar calendar of Korea, from the sky: a month begins on the day of a new moon,
// by Korean time; the eleventh holds the winter solstice; of thirteen months between two
// of them the first without a principal term of the sun is a leap month. Source of the
// formulas: J. Meeus, Astronomical Algorithms, 2nd edition, chapters 25 and 49, good to
// some seconds for new moons and to a quarter of an hour for the sun.

// lunarYear holds the days on which the first ten months of a year begin, by number from
// 1: the first is Seollal. leap is the number of the one that comes twice, 0: none.
type lunarYear struct {
	months [11]clock.Day
	leap   int
}

// lunar is the year whose first month begins in a year of ours.
func lunar(year int) lunarYear {
	out := lunarYear{}
	from, to := solsticeMonth(year-1), solsticeMonth(year)
	long, leap, number := to-from == 13, false, 11
	for k := from + 1; k < to; k++ {
		if long && !leap && !principal(k) {
			leap = true
			if number < len(out.months) {
				out.leap = number
			}
			continue
		}
		if number = number%12 + 1; number < len(out.months) {
			out.months[number] = moonDay(k)
		}
	}
	return out
}

// day is the n-th of a month, of its first when it comes twice.
func (y lunarYear) day(month, n int) clock.Day {
	return clock.DayOf(y.months[month].Start().AddDate(0, 0, n-1))
}

// solsticeMonth is the number of the new moon whose month holds the winter solstice.
func solsticeMonth(year int) int {
	day := clock.DayOf(time.Date(year, 12, 20, 0, 0, 0, 0, clock.Seoul))
	for sunAt(day.End()) < 270 {
		day = clock.DayOf(day.End())
	}
	k := int(12.3685*float64(year+1-2000)) - 3
	for moonDay(k+1) <= day {
		k++
	}
	return k
}

// principal reports whether the sun passes a multiple of 30 degrees in a month.
func principal(k int) bool {
	from, to := sunAt(moonDay(k).Start()), sunAt(moonDay(k+1).Start())
	return math.Floor(from/30) != math.Floor(to/30)
}

// moonDay is the day in Korea on which a new moon falls; the 0th is that of 6 January 2000.
func moonDay(k int) clock.Day { return clock.DayOf(newMoon(float64(k))) }

// terrestrial is how far the clocks of the sky are ahead of ours (delta T of these years).
const terrestrial = 70 * time.Second

func fromJulian(jde float64) time.Time {
	return time.Unix(0, 0).Add(time.Duration((jde - 2440587.5) * 24 * float64(time.Hour))).Add(-terrestrial)
}

func sin(degrees float64) float64 { return math.Sin(degrees * math.Pi / 180) }

// sunAt is the apparent longitude of the sun in degrees (chapter 25).
func sunAt(at time.Time) float64 {
	t := (at.Add(terrestrial).Sub(time.Date(2000, 1, 1, 12, 0, 0, 0, time.UTC)).Hours() / 24) / 36525
	m := 357.52911 + 35999.05029*t - 0.0001537*t*t
	c := (1.914602-0.004817*t-0.000014*t*t)*sin(m) + (0.019993-0.000101*t)*sin(2*m) + 0.000289*sin(3*m)
	l := 280.46646 + 36000.76983*t + 0.0003032*t*t + c - 0.00569 - 0.00478*sin(125.04-1934.136*t)
	return math.Mod(math.Mod(l, 360)+360, 360)
}

// newMoon is the moment of a new moon (chapter 49).
func newMoon(k float64) time.Time {
	t := k / 1236.85
	e := 1 - 0.002516*t - 0.0000074*t*t
	m := 2.5534 + 29.10535670*k - 0.0000014*t*t
	p := 201.5643 + 385.81693528*k + 0.0107582*t*t + 0.00001238*t*t*t
	f := 160.7108 + 390.67050284*k - 0.0016118*t*t - 0.00000227*t*t*t
	node := 124.7746 - 1.56375588*k + 0.0020672*t*t
	jde := 2451550.09766 + 29.530588861*k + 0.00015437*t*t - 0.000000150*t*t*t
	jde += -0.40720*sin(p) + 0.17241*e*sin(m) + 0.01608*sin(2*p) + 0.01039*sin(2*f) + 0.00739*e*sin(p-m) - 0.00514*e*sin(p+m)
	jde += 0.00208*e*e*sin(2*m) - 0.00111*sin(p-2*f) - 0.00057*sin(p+2*f) + 0.00056*e*sin(2*p+m) - 0.00042*sin(3*p)
	jde += 0.00042*e*sin(m+2*f) + 0.00038*e*sin(m-2*f) - 0.00024*e*sin(2*p-m) - 0.00017*sin(node) - 0.00007*sin(p+2*m)
	jde += 0.00004*sin(2*p-2*f) + 0.00004*sin(3*m) + 0.00003*sin(p+m-2*f) + 0.00003*sin(2*p+2*f) - 0.00003*sin(p+m+2*f)
	jde += 0.00003*sin(p-m+2*f) - 0.00002*sin(p-m-2*f) - 0.00002*sin(3*p+m) + 0.00002*sin(4*p)
	for _, a := range [...][3]float64{
		{299.77, 0.107408, 325e-6}, {251.88, 0.016321, 165e-6}, {251.83, 26.651886, 164e-6}, {349.42, 36.412478, 126e-6}, {84.66, 18.206239, 110e-6},
		{141.74, 53.303771, 62e-6}, {207.14, 2.453732, 60e-6}, {154.84, 7.306860, 56e-6}, {34.52, 27.261239, 47e-6}, {207.19, 0.121824, 42e-6},
		{291.34, 1.844379, 40e-6}, {161.72, 24.198154, 37e-6}, {239.56, 25.513099, 35e-6}, {331.55, 3.592518, 23e-6},
	} {
		jde += a[2] * sin(a[0]+a[1]*k)
	}
	return fromJulian(jde)
}
