package api

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/fault"
	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/money"
)

// Product is one thing that is sold.
type Product struct {
	_          struct{}  `additionalProperties:"true"`
	ID         string    `json:"id"`
	CategoryID string    `json:"categoryId,omitempty"`
	Name       string    `json:"name"`
	Price      money.Won `json:"price" doc:"Won, VAT included"`
	TaxFree    bool      `json:"taxFree"`
	Barcode    string    `json:"barcode,omitempty"`
	SoldOut    bool      `json:"soldOut"`
	Favourite  bool      `json:"favourite"`
	Sort       int64     `json:"sort" doc:"Rising on the screen"`
	Stock      *int64    `json:"stock,omitempty" doc:"Absent: not counted. Sales lower it, whole cancels raise it again"`
	Available  bool      `json:"available" doc:"Neither marked as sold out nor out of stock"`
	Picture    *Picture  `json:"picture,omitempty" doc:"Absent: none"`
	Version    int64     `json:"version" doc:"Name it when changing or removing"`
}

// Picture says where the pictures of a product are. An address is of one picture for
// ever: a new picture has others.
type Picture struct {
	_     struct{} `additionalProperties:"true"`
	Small string   `json:"small" doc:"Square JPEG, at most 240 pixels; relative to the server" example:"/v1/products/prd_01ja2b3c4d5e6f7g8h9jakbmcn/picture?size=small&v=7"`
	Large string   `json:"large" doc:"Square JPEG, at most 640 pixels"`
}

// ProductRequest is a product as its owner writes it.
type ProductRequest struct {
	CategoryID string `json:"categoryId,omitempty"`
	Name       string `json:"name"`
	Price      int64  `json:"price" doc:"Won, VAT included"`
	TaxFree    bool   `json:"taxFree,omitempty"`
	Barcode    string `json:"barcode,omitempty"`
	SoldOut    bool   `json:"soldOut,omitempty"`
	Favourite  bool   `json:"favourite,omitempty"`
	Sort       int64  `json:"sort,omitempty" doc:"Rising on the screen"`
	Stock      *int64 `json:"stock,omitempty" doc:"Absent: not counted"`
}

// ProductChange replaces a product.
type ProductChange struct {
	ProductRequest
	Version int64 `json:"version" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// ProductList is one page of the catalogue.
type ProductList struct {
	_          struct{}  `additionalProperties:"true"`
	Products   []Product `json:"products" nullable:"false" doc:"In order of sort"`
	NextCursor string    `json:"nextCursor,omitempty" doc:"Absent on the last page"`
}

type productsInput struct {
	Q          string `query:"q" maxLength:"100" doc:"Part of the name, or the whole barcode"`
	CategoryID string `query:"categoryId" maxLength:"64"`
	Barcode    string `query:"barcode" maxLength:"48"`
	Favourite  bool   `query:"favourite" doc:"true: favourites only"`
	Cursor     string `query:"cursor" maxLength:"100" doc:"nextCursor of the page before"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"100"`
}

type productsOutput struct{ Body ProductList }

type productOutput struct{ Body Product }

type idInput struct {
	ID string `path:"id" maxLength:"64"`
}

type addProductInput struct{ Body ProductRequest }

type saveProductInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ProductChange
}

type removeInput struct {
	ID      string `path:"id" maxLength:"64"`
	Version int64  `query:"version" required:"true" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

func (a *API) registerProducts() {
	catalogTag := []string{"Catalog"}
	add(a, access{permission: merchant.CatalogRead}, huma.Operation{
		OperationID: "listProducts", Method: http.MethodGet, Path: "/v1/products", Tags: catalogTag, Summary: "Products",
	}, a.listProducts)
	add(a, access{permission: merchant.CatalogRead}, huma.Operation{
		OperationID: "product", Method: http.MethodGet, Path: "/v1/products/{id}", Tags: catalogTag, Summary: "One product",
	}, func(ctx context.Context, in *idInput) (*productOutput, error) {
		return productResult(a.Catalog.Product(ctx, principal(ctx).Tenant, in.ID))
	})
	add(a, access{permission: merchant.CatalogWrite}, huma.Operation{
		OperationID: "addProduct", Method: http.MethodPost, Path: "/v1/products", DefaultStatus: http.StatusCreated, Tags: catalogTag, Summary: "Add a product",
	}, func(ctx context.Context, in *addProductInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.AddProduct(ctx, p.Tenant, p.UserID, in.Body.product("", 0)))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct}, huma.Operation{
		OperationID: "saveProduct", Method: http.MethodPut, Path: "/v1/products/{id}", Tags: catalogTag, Summary: "Replace a product",
	}, func(ctx context.Context, in *saveProductInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.SaveProduct(ctx, p.Tenant, p.UserID, in.Body.product(in.ID, in.Body.Version)))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct}, huma.Operation{
		OperationID: "removeProduct", Method: http.MethodDelete, Path: "/v1/products/{id}", DefaultStatus: http.StatusNoContent, Tags: catalogTag,
		Summary: "Remove a product",
	}, func(ctx context.Context, in *removeInput) (*struct{}, error) {
		p := principal(ctx)
		_, err := reached(struct{}{}, a.Catalog.RemoveProduct(ctx, p.Tenant, p.UserID, in.ID, in.Version))
		return nil, err
	})
}

// hasProduct reports whether the tenant has it.
func (a *API) hasProduct(ctx context.Context, t merchant.Tenant, id string) error {
	_, err := reached(a.Catalog.Product(ctx, t, id))
	return err
}

func (a *API) listProducts(ctx context.Context, in *productsInput) (*productsOutput, error) {
	page, err := reached(a.Catalog.List(ctx, principal(ctx).Tenant, catalog.Filter{
		Text: in.Q, CategoryID: in.CategoryID, Barcode: in.Barcode, Favourite: in.Favourite, Cursor: in.Cursor,
	}, in.Limit))
	if err != nil {
		return nil, err
	}
	out := ProductList{Products: make([]Product, 0, len(page.Products)), NextCursor: page.Next}
	for _, p := range page.Products {
		out.Products = append(out.Products, productView(p))
	}
	return &productsOutput{out}, nil
}

func (r ProductRequest) product(productID string, version int64) catalog.Product {
	tax := money.Taxable
	if r.TaxFree {
		tax = money.TaxFree
	}
	return catalog.Product{
		ID: productID, CategoryID: r.CategoryID, Name: r.Name, Price: money.Won(r.Price), Tax: tax, Barcode: r.Barcode,
		SoldOut: r.SoldOut, Favourite: r.Favourite, Sort: r.Sort, Stock: r.Stock, Version: version,
	}
}

func productResult(p catalog.Product, err error) (*productOutput, error) {
	if p, err = reached(p, err); err != nil {
		return nil, taxFreeNamed(err)
	}
	return &productOutput{productView(p)}, nil
}

// taxFreeNamed names the field as the API does.
func taxFreeNamed(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	renamed := *f
	renamed.Fields = slices.Clone(f.Fields)
	for i := range renamed.Fields {
		if renamed.Fields[i].Path == "/tax" {
			renamed.Fields[i].Path = "/taxFree"
		}
	}
	return &renamed
}

func productView(p catalog.Product) Product {
	return Product{
		ID: p.ID, CategoryID: p.CategoryID, Name: p.Name, Price: p.Price, TaxFree: p.Tax == money.TaxFree, Barcode: p.Barcode,
		SoldOut: p.SoldOut, Favourite: p.Favourite, Sort: p.Sort, Stock: p.Stock, Available: p.Available(), Picture: pictureView(p), Version: p.Version,
	}
}
