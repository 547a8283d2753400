package storetest

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/catalog"
	"innopay/internal/catalog/picture"
	"innopay/internal/merchant"
)

func productPictures(t *testing.T, s catalog.Store) {
	d, other := NewDesk(211), NewDesk(212)
	p := product(d, "물", 1)
	add(t, s, p)
	// Every byte there is, and what an engine could take for a number.
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	first := picture.Pair{Large: every, Small: []byte("12345")}
	read := func(tenant merchant.Tenant, size catalog.Size) []byte {
		t.Helper()
		b, err := s.Picture(t.Context(), tenant, p.ID, size)
		if err != nil && !errors.Is(err, catalog.ErrAbsent) {
			t.Fatal(err)
		}
		return b
	}
	if got := read(d.Tenant(), catalog.Large); got != nil {
		t.Errorf("a picture before there is one: %x", got)
	}
	p.Picture, p.Version = 2, 2
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error {
		return errors.Join(tx.PutPicture(ctx, d.Tenant(), p.ID, first), tx.UpdateProduct(ctx, p))
	})
	if !bytes.Equal(read(d.Tenant(), catalog.Large), first.Large) || !bytes.Equal(read(d.Tenant(), catalog.Small), first.Small) {
		t.Error("another picture than was put")
	}
	if got := read(other.Tenant(), catalog.Large); got != nil {
		t.Errorf("another merchant sees %x", got)
	}
	got, err := s.Product(t.Context(), d.Tenant(), p.ID)
	if diff := cmp.Diff(p, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	second := picture.Pair{Large: []byte{0xff}, Small: []byte{0}}
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error { return tx.PutPicture(ctx, d.Tenant(), p.ID, second) })
	if !bytes.Equal(read(d.Tenant(), catalog.Small), second.Small) {
		t.Error("the picture was not replaced")
	}
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error { return tx.DropPicture(ctx, other.Tenant(), p.ID) })
	if read(d.Tenant(), catalog.Large) == nil {
		t.Error("another merchant dropped it")
	}
	change(t, s, nil, func(ctx context.Context, tx catalog.Tx) error { return tx.DeleteProduct(ctx, d.Tenant(), p.ID, 2) })
	if got := read(d.Tenant(), catalog.Large); got != nil {
		t.Errorf("the product is gone, its picture is not: %x", got)
	}
}

func productCount(t *testing.T, s catalog.Store) {
	d, other := NewDesk(213), NewDesk(214)
	count := func(desk *Desk) [2]int64 {
		t.Helper()
		n, last, err := s.CountProducts(t.Context(), desk.Tenant())
		if err != nil {
			t.Fatal(err)
		}
		return [2]int64{int64(n), last}
	}
	if got := count(d); got != [2]int64{0, -1} {
		t.Errorf("without any: %v", got)
	}
	add(t, s, product(d, "물", 7), product(d, "차", 3), product(other, "물", 99))
	if got := count(d); got != [2]int64{2, 7} {
		t.Errorf("of two: %v", got)
	}
}

func stockMoves(t *testing.T, s catalog.Store) {
	d, other := NewDesk(215), NewDesk(216)
	m := catalog.Move{
		MerchantID: d.Merchant, PaymentID: d.ID(id.Payment), CreatedAt: d.Now,
		Lines: []catalog.Line{{ProductID: d.ID(id.Product), Taken: 3}, {ProductID: d.ID(id.Product), Short: 2}},
	}
	if _, err := s.Move(t.Context(), d.Tenant(), m.PaymentID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("before it: %v", err)
	}
	insert := func(ctx context.Context, tx catalog.Tx) error { return tx.InsertMove(ctx, m) }
	change(t, s, nil, insert)
	change(t, s, catalog.ErrTaken, insert)
	got, err := s.Move(t.Context(), d.Tenant(), m.PaymentID)
	if diff := cmp.Diff(m, got, sameMoment); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	give := func(desk *Desk) func(context.Context, catalog.Tx) error {
		return func(ctx context.Context, tx catalog.Tx) error { return tx.ReturnMove(ctx, desk.Tenant(), m.PaymentID) }
	}
	change(t, s, catalog.ErrStale, give(other))
	change(t, s, nil, give(d))
	change(t, s, catalog.ErrStale, give(d))
	if got, err := s.Move(t.Context(), d.Tenant(), m.PaymentID); err != nil || !got.Returned {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.Move(t.Context(), other.Tenant(), m.PaymentID); !errors.Is(err, catalog.ErrAbsent) {
		t.Errorf("another merchant's: %v", err)
	}
}

// oneTakes has many sales of the last pieces at once: what is taken and what is left is
// what there was.
func oneTakes(t *testing.T, s catalog.Store) {
	d := NewDesk(217)
	p := product(d, "물", 1)
	left := int64(5)
	p.Stock = &left
	add(t, s, p)
	service := &catalog.Service{Store: s, Clock: clock.NewFake(d.Now), IDs: d.ids}
	const sales = 8
	payments := make([]string, sales)
	for i := range payments {
		payments[i] = d.ID(id.Payment)
	}
	var all sync.WaitGroup
	for i := range 2 * sales { // each is told twice at once
		all.Go(func() {
			if _, err := service.Sold(t.Context(), d.Tenant(), payments[i/2], map[string]int64{p.ID: 1}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	taken, short := int64(0), int64(0)
	for _, paymentID := range payments {
		m, err := s.Move(t.Context(), d.Tenant(), paymentID)
		if err != nil || len(m.Lines) != 1 {
			t.Fatal(m, err)
		}
		taken, short = taken+m.Lines[0].Taken, short+m.Lines[0].Short
	}
	now, err := s.Product(t.Context(), d.Tenant(), p.ID)
	if err != nil || *now.Stock != 0 || taken != 5 || short != sales-5 || now.Available() {
		t.Errorf("%d taken, %d short, %v left, %v", taken, short, *now.Stock, err)
	}
}
