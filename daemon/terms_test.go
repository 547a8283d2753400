package daemon_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/daemon"
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
