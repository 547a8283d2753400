package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/catalog"
	"innopay/internal/catalog/picture"
	"innopay/internal/merchant"
)

// pictureTypes are the media types in which a picture may be sent.
var pictureTypes = []string{"image/jpeg", "image/png", "image/webp"}

type setPictureInput struct {
	ID      string `path:"id" maxLength:"64"`
	RawBody []byte `contentType:"image/jpeg"`
}

type pictureInput struct {
	ID      string `path:"id" maxLength:"64"`
	Size    string `query:"size" enum:"small,large" default:"large"`
	Version int64  `query:"v" minimum:"0" maximum:"9007199254740991" doc:"As the product's picture names it; the answer may then be kept for ever"`
}

type pictureOutput struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (a *API) registerPictures() {
	catalogTag := []string{"Catalog"}
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct, file: &rawBody{pictureTypes, picture.MaxFile}}, huma.Operation{
		OperationID: "setProductPicture", Method: http.MethodPut, Path: "/v1/products/{id}/picture", Tags: catalogTag, Summary: "Set a product's picture",
		Description: "The body is a JPEG, PNG or WebP file of at most 5 MB and 40 million pixels. It is turned upright, its middle is cut out and written " +
			"anew as JPEG; nothing else of the file is kept. The product has a new version.",
		RequestBody: files(pictureTypes),
	}, func(ctx context.Context, in *setPictureInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.SetPicture(ctx, p.Tenant, p.UserID, in.ID, in.RawBody))
	})
	add(a, access{permission: merchant.CatalogWrite, exists: a.hasProduct}, huma.Operation{
		OperationID: "removeProductPicture", Method: http.MethodDelete, Path: "/v1/products/{id}/picture", Tags: catalogTag,
		Summary: "Remove a product's picture", Description: "Answers with the product; one without a picture stays as it is.",
	}, func(ctx context.Context, in *idInput) (*productOutput, error) {
		p := principal(ctx)
		return productResult(a.Catalog.RemovePicture(ctx, p.Tenant, p.UserID, in.ID))
	})
	add(a, access{permission: merchant.CatalogRead, exists: a.hasProduct}, huma.Operation{
		OperationID: "productPicture", Method: http.MethodGet, Path: "/v1/products/{id}/picture", Tags: catalogTag, Summary: "A product's picture",
		Responses: map[string]*huma.Response{"200": {
			Description: "A square picture", Content: map[string]*huma.MediaType{"image/jpeg": {Schema: binary()}},
		}},
	}, a.picture)
}

// files is a body that is a file of one of the types.
func files(types []string) *huma.RequestBody {
	content := make(map[string]*huma.MediaType, len(types))
	for _, t := range types {
		content[t] = &huma.MediaType{Schema: binary()}
	}
	return &huma.RequestBody{Required: true, Content: content}
}

func binary() *huma.Schema { return &huma.Schema{Type: huma.TypeString, Format: "binary"} }

// picture sends the picture as it is now. Only under the address that names it, it may
// be kept: by the caller alone, for it is the merchant's.
func (a *API) picture(ctx context.Context, in *pictureInput) (*pictureOutput, error) {
	t := principal(ctx).Tenant
	p, err := reached(a.Catalog.Product(ctx, t, in.ID))
	if err != nil {
		return nil, err
	}
	b, err := reached(a.Catalog.Picture(ctx, t, in.ID, catalog.Size(in.Size)))
	if err != nil {
		return nil, err
	}
	out := &pictureOutput{ContentType: "image/jpeg", Cache: "private, no-cache", Body: b}
	if in.Version != 0 && in.Version == p.Picture {
		out.Cache = "private, max-age=31536000, immutable"
	}
	return out, nil
}

func pictureView(p catalog.Product) *Picture {
	if p.Picture == 0 {
		return nil
	}
	at := func(s catalog.Size) string {
		return fmt.Sprintf("/v1/products/%s/picture?size=%s&v=%d", p.ID, s, p.Picture)
	}
	return &Picture{Small: at(catalog.Small), Large: at(catalog.Large)}
}
