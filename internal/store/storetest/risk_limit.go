package storetest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/risk"
	"innopay/money"
)

// approver is an acquirer that approves whatever arrives.
type approver struct {
	mu sync.Mutex
	n  int
}

func (*approver) Describe() acquirer.Descriptor {
	return acquirer.Descriptor{Name: "test", Timeouts: acquirer.DemoTimeouts(), CancelIdempotent: true, PartialCancel: true, CaptureHour: 23}
}

func (a *approver) Authorize(context.Context, acquirer.Authorization) acquirer.Answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n++
	return acquirer.Answer{Outcome: acquirer.Approved, ApprovalNumber: fmt.Sprintf("%08d", a.n), Code: "00"}
}

func (a *approver) arrived() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.n
}

// Reverse implements acquirer.Acquirer; nothing here is reversed.
func (*approver) Reverse(context.Context, acquirer.Reversal) acquirer.ReversalAnswer {
	return acquirer.ReversalAnswer{}
}

// shopUnder is a merchant with a day limit.
type shopUnder struct {
	payment.Merchants
	perDay money.Won
}

func (s shopUnder) Terms(_ context.Context, t merchant.Tenant) (payment.Terms, error) {
	return payment.Terms{
		Merchant: acquirer.Merchant{ID: t.ID(), MID: "M1", Name: "shop"}, TerminalID: "T1", Adapter: "test", TaxType: money.Mixed,
		Rounding: money.Nearest, MinimumCard: 100, Limits: payment.Limits{PerDay: s.perDay},
	}, nil
}

// shown is a key ring of tests: hashes that show what they were made of.
type shown struct{}

func (shown) BlindIndex(kind, value string) string                   { return kind + "/" + value[len(value)-4:] }
func (shown) MAC(purpose string, _ ...[]byte) (keyID, sum string)    { return "k1", purpose }
func (shown) MACWith(_, purpose string, _ ...[]byte) (string, error) { return purpose, nil }

// till is a shop's counter with both walls: rules against risk and limits of a
// contract, over several instances on one store.
type till struct {
	s         RiskStore
	d         *Desk
	rule      risk.Rule
	host      *approver
	instances []*payment.Service
	mu        sync.Mutex
	presses   int
	passed    int // without a judgement: the database did not answer in time
}

// Write hears what the services log.
func (c *till) Write(line []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if bytes.Contains(line, []byte("was not judged")) || bytes.Contains(line, []byte("not corrected")) {
		c.passed++
	}
	return len(line), nil
}

const tillAmount money.Won = 10_000

// newTill allows so many payments of one card by a rule, and so many of a day by the
// contract.
func newTill(t *testing.T, s RiskStore, seed uint64, byRisk, byContract int) *till {
	ctx, d := context.Background(), NewDesk(seed)
	c := &till{s: s, d: d, host: &approver{}, rule: velocity(d, int64(byRisk))}
	c.rule.MerchantID, c.rule.Kind = d.Merchant, risk.MerchantVelocity
	if ok, err := s.Risk.InsertRule(ctx, c.rule, d.record("rule", c.rule.ID)); err != nil || !ok {
		t.Fatalf("rule: %v %v", ok, err)
	}
	quiet := slog.New(slog.NewTextHandler(c, nil))
	for i := range 2 {
		now := clock.NewFake(Start)
		c.instances = append(c.instances, payment.New(payment.Options{
			Store: s.Payments, Merchants: shopUnder{perDay: tillAmount * money.Won(byContract)}, Acquirers: map[string]acquirer.Acquirer{"test": c.host},
			Hasher: shown{}, Issuers: func(card.PAN) (string, bool) { return "11", true }, Render: func(payment.Payment) ([]byte, error) { return []byte("{}"), nil },
			Clock: now, IDs: id.NewSource(nil), Log: quiet, Owner: fmt.Sprint("instance-", i),
			Guard: risk.New(risk.Options{Store: s.Risk, Keys: shown{}, Clock: now, IDs: id.NewSource(nil), Log: quiet}),
		}))
	}
	return c
}

// press takes one payment and tells its code; empty when it was approved.
func (c *till) press(t *testing.T) string {
	c.mu.Lock()
	c.presses++
	n := c.presses
	c.mu.Unlock()
	pan, err := card.ParsePAN("4111111111111111")
	if err != nil {
		t.Fatalf("%v", err)
	}
	expiry, err := card.ParseExpiry("12", "30")
	if err != nil {
		t.Fatalf("%v", err)
	}
	order := fmt.Sprintf("%s-%d", c.d.Merchant, n)
	res, err := c.instances[n%len(c.instances)].PayByCard(context.Background(), payment.Create{
		Tenant: c.d.Tenant(), Actor: "usr_1", Channel: payment.ChannelCard, Key: order, TraceID: "trc", OrderID: order, OrderName: "커피",
		Amount: tillAmount, Card: acquirer.Card{Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry},
	})
	if err == nil && res.Payment.Status != payment.Done {
		t.Errorf("press %d is %s", n, res.Payment.Status)
	}
	if err == nil {
		return ""
	}
	return fault.CodeOf(err)
}

// wantTaken holds the acquirer, the contract's sum and the rule's count against what was
// taken: what one wall refused has used nothing of the other.
func (c *till) wantTaken(t *testing.T, n int) {
	sum, err := c.s.Payments.LimitSum(context.Background(), c.d.Tenant(), clock.DayOf(Start), clock.DayOf(Start))
	if err != nil || sum != tillAmount*money.Won(n) {
		t.Errorf("the contract counts %s, %d payments were taken: %v", sum, n, err)
	}
	if got := c.host.arrived(); got != n {
		t.Errorf("%d messages left, want %d", got, n)
	}
	// The rule's count is seen by how many more it would let pass.
	left := int(c.rule.MostCount) - n
	look := useOf(c.rule, c.d.Merchant, Start)
	look.Slice, look.Count, look.Amount = Start.Truncate(c.rule.Window/12), 1, tillAmount
	for i := range left + 1 {
		broken, err := c.s.Risk.Take(context.Background(), []risk.Use{look}, risk.Card{})
		if err != nil || (broken != nil) != (i == left) {
			t.Errorf("after %d payments the rule of %d lets %d more pass: %v", n, c.rule.MostCount, i, err)
			return
		}
	}
}

// wallsMeet has both walls refuse and let pass in every combination.
func wallsMeet(t *testing.T, s RiskStore) {
	for i, c := range []struct {
		name           string
		risk, contract int
		taken          int
		after          string // code of the press after them
	}{
		{"both let pass", 3, 3, 2, ""},
		{"the rule refuses", 2, 9, 2, "RISK_REFUSED"},
		{"the contract refuses", 9, 2, 2, "DAY_LIMIT"},
		{"both refuse: the rule is asked first", 2, 2, 2, "RISK_REFUSED"},
	} {
		at := newTill(t, s, uint64(1400+i), c.risk, c.contract)
		for range c.taken {
			if code := at.press(t); code != "" {
				t.Errorf("%s: %s", c.name, code)
			}
		}
		for range 3 { // what is refused stays so, and takes nothing however often it is tried
			code := at.press(t)
			if code != c.after {
				t.Errorf("%s: the press after is told %q", c.name, code)
			}
			if code == "" {
				c.taken++
				break
			}
		}
		at.wantTaken(t, c.taken)
		must(t, s.Risk.DeleteRule(context.Background(), risk.Rule{ID: at.rule.ID, Version: 2}, at.d.record("rule", at.rule.ID)))
	}
}

// raceRounds is how many pairs of walls are raced against.
const raceRounds = 12

// wallsRace presses at once on two instances, with walls of any height: as many are taken
// as the lower one allows, and in the end both have counted these and no others. Who is
// turned away because the database was too busy was not taken and is not counted.
func wallsRace(t *testing.T, s RiskStore) {
	for round := range raceRounds {
		byRisk, byContract := rapid.IntRange(1, 6).Example(3*round), rapid.IntRange(1, 6).Example(3*round+1)
		presses := rapid.IntRange(2, 10).Example(3*round + 2)
		c := newTill(t, s, uint64(1500+round), byRisk, byContract)
		var all sync.WaitGroup
		codes := make([]string, presses)
		for i := range presses {
			all.Go(func() { codes[i] = c.press(t) })
		}
		all.Wait()
		taken, busy := 0, 0
		for _, code := range codes {
			switch code {
			case "":
				taken++
			case "RISK_REFUSED", "DAY_LIMIT":
			case "OVERLOADED", "UNAVAILABLE":
				busy++
			default:
				t.Errorf("told %s", code)
			}
		}
		switch want := min(byRisk, byContract, presses); {
		case c.passed > 0: // some were not judged, which is logged as an alarm: the contract alone bounds them
			if taken > byContract {
				t.Errorf("%d were taken of %d", taken, byContract)
			}
		case taken > want || taken < want-busy:
			t.Errorf("walls of %d and %d: %d were taken, want %d: %v", byRisk, byContract, taken, want, codes)
		default:
			c.wantTaken(t, taken)
		}
		must(t, s.Risk.DeleteRule(context.Background(), risk.Rule{ID: c.rule.ID, Version: 2}, c.d.record("rule", c.rule.ID)))
	}
}
