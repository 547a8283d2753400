package web

import (
	"net/http"
	"sync"

	"innopay/internal/web/problem"
)

// registerOperations serves health, the contract and its pages. All are public. The pages
// are made when somebody first asks: no start waits for them.
func registerOperations(mux *http.ServeMux, o Options, contract func() ([]byte, error)) {
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if err := o.ready(r.Context()); err != nil {
			o.Log.Warn("not ready", "err", err)
			problem.Write(w, r, problem.ErrNotReady)
			return
		}
		plain(w, http.StatusOK, "ready\n")
	})
	contract = sync.OnceValues(contract)
	serve := func(path, contentType string, render func() ([]byte, error)) {
		once := sync.OnceValues(render)
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			body, err := once()
			if err != nil {
				o.Log.Error("page cannot be made", "path", path, "err", err)
				problem.Write(w, r, err)
				return
			}
			page(w, contentType, body)
		})
	}
	serve("/openapi.json", "application/json", contract)
	serve("/docs", "text/html; charset=utf-8", func() ([]byte, error) {
		document, err := contract()
		if err != nil {
			return nil, err
		}
		return guidePage(document)
	})
	serve(problem.Page, "text/html; charset=utf-8", errorPage)
	mux.HandleFunc("GET /docs/style.css", func(w http.ResponseWriter, _ *http.Request) { page(w, "text/css; charset=utf-8", guideStyle) })
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
