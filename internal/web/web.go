// Package web is the HTTP edge: one handler for the API, the buyer's pages, the
// built app, health and documentation, with what they share: routing that denies by
// default, security headers, trace ids, the access log and recovery.
package web

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"innopay/clock"
	"innopay/id"
	"innopay/internal/approval"
	"innopay/internal/brand"
	"innopay/internal/catalog"
	"innopay/internal/health"
	"innopay/internal/merchant"
	"innopay/internal/message"
	"innopay/internal/notice"
	"innopay/internal/oversight"
	"innopay/internal/payment"
	"innopay/internal/payrequest"
	"innopay/internal/printer"
	"innopay/internal/push"
	"innopay/internal/receipt/desk"
	"innopay/internal/registration"
	"innopay/internal/retention"
	"innopay/internal/risk"
	"innopay/internal/sales"
	"innopay/internal/taxreceipt"
	"innopay/internal/terms"
	"innopay/internal/ticket"
	"innopay/internal/web/api"
	"innopay/internal/web/buyer"
	"innopay/internal/web/developer"
	"innopay/internal/web/limit"
	"innopay/internal/web/live"
	"innopay/internal/web/problem"
	"innopay/internal/webhook"
)

//go:generate go run ./generate -openapi ../../api/openapi.json -errors ../../docs/api/errors.md

// Options are what the server stands on. Everything is required unless it says
// otherwise.
type Options struct {
	Payments  *payment.Service
	Login     merchant.Authenticator
	Account   api.Account
	Directory merchant.Directory
	Settings  api.SettingsWriter
	Staff     api.StaffManager
	Catalog   *catalog.Service
	Requests  *payrequest.Service
	Messages  *message.Service
	Push      *push.Service
	Receipts  *desk.Desk
	// Printers prints receipts.
	Printers *printer.Service
	// Sales tells what was sold and closes days.
	Sales *sales.Service
	// Keys and Webhooks are for the systems of merchants.
	Keys     api.KeyKeeper
	Webhooks *webhook.Service
	// CashReceipts sells for cash and issues the receipts.
	CashReceipts *taxreceipt.Service
	// BuyerRequests are what the buyers' pages open; nil takes Requests.
	BuyerRequests buyer.Requests
	Activations   buyer.Activations
	Terms         *terms.Book
	Registrations *registration.Service
	// Presenter shows payments; its Render is also payment.Options.Render, and its
	// Links are those of the receipts.
	Presenter *api.Presenter
	// Readers are the terms on which swipes are taken.
	Readers api.Readers
	// Live tells devices what happens to payments; StreamLife is that of api.Options.
	Live       *live.Hub
	StreamLife time.Duration
	// Ready returns nil when the database can be written and its migrations are done.
	Ready func(ctx context.Context) error
	// App is the built merchant app (innopay/ui); nil serves a page that says how to
	// build it.
	App fs.FS
	// Console are the operators' screens; nil likewise.
	Console fs.FS
	// ConsoleApart: operators come by a listener of their own (ConsoleListener). Their
	// screens and operations are answered there and nowhere else.
	ConsoleApart bool
	// Simulators serves everything under /simulator/; nil, in production, leaves those
	// paths 404.
	Simulators http.Handler
	// SimulatedAcquirer marks every receipt as not a real sale.
	SimulatedAcquirer bool
	// TestCards are those of the simulated acquirer, for the page of developers; none:
	// nobody is told of cards.
	TestCards []developer.Card
	// BaseURL is how people reach the server, without a slash at its end. With https
	// the session cookie is Secure and HSTS is sent.
	BaseURL string
	// NoHSTS leaves out that browsers must come by https: with a certificate of one's own,
	// names such as localhost are those of other programs, too.
	NoHSTS bool
	// AllowFraming lets pages of the server itself frame the app and the buyer's pages
	// (the demo's split view and virtual phone).
	AllowFraming bool
	// TrustedProxies are those whose X-Forwarded-For is believed; none by default.
	TrustedProxies []netip.Prefix
	// Logins per client address, Writes per principal, Exports per merchant, Pages and
	// Polls (of printers) per client address; zero values take the defaults.
	Logins, Writes, Exports, Pages, Polls limit.Rate
	Clock                                 clock.Clock
	IDs                                   *id.Source
	Log                                   *slog.Logger
	// Oversight is the operators' desk over all merchants.
	Oversight *oversight.Service
	// Risk keeps the rules against risk.
	Risk *risk.Service
	// Health looks after the installation.
	Health  *health.Service
	Notices *notice.Service
	Tickets *ticket.Service
	// Interest changes interest-free events.
	Interest api.InterestFreeKeeper
	Brand    brand.Brand
	// Desk is where operators work; Adapters shows and tries what the server speaks to.
	Desk     *approval.Desk
	Adapters api.AdapterDesk
	// Observe is told of every answer: the pattern that took the request (empty: none did),
	// the status and the time. Nil: nobody counts.
	Observe func(route string, status int, took time.Duration)
	// Signin and Unlocker are those of api.Options.
	Signin   api.Signin
	Unlocker api.Unlocker
	// Eraser and Keeping are those of api.Options.
	Eraser  *retention.Eraser
	Keeping *retention.Desk
}

// New builds the handler. It is safe for concurrent use and keeps no truth of its
// own: many processes serve one installation. It fails only when the app's files
// cannot be read.
func New(o Options) (http.Handler, error) {
	mux := http.NewServeMux()
	tls := secure(o.BaseURL)
	a := api.New(mux, api.Options{
		Payments: o.Payments, Login: o.Login, Account: o.Account, Directory: o.Directory, Settings: o.Settings, Staff: o.Staff, Catalog: o.Catalog, Requests: o.Requests, Messages: o.Messages, Push: o.Push, Receipts: o.Receipts, Printers: o.Printers, Sales: o.Sales, Keys: o.Keys, Webhooks: o.Webhooks, CashReceipts: o.CashReceipts, Terms: o.Terms, Registrations: o.Registrations, Presenter: o.Presenter, Readers: o.Readers, Live: o.Live, StreamLife: o.StreamLife,
		Simulated: o.SimulatedAcquirer, Clock: o.Clock, Log: o.Log, TLS: tls, Logins: o.Logins, Writes: o.Writes, Exports: o.Exports, Oversight: o.Oversight, Risk: o.Risk, Health: o.Health,
		ConsoleApart: o.ConsoleApart,
		Desk:         o.Desk, Adapters: o.Adapters,
		Notices: o.Notices, Tickets: o.Tickets, Interest: o.Interest, Brand: o.Brand,
		Signin: o.Signin, Unlocker: o.Unlocker, Eraser: o.Eraser, Keeping: o.Keeping,
	})
	if o.BuyerRequests == nil {
		o.BuyerRequests = o.Requests
	}
	pages, err := buyer.New(buyer.Options{
		Payments: o.Payments, Directory: o.Directory, Activations: o.Activations, Doors: o.Registrations, Requests: o.BuyerRequests, ARSNumber: o.Requests.ARSNumber, Receipts: o.Receipts, TLS: tls,
		Brand: o.Brand, Simulated: o.SimulatedAcquirer, AllowFraming: o.AllowFraming, Pages: o.Pages, Clock: o.Clock, Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	pages.Register(mux)
	registerOperations(mux, o, a.Document)
	if err := registerDevelopers(mux, o); err != nil {
		return nil, err
	}
	if err := registerApps(mux, o); err != nil {
		return nil, err
	}
	registerHooks(mux, o)
	registerCloud(mux, o)
	if o.Simulators != nil {
		mux.Handle("/simulator/", o.Simulators)
	}
	s := &server{Options: o, mux: mux, policies: policiesOf(o, tls)}
	var h http.Handler = http.HandlerFunc(s.route)
	h = crossOrigin(o).Handler(h)
	h = s.recovering(h)
	return s.observed(h), nil
}

// crossOrigin refuses what browsers send on behalf of other sites.
func crossOrigin(o Options) *http.CrossOriginProtection {
	c := http.NewCrossOriginProtection()
	// Behind a proxy the Host header may not be the one of the address bar. A base
	// address that is no origin simply is not added.
	_ = c.AddTrustedOrigin(origin(o.BaseURL))
	c.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.Write(w, r, problem.ErrCrossOrigin)
	}))
	return c
}
