package catalog_test

import (
	"context"
	"sync/atomic"
	"testing"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
)

// outrun hides a payment's move once: another instance keeps it between our look and our
// writing.
type outrun struct {
	catalog.Store
	hidden atomic.Bool
}

func (o *outrun) Tx(ctx context.Context, fn func(ctx context.Context, tx catalog.Tx) error) error {
	return o.Store.Tx(ctx, func(ctx context.Context, tx catalog.Tx) error { return fn(ctx, late{tx, o}) })
}

type late struct {
	catalog.Tx
	o *outrun
}

func (l late) Move(ctx context.Context, t merchant.Tenant, paymentID string) (catalog.Move, error) {
	if l.o.hidden.CompareAndSwap(true, false) {
		return catalog.Move{}, catalog.ErrAbsent
	}
	return l.Tx.Move(ctx, t, paymentID)
}

// TestStockIsRightWhenAnotherInstanceWasFaster: what it took is given back, and nothing
// is taken twice.
func TestStockIsRightWhenAnotherInstanceWasFaster(t *testing.T) {
	t.Parallel()
	s := newService(t)
	o := &outrun{Store: s.Store}
	s.Store = o
	five := int64(5)
	milk := latte()
	milk.Stock = &five
	p, err := s.AddProduct(t.Context(), taxed, "usr_1", milk)
	if err != nil {
		t.Fatal(err)
	}
	stock := func() int64 {
		now, err := s.Product(t.Context(), taxed, p.ID)
		if err != nil || now.Stock == nil {
			t.Fatalf("%+v %v", now, err)
		}
		return *now.Stock
	}
	for range 2 {
		if _, err := s.Sold(t.Context(), taxed, "pay_1", map[string]int64{p.ID: 2}); err != nil {
			t.Fatal(err)
		}
		o.hidden.Store(true)
	}
	if got := stock(); got != 3 {
		t.Errorf("%d are left of five", got)
	}
	if err := s.Returned(t.Context(), taxed, "pay_1"); err != nil {
		t.Fatal(err)
	}
	if got := stock(); got != 5 {
		t.Errorf("%d after all was given back", got)
	}
}
