package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/ledger"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/sales"
	"innopay/internal/store/sqlgen"
	"innopay/money"
)

// salesTx implements sales.Tx.
type salesTx struct {
	recorder
	q *sqlgen.Queries
}

var _ sales.Store = (*DB)(nil)

// SalesTx implements sales.Store.
func (db *DB) SalesTx(ctx context.Context, fn func(ctx context.Context, tx sales.Tx) error) error {
	var t *salesTx
	return unavailable(db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &salesTx{recorder{db: db, into: q}, q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first }))
}

// Moves implements sales.Store.
func (db *DB) Moves(ctx context.Context, t merchant.Tenant, day clock.Day) ([]sales.Move, error) {
	rows, err := db.q.SalesMoves(ctx, sqlgen.SalesMovesParams{MerchantID: t.ID(), First: string(day), Last: string(day)})
	if err != nil {
		return nil, err
	}
	ms := make([]sales.Move, len(rows))
	for i := range rows {
		if ms[i], err = moveOf(&rows[i]); err != nil {
			return nil, err
		}
	}
	return ms, nil
}

func moveOf(r *sqlgen.SalesMovesRow) (sales.Move, error) {
	m := sales.Move{
		Day: clock.Day(r.Day), At: clock.FromMicros(r.At), Posted: money.Won(-r.Posted), Channel: payment.Channel(r.Channel),
		IssuerCode: r.IssuerCode, IssuerName: r.IssuerName, CardType: r.CardType, StaffID: r.StaffID,
		Split: splitOf(r.Amount, r.Supplied, r.Vat, r.TaxFree, r.ServiceFee),
	}
	if r.Event == string(ledger.Cancel) {
		m.Cancel, m.Posted, m.Whole = true, -m.Posted, r.CAmount == r.Amount
		m.Split = splitOf(r.CAmount, r.CSupplied, r.CVat, r.CTaxFree, r.CServiceFee)
	}
	if r.Items != "" {
		if err := json.Unmarshal([]byte(r.Items), &m.Items); err != nil {
			return m, fmt.Errorf("store: items: %w", err)
		}
	}
	return m, nil
}

// NextSale implements sales.Store.
func (db *DB) NextSale(ctx context.Context, t merchant.Tenant, after clock.Day) (clock.Day, error) {
	day, err := db.q.FirstSale(ctx, sqlgen.FirstSaleParams{MerchantID: t.ID(), Day: string(after)})
	return clock.Day(day), err
}

// Rolled implements sales.Store.
func (db *DB) Rolled(ctx context.Context, t merchant.Tenant) (clock.Day, error) {
	day, err := db.q.SalesRolled(ctx, t.ID())
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return clock.Day(day), err
}

// Roll implements sales.Store.
func (db *DB) Roll(ctx context.Context, t merchant.Tenant, was, through clock.Day, lines []sales.Line) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		var n int64
		var err error
		if was == "" {
			n, err = q.InsertSalesRolled(ctx, sqlgen.InsertSalesRolledParams{MerchantID: t.ID(), Through: string(through)})
		} else {
			n, err = q.UpdateSalesRolled(ctx, sqlgen.UpdateSalesRolledParams{MerchantID: t.ID(), Was: string(was), Through: string(through)})
		}
		if err := orElse(n, err, sales.ErrTaken); err != nil {
			return err
		}
		for _, l := range lines {
			if err := q.InsertSalesTotal(ctx, totalRow(t, l)); err != nil {
				return err
			}
		}
		return nil
	})
}

func totalRow(t merchant.Tenant, l sales.Line) sqlgen.InsertSalesTotalParams {
	s, c := l.Sold, l.Canceled
	return sqlgen.InsertSalesTotalParams{
		MerchantID: t.ID(), Dimension: string(l.Dimension), Day: string(l.Day), Value: l.Value, Label: l.Label,
		SoldCount: l.Count, Sold: int64(s.Amount), SoldSupplied: int64(s.Supplied), SoldVat: int64(s.VAT),
		SoldTaxFree: int64(s.TaxFree), SoldServiceFee: int64(s.ServiceFee),
		CanceledCount: l.CanceledCount, Canceled: int64(c.Amount), CanceledSupplied: int64(c.Supplied), CanceledVat: int64(c.VAT),
		CanceledTaxFree: int64(c.TaxFree), CanceledServiceFee: int64(c.ServiceFee), Quantity: l.Quantity,
	}
}

// Totals implements sales.Store.
func (db *DB) Totals(ctx context.Context, t merchant.Tenant, d sales.Dimension, days sales.Days, each bool) ([]sales.Line, error) {
	if each {
		rows, err := db.q.SalesTotalsByDay(ctx, sqlgen.SalesTotalsByDayParams{
			MerchantID: t.ID(), Dimension: string(d), First: string(days.From), Last: string(days.To),
		})
		ls := make([]sales.Line, len(rows))
		for i, r := range rows {
			ls[i] = lineOf(d, sqlgen.SalesTotalsRow{
				Value: r.Value, Label: r.Label, SoldCount: r.SoldCount, Sold: r.Sold, SoldSupplied: r.SoldSupplied, SoldVat: r.SoldVat,
				SoldTaxFree: r.SoldTaxFree, SoldServiceFee: r.SoldServiceFee, CanceledCount: r.CanceledCount, Canceled: r.Canceled,
				CanceledSupplied: r.CanceledSupplied, CanceledVat: r.CanceledVat, CanceledTaxFree: r.CanceledTaxFree,
				CanceledServiceFee: r.CanceledServiceFee, Quantity: r.Quantity,
			})
			ls[i].Day = clock.Day(r.Day)
		}
		return ls, err
	}
	rows, err := db.q.SalesTotals(ctx, sqlgen.SalesTotalsParams{
		MerchantID: t.ID(), Dimension: string(d), First: string(days.From), Last: string(days.To),
	})
	ls := make([]sales.Line, len(rows))
	for i, r := range rows {
		ls[i] = lineOf(d, r)
	}
	return ls, err
}

func lineOf(d sales.Dimension, r sqlgen.SalesTotalsRow) sales.Line {
	return sales.Line{Dimension: d, Value: r.Value, Label: r.Label, Sum: sales.Sum{
		Count: r.SoldCount, Sold: splitOf(r.Sold, r.SoldSupplied, r.SoldVat, r.SoldTaxFree, r.SoldServiceFee),
		CanceledCount: r.CanceledCount, Quantity: r.Quantity,
		Canceled: splitOf(r.Canceled, r.CanceledSupplied, r.CanceledVat, r.CanceledTaxFree, r.CanceledServiceFee),
	}}
}

// InsertClosing implements sales.Tx.
func (t *salesTx) InsertClosing(ctx context.Context, c sales.Closing) error {
	figures, err := json.Marshal(c.Figures) //nolint:musttag // written and read here only
	if err != nil {
		return err
	}
	counted, err := json.Marshal(c.Counted)
	if err != nil {
		return err
	}
	n, err := t.q.InsertClosing(ctx, sqlgen.InsertClosingParams{
		MerchantID: c.MerchantID, Day: string(c.Day), Version: c.Version, Figures: string(figures), Counted: string(counted),
		FloatCash: int64(c.Float), ExpectedCash: int64(c.Expected), CountedCash: int64(c.Cash), Difference: int64(c.Difference), Note: c.Note,
		RequestKey: c.Key, ClosedBy: c.Actor, ClosedAt: clock.Micros(c.At),
	})
	return orElse(n, err, sales.ErrTaken)
}

// ReopenClosing implements sales.Tx.
func (t *salesTx) ReopenClosing(ctx context.Context, c sales.Closing) error {
	n, err := t.q.ReopenClosing(ctx, sqlgen.ReopenClosingParams{
		MerchantID: c.MerchantID, Day: string(c.Day), Version: c.Version, Actor: c.ReopenedBy, At: clock.Micros(c.ReopenedAt), Reason: c.Reason,
	})
	return orElse(n, err, sales.ErrTaken)
}

// ClosingByKey implements sales.Store.
func (db *DB) ClosingByKey(ctx context.Context, t merchant.Tenant, key string) (sales.Closing, error) {
	r, err := db.q.ClosingByKey(ctx, sqlgen.ClosingByKeyParams{MerchantID: t.ID(), RequestKey: key})
	if errors.Is(err, sql.ErrNoRows) {
		return sales.Closing{}, sales.ErrAbsent
	}
	if err != nil {
		return sales.Closing{}, err
	}
	return closingOf(r)
}

// ClosingsOf implements sales.Store.
func (db *DB) ClosingsOf(ctx context.Context, t merchant.Tenant, day clock.Day) ([]sales.Closing, error) {
	rows, err := db.q.ClosingsOfDay(ctx, sqlgen.ClosingsOfDayParams{MerchantID: t.ID(), Day: string(day)})
	if err != nil {
		return nil, err
	}
	return closings(rows)
}

// Closings implements sales.Store.
func (db *DB) Closings(ctx context.Context, t merchant.Tenant, days sales.Days, limit int) ([]sales.Closing, error) {
	rows, err := db.q.Closings(ctx, sqlgen.ClosingsParams{
		MerchantID: t.ID(), First: string(days.From), Last: string(days.To), Most: int32(min(limit, math.MaxInt32)), //nolint:gosec // bounded
	})
	if err != nil {
		return nil, err
	}
	return closings(rows)
}

func closings(rows []sqlgen.Closing) ([]sales.Closing, error) {
	cs := make([]sales.Closing, len(rows))
	for i, r := range rows {
		var err error
		if cs[i], err = closingOf(r); err != nil {
			return nil, err
		}
	}
	return cs, nil
}

func closingOf(r sqlgen.Closing) (sales.Closing, error) {
	c := sales.Closing{
		MerchantID: r.MerchantID, Day: clock.Day(r.Day), Version: r.Version, Float: money.Won(r.FloatCash), Expected: money.Won(r.ExpectedCash),
		Cash: money.Won(r.CountedCash), Difference: money.Won(r.Difference), Note: r.Note, Key: r.RequestKey, Actor: r.ClosedBy,
		At: clock.FromMicros(r.ClosedAt), ReopenedBy: r.ReopenedBy, ReopenedAt: clock.FromMicros(r.ReopenedAt), Reason: r.Reason,
	}
	if err := json.Unmarshal([]byte(r.Figures), &c.Figures); err != nil { //nolint:musttag // written and read here only
		return c, fmt.Errorf("store: figures of a closing: %w", err)
	}
	if err := json.Unmarshal([]byte(r.Counted), &c.Counted); err != nil {
		return c, fmt.Errorf("store: count of a closing: %w", err)
	}
	return c, nil
}
