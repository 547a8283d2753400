// Package buyer is the pages for people without an account: the page of a payment
// link with its results, the receipt, and the one-time page that sets a password. They
// are rendered here, work without JavaScript and load nothing else.
package buyer

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/brand"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/receipt/desk"
	"innopay/internal/registration"
	"innopay/internal/web/limit"
	"innopay/internal/web/visit"
	"innopay/money"
)

// Activations opens and redeems one-time links.
type Activations interface {
	Open(ctx context.Context, token string) (merchant.Activation, error)
	// RedeemStep sets the password, and returns the token of the link that follows.
	RedeemStep(ctx context.Context, r merchant.Redemption) (next string, err error)
}

// Doors opens the links that operators have mailed (registration.Service).
type Doors interface {
	Open(ctx context.Context, token string) (registration.Door, error)
	SendStartCode(ctx context.Context, token, client string) error
	Enter(ctx context.Context, token, code, client string) (string, error)
}

// Options are what the pages stand on.
type Options struct {
	Payments    *payment.Service
	Directory   merchant.Directory
	Activations Activations
	Doors       Doors
	// Requests are what payment links open.
	Requests Requests
	// ARSNumber is what buyers call; shown where a request is paid by phone.
	ARSNumber string
	Receipts  *desk.Desk
	// Simulated marks every receipt as not a real sale.
	Simulated bool
	// TLS: people reach the server by https, so cookies are Secure.
	TLS bool
	// AllowFraming lets pages of the server itself frame these (the virtual phone).
	AllowFraming bool
	Brand        brand.Brand // stands at the foot of the pages; the zero value: nothing does
	// Pages per client address; the zero value takes DefaultPages.
	Pages limit.Rate
	Clock clock.Clock
	Log   *slog.Logger
	Rand  io.Reader // of the keys of forms; nil means the system's cryptographic source
}

// DefaultPages stops somebody who tries tokens; they have 144 random bits besides.
var DefaultPages = limit.Rate{PerSecond: 20, Burst: 200}

//go:embed *.html *.css
var files embed.FS

// view is one template with the policy its style and script need.
type view struct {
	*template.Template
	policy string
}

// parts are the style sheets beside page.css of each template. They are sent inside
// the page, so each page brings only its own.
var parts = map[string][]string{
	"receipt.html":  {"stamp.css", "receipt.css", "who.css"},
	"message.html":  {"who.css"},
	"gate.html":     {"form.css", "who.css"},
	"lost.html":     {"form.css", "who.css"},
	"activate.html": {"form.css", "who.css"},
	"start.html":    {"form.css", "who.css"},
	"pay.html":      {"form.css", "pay.css"},
	"state.html":    {"stamp.css", "state.css", "who.css"},
	"call.html":     {"stamp.css", "form.css", "call.css", "who.css"},
	"kakao.html":    {"state.css", "who.css"},
}

// Pages serves them. Safe for concurrent use.
type Pages struct {
	Options
	pages *limit.Limiter
	views map[string]view
	press chan struct{} // one for each file that is being made
}

// New parses the templates; an error is a mistake in them.
func New(o Options) (*Pages, error) {
	if o.Pages == (limit.Rate{}) {
		o.Pages = DefaultPages
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	s := &Pages{Options: o, pages: limit.New(o.Pages, o.Clock), views: map[string]view{}, press: make(chan struct{}, mostFiles)}
	for name, sheets := range parts {
		v, err := parse(name, sheets, o.AllowFraming)
		if err != nil {
			return nil, fmt.Errorf("buyer: %w", err)
		}
		s.views[name] = v
	}
	return s, nil
}

func parse(name string, sheets []string, framing bool) (view, error) {
	style, err := styleOf(append([]string{"page.css"}, sheets...))
	if err != nil {
		return view{}, err
	}
	script := ""
	if name == "pay.html" {
		script = hash(payScript)
	}
	t, err := template.New("page.html").Funcs(functions(style, script)).ParseFS(files, "page.html", name)
	return view{t, policy(hash(style), script, framing)}, err
}

// styleOf is style sheets as one, without what a browser does not need: the page has to
// arrive in one round trip.
func styleOf(sheets []string) (string, error) {
	var b strings.Builder
	for _, name := range sheets {
		text, err := files.ReadFile(name)
		if err != nil {
			return "", err
		}
		for line := range strings.Lines(string(text)) {
			b.WriteString(strings.TrimSpace(line))
		}
	}
	return blanks.Replace(b.String()), nil
}

// blanks between the parts of a style sheet, as our own are written.
var blanks = strings.NewReplacer(
	": 0.", ":.", ", 0.", ",.", " 0.", " .", ":0.", ":.", "(0.", "(.",
	": ", ":", ", ", ",", "; }", "}", ";}", "}", " }", "}", "; ", ";", " { ", "{", " {", "{", "{ ", "{",
)

// policy allows the one style and the one script of a page, by their hashes, and
// nothing else.
func policy(style, script string, framing bool) string {
	p := "default-src 'none'; style-src '" + style + "'"
	if script != "" {
		p += "; script-src '" + script + "'"
	}
	p += "; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors "
	if framing {
		return p + "'self'"
	}
	return p + "'none'"
}

// hash is how policies and integrity attributes name a text.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

func functions(style, script string) template.FuncMap {
	return template.FuncMap{
		"style":      func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file, no input
		"script":     func() string { return scriptPath },
		"scriptHash": func() string { return script },
		"time":       func(t time.Time) string { return t.In(clock.Seoul).Format("2006-01-02 15:04:05") },
		"grouped":    func(w money.Won) string { return w.Grouped() },
		"minus":      func(w money.Won) string { return (-w).Grouped() },
	}
}

// Register adds the pages' routes. All of them are public: the token in the address
// is the key.
func (s *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /r", s.limited(s.lost))
	mux.HandleFunc("POST /r", s.limited(s.find))
	mux.HandleFunc("GET /r/{token}", s.limited(s.receipt))
	mux.HandleFunc("POST /r/{token}", s.limited(s.unlock))
	mux.HandleFunc("GET /r/{token}/receipt.pdf", s.limited(s.print))
	mux.HandleFunc("GET /r/{token}/receipt.png", s.limited(s.paint))
	mux.HandleFunc("GET /r/{token}/kakao", s.limited(s.kakao))
	mux.HandleFunc("GET /start/{token}", s.limited(s.start))
	mux.HandleFunc("POST /start/{token}", s.limited(s.enter))
	mux.HandleFunc("GET /activate/{token}", s.limited(s.activation))
	mux.HandleFunc("POST /activate/{token}", s.limited(s.activate))
	mux.HandleFunc("GET /activate/done", s.limited(func(w http.ResponseWriter, r *http.Request) {
		s.message(w, r, http.StatusOK, message{Title: "savedTitle", Text: "saved", App: true})
	}))
	mux.HandleFunc("GET /p/{token}", s.limited(s.link))
	mux.HandleFunc("POST /p/{token}", s.limited(s.pay))
	mux.HandleFunc("GET /p/{token}/done", s.limited(s.done))
	mux.HandleFunc("GET /a/{token}", s.limited(s.call))
	mux.HandleFunc("GET "+previewPath, serveBrand("image/png", "public, max-age=86400", previewPicture))
	mux.HandleFunc("GET "+scriptPath, serveBrand("text/javascript; charset=utf-8", "public, max-age=31536000, immutable", []byte(payScript)))
}

func (s *Pages) limited(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if wait := s.pages.Wait(visit.From(r.Context()).Client()); wait > 0 {
			w.Header().Set("Retry-After", "1")
			s.message(w, r, http.StatusTooManyRequests, message{Title: "waitTitle", Text: "wait"})
			return
		}
		next(w, r)
	}
}

// book is the language of the page: asked for, else the browser's.
func book(r *http.Request) phrasebook {
	switch r.URL.Query().Get("lang") {
	case "en":
		return phrasebook{english: true}
	case "ko":
		return phrasebook{}
	default:
		return phrasebook{english: visit.From(r.Context()).English}
	}
}

// page is what every template gets.
type page struct {
	phrasebook
	Title   string
	Preview *preview // nil where no link of the page is sent to people
	Data    any
	Brand   *brand.Brand // nil: nothing is configured
	base    string       // of the receipt's files
}

// Say is the phrase in the page's language.
func (p page) Say(key string) string { return p.say(key) }

// Lang is the page's language.
func (p page) Lang() string { return p.lang() }

// Other is the code of the other language.
func (p page) Other() string { return phrasebook{!p.english}.lang() }

// Won is an amount with its unit.
func (p page) Won(w money.Won) string { return p.won(w) }

// English reports whether the page is in English.
func (p page) English() bool { return p.english }

// Plan is the installment plan in words.
func (p page) Plan(c receipt.Card) string { return p.plan(c) }

// Months is an installment plan that may be chosen, in words.
func (p page) Months(n int) string { return p.plan(receipt.Card{Months: n}) }

// show renders into memory first, so that a mistake in a template is a 500 and not
// half a page.
func (s *Pages) show(w http.ResponseWriter, r *http.Request, status int, name string, p page) {
	body, err := s.render(name, p)
	s.send(w, r, status, name, p, body, err)
}

func (s *Pages) render(name string, p page) ([]byte, error) {
	if s.Brand.Set() {
		p.Brand = &s.Brand
	}
	body, err := s.execute(name, p)
	// The form of a payment has to arrive in one round trip: what is paid for comes first.
	if name == "pay.html" && p.Brand != nil && len(body) >= maxPage {
		p.Brand = nil
		return s.execute(name, p)
	}
	return body, err
}

func (s *Pages) execute(name string, p page) ([]byte, error) {
	var b bytes.Buffer
	err := s.views[name].ExecuteTemplate(&b, "page.html", p)
	return b.Bytes(), err
}

func (s *Pages) send(w http.ResponseWriter, r *http.Request, status int, name string, p page, body []byte, err error) {
	s.sendWith(w, r, status, s.views[name].policy, p, body, err)
}

func (s *Pages) sendWith(w http.ResponseWriter, r *http.Request, status int, policy string, p page, body []byte, err error) {
	if err != nil {
		s.Log.Error("page not rendered", "view", p.Title, "trace", visit.From(r.Context()).TraceID, "err", err)
		status, body = http.StatusInternalServerError, nil
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Content-Language", p.lang())
	h.Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client may have left
	}
}

// message is a page that says one thing.
type message struct {
	Title, Text string // keys of texts
	App         bool   // with a link to the app
}

func (s *Pages) message(w http.ResponseWriter, r *http.Request, status int, m message) {
	b := book(r)
	s.show(w, r, status, "message.html", page{phrasebook: b, Title: b.say(m.Title), Data: m})
}

// refuse shows that something cannot be shown: one page for whatever does not exist,
// so that nothing can be told apart.
func (s *Pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if fault.KindOf(err) == fault.NotFound {
		s.message(w, r, http.StatusNotFound, message{Title: "goneTitle", Text: "gone"})
		return
	}
	if !errors.Is(err, context.Canceled) {
		v := visit.From(r.Context())
		s.Log.Error("page failed", "route", v.Route, "trace", v.TraceID, "err", err)
	}
	w.Header().Set("Retry-After", "5")
	s.message(w, r, http.StatusServiceUnavailable, message{Title: "waitTitle", Text: "wait"})
}
