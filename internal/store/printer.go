package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"innopay/clock"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/printer"
	"innopay/internal/receipt/escpos"
	"innopay/internal/store/sqlgen"
)

// printerTx implements printer.Tx.
type printerTx struct {
	recorder
	q *sqlgen.Queries
}

var _ printer.Store = (*DB)(nil)

// PrinterTx implements printer.Store.
func (db *DB) PrinterTx(ctx context.Context, fn func(ctx context.Context, tx printer.Tx) error) error {
	var t *printerTx
	return unavailable(db.retry(ctx, func(d sqlgen.DBTX) error {
		if err := db.engine.room(); err != nil {
			return err
		}
		q := sqlgen.New(d)
		t = &printerTx{recorder{db: db, into: q}, q}
		return fn(ctx, t)
	}, func() audit.Record { return t.first }))
}

// noPrinter is printer.ErrAbsent when there is no row.
func noPrinter(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return printer.ErrAbsent
	}
	return err
}

// InsertPrinter implements printer.Tx.
func (t *printerTx) InsertPrinter(ctx context.Context, p printer.Printer) error {
	return t.q.InsertPrinter(ctx, sqlgen.InsertPrinterParams{
		MerchantID: p.MerchantID, ID: p.ID, Name: p.Name, Transport: string(p.Transport), Address: p.Address, Width: int64(p.Columns),
		Mode: string(p.Mode), Hangul: string(p.Hangul), Drawer: p.Drawer, TokenHash: p.TokenHash, Generation: int64(p.Generation),
		SeenAt: clock.Micros(p.SeenAt), ErrorCode: string(p.ErrorCode), CreatedAt: clock.Micros(p.CreatedAt), Version: p.Version,
	})
}

// UpdatePrinter implements printer.Tx.
func (t *printerTx) UpdatePrinter(ctx context.Context, p printer.Printer) error {
	n, err := t.q.UpdatePrinter(ctx, sqlgen.UpdatePrinterParams{
		MerchantID: p.MerchantID, ID: p.ID, Name: p.Name, Transport: string(p.Transport), Address: p.Address, Width: int64(p.Columns),
		Mode: string(p.Mode), Hangul: string(p.Hangul), Drawer: p.Drawer, TokenHash: p.TokenHash, Generation: int64(p.Generation),
		SeenAt: clock.Micros(p.SeenAt), ErrorCode: string(p.ErrorCode), Version: p.Version,
	})
	return orElse(n, err, printer.ErrStale)
}

// DeletePrinter implements printer.Tx.
func (t *printerTx) DeletePrinter(ctx context.Context, m merchant.Tenant, id string) (bool, error) {
	n, err := t.q.DeletePrinter(ctx, sqlgen.DeletePrinterParams{MerchantID: m.ID(), ID: id})
	return n == 1, err
}

// CountPrinters implements printer.Tx.
func (t *printerTx) CountPrinters(ctx context.Context, m merchant.Tenant) (int, error) {
	n, err := t.q.CountPrinters(ctx, m.ID())
	return int(n), err
}

// InsertPrint implements printer.Tx.
func (t *printerTx) InsertPrint(ctx context.Context, p printer.Print) error {
	n, err := t.q.InsertPrint(ctx, sqlgen.InsertPrintParams{
		MerchantID: p.MerchantID, ID: p.ID, Bucket: t.db.bucket(p.MerchantID), Kind: string(p.Kind), Subject: p.Subject.ID, CancelID: p.CancelID,
		PrinterID: p.PrinterID, Width: int64(p.Options.Columns), Mode: string(p.Options.Mode), Hangul: string(p.Options.Hangul),
		English: p.English, Drawer: p.Options.Drawer, Number: int64(p.Number), Status: string(p.Status), Code: string(p.Code),
		RequestKey: p.Key, Actor: p.Actor, CreatedAt: clock.Micros(p.CreatedAt), SentAt: clock.Micros(p.SentAt),
		SettledAt: clock.Micros(p.SettledAt), DueAt: clock.Micros(p.DueAt), Tries: int64(p.Tries), LeaseOwner: "", LeaseUntil: 0, Version: p.Version,
	})
	return orElse(n, err, printer.ErrKeyTaken)
}

// UpdatePrint implements printer.Tx.
func (t *printerTx) UpdatePrint(ctx context.Context, p printer.Print) error {
	n, err := t.q.UpdatePrint(ctx, sqlgen.UpdatePrintParams{
		MerchantID: p.MerchantID, ID: p.ID, Status: string(p.Status), Code: string(p.Code), SentAt: clock.Micros(p.SentAt),
		SettledAt: clock.Micros(p.SettledAt), DueAt: clock.Micros(p.DueAt), Tries: int64(p.Tries), Version: p.Version,
	})
	return orElse(n, err, printer.ErrStale)
}

// CountSlip implements printer.Tx.
func (t *printerTx) CountSlip(ctx context.Context, m merchant.Tenant, slip string) (int, error) {
	n, err := t.q.CountSlip(ctx, sqlgen.CountSlipParams{MerchantID: m.ID(), Slip: slip})
	return int(n), err
}

// UncountSlip implements printer.Tx.
func (t *printerTx) UncountSlip(ctx context.Context, m merchant.Tenant, slip string) error {
	_, err := t.q.UncountSlip(ctx, sqlgen.UncountSlipParams{MerchantID: m.ID(), Slip: slip})
	return err
}

// CountQueue implements printer.Tx.
func (t *printerTx) CountQueue(ctx context.Context, m merchant.Tenant, printerID string) (int, error) {
	n, err := t.q.CountQueue(ctx, sqlgen.CountQueueParams{MerchantID: m.ID(), PrinterID: printerID})
	return int(n), err
}

// PrintQueue implements printer.Tx.
func (t *printerTx) PrintQueue(ctx context.Context, m merchant.Tenant, printerID string, limit int) ([]printer.Print, error) {
	rows, err := t.q.PrintQueue(ctx, sqlgen.PrintQueueParams{MerchantID: m.ID(), PrinterID: printerID, Limit: most(limit)})
	return printsOf(rows), err
}

// PrintQueue implements printer.Store.
func (db *DB) PrintQueue(ctx context.Context, m merchant.Tenant, printerID string, limit int) ([]printer.Print, error) {
	rows, err := db.q.PrintQueue(ctx, sqlgen.PrintQueueParams{MerchantID: m.ID(), PrinterID: printerID, Limit: most(limit)})
	return printsOf(rows), err
}

// Printers implements printer.Store.
func (db *DB) Printers(ctx context.Context, m merchant.Tenant, limit int) ([]printer.Printer, error) {
	rows, err := db.q.Printers(ctx, sqlgen.PrintersParams{MerchantID: m.ID(), Limit: most(limit)})
	out := make([]printer.Printer, len(rows))
	for i, r := range rows {
		out[i] = printerOf(r)
	}
	return out, err
}

// Printer implements printer.Store.
func (db *DB) Printer(ctx context.Context, m merchant.Tenant, id string) (printer.Printer, error) {
	r, err := db.q.Printer(ctx, sqlgen.PrinterParams{MerchantID: m.ID(), ID: id})
	return printerOf(r), noPrinter(err)
}

// PrinterByToken implements printer.Store.
func (db *DB) PrinterByToken(ctx context.Context, hash string) (printer.Printer, error) {
	r, err := db.q.PrinterByToken(ctx, hash)
	return printerOf(r), noPrinter(err)
}

// MarkPrinter implements printer.Store.
func (db *DB) MarkPrinter(ctx context.Context, m merchant.Tenant, id string, seen time.Time, code printer.Failure) error {
	return db.write(ctx, func(q *sqlgen.Queries) error {
		return q.MarkPrinter(ctx, sqlgen.MarkPrinterParams{MerchantID: m.ID(), ID: id, SeenAt: clock.Micros(seen), Code: string(code)})
	})
}

// Print implements printer.Store.
func (db *DB) Print(ctx context.Context, m merchant.Tenant, id string) (printer.Print, error) {
	r, err := db.q.Print(ctx, sqlgen.PrintParams{MerchantID: m.ID(), ID: id})
	return printOf(r), noPrinter(err)
}

// PrintByKey implements printer.Store.
func (db *DB) PrintByKey(ctx context.Context, m merchant.Tenant, key string) (printer.Print, error) {
	r, err := db.q.PrintByKey(ctx, sqlgen.PrintByKeyParams{MerchantID: m.ID(), RequestKey: key})
	return printOf(r), noPrinter(err)
}

// LeasePrints implements printer.Store.
func (db *DB) LeasePrints(ctx context.Context, owner string, now, until time.Time, limit int) ([]printer.Print, error) {
	var rows []sqlgen.Print
	err := db.look(ctx, func() error {
		due, err := db.q.PrintsDue(ctx, clock.Micros(now))
		if err != nil || len(due) == 0 {
			return err // most rounds find nothing, and need not write to see it
		}
		return db.write(ctx, func(q *sqlgen.Queries) (err error) {
			rows, err = q.LeasePrints(ctx, sqlgen.LeasePrintsParams{
				Owner: owner, Until: clock.Micros(until), NowAt: clock.Micros(now), Most: most(limit),
			})
			return err
		})
	})
	return printsOf(rows), err
}

func printerOf(r sqlgen.Printer) printer.Printer {
	return printer.Printer{
		MerchantID: r.MerchantID, ID: r.ID, Name: r.Name, Transport: printer.Transport(r.Transport), Address: r.Address, Columns: int(r.Width),
		Mode: escpos.Mode(r.Mode), Hangul: escpos.Hangul(r.Hangul), Drawer: r.Drawer, TokenHash: r.TokenHash, Generation: int(r.Generation),
		SeenAt: clock.FromMicros(r.SeenAt), ErrorCode: printer.Failure(r.ErrorCode), CreatedAt: clock.FromMicros(r.CreatedAt), Version: r.Version,
	}
}

func printsOf(rows []sqlgen.Print) []printer.Print {
	out := make([]printer.Print, len(rows))
	for i, r := range rows {
		out[i] = printOf(r)
	}
	return out
}

func printOf(r sqlgen.Print) printer.Print {
	return printer.Print{
		MerchantID: r.MerchantID, ID: r.ID, Subject: printer.Subject{Kind: printer.Kind(r.Kind), ID: r.Subject, CancelID: r.CancelID},
		PrinterID: r.PrinterID, Options: escpos.Options{Columns: int(r.Width), Mode: escpos.Mode(r.Mode), Hangul: escpos.Hangul(r.Hangul), Drawer: r.Drawer},
		English: r.English, Number: int(r.Number), Status: printer.Status(r.Status), Code: printer.Failure(r.Code), Key: r.RequestKey, Actor: r.Actor,
		CreatedAt: clock.FromMicros(r.CreatedAt), SentAt: clock.FromMicros(r.SentAt), SettledAt: clock.FromMicros(r.SettledAt),
		DueAt: clock.FromMicros(r.DueAt), Tries: int(r.Tries), LeaseOwner: r.LeaseOwner, LeaseUntil: clock.FromMicros(r.LeaseUntil), Version: r.Version,
	}
}
