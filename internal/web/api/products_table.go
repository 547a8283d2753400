package api

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/catalog"
	"innopay/internal/catalog/table"
	"innopay/internal/merchant"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// tableTypes are the media types in which a table may be sent. Browsers name CSV files
// as they like.
var tableTypes = []string{
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv", "application/vnd.ms-excel", "application/octet-stream",
}

// ImportError is one wrong value of a row.
type ImportError struct {
	_       struct{} `additionalProperties:"true"`
	Row     int      `json:"row" doc:"In the file, from 1"`
	Column  string   `json:"column,omitempty" enum:"name,category,price,tax,barcode,stock,soldOut,favourite,id" doc:"Absent: the row as a whole"`
	Heading string   `json:"heading,omitempty" doc:"The column as the template names it"`
	Code    string   `json:"code" doc:"Stable, UPPER_SNAKE"`
	Message string   `json:"message" doc:"For people"`
	Value   string   `json:"value,omitempty" doc:"The beginning of what stands there"`
}

// ImportReport says what an import did, or would do.
type ImportReport struct {
	_          struct{}      `additionalProperties:"true"`
	Imported   bool          `json:"imported" doc:"It was written; false in a dry run, and when rows were bad without partial"`
	Rows       int           `json:"rows" doc:"With something in them"`
	Created    int           `json:"created"`
	Updated    int           `json:"updated"`
	Unchanged  int           `json:"unchanged"`
	Restocked  int           `json:"restocked,omitempty" doc:"Of the updated ones: whose stock becomes that of the file, whatever was sold since the file was made"`
	Categories int           `json:"categories" doc:"Categories created"`
	Errors     []ImportError `json:"errors" nullable:"false" doc:"In order of the rows; the first 200"`
	ErrorCount int           `json:"errorCount" doc:"Of all"`
	Ignored    []string      `json:"ignored,omitempty" doc:"Headings of columns that mean nothing here"`
}

type exportInput struct {
	Format   string `query:"format" enum:"xlsx,csv" default:"xlsx"`
	Template bool   `query:"template" doc:"true: the headings alone"`
}

type importInput struct {
	Format  string `query:"format" required:"true" enum:"xlsx,csv"`
	DryRun  bool   `query:"dryRun" doc:"true: say what would happen, and change nothing"`
	Partial bool   `query:"partial" doc:"true: take the good rows although others are bad"`
	RawBody []byte `contentType:"text/csv"`
}

type importOutput struct{ Body ImportReport }

func (a *API) registerTables() {
	catalogTag := []string{"Catalog"}
	add(a, access{permission: merchant.CatalogRead}, huma.Operation{
		OperationID: "exportProducts", Method: http.MethodGet, Path: "/v1/products/export", Tags: catalogTag, Summary: "The catalogue as a file",
		Description: "In order of the screen. CSV is UTF-8 with a byte order mark, and its cells never begin like a formula. Importing the file again changes nothing.",
		Responses: map[string]*huma.Response{"200": {
			Description: "A file",
			Content:     map[string]*huma.MediaType{table.XLSX.ContentType(): {Schema: binary()}, "text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
			Headers:     map[string]*huma.Param{"Content-Disposition": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, a.exportProducts)
	add(a, access{permission: merchant.CatalogWrite, file: &rawBody{tableTypes, table.MaxFile}}, huma.Operation{
		OperationID: "importProducts", Method: http.MethodPost, Path: "/v1/products/import", DefaultStatus: http.StatusOK, Tags: catalogTag,
		Summary: "Create and update products from a file",
		Description: "XLSX, or CSV in UTF-8 or CP949; at most 5 MB and 5,000 rows. Headings are Korean or English, in any order. A row means the product with its id, " +
			"else with its barcode, else with its name and category among those without a barcode: the same file again changes nothing. Columns that the file " +
			"lacks stay as they are, and no product is removed. When a row is bad nothing is written, unless partial=true.",
		RequestBody: files(tableTypes),
	}, a.importProducts)
}

func (a *API) exportProducts(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	t := principal(ctx).Tenant
	if wait := a.exports.Wait("products/" + t.ID()); wait > 0 {
		return nil, problem.ErrRate.WithRetryAfter(wait)
	}
	var products []catalog.Product
	var names map[string]string
	if !in.Template {
		var err error
		if products, names, err = a.Catalog.All(ctx, t); err != nil {
			_, err = reached(struct{}{}, err)
			return nil, err
		}
	}
	f := table.Format(in.Format)
	return &huma.StreamResponse{Body: func(h huma.Context) {
		_, w := humago.Unwrap(h)
		w.Header().Set("Content-Type", f.ContentType())
		w.Header().Set("Content-Disposition", a.tableName(f, in.Template))
		err := table.Write(w, f, func(yield func([]string) bool) {
			for _, p := range products {
				if !yield(p.Cells(names[p.CategoryID])) {
					return
				}
			}
		})
		if err != nil {
			a.Log.Warn("export of products ended early", "trace", visit.From(ctx).TraceID, "err", err)
			// The head is out: only a broken connection tells that rows are missing.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

// tableName is the Content-Disposition of a file of products.
func (a *API) tableName(f table.Format, template bool) string {
	date := strings.ReplaceAll(string(clock.DayOf(a.now())), "-", "")
	plain, korean := "products-"+date, "상품_"+date
	if template {
		plain, korean = "products-template", "상품_양식"
	}
	return fmt.Sprintf("attachment; filename=\"%s.%s\"; filename*=UTF-8''%s", plain, f, url.PathEscape(korean+"."+string(f)))
}

func (a *API) importProducts(ctx context.Context, in *importInput) (*importOutput, error) {
	v := visit.From(ctx)
	r, err := reached(a.Catalog.Import(ctx, v.Principal.Tenant, v.Principal.UserID, catalog.Import{
		Format: table.Format(in.Format), File: in.RawBody, DryRun: in.DryRun, Partial: in.Partial,
	}))
	if err != nil {
		return nil, err
	}
	out := ImportReport{
		Imported: r.Done, Rows: r.Rows, Created: r.Created, Updated: r.Updated, Unchanged: r.Unchanged, Restocked: r.Restocked, Categories: r.Categories,
		Errors: make([]ImportError, 0, len(r.Errors)), ErrorCount: r.ErrorCount, Ignored: r.Ignored,
	}
	for _, e := range r.Errors {
		told := ImportError{
			Row: e.Row, Column: string(e.Column), Code: e.Code, Message: problem.Sentence(v, fault.Field{Code: e.Code, Message: e.Message}), Value: e.Value,
		}
		if e.Column != "" {
			told.Heading = e.Column.Heading()
		}
		out.Errors = append(out.Errors, told)
	}
	return &importOutput{out}, nil
}
