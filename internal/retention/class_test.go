package retention_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"innopay/internal/outbox"
	"innopay/internal/registration"
	"innopay/internal/retention"
)

var update = flag.Bool("update", false, "write docs/guides/retention.md")

const guide = "../../docs/guides/retention.md"

// marks hold the table between them.
const begins, ends = "<!-- table: go test ./internal/retention -update -->\n", "<!-- end of table -->\n"

// TestTheGuideShowsTheTable holds the guide against the classes.
func TestTheGuideShowsTheTable(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begins)
	_, after, ok2 := strings.Cut(rest, ends)
	if !ok || !ok2 {
		t.Fatal("the guide has no place for the table")
	}
	want := before + begins + table() + ends + after
	if want == string(b) {
		return
	}
	if !*update {
		t.Fatal("the guide is not what the classes say: go test ./internal/retention -update")
	}
	if err := os.WriteFile(guide, []byte(want), 0o644); err != nil { //nolint:gosec // a document
		t.Fatal(err)
	}
}

func table() string {
	var b strings.Builder
	b.WriteString("| class | 기록 | 무엇을 | 보관 | 법이 정한 최소 | 까닭 | tables |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for _, c := range retention.Classes() {
		kept, least := "계속", "-"
		if c.Kept > 0 {
			kept = fmt.Sprintf("%d일", c.Days())
			if c.Fixed {
				kept += " (고정)"
			}
		}
		if c.Least > 0 {
			least = fmt.Sprintf("%d일", c.Least/retention.Day)
		}
		tables := "`payment`의 구매자 열"
		if len(c.Tables) > 0 {
			tables = "`" + strings.Join(c.Tables, "`, `") + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", c.Name, c.Title, c.What, kept, least, c.Why, tables)
	}
	return b.String()
}

func TestTheTableIsSound(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range retention.Classes() {
		switch {
		case seen[c.Name]:
			t.Errorf("%s stands twice", c.Name)
		case (c.Act == retention.Keep) != (c.Kept == 0 && c.Worker == ""):
			t.Errorf("%s is kept for %v by %q", c.Name, c.Kept, c.Worker)
		case c.Kept < c.Least:
			t.Errorf("%s is kept for less than the law asks", c.Name)
		case c.Title == "" || c.What == "" || c.Why == "":
			t.Errorf("%s says too little", c.Name)
		}
		seen[c.Name] = true
	}
	p := policy(t, nil)
	if p.Of("EVENTS").Kept != outbox.Kept || p.Of("REGISTRATIONS").Kept != registration.Kept {
		t.Error("others keep their records for another time than the table says")
	}
	for _, name := range []string{"LEDGER", "AUDIT"} {
		if p.Of(name).Act != retention.Keep {
			t.Errorf("%s must never be broken", name)
		}
	}
	for _, s := range slices.Concat([]string{"BUYERS", "SIGNATURES", "CASH_RECEIPTS"}) {
		if c := p.Of(s); c.Least < 5*365*24*time.Hour {
			t.Errorf("%s: the law asks five years", s)
		}
	}
}

func TestOnlyMoreThanTheLawAsksIsConfigured(t *testing.T) {
	t.Parallel()
	if p := policy(t, map[string]int{"BUYERS": 3660, "sessions": 1, "PRINTS": 365}); p.Of("BUYERS").Days() != 3660 || p.Of("SESSIONS").Days() != 1 || p.Of("PRINTS").Days() != 365 {
		t.Errorf("%+v", p)
	}
	for name, days := range map[string]int{"BUYERS": 1829, "TICKETS": 100, "SESSIONS": 0, "PRINTS": -1, "AUDIT": 365, "KEYS": 30, "NOBODY": 5, "MESSAGES": 1 << 20} {
		if _, err := retention.NewPolicy(map[string]int{name: days}); err == nil {
			t.Errorf("%s for %d days is taken", name, days)
		}
	}
	if retention.Classes()[1].Days() != 1830 {
		t.Errorf("one policy changes another: %d", retention.Classes()[1].Days())
	}
}

func TestPeopleAreReadInEverySpelling(t *testing.T) {
	t.Parallel()
	p, err := retention.Read(" +82 10-0000-1234", " Buyer@Example.COM ")
	if err != nil || p != (retention.People{Phone: "01000001234", Mail: "buyer@example.com"}) {
		t.Fatalf("%+v %v", p, err)
	}
	for text, want := range map[string]bool{
		"01000001234": true, "010-0000-1234": true, "buyer@example.com": true, "BUYER@example.com": true, "01000001235": false, "": false,
		"01000001234@example.com": false, "0100000123": false, "a.buyer@example.com": false,
	} {
		if p.Has(text) != want {
			t.Errorf("%q: %t", text, !want)
		}
	}
	if (retention.People{}).Has("") || (retention.People{}).Has("1") {
		t.Error("nobody is everybody")
	}
	more := p.With("01000001234").With("010-9999-0000").With("").With("Other@Example.com").With("other@example.com")
	if got := more.All(); !slices.Equal(got, []string{"01000001234", "buyer@example.com", "01099990000", "other@example.com"}) || !more.Has("010 9999 0000") || !more.Has("OTHER@example.com") || more.Has("") {
		t.Errorf("%q", got)
	}
	if got := (retention.People{}).With("a@example.com").With("01000001234"); got != (retention.People{Phone: "01000001234", Mail: "a@example.com"}) {
		t.Errorf("%+v", got)
	}
	if l := p.Label(); strings.Contains(l, "00001234") || strings.Contains(l, "buyer@") {
		t.Errorf("label %s", l)
	}
	for _, c := range [][2]string{{"", ""}, {" ", " "}, {"1234", ""}, {"abc", ""}, {"01000001234567890", ""}, {"", "nobody"}} {
		if _, err := retention.Read(c[0], c[1]); err == nil {
			t.Errorf("%q and %q are somebody", c[0], c[1])
		}
	}
}
