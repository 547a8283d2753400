package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/catalog"
	"innopay/internal/merchant"
)

// Category groups products on the screen.
type Category struct {
	_       struct{} `additionalProperties:"true"`
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Sort    int64    `json:"sort" doc:"Rising on the screen"`
	Version int64    `json:"version" doc:"Name it when changing or removing"`
}

// CategoryRequest is a category as its owner writes it.
type CategoryRequest struct {
	Name string `json:"name"`
	Sort int64  `json:"sort,omitempty" doc:"Rising on the screen"`
}

// CategoryChange replaces a category.
type CategoryChange struct {
	CategoryRequest
	Version int64 `json:"version" minimum:"1" maximum:"9007199254740991" doc:"As read; CHANGED_MEANWHILE when somebody was faster"`
}

// CategoryList are all categories.
type CategoryList struct {
	_          struct{}   `additionalProperties:"true"`
	Categories []Category `json:"categories" nullable:"false" doc:"In order of sort"`
}

type categoriesOutput struct{ Body CategoryList }

type categoryOutput struct{ Body Category }

type addCategoryInput struct{ Body CategoryRequest }

type saveCategoryInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body CategoryChange
}

func (a *API) registerCategories() {
	catalogTag := []string{"Catalog"}
	add(a, access{permission: merchant.CatalogRead}, huma.Operation{
		OperationID: "listCategories", Method: http.MethodGet, Path: "/v1/categories", Tags: catalogTag, Summary: "Categories",
	}, a.listCategories)
	add(a, access{permission: merchant.CatalogWrite}, huma.Operation{
		OperationID: "addCategory", Method: http.MethodPost, Path: "/v1/categories", DefaultStatus: http.StatusCreated, Tags: catalogTag,
		Summary: "Add a category",
	}, func(ctx context.Context, in *addCategoryInput) (*categoryOutput, error) {
		p := principal(ctx)
		return categoryResult(a.Catalog.AddCategory(ctx, p.Tenant, p.UserID, catalog.Category{Name: in.Body.Name, Sort: in.Body.Sort}))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasCategory}, huma.Operation{
		OperationID: "saveCategory", Method: http.MethodPut, Path: "/v1/categories/{id}", Tags: catalogTag, Summary: "Replace a category",
	}, func(ctx context.Context, in *saveCategoryInput) (*categoryOutput, error) {
		p := principal(ctx)
		return categoryResult(a.Catalog.SaveCategory(ctx, p.Tenant, p.UserID, catalog.Category{
			ID: in.ID, Name: in.Body.Name, Sort: in.Body.Sort, Version: in.Body.Version,
		}))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasCategory}, huma.Operation{
		OperationID: "removeCategory", Method: http.MethodDelete, Path: "/v1/categories/{id}", DefaultStatus: http.StatusNoContent, Tags: catalogTag,
		Summary: "Remove a category; its products stay, without one",
	}, func(ctx context.Context, in *removeInput) (*struct{}, error) {
		p := principal(ctx)
		_, err := reached(struct{}{}, a.Catalog.RemoveCategory(ctx, p.Tenant, p.UserID, in.ID, in.Version))
		return nil, err
	})
}

func (a *API) listCategories(ctx context.Context, _ *struct{}) (*categoriesOutput, error) {
	all, err := reached(a.Catalog.Categories(ctx, principal(ctx).Tenant))
	if err != nil {
		return nil, err
	}
	out := CategoryList{Categories: make([]Category, 0, len(all))}
	for _, c := range all {
		out.Categories = append(out.Categories, categoryView(c))
	}
	return &categoriesOutput{out}, nil
}

// hasCategory reports whether the tenant has it.
func (a *API) hasCategory(ctx context.Context, t merchant.Tenant, id string) error {
	all, err := reached(a.Catalog.Categories(ctx, t))
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all, func(c catalog.Category) bool { return c.ID == id }) {
		return catalog.ErrNoCategory
	}
	return nil
}

func categoryResult(c catalog.Category, err error) (*categoryOutput, error) {
	if c, err = reached(c, err); err != nil {
		return nil, err
	}
	return &categoryOutput{categoryView(c)}, nil
}

func categoryView(c catalog.Category) Category {
	return Category{ID: c.ID, Name: c.Name, Sort: c.Sort, Version: c.Version}
}
