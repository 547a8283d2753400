package risk_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"innopay/card"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/payment"
	"innopay/internal/risk"
	"innopay/money"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)

// shelf is a store that holds rules and counts what it is asked; what a test does not use
// panics.
type shelf struct {
	risk.Store
	rules []risk.Rule
	kinds []risk.BlockKind
	away  bool
	asked []string
	sales int
}

var errAway = errors.New("the database is away")

func (s *shelf) ask(what string) error {
	s.asked = append(s.asked, what)
	if s.away {
		return errAway
	}
	return nil
}

func (s *shelf) Book(context.Context, time.Time) ([]risk.Rule, []risk.BlockKind, error) {
	return s.rules, s.kinds, s.ask("book")
}

func (s *shelf) Blocked(context.Context, time.Time, map[risk.BlockKind][]string) (risk.Block, bool, error) {
	return risk.Block{}, false, s.ask("blocked")
}

func (s *shelf) Take(_ context.Context, uses []risk.Use, c risk.Card) (*risk.Rule, error) {
	if c.Hash != "" && !strings.HasPrefix(c.Hash, "hash of ") {
		panic("a card is kept as it is")
	}
	return nil, s.ask(fmt.Sprint("take ", len(uses)))
}

func (s *shelf) Note(context.Context, risk.Review, audit.Record) error { return s.ask("note") }

// Sales are of as many cards, each once.
func (s *shelf) Sales(_ context.Context, _ string, from, _ time.Time, each func(risk.Sale) error) error {
	for i := range s.sales {
		if err := each(risk.Sale{At: from.Add(time.Duration(i) * time.Millisecond), Card: fmt.Sprint(i), Amount: 1}); err != nil {
			return err
		}
	}
	return nil
}

// plain is a key ring that shows what it hashed.
type plain struct{}

func (plain) BlindIndex(kind, value string) string { return "hash of " + kind + value[:4] }

func newService(s *shelf) (*risk.Service, *clock.Fake) {
	c := clock.NewFake(noon)
	return risk.New(risk.Options{Store: s, Keys: plain{}, Clock: c, IDs: id.NewSource(nil), Log: slog.New(slog.DiscardHandler)}), c
}

func aCase(t *testing.T, amount money.Won) payment.Case {
	t.Helper()
	pan, err := card.ParsePAN("4111111111111111")
	if err != nil {
		t.Fatal(err)
	}
	return payment.Case{MerchantID: "mer_1", PaymentID: "pay_1", Card: pan, Amount: amount, At: noon}
}

func amountRule(most money.Won) risk.Rule {
	return risk.Rule{ID: "rul_1", Name: "한도", Kind: risk.PaymentAmount, Action: risk.Refuse, Enabled: true, MostAmount: most}
}

// TestWithoutRulesNoPaymentCostsAQuery but the one that looks for rules now and then, and
// a rule of another instance holds within Refresh.
func TestWithoutRulesNoPaymentCostsAQuery(t *testing.T) {
	t.Parallel()
	s := &shelf{}
	service, c := newService(s)
	for range 100 {
		if err := service.Judge(t.Context(), aCase(t, 1000)); err != nil {
			t.Fatal(err)
		}
		service.Ended(t.Context(), aCase(t, 1000), payment.Refused)
	}
	if got := fmt.Sprint(s.asked); got != "[book]" {
		t.Errorf("asked %s", got)
	}
	s.rules = []risk.Rule{amountRule(999)}
	if err := service.Judge(t.Context(), aCase(t, 1000)); err != nil {
		t.Errorf("before the rules are read again: %v", err)
	}
	c.Advance(risk.Refresh)
	if err := service.Judge(t.Context(), aCase(t, 1000)); !errors.Is(err, payment.ErrRiskRefused) {
		t.Errorf("after: %v", err)
	}
}

// TestWhatCannotBeJudgedPasses: the payment needs the same database anyway.
func TestWhatCannotBeJudgedPasses(t *testing.T) {
	t.Parallel()
	s := &shelf{away: true}
	service, c := newService(s)
	if err := service.Judge(t.Context(), aCase(t, 1000)); err != nil {
		t.Errorf("rules never read: %v", err)
	}
	velocity := amountRule(999)
	velocity.Kind, velocity.MostCount, velocity.Window = risk.CardVelocity, 1, time.Hour
	s.away, s.rules, s.kinds = false, []risk.Rule{velocity}, []risk.BlockKind{risk.BlockCard}
	if err := service.Judge(t.Context(), aCase(t, 1000)); err != nil {
		t.Error(err)
	}
	s.away = true
	if err := service.Judge(t.Context(), aCase(t, 1000)); err != nil {
		t.Errorf("counts not taken: %v", err)
	}
	// The last rules that were read go on to hold.
	s.away, s.rules, s.kinds = false, []risk.Rule{amountRule(999)}, nil
	c.Advance(risk.Refresh)
	if err := service.Judge(t.Context(), aCase(t, 1000)); !errors.Is(err, payment.ErrRiskRefused) {
		t.Error(err)
	}
	s.away = true
	c.Advance(time.Hour)
	if err := service.Judge(t.Context(), aCase(t, 1000)); !errors.Is(err, payment.ErrRiskRefused) {
		t.Errorf("rules in memory are forgotten: %v", err)
	}
}

func TestRulesThatMakeNoSenseAreRefused(t *testing.T) {
	t.Parallel()
	good := risk.Rule{Name: "규칙", Kind: risk.CardVelocity, Action: risk.Refuse, MostCount: 3, Window: time.Hour}
	night := risk.Rule{Name: "밤", Kind: risk.Night, Action: risk.ToCheck, From: 23 * 60, Until: 6 * 60}
	for name, c := range map[string]struct {
		from   risk.Rule
		change func(*risk.Rule)
		field  string
	}{
		"good":              {good, func(*risk.Rule) {}, ""},
		"good night":        {night, func(*risk.Rule) {}, ""},
		"nameless":          {good, func(r *risk.Rule) { r.Name = " " }, "/name"},
		"control character": {good, func(r *risk.Rule) { r.Name = "a\x00" }, "/name"},
		"no limit":          {good, func(r *risk.Rule) { r.MostCount = 0 }, "/mostCount"},
		"short window":      {good, func(r *risk.Rule) { r.Window = time.Second }, "/windowSeconds"},
		"long window":       {good, func(r *risk.Rule) { r.Window = 8 * 24 * time.Hour }, "/windowSeconds"},
		"no declines":       {good, func(r *risk.Rule) { r.Kind, r.MostCount = risk.CardDeclines, 0 }, "/mostCount"},
		"no amount":         {good, func(r *risk.Rule) { r.Kind = risk.PaymentAmount }, "/mostAmount"},
		"huge amount":       {good, func(r *risk.Rule) { r.MostAmount = 1 << 60 }, "/mostAmount"},
		"night of no time":  {night, func(r *risk.Rule) { r.Until = r.From }, "/from"},
	} {
		r := c.from
		c.change(&r)
		err := r.Check()
		named, _ := errors.AsType[*fault.Error](err)
		if (err == nil) != (c.field == "") || err != nil && named.Fields[0].Path != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestATrialIsBounded: more cards than are counted at once end it, and it says so.
func TestATrialIsBounded(t *testing.T) {
	t.Parallel()
	service, _ := newService(&shelf{sales: 300_000})
	got, err := service.Try(t.Context(), risk.Rule{Name: "규칙", Kind: risk.CardVelocity, Action: risk.Refuse, MostCount: 1, Window: time.Hour}, 7)
	if err != nil || got.Whole || got.Examined < 100_000 || got.Examined > 250_000 || !got.To.Before(got.From.Add(time.Hour)) {
		t.Errorf("%+v %v", got, err)
	}
	all, err := service.Try(t.Context(), amountRule(1), 7)
	if err != nil || !all.Whole || all.Examined != 300_000 || all.Found != 0 {
		t.Errorf("%+v %v", all, err)
	}
	every := amountRule(1)
	every.Kind, every.MostAmount, every.From, every.Until = risk.Night, 0, 0, 23*60
	found, err := service.Try(t.Context(), every, 7)
	if err != nil || found.Found != 300_000 || len(found.Hits) != 200 {
		t.Errorf("%d found, %d named: %v", found.Found, len(found.Hits), err)
	}
}
