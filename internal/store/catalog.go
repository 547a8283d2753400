package store

import (
	"context"
	"database/sql"
	"errors"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/catalog"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// Catalog implements catalog.Store on a DB. Safe for concurrent use.
type Catalog struct {
	catalogReader
	db *DB
}

var _ catalog.Store = (*Catalog)(nil)

// NewCatalog returns the repository of products and categories.
func NewCatalog(db *DB) *Catalog { return &Catalog{catalogReader: catalogReader{db.q}, db: db} }

// Tx implements catalog.Store.
func (c *Catalog) Tx(ctx context.Context, fn func(ctx context.Context, tx catalog.Tx) error) error {
	var t *catalogTx
	err := c.db.retry(ctx, func(d sqlgen.DBTX) error {
		q := sqlgen.New(d)
		t = &catalogTx{catalogReader: catalogReader{q}, recorder: recorder{db: c.db, into: q}, class: c.db.engine.class}
		if err := c.db.engine.room(); err != nil {
			return err
		}
		return fn(ctx, t)
	}, func() audit.Record { return t.first })
	if err == nil && t.event {
		c.db.hint()
	}
	return unavailable(err)
}

// catalogReader implements catalog.Reader, in and out of a transaction.
type catalogReader struct{ q *sqlgen.Queries }

// catalogTx implements catalog.Tx.
type catalogTx struct {
	catalogReader
	recorder
	class func(error) class
	event bool
}

// Emit implements outbox.Writer.
func (t *catalogTx) Emit(ctx context.Context, e outbox.Event) error {
	t.event = true
	return t.into.InsertEvent(ctx, t.db.eventRow(e))
}

// gone is catalog.ErrAbsent when there is no row.
func gone(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return catalog.ErrAbsent
	}
	return err
}

// written tells a refused value and a row of another version from other errors.
func (t *catalogTx) written(n int64, err error) error {
	if err != nil && t.class(err) == classConflict {
		return catalog.ErrTaken
	}
	return orElse(n, err, catalog.ErrStale)
}

// notCounted is a product's stock when nobody counts it.
const notCounted = -1

func productOf(r sqlgen.Product) catalog.Product {
	p := catalog.Product{
		MerchantID: r.MerchantID, ID: r.ID, CategoryID: r.CategoryID, Name: r.Name, Price: money.Won(r.Price),
		Tax: money.TaxType(r.Tax), Barcode: r.Barcode, SoldOut: r.SoldOut, Favourite: r.Favourite, Sort: r.Sort,
		CreatedAt: clock.FromMicros(r.CreatedAt), Picture: r.Picture, Version: r.Version,
	}
	if r.Stock != notCounted {
		p.Stock = &r.Stock
	}
	return p
}

func stockOf(p catalog.Product) int64 {
	if p.Stock == nil {
		return notCounted
	}
	return *p.Stock
}

func categoryOf(r sqlgen.Category) catalog.Category {
	return catalog.Category{MerchantID: r.MerchantID, ID: r.ID, Name: r.Name, Sort: r.Sort, Version: r.Version}
}

func (r catalogReader) Product(ctx context.Context, t merchant.Tenant, id string) (catalog.Product, error) {
	p, err := r.q.Product(ctx, sqlgen.ProductParams{MerchantID: t.ID(), ID: id})
	if err != nil {
		return catalog.Product{}, gone(err)
	}
	return productOf(p), nil
}

func (r catalogReader) Products(
	ctx context.Context, t merchant.Tenant, f catalog.Filter, after catalog.Position, limit int,
) ([]catalog.Product, error) {
	pattern := ""
	if f.Text != "" {
		pattern = "%" + escaped(f.Text) + "%"
	}
	rows, err := r.q.Products(ctx, sqlgen.ProductsParams{
		MerchantID: t.ID(), AfterSort: after.Sort, AfterID: after.ID, CategoryID: f.CategoryID, Barcode: f.Barcode,
		Favourites: f.Favourite, Pattern: pattern, Whole: f.Text, Most: most(limit),
	})
	ps := make([]catalog.Product, len(rows))
	for i, p := range rows {
		ps[i] = productOf(p)
	}
	return ps, err
}

func (r catalogReader) Category(ctx context.Context, t merchant.Tenant, id string) (catalog.Category, error) {
	c, err := r.q.Category(ctx, sqlgen.CategoryParams{MerchantID: t.ID(), ID: id})
	if err != nil {
		return catalog.Category{}, gone(err)
	}
	return categoryOf(c), nil
}

func (r catalogReader) Categories(ctx context.Context, t merchant.Tenant) ([]catalog.Category, error) {
	rows, err := r.q.Categories(ctx, t.ID())
	cs := make([]catalog.Category, len(rows))
	for i, c := range rows {
		cs[i] = categoryOf(c)
	}
	return cs, err
}

func (t *catalogTx) InsertProduct(ctx context.Context, p catalog.Product) error {
	n, err := t.q.InsertProduct(ctx, sqlgen.InsertProductParams{
		MerchantID: p.MerchantID, ID: p.ID, CategoryID: p.CategoryID, Name: p.Name, Price: int64(p.Price),
		Tax: string(p.Tax), Barcode: p.Barcode, SoldOut: p.SoldOut, Favourite: p.Favourite, Sort: p.Sort,
		Stock: stockOf(p), CreatedAt: clock.Micros(p.CreatedAt), Picture: p.Picture, Version: p.Version,
	})
	return orElse(n, err, catalog.ErrTaken)
}

func (t *catalogTx) UpdateProduct(ctx context.Context, p catalog.Product) error {
	return t.written(t.q.UpdateProduct(ctx, sqlgen.UpdateProductParams{
		MerchantID: p.MerchantID, ID: p.ID, CategoryID: p.CategoryID, Name: p.Name, Price: int64(p.Price),
		Tax: string(p.Tax), Barcode: p.Barcode, SoldOut: p.SoldOut, Favourite: p.Favourite, Sort: p.Sort,
		Stock: stockOf(p), Picture: p.Picture, Version: p.Version,
	}))
}

func (t *catalogTx) DeleteProduct(ctx context.Context, m merchant.Tenant, id string, version int64) error {
	if err := t.written(t.q.DeleteProduct(ctx, sqlgen.DeleteProductParams{MerchantID: m.ID(), ID: id, Version: version})); err != nil {
		return err
	}
	return t.DropPicture(ctx, m, id)
}

func (t *catalogTx) InsertCategory(ctx context.Context, c catalog.Category) error {
	n, err := t.q.InsertCategory(ctx, sqlgen.InsertCategoryParams{
		MerchantID: c.MerchantID, ID: c.ID, Name: c.Name, Sort: c.Sort, Version: c.Version,
	})
	return orElse(n, err, catalog.ErrTaken)
}

func (t *catalogTx) UpdateCategory(ctx context.Context, c catalog.Category) error {
	return t.written(t.q.UpdateCategory(ctx, sqlgen.UpdateCategoryParams{
		MerchantID: c.MerchantID, ID: c.ID, Name: c.Name, Sort: c.Sort, Version: c.Version,
	}))
}

func (t *catalogTx) DeleteCategory(ctx context.Context, m merchant.Tenant, id string, version int64) error {
	if err := t.written(t.q.DeleteCategory(ctx, sqlgen.DeleteCategoryParams{
		MerchantID: m.ID(), ID: id, Version: version,
	})); err != nil {
		return err
	}
	return t.q.LeaveCategory(ctx, sqlgen.LeaveCategoryParams{MerchantID: m.ID(), CategoryID: id})
}
