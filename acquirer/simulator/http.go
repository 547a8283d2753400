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
	mux.HandleFunc("GET "+base+"/cards", func(w http.ResponseWriter, _ *http.Request) { s.write(w, cardsBody{Cards()}) })
	mux.HandleFunc("GET "+base+"/health", func(w http.ResponseWriter, _ *http.Request) {
		s.write(w, s.health())
	})
	mux.HandleFunc("POST "+base+"/stop", s.postStop)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if known(r.URL.Path, base) {
			s.fail(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "이 주소에서 할 수 없는 요청이에요.", nil)
			return
		}
		s.fail(w, http.StatusNotFound, "NOT_FOUND", "찾는 주소가 없어요.", nil)
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
			s.fail(w, http.StatusUnauthorized, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요.", nil)
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
		s.refuse(w, err)
		return
	}
	s.write(w, journalBody{s.book.Entries(after, int(limit))})
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
	s.write(w, scriptBody{s.book.Script().Faults()})
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	var body scriptBody
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || d.Decode(&struct{}{}) != io.EOF || body.Script == nil {
		s.fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.", nil)
		return
	}
	if err := s.book.Script().Add(body.Script); err != nil {
		s.refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	if err := s.book.Script().Clear(); err != nil {
		s.refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Server) postCapture(w http.ResponseWriter, _ *http.Request) {
	n := s.book.Capture()
	if err := s.journal.Sync(); err != nil {
		s.end(err)
		s.refuse(w, err)
		return
	}
	s.write(w, captureBody{n})
}

// problem is application/problem+json as the contract writes it.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"`
	Message   string         `json:"message"`
	Retryable bool           `json:"retryable"`
	Errors    []problemField `json:"errors,omitempty"`
}

type problemField struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// refuse answers with a fault; any other error is ours.
func (s *Server) refuse(w http.ResponseWriter, err error) {
	var f *fault.Error
	if !errors.As(err, &f) {
		s.o.Log.Error("simulator: a request failed", "error", err)
		s.fail(w, http.StatusInternalServerError, "INTERNAL", "시뮬레이터에 문제가 생겼어요.", nil)
		return
	}
	var fields []problemField
	for _, field := range f.Fields {
		fields = append(fields, problemField{field.Path, field.Code, field.Message})
	}
	s.fail(w, http.StatusUnprocessableEntity, f.Code, f.Message, fields)
}

func (s *Server) fail(w http.ResponseWriter, status int, code, message string, fields []problemField) {
	w.Header().Set("Content-Type", "application/problem+json")
	s.encode(w, status, problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Detail: message, Code: code, Message: message, Errors: fields,
	})
}

func (s *Server) write(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	s.encode(w, http.StatusOK, body)
}

func (s *Server) encode(w http.ResponseWriter, status int, body any) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		s.o.Log.Info("simulator: an HTTP client broke off", "error", err)
	}
}
