package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/risk"
)

// RiskStore is what the risk feature stands on.
type RiskStore struct {
	Payments  payment.Store
	Merchants merchant.Store
	Risk      risk.Store
}

// Risks runs the suite of risk.Store.
func Risks(t *testing.T, fresh func(t *testing.T) RiskStore) {
	t.Helper()
	for _, c := range []struct {
		name string
		run  func(*testing.T, RiskStore)
	}{
		{"a rule is read back whole, and changed at its version", riskRules},
		{"of forty at once five pass a limit of five, on two rules", riskAtOnce},
		{"what is over one limit takes nothing of another", riskRollsBack},
		{"parts of a window that are over do not count", riskWindows},
		{"blocks are found by their values", riskBlocks},
		{"sales of the past, oldest first, over pages", riskSales},
		{"what was found is noted and looked at", riskReviews},
		{"rules and limits of the contract meet in one payment", wallsMeet},
		{"rules and limits of the contract meet in payments at once", wallsRace},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.run(t, fresh(t))
		})
	}
}

func velocity(d *Desk, most int64) risk.Rule {
	return risk.Rule{
		ID: d.ID(id.Rule), Name: "시험", Kind: risk.CardVelocity, Action: risk.Refuse, Enabled: true, MostCount: most, Window: time.Hour,
		From: 60, Until: 120, CreatedAt: d.Now, CreatedBy: "usr_1", UpdatedAt: d.Now, Version: 1,
	}
}

func riskRules(t *testing.T, s RiskStore) {
	ctx, d := context.Background(), NewDesk(301)
	r := velocity(d, 5)
	ok, err := s.Risk.InsertRule(ctx, r, d.record("rule", r.ID))
	if err != nil || !ok {
		t.Fatalf("%v %v", ok, err)
	}
	same := func(want risk.Rule) {
		t.Helper()
		got, err := s.Risk.Rule(ctx, r.ID)
		if err != nil || fmt.Sprintf("%+v", inUTC(got)) != fmt.Sprintf("%+v", inUTC(want)) {
			t.Errorf("%+v, want %+v: %v", got, want, err)
		}
	}
	same(r)
	r.Name, r.MostAmount, r.Enabled, r.Version = "다른 이름", 1000, false, 2
	must(t, s.Risk.UpdateRule(ctx, r, d.record("rule", r.ID)))
	same(r)
	if err := s.Risk.UpdateRule(ctx, r, d.record("rule", r.ID)); !errors.Is(err, risk.ErrChanged) {
		t.Errorf("again at the old version: %v", err)
	}
	for i := range risk.MaxRules {
		ok, err := s.Risk.InsertRule(ctx, velocity(d, 1), d.record("rule", r.ID))
		if err != nil || ok != (i < risk.MaxRules-1) {
			t.Fatalf("rule %d: %v %v", i+2, ok, err)
		}
	}
	if err := s.Risk.DeleteRule(ctx, risk.Rule{ID: r.ID, Version: 2}, d.record("rule", r.ID)); !errors.Is(err, risk.ErrChanged) {
		t.Errorf("removed at an old version: %v", err)
	}
	must(t, s.Risk.DeleteRule(ctx, risk.Rule{ID: r.ID, Version: 3}, d.record("rule", r.ID)))
	if _, err := s.Risk.Rule(ctx, r.ID); !errors.Is(err, risk.ErrNotFound) {
		t.Errorf("%v", err)
	}
	rules, kinds, err := s.Risk.Book(ctx, d.Now)
	if err != nil || len(rules) != risk.MaxRules-1 || len(kinds) != 0 {
		t.Errorf("%d %v %v", len(rules), kinds, err)
	}
}

func inUTC(r risk.Rule) risk.Rule {
	r.CreatedAt, r.UpdatedAt = r.CreatedAt.UTC(), r.UpdatedAt.UTC()
	return r
}

func useOf(r risk.Rule, subject string, at time.Time) risk.Use {
	slice := at.Truncate(5 * time.Minute)
	return risk.Use{Rule: r, Subject: r.ID + "/" + subject, Slice: slice, Since: slice.Add(-r.Window), Until: slice.Add(2 * r.Window), Count: 1, Amount: 1000}
}

func riskAtOnce(t *testing.T, s RiskStore) {
	const presses, most = 40, 5
	ctx, d := context.Background(), NewDesk(311)
	tight, loose := velocity(d, most), velocity(d, presses)
	passed := make([]bool, presses)
	var all sync.WaitGroup
	for i := range presses {
		all.Go(func() {
			broken, err := s.Risk.Take(ctx, []risk.Use{useOf(loose, "x", Start), useOf(tight, "x", Start)}, risk.Card{})
			if err != nil {
				t.Error(err)
			}
			passed[i] = broken == nil && err == nil
		})
	}
	all.Wait()
	n := 0
	for _, ok := range passed {
		if ok {
			n++
		}
	}
	if n != most {
		t.Errorf("%d passed a limit of %d", n, most)
	}
}

func riskRollsBack(t *testing.T, s RiskStore) {
	ctx, d := context.Background(), NewDesk(321)
	tight, mark := velocity(d, 1), velocity(d, 1)
	mark.Action = risk.ToCheck
	loose := velocity(d, 3)
	take := func(uses ...risk.Use) string {
		t.Helper()
		broken, err := s.Risk.Take(ctx, uses, risk.Card{MerchantID: d.Merchant, PaymentID: "pay_1", Hash: "hash", At: Start})
		must(t, err)
		if broken == nil {
			return ""
		}
		return string(broken.Action)
	}
	if got := take(useOf(tight, "a", Start), useOf(loose, "a", Start)); got != "" {
		t.Errorf("the first: %s", got)
	}
	for range 5 {
		if got := take(useOf(tight, "a", Start), useOf(loose, "a", Start)); got != "REFUSE" {
			t.Errorf("over the limit: %s", got)
		}
	}
	if got := take(useOf(loose, "a", Start)) + take(useOf(loose, "a", Start)); got != "" {
		t.Errorf("what was refused took of another limit: %s", got)
	}
	if got := take(useOf(mark, "b", Start)) + take(useOf(mark, "b", Start)); got != "REVIEW" {
		t.Errorf("a mark: %s", got)
	}
	back := useOf(tight, "a", Start)
	back.Count, back.Amount = -1, -1000
	must(t, s.Risk.Add(ctx, []risk.Use{back}))
	if got := take(useOf(tight, "a", Start)); got != "" {
		t.Errorf("what was given back is not there: %s", got)
	}
	if hash, err := s.Risk.CardOf(ctx, payment.Payment{MerchantID: d.Merchant, ID: "pay_1"}); err != nil || hash != "hash" {
		t.Errorf("%q %v", hash, err)
	}
	for rounds, more := 0, true; more; rounds++ {
		var err error
		more, err = s.Risk.Purge(ctx, Start.Add(24*time.Hour), Start.Add(time.Second), 1)
		must(t, err)
		if rounds > 500 || !more && rounds == 0 {
			t.Fatalf("more after %d rounds: %t", rounds, more)
		}
	}
	if hash, err := s.Risk.CardOf(ctx, payment.Payment{MerchantID: d.Merchant, ID: "pay_1"}); err != nil || hash != "" {
		t.Errorf("after the purge: %q %v", hash, err)
	}
	if got := take(useOf(tight, "a", Start)); got != "" {
		t.Errorf("after the purge: %s", got)
	}
}

func riskWindows(t *testing.T, s RiskStore) {
	ctx, d := context.Background(), NewDesk(331)
	r := velocity(d, 1)
	for _, c := range []struct {
		at   time.Duration
		over bool
	}{{0, false}, {30 * time.Minute, true}, {time.Hour, true}, {time.Hour + 6*time.Minute, false}} {
		broken, err := s.Risk.Take(ctx, []risk.Use{useOf(r, "a", Start.Add(c.at))}, risk.Card{})
		if err != nil || (broken != nil) != c.over {
			t.Errorf("after %v: %v %v", c.at, broken, err)
		}
	}
}

func riskBlocks(t *testing.T, s RiskStore) {
	ctx, d := context.Background(), NewDesk(341)
	b := risk.Block{ID: d.ID(id.Block), Kind: risk.BlockBIN, Value: "411111", Label: "411111", Reason: "시험", CreatedAt: d.Now, CreatedBy: "usr_1"}
	must(t, s.Risk.InsertBlock(ctx, b, d.record("block", b.ID)))
	twin := b
	twin.ID = d.ID(id.Block)
	if err := s.Risk.InsertBlock(ctx, twin, d.record("block", b.ID)); !errors.Is(err, risk.ErrBlocked) {
		t.Errorf("twice: %v", err)
	}
	for name, c := range map[string]struct {
		marks map[risk.BlockKind][]string
		want  bool
	}{
		"its value": {map[risk.BlockKind][]string{risk.BlockBIN: {"400000", "411111"}}, true}, "another": {map[risk.BlockKind][]string{risk.BlockBIN: {"400000"}}, false},
		"of another kind": {map[risk.BlockKind][]string{risk.BlockPhone: {"411111"}}, false}, "nothing": {nil, false},
	} {
		if got, ok, err := s.Risk.Blocked(ctx, d.Now, c.marks); err != nil || ok != c.want || ok && got.ID != b.ID {
			t.Errorf("%s: %v %v %v", name, got, ok, err)
		}
	}
	for text, want := range map[string]int{"": 1, "4111": 1, "시험": 1, "4112": 0, "%": 0} {
		if rows, err := s.Risk.Blocks(ctx, risk.BlockFilter{Text: text}, 10); err != nil || len(rows) != want {
			t.Errorf("search for %q: %+v %v", text, rows, err)
		}
	}
	must(t, s.Risk.DeleteBlock(ctx, b.ID, d.record("block", b.ID)))
	if err := s.Risk.DeleteBlock(ctx, b.ID, d.record("block", b.ID)); !errors.Is(err, risk.ErrNotFound) {
		t.Errorf("lifted twice: %v", err)
	}
	blockEnds(t, s, d, b)
}

// blockEnds: a block holds until its end, stands in the list after it, and makes way then.
func blockEnds(t *testing.T, s RiskStore, d *Desk, b risk.Block) {
	t.Helper()
	ctx := context.Background()
	b.ID, b.Until = d.ID(id.Block), d.Now.Add(time.Hour)
	must(t, s.Risk.InsertBlock(ctx, b, d.record("block", b.ID)))
	marks := map[risk.BlockKind][]string{risk.BlockBIN: {b.Value}}
	for name, c := range map[string]struct {
		at   time.Time
		want bool
	}{"before": {b.Until.Add(-time.Microsecond), true}, "at its end": {b.Until, false}} {
		got, ok, err := s.Risk.Blocked(ctx, c.at, marks)
		if err != nil || ok != c.want || ok && !got.Until.Equal(b.Until) {
			t.Errorf("%s: %+v %v %v", name, got, ok, err)
		}
		_, kinds, err := s.Risk.Book(ctx, c.at)
		if err != nil || (len(kinds) == 1) != c.want {
			t.Errorf("kinds %s: %v %v", name, kinds, err)
		}
	}
	next := b
	next.ID, next.CreatedAt = d.ID(id.Block), b.Until.Add(-time.Microsecond)
	if err := s.Risk.InsertBlock(ctx, next, d.record("block", next.ID)); !errors.Is(err, risk.ErrBlocked) {
		t.Errorf("again while it holds: %v", err)
	}
	next.CreatedAt, next.Until = b.Until, time.Time{}
	must(t, s.Risk.InsertBlock(ctx, next, d.record("block", next.ID)))
	rows, err := s.Risk.Blocks(ctx, risk.BlockFilter{}, 10)
	if err != nil || len(rows) != 1 || rows[0].ID != next.ID || !rows[0].Until.IsZero() {
		t.Errorf("%+v %v", rows, err)
	}
}

func riskSales(t *testing.T, s RiskStore) {
	ctx := context.Background()
	desks, ins := sold(t, DeskStore{Payments: s.Payments, Merchants: s.Merchants}, 9)
	for name, c := range map[string]struct {
		merchant string
		want     int
	}{"all": {"", 9}, "one": {desks[1].Merchant, 4}} {
		var got []risk.Sale
		must(t, s.Risk.Sales(ctx, c.merchant, Start.Add(-time.Hour), ins[8].Payment.RequestedAt.Add(time.Hour), func(one risk.Sale) error {
			got = append(got, one)
			return nil
		}))
		for i, one := range got {
			if i > 0 && one.At.Before(got[i-1].At) || one.Amount != 55_000 || one.Declined || one.Exact || one.Card != "411111*1111" {
				t.Errorf("%s: %+v", name, one)
			}
		}
		if len(got) != c.want {
			t.Errorf("%s: %d", name, len(got))
		}
	}
	stop := errors.New("stop")
	if err := s.Risk.Sales(ctx, "", Start.Add(-time.Hour), Start.Add(24*time.Hour), func(risk.Sale) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

func riskReviews(t *testing.T, s RiskStore) {
	ctx, d := context.Background(), NewDesk(361)
	opened(t, s.Merchants, d)
	r := risk.Review{MerchantID: d.Merchant, ID: d.ID(id.Review), Action: risk.Refuse, RuleID: "rul_1", Name: "시험", PaymentID: "pay_1", Amount: 5, At: d.Now, BIN: "411111", Last4: "1111"}
	must(t, s.Risk.Note(ctx, r, d.record("risk.refuse", r.ID)))
	count := func(f risk.ReviewFilter) int {
		t.Helper()
		rows, err := s.Risk.Reviews(ctx, f, 10)
		must(t, err)
		return len(rows)
	}
	if a, b, c, e := count(risk.ReviewFilter{}), count(risk.ReviewFilter{Open: true}), count(risk.ReviewFilter{RuleID: "rul_2"}), count(risk.ReviewFilter{MerchantID: d.Merchant, Action: risk.Refuse}); a != 1 || b != 1 || c != 0 || e != 1 {
		t.Errorf("%d %d %d %d", a, b, c, e)
	}
	r.ReviewedAt, r.ReviewedBy, r.Note = d.Now, "usr_1", "봤어요"
	must(t, s.Risk.Reviewed(ctx, r, d.record("risk.reviewed", r.ID)))
	if count(risk.ReviewFilter{Open: true}) != 0 {
		t.Error("still open")
	}
	r.ID = "rvw_none"
	if err := s.Risk.Reviewed(ctx, r, d.record("risk.reviewed", r.ID)); !errors.Is(err, risk.ErrNotFound) {
		t.Errorf("%v", err)
	}
}
