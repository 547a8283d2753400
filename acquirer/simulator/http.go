package simulator

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"innopay/fault"
)

// Limits of the HTTP side.
const (
	defaultLimit = 1000
	maxLimit     = 10_000
	maxBody      = 256 << 10
)

// Bodies of the HTTP side.
type (
	health struct {
		Status string `json:"status"`
		Nonce  string `json:"nonce"`
		Wire   string `json:"wire"`
		HTTP   string `json:"http"`
		SMTP   string `json:"smtp,omitempty"`
	}
	journalBody struct {
		Entries []Entry `json:"entries"`
	}
	scriptBody struct {
		Script []Fault `json:"script"`
	}
	captureBody struct {
		Captured int `json:"captured"`
	}
	cardsBody struct {
		Cards []Card `json:"cards"`
	}
)

// handler serves the paths of the contract.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	const base = "/simulator/acquirer"
	mux.HandleFunc("GET "+base+"/journal", s.getJournal)
	mux.HandleFunc("GET "+base+"/faults", s.getFaults)
	mux.HandleFunc("POST "+base+"/faults", s.postFaults)
	mux.HandleFunc("DELETE "+base+"/faults", s.deleteFaults)
	mux.HandleFunc("POST "+base+"/capture", s.postCapture)
	mux.HandleFunc("GET "+base+"/cards", func(w http.ResponseWriter, _ *http.Request) { s.answers.Encode(w, http.StatusOK, cardsBody{Cards()}) })
	mux.HandleFunc("GET "+base+"/health", func(w http.ResponseWriter, _ *http.Request) {
		s.answers.Encode(w, http.StatusOK, s.health())
	})
	mux.HandleFunc("POST "+base+"/stop", s.postStop)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if known(r.URL.Path, base) {
			s.answers.NotAllowed(w, r)
			return
		}
		s.answers.NotFound(w, r)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.seen()
		others := s.o.Others != nil && r.URL.Path != base && !strings.HasPrefix(r.URL.Path, base+"/")
		if others && !strings.HasPrefix(r.URL.Path, "/simulator/") {
			s.o.Others.ServeHTTP(w, r)
			return
		}
		if s.o.Token != "" && r.URL.Path != base+"/health" && r.URL.Path != base+"/stop" && !s.allowed(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			s.answers.Fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요.")
			return
		}
		if others {
			s.o.Others.ServeHTTP(w, r)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		mux.ServeHTTP(w, r)
	})
}

// known reports whether the path exists under any method.
func known(path, base string) bool {
	switch strings.TrimPrefix(path, base) {
	case "/journal", "/faults", "/capture", "/cards", "/health", "/stop":
		return strings.HasPrefix(path, base)
	}
	return false
}

// allowed compares the bearer token in constant time.
func (s *Server) allowed(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && subtle.ConstantTimeCompare([]byte(token), []byte(s.o.Token)) == 1
}

func (s *Server) getJournal(w http.ResponseWriter, r *http.Request) {
	after, err1 := whole(r, "after", 0, 1<<62)
	limit, err2 := whole(r, "limit", defaultLimit, maxLimit)
	if err := errors.Join(err1, err2); err != nil {
		s.answers.Refuse(w, err)
		return
	}
	s.answers.Encode(w, http.StatusOK, journalBody{s.book.Entries(after, int(limit))})
}

// whole reads a number of the query between 0 and most.
func whole(r *http.Request, name string, otherwise, most int64) (int64, error) {
	v := r.URL.Query().Get(name)
	if v == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 || n > most {
		return 0, fault.InvalidField("/"+name, "RANGE", "0 이상의 알맞은 수를 넣어 주세요.")
	}
	return n, nil
}

func (s *Server) getFaults(w http.ResponseWriter, _ *http.Request) {
	s.answers.Encode(w, http.StatusOK, scriptBody{s.book.Script().Faults()})
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	var body scriptBody
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || d.Decode(&struct{}{}) != io.EOF || body.Script == nil {
		s.answers.Fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.")
		return
	}
	if err := s.book.Script().Add(body.Script); err != nil {
		s.answers.Refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	if err := s.book.Script().Clear(); err != nil {
		s.answers.Refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Server) postCapture(w http.ResponseWriter, _ *http.Request) {
	n := s.book.Capture()
	if err := s.journal.Sync(); err != nil {
		s.end(err)
		s.answers.Refuse(w, err)
		return
	}
	s.answers.Encode(w, http.StatusOK, captureBody{n})
}
