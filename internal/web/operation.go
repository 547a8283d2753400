package web

import (
	"net/http"

	"innopay/internal/web/problem"
)

// registerOperations serves health, the contract and its pages. All are public.
func registerOperations(mux *http.ServeMux, o Options, document []byte) error {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := o.ready(r.Context()); err != nil {
			o.Log.Warn("not ready", "err", err)
			problem.Write(w, r, problem.ErrNotReady)
			return
		}
		plain(w, http.StatusOK, "ready\n")
	})
	mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		page(w, "application/json", document)
	})
	guide, err := guidePage(document)
	if err != nil {
		return err
	}
	codes, err := errorPage()
	if err != nil {
		return err
	}
	mux.HandleFunc("GET /docs", func(w http.ResponseWriter, _ *http.Request) { page(w, "text/html; charset=utf-8", guide) })
	mux.HandleFunc("GET "+problem.Page, func(w http.ResponseWriter, _ *http.Request) { page(w, "text/html; charset=utf-8", codes) })
	mux.HandleFunc("GET /docs/style.css", func(w http.ResponseWriter, _ *http.Request) { page(w, "text/css; charset=utf-8", guideStyle) })
	return nil
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a probe that left needs no answer
}

// page serves what does not change while the process runs.
func page(w http.ResponseWriter, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(body) // the client may have left
}
