package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/sales"
	"innopay/internal/store"
	"innopay/internal/store/storetest"
	"innopay/internal/taxreceipt"
	"innopay/money"
)

// dice throws what follows from a seed (SplitMix64).
type dice struct{ state uint64 }

// IntN is 0 to n-1.
func (d *dice) IntN(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n)) //nolint:gosec // n is small and positive
}

// counter sells at random over some days, also over midnight.
type counter struct {
	*shop
	dice dice
	open []payment.Payment // something can be cancelled of them
}

func (c *counter) split(t *testing.T) (money.Split, []payment.Item) {
	t.Helper()
	fee := money.Won(c.dice.IntN(3) * 500)
	var items []payment.Item
	sum := fee
	for i := range c.dice.IntN(4) {
		price := money.Won(1_000 + c.dice.IntN(90)*100)
		items = append(items, payment.Item{ProductID: []string{"", "prd_1", "prd_2"}[c.dice.IntN(3)], Name: fmt.Sprint("상품 ", i), UnitPrice: price, Quantity: int64(1 + c.dice.IntN(3))})
		sum += price * money.Won(items[i].Quantity)
	}
	if len(items) == 0 {
		sum += money.Won(100 + c.dice.IntN(99_000))
	}
	split, err := money.SplitOf(sum, money.Won(c.dice.IntN(int(sum-fee)+1)), fee, money.Nearest)
	ok(t, err)
	return split, items
}

func (c *counter) sellOne(t *testing.T) {
	t.Helper()
	split, items := c.split(t)
	dress := func(p *payment.Payment) {
		p.Split, p.Balance, p.Items = split, split, items
		p.StaffID = []string{"usr_1", "usr_2", ""}[c.dice.IntN(3)]
	}
	if c.dice.IntN(3) == 0 {
		p := c.Cash()
		dress(&p)
		if c.dice.IntN(2) == 0 { // it waited on a device, and is of the day on which it arrived
			p.ApprovedAt = p.ApprovedAt.Add(-time.Duration(1+c.dice.IntN(180)) * time.Minute)
		}
		ok(t, c.db.ReceiptTx(context.Background(), func(ctx context.Context, tx taxreceipt.Tx) error {
			return errors.Join(tx.InsertPayment(ctx, p),
				tx.Post(ctx, ledger.Entry(p.MerchantID, p.ID, p.ID, ledger.Takings, ledger.Cash, p.Split.Amount, c.Now)),
				tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: c.ID(id.Audit), At: c.Now, Action: "payment.cash", Subject: p.ID}))
		}))
		c.open = append(c.open, p)
		return
	}
	in := c.Intent()
	dress(&in.Payment)
	in.Payment.Channel = []payment.Channel{payment.ChannelCard, payment.ChannelSMS, payment.ChannelARS}[c.dice.IntN(3)]
	in.Payment.Card.IssuerCode = []string{"11", "31", ""}[c.dice.IntN(3)]
	ok(t, c.db.CommitIntents(context.Background(), []payment.Intent{in})[0])
	if c.dice.IntN(8) == 0 { // declines and unknown outcomes are no sales
		out := c.Declined(in)
		if c.dice.IntN(2) == 0 {
			out = c.Unknown(in)
		}
		ok(t, c.db.CommitOutcomes(context.Background(), []payment.Outcome{out})[0])
		return
	}
	c.Now = c.Now.Add(time.Duration(c.dice.IntN(90)) * time.Minute) // a link that is paid later, perhaps tomorrow
	out := c.Approved(in)
	ok(t, c.db.CommitOutcomes(context.Background(), []payment.Outcome{out})[0])
	c.open = append(c.open, out.Payment)
}

// takeBack cancels a part, or all that is left, of a sale of any day.
func (c *counter) takeBack(t *testing.T) {
	t.Helper()
	if len(c.open) == 0 {
		return
	}
	i := c.dice.IntN(len(c.open))
	p := c.open[i]
	amount := p.Balance.Amount
	if c.dice.IntN(3) > 0 {
		amount = 1 + money.Won(c.dice.IntN(int(amount)))
	}
	part, err := p.Balance.Part(amount, -1, p.Rounding)
	ok(t, err)
	q, one := c.Cancel(p, part)
	q.Status = payment.PartialCanceled
	if q.Balance.Amount == 0 {
		q.Status = payment.Canceled
	}
	one.Status, one.CanceledAt = payment.CancelDone, c.Now
	account := ledger.AcquirerReceivable
	if p.Method == payment.ByCash {
		account = ledger.Cash
	}
	ok(t, c.db.Tx(context.Background(), func(ctx context.Context, tx payment.Tx) error {
		return errors.Join(tx.UpdatePayment(ctx, q), tx.InsertCancel(ctx, one),
			tx.Post(ctx, ledger.Entry(p.MerchantID, one.ID, p.ID, ledger.Cancel, account, -amount, c.Now)),
			tx.Record(ctx, audit.Record{MerchantID: p.MerchantID, ID: c.ID(id.Audit), At: c.Now, Action: "payment.canceled", Subject: p.ID}))
	}))
	if c.open[i] = q; q.Balance.Amount == 0 {
		c.open = append(c.open[:i], c.open[i+1:]...)
	}
}

// TestSalesEqualTheLedger holds every report against the sums of the postings, day by
// day and as a whole, before and after the totals of past days were kept, on histories in
// which sales and cancels cross midnight.
func TestSalesEqualTheLedger(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx, s := context.Background(), newShop(t, o)
		for seed := range uint64(5) {
			c := &counter{shop: s, dice: dice{seed}}
			s.Desk = storetest.NewDesk(900 + seed)
			first := clock.DayOf(s.Now)
			for range 40 {
				s.Now = s.Now.Add(time.Duration(c.dice.IntN(300)) * time.Minute)
				if c.dice.IntN(3) == 0 {
					c.takeBack(t)
				} else {
					c.sellOne(t)
				}
			}
			s.clock.Set(s.Now)
			service := sales.New(sales.Options{Store: s.db, Clock: s.clock, Contracts: agreed{}, Calendar: bankDays})
			all := sales.Days{From: first, To: clock.DayOf(s.Now)}
			holdAll(t, s, service, all)
			holdPayouts(t, s, service, all)
			roller := &sales.Roller{Store: s.db, Clock: s.clock}
			middle := clock.DayOf(s.Now.AddDate(0, 0, -2))
			ok(t, roller.Merchant(ctx, s.Tenant(), middle))
			if through, err := s.db.Rolled(ctx, s.Tenant()); err != nil || through != middle {
				t.Fatalf("kept through %q, want %q: %v", through, middle, err)
			}
			holdAll(t, s, service, all)
			ok(t, roller.Merchant(ctx, s.Tenant(), clock.DayOf(s.Now.AddDate(0, 0, -1))))
			holdAll(t, s, service, all)
			holdPayouts(t, s, service, all)
		}
	})
}

// agreed are the terms of a test: two bank days, one percent of fees, less by check card.
type agreed struct{}

func (agreed) Terms(context.Context, merchant.Tenant, clock.Day) (sales.Terms, bool, error) {
	return sales.Terms{Cycle: 2, Fee: func(_, cardType string, amount money.Won) (fee, vat money.Won) {
		rate := money.Won(120)
		if cardType == "CHECK" {
			rate = 80
		}
		fee = amount * rate / 10_000
		return fee, fee / 10
	}}, true, nil
}

var bankDays = func() *sales.Calendar {
	c, err := sales.NewCalendar(nil)
	if err != nil {
		panic(err) // it is built in
	}
	return c
}()

// holdPayouts adds up every payout: before fees it is what the acquirer owes by the
// ledger, to the won, and each is what its days and channels come to.
func holdPayouts(t *testing.T, s *shop, service *sales.Service, all sales.Days) {
	t.Helper()
	ctx := context.Background()
	owed, err := s.db.Numbers(ctx, "select 'owed', cast(coalesce(sum(b.amount), 0) as bigint) from posting b where b.merchant_id = $1 and b.account = 'ACQUIRER_RECEIVABLE'", s.Tenant().ID())
	ok(t, err)
	got, err := service.Settlements(ctx, s.Tenant(), sales.Days{From: all.From, To: clock.DayOf(all.To.Start().AddDate(0, 0, 20))})
	ok(t, err)
	if net := int64(got.Total.Gross - got.Total.Cancels); net != owed["owed"] || got.Uncovered != 0 {
		t.Fatalf("payouts of %d before fees, the acquirer owes %d", net, owed["owed"])
	}
	var sum money.Won
	for _, p := range got.Payouts {
		var days, channels sales.Share
		for _, d := range p.Days {
			days = plus(days, d)
			if bankDays.After(d.Day, 2) != p.Day {
				t.Errorf("sales of %s are paid on %s", d.Day, p.Day)
			}
		}
		for _, c := range p.Channels {
			channels = plus(channels, c)
		}
		if days != p.Share || channels != p.Share || !bankDays.BankDay(p.Day) {
			t.Errorf("%s: %+v, by days %+v, by channels %+v", p.Day, p.Share, days, channels)
		}
		sum += p.Net()
	}
	if sum != got.Total.Net() {
		t.Errorf("payouts of %d, in all %d", sum, got.Total.Net())
	}
}

func plus(a, b sales.Share) sales.Share {
	return sales.Share{Gross: a.Gross + b.Gross, Cancels: a.Cancels + b.Cancels, Fee: a.Fee + b.Fee, FeeVAT: a.FeeVAT + b.FeeVAT}
}

// holdAll asks for the whole range and for every day of it, by everything.
func holdAll(t *testing.T, s *shop, service *sales.Service, all sales.Days) {
	t.Helper()
	hold(t, s, service, all)
	for day := all.From; day <= all.To; day = clock.DayOf(day.End()) {
		hold(t, s, service, sales.Days{From: day, To: day})
	}
}

func hold(t *testing.T, s *shop, service *sales.Service, days sales.Days) {
	t.Helper()
	ctx, t1 := context.Background(), s.Tenant()
	between := "where b.merchant_id = $1 and b.account = 'SALES' and b.day >= $2 and b.day <= $3"
	sums, err := s.db.Numbers(ctx, "select b.event, cast(-sum(b.amount) as bigint) from posting b "+between+" group by b.event", t1.ID(), string(days.From), string(days.To))
	ok(t, err)
	sold, canceled := money.Won(sums["APPROVAL"]+sums["TAKINGS"]), money.Won(-sums["CANCEL"])
	by := map[sales.Grouping]string{
		"DAY": "b.day", "METHOD": "p.channel", "STAFF": "p.staff_id", "ISSUER": "p.issuer_code", "HOUR": "", "PRODUCT": "", sales.ByWeek: "", sales.ByMonth: "",
	}
	for g, column := range by {
		r, err := service.Report(ctx, t1, sales.Query{Days: days, By: g})
		ok(t, err)
		if r.Total.Sold.Amount != sold || r.Total.Canceled.Amount != canceled || !r.Total.Sold.Holds() || !r.Total.Canceled.Holds() {
			t.Fatalf("%s %v: total %+v, the ledger sold %d and took back %d", g, days, r.Total, sold, canceled)
		}
		lines, parts := map[string]int64{}, sales.Sum{}
		for _, l := range r.Lines {
			parts = parts.Plus(l.Sum)
			if net := l.Net().Amount; net != 0 || l.Count+l.CanceledCount > 0 {
				lines[l.Value] = int64(net)
			}
		}
		if g != "ISSUER" && (parts.Sold.Amount != sold || parts.Canceled.Amount != canceled) {
			t.Fatalf("%s %v: the lines come to %d less %d, the ledger to %d less %d", g, days, parts.Sold.Amount, parts.Canceled.Amount, sold, canceled)
		}
		if column == "" {
			continue
		}
		where := between
		if g == "ISSUER" {
			where += " and p.method = 'CARD'"
		}
		want, err := s.db.Numbers(ctx, "select "+column+", cast(-sum(b.amount) as bigint) from posting b join payment p on p.merchant_id = b.merchant_id and p.id = b.payment_id "+
			where+" group by "+column, t1.ID(), string(days.From), string(days.To))
		ok(t, err)
		if !maps.Equal(lines, want) {
			t.Fatalf("%s %v: lines %v, ledger %v", g, days, lines, want)
		}
	}
}

// TestSalesTotalsAreKeptOnce: of two instances one keeps a day, and a day is not counted
// twice.
func TestSalesTotalsAreKeptOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, o store.Options) {
		ctx, s := context.Background(), newShop(t, o)
		tenant := merchant.TenantOf(s.Merchant)
		line := sales.Line{Dimension: sales.ByDay, Day: "2028-02-29", Sum: sales.Sum{Count: 1, Sold: money.Split{Amount: 10, TaxFree: 10}}}
		ok(t, s.db.Roll(ctx, tenant, "", "2028-02-29", []sales.Line{line}))
		line.Day = "2028-03-01"
		for _, was := range []clock.Day{"", "2028-02-28"} {
			if err := s.db.Roll(ctx, tenant, was, "2028-03-01", []sales.Line{line}); !errors.Is(err, sales.ErrTaken) {
				t.Errorf("after %q: %v", was, err)
			}
		}
		ok(t, s.db.Roll(ctx, tenant, "2028-02-29", "2028-03-01", []sales.Line{line}))
		got, err := s.db.Totals(ctx, tenant, sales.ByDay, sales.Days{From: "2028-02-01", To: "2028-03-31"}, false)
		if err != nil || len(got) != 1 || got[0].Count != 2 || got[0].Sold.Amount != 20 {
			t.Errorf("%+v %v", got, err)
		}
		if none, err := s.db.Totals(ctx, merchant.TenantOf("mer_other"), sales.ByDay, sales.Days{From: "2028-02-01", To: "2028-03-31"}, true); err != nil || len(none) != 0 {
			t.Errorf("another merchant: %+v %v", none, err)
		}
	})
}

// TestSalesOfADayAreFoundByAnIndex: nobody's sales are read for another's report.
func TestSalesOfADayAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	plan, err := open(t, onSQLite(t)).LiteSalesPlan(t.Context())
	if err != nil || !strings.Contains(plan, "USING INDEX posting_sales (merchant_id=? AND day>? AND day<?)") || strings.Contains(plan, "SCAN") {
		t.Errorf("%v\n%s", err, plan)
	}
}
