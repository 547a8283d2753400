package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"innopay/acquirer"
	"innopay/card"
	"innopay/clock"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/catalog"
	"innopay/internal/contract"
	"innopay/internal/jobs"
	"innopay/internal/keyring"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/store"
	"innopay/internal/web/api"
)

// databaseFile is the SQLite database in the data folder.
const databaseFile = "innopay.db"

// Core is everything but the listeners and workers: what `innopay admin` and the
// seeding of the demo work with.
type Core struct {
	Config      Config
	Clock       clock.Clock
	Log         *slog.Logger
	IDs         *id.Source
	Owner       string // this instance, in leases
	Keys        *keyring.Ring
	DB          *store.DB
	Registry    *merchant.Registry
	Accounts    *merchant.Accounts
	Activations *merchant.Activations
	Passwords   *merchant.CancelGuard
	Catalog     *catalog.Service
	Terms       payment.Merchants
	Contracts   *contract.Service

	lock *os.File // of the data folder; nil: this is no server of it
}

// OpenCore opens keys and database and builds the features that need no acquirer.
func OpenCore(ctx context.Context, c Config, cl clock.Clock, log *slog.Logger) (*Core, error) {
	if c.Data != "" {
		if err := os.MkdirAll(c.Data, 0o700); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	keys, err := keyring.OpenAt(c.KeyDir(), cl)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, c, store.Options{Clock: cl, Log: log, Sealer: keys})
	if err != nil {
		return nil, err
	}
	ids := id.NewSource(nil)
	deps := merchant.Deps{
		Store: store.NewMerchants(db), Keys: keys, Hasher: newHasher(), Clock: cl, IDs: ids, Log: log,
	}
	core := &Core{
		Config: c, Clock: cl, Log: log, IDs: ids, Owner: ownerName(ids, cl), Keys: keys, DB: db,
		Registry: merchant.NewRegistry(deps), Accounts: merchant.NewAccounts(deps),
		Activations: merchant.NewActivations(deps), Passwords: merchant.NewCancelGuard(deps),
	}
	core.Catalog = &catalog.Service{Store: store.NewCatalog(db), Merchants: core.Registry, Clock: cl, IDs: ids}
	core.Contracts = core.contracts()
	core.Terms = &terms{directory: core.Registry, passwords: core.Passwords, contracts: db, clock: cl, forbidPlainTrack: !c.plainTracks()}
	return core, nil
}

// openStore opens the database that the configuration names.
func openStore(ctx context.Context, c Config, o store.Options) (*store.DB, error) {
	if o.PostgresURL = c.Database; c.Database == "" {
		o.SQLitePath = filepath.Join(c.Data, databaseFile)
	}
	return store.Open(ctx, o)
}

// OpenBooks opens the database of an installation only to look at it, also while
// servers run. It makes no keys and changes nothing.
func OpenBooks(ctx context.Context, c Config, cl clock.Clock, log *slog.Logger) (*store.DB, error) {
	if c.Database == "" && c.Data == "" {
		return nil, errors.New("name the installation: --data DIR or --database URL")
	}
	return openStore(ctx, c, store.Options{ReadOnly: true, Clock: cl, Log: log})
}

// Sealer chains the audit records of this installation and exports the heads.
func (c *Core) Sealer() *audit.Sealer {
	return &audit.Sealer{
		Store: c.DB, Clock: c.Clock, Owner: c.Owner,
		Export: jobs.Heads{Folder: c.Config.HeadDir(), Log: c.Log}.Export,
	}
}

// SealAll seals every record there is, unless another instance does.
func (c *Core) SealAll(ctx context.Context) error {
	s := c.Sealer()
	for {
		more, err := s.Round(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// Close gives leases and database back. Nothing may work with them any more.
func (c *Core) Close() error {
	c.giveBack()
	return errors.Join(c.DB.Close(), c.leave())
}

// Hashing of passwords at once, and how many more may wait: a login storm must not
// take the memory or the cores that payments need.
const (
	hashesAtOnce = 2
	hashQueue    = 256
)

func newHasher() merchant.Hasher {
	return merchant.NewArgon2(merchant.DefaultArgon2, hashesAtOnce, hashQueue, nil)
}

// ownerName is unique over all instances and restarts.
func ownerName(ids *id.Source, cl clock.Clock) string {
	return fmt.Sprintf("%d-%s", os.Getpid(), ids.At(id.Trace, cl.Now()))
}

// OpenAcquirers opens every configured adapter.
func (c *Core) OpenAcquirers(adapters []acquirer.Adapter) (map[string]acquirer.Acquirer, error) {
	open := map[string]acquirer.Acquirer{}
	for _, a := range adapters {
		fields, ok := c.Config.Acquirers[a.Descriptor.Name]
		if !ok {
			continue
		}
		acq, err := a.Open(fields)
		if err != nil {
			CloseAcquirers(open)
			return nil, fmt.Errorf("acquirer %s: %w", a.Descriptor.Name, err)
		}
		if l, ok := acq.(interface{ LogTo(log *slog.Logger) }); ok {
			l.LogTo(c.Log.With("acquirer", a.Descriptor.Name))
		}
		open[a.Descriptor.Name] = acq
	}
	return open, oneWorld(open)
}

// oneWorld refuses a simulator beside a real acquirer (rulings 16).
func oneWorld(open map[string]acquirer.Acquirer) error {
	simulated := 0
	for _, a := range open {
		if a.Describe().Simulated {
			simulated++
		}
	}
	if simulated != 0 && simulated != len(open) {
		return fmt.Errorf("acquirers: a simulator never runs beside a real acquirer")
	}
	return nil
}

// CloseAcquirers ends their connections.
func CloseAcquirers(open map[string]acquirer.Acquirer) {
	for _, a := range open {
		if c, ok := a.(acquirer.Closer); ok {
			_ = c.Close() // messages in flight are unknown, which is settled
		}
	}
}

// Payments wires the payment core.
func (c *Core) Payments(o payment.Options) *payment.Service {
	o.Merchants, o.Hasher, o.Issuers = c.Terms, c.Keys, issuer
	o.IDs, o.Log, o.Owner = c.IDs, c.Log, c.Owner
	if o.Clock == nil {
		o.Clock = c.Clock
	}
	if o.Store == nil {
		o.Store = c.DB
	}
	return payment.New(o)
}

// Presenter shows payments to programs and buyers who reach the server at base.
func (c *Core) Presenter(base string, captureHour int) *api.Presenter {
	return &api.Presenter{Links: receipt.Links{Keys: c.Keys, Base: base}, Clock: c.Clock, CaptureHour: captureHour}
}

// issuer knows a card by the table of number ranges.
func issuer(p card.PAN) (code string, luhn bool) {
	r, ok := card.Lookup(p)
	if !ok {
		return "", false
	}
	return r.Issuer, r.CheckDigit
}

// workerTimes are the longest time one settling step may take and the poll of the
// settler, from the slowest acquirer.
func workerTimes(open map[string]acquirer.Acquirer) (lease, poll time.Duration) {
	for _, a := range open {
		to := a.Describe().Timeouts
		lease = max(lease, 4*(to.Connect+to.Read))
	}
	return lease + 5*time.Second, 500 * time.Millisecond
}
