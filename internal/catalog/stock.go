package catalog

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
)

// Marks are what is switched on a product with one press. nil stays as it is.
type Marks struct {
	SoldOut   *bool
	Favourite *bool
}

// Mark switches marks of a product, whatever else changed of it meanwhile.
func (s *Service) Mark(ctx context.Context, t merchant.Tenant, actor, productID string, m Marks) (Product, error) {
	return s.alter(ctx, t, actor, "product.marked", productID, func(_ context.Context, _ Tx, p *Product) error {
		if m.SoldOut != nil {
			p.SoldOut = *m.SoldOut
		}
		if m.Favourite != nil {
			p.Favourite = *m.Favourite
		}
		return nil
	})
}

// Count says what the stock of a product is: Set after counting it, or Add for goods
// that came or went. Exactly one of them is given.
type Count struct {
	Set *int64 // 0..MaxStock
	Add *int64 // -MaxStock..MaxStock; the stock is never below 0
}

// Restock changes the counted stock of a product; one that was not counted is from now
// on. Sales go on meanwhile, so an Add hangs on nothing that was read.
func (s *Service) Restock(ctx context.Context, t merchant.Tenant, actor, productID string, c Count) (Product, error) {
	switch {
	case (c.Set == nil) == (c.Add == nil):
		return Product{}, fault.InvalidField("/set", "REQUIRED", "재고 수량(set)과 더할 수량(add) 가운데 하나를 보내 주세요.")
	case c.Set != nil && (*c.Set < 0 || *c.Set > MaxStock):
		return Product{}, fault.InvalidField("/set", "OUT_OF_RANGE", "재고는 0개부터 입력할 수 있어요.")
	case c.Add != nil && (*c.Add < -MaxStock || *c.Add > MaxStock):
		return Product{}, fault.InvalidField("/add", "OUT_OF_RANGE", "더하거나 뺄 수량을 다시 확인해 주세요.")
	}
	return s.alter(ctx, t, actor, "product.restocked", productID, func(_ context.Context, _ Tx, p *Product) error {
		next := int64(0)
		if c.Set != nil {
			next = *c.Set
		} else {
			if p.Stock != nil {
				next = *p.Stock
			}
			next = max(0, next+*c.Add)
		}
		if next > MaxStock {
			return fault.InvalidField("/add", "OUT_OF_RANGE", "재고가 너무 많아져요. 수량을 다시 확인해 주세요.")
		}
		p.Stock = &next
		return nil
	})
}

// alter changes a product as it stands, again when somebody was faster. A change that
// changes nothing is not written.
func (s *Service) alter(ctx context.Context, t merchant.Tenant, actor, action, productID string, fn func(ctx context.Context, tx Tx, p *Product) error) (Product, error) {
	if _, err := s.Product(ctx, t, productID); err != nil {
		return Product{}, err
	}
	var p Product
	err := s.again(ctx, t, func(ctx context.Context, tx Tx) error {
		was, err := tx.Product(ctx, t, productID)
		if err != nil {
			return err
		}
		p = was
		if err := fn(ctx, tx, &p); err != nil {
			return err
		}
		if p.same(was) {
			return nil
		}
		p.Version++
		if err := tx.UpdateProduct(ctx, p); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, action, productID))
	})
	return p, told(err, ErrNotFound, ErrBarcodeTaken)
}

// same reports whether two states of a product are one.
func (p Product) same(q Product) bool {
	bare := func(p Product) Product {
		p.Stock, p.CreatedAt = nil, time.Time{}
		return p
	}
	return p.counts(q) && bare(p) == bare(q)
}

// counts reports whether two states of a product have the same stock.
func (p Product) counts(q Product) bool {
	return (p.Stock == nil) == (q.Stock == nil) && (p.Stock == nil || *p.Stock == *q.Stock)
}

// Move is what one sale took from counted stocks.
type Move struct {
	MerchantID string
	PaymentID  string
	Lines      []Line
	Returned   bool // it was given back, or the sale was cancelled before it was seen
	CreatedAt  time.Time
}

// Line is what a sale took of one product.
type Line struct {
	ProductID string `json:"productId"`
	Taken     int64  `json:"taken"`           // from the count
	Short     int64  `json:"short,omitempty"` // sold though the count was at zero
}

// Sold takes what a sale sold from the stocks that are counted: once for each payment,
// however often it is told. A stock goes to zero at the lowest; what was sold beyond it
// is returned and kept with the move. Products that are gone or not counted are left out.
func (s *Service) Sold(ctx context.Context, t merchant.Tenant, paymentID string, quantities map[string]int64) (oversold []Line, err error) {
	err = s.again(ctx, t, func(ctx context.Context, tx Tx) error {
		oversold = nil
		if _, err := tx.Move(ctx, t, paymentID); !errors.Is(err, ErrAbsent) {
			return err
		}
		m := Move{MerchantID: t.ID(), PaymentID: paymentID, CreatedAt: s.Clock.Now()}
		// In one order everywhere, so that two sales do not wait for each other.
		for _, productID := range slices.Sorted(maps.Keys(quantities)) {
			line, err := take(ctx, tx, t, productID, quantities[productID])
			if err != nil {
				return err
			}
			if line != (Line{}) {
				m.Lines = append(m.Lines, line)
			}
			if line.Short > 0 {
				oversold = append(oversold, line)
			}
		}
		return first(tx.InsertMove(ctx, m))
	})
	return oversold, err
}

// first has a change start over when another instance, which was told too, kept the
// payment's move meanwhile: then that move is what holds.
func first(err error) error {
	if errors.Is(err, ErrTaken) {
		return ErrStale
	}
	return err
}

// take lowers the stock of one product; the zero line where nobody counts it.
func take(ctx context.Context, tx Tx, t merchant.Tenant, productID string, quantity int64) (Line, error) {
	p, err := tx.Product(ctx, t, productID)
	if errors.Is(err, ErrAbsent) || err == nil && p.Stock == nil {
		return Line{}, nil
	}
	if err != nil {
		return Line{}, err
	}
	taken := min(*p.Stock, quantity)
	if taken > 0 {
		left := *p.Stock - taken
		p.Stock = &left
		p.Version++
		if err := tx.UpdateProduct(ctx, p); err != nil {
			return Line{}, err
		}
	}
	return Line{ProductID: productID, Taken: taken, Short: quantity - taken}, nil
}

// Returned gives back what a sale took, once, after the sale was cancelled as a whole.
// A sale that was not seen yet will take nothing when it is.
func (s *Service) Returned(ctx context.Context, t merchant.Tenant, paymentID string) error {
	return s.again(ctx, t, func(ctx context.Context, tx Tx) error {
		m, err := tx.Move(ctx, t, paymentID)
		if errors.Is(err, ErrAbsent) {
			return first(tx.InsertMove(ctx, Move{MerchantID: t.ID(), PaymentID: paymentID, Returned: true, CreatedAt: s.Clock.Now()}))
		}
		if err != nil || m.Returned {
			return err
		}
		if err := tx.ReturnMove(ctx, t, paymentID); err != nil {
			return err
		}
		for _, line := range m.Lines {
			if err := putBack(ctx, tx, t, line); err != nil {
				return err
			}
		}
		return nil
	})
}

// putBack raises the stock of one product by what was taken; one that is gone or no
// longer counted is left alone.
func putBack(ctx context.Context, tx Tx, t merchant.Tenant, line Line) error {
	p, err := tx.Product(ctx, t, line.ProductID)
	if errors.Is(err, ErrAbsent) || err == nil && (p.Stock == nil || line.Taken == 0) {
		return nil
	}
	if err != nil {
		return err
	}
	back := min(*p.Stock+line.Taken, MaxStock)
	p.Stock = &back
	p.Version++
	return tx.UpdateProduct(ctx, p)
}
