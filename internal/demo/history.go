package demo

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// dice is a small deterministic source for the seeded month: what it throws follows
// from the installation's keys, so a demo is the same after every start. It decides
// nothing secret (SplitMix64).
type dice struct{ state uint64 }

func newDice(seed []byte) *dice { return &dice{binary.BigEndian.Uint64(seed)} }

func (d *dice) roll(n int) int {
	d.state += 0x9e3779b97f4a7c15
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n)) //nolint:gosec // n is small and positive
}

// month is the past of one shop, to be played through the core with a clock that
// stands where each payment happened.
type month struct {
	shop     shop
	tenant   merchant.Tenant
	staff    []string // user ids
	password string   // cancel password
	payments *payment.Service
	clock    *clock.Fake
	cards    []Card
	dice     *dice
	prefix   string // of order ids, from the keys
}

// sale is one planned payment.
type sale struct {
	at    time.Time
	n     int
	items []payment.Item
}

const (
	monthDays    = 30
	mostPayments = 240 // of one shop: two shops stay under the 500 that keep the start quick
)

// play makes the payments and cancels of the days before now, oldest first.
func (m *month) play(ctx context.Context, now time.Time) error {
	n := 0
	for day := monthDays; day >= 0; day-- {
		start := clock.DayOf(now).Start().AddDate(0, 0, -day)
		for at := start.Add(9*time.Hour + time.Duration(m.dice.roll(40))*time.Minute); n < mostPayments; n++ {
			if at.After(start.Add(21*time.Hour)) || !at.Before(now.Add(-time.Hour)) {
				break
			}
			if err := m.sell(ctx, sale{at, n, m.basket()}); err != nil {
				return fmt.Errorf("demo: %s: seeded payment %d: %w", m.shop.key, n, err)
			}
			at = at.Add(time.Duration(45+m.dice.roll(120)) * time.Minute)
		}
	}
	return nil
}

// basket picks one to three products.
func (m *month) basket() []payment.Item {
	var items []payment.Item
	for range 1 + m.dice.roll(3) {
		c := m.shop.categories[m.dice.roll(len(m.shop.categories))]
		p := c.products[m.dice.roll(len(c.products))]
		items = append(items, payment.Item{Name: p.name, UnitPrice: p.price, Quantity: int64(1 + m.dice.roll(3)), TaxFree: p.taxFree})
	}
	return items
}

func (m *month) sell(ctx context.Context, s sale) error {
	m.clock.Set(s.at.Add(time.Duration(m.dice.roll(50_000)) * time.Millisecond))
	cmd, err := m.command(s)
	if err != nil {
		return err
	}
	r, err := m.payments.PayByCard(ctx, cmd)
	if errors.Is(err, payment.ErrKeyReused) || errors.Is(err, payment.ErrInProgress) {
		return nil // made by a start that died in the middle
	}
	if err != nil {
		return err
	}
	if r.Payment.Status != payment.Done || m.dice.roll(12) != 0 {
		return nil
	}
	return m.takeBack(ctx, r.Payment)
}

// command is the sale as the seller's app would send it.
func (m *month) command(s sale) (payment.Create, error) {
	in := m.cards[m.dice.roll(len(m.cards))]
	pan, err := card.ParsePAN(in.Number)
	if err != nil {
		return payment.Create{}, err
	}
	expiry, err := card.ParseExpiry(in.ExpiryMonth, in.ExpiryYear)
	if err != nil {
		return payment.Create{}, err
	}
	var amount money.Won
	for _, it := range s.items {
		amount += it.UnitPrice * money.Won(it.Quantity)
	}
	name := s.items[0].Name
	if more := len(s.items) - 1; more > 0 {
		name = fmt.Sprintf("%s 외 %d건", name, more)
	}
	months := 0
	if amount >= 60_000 {
		months = []int{0, 2, 3}[m.dice.roll(3)]
	}
	cmd := payment.Create{
		Tenant: m.tenant, Actor: m.staff[m.dice.roll(len(m.staff))], Channel: payment.ChannelCard,
		Key: fmt.Sprintf("%s-%d", m.prefix, s.n), OrderID: fmt.Sprintf("%s-%04d", m.prefix, s.n), OrderName: name,
		Amount: amount, Items: s.items, InstallmentMonths: months, Signature: signature,
		Card: acquirer.Card{
			Entry: acquirer.KeyIn, PAN: pan, Expiry: expiry,
			BirthOrBusinessNumber: card.NewSecret(in.BirthOrBusinessNumber), PasswordTwoDigits: card.NewSecret(in.PasswordTwoDigits),
		},
	}
	if m.dice.roll(3) == 0 {
		buyers := Buyers()
		b := buyers[m.dice.roll(len(buyers))]
		cmd.Buyer = payment.Buyer{Name: b.Name, Phone: b.Phone}
	}
	return cmd, nil
}

// takeBack cancels a sale wholly or in part, some minutes after it.
func (m *month) takeBack(ctx context.Context, p payment.Payment) error {
	m.clock.Advance(time.Duration(3+m.dice.roll(30)) * time.Minute)
	cmd := payment.CancelCommand{
		Tenant: m.tenant, Actor: m.staff[0], PaymentID: p.ID, Key: "cancel-" + p.OrderID,
		Reason: []string{"고객 변심", "상품 변경", "금액 오류"}[m.dice.roll(3)], CancelPassword: m.password,
	}
	if part := p.Split.Amount / 1000 / 2 * 1000; part > 0 && m.dice.roll(3) == 0 {
		cmd.Amount = &part
	}
	_, err := m.payments.Cancel(ctx, cmd)
	return err
}

// signature is a short stroke, as the pad would send it.
var signature = []byte(`{"strokes":[[[12,60,0],[30,28,16],[52,70,33],[74,30,50],[98,66,66],[122,40,83]],[[40,52,140],[110,50,190]]]}`)
