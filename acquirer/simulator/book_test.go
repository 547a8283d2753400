package simulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/clock"
	"innopay/money"
)

func newBook(t *testing.T, now clock.Clock) (*simulator.Book, *simulator.InProcess) {
	t.Helper()
	b, err := simulator.NewBook(now, nil)
	if err != nil {
		t.Fatal(err)
	}
	return b, simulator.Direct(b)
}

// results are the type, result and repeat of entries.
func results(entries []simulator.Entry) []string {
	var out []string
	for _, e := range entries {
		s := e.Type + " " + string(e.Result)
		if !e.Answered {
			s += " unanswered"
		}
		if e.Repeat {
			s += " repeat"
		}
		out = append(out, s)
	}
	return out
}

// TestJournalOfEverything: what each message leaves in the journal.
func TestJournalOfEverything(t *testing.T) {
	t.Parallel()
	b, _ := newBook(t, clock.NewFake(afternoon))
	busy(t, b)
	want := []string{
		"AUTHORIZE APPROVED", "AUTHORIZE DECLINED",
		"AUTHORIZE APPROVED unanswered", "REVERSE APPROVED", "REVERSE ALREADY repeat",
		"REVERSE NO_ORIGINAL", "AUTHORIZE DECLINED",
		"AUTHORIZE APPROVED", "VOID APPROVED", "VOID APPROVED repeat",
		"AUTHORIZE APPROVED", "REFUND APPROVED",
		"AUTHORIZE APPROVED unanswered", "REVERSE NO_ORIGINAL unanswered",
		"CAPTURE APPROVED", "CAPTURE APPROVED", "CAPTURE APPROVED",
		"AUTHORIZE APPROVED", "AUTHORIZE APPROVED", "INQUIRE APPROVED",
	}
	if diff := cmp.Diff(want, results(b.Entries(0, 100))); diff != "" {
		t.Error(diff)
	}
	for _, e := range b.Entries(0, 100) {
		if e.Type == "CAPTURE" && e.AttemptID == "att_6" && e.Amount != 55_000-11 {
			t.Errorf("captured %v of att_6", e.Amount)
		}
	}
}

// TestEveryBehaviourHasACard: contract, demo.json.
func TestEveryBehaviourHasACard(t *testing.T) {
	t.Parallel()
	have := map[string]bool{}
	numbers := map[string]bool{}
	for _, c := range simulator.Cards() {
		have[c.Behaviour] = true
		pan, err := card.ParsePAN(c.Number)
		if err != nil || card.CheckNumber(pan) != nil || !pan.Luhn() {
			t.Errorf("%s is no card number", pan.Masked())
		}
		if _, ok := card.Lookup(pan); !ok {
			t.Errorf("%s is not in the BIN table", pan.Masked())
		}
		if numbers[c.Number] {
			t.Errorf("%s is there twice", pan.Masked())
		}
		numbers[c.Number] = true
	}
	want := []string{"APPROVE", "DECLINE_LIMIT", "DECLINE_LOST", "DECLINE_EXPIRED", "DECLINE_NUMBER", "DECLINE_AUTHENTICATION"}
	for _, do := range simulator.Dos() {
		want = append(want, string(do))
	}
	for _, behaviour := range want {
		if !have[behaviour] {
			t.Errorf("no card does %s", behaviour)
		}
	}
}

// TestCardsBehave: a card alone brings its fault about, without a script.
func TestCardsBehave(t *testing.T) {
	t.Parallel()
	unknown := map[string]bool{}
	for _, do := range []simulator.Do{
		simulator.Timeout, simulator.Late, simulator.Garbage, simulator.HalfClose, simulator.Reset,
		simulator.Foreign, simulator.WrongAmount, simulator.Drop, simulator.SayNoOriginal,
	} {
		unknown[string(do)] = true
	}
	for n, c := range simulator.Cards() {
		b, p := newBook(t, clock.NewFake(afternoon))
		want := acquirer.Approved
		switch {
		case unknown[c.Behaviour]:
			want = acquirer.Unknown
		case len(c.Behaviour) >= 7 && c.Behaviour[:7] == "DECLINE":
			want = acquirer.Declined
		}
		a := authorization(t, "att_1", c)
		if got := p.Authorize(t.Context(), a); got.Outcome != want {
			t.Errorf("%d: %s gives %v", n, c.Behaviour, got.Outcome)
		}
		acted := len(b.Entries(0, 1)) == 1
		if acted == (c.Behaviour == string(simulator.Drop)) {
			t.Errorf("%s: acted on the books: %v", c.Behaviour, acted)
		}
		// Only NO_ORIGINAL lies to a reversal, and only once.
		if c.Behaviour == string(simulator.SayNoOriginal) {
			if got := p.Reverse(t.Context(), reversalOf(a)); got.Result != acquirer.NoOriginal {
				t.Errorf("the first reversal gives %v", got.Result)
			}
		}
		if unknown[c.Behaviour] && acted {
			if got := p.Reverse(t.Context(), reversalOf(a)); got.Result != acquirer.Reversed {
				t.Errorf("%s: the reversal gives %v", c.Behaviour, got.Result)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(*acquirer.Authorization)
		code  string
	}{
		"unknown BIN":      {func(a *acquirer.Authorization) { a.Card.PAN = mustPAN(t, "9999999999999995") }, "INVALID_CARD_NUMBER"},
		"wrong digit":      {func(a *acquirer.Authorization) { a.Card.PAN = mustPAN(t, "4111111111111112") }, "INVALID_CARD_NUMBER"},
		"expired":          {func(a *acquirer.Authorization) { a.Card.Expiry = mustExpiry(t, "02", "26") }, "CARD_DECLINED_EXPIRED"},
		"one month":        {func(a *acquirer.Authorization) { a.InstallmentMonths = 1 }, "CARD_DECLINED"},
		"parts do not add": {func(a *acquirer.Authorization) { a.Split.VAT++ }, "CARD_DECLINED"},
		"wrong birth":      {func(a *acquirer.Authorization) { a.Card.BirthOrBusinessNumber = card.NewSecret("910101") }, "INVALID_AUTHENTICATION"},
		"wrong password":   {func(a *acquirer.Authorization) { a.Card.PasswordTwoDigits = card.NewSecret("21") }, "INVALID_AUTHENTICATION"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, p := newBook(t, clock.NewFake(afternoon))
			a := numbered(t, 1, "APPROVE")
			test.spoil(&a)
			got := p.Authorize(t.Context(), a)
			if got.Outcome != acquirer.Declined || got.FailureCode != test.code {
				t.Errorf("%v %s, want %s", got.Outcome, got.FailureCode, test.code)
			}
		})
	}
	_, p := newBook(t, clock.NewFake(afternoon))
	a := numbered(t, 1, "APPROVE")
	a.Card.Expiry = mustExpiry(t, "03", "26") // good until the month's end
	if got := p.Authorize(t.Context(), a); got.Outcome != acquirer.Approved {
		t.Errorf("a card in its last month: %v %s", got.Outcome, got.Code)
	}
}

func mustPAN(t *testing.T, s string) card.PAN {
	t.Helper()
	p, err := card.ParsePAN(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustExpiry(t *testing.T, mm, yy string) card.Expiry {
	t.Helper()
	e, err := card.ParseExpiry(mm, yy)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// TestReversalWithCardIsRefused: rulings 6.
func TestReversalWithCardIsRefused(t *testing.T) {
	t.Parallel()
	b, p := newBook(t, clock.NewFake(afternoon))
	a := numbered(t, 1, "APPROVE")
	p.Authorize(t.Context(), a)
	r := iso8583.ReversalRequest(reversalOf(a))
	r.Card.PAN = a.Card.PAN
	d, err := b.Handle(&r, nil)
	if err != nil || d.Reply.Code != iso8583.CodeCardInReversal {
		t.Fatalf("%+v, %v", d.Reply, err)
	}
	if e := b.Entries(1, 1)[0]; e.Result != simulator.Refused {
		t.Errorf("the books say %s", e.Result)
	}
	if got := p.Reverse(t.Context(), reversalOf(a)); got.Result != acquirer.Reversed {
		t.Errorf("without the card: %v", got.Result)
	}
}

// TestDayIsCapturedAt23: each business day at its own hour, also when nobody came for
// days, and a reversal past its window is refused.
func TestDayIsCapturedAt23(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(afternoon)
	b, p := newBook(t, now)
	p.Authorize(t.Context(), numbered(t, 1, "APPROVE"))
	now.Set(time.Date(2026, 3, 2, 22, 59, 59, 0, clock.Seoul))
	b.Tick()
	if n := len(b.Entries(0, 10)); n != 1 {
		t.Fatalf("captured before 23:00: %d entries", n)
	}
	if got := p.Reverse(t.Context(), reversalOf(numbered(t, 1, "APPROVE"))); got.Result != acquirer.ReversalRefused || got.Code != iso8583.CodeTooLate {
		t.Errorf("a reversal nine hours later: %v %s", got.Result, got.Code)
	}
	p.Authorize(t.Context(), numbered(t, 2, "APPROVE"))
	now.Set(time.Date(2026, 3, 2, 23, 0, 0, 0, clock.Seoul))
	p.Authorize(t.Context(), numbered(t, 3, "APPROVE")) // belongs to the next day
	now.Set(time.Date(2026, 3, 5, 9, 0, 0, 0, clock.Seoul))
	b.Tick()
	var got []string
	for _, e := range b.Entries(0, 100) {
		if e.Type == "CAPTURE" {
			got = append(got, e.AttemptID+" "+e.At.Format(time.DateTime))
		}
	}
	want := []string{"att_1 2026-03-02 23:00:00", "att_2 2026-03-02 23:00:00", "att_3 2026-03-03 23:00:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if next := b.NextCapture(); !next.Equal(time.Date(2026, 3, 5, 23, 0, 0, 0, clock.Seoul)) {
		t.Errorf("the next capture is at %v", next)
	}
}

// TestOneMoneyMovement: whatever comes in whatever order, no authorization gives back
// more than it took, and what the journal says adds up to what an inquiry says.
func TestOneMoneyMovement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		now := clock.NewFake(afternoon)
		b, p := newBook(t, now)
		a := numbered(t, 1, "APPROVE")
		an := acquirer.Answer{ApprovalNumber: "10000000"}
		steps := rapid.IntRange(1, 25).Draw(rt, "steps")
		for i := range steps {
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0:
				if got := p.Authorize(t.Context(), a); got.Outcome == acquirer.Approved {
					an = got
				}
			case 1:
				p.Reverse(t.Context(), reversalOf(a))
			case 2:
				c := cancelOf(a, an, acquirer.Void, a.Split)
				p.Cancel(t.Context(), c)
			case 3:
				won := money.Won(rapid.IntRange(1, 56_000).Draw(rt, "won"))
				c := cancelOf(a, an, acquirer.Refund, money.Split{Amount: won, Supplied: won})
				c.AttemptID += rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "id")
				c.STAN += i
				p.Cancel(t.Context(), c)
			case 4:
				b.Capture()
			case 5:
				now.Advance(time.Duration(rapid.IntRange(0, 120).Draw(rt, "minutes")) * time.Minute)
			}
		}
		var took, gave, captured money.Won
		reversals := 0
		for _, e := range b.Entries(0, 1000) {
			if e.Result != simulator.Approved || e.Repeat {
				continue
			}
			switch e.Type {
			case "AUTHORIZE":
				took += e.Amount
			case "VOID", "REFUND":
				gave += e.Amount
			case "REVERSE":
				reversals++
				gave += e.Amount
			case "CAPTURE":
				captured += e.Amount
			}
		}
		if took > a.Split.Amount || gave > took || captured > took || reversals > 1 || reversals == 1 && captured > 0 {
			rt.Fatalf("took %v, gave %v, captured %v, reversed %d times", took, gave, captured, reversals)
		}
		got := p.Inquire(t.Context(), acquirer.Inquiry{Reference: reversalOf(a).Reference, Subject: a.Reference, Merchant: a.Merchant, Amount: a.Split.Amount})
		undone := took > 0 && gave == took
		if (got.Result == acquirer.InquiryReversed) != undone || (got.Result == acquirer.InquiryApproved) != (took > 0 && !undone) {
			rt.Fatalf("took %v, gave %v, yet the inquiry says %v", took, gave, got.Result)
		}
	})
}
