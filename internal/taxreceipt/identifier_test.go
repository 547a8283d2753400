package taxreceipt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/fault"
	"innopay/internal/taxreceipt"
)

var kinds = []cashreceipt.Kind{cashreceipt.IncomeDeduction, cashreceipt.ExpenseProof, cashreceipt.SelfIssued, "OTHER"}

// FuzzIdentifier: whatever is typed, no number of a person's birth, no payment card and
// nothing but digits is taken, and a refusal never repeats what was typed.
func FuzzIdentifier(f *testing.F) {
	for _, typed := range []string{
		"", "010-0000-1234", "0100001234", "01000001234", "016-000-0000", "900101-1234567", "9001011234567", "0002291000000", "101-81-99993", "1234567890",
		"4111111111111111", "4111-1111-1111-1112", "8001234567890", "1234567890123456789", "12345678901234567890", "０１０１２３４５６７８", "900101 1234567",
		"9 0 0 1 0 1 1 2 3 4 5 6 7", "-", "01000001234\x00", "\u200b01000001234", "010\t0000\t1234", "<script>alert(1)</script>", "900101–1234567",
	} {
		for k := range kinds {
			f.Add(uint8(k), typed)
		}
	}
	f.Fuzz(func(t *testing.T, k uint8, typed string) {
		kind := kinds[int(k)%len(kinds)]
		got, err := taxreceipt.ReadIdentifier(kind, typed, "/identifier")
		if err != nil {
			refusedQuietly(t, typed, err)
			if !got.Empty() {
				t.Errorf("%q is refused and given", typed)
			}
			return
		}
		taken(t, kind, typed, string(got.Reveal()))
	})
}

// birthDate reports whether six digits begin a resident registration number.
func birthDate(s string) bool {
	for _, century := range []string{"18", "19", "20"} {
		if _, err := time.Parse("20060102", century+s); err == nil {
			return true
		}
	}
	return false
}

// taken looks at what was accepted.
func taken(t *testing.T, kind cashreceipt.Kind, typed, digits string) {
	t.Helper()
	if strings.Trim(digits, "0123456789") != "" || len(digits) < 10 || len(digits) > 19 {
		t.Errorf("%q is read as %q", typed, digits)
	}
	if len(digits) == 13 && birthDate(digits[:6]) {
		t.Errorf("a resident registration number is taken: %q", typed)
	}
	if (digits == cashreceipt.SelfIssuedIdentifier) != (kind == cashreceipt.SelfIssued) {
		t.Errorf("%s for %q as %s", digits, typed, kind)
	}
	if p, err := card.ParsePAN(digits); err == nil {
		if _, known := card.Lookup(p); known {
			t.Errorf("a payment card is taken: %q", typed)
		}
	}
	shown := taxreceipt.Mask(kind, digits)
	if kind != cashreceipt.SelfIssued && (strings.TrimLeft(shown, "*") != digits[len(digits)-4:] || len(shown) != len(digits)) {
		t.Errorf("%q is shown as %q", digits, shown)
	}
}

// refusedQuietly sees that nothing of the value is in what is told of it, in any form.
func refusedQuietly(t *testing.T, typed string, err error) {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid {
		t.Fatalf("%q: %v is no refusal", typed, err)
	}
	whole, jerr := json.Marshal(e)
	if jerr != nil {
		t.Fatal(jerr)
	}
	said := fmt.Sprintf("%v %+v %#v %s", err, e, e, whole)
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
	// Shorter than that, chance puts it into an address in memory; and 010-000-1234 is
	// named in the sentence about it.
	if len(digits) >= 8 && digits != cashreceipt.SelfIssuedIdentifier && strings.Contains(strings.ReplaceAll(said, "-", ""), digits) || len(typed) >= 16 && strings.Contains(said, typed) {
		t.Errorf("%q is repeated: %s", typed, said)
	}
}

// TestNoBirthDateIsTaken walks every day of a century, in every way it is written.
func TestNoBirthDateIsTaken(t *testing.T) {
	t.Parallel()
	days := 0
	for day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2100; day = day.AddDate(0, 0, 1) {
		days++
		number := day.Format("060102") + fmt.Sprintf("%07d", days*271)
		for _, typed := range []string{number, number[:6] + "-" + number[6:], " " + number + " ", strings.Join(strings.Split(number, ""), " ")} {
			for _, kind := range kinds {
				if got, err := taxreceipt.ReadIdentifier(kind, typed, "/identifier"); err == nil {
					t.Fatalf("%q is taken as %q", typed, got.Reveal())
				}
			}
		}
	}
	if days < 36_000 {
		t.Errorf("%d days", days)
	}
}

// TestIdentifiersThatAreTaken: the walls are not so high that nobody gets in.
func TestIdentifiersThatAreTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind          cashreceipt.Kind
		typed, digits string
	}{
		{cashreceipt.IncomeDeduction, "010-0000-1234", "01000001234"},
		{cashreceipt.IncomeDeduction, "011 000 0000", "0110000000"},
		{cashreceipt.IncomeDeduction, "1544200000000", "1544200000000"}, // a cash receipt card: 154420 is no day
		{cashreceipt.IncomeDeduction, "1544-2020-1234-567890", "154420201234567890"},
		{cashreceipt.ExpenseProof, "101-81-99993", "1018199993"},
		{cashreceipt.ExpenseProof, "01000001234", "01000001234"},
		{cashreceipt.SelfIssued, "", "0100001234"},
		{cashreceipt.SelfIssued, "010-000-1234", "0100001234"},
	} {
		got, err := taxreceipt.ReadIdentifier(c.kind, c.typed, "/identifier")
		if err != nil || string(got.Reveal()) != c.digits {
			t.Errorf("%s %q: %q %v", c.kind, c.typed, got.Reveal(), err)
		}
	}
}

// TestAttemptsAreApartAtTheOffice: a corrected receipt is another one to the office, by
// an id of the same form, however often it is corrected.
func TestAttemptsAreApartAtTheOffice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := taxreceipt.Receipt{ID: "rcp_" + rapid.StringMatching("[0-7][0-9a-hjkmnp-tv-z]{25}").Draw(t, "id")}
		seen := map[string]bool{}
		for r.Attempt = range taxreceipt.MaxAttempts + 1 {
			got := r.OfficeID()
			if seen[got] || len(got) != len(r.ID) || got[:len(got)-1] != r.ID[:len(r.ID)-1] || r.Attempt == 0 && got != r.ID {
				t.Fatalf("attempt %d of %s is %s", r.Attempt, r.ID, got)
			}
			seen[got] = true
		}
	})
}
