// Package api is the JSON API under /v1, one file a resource: it decodes, asks the
// features and shows what they say. It holds no rules of the business. The OpenAPI
// document comes from the types here.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/card/reader"
	"innopay/clock"
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
	"innopay/internal/web/limit"
	"innopay/internal/web/live"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
	"innopay/internal/webhook"
)

// Version is the API's version, in every path and in the document.
const Version = "v1"

// MaxBody is the most a request may carry, in bytes.
const MaxBody = 256 << 10

// SettingsWriter changes a merchant's settings.
type SettingsWriter interface {
	// SaveSettings writes s where its version is the present one and returns what
	// holds now; merchant.ErrChanged when somebody was faster.
	SaveSettings(ctx context.Context, actor string, t merchant.Tenant, s merchant.Settings) (merchant.Settings, error)
}

// Account is what people do with their own sessions and password.
type Account interface {
	// Sessions of the caller, newest first.
	Sessions(ctx context.Context, p merchant.Principal) ([]merchant.SessionRow, error)
	// RevokeSession ends one of them, or returns merchant.ErrNotFound.
	RevokeSession(ctx context.Context, p merchant.Principal, sessionID string) error
	// RevokeSessions ends all but the one with the token.
	RevokeSessions(ctx context.Context, p merchant.Principal, token string) error
	// ChangePassword sets a new one after the present one was given, and ends the other
	// sessions; tries are counted like logins.
	ChangePassword(ctx context.Context, p merchant.Principal, token string, present, next merchant.Password) error
	// Confirm asks for the present password again; tries are counted like logins.
	Confirm(ctx context.Context, p merchant.Principal, present merchant.Password) error
}

// Readers are the terms on which swipes are taken.
type Readers struct {
	Decrypter reader.Decrypter
	// ForbidPlainTrack refuses readers that do not encrypt, at every merchant.
	ForbidPlainTrack bool
}

// StaffManager changes what the people of a shop may do.
type StaffManager interface {
	// SetRights gives one of the staff its rights where their version is r.Version, and
	// returns the person with what holds now. It returns merchant.ErrNotFound,
	// ErrNotStaff, ErrChanged, or Invalid.
	SetRights(ctx context.Context, actor string, t merchant.Tenant, userID string, r merchant.Rights) (merchant.User, error)
	// SetUserStatus keeps somebody out, which ends the person's sessions, or lets the
	// person in again.
	SetUserStatus(ctx context.Context, actor string, t merchant.Tenant, userID string, s merchant.UserStatus) error
	// RevokeSessions ends every session of somebody at once.
	RevokeSessions(ctx context.Context, actor string, t merchant.Tenant, userID string) error
}

// Options are what the API stands on.
type Options struct {
	Payments  *payment.Service
	Login     merchant.Authenticator
	Account   Account
	Directory merchant.Directory
	Settings  SettingsWriter
	Staff     StaffManager
	Catalog   *catalog.Service
	Requests  *payrequest.Service
	Messages  *message.Service
	// CashReceipts sells for cash and issues the receipts.
	CashReceipts *taxreceipt.Service
	Push         *push.Service
	Receipts     *desk.Desk
	Printers     *printer.Service
	Sales        *sales.Service
	Presenter    *Presenter
	Readers      Readers
	Live         *live.Hub
	Clock        clock.Clock
	Log          *slog.Logger
	Terms        *terms.Book
	// Registrations lets people in.
	Registrations *registration.Service
	// StreamLife is how long one live stream lasts before the device comes back; 0 is
	// the default.
	StreamLife time.Duration
	// Simulated: payments go to a simulated acquirer, so devices may be simulated too.
	Simulated bool
	// TLS: people reach the server by https, so the cookie is Secure and named __Host-.
	TLS bool
	// ConsoleApart: operators come by a listener of their own, and by no other.
	ConsoleApart bool
	// Logins per client address, Writes per principal and Exports per merchant; zero
	// values take the defaults.
	Logins, Writes, Exports limit.Rate
	// Oversight is the operators' desk over all merchants.
	Oversight *oversight.Service
	// Risk keeps the rules against risk.
	Risk *risk.Service
	// Health looks after the installation.
	Health  *health.Service
	Notices *notice.Service
	Tickets *ticket.Service
	// Interest changes interest-free events.
	Interest InterestFreeKeeper
	Brand    brand.Brand
	// Desk is where operators change merchants, contracts and operators; its Contracts
	// are also what owners see of their terms.
	Desk     *approval.Desk
	Adapters AdapterDesk
	// Signin is what people prove themselves with beside their password.
	Signin   Signin
	Unlocker Unlocker
	// Keys are the API keys of merchants.
	Keys KeyKeeper
	// Eraser hands out and erases what is known of people; Keeping shows how long it is kept.
	Eraser  *retention.Eraser
	Keeping *retention.Desk
	// Webhooks tells the systems of merchants.
	Webhooks *webhook.Service
}

// Default limits. They stop floods; guessing passwords is stopped per login id,
// over all instances, by the merchant feature.
var (
	DefaultLogins = limit.Rate{PerSecond: 5, Burst: 100}
	DefaultWrites = limit.Rate{PerSecond: 1000, Burst: 4000}
	// An export reads a merchant's whole history: nobody needs one every second.
	DefaultExports = limit.Rate{PerSecond: 0.2, Burst: 10}
)

// API is the registered API. Safe for concurrent use.
type API struct {
	Options
	huma      huma.API
	logins    *limit.Limiter
	writes    *limit.Limiter
	exports   *limit.Limiter
	exporting chan struct{} // one for each export under way
	uploads   chan struct{} // one for each file on its way
}

// New registers every operation on mux.
func New(mux humago.Mux, o Options) *API {
	convertErrors()
	if o.Logins == (limit.Rate{}) {
		o.Logins = DefaultLogins
	}
	if o.Writes == (limit.Rate{}) {
		o.Writes = DefaultWrites
	}
	if o.Exports == (limit.Rate{}) {
		o.Exports = DefaultExports
	}
	a := &API{
		Options: o, huma: humago.New(widened{mux, map[string]http.HandlerFunc{}}, configuration()),
		logins: limit.New(o.Logins, o.Clock), writes: limit.New(o.Writes, o.Clock),
		exports: limit.New(o.Exports, o.Clock), exporting: make(chan struct{}, maxExports), uploads: make(chan struct{}, maxUploads),
	}
	a.huma.UseMiddleware(a.enter)
	a.registerOfShops()
	a.registerOfOperators()
	return a
}

// registerOfShops registers what merchants and the public do, and what belongs to it.
func (a *API) registerOfShops() {
	a.registerSessions()
	a.registerAccount()
	a.registerMerchant()
	a.registerStaff()
	a.registerPayments()
	a.registerEvents()
	a.registerRequests()
	a.registerReceipts()
	a.registerSentCashReceipts()
	a.registerSenders()
	a.registerCashReceipts()
	a.registerPrinters()
	a.registerSales()
	a.registerClosings()
	a.registerSettlements()
	a.registerSalesExports()
	a.registerPush()
	a.registerProducts()
	a.registerPictures()
	a.registerStock()
	a.registerTables()
	a.registerCategories()
	a.registerNotices()
	a.registerInterestFree()
	a.registerTickets()
	a.registerBrand()
	a.registerTerms()
	a.registerRegistrations()
	a.registerInvites()
	a.registerPasskeys()
	a.registerSecondFactor()
	a.registerMailAddress()
	a.registerKeys()
	a.registerWebhooks()
	a.registerPersonalData()
}

// registerOfOperators registers what operators alone do.
func (a *API) registerOfOperators() {
	a.registerOperatorPayments()
	a.registerUnsettled()
	a.registerDeliveries()
	a.registerAudit()
	a.registerRisk()
	a.registerVolume()
	a.registerHealth()
	a.registerMerchants()
	a.registerContracts()
	a.registerUsers()
	a.registerApprovals()
	a.registerAdapters()
	a.registerOperatorTerms()
	a.registerOwners()
	a.registerUnlock()
	a.registerRetention()
}

// configuration is how the document begins, and what huma takes.
func configuration() huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "INNOPAY", Version: Version,
				Description: "Card payments for Korean merchants. Amounts are whole won, times RFC 3339 at +09:00, dates Korean business days.",
				License:     &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"},
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"session": {Type: "apiKey", In: "cookie", Name: CookieName(true), Description: "Cookie of POST /v1/sessions"},
					"console": {Type: "apiKey", In: "cookie", Name: ConsoleCookieName(true), Description: "The same of operators"},
					"key":     {Type: "http", Scheme: "basic", Description: "Secret key as user name, empty password"},
				},
			},
			Tags: tags,
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}

var tags = []*huma.Tag{
	{Name: "Sessions", Description: "Login of people; systems send their secret key instead."},
	{Name: "Payments", Description: "Card payments, their history and cancels."},
	{Name: "Payment requests", Description: "A buyer is asked by text and pays on a page of ours."},
	{Name: "Cash receipts", Description: "현금영수증: objects of their own, issued now and judged by the tax service a day or two later."},
	{Name: "Printing", Description: "Receipts on paper: by printers that the server reaches or that ask it, and documents for printers that hang on the app."},
	{Name: "Sales", Description: "What was sold, the close of day, what is to be paid out: sums of the ledger."},
	{Name: "Merchant", Description: "The merchant, its settings and installment plans."},
	{Name: "Devices", Description: "Devices of users that are told while the app is closed (Web Push)."},
	{Name: "Catalog", Description: "Products and categories."},
	{Name: "Developers", Description: "API keys, and webhooks by the rules of Standard Webhooks."},
	{Name: "Registration", Description: "The way in of staff: invites, a proven phone, and the owner's decision."},
	{Name: "Terms", Description: "Documents that people agree to, by version, and their consents."},
	{Name: "Notices", Description: "What the operator tells merchants inside the app."},
	{Name: "Tickets", Description: "What merchants ask the customer centre, and what it answers."},
	{Name: "Operator", Description: "The installation's operators: the desk over all merchants, merchants under contract, and what two operators decide together."},
}

// access is what an operation asks of its caller. It stands in the operation's
// metadata; an operation without one is refused.
type access struct {
	permission merchant.Permission // empty only when public
	public     bool                // nobody needs to be logged in
	login      bool                // counts as a try to log in
	money      bool                // needs an Idempotency-Key
	file       *rawBody            // the body is a file; nil: JSON
	// exists is asked before the request is read any further, so that another
	// merchant's object is absent before anything else.
	exists func(ctx context.Context, t merchant.Tenant, id string) error
}

const accessKey = "access"

// add registers an operation with what it asks of its caller. Faults of h become
// problems.
func add[I, O any](a *API, acc access, op huma.Operation, h func(context.Context, *I) (*O, error)) {
	op.Metadata = map[string]any{accessKey: acc}
	op.MaxBodyBytes = MaxBody + 1
	if acc.file != nil {
		op.MaxBodyBytes = acc.file.most + 1
	}
	// The body was read under the server's own deadline before huma sees it; none may
	// run on while the acquirer is waited for.
	op.BodyReadTimeout = -1
	if !acc.public {
		op.Security = []map[string][]string{{"session": {}}, {"key": {}}}
		if strings.HasPrefix(op.Path, operatorArea) {
			op.Security = []map[string][]string{{"console": {}}}
		}
	}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = &huma.Response{
		Description: "Problem", Content: map[string]*huma.MediaType{problem.ContentType: {Schema: schema[problem.Problem](a)}},
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.refuse(ctx, err)
		}
		return out, nil
	})
}

// refuse logs what is our mistake and returns what the caller may know of it.
func (a *API) refuse(ctx context.Context, err error) *problem.Problem {
	v := visit.From(ctx)
	p := problem.Of(v, err)
	if p.Status >= http.StatusInternalServerError {
		a.Log.Error("request failed", "trace", v.TraceID, "route", v.Route, "status", p.Status, "err", err)
	}
	return p
}

// principal is who makes the request; the middleware has proven it.
func principal(ctx context.Context) merchant.Principal { return visit.From(ctx).Principal }

// now is the present of the API's clock.
func (a *API) now() time.Time { return a.Clock.Now() }
