// Package problem is the one shape in which the server says that something is
// wrong: RFC 9457 problem details with the members of the contract. It turns
// faults into status, sentence and headers, in Korean or English, and never shows
// a cause or repeats a value.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"innopay/fault"
	"innopay/internal/web/visit"
)

// ContentType of every answer of this package.
const ContentType = "application/problem+json"

// Page is where the codes are explained; type of a problem points into it.
const Page = "/docs/errors"

// Field names one wrong value of the request.
type Field struct {
	Field   string `json:"field" doc:"JSON pointer into the request, e.g. /card/number" example:"/card/number"`
	Code    string `json:"code" doc:"Stable, UPPER_SNAKE"`
	Message string `json:"message" doc:"For people; never repeats the value"`
}

// Problem is one answer. Further members of the fault (paymentId, triesLeft) stand
// beside the named ones.
type Problem struct {
	_         struct{} `additionalProperties:"true"`
	Type      string   `json:"type" doc:"Address of the code's explanation"`
	Title     string   `json:"title" doc:"The HTTP status in words"`
	Status    int      `json:"status"`
	Detail    string   `json:"detail" doc:"Same as message"`
	Code      string   `json:"code" doc:"Stable, UPPER_SNAKE" example:"DUPLICATE_ORDER"`
	Message   string   `json:"message" doc:"Korean, or English by Accept-Language"`
	TraceID   string   `json:"traceId" doc:"Names the request in the server's log"`
	Retryable bool     `json:"retryable" doc:"The same request may be sent again later"`
	Errors    []Field  `json:"errors,omitempty" doc:"Which values are wrong"`

	details    map[string]any
	retryAfter time.Duration
}

// Of turns err into a problem for the visit. What is no fault is an INTERNAL problem.
func Of(v *visit.Visit, err error) *Problem {
	f := asFault(err)
	p := &Problem{
		Type: Page + "#" + f.Code, Status: status(f), Code: f.Code, Message: sentence(f, v.English),
		TraceID: v.TraceID, retryAfter: f.RetryAfter,
	}
	p.Title, p.Detail = http.StatusText(p.Status), p.Message
	p.Retryable = f.Kind == fault.TooMany || f.Kind == fault.Unavailable || f.Kind == fault.Conflict && f.RetryAfter > 0
	for _, w := range f.Fields {
		p.Errors = append(p.Errors, Field{w.Path, w.Code, fieldSentence(w, v.English)})
	}
	for k, val := range f.Details {
		if p.details == nil {
			p.details = make(map[string]any, len(f.Details))
		}
		p.details[k] = number(k, val)
	}
	return p
}

func asFault(err error) *fault.Error {
	var f *fault.Error
	switch {
	case errors.As(err, &f):
		if f.Kind == fault.Internal {
			// Which part broke is for the log.
			return Internal.Because(f)
		}
		return f
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return ErrAborted.Because(err)
	default:
		return Internal.Because(err)
	}
}

// status is the HTTP status of a fault.
func status(f *fault.Error) int {
	switch f.Code {
	case ErrMethod.Code:
		return http.StatusMethodNotAllowed
	case ErrTooLarge.Code, ErrFileTooLarge.Code:
		return http.StatusRequestEntityTooLarge
	case ErrMediaType.Code, ErrFileType.Code:
		return http.StatusUnsupportedMediaType
	}
	switch f.Kind {
	case fault.Malformed:
		return http.StatusBadRequest
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	}
	return http.StatusInternalServerError
}

// numbers are the further members that are numbers; faults carry them as text.
var numbers = []string{"triesLeft", "balanceAmount", "cancelLimit"}

func number(key, value string) any {
	if slices.Contains(numbers, key) {
		if n, err := strconv.ParseInt(strings.ReplaceAll(value, ",", ""), 10, 64); err == nil {
			return n
		}
	}
	return value
}

// Error is the code, for logs.
func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType replaces whatever was negotiated.
func (p *Problem) ContentType(string) string { return ContentType }

// GetHeaders are the headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.Status == http.StatusTooManyRequests || p.Status == http.StatusServiceUnavailable || p.retryAfter > 0 {
		h.Set("Retry-After", strconv.FormatInt(seconds(p.retryAfter), 10))
	}
	return h
}

// seconds rounds up to whole seconds, at least one.
func seconds(d time.Duration) int64 { return max(1, int64((d+time.Second-1)/time.Second)) }

// MarshalJSON writes the named members in their order, then the further ones by name.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	b, err := json.Marshal((*plain)(p))
	if err != nil || len(p.details) == 0 {
		return b, err
	}
	b = b[:len(b)-1]
	for _, k := range slices.Sorted(maps.Keys(p.details)) {
		name, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(p.details[k])
		if err != nil {
			return nil, err
		}
		b = append(append(append(append(b, ','), name...), ':'), value...)
	}
	return append(b, '}'), nil
}

// Write answers r with the problem of err.
func Write(w http.ResponseWriter, r *http.Request, err error) {
	p := Of(visit.From(r.Context()), err)
	b, merr := json.Marshal(p)
	if merr != nil {
		b = []byte(`{"code":"INTERNAL","status":500}`)
	}
	h := w.Header()
	maps.Copy(h, p.GetHeaders())
	h.Set("Content-Type", ContentType)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(append(b, '\n')) // the client may have left; there is nobody else to tell
	}
}
