package api

import (
	"context"
	"errors"
	"slices"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/visit"
	"innopay/money"
)

// Sale is what is sold to whom, however it is paid.
type Sale struct {
	OrderID           string `json:"orderId" doc:"Unique among the merchant's payments that were not declined, reversed, expired or withdrawn" example:"ORDER-20250102-0001"`
	OrderName         string `json:"orderName"`
	Amount            int64  `json:"amount" doc:"The whole sum in won" example:"55000"`
	TaxFreeAmount     *int64 `json:"taxFreeAmount,omitempty" doc:"Part of amount without VAT; the tax-free items tell when absent"`
	ServiceFee        int64  `json:"serviceFee,omitempty" doc:"Part of amount"`
	Items             []Item `json:"items,omitempty" nullable:"false"`
	InstallmentMonths int    `json:"installmentMonths,omitempty" doc:"0 is a lump sum"`
	Buyer             *Buyer `json:"buyer,omitempty"`
}

// create is the sale as the core takes it, for whoever makes the request.
func (a *API) create(ctx context.Context, s Sale, key string) (payment.Create, error) {
	v := visit.From(ctx)
	barred, err := a.barred(ctx, v.Principal, s.Items)
	if err != nil {
		return payment.Create{}, err
	}
	c := payment.Create{
		Barred: barred,
		Tenant: v.Principal.Tenant, Actor: v.Principal.UserID, Key: key, TraceID: v.TraceID, OrderID: s.OrderID, OrderName: s.OrderName,
		Amount: money.Won(s.Amount), ServiceFee: money.Won(s.ServiceFee), InstallmentMonths: s.InstallmentMonths, Buyer: s.Buyer.clean(),
	}
	if s.TaxFreeAmount != nil {
		c.TaxFree, c.TaxFreeGiven = money.Won(*s.TaxFreeAmount), true
	}
	for _, it := range s.Items {
		c.Items = append(c.Items, payment.Item(it))
	}
	return c, nil
}

// barred is why somebody may not sell the items: without the right to give discounts
// there are none, and nothing is sold below the price of its product. Products that are
// gone have none. err: the catalogue cannot be read.
func (a *API) barred(ctx context.Context, p merchant.Principal, items []Item) (barred, err error) {
	if p.Rights.Discount {
		return nil, nil
	}
	if slices.ContainsFunc(items, func(it Item) bool { return it.Discount != 0 }) {
		return merchant.ErrDiscount, nil
	}
	prices := map[string]money.Won{}
	for _, it := range items[:min(len(items), payment.MostItems)] {
		if it.ProductID == "" {
			continue
		}
		price, known := prices[it.ProductID]
		if !known {
			product, err := a.Catalog.Product(ctx, p.Tenant, it.ProductID)
			if err != nil && !errors.Is(err, catalog.ErrNotFound) {
				return reached(error(nil), err)
			}
			price = product.Price
			prices[it.ProductID] = price
		}
		if it.UnitPrice < price {
			return merchant.ErrBelowPrice, nil
		}
	}
	return nil, nil
}
