package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"innopay/fault"
	"innopay/messenger"
)

// Limits of the pages for people.
const (
	maxScriptBody = 64 << 10
	maxWait       = 20 * time.Second // of a request that waits for news
)

// Bodies of the pages for people.
type (
	messagesBody struct {
		Messages []Message `json:"messages"`
	}
	mailsBody struct {
		Mails []Mail `json:"mails"`
	}
	scriptBody struct {
		Script []Fault `json:"script"`
	}
)

// The paths for people.
const (
	pathPhone   = "/simulator/phone/{number}/messages"
	pathMail    = "/simulator/mail"
	pathFaults  = "/simulator/messenger/faults"
	pathJournal = "/simulator/messenger/journal"
	pathSend    = "/messages/v4/send-many/detail"
	pathList    = "/messages/v4/list"
)

func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathPhone, s.getPhone)
	mux.HandleFunc("GET "+pathMail, s.getMail)
	mux.HandleFunc("GET "+pathJournal, s.getJournal)
	mux.HandleFunc("GET "+pathFaults, s.getFaults)
	mux.HandleFunc("POST "+pathFaults, s.postFaults)
	mux.HandleFunc("DELETE "+pathFaults, s.deleteFaults)
	mux.HandleFunc("POST "+pathSend, s.proven(s.sendMany))
	mux.HandleFunc("GET "+pathList, s.proven(s.list))
	for _, path := range []string{pathPhone, pathMail, pathFaults, pathJournal} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			s.fail(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "이 주소에서 할 수 없는 요청이에요.", nil)
		})
	}
	mux.HandleFunc("/messages/", func(w http.ResponseWriter, _ *http.Request) {
		s.refuseWire(w, &refusal{http.StatusNotFound, wireError{"ResourceNotFound", "시뮬레이터에 없는 주소입니다."}})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		s.fail(w, http.StatusNotFound, "NOT_FOUND", "찾는 주소가 없어요.", nil)
	})
	return mux
}

// ServeHTTP serves Solapi's API under /messages/, which asks for its own proof, and
// the pages for people under /simulator/, which ask for none.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// proven lets through who signed the request.
func (s *Server) proven(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if no := s.guard.check(r.Header.Get("Authorization"), s.o.Clock.Now()); no != nil {
			s.refuseWire(w, no)
			return
		}
		next(w, r)
	}
}

func (s *Server) getPhone(w http.ResponseWriter, r *http.Request) {
	number := Normal(r.PathValue("number"))
	if !messenger.ValidMobile(number) {
		s.refuse(w, fault.InvalidField("/number", "PHONE", "휴대전화 번호를 넣어 주세요."))
		return
	}
	var body messagesBody
	s.await(w, r, func() bool {
		body.Messages = s.post.Messages(number, r.URL.Query().Get("after"))
		return len(body.Messages) > 0
	}, &body)
}

func (s *Server) getMail(w http.ResponseWriter, r *http.Request) {
	var body mailsBody
	s.await(w, r, func() bool {
		body.Mails = s.post.Mails(r.URL.Query().Get("to"), r.URL.Query().Get("after"))
		return len(body.Mails) > 0
	}, &body)
}

func (s *Server) getJournal(w http.ResponseWriter, r *http.Request) {
	s.encode(w, http.StatusOK, messagesBody{s.post.Taken(r.URL.Query().Get("after"))})
}

// await answers with body when look finds something, or when the time that the
// client gave with ?wait= is over.
func (s *Server) await(w http.ResponseWriter, r *http.Request, look func() bool, body any) {
	wait := time.Duration(0)
	if v := r.URL.Query().Get("wait"); v != "" {
		var err error
		if wait, err = time.ParseDuration(v); err != nil || wait < 0 || wait > maxWait {
			s.refuse(w, fault.InvalidField("/wait", "RANGE", "0s에서 20s 사이로 넣어 주세요."))
			return
		}
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	for {
		news := s.post.newer() // before the look: what comes between is not missed
		if look() {
			break
		}
		select {
		case <-news:
			continue
		case <-ctx.Done():
		case <-s.life.Done():
		}
		break
	}
	s.encode(w, http.StatusOK, body)
}

func (s *Server) getFaults(w http.ResponseWriter, _ *http.Request) {
	s.encode(w, http.StatusOK, scriptBody{s.post.script.Faults(s.o.Clock.Now())})
}

func (s *Server) postFaults(w http.ResponseWriter, r *http.Request) {
	var body scriptBody
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxScriptBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&body); err != nil || body.Script == nil {
		s.fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.", nil)
		return
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		s.fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.", nil)
		return
	}
	if err := s.post.script.Add(body.Script, s.o.Clock.Now()); err != nil {
		s.refuse(w, err)
		return
	}
	s.getFaults(w, r)
}

func (s *Server) deleteFaults(w http.ResponseWriter, r *http.Request) {
	if err := s.post.script.Clear(); err != nil {
		s.refuse(w, err)
		return
	}
	s.getFaults(w, r)
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
		s.o.Log.Error("messenger simulator: a request failed", "error", err)
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
	body := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: code, Message: message, Errors: fields}
	s.write(w, status, "application/problem+json", body)
}
