// Package buyer is the pages for people without an account: the receipt, and the
// one-time page that sets a password. They are rendered here, work without
// JavaScript and load nothing else.
package buyer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/receipt"
	"innopay/internal/web/limit"
	"innopay/internal/web/visit"
	"innopay/money"
)

// Activations opens and redeems one-time links.
type Activations interface {
	Open(ctx context.Context, token string) (merchant.Activation, error)
	Redeem(ctx context.Context, r merchant.Redemption) error
}

// Options are what the pages stand on.
type Options struct {
	Payments    *payment.Service
	Directory   merchant.Directory
	Activations Activations
	Links       receipt.Links
	// Simulated marks every receipt as not a real sale.
	Simulated bool
	// AllowFraming lets pages of the server itself frame these (the demo's virtual phone).
	AllowFraming bool
	// Pages per client address; the zero value takes DefaultPages.
	Pages limit.Rate
	Clock clock.Clock
	Log   *slog.Logger
}

// DefaultPages stops somebody who tries tokens; they have 144 random bits besides.
var DefaultPages = limit.Rate{PerSecond: 20, Burst: 200}

//go:embed page.html receipt.html message.html activate.html page.css
var files embed.FS

// Pages serves them. Safe for concurrent use.
type Pages struct {
	Options
	pages  *limit.Limiter
	views  map[string]*template.Template
	policy string
}

// New parses the templates; an error is a mistake in them.
func New(o Options) (*Pages, error) {
	if o.Pages == (limit.Rate{}) {
		o.Pages = DefaultPages
	}
	css, err := files.ReadFile("page.css")
	if err != nil {
		return nil, fmt.Errorf("buyer: %w", err)
	}
	style := squeezed(string(css))
	s := &Pages{Options: o, pages: limit.New(o.Pages, o.Clock), views: map[string]*template.Template{}, policy: policy(style, o.AllowFraming)}
	for _, name := range []string{"receipt.html", "message.html", "activate.html"} {
		t, err := template.New("page.html").Funcs(functions(style)).ParseFS(files, "page.html", name)
		if err != nil {
			return nil, fmt.Errorf("buyer: %w", err)
		}
		s.views[name] = t
	}
	return s, nil
}

// squeezed is the style without indentation and line ends: the page has to arrive
// in one round trip.
func squeezed(css string) string {
	var b strings.Builder
	for line := range strings.Lines(css) {
		b.WriteString(strings.TrimSpace(line))
	}
	return b.String()
}

// policy allows the one style of the pages, by its hash, and nothing else.
func policy(style string, framed bool) string {
	ancestors := "'none'"
	if framed {
		ancestors = "'self'"
	}
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors " + ancestors
}

func functions(style string) template.FuncMap {
	return template.FuncMap{
		"style":   func() template.CSS { return template.CSS(style) }, //nolint:gosec // our own file, no input
		"time":    func(t time.Time) string { return t.In(clock.Seoul).Format("2006-01-02 15:04:05") },
		"grouped": func(w money.Won) string { return w.Grouped() },
		"minus":   func(w money.Won) string { return (-w).Grouped() },
	}
}

// Register adds the pages' routes. All of them are public: the token in the address
// is the key.
func (s *Pages) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /r/{token}", s.limited(s.receipt))
	mux.HandleFunc("GET /activate/{token}", s.limited(s.activation))
	mux.HandleFunc("POST /activate/{token}", s.limited(s.activate))
	mux.HandleFunc("GET /activate/done", s.limited(func(w http.ResponseWriter, r *http.Request) {
		s.message(w, r, http.StatusOK, message{Title: "savedTitle", Text: "saved", App: true})
	}))
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
	Title string
	Data  any
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

// show renders into memory first, so that a mistake in a template is a 500 and not
// half a page.
func (s *Pages) show(w http.ResponseWriter, r *http.Request, status int, view string, p page) {
	var b bytes.Buffer
	if err := s.views[view].ExecuteTemplate(&b, "page.html", p); err != nil {
		s.Log.Error("page not rendered", "view", view, "trace", visit.From(r.Context()).TraceID, "err", err)
		status = http.StatusInternalServerError
		b.Reset()
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", s.policy)
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	h.Set("Content-Language", p.lang())
	h.Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(b.Bytes()) // the client may have left
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
