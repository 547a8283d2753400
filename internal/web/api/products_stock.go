package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
)

// MarksRequest switches marks of a product.
type MarksRequest struct {
	SoldOut   *bool `json:"soldOut,omitempty" doc:"Absent: as it is"`
	Favourite *bool `json:"favourite,omitempty" doc:"Absent: as it is"`
}

// StockRequest says how much of a product there is. Exactly one value is sent.
type StockRequest struct {
	Set *int64 `json:"set,omitempty" doc:"What was counted; 0 or more"`
	Add *int64 `json:"add,omitempty" doc:"What came, or went where negative; the stock is never below 0"`
}

// OrderRequest is an order of things on the screen.
type OrderRequest struct {
	IDs []string `json:"ids" nullable:"false" doc:"In their new order. They share the places that they hold now; everything else stays where it is"`
}

// CategoryOrder are the categories whose place changed.
type CategoryOrder struct {
	_          struct{}   `additionalProperties:"true"`
	Categories []Category `json:"categories" nullable:"false" doc:"With their new versions"`
}

// ProductOrder are the products whose place changed.
type ProductOrder struct {
	_        struct{}  `additionalProperties:"true"`
	Products []Product `json:"products" nullable:"false" doc:"With their new versions"`
}

type marksInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body MarksRequest
}

type stockInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body StockRequest
}

type orderOfInput struct{ Body OrderRequest }

type productOrderOutput struct{ Body ProductOrder }

type categoryOrderOutput struct{ Body CategoryOrder }

func (a *API) registerStock() {
	catalogTag := []string{"Catalog"}
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct}, huma.Operation{
		OperationID: "markProduct", Method: http.MethodPost, Path: "/v1/products/{id}/marks", Tags: catalogTag,
		Summary: "Mark a product as sold out or as a favourite", Description: "It asks for no version: the marks are set whatever else changed.",
	}, func(ctx context.Context, in *marksInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.Mark(ctx, p.Tenant, p.UserID, in.ID, catalog.Marks{SoldOut: in.Body.SoldOut, Favourite: in.Body.Favourite}))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct}, huma.Operation{
		OperationID: "restockProduct", Method: http.MethodPost, Path: "/v1/products/{id}/stock", Tags: catalogTag,
		Summary: "Set the stock of a product, or add to it", Description: "Sales go on meanwhile, so it asks for no version. The stock is counted from now on.",
	}, func(ctx context.Context, in *stockInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.Restock(ctx, p.Tenant, p.UserID, in.ID, catalog.Count{Set: in.Body.Set, Add: in.Body.Add}))
	})
	add(a, access{permission: merchant.CatalogWrite}, huma.Operation{
		OperationID: "orderProducts", Method: http.MethodPut, Path: "/v1/products/order", Tags: catalogTag,
		Summary: "Put products in order", Description: "409 CHANGED_MEANWHILE when one of them is gone.",
	}, a.orderProducts)
	add(a, access{permission: merchant.CatalogWrite}, huma.Operation{
		OperationID: "orderCategories", Method: http.MethodPut, Path: "/v1/categories/order", Tags: catalogTag,
		Summary: "Put categories in order", Description: "409 CHANGED_MEANWHILE when one of them is gone.",
	}, a.orderCategories)
}

func (a *API) orderProducts(ctx context.Context, in *orderOfInput) (*productOrderOutput, error) {
	p := principal(ctx)
	moved, err := reached(a.Catalog.OrderProducts(ctx, p.Tenant, p.UserID, in.Body.IDs))
	if err != nil {
		return nil, err
	}
	out := ProductOrder{Products: make([]Product, 0, len(moved))}
	for _, one := range moved {
		out.Products = append(out.Products, productView(one))
	}
	return &productOrderOutput{out}, nil
}

func (a *API) orderCategories(ctx context.Context, in *orderOfInput) (*categoryOrderOutput, error) {
	p := principal(ctx)
	moved, err := reached(a.Catalog.OrderCategories(ctx, p.Tenant, p.UserID, in.Body.IDs))
	if err != nil {
		return nil, err
	}
	out := CategoryOrder{Categories: make([]Category, 0, len(moved))}
	for _, one := range moved {
		out.Categories = append(out.Categories, categoryView(one))
	}
	return &categoryOrderOutput{out}, nil
}
