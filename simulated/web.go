package simulated

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"

	"innopay/fault"
)

const maxScriptBody = 64 << 10

// Web writes answers.
type Web struct{ Log *slog.Logger }

// Encode answers with JSON.
func (s Web) Encode(w http.ResponseWriter, status int, body any) {
	s.write(w, status, "application/json", body)
}

func (s Web) write(w http.ResponseWriter, status int, kind string, body any) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err := out.Encode(body); err != nil {
		s.Log.Info("simulator: a client broke off", "error", err)
	}
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

// Refuse answers with a fault; any other error is ours.
func (s Web) Refuse(w http.ResponseWriter, err error) {
	var f *fault.Error
	if !errors.As(err, &f) {
		s.Log.Error("simulator: a request failed", "error", err)
		s.Fail(w, http.StatusInternalServerError, "INTERNAL", "시뮬레이터에 문제가 생겼어요.")
		return
	}
	var fields []problemField
	for _, field := range f.Fields {
		fields = append(fields, problemField{field.Path, field.Code, field.Message})
	}
	s.fail(w, http.StatusUnprocessableEntity, f.Code, f.Message, fields)
}

// NotFound answers for a path that is not there.
func (s Web) NotFound(w http.ResponseWriter, _ *http.Request) {
	s.Fail(w, http.StatusNotFound, "NOT_FOUND", "찾는 주소가 없어요.")
}

// NotAllowed answers for a method that a path does not have.
func (s Web) NotAllowed(w http.ResponseWriter, _ *http.Request) {
	s.Fail(w, http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "이 주소에서 할 수 없는 요청이에요.")
}

// Fail answers with a problem of the contract's form.
func (s Web) Fail(w http.ResponseWriter, status int, code, message string) {
	s.fail(w, status, code, message, nil)
}

func (s Web) fail(w http.ResponseWriter, status int, code, message string, fields []problemField) {
	body := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: code, Message: message, Errors: fields}
	s.write(w, status, "application/problem+json", body)
}

type scriptBody struct {
	Script []Fault `json:"script"`
}

// HandleFaults serves fault control at the path.
func (s Web) HandleFaults(mux *http.ServeMux, path string, script *Script) {
	get := func(w http.ResponseWriter, _ *http.Request) { s.Encode(w, http.StatusOK, scriptBody{script.Faults()}) }
	mux.HandleFunc("GET "+path, get)
	mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
		var body scriptBody
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxScriptBody))
		d.DisallowUnknownFields()
		err := d.Decode(&body)
		if _, end := d.Token(); err != nil || body.Script == nil || !errors.Is(end, io.EOF) {
			s.Fail(w, http.StatusBadRequest, "MALFORMED", "요청을 읽을 수 없어요. JSON 형식을 확인해 주세요.")
			return
		}
		if err := script.Add(body.Script); err != nil {
			s.Refuse(w, err)
			return
		}
		get(w, r)
	})
	mux.HandleFunc("DELETE "+path, func(w http.ResponseWriter, r *http.Request) {
		if err := script.Clear(); err != nil {
			s.Refuse(w, err)
			return
		}
		get(w, r)
	})
	mux.HandleFunc(path, s.NotAllowed)
}

// Hold never answers: it waits until the client or the simulator is gone, and breaks
// the connection.
func Hold(r *http.Request, life context.Context) { //nolint:revive // the request is what is held
	select {
	case <-r.Context().Done():
	case <-life.Done():
	}
	panic(http.ErrAbortHandler)
}
