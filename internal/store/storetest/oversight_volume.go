package storetest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/oversight"
	"innopay/internal/payment"
)

// deskVolume: a cash sale, an approved, a declined, an unknown and a partly canceled
// payment of one merchant, an approved one of another, each where it was begun.
func deskVolume(t *testing.T, s DeskStore) {
	ctx := context.Background()
	one, two := NewDesk(251), NewDesk(252)
	opened(t, s.Merchants, one)
	opened(t, s.Merchants, two)
	must(t, s.Payments.Tx(ctx, func(ctx context.Context, tx payment.Tx) error { return tx.InsertPayment(ctx, one.Cash()) }))
	outcome := func(d *Desk, hours int, made func(payment.Intent) payment.Outcome) payment.Payment {
		d.Now = Start.Add(time.Duration(hours) * time.Hour)
		in := d.Intent()
		commit(t, s.Payments, in)
		out := made(in)
		settle(t, s.Payments, out)
		return out.Payment
	}
	outcome(one, 1, one.Declined)
	outcome(one, 1, one.Unknown)
	half := outcome(one, 1, one.Approved)
	part := half.Split
	part.Amount, part.Supplied, part.VAT, part.TaxFree = 11_000, 0, 0, 11_000
	p, c := one.Cancel(half, part)
	p.Status = payment.PartialCanceled
	must(t, s.Payments.Tx(ctx, func(ctx context.Context, tx payment.Tx) error {
		if err := tx.UpdatePayment(ctx, p); err != nil {
			return err
		}
		return tx.InsertCancel(ctx, c)
	}))
	outcome(two, 13, two.Approved)  // eleven at night in Seoul
	outcome(one, 14, one.Approved)  // midnight: the next day
	outcome(one, -11, one.Declined) // the day before
	want := func(cells ...string) []string { return cells }
	for name, c := range map[string]struct {
		t    merchant.Tenant
		day  clock.Day
		want []string
	}{
		"of all": {merchant.TenantOf(""), "2028-02-29", want(
			"10 CASH SOLD 1 55000 55000", "11 CARD DECLINED 1 55000 55000", "11 CARD OPEN 1 55000 55000", "11 CARD SOLD 1 55000 44000", "23 CARD SOLD 1 55000 55000")},
		"of the other":   {two.Tenant(), "2028-02-29", want("23 CARD SOLD 1 55000 55000")},
		"the next day":   {merchant.TenantOf(""), "2028-03-01", want("0 CARD SOLD 1 55000 55000")},
		"the day before": {one.Tenant(), "2028-02-28", want("23 CARD DECLINED 1 55000 55000")},
		"without sales":  {merchant.TenantOf(""), "2028-02-27", want()},
		"of nobody":      {merchant.TenantOf("mer_none"), "2028-02-29", want()},
	} {
		cells, err := s.Desk.Volume(ctx, c.t, c.day)
		must(t, err)
		slices.SortFunc(cells, func(a, b oversight.VolumeCell) int {
			return cmp.Or(cmp.Compare(a.Hour, b.Hour), cmp.Compare(a.State, b.State))
		})
		got := make([]string, 0, len(cells))
		for _, x := range cells {
			got = append(got, fmt.Sprint(x.Hour, " ", x.Channel, " ", x.State, " ", x.Count, " ", int64(x.Amount), " ", int64(x.Balance)))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
