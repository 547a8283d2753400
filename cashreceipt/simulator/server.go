package simulator

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/money"
	"innopay/simulated"
)

// Options of Start.
type Options struct {
	Data    string        // folder of the journal; one simulator each
	Secret  string        // of the one partner, LinkID; "" is SecretKey
	Verdict time.Duration // how long the tax service takes; 0 is Verdict
	Clock   clock.Clock   // nil means the machine's
	Log     *slog.Logger  // nil means no log
}

// Server is a running simulator. It is a handler, so that it can share a process and
// an address with other simulators.
type Server struct {
	o      Options
	office *Office
	hub    hub
	web    simulated.Web
	mux    *http.ServeMux

	life context.Context //nolint:containedctx // the life of requests that are never answered, ended by Close
	end  context.CancelCauseFunc
	shut func() error // once
}

// Paths.
const (
	base        = "/simulator/cash-receipts/"
	pathFaults  = base + "faults"
	pathJournal = base + "journal"
	pathCash    = "/Cashbill"
)

// Limits of the journal's page.
const (
	defaultLimit = 1000
	maxLimit     = 10_000
)

// Start opens the journal and goes on from it.
func Start(o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Verdict <= 0 {
		o.Verdict = Verdict
	}
	office, err := OpenOffice(o.Data, o.Clock, o.Verdict)
	if err != nil {
		return nil, err
	}
	s := &Server{o: o, office: office, hub: hub{SecretOf(o.Secret)}, web: simulated.Web{Log: o.Log}}
	s.life, s.end = context.WithCancelCause(context.Background())
	s.mux, s.shut = s.routes(), sync.OnceValue(s.close)
	return s, nil
}

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{service}/Token", s.postToken)
	mux.HandleFunc("GET /Time", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(s.o.Clock.Now().UTC().Format(time.RFC3339)))
	})
	mux.HandleFunc("POST "+pathCash, s.ours(s.post))
	mux.HandleFunc("GET "+pathCash+"/{key}", s.ours(s.get))
	s.web.HandleFaults(mux, pathFaults, s.office.script)
	mux.HandleFunc("GET "+pathJournal, s.getJournal)
	mux.HandleFunc(pathJournal, s.web.NotAllowed)
	mux.HandleFunc("/", s.web.NotFound)
	return mux
}

// Serves reports whether a path is of this simulator.
func Serves(path string) bool {
	service, isToken := strings.CutSuffix(strings.TrimPrefix(path, "/"), "/Token")
	return path == pathCash || strings.HasPrefix(path, pathCash+"/") || strings.HasPrefix(path, base) || path == "/Time" ||
		isToken && (service == services[0] || service == services[1])
}

// ServeHTTP serves Popbill's API and the link hub's, which ask for their own proofs,
// and the pages for people, which ask for none.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Office is what was issued.
func (s *Server) Office() *Office { return s.office }

// Close ends every request that waits, and gives up the journal. A second call does
// nothing.
func (s *Server) Close() error { return s.shut() }

func (s *Server) close() error {
	s.end(net.ErrClosed)
	return s.office.Close()
}

type journalBody struct {
	Entries []Entry `json:"entries"`
}

func (s *Server) getJournal(w http.ResponseWriter, r *http.Request) {
	after, ok1 := whole(r, "after", 0, 1<<62)
	limit, ok2 := whole(r, "limit", defaultLimit, maxLimit)
	if !ok1 || !ok2 {
		s.web.Refuse(w, fault.InvalidField("/after", "RANGE", "0 이상의 알맞은 수를 넣어 주세요."))
		return
	}
	entries, err := s.office.Entries(after, int(limit))
	if err != nil {
		s.web.Refuse(w, err)
		return
	}
	s.web.Encode(w, http.StatusOK, journalBody{append([]Entry{}, entries...)})
}

// whole reads a number of the query between 0 and most.
func whole(r *http.Request, name string, otherwise, most int64) (int64, bool) {
	v := r.URL.Query().Get(name)
	if v == "" {
		return otherwise, true
	}
	n, err := strconv.ParseInt(v, 10, 64)
	return n, err == nil && n >= 0 && n <= most
}

func won(w money.Won) string { return strconv.FormatInt(int64(w), 10) }
