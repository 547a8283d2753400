package catalog

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"innopay/internal/catalog/table"
	"innopay/internal/grid"
	"innopay/internal/merchant"
	"innopay/money"
)

// Bounds of an import.
const (
	importChunk    = 250 // rows written in one transaction
	importTries    = 3   // how often it is planned anew because somebody was faster
	maxRowErrors   = 200 // that are told one by one
	errorNoProduct = "UNKNOWN_PRODUCT"
)

// Import is a table of products to be taken over.
type Import struct {
	Format  grid.Format
	File    []byte
	DryRun  bool // say what would happen, and change nothing
	Partial bool // take the good rows although others are bad
}

// RowError is one wrong value of a row.
type RowError = grid.Wrong

// Report says what an import did, or in a dry run would do.
type Report struct {
	Rows       int // with something in them
	Created    int
	Updated    int
	Unchanged  int
	Restocked  int  // of the updated ones: whose stock is another, what was sold since the file was made notwithstanding
	Categories int  // created
	Done       bool // it was written; false in a dry run, and when rows were bad and the good ones not asked for
	Errors     []RowError
	ErrorCount int      // of all, where Errors is cut
	Ignored    []string // headings of columns that mean nothing here
}

// Import creates and updates products from a table. A row means the product with its id,
// else with its barcode, else with its name and category among those without a barcode;
// so the same file again changes nothing. Columns that the file lacks and products that
// it does not name stay as they are; new products stand at the end. Nothing is written
// when a row is bad, unless Partial is set. It returns Invalid about the body as a whole
// when the file is no table, ErrBusy, or ErrChanged when others changed the same
// products meanwhile: the same import again goes on.
func (s *Service) Import(ctx context.Context, t merchant.Tenant, actor string, in Import) (Report, error) {
	sheet, err := table.Open(ctx, in.Format, in.File)
	if err != nil {
		return Report{}, err
	}
	m, err := s.Merchants.Merchant(ctx, t)
	if err != nil {
		return Report{}, err
	}
	var first *Report
	for range importTries {
		p, err := s.planned(ctx, t, m.TaxType, sheet)
		if err != nil {
			return Report{}, err
		}
		if first == nil {
			first = &p.report
			if in.DryRun || p.report.ErrorCount > 0 && !in.Partial {
				return *first, nil
			}
		}
		if p.report.ErrorCount > first.ErrorCount {
			return Report{}, ErrChanged // rows that were good are not any more: that is to be seen first
		}
		switch err = s.carryOut(ctx, t, actor, p); {
		case err == nil:
			first.Done = true
			return *first, nil
		case !errors.Is(err, ErrStale) && !errors.Is(err, ErrTaken):
			return Report{}, err
		}
	}
	return Report{}, ErrChanged
}

// All is the whole catalogue in order, and the names of its categories by id.
func (s *Service) All(ctx context.Context, t merchant.Tenant) ([]Product, map[string]string, error) {
	all, err := everything(ctx, s.Store, t)
	if err != nil {
		return nil, nil, err
	}
	cs, err := s.Store.Categories(ctx, t)
	names := make(map[string]string, len(cs))
	for _, c := range cs {
		names[c.ID] = c.Name
	}
	return all, names, err
}

// Cells are a product as a row of a table (table.Columns).
func (p Product) Cells(category string) []string {
	stock := ""
	if p.Stock != nil {
		stock = strconv.FormatInt(*p.Stock, 10)
	}
	byColumn := map[grid.Column]string{
		table.Name: p.Name, table.Category: category, table.Price: strconv.FormatInt(int64(p.Price), 10), table.Tax: table.TaxWord(p.Tax),
		table.Barcode: p.Barcode, table.Stock: stock, table.SoldOut: grid.Mark(p.SoldOut), table.Favourite: grid.Mark(p.Favourite), table.ID: p.ID,
	}
	cells := make([]string, len(table.Columns))
	for i, c := range table.Columns {
		cells[i] = byColumn[c]
	}
	return cells
}

// planned reads the catalogue as it is and says what the table makes of it.
func (s *Service) planned(ctx context.Context, t merchant.Tenant, sells money.TaxType, sheet grid.Sheet) (*plan, error) {
	all, err := everything(ctx, s.Store, t)
	if err != nil {
		return nil, err
	}
	cs, err := s.Store.Categories(ctx, t)
	if err != nil {
		return nil, err
	}
	p := s.newPlan(t, sells, sheet, all, cs)
	for _, row := range sheet.Rows {
		p.row(row)
	}
	return p, nil
}

// carryOut writes a plan, a part in each transaction. What was written stays when a later
// part meets another's change; the next plan finds it unchanged.
func (s *Service) carryOut(ctx context.Context, t merchant.Tenant, actor string, p *plan) error {
	if len(p.categories) > 0 {
		err := s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
			for _, c := range p.categories {
				if err := tx.InsertCategory(ctx, c); err != nil {
					return err
				}
			}
			return tx.Record(ctx, s.record(t, actor, "category.imported", t.ID()))
		})
		if err != nil {
			return err
		}
	}
	for rest := p.changes; len(rest) > 0; {
		part := rest[:min(importChunk, len(rest))]
		rest = rest[len(part):]
		err := s.tx(ctx, t, func(ctx context.Context, tx Tx) error {
			for _, p := range part {
				write := tx.UpdateProduct
				if p.Version == 1 {
					write = tx.InsertProduct
				}
				if err := write(ctx, p); err != nil {
					return err
				}
			}
			r := s.record(t, actor, "product.imported", t.ID())
			r.Detail = fmt.Sprintf(`{"products":"%d"}`, len(part))
			return tx.Record(ctx, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
