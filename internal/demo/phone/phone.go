// Package phone is the demo's virtual phone: a page with the telephones of several
// buyers, on which messages and mails arrive, links open and test cards lie, alone or
// beside the merchant's app. Only the demo composes it; in production its addresses
// are 404.
package phone

import (
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"innopay/card"
	"innopay/internal/demo"
	"innopay/ui"
)

// Path is where the page is; what belongs to it lies below.
const Path = "/simulator/phone"

//go:embed page
var embedded embed.FS

// Options are what the phone shows.
type Options struct {
	Buyers []demo.Buyer
	Cards  []demo.Card
	// Token is asked for before anything but the page's own files is told; empty on
	// loopback (rulings 17). It is that of the simulator, which asks for it too.
	Token string
	// Next serves every other address of the simulators: messages and mails too.
	Next http.Handler
}

// New serves the page and hands everything else to o.Next. It is safe for concurrent
// use and fails only when the embedded files are not whole.
func New(o Options) (http.Handler, error) {
	files, err := load()
	if err != nil {
		return nil, err
	}
	setup, err := json.Marshal(setupOf(o))
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", o.Next)
	mux.HandleFunc("GET "+Path, files["index.html"].serve)
	mux.HandleFunc("GET "+Path+"/page/{file}", func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.PathValue("file")]
		if !ok {
			refuse(w, http.StatusNotFound, "NOT_FOUND", "찾는 주소가 없어요.")
			return
		}
		f.serve(w, r)
	})
	mux.HandleFunc("GET "+Path+"/setup", func(w http.ResponseWriter, r *http.Request) {
		if !o.allows(r) {
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, http.StatusUnauthorized, "UNAUTHENTICATED", "시뮬레이터 토큰이 필요해요.")
			return
		}
		send(w, http.StatusOK, "application/json", setup)
	})
	return mux, nil
}

// allows compares the bearer token in constant time.
func (o Options) allows(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return o.Token == "" || ok && subtle.ConstantTimeCompare([]byte(token), []byte(o.Token)) == 1
}

// setup is what the page has to know at its start: nothing that opens a merchant.
type setup struct {
	Buyers []demo.Buyer `json:"buyers"`
	Cards  []testCard   `json:"cards"`
}

// testCard is a card with what is printed on it.
type testCard struct {
	demo.Card
	Issuer string    `json:"issuer"`
	Type   card.Type `json:"type"`
}

func setupOf(o Options) setup {
	s := setup{Buyers: o.Buyers, Cards: make([]testCard, 0, len(o.Cards))}
	for _, c := range o.Cards {
		t := testCard{Card: c, Type: card.Credit}
		if r, ok := card.LookupBIN(c.Number[:min(8, len(c.Number))]); ok {
			t.Issuer, t.Type = r.IssuerName, r.Type
		}
		s.Cards = append(s.Cards, t)
	}
	return s
}

// file is a file of the page as it is sent.
type file struct {
	kind, policy, sharing string
	body                  []byte
}

// The page brings its own scripts and styles, and frames the merchant's app and the
// buyer's pages.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// A mail brings styles of its own and could bring anything: the document it is shown in
// has an origin of its own, and loads nothing but the script that hands its links to
// the phone.
const letterPolicy = "sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

const filePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// The documents among the files, and the script that a document without our origin loads.
const (
	letterPage   = "letter.html"
	letterScript = "letter.js"
)

// kinds by ending, so that the machine's own tables are not asked.
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".mjs": "text/javascript; charset=utf-8", ".js": "text/javascript; charset=utf-8",
}

// load reads the files of the page, and the tokens that every screen of ours shares.
func load() (map[string]file, error) {
	files := map[string]file{
		"tokens.css": {kind: kinds[".css"], policy: filePolicy, body: ui.Tokens},
		"base.css":   {kind: kinds[".css"], policy: filePolicy, body: ui.Base},
	}
	err := fs.WalkDir(embedded, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := embedded.ReadFile(name)
		f := file{kind: kinds[path.Ext(name)], policy: filePolicy, body: body}
		switch d.Name() {
		case "index.html":
			f.policy = pagePolicy
		case letterPage:
			f.policy = letterPolicy
		case letterScript:
			f.sharing = "cross-origin"
		}
		files[d.Name()] = f
		return err
	})
	if err == nil && len(files["index.html"].body) == 0 {
		err = errors.New("there is no page")
	}
	if err != nil {
		return nil, fmt.Errorf("phone: %w", err)
	}
	return files, nil
}

func (f file) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Security-Policy", f.policy)
	if f.sharing != "" {
		w.Header().Set("Cross-Origin-Resource-Policy", f.sharing)
	}
	send(w, http.StatusOK, f.kind, f.body)
}

func send(w http.ResponseWriter, status int, kind string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have left
}

// problem is application/problem+json as the contract writes it.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	Message   string `json:"message"`
	Retryable bool   `json:"retryable"`
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	body, err := json.Marshal(problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: message, Code: code, Message: message,
	})
	if err != nil {
		status, body = http.StatusInternalServerError, nil
	}
	send(w, status, "application/problem+json", body)
}
