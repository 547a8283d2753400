// Package catalog keeps what a merchant sells: categories and products, with the
// tax kind each is sold under. Payments copy what they need, so that a product may
// change or go at any time.
package catalog

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/catalog/picture"
	"innopay/internal/merchant"
	"innopay/internal/outbox"
	"innopay/money"
)

// Limits of a catalogue.
const (
	MaxName       = 100 // characters
	MaxBarcode    = 48
	MaxSort       = 1_000_000
	MaxStock      = 1_000_000_000
	MaxCategories = 200
	MaxProducts   = 10_000
	MaxPage       = 500
)

// Category groups products on the screen.
type Category struct {
	MerchantID string
	ID         string // id.Category
	Name       string
	Sort       int64 // rising on the screen, 0..MaxSort
	Version    int64
}

// Product is one thing that is sold.
type Product struct {
	MerchantID string
	ID         string // id.Product
	CategoryID string // empty: none
	Name       string
	Price      money.Won     // of one, VAT included; 1..money.Max
	Tax        money.TaxType // Taxable or TaxFree
	Barcode    string        // empty: none; unique at the merchant
	SoldOut    bool
	Favourite  bool
	Sort       int64  // rising on the screen, 0..MaxSort
	Stock      *int64 // nil: not counted
	Picture    int64  // version that brought its picture; 0: none
	CreatedAt  time.Time
	Version    int64 // rises with every change; a change names the one it read
}

// Available reports whether it can be sold: not marked as sold out, and in stock where
// the stock is counted.
func (p Product) Available() bool { return !p.SoldOut && (p.Stock == nil || *p.Stock > 0) }

// Filter are the conditions of a list. Zero values do not filter.
type Filter struct {
	Text       string // part of the name, or the whole barcode
	CategoryID string
	Barcode    string
	Favourite  bool
	Cursor     string // Page.Next of the page before
}

// Page is a part of the list, in order of Sort and age.
type Page struct {
	Products []Product
	Next     string // empty on the last page
}

// Faults of this package, beside those about fields.
var (
	ErrNotFound     = fault.New(fault.NotFound, "PRODUCT_NOT_FOUND", "상품을 찾을 수 없어요. 목록을 새로 고쳐 주세요.")
	ErrNoCategory   = fault.New(fault.NotFound, "CATEGORY_NOT_FOUND", "분류를 찾을 수 없어요. 목록을 새로 고쳐 주세요.")
	ErrChanged      = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
	ErrBarcodeTaken = fault.New(fault.Conflict, "BARCODE_TAKEN", "다른 상품이 쓰는 바코드예요. 바코드를 다시 확인해 주세요.")
	ErrNameTaken    = fault.New(fault.Conflict, "CATEGORY_TAKEN", "같은 이름의 분류가 이미 있어요. 다른 이름을 입력해 주세요.")
)

// Results of a Store that this package acts on. Everything else is a broken database.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("catalog: absent")
	// ErrTaken: the barcode or category name is another row's; nothing was written.
	ErrTaken = errors.New("catalog: taken")
	// ErrStale: the row has another version; nothing was written.
	ErrStale = errors.New("catalog: changed since it was read")
)

// Position is where a page of the list ended.
type Position struct {
	Sort int64
	ID   string
}

// Reader reads what is committed, or inside a Tx what it sees.
type Reader interface {
	// Product or ErrAbsent.
	Product(ctx context.Context, t merchant.Tenant, id string) (Product, error)
	// Products after the position in order of sort and id.
	Products(ctx context.Context, t merchant.Tenant, f Filter, after Position, limit int) ([]Product, error)
	// CountProducts of the tenant, and the highest sort among them, -1 without any.
	CountProducts(ctx context.Context, t merchant.Tenant) (count int, lastSort int64, err error)
	// Picture of a product in a size, or ErrAbsent.
	Picture(ctx context.Context, t merchant.Tenant, productID string, size Size) ([]byte, error)
	// Move of a payment, or ErrAbsent.
	Move(ctx context.Context, t merchant.Tenant, paymentID string) (Move, error)
	// Category or ErrAbsent.
	Category(ctx context.Context, t merchant.Tenant, id string) (Category, error)
	// Categories in order of sort and id.
	Categories(ctx context.Context, t merchant.Tenant) ([]Category, error)
}

// Tx is one transaction. Updates write where the version is the row's less one,
// deletes where it is the one given, else they return ErrStale.
type Tx interface {
	Reader
	audit.Writer
	outbox.Writer
	InsertProduct(ctx context.Context, p Product) error
	UpdateProduct(ctx context.Context, p Product) error
	// DeleteProduct with its picture.
	DeleteProduct(ctx context.Context, t merchant.Tenant, id string, version int64) error
	// PutPicture of a product, in place of the one before.
	PutPicture(ctx context.Context, t merchant.Tenant, productID string, p picture.Pair) error
	// DropPicture of a product; an absent one is no error.
	DropPicture(ctx context.Context, t merchant.Tenant, productID string) error
	// InsertMove, or ErrTaken when the payment has one.
	InsertMove(ctx context.Context, m Move) error
	// ReturnMove marks a move as returned, or ErrStale when it was before.
	ReturnMove(ctx context.Context, t merchant.Tenant, paymentID string) error
	InsertCategory(ctx context.Context, c Category) error
	UpdateCategory(ctx context.Context, c Category) error
	// DeleteCategory and leave its products without one.
	DeleteCategory(ctx context.Context, t merchant.Tenant, id string, version int64) error
}

// Store is everything this package asks of a database.
type Store interface {
	Reader
	// Tx runs fn in one transaction; it is run again when the engine asks for it, so
	// fn has no effect outside. An error of fn rolls back and is returned as it is.
	Tx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
}

// Validate checks a product of a merchant with the tax type and names every wrong field.
func (p Product) Validate(sells money.TaxType) error {
	var c fault.Checks
	c.That(merchant.Printable(p.Name, 1, MaxName), "/name", "INVALID_TEXT", "상품명은 1~100자로 입력해 주세요.")
	c.That(p.Price >= 1 && p.Price <= money.Max, "/price", "OUT_OF_RANGE", "가격은 1원부터 9,999,999,999원까지 입력할 수 있어요.")
	switch p.Tax {
	case money.Taxable:
		c.That(sells != money.TaxFree, "/tax", "NOT_SOLD", "면세 가맹점이라 과세 상품을 등록할 수 없어요.")
	case money.TaxFree:
		c.That(sells != money.Taxable, "/tax", "NOT_SOLD", "과세 가맹점이라 면세 상품을 등록할 수 없어요.")
	case money.Mixed:
		c.That(false, "/tax", "UNKNOWN_VALUE", "과세 또는 면세를 골라 주세요.")
	default:
		c.That(false, "/tax", "UNKNOWN_VALUE", "과세 또는 면세를 골라 주세요.")
	}
	c.That(p.Barcode == "" || barcode(p.Barcode), "/barcode", "INVALID_BARCODE", "바코드는 영문, 숫자, -만 48자까지 입력해 주세요.")
	c.That(p.CategoryID == "" || id.Valid(id.Category, p.CategoryID), "/categoryId", "INVALID_ID", "분류를 다시 골라 주세요.")
	c.That(p.Sort >= 0 && p.Sort <= MaxSort, "/sort", "OUT_OF_RANGE", "순서는 0부터 1,000,000까지 입력할 수 있어요.")
	c.That(p.Stock == nil || *p.Stock >= 0 && *p.Stock <= MaxStock, "/stock", "OUT_OF_RANGE", "재고는 0개부터 입력할 수 있어요.")
	return c.Err()
}

// Validate checks a category and names every wrong field.
func (c Category) Validate() error {
	var wrong fault.Checks
	wrong.That(merchant.Printable(c.Name, 1, MaxName), "/name", "INVALID_TEXT", "분류 이름은 1~100자로 입력해 주세요.")
	wrong.That(c.Sort >= 0 && c.Sort <= MaxSort, "/sort", "OUT_OF_RANGE", "순서는 0부터 1,000,000까지 입력할 수 있어요.")
	return wrong.Err()
}

func barcode(s string) bool {
	if len(s) > MaxBarcode {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return true
}

// cursor is the opaque form of a position.
func (p Position) cursor() string { return strconv.FormatInt(p.Sort, 10) + "." + p.ID }

// position reads a cursor; the empty one is before everything.
func position(cursor string) (Position, error) {
	if cursor == "" {
		return Position{Sort: -1}, nil
	}
	n, productID, _ := strings.Cut(cursor, ".")
	sort, err := strconv.ParseInt(n, 10, 64)
	if err != nil || sort < 0 || sort > MaxSort || !id.Valid(id.Product, productID) {
		return Position{}, fault.InvalidField("/cursor", "INVALID_CURSOR", "목록을 처음부터 다시 불러와 주세요.")
	}
	return Position{Sort: sort, ID: productID}, nil
}
