package daemon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"innopay/acquirer"
	"innopay/cashreceipt"
	"innopay/internal/approval"
	"innopay/internal/health"
	"innopay/internal/jobs"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/outbox"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/printer"
	"innopay/internal/push"
	"innopay/internal/receipt/desk"
	"innopay/internal/registration"
	"innopay/internal/retention"
	"innopay/internal/risk"
	"innopay/internal/sales"
	"innopay/internal/signin"
	"innopay/internal/stock"
	"innopay/internal/taxreceipt"
	documents "innopay/internal/terms"
	"innopay/internal/web"
	"innopay/internal/web/api"
	"innopay/internal/web/live"
	"innopay/internal/webhook"
	"innopay/messenger"
	"innopay/ui"
)

// Daemon is a running server.
type Daemon struct {
	*Core
	BaseURL string
	// ConsoleURL is where the operators' console is.
	ConsoleURL string
	// MetricsURL is where the metrics are; empty: nowhere.
	MetricsURL string
	Payments   *payment.Service
	Messages   *message.Service
	Requests   *payrequest.Service
	// CashReceipts sells for cash and issues the receipts.
	CashReceipts *taxreceipt.Service
	Push         *push.Service
	Receipts     *desk.Desk
	Printers     *printer.Service
	Risk         *risk.Service
	Health       *health.Service
	Sales        *sales.Service
	// Desk is where operators change merchants, contracts and operators.
	Desk          *approval.Desk
	Agreements    *documents.Book
	Registrations *registration.Service
	Webhooks      *webhook.Service
	Eraser        *retention.Eraser

	acquirers map[string]acquirer.Acquirer
	gateways  []messenger.Sender
	office    cashreceipt.Issuer // nil: cash receipts are not offered
	issue     chan struct{}      // a cash receipt is due
	deliver   chan struct{}      // a message is due
	telephone *telephone         // nil: no line
	readers   api.Readers
	pushes    chan struct{} // a push is due
	prints    chan struct{} // a print is due
	passkeys  *merchant.Passkeys
	letters   *signin.Letters
	hooks     chan struct{} // a webhook delivery is due
	server    *http.Server
	listener  net.Listener
	// of the console alone; nil: it is served with everything else
	consoleServer   *http.Server
	consoleListener net.Listener
	counts          *counts // nil: nobody reads any
	stop            context.CancelFunc
	hangUp          context.CancelFunc // ends live streams, which would keep a stopping server waiting
	workers         sync.WaitGroup
	failed          chan error
}

// shutdownTime is how long requests under way may take when the server stops; what
// is not answered by then is settled after the next start.
const shutdownTime = 8 * time.Second

// Start runs the server until Close. It returns when the address answers. core is
// closed with it.
func Start(ctx context.Context, core *Core, o Options) (*Daemon, error) {
	d := &Daemon{Core: core, failed: make(chan error, 4)}
	if err := d.start(ctx, o); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Daemon) start(ctx context.Context, o Options) (err error) {
	d.succeed(ctx)
	d.health()
	if d.readers, err = d.newReaders(o); err != nil {
		return err
	}
	if d.acquirers, err = d.OpenAcquirers(o.Adapters); err != nil {
		return err
	}
	if err := d.listen(ctx, o.Config); err != nil {
		return err
	}
	if err := d.listenConsole(ctx, o.Config); err != nil {
		return err
	}
	if err := d.listenMetrics(ctx, o.Config); err != nil {
		return err
	}
	d.Desk = d.operators()
	if err := d.retain(); err != nil {
		return err
	}
	presenter := d.Presenter(d.BaseURL, d.captureHour())
	settler := d.core(o, presenter)
	if err := d.messages(o, presenter); err != nil {
		return err
	}
	d.tellers()
	if err := d.signin(o); err != nil {
		return err
	}
	if err := d.cashReceipts(o); err != nil {
		return err
	}
	if err := d.registrations(ctx); err != nil {
		return err
	}
	if err := d.push(o); err != nil {
		return err
	}
	if err := d.sales(); err != nil {
		return err
	}
	if err := d.printers(o, presenter); err != nil {
		return err
	}
	d.webhooks(o, presenter)
	if d.telephone, err = d.newTelephone(o); err != nil {
		return err
	}
	hub := &live.Hub{Store: d.DB, Clock: d.Clock, Log: d.Log, Wake: d.DB.Wake()}
	handler, err := d.handler(o, presenter, hub)
	if err != nil {
		return err
	}
	d.startWorkers(settler, hub)
	if o.BeforeServe != nil {
		if err := o.BeforeServe(Addresses{Base: d.BaseURL, Console: d.ConsoleURL, SIP: d.telephone.address(), Printers: d.Printers}); err != nil {
			return err
		}
	}
	d.telephone.run()
	d.serve(handler)
	d.serveConsole(handler)
	d.counts.serve()
	return nil
}

// startWorkers starts everything that works by itself; Close ends it.
func (d *Daemon) startWorkers(settler *jobs.Settler, hub *live.Hub) {
	run, stop := context.WithCancel(context.Background())
	d.stop = stop
	d.work(run, settler)
	d.tell(run)
	d.issueReceipts(run)
	d.tellDevices(run)
	d.printReceipts(run)
	d.tidyRules(run)
	d.watch(run)
	d.keepTotals(run)
	d.endRegistrations(run)
	d.tellSystems(run)
	listening, hangUp := context.WithCancel(run)
	d.hangUp = hangUp
	d.workers.Go(func() { hub.Run(listening) })
}

// core builds the payment core and its settler.
func (d *Daemon) core(o Options, presenter *api.Presenter) *jobs.Settler {
	var db payment.Store = d.DB
	if o.WrapStore != nil {
		db = o.WrapStore(db)
	}
	wrapped := maps.Clone(d.acquirers)
	if o.WrapAcquirer != nil {
		for name, a := range d.acquirers {
			wrapped[name] = o.WrapAcquirer(a)
		}
	}
	d.Risk = d.rules()
	for name, a := range wrapped {
		wrapped[name] = d.counts.acquirer(a)
	}
	lease, poll := workerTimes(d.acquirers)
	settler := &jobs.Settler{Store: db, Clock: d.Clock, Log: d.Log, Owner: d.Owner, Lease: lease, Poll: poll, Looked: func(from time.Time, err error) { d.Health.Worked("settle", from, err) }}
	d.Payments = d.Core.Payments(payment.Options{
		Store: db, Acquirers: wrapped, Render: presenter.Render, Wake: settler.Wake, Guard: d.Risk,
	})
	settler.Payments = d.Payments
	return settler
}

func (d *Daemon) captureHour() int {
	for _, a := range d.acquirers {
		return a.Describe().CaptureHour
	}
	return 0
}

func (d *Daemon) simulated() bool {
	for _, a := range d.acquirers {
		return a.Describe().Simulated
	}
	return false
}

func (d *Daemon) handler(o Options, presenter *api.Presenter, hub *live.Hub) (http.Handler, error) {
	app, err := built(ui.App)
	if err != nil {
		return nil, err
	}
	console, err := built(ui.Console)
	if err != nil {
		return nil, err
	}
	proxies, err := o.Config.Proxies()
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Payments: d.Payments, Login: d.Accounts, Account: d.Accounts, Directory: d.Registry, Settings: d.Registry, Staff: d.Registry, Activations: d.Activations,
		Catalog: d.Catalog, Requests: d.Requests, CashReceipts: d.CashReceipts, Messages: d.Messages, Terms: d.Agreements, Registrations: d.Registrations, Push: d.Push, Receipts: d.Receipts, Printers: d.Printers, Sales: d.Sales, Keys: d.Registry, Webhooks: d.Webhooks, Presenter: presenter, Readers: d.readers, Live: hub, Ready: d.DB.Ping, App: app, Console: console, ConsoleApart: o.Config.ConsoleListen != "", Simulators: d.telephone.handler(o.Simulators),
		SimulatedAcquirer: d.simulated(), TestCards: o.TestCards, BaseURL: d.BaseURL, AllowFraming: o.Config.Mode == Demo, NoHSTS: o.Config.Mode == Demo,
		TrustedProxies: proxies, Oversight: d.desk(), Risk: d.Risk, Health: d.Health, Clock: d.Clock, IDs: d.IDs, Log: d.Log,
		Notices: d.notices(), Tickets: d.tickets(), Interest: d.Registry, Brand: o.Config.Brand,
		Desk: d.Desk, Adapters: d.adapterDesk(),
		Signin: d.passkeys, Unlocker: d.Registry, Observe: d.counts.request(), Eraser: d.Eraser, Keeping: d.keeping(),
	})
}

// built are the files of screens, nil where they were not built.
func built(screens func() (fs.FS, bool, error)) (fs.FS, error) {
	files, built, err := screens()
	if err != nil || !built {
		return nil, err
	}
	return files, nil
}

// listen takes the address and decides how people reach it.
func (d *Daemon) listen(ctx context.Context, c Config) error {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	d.listener = l
	scheme := "http"
	if c.TLS() {
		scheme = "https"
		conf, err := tlsConfig(c)
		if err != nil {
			return err
		}
		d.listener = tls.NewListener(l, conf)
	}
	d.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if d.BaseURL == "" {
		d.BaseURL = scheme + "://" + l.Addr().String()
	}
	return nil
}

// tlsConfig serves the certificate of the files, or those it gets by ACME.
func tlsConfig(c Config) (*tls.Config, error) {
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return nil, fmt.Errorf("certificate: %w", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}, nil
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(c.AutocertHosts...),
		Cache: autocert.DirCache(filepath.Join(c.KeyDir(), "certificates")),
	}
	conf := m.TLSConfig()
	conf.MinVersion = tls.VersionTLS12
	return conf, nil
}

func (d *Daemon) serve(h http.Handler) {
	d.server = web.Server(h, d.Log)
	d.server.RegisterOnShutdown(d.hangUp)
	d.workers.Go(func() {
		if err := d.server.Serve(d.listener); !errors.Is(err, http.ErrServerClosed) {
			d.fail(fmt.Errorf("http: %w", err))
		}
	})
}

// roundPoll is how often the sealer and the dispatcher look when nobody wakes them.
const roundPoll = time.Second

// work starts the workers; they end with ctx.
func (d *Daemon) work(ctx context.Context, settler *jobs.Settler) {
	d.workers.Go(func() { settler.Run(ctx) })
	for name, round := range map[string]func(context.Context) (bool, error){
		"seal":    d.Sealer().Round,
		"notices": d.notices().Round,
		"sweep":   d.sweeper().Round,
		"erase":   d.Eraser.Round,
		"dispatch": (&outbox.Dispatcher{
			Store: d.DB, Clock: d.Clock, Log: d.Log, Owner: d.Owner,
			Subscribers: append(d.counts.subscribers(), payrequest.Notifier{Service: d.Requests}, taxreceipt.Follower{Service: d.CashReceipts}, stock.Follower{Payments: d.Payments, Catalog: d.Catalog, Log: d.Log}, d.Push, d.letters, d.Webhooks, d.offLetters()),
		}).Round,
	} {
		loop := &jobs.Loop{Name: name, Round: d.Health.Watched(name, round), Clock: d.Clock, Log: d.Log, Poll: roundPoll}
		if name == "dispatch" {
			loop.Wake = d.DB.Wake()
		}
		d.workers.Go(func() { loop.Run(ctx) })
	}
	d.workers.Go(func() {
		select {
		case <-ctx.Done():
		case err := <-d.DB.Fatal():
			d.fail(fmt.Errorf("the disk failed under a commit: %w", err))
		}
	})
}

func (d *Daemon) fail(err error) {
	select {
	case d.failed <- err:
	default:
	}
}

// Failed gives the error after which the server must end: the disk failed (rulings
// 10), or the listener died.
func (d *Daemon) Failed() <-chan error { return d.failed }

// Close stops taking requests, lets those under way end within shutdownTime, stops
// the workers and gives the database back.
func (d *Daemon) Close() error {
	var err error
	var calls sync.WaitGroup
	calls.Go(d.telephone.close)
	desk := make(chan error, 1)
	go func() { desk <- d.closeConsole() }()
	if d.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownTime)
		if err = d.server.Shutdown(ctx); err != nil {
			err = d.server.Close()
		}
		cancel()
	} else if d.listener != nil {
		err = d.listener.Close()
	}
	err = errors.Join(err, <-desk, d.counts.close())
	calls.Wait() // they still pay
	if d.stop != nil {
		d.hangUp()
		d.stop()
	}
	CloseAcquirers(d.acquirers)
	d.workers.Wait()
	err = errors.Join(err, closeGateways(d.gateways))
	if d.office != nil {
		err = errors.Join(err, d.office.Close())
	}
	return errors.Join(err, d.Core.Close())
}
