package web

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"innopay/internal/web/problem"
)

// index is the page every route of the app starts from.
const index = "index.html"

//go:embed stub.html
var stub []byte

// registerApp serves the merchant app under /app/, and its first page for every
// address of the app that is no file.
func registerApp(mux *http.ServeMux, o Options) error {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/app/", http.StatusFound) })
	mux.HandleFunc("GET /app", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/app/", http.StatusMovedPermanently)
	})
	page := stub
	if o.App != nil {
		b, err := fs.ReadFile(o.App, index)
		if err != nil {
			return fmt.Errorf("web: the app's first page: %w", err)
		}
		page = b
	}
	mux.HandleFunc("GET /app/{file...}", func(w http.ResponseWriter, r *http.Request) {
		if o.App != nil && serveFile(w, r, o.App, r.PathValue("file")) {
			return
		}
		if strings.HasPrefix(r.PathValue("file"), "assets/") {
			// A page of an older build asks for a file that is gone: the first page in
			// its place would be run as a script.
			problem.Write(w, r, problem.ErrNoRoute)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		http.ServeContent(w, r, index, time.Time{}, bytes.NewReader(page))
	})
	return nil
}

// serveFile serves a file of the app, false when there is none.
func serveFile(w http.ResponseWriter, r *http.Request, app fs.FS, name string) bool {
	if name == "" || name == index || !fs.ValidPath(name) {
		return false
	}
	b, err := fs.ReadFile(app, name)
	if errors.Is(err, fs.ErrNotExist) || err != nil && isFolder(app, name) {
		return false
	}
	if err != nil {
		problem.Write(w, r, problem.Internal)
		return true
	}
	h := w.Header()
	switch {
	case strings.HasPrefix(name, "assets/"):
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // named by content
	default:
		h.Set("Cache-Control", "no-cache")
	}
	if t := contentType(name); t != "" {
		h.Set("Content-Type", t)
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(b))
	return true
}

func isFolder(app fs.FS, name string) bool {
	info, err := fs.Stat(app, name)
	return err == nil && info.IsDir()
}

// contentType does not ask the machine's tables for what the app is made of.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".woff2":
		return "font/woff2"
	default:
		return mime.TypeByExtension(ext)
	}
}
