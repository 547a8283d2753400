package web

import (
	"context"
	"net/http"
	"strings"
)

// Where the operators are: their screens and their operations.
const (
	consoleArea  = "/console/"
	operatorArea = "/v1/operator/"
)

// desks are what the console's own listener answers beside them.
var desks = []string{"/v1/", "/healthz", "/readyz"}

type consoleKey struct{}

// ConsoleListener is the handler of New for the console's own listener (Options.ConsoleApart):
// screens and operations of operators, and their sessions. h answers them nowhere else.
func ConsoleListener(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), consoleKey{}, true)))
	})
}

// byConsole reports whether a request came in by the console's own listener.
func byConsole(r *http.Request) bool {
	own, _ := r.Context().Value(consoleKey{}).(bool)
	return own
}

// listens reports whether a path is answered on the listener a request came in by.
func (s *server) listens(r *http.Request) bool {
	if !s.ConsoleApart {
		return true
	}
	path := r.URL.Path
	operators := strings.HasPrefix(path+"/", consoleArea) || strings.HasPrefix(path, operatorArea)
	if !byConsole(r) {
		return !operators
	}
	if operators || path == "/" {
		return true
	}
	for _, d := range desks {
		if strings.HasPrefix(path, d) {
			return true
		}
	}
	return false
}
