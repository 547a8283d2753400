package simulator

import (
	"context"
	"net/http"
	"time"

	"innopay/fault"
	"innopay/messenger"
)

// maxWait bounds a request that waits for news.
const maxWait = 20 * time.Second

// Bodies of the pages for people.
type (
	messagesBody struct {
		Messages []Message `json:"messages"`
	}
	mailsBody struct {
		Mails []Mail `json:"mails"`
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
	s.web.HandleFaults(mux, pathFaults, s.post.script)
	mux.HandleFunc("GET "+pathJournal, s.getJournal)
	mux.HandleFunc("POST "+pathSend, s.proven(s.sendMany))
	mux.HandleFunc("GET "+pathList, s.proven(s.list))
	for _, path := range []string{pathPhone, pathMail, pathJournal} {
		mux.HandleFunc(path, s.web.NotAllowed)
	}
	mux.HandleFunc("/messages/", func(w http.ResponseWriter, _ *http.Request) {
		s.refuseWire(w, &refusal{http.StatusNotFound, wireError{"ResourceNotFound", "시뮬레이터에 없는 주소입니다."}})
	})
	mux.HandleFunc("/", s.web.NotFound)
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
		s.web.Refuse(w, fault.InvalidField("/number", "PHONE", "휴대전화 번호를 넣어 주세요."))
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
	s.web.Encode(w, http.StatusOK, messagesBody{s.post.Taken(r.URL.Query().Get("after"))})
}

// await answers with body when look finds something, or when the time that the
// client gave with ?wait= is over.
func (s *Server) await(w http.ResponseWriter, r *http.Request, look func() bool, body any) {
	wait := time.Duration(0)
	if v := r.URL.Query().Get("wait"); v != "" {
		var err error
		if wait, err = time.ParseDuration(v); err != nil || wait < 0 || wait > maxWait {
			s.web.Refuse(w, fault.InvalidField("/wait", "RANGE", "0s에서 20s 사이로 넣어 주세요."))
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
	s.web.Encode(w, http.StatusOK, body)
}
