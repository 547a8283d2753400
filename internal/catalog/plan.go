package catalog

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"innopay/fault"
	"innopay/id"
	"innopay/internal/catalog/table"
	"innopay/internal/merchant"
	"innopay/money"
)

// nameKey is what a product without a barcode is known by.
type nameKey struct{ name, categoryID string }

// plan is what a table makes of a catalogue. Nothing of it is written yet.
type plan struct {
	report     Report
	changes    []Product  // version 1: to be inserted
	categories []Category // to be inserted

	tenant merchant.Tenant
	sells  money.TaxType
	ids    *id.Source
	now    time.Time
	sheet  table.Sheet

	byID         map[string]Product
	byBarcode    map[string]Product
	byName       map[nameKey][]Product // those without a barcode; by name alone where the file has no categories
	named        map[string]Category   // by name, with those to be inserted
	count        int
	nextSort     int64
	categorySort int64

	rows     map[string]int  // which row took a product, by its id
	barcodes map[string]int  // which row brings a barcode
	names    map[nameKey]int // which row brings a new product of the name
}

func (s *Service) newPlan(t merchant.Tenant, sells money.TaxType, sheet table.Sheet, all []Product, cs []Category) *plan {
	p := &plan{
		tenant: t, sells: sells, ids: s.IDs, now: s.Clock.Now(), sheet: sheet, count: len(all),
		byID: map[string]Product{}, byBarcode: map[string]Product{}, byName: map[nameKey][]Product{}, named: map[string]Category{},
		rows: map[string]int{}, barcodes: map[string]int{}, names: map[nameKey]int{},
	}
	p.report = Report{Rows: len(sheet.Rows), Ignored: sheet.Ignored}
	for _, one := range all {
		p.byID[one.ID] = one
		if one.Barcode == "" {
			key := p.key(one)
			p.byName[key] = append(p.byName[key], one)
		} else {
			p.byBarcode[one.Barcode] = one
		}
		p.nextSort = min(MaxSort, max(p.nextSort, one.Sort+1))
	}
	for _, c := range cs {
		p.named[c.Name] = c
		p.categorySort = min(MaxSort, max(p.categorySort, c.Sort+1))
	}
	return p
}

// key is what a product without a barcode is known by in this file.
func (p *plan) key(one Product) nameKey {
	if !p.sheet.Has(table.Category) {
		return nameKey{name: one.Name}
	}
	return nameKey{one.Name, one.CategoryID}
}

// draft is one row on its way.
type draft struct {
	row      table.Row
	product  Product
	is       bool      // there is such a product
	category *Category // to be inserted with it
	wrong    []RowError
}

func (d *draft) fail(c table.Column, code, message string) {
	d.wrong = append(d.wrong, RowError{Row: d.row.Number, Column: c, Code: code, Message: message, Value: table.Shown(d.row.Cells[c])})
}

// row plans one row. A wrong one leaves no trace but its errors.
func (p *plan) row(row table.Row) {
	d := &draft{row: row}
	categoryID := p.category(d)
	p.match(d, categoryID)
	if len(d.wrong) == 0 {
		p.fill(d, categoryID)
		p.validate(d)
	}
	if len(d.wrong) == 0 {
		p.unique(d)
	}
	if len(d.wrong) > 0 {
		p.report.ErrorCount += len(d.wrong)
		p.report.Errors = append(p.report.Errors, d.wrong[:min(len(d.wrong), maxRowErrors-len(p.report.Errors))]...)
		return
	}
	p.take(d)
}

// category finds the category that a row names, or plans a new one.
func (p *plan) category(d *draft) string {
	name := d.row.Cells[table.Category]
	if name == "" {
		return ""
	}
	if c, ok := p.named[name]; ok {
		return c.ID
	}
	c := Category{MerchantID: p.tenant.ID(), ID: p.ids.At(id.Category, p.now), Name: name, Sort: p.categorySort, Version: 1}
	if err := c.Validate(); err != nil {
		d.fail(table.Category, "INVALID_TEXT", "분류 이름은 1~100자로 입력해 주세요.")
		return ""
	}
	if len(p.named) >= MaxCategories {
		d.fail(table.Category, "TOO_MANY", "분류는 200개까지 만들 수 있어요.")
		return ""
	}
	d.category = &c
	return c.ID
}

// match finds the product that a row means; a new one where there is none.
func (p *plan) match(d *draft, categoryID string) {
	cell := d.row.Cells
	if wanted := cell[table.ID]; wanted != "" {
		if d.product, d.is = p.byID[wanted]; !d.is {
			d.fail(table.ID, errorNoProduct, "이 상품번호의 상품이 없어요. 새 상품은 상품번호를 비워 주세요.")
		}
		return
	}
	if code := cell[table.Barcode]; code != "" {
		if d.product, d.is = p.byBarcode[code]; d.is {
			return
		}
	}
	same := p.byName[nameKey{cell[table.Name], categoryID}]
	switch {
	case cell[table.Name] == "" || len(same) == 0:
	case len(same) == 1:
		d.product, d.is = same[0], true
		return
	default:
		d.fail(table.Name, "AMBIGUOUS", "이름과 분류가 같은 상품이 여럿이에요. 상품번호나 바코드를 넣어 주세요.")
		return
	}
	d.product = Product{MerchantID: p.tenant.ID(), Tax: p.defaultTax(), Sort: p.nextSort, CreatedAt: p.now}
}

// defaultTax is the tax kind of products that do not say.
func (p *plan) defaultTax() money.TaxType {
	if p.sells == money.TaxFree {
		return money.TaxFree
	}
	return money.Taxable
}

// fill takes over the columns that the file has.
func (p *plan) fill(d *draft, categoryID string) {
	cell, one := d.row.Cells, &d.product
	for _, c := range p.sheet.Columns {
		switch c {
		case table.Name:
			one.Name = cell[c]
		case table.Category:
			one.CategoryID = categoryID
		case table.Barcode:
			one.Barcode = cell[c]
		case table.Price:
			if n, ok := table.Number(cell[c]); ok {
				one.Price = money.Won(n)
			} else {
				d.fail(c, "INVALID_NUMBER", "가격을 숫자로 입력해 주세요.")
			}
		case table.Stock:
			p.fillStock(d)
		case table.Tax:
			p.fillTax(d)
		case table.SoldOut, table.Favourite:
			p.fillMark(d, c)
		case table.ID:
		}
	}
}

func (p *plan) fillStock(d *draft) {
	d.product.Stock = nil
	if d.row.Cells[table.Stock] == "" {
		return
	}
	n, ok := table.Number(d.row.Cells[table.Stock])
	if !ok {
		d.fail(table.Stock, "INVALID_NUMBER", "재고를 숫자로 입력해 주세요. 세지 않으려면 비워 주세요.")
		return
	}
	d.product.Stock = &n
}

func (p *plan) fillMark(d *draft, c table.Column) {
	value, ok := table.YesNo(d.row.Cells[c])
	switch {
	case !ok:
		d.fail(c, "UNKNOWN_VALUE", "예 또는 아니요로 입력해 주세요.")
	case c == table.SoldOut:
		d.product.SoldOut = value
	default:
		d.product.Favourite = value
	}
}

func (p *plan) fillTax(d *draft) {
	d.product.Tax = p.defaultTax()
	if d.row.Cells[table.Tax] == "" {
		return
	}
	tax, ok := table.TaxType(d.row.Cells[table.Tax])
	if !ok {
		d.fail(table.Tax, "UNKNOWN_VALUE", "과세 또는 면세로 입력해 주세요.")
		return
	}
	d.product.Tax = tax
}

// validate holds the row against the rules of a product.
func (p *plan) validate(d *draft) {
	told := map[table.Column]bool{}
	for _, w := range d.wrong {
		told[w.Column] = true
	}
	named, _ := errors.AsType[*fault.Error](d.product.Validate(p.sells))
	if named == nil {
		return
	}
	for _, f := range named.Fields {
		c := table.Column(strings.TrimPrefix(f.Path, "/"))
		switch {
		case told[c]:
		case !p.sheet.Has(c) && (c == table.Name || c == table.Price):
			d.fail(c, "REQUIRED", "새 상품에는 상품명과 가격이 있어야 해요.")
		case f.Path == "/categoryId" || f.Path == "/sort":
			d.fail("", f.Code, f.Message)
		default:
			d.fail(c, f.Code, f.Message)
		}
		told[c] = true
	}
}

// unique refuses what another row or another product has already.
func (p *plan) unique(d *draft) {
	one := d.product
	if d.is {
		if row, ok := p.rows[one.ID]; ok {
			d.fail("", "DUPLICATE", fmt.Sprintf("%d번째 줄과 같은 상품이에요.", row))
			return
		}
	}
	if one.Barcode != "" {
		if row, ok := p.barcodes[one.Barcode]; ok {
			d.fail(table.Barcode, "DUPLICATE", fmt.Sprintf("%d번째 줄과 바코드가 같아요.", row))
			return
		}
		if holder, ok := p.byBarcode[one.Barcode]; ok && holder.ID != one.ID {
			d.fail(table.Barcode, "BARCODE_TAKEN", "다른 상품이 쓰는 바코드예요.")
			return
		}
	}
	if row, ok := p.names[p.key(one)]; ok && !d.is && one.Barcode == "" {
		d.fail(table.Name, "DUPLICATE", fmt.Sprintf("%d번째 줄과 이름과 분류가 같아요.", row))
		return
	}
	if !d.is && p.count+p.report.Created >= MaxProducts {
		d.fail("", "TOO_MANY", "상품은 10,000개까지 등록할 수 있어요.")
	}
}

// take plans what a good row does.
func (p *plan) take(d *draft) {
	if d.category != nil {
		p.named[d.category.Name] = *d.category
		p.categories = append(p.categories, *d.category)
		p.categorySort = min(MaxSort, p.categorySort+1)
		p.report.Categories++
	}
	one := d.product
	switch {
	case !d.is:
		one.ID, one.Version = p.ids.At(id.Product, p.now), 1
		p.nextSort = min(MaxSort, p.nextSort+1)
		p.report.Created++
		p.changes = append(p.changes, one)
		if one.Barcode == "" {
			p.names[p.key(one)] = d.row.Number
		}
	case one.same(p.byID[one.ID]):
		p.report.Unchanged++
	default:
		if !one.counts(p.byID[one.ID]) {
			p.report.Restocked++
		}
		one.Version++
		p.report.Updated++
		p.changes = append(p.changes, one)
	}
	p.rows[one.ID] = d.row.Number
	if one.Barcode != "" {
		p.barcodes[one.Barcode] = d.row.Number
	}
}
