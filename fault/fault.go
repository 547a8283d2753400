// Package fault is the one error type that crosses package borders.
//
// A fault says what kind of thing went wrong (which decides the HTTP status),
// a stable code for programs, and a Korean sentence for people. Its text never
// holds a card number, password, phone number or any other personal datum, so a
// fault may always be logged. A declined card is a result, not a fault.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Kind classes a fault by what the caller can do about it.
type Kind uint8

// The kinds. Internal is the zero value: an error nobody classed is ours.
const (
	Internal        Kind = iota // 500: a bug or a broken part of ours
	Malformed                   // 400: the request cannot be read
	Invalid                     // 422: read, but values are wrong; Fields names them
	Unauthenticated             // 401: not logged in, or the session ended
	Forbidden                   // 403: logged in, but not allowed
	NotFound                    // 404: absent, or another merchant's
	Conflict                    // 409: clashes with the present state
	TooMany                     // 429: rate limit or lock; RetryAfter says how long
	Unavailable                 // 503: cannot be done now; nothing was done
)

// Field names one wrong value of a request.
type Field struct {
	Path    string // JSON pointer into the request, e.g. /card/number
	Code    string // stable, UPPER_SNAKE
	Message string // Korean; never repeats the value
}

// Error is a fault. Build it with New and the With methods; compare with Is or As.
type Error struct {
	Kind       Kind
	Code       string // stable, UPPER_SNAKE, part of the API
	Message    string // Korean sentence for people: what happened, what to do
	Fields     []Field
	RetryAfter time.Duration     // zero when waiting does not help
	Details    map[string]string // further members of the answer, e.g. paymentId; no personal data
	Err        error             // cause; for logs only, never shown
}

// New returns a fault of the kind, with its stable code and Korean message.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// InvalidField returns an Invalid fault about one field.
func InvalidField(path, code, message string) *Error {
	return New(Invalid, "INVALID_REQUEST", "입력한 값을 확인해 주세요.").WithField(path, code, message)
}

// WithField returns a copy that names one more wrong field.
func (e *Error) WithField(path, code, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{path, code, message})
	return &c
}

// WithDetail returns a copy with one more member for the answer.
func (e *Error) WithDetail(key, value string) *Error {
	c := *e
	c.Details = make(map[string]string, len(e.Details)+1)
	maps.Copy(c.Details, e.Details)
	c.Details[key] = value
	return &c
}

// WithRetryAfter returns a copy that tells the caller when to try again.
func (e *Error) WithRetryAfter(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Because returns a copy with its cause, for logs.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// Error is the text for logs: code, fields (names only) and cause.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s:%s", f.Path, f.Code)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes two faults equal when their codes are, so that a package's exported
// fault can be compared after fields or details were added.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Kind == e.Kind
}

// KindOf is the kind of err, Internal when it is no fault.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Kind
	}
	return Internal
}

// CodeOf is the stable code of err, INTERNAL when it is no fault.
func CodeOf(err error) string {
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Code
	}
	return "INTERNAL"
}
