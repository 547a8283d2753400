package web

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/text/language"

	"innopay/id"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// Limits of a connection. A money request waits for the acquirer (5 s + 30 s, a
// void that becomes a refund twice that), so answers may take longer than requests.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 20 * time.Second
	writeTimeout  = 120 * time.Second
	idleTimeout   = 120 * time.Second
	maxHeader     = 16 << 10
)

// Server is an http.Server for the handler with every time-out set. ctx ends no
// request: use Shutdown.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeader, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

type server struct {
	Options
	mux      *http.ServeMux
	policies policies
}

// observed makes the visit of each request, sets the headers every answer has and
// writes the access log: never a query, a body or an address with a token in it.
func (s *server) observed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := s.Clock.Now()
		v := &visit.Visit{TraceID: s.IDs.At(id.Trace, start), English: prefersEnglish(r), IP: s.client(r), Console: byConsole(r)}
		r = r.WithContext(visit.With(r.Context(), v))
		w.Header().Set("Trace-Id", v.TraceID)
		s.policies.set(w.Header(), r.URL.Path)
		rec := &recorder{ResponseWriter: w}
		next.ServeHTTP(rec, r)
		took := s.Clock.Now().Sub(start)
		if s.Observe != nil {
			s.Observe(v.Route, rec.code(), took)
		}
		s.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("method", method(r.Method)), slog.String("route", v.Route), slog.Int("status", rec.code()),
			slog.Duration("took", took), slog.String("trace", v.TraceID),
			slog.String("principal", v.Principal.UserID), slog.String("merchant", v.Principal.Tenant.ID()))
	})
}

// method is the method for the log; anybody may send any word.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions:
		return m
	}
	return "OTHER"
}

// recovering turns a panic into a problem. What panicked is logged by its type
// alone: its text could hold a value.
func (s *server) recovering(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			what := recover()
			if what == nil {
				return
			}
			if what == http.ErrAbortHandler { //nolint:errorlint // the value itself is the protocol of net/http
				panic(what)
			}
			s.Log.Error("panic", "trace", visit.From(r.Context()).TraceID, "type", typeName(what), "stack", string(debug.Stack()))
			if rec, ok := w.(*recorder); !ok || rec.status == 0 {
				problem.Write(w, r, problem.Internal)
			}
		}()
		next.ServeHTTP(w, r)
	}
}

// route answers what no pattern takes with a problem, and 405 where another method
// would do.
func (s *server) route(w http.ResponseWriter, r *http.Request) {
	v := visit.From(r.Context())
	if !storable(r.URL.Path) || !s.listens(r) {
		problem.Write(w, r, problem.ErrNoRoute)
		return
	}
	h, pattern := s.mux.Handler(r)
	if pattern == "" {
		probe := &probe{header: http.Header{}}
		h.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.header.Get("Allow"))
			problem.Write(w, r, problem.ErrMethod)
			return
		}
		problem.Write(w, r, problem.ErrNoRoute)
		return
	}
	v.Route = pattern
	// The mux again, not h: it sets the values of the path.
	s.mux.ServeHTTP(w, r)
}

// storable reports whether a path is text that a database takes.
func storable(path string) bool {
	return strings.ToValidUTF8(path, "") == path && !strings.ContainsFunc(path, func(r rune) bool { return r < 0x20 || r == 0x7f })
}

// client is the address of whoever asks: the peer, or what the nearest trusted
// proxies say of it.
func (s *server) client(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	peer, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	peer = peer.Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && s.trusts(peer); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		peer = next.Unmap()
	}
	return peer
}

func (s *server) trusts(a netip.Addr) bool {
	for _, p := range s.TrustedProxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// languages are those we speak; the first is the default.
var languages = language.NewMatcher([]language.Tag{language.Korean, language.English})

func prefersEnglish(r *http.Request) bool {
	header := r.Header.Get("Accept-Language")
	if header == "" || len(header) > 500 {
		return false
	}
	_, i := language.MatchStrings(languages, header)
	return i == 1
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the first status.
func (w *recorder) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write means 200 where no status was set.
func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// probe takes the mux's own answer to learn why nothing matched.
type probe struct {
	header http.Header
	status int
}

// Header is what the mux would have sent.
func (p *probe) Header() http.Header { return p.header }

// WriteHeader remembers the status.
func (p *probe) WriteHeader(status int) { p.status = status }

// Write drops the text.
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

func secure(base string) bool { return strings.HasPrefix(base, "https://") }

// origin is scheme and host of an address.
func origin(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// ready asks with a bound, so that a hanging database counts as not ready.
func (o Options) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	return o.Ready(ctx)
}
