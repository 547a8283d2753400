package id_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"innopay/id"
)

var prefixes = []id.Prefix{
	id.Payment, id.Attempt, id.Cancel, id.Request, id.Receipt, id.Merchant, id.User, id.Session, id.Product,
	id.Category, id.Key, id.Event, id.Audit, id.Link, id.Trace, id.Message, id.Push, id.Printer, id.Print, id.Consent, id.Invite, id.Registration, id.Onboarding, id.Passkey, id.Device, id.Mail,
}

// noon is a time with milliseconds.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

func TestForm(t *testing.T) {
	t.Parallel()
	source := id.NewSource(nil)
	for _, p := range prefixes {
		s := source.At(p, noon)
		if len(s) != len(p)+26 || !strings.HasPrefix(s, string(p)) || !id.Valid(p, s) || s != strings.ToLower(s) {
			t.Errorf("%q", s)
		}
		if got := id.Time(s); !got.Equal(noon) {
			t.Errorf("%s was made at %v", s, got)
		}
		for _, other := range prefixes {
			if other != p && id.Valid(other, s) {
				t.Errorf("%s is also valid as %s", s, other)
			}
		}
	}
}

func TestValidRefuses(t *testing.T) {
	t.Parallel()
	good := id.NewSource(nil).At(id.Payment, noon)
	for _, bad := range []string{
		"", "pay_", good[:len(good)-1], good + "0", strings.ToUpper(good), "pay_" + strings.Repeat("8", 26), "att_" + good[4:],
		good[:10] + "i" + good[11:], good[:10] + "l" + good[11:], good[:10] + "o" + good[11:], good[:10] + "u" + good[11:],
		good[:10] + "-" + good[11:], good[:10] + "\x00" + good[11:], " " + good, good[:9] + "é" + good[11:],
	} {
		if id.Valid(id.Payment, bad) {
			t.Errorf("%q is valid", bad)
		}
	}
	for _, none := range []string{"", "pay_", "nothing", "pay_" + strings.Repeat("u", 26), "pay_" + strings.Repeat("9", 26), good + "0"} {
		if got := id.Time(none); !got.IsZero() {
			t.Errorf("%q was made at %v", none, got)
		}
	}
}

// TestSortsByTime: the order of ids is that of their milliseconds, and Floor parts
// them exactly.
func TestSortsByTime(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := id.NewSource(nil)
		millis := rapid.SliceOfN(rapid.Int64Range(0, 1<<47), 2, 30).Draw(t, "milliseconds")
		slices.Sort(millis)
		for i := 1; i < len(millis); i++ {
			before, after := time.UnixMilli(millis[i-1]), time.UnixMilli(millis[i])
			a, b, floor := source.At(id.Event, before), source.At(id.Event, after), id.Floor(id.Event, after)
			if millis[i-1] < millis[i] && (a >= b || a >= floor) || b < floor {
				t.Fatalf("%v %s, %v %s, floor %s", before, a, after, b, floor)
			}
			if !id.Time(b).Equal(after) || !id.Time(floor).Equal(after) {
				t.Fatalf("%s was made at %v, not %v", b, id.Time(b), after)
			}
		}
	})
}

// TestSortsAsMadeWithinAMillisecond: with another time between as well.
func TestSortsAsMadeWithinAMillisecond(t *testing.T) {
	t.Parallel()
	source := id.NewSource(nil)
	for i := range 20 {
		at := noon.Add(time.Duration(i%2) * time.Millisecond)
		made := make([]string, 500)
		for j := range made {
			made[j] = source.At(id.Audit, at)
			if !id.Valid(id.Audit, made[j]) || !id.Time(made[j]).Equal(at) {
				t.Fatalf("%s was made at %v", made[j], id.Time(made[j]))
			}
		}
		if !slices.IsSorted(made) || len(slices.Compact(made)) != len(made) {
			t.Fatalf("%v", made)
		}
	}
}

func TestWhatIsDerivedIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)
	one := id.Derived(id.Message, at, "evt_1", "usr_1")
	if !id.Valid(id.Message, one) || !id.Time(one).Equal(at) || id.Derived(id.Message, at, "evt_1", "usr_1") != one {
		t.Errorf("%s", one)
	}
	for _, other := range []string{id.Derived(id.Message, at, "evt_1", "usr_2"), id.Derived(id.Message, at, "evt_1usr_1"), id.Derived(id.Message, at)} {
		if other == one {
			t.Errorf("%s twice", one)
		}
	}
}

func TestUniqueUnderOneTime(t *testing.T) {
	t.Parallel()
	source := id.NewSource(nil)
	var mu sync.Mutex
	var all sync.WaitGroup
	seen := map[string]bool{}
	for range 8 {
		all.Go(func() {
			for range 2_000 {
				s := source.At(id.Attempt, noon)
				mu.Lock()
				if seen[s] {
					t.Errorf("%s twice", s)
				}
				seen[s] = true
				mu.Unlock()
			}
		})
	}
	all.Wait()
}

// TestSeeded: the same random bytes make the same ids, and a time before 1970 makes
// one as of 1970.
func TestSeeded(t *testing.T) {
	t.Parallel()
	seed := bytes.Repeat([]byte{1, 2, 3, 4, 5}, 10)
	a, b := id.NewSource(bytes.NewReader(seed)), id.NewSource(bytes.NewReader(seed))
	if x, y := a.At(id.Payment, noon), b.At(id.Payment, noon); x != y {
		t.Errorf("%s and %s", x, y)
	}
	if got := id.Time(a.At(id.Payment, time.Unix(-5, 0))); got.UnixMilli() != 0 {
		t.Errorf("made at %v", got)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("no randomness") }

func TestNoRandomnessPanics(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("an id was made without randomness")
		}
	}()
	id.NewSource(broken{}).At(id.Payment, noon)
}

func FuzzTime(f *testing.F) {
	f.Add(id.NewSource(nil).At(id.Payment, noon))
	f.Add("pay_7zzzzzzzzzzzzzzzzzzzzzzzzz")
	f.Add("_")
	f.Fuzz(func(t *testing.T, s string) {
		at := id.Time(s)
		if id.Valid(id.Payment, s) && at.IsZero() {
			t.Fatalf("%q is valid and has no time", s)
		}
		if id.Valid(id.Payment, s) && id.Floor(id.Payment, at) > s {
			t.Fatalf("%q lies below its own floor", s)
		}
	})
}
