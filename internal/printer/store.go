package printer

import (
	"context"
	"errors"
	"time"

	"innopay/internal/audit"
	"innopay/internal/merchant"
)

// Errors of stores.
var (
	// ErrAbsent: no such row for this tenant.
	ErrAbsent = errors.New("printer: absent")
	// ErrStale: the row has another version by now.
	ErrStale = errors.New("printer: changed meanwhile")
	// ErrKeyTaken: the idempotency key was used before; nothing was written.
	ErrKeyTaken = errors.New("printer: idempotency key taken")
)

// Tx is one transaction over printers and prints.
type Tx interface {
	audit.Writer

	InsertPrinter(ctx context.Context, p Printer) error
	// UpdatePrinter writes everything that may change, where the version is p.Version-1;
	// ErrStale otherwise.
	UpdatePrinter(ctx context.Context, p Printer) error
	// DeletePrinter reports whether there was one.
	DeletePrinter(ctx context.Context, t merchant.Tenant, id string) (bool, error)
	CountPrinters(ctx context.Context, t merchant.Tenant) (int, error)

	// InsertPrint returns ErrKeyTaken when the key stands already.
	InsertPrint(ctx context.Context, p Print) error
	// UpdatePrint writes how far it has come, where the version is p.Version-1, and gives
	// the lease back; ErrStale otherwise.
	UpdatePrint(ctx context.Context, p Print) error
	// CountSlip counts one more print of a slip and gives how many stand: each caller
	// gets another number.
	CountSlip(ctx context.Context, t merchant.Tenant, slip string) (int, error)
	// UncountSlip takes one back, which failed.
	UncountSlip(ctx context.Context, t merchant.Tenant, slip string) error
	// CountQueue is how many prints wait for a printer.
	CountQueue(ctx context.Context, t merchant.Tenant, printerID string) (int, error)
	// PrintQueue are those that wait, oldest first.
	PrintQueue(ctx context.Context, t merchant.Tenant, printerID string, limit int) ([]Print, error)
}

// Store is what this feature asks of the database.
type Store interface {
	// PrinterTx runs fn in one transaction, again when the engine asks for it.
	PrinterTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error
	// Printers of a merchant, oldest first.
	Printers(ctx context.Context, t merchant.Tenant, limit int) ([]Printer, error)
	// Printer is one, or ErrAbsent.
	Printer(ctx context.Context, t merchant.Tenant, id string) (Printer, error)
	// PrinterByToken finds the printer of an address by the hash of its token, or ErrAbsent.
	PrinterByToken(ctx context.Context, hash string) (Printer, error)
	// MarkPrinter notes when a printer was last there (never earlier than known) and what
	// went wrong last; one that is gone is no error.
	MarkPrinter(ctx context.Context, t merchant.Tenant, id string, seen time.Time, code Failure) error
	// Print is one, or ErrAbsent.
	Print(ctx context.Context, t merchant.Tenant, id string) (Print, error)
	// PrintByKey is the print of an idempotency key, or ErrAbsent.
	PrintByKey(ctx context.Context, t merchant.Tenant, key string) (Print, error)
	// PrintQueue are the prints that wait for a printer, oldest first.
	PrintQueue(ctx context.Context, t merchant.Tenant, printerID string, limit int) ([]Print, error)
	// LeasePrints takes prints that are due, of each printer the oldest that waits.
	LeasePrints(ctx context.Context, owner string, now, until time.Time, limit int) ([]Print, error)
}
