package web

import (
	"net/http"
	"strings"

	"innopay/internal/web/developer"
	"innopay/internal/web/visit"
)

// registerDevelopers serves the pages for those who connect their own systems, and the
// programs on them as files. All are public.
func registerDevelopers(mux *http.ServeMux, o Options) error {
	pages, err := developer.Render(developer.Options{Base: o.BaseURL, Test: o.SimulatedAcquirer, Cards: o.TestCards})
	if err != nil {
		return err
	}
	files := make(map[string]asset, len(pages))
	for name, b := range pages {
		files[name] = pack(name, b)
	}
	mux.HandleFunc("GET "+developer.Place, func(w http.ResponseWriter, r *http.Request) {
		name := developer.KoreanPage
		switch r.URL.Query().Get("lang") {
		case "ko":
		case "en":
			name = developer.EnglishPage
		default:
			if visit.From(r.Context()).English {
				name = developer.EnglishPage
			}
		}
		files[name].serve(w, r, name)
	})
	for name, f := range files {
		if name == developer.KoreanPage || name == developer.EnglishPage {
			continue
		}
		mux.HandleFunc("GET "+developer.Place+"/"+name, func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(name, "examples/") {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8") // to read; nothing on the page runs it
			}
			f.serve(w, r, name)
		})
	}
	return nil
}
