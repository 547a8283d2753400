package catalog

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Merchants tells which tax type a merchant sells under; merchant.Directory does.
type Merchants interface {
	Merchant(ctx context.Context, t merchant.Tenant) (merchant.Merchant, error)
}

// Service reads and changes catalogues. Changes are audited under actor, a user or
// key id. It is safe for concurrent use. Whether the caller may do so is decided
// before (merchant.CatalogRead, merchant.CatalogWrite).
type Service struct {
	Store     Store
	Merchants Merchants
	Clock     clock.Clock
	IDs       *id.Source
}

// List is one page, at most limit products (1..MaxPage).
func (s *Service) List(ctx context.Context, t merchant.Tenant, f Filter, limit int) (Page, error) {
	after, err := position(f.Cursor)
	if err != nil {
		return Page{}, err
	}
	if utf8.RuneCountInString(f.Text) > MaxName || !utf8.ValidString(f.Text) || strings.ContainsRune(f.Text, 0) {
		return Page{}, fault.InvalidField("/q", "INVALID_TEXT", "검색어는 100자까지 입력해 주세요.")
	}
	if f.CategoryID != "" && !id.Valid(id.Category, f.CategoryID) || f.Barcode != "" && !barcode(f.Barcode) {
		return Page{}, nil // such a thing has no products
	}
	limit = min(max(limit, 1), MaxPage)
	ps, err := s.Store.Products(ctx, t, f, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Products: ps}
	if len(ps) > limit {
		page.Products = ps[:limit]
		last := ps[limit-1]
		page.Next = Position{Sort: last.Sort, ID: last.ID}.cursor()
	}
	return page, nil
}

// Product or ErrNotFound.
func (s *Service) Product(ctx context.Context, t merchant.Tenant, productID string) (Product, error) {
	if !id.Valid(id.Product, productID) {
		return Product{}, ErrNotFound
	}
	p, err := s.Store.Product(ctx, t, productID)
	return p, told(err, ErrNotFound, ErrBarcodeTaken)
}

// Categories in order.
func (s *Service) Categories(ctx context.Context, t merchant.Tenant) ([]Category, error) {
	cs, err := s.Store.Categories(ctx, t)
	return cs, err
}

// AddProduct adds a product; its id, time and version are set here.
func (s *Service) AddProduct(ctx context.Context, t merchant.Tenant, actor string, p Product) (Product, error) {
	now := s.Clock.Now()
	p.MerchantID, p.ID, p.CreatedAt, p.Picture, p.Version = t.ID(), s.IDs.At(id.Product, now), now, 0, 1
	err := s.saveProduct(ctx, t, actor, "product.added", p, func(ctx context.Context, tx Tx) error {
		n, _, err := tx.CountProducts(ctx, t)
		if err != nil {
			return err
		}
		if n >= MaxProducts {
			return errManyProducts
		}
		return tx.InsertProduct(ctx, p)
	})
	return p, err
}

var errManyProducts = fault.InvalidField("/name", "TOO_MANY", "상품은 10,000개까지 등록할 수 있어요.")

// SaveProduct replaces a product; p.Version is the version that was read.
func (s *Service) SaveProduct(ctx context.Context, t merchant.Tenant, actor string, p Product) (Product, error) {
	if !id.Valid(id.Product, p.ID) {
		return Product{}, ErrNotFound
	}
	p.MerchantID = t.ID()
	p.Version++
	err := s.saveProduct(ctx, t, actor, "product.saved", p, func(ctx context.Context, tx Tx) error {
		was, err := tx.Product(ctx, t, p.ID)
		if err != nil {
			return err
		}
		p.CreatedAt, p.Picture = was.CreatedAt, was.Picture
		return tx.UpdateProduct(ctx, p)
	})
	return p, err
}

func (s *Service) saveProduct(ctx context.Context, t merchant.Tenant, actor, action string, p Product, write func(context.Context, Tx) error) error {
	m, err := s.Merchants.Merchant(ctx, t)
	if err != nil {
		return err
	}
	if err := p.Validate(m.TaxType); err != nil {
		return err
	}
	err = s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
		if p.CategoryID != "" {
			if _, err := tx.Category(ctx, t, p.CategoryID); errors.Is(err, ErrAbsent) {
				return fault.InvalidField("/categoryId", "UNKNOWN_CATEGORY", "없는 분류예요. 분류를 다시 골라 주세요.")
			} else if err != nil {
				return err
			}
		}
		if err := write(ctx, tx); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, action, p.ID))
	})
	return told(err, ErrNotFound, ErrBarcodeTaken)
}

// RemoveProduct takes a product away; version is the one that was read.
func (s *Service) RemoveProduct(ctx context.Context, t merchant.Tenant, actor, productID string, version int64) error {
	if !id.Valid(id.Product, productID) {
		return ErrNotFound
	}
	return told(s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Product(ctx, t, productID); err != nil {
			return err
		}
		if err := tx.DeleteProduct(ctx, t, productID, version); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "product.removed", productID))
	}), ErrNotFound, ErrBarcodeTaken)
}

// AddCategory adds a category; its id and version are set here.
func (s *Service) AddCategory(ctx context.Context, t merchant.Tenant, actor string, c Category) (Category, error) {
	c.MerchantID, c.ID, c.Version = t.ID(), s.IDs.At(id.Category, s.Clock.Now()), 1
	if err := c.Validate(); err != nil {
		return Category{}, err
	}
	return c, told(s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
		cs, err := tx.Categories(ctx, t)
		if err != nil {
			return err
		}
		if len(cs) >= MaxCategories {
			return fault.InvalidField("/name", "TOO_MANY", "분류는 200개까지 만들 수 있어요.")
		}
		if err := tx.InsertCategory(ctx, c); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "category.added", c.ID))
	}), ErrNoCategory, ErrNameTaken)
}

// SaveCategory replaces a category; c.Version is the version that was read.
func (s *Service) SaveCategory(ctx context.Context, t merchant.Tenant, actor string, c Category) (Category, error) {
	if !id.Valid(id.Category, c.ID) {
		return Category{}, ErrNoCategory
	}
	c.MerchantID = t.ID()
	c.Version++
	if err := c.Validate(); err != nil {
		return Category{}, err
	}
	return c, told(s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Category(ctx, t, c.ID); err != nil {
			return err
		}
		if err := tx.UpdateCategory(ctx, c); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "category.saved", c.ID))
	}), ErrNoCategory, ErrNameTaken)
}

// RemoveCategory takes a category away; its products stay, without one.
func (s *Service) RemoveCategory(ctx context.Context, t merchant.Tenant, actor, categoryID string, version int64) error {
	if !id.Valid(id.Category, categoryID) {
		return ErrNoCategory
	}
	return told(s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
		if _, err := tx.Category(ctx, t, categoryID); err != nil {
			return err
		}
		if err := tx.DeleteCategory(ctx, t, categoryID, version); err != nil {
			return err
		}
		return tx.Record(ctx, s.record(t, actor, "category.removed", categoryID))
	}), ErrNoCategory, ErrNameTaken)
}

func (s *Service) record(t merchant.Tenant, actor, action, subject string) audit.Record {
	now := s.Clock.Now()
	return audit.Record{MerchantID: t.ID(), ID: s.IDs.At(id.Audit, now), At: now, Actor: actor, Action: action, Subject: subject}
}

// told turns a Store's result into the fault of its kind.
func told(err error, absent, taken *fault.Error) error {
	switch {
	case errors.Is(err, ErrAbsent):
		return absent
	case errors.Is(err, ErrTaken):
		return taken
	case errors.Is(err, ErrStale):
		return ErrChanged
	}
	return err
}
