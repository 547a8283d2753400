package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// index is the page every route of the app starts from.
const index = "index.html"

//go:embed stub.html
var stub []byte

// registerApps serves the merchant app under /app/ and the console under /console/.
func registerApps(mux *http.ServeMux, o Options) error {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		to := "/app/"
		if visit.From(r.Context()).Console {
			to = consoleArea
		}
		http.Redirect(w, r, to, http.StatusFound)
	})
	if err := registerScreens(mux, "/app", o.App); err != nil {
		return fmt.Errorf("web: the app's files: %w", err)
	}
	if err := registerScreens(mux, "/console", o.Console); err != nil {
		return fmt.Errorf("web: the console's files: %w", err)
	}
	return nil
}

// registerScreens serves what was built for an address, and its first page for every
// address below it that is no file.
func registerScreens(mux *http.ServeMux, at string, built fs.FS) error {
	mux.HandleFunc("GET "+at, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, at+"/", http.StatusMovedPermanently)
	})
	files := map[string]asset{}
	page := pack(index, stub)
	if built != nil {
		var err error
		if files, err = packAll(built); err != nil {
			return err
		}
		first, ok := files[index]
		if !ok {
			return errors.New("there is no first page")
		}
		page = first
		delete(files, index)
	}
	mux.HandleFunc("GET "+at+"/{file...}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		if f, ok := files[name]; ok {
			f.serve(w, r, name)
			return
		}
		if strings.HasPrefix(name, "assets/") {
			// A page of an older build asks for a file that is gone: the first page in
			// its place would be run as a script.
			problem.Write(w, r, problem.ErrNoRoute)
			return
		}
		page.serve(w, r, index)
	})
	return nil
}

// asset is a file of the screens as it is sent. Its parts never change.
type asset struct {
	plain, zipped []byte // zipped is nil where it would save nothing
	tag           string // of the plain bytes
}

// smallest is from how many bytes on compressing is worth a header.
const smallest = 1 << 10

// packAll reads and compresses every file of a build, once.
func packAll(app fs.FS) (map[string]asset, error) {
	files := map[string]asset{}
	err := fs.WalkDir(app, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(app, name)
		files[name] = pack(name, b)
		return err
	})
	return files, err
}

func pack(name string, plain []byte) asset {
	sum := sha256.Sum256(plain)
	a := asset{plain: plain, tag: hex.EncodeToString(sum[:12])}
	if len(plain) < smallest || strings.HasPrefix(contentType(name), "image/png") {
		return a
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(plain)
	}
	if err == nil {
		err = z.Close()
	}
	if err == nil && b.Len() < len(plain) {
		a.zipped = b.Bytes()
	}
	return a
}

// serve answers with the file; a browser that has it is told so.
func (a asset) serve(w http.ResponseWriter, r *http.Request, name string) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // named by content
	}
	if name == index {
		h.Set("Content-Type", "text/html; charset=utf-8")
	} else if h.Get("Content-Type") != "" {
		// Whoever serves it knows better than its name.
	} else if t := contentType(name); t != "" {
		h.Set("Content-Type", t)
	}
	h.Set("Vary", "Accept-Encoding")
	body, tag := a.plain, a.tag
	if a.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = a.zipped, a.tag+"-gzip"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// takesGzip reads Accept-Encoding as far as browsers write it: a list of names, of
// which one with q=0 is refused.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, q, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";")
		if strings.EqualFold(name, "gzip") {
			return strings.Trim(strings.TrimPrefix(q, "q="), "0.") != "" || q == ""
		}
	}
	return false
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
