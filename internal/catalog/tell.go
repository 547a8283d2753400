package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
)

// mostTold is how many products an event names; of a change of more it names none.
const mostTold = 20

// Told is what an event of the catalogue says.
type Told struct {
	// ProductIDs are what changed; empty when it was more than a few, or the categories.
	ProductIDs []string `json:"productIds"`
}

// noted is a transaction that remembers which products it changed.
type noted struct {
	Tx
	products []string
	whole    bool
}

func (n *noted) touch(err error, productID string) error {
	if err == nil && !slices.Contains(n.products, productID) {
		n.products = append(n.products, productID)
		n.whole = n.whole || len(n.products) > mostTold
	}
	return err
}

func (n *noted) all(err error) error {
	n.whole = n.whole || err == nil
	return err
}

func (n *noted) InsertProduct(ctx context.Context, p Product) error {
	return n.touch(n.Tx.InsertProduct(ctx, p), p.ID)
}

func (n *noted) UpdateProduct(ctx context.Context, p Product) error {
	return n.touch(n.Tx.UpdateProduct(ctx, p), p.ID)
}

func (n *noted) DeleteProduct(ctx context.Context, t merchant.Tenant, productID string, version int64) error {
	return n.touch(n.Tx.DeleteProduct(ctx, t, productID, version), productID)
}

func (n *noted) InsertCategory(ctx context.Context, c Category) error {
	return n.all(n.Tx.InsertCategory(ctx, c))
}

func (n *noted) UpdateCategory(ctx context.Context, c Category) error {
	return n.all(n.Tx.UpdateCategory(ctx, c))
}

func (n *noted) DeleteCategory(ctx context.Context, t merchant.Tenant, categoryID string, version int64) error {
	return n.all(n.Tx.DeleteCategory(ctx, t, categoryID, version))
}

// tx runs fn in one transaction and, where it changed something, has the merchant's
// devices told in the same one: one event, however much it was.
func (s *Service) tx(ctx context.Context, t merchant.Tenant, fn func(ctx context.Context, tx Tx) error) error {
	return s.Store.Tx(ctx, func(ctx context.Context, tx Tx) error {
		n := &noted{Tx: tx}
		if err := fn(ctx, n); err != nil {
			return err
		}
		return s.tell(ctx, n, t)
	})
}

func (s *Service) tell(ctx context.Context, n *noted, t merchant.Tenant) error {
	if len(n.products) == 0 && !n.whole {
		return nil
	}
	told := Told{ProductIDs: []string{}}
	if !n.whole {
		told.ProductIDs = n.products
	}
	payload, err := json.Marshal(told)
	if err != nil {
		return fmt.Errorf("catalog: an event: %w", err)
	}
	now := s.Clock.Now()
	e := outbox.Event{MerchantID: t.ID(), ID: s.IDs.At(id.Event, now), Type: outbox.CatalogChanged, Version: 1, Payload: string(payload), CreatedAt: now}
	e.Subject = e.ID // no change waits for another: whoever hears of one reads what is
	return n.Emit(ctx, e)
}
