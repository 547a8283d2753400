package daemon_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/daemon"
	"innopay/internal/contract"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// directory has one merchant, and counts how often it is asked.
type directory struct {
	merchant.Directory
	shop  merchant.Merchant
	asked int
}

func (d *directory) Merchant(context.Context, merchant.Tenant) (merchant.Merchant, error) {
	d.asked++
	return d.shop, nil
}

func TestTermsNameEveryTerminalAndAreYoung(t *testing.T) {
	t.Parallel()
	c := clock.NewFake(time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul))
	d := &directory{shop: merchant.Merchant{ID: "mer_1", Status: merchant.Active, Terminals: []merchant.Terminal{
		{TID: "T0", MID: "M2", Acquirer: "new"}, {TID: "T1", MID: "M1", Acquirer: "old"},
	}}}
	terms := daemon.NewTerms(d, nil, c)
	tenant := merchant.TenantOf("mer_1")
	for range 2 {
		got, err := terms.Terms(t.Context(), tenant)
		if err != nil || got.TerminalID != "T0" || got.Adapter != "new" || got.Suspended {
			t.Fatalf("%+v %v", got, err)
		}
		if diff := cmp.Diff([]payment.Terminal{{ID: "T0", MID: "M2", Adapter: "new"}, {ID: "T1", MID: "M1", Adapter: "old"}}, got.Terminals); diff != "" {
			t.Error(diff)
		}
	}
	if d.asked != 1 {
		t.Errorf("the database was asked %d times within a moment", d.asked)
	}
	d.shop.Terminals = nil
	c.Advance(2 * time.Second)
	// Such a merchant takes cash alone; the core refuses its cards (NO_TERMINAL).
	if got, err := terms.Terms(t.Context(), tenant); err != nil || got.TerminalID != "" || got.Adapter != "" || len(got.Terminals) != 0 {
		t.Errorf("without a terminal: %+v %v", got, err)
	}
}

// paper is one contract, for every merchant and day.
type paper struct{ contract.Row }

func (p paper) ContractOn(context.Context, merchant.Tenant, clock.Day) (contract.Row, error) {
	return p.Row, nil
}

// TestTermsOfAContract: its limits reach the core, and outside of its days no money is taken.
func TestTermsOfAContract(t *testing.T) {
	t.Parallel()
	shop := merchant.Merchant{ID: "mer_1", Status: merchant.Active, Terminals: []merchant.Terminal{{TID: "T0", MID: "M2", Acquirer: "new"}}}
	for _, c := range []struct {
		from, until clock.Day
		status      merchant.Status
		months      int
		longest     int
		suspended   bool
	}{
		{"2026-03-01", "", merchant.Active, 12, 12, false}, {"2026-03-02", "2026-03-02", merchant.Active, 0, 1, false},
		{"2026-03-03", "", merchant.Active, 3, 3, true}, {"2026-01-01", "2026-03-01", merchant.Active, 3, 3, true},
		{"2026-03-01", "", merchant.Review, 12, 12, true}, {"2026-03-01", "", merchant.Suspended, 12, 12, true},
	} {
		shop.Status = c.status
		row := contract.Row{Contract: contract.Contract{
			Version: 1, From: c.from, Until: c.until, Limits: contract.Limits{PerPayment: 1, PerDay: 2, PerMonth: 3, MaxMonths: c.months},
		}}
		terms := daemon.NewContractTerms(&directory{shop: shop}, paper{row}, clock.NewFake(time.Date(2026, 3, 2, 12, 0, 0, 0, clock.Seoul)))
		got, err := terms.Terms(t.Context(), merchant.TenantOf("mer_1"))
		if want := (payment.Limits{PerPayment: 1, PerDay: 2, PerMonth: 3, MaxMonths: c.longest}); err != nil || got.Limits != want || got.Suspended != c.suspended {
			t.Errorf("%+v: %+v %t %v", c, got.Limits, got.Suspended, err)
		}
	}
}
