package daemon

import (
	"context"
	"errors"
	"sync"
	"time"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/money"
)

// termsAge is how long a merchant's terms are used again without asking the
// database: long enough to keep the hot path free of it, short enough that a
// suspension holds at once for people.
const termsAge = time.Second

// mostTerms bounds the cache; it starts over when it is full.
const mostTerms = 10_000

// terms tells the payment core about merchants. Safe for concurrent use.
type terms struct {
	directory merchant.Directory
	passwords merchant.CancelPasswords
	contracts contracts
	clock     clock.Clock
	// forbidPlainTrack refuses readers that do not encrypt, at every merchant.
	forbidPlainTrack bool

	mu    sync.Mutex
	known map[string]knownTerms
}

type knownTerms struct {
	payment.Terms
	until time.Time
}

// Terms are at most termsAge old.
func (t *terms) Terms(ctx context.Context, tenant merchant.Tenant) (payment.Terms, error) {
	now := t.clock.Now()
	t.mu.Lock()
	k, ok := t.known[tenant.ID()]
	t.mu.Unlock()
	if ok && now.Before(k.until) && now.After(k.until.Add(-2*termsAge)) {
		return k.Terms, nil
	}
	m, err := t.directory.Merchant(ctx, tenant)
	if err != nil {
		return payment.Terms{}, err
	}
	limits, covered, err := t.limits(ctx, tenant, clock.DayOf(now))
	if err != nil {
		return payment.Terms{}, err
	}
	var at merchant.Terminal // none: the merchant takes cash alone
	if len(m.Terminals) > 0 {
		at = m.Terminals[0]
	}
	k = knownTerms{until: now.Add(termsAge), Terms: payment.Terms{
		Merchant:   acquirer.Merchant{ID: m.ID, MID: at.MID, BusinessNumber: m.BusinessNumber, Name: m.Name, MCC: m.MCC},
		TerminalID: at.TID, Adapter: at.Acquirer, TaxType: m.TaxType, Rounding: m.Rounding,
		NeedsBirth: m.AuthLevel != merchant.AuthNone, NeedsPassword: m.AuthLevel == merchant.AuthFull,
		MinimumCard: m.MinCardAmount, SignatureLimit: m.Settings.SignatureLimit, Suspended: !m.TakesMoney() || !covered, Limits: limits,
		ForbidPlainTrack: t.forbidPlainTrack || m.ForbidPlainTrack, ChipFirst: m.ChipFirst,
	}}
	for _, one := range m.Terminals {
		k.Terminals = append(k.Terminals, payment.Terminal{ID: one.TID, MID: one.MID, Adapter: one.Acquirer})
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil || len(t.known) >= mostTerms {
		t.known = map[string]knownTerms{}
	}
	t.known[tenant.ID()] = k
	return k.Terms, nil
}

// contracts reads what a merchant may take on a day, without the account it is paid to:
// that one needs keys, and no payment waits for them.
type contracts interface {
	// ContractOn returns contract.ErrAbsent for a merchant without one, whom nothing bounds.
	ContractOn(ctx context.Context, t merchant.Tenant, day clock.Day) (contract.Row, error)
}

// limits are those of the contract that holds now; covered is false outside of its days.
func (t *terms) limits(ctx context.Context, tenant merchant.Tenant, day clock.Day) (l payment.Limits, covered bool, err error) {
	c, err := t.contracts.ContractOn(ctx, tenant, day)
	if errors.Is(err, contract.ErrAbsent) {
		return payment.Limits{}, true, nil
	}
	if err != nil {
		return payment.Limits{}, false, err
	}
	return payment.Limits{
		PerPayment: c.Limits.PerPayment, PerDay: c.Limits.PerDay, PerMonth: c.Limits.PerMonth, MaxMonths: max(1, c.Limits.MaxMonths),
	}, c.Covers(day), nil
}

// Installment answers from the rules as they are now.
func (t *terms) Installment(ctx context.Context, tenant merchant.Tenant, adapter, issuer string, amount money.Won, months int, day clock.Day) (payment.Installment, error) {
	rules, err := t.directory.Installments(ctx, tenant)
	if err != nil {
		return payment.Installment{}, err
	}
	o := rules.Offer(amount, adapter, issuer, day)
	return payment.Installment{Offered: o.Offers(months), Minimum: o.Minimum, InterestFree: o.FreeOfInterest(months)}, nil
}

// CheckCancelPassword counts and locks.
func (t *terms) CheckCancelPassword(ctx context.Context, tenant merchant.Tenant, password, actor string) error {
	return t.passwords.Check(ctx, tenant, merchant.Password(password), actor)
}
