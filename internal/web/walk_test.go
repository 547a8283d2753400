package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// place is where in a request a field stands.
type place string

const (
	inBody      place = "body"
	inPath      place = "path"
	inQuery     place = "query"
	inHeader    place = "header"
	unknownName place = "unknown name" // a name that the document does not have
)

// field is one value a client can send.
type field struct {
	operation string // POST /v1/payments
	where     place
	pointer   string // /card/number; of a parameter / and its name
	schema    map[string]any
	required  bool
}

func (f field) String() string { return f.operation + " " + string(f.where) + " " + f.pointer }

func (f field) method() string { m, _, _ := strings.Cut(f.operation, " "); return m }

func (f field) path() string { _, p, _ := strings.Cut(f.operation, " "); return p }

// openAPI is a document as far as the walk needs it.
type openAPI struct {
	Paths      map[string]map[string]operationOf
	Components struct{ Schemas map[string]map[string]any }
}

type operationOf struct {
	Parameters []struct {
		Name, In string
		Required bool
		Schema   map[string]any
	}
	RequestBody struct {
		Content map[string]struct{ Schema map[string]any }
	}
}

// fields are all the document names, and for each operation a name it does not.
func (d openAPI) fields() []field {
	var out []field
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
			o, name := d.Paths[path][method], strings.ToUpper(method)+" "+path
			for _, p := range o.Parameters {
				out = append(out, field{name, place(p.In), "/" + p.Name, d.resolve(p.Schema), p.Required})
			}
			body := o.RequestBody.Content["application/json"].Schema
			if body == nil {
				out = append(out, field{operation: name, where: unknownName, pointer: "?"})
				continue
			}
			out = append(out, field{operation: name, where: unknownName})
			out = append(out, d.inside(field{name, inBody, "", d.resolve(body), true})...)
		}
	}
	return out
}

// inside are the field and all in it.
func (d openAPI) inside(f field) []field {
	out := []field{f}
	required, _ := f.schema["required"].([]any)
	properties, _ := f.schema["properties"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		s, _ := properties[name].(map[string]any)
		out = append(out, d.inside(field{f.operation, inBody, f.pointer + "/" + name, d.resolve(s), slices.Contains(required, any(name))})...)
	}
	if items, ok := f.schema["items"].(map[string]any); ok {
		out = append(out, d.inside(field{f.operation, inBody, f.pointer + "/0", d.resolve(items), true})...)
	}
	return out
}

func (d openAPI) resolve(s map[string]any) map[string]any {
	ref, _ := s["$ref"].(string)
	if name, ok := strings.CutPrefix(ref, "#/components/schemas/"); ok {
		return d.Components.Schemas[name]
	}
	return s
}

// scene is a good request of an operation, in which one field is replaced. order and
// version in the body stand for a fresh order id and the version read last.
type scene struct {
	body  map[string]any
	file  *file // in place of body
	path  map[string]string
	query url.Values
	as    func(*http.Request)
	after func(a reply) // runs after every request; nil: nothing
}

const (
	hole    = "@value@"
	order   = "@order@"
	version = "@version@"
)

// walker puts every oddity into every field.
type walker struct {
	handler http.Handler
	scene   func(t *testing.T, f field) *scene

	mu       sync.Mutex
	requests int
	findings []string
	accepted []accepted
}

// accepted is a request that was not refused.
type accepted struct {
	field
	status int
	body   []byte
}

// walk tries the fields and returns when all are done.
func (w *walker) walk(t *testing.T, fields []field, corpus []oddity) {
	t.Helper()
	queue := make(chan field)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for f := range queue {
				w.try(t, f, corpus)
			}
		})
	}
	for _, f := range fields {
		queue <- f
	}
	close(queue)
	all.Wait()
}

// try puts the corpus and the borders of its schema into one field.
func (w *walker) try(t *testing.T, f field, corpus []oddity) {
	s := w.scene(t, f)
	text := ""
	if s.body != nil {
		text = template(t, f, s.body)
	}
	at := "1"
	for i, o := range slices.Concat(corpus, borders(f.schema)) {
		if f.where != inBody && !o.bare || f.where == inPath && o.text == "" {
			continue
		}
		if f.where == unknownName && s.body != nil && !o.bare {
			continue // a name is a string
		}
		a := w.send(f, s, o, strings.NewReplacer(`"`+hole+`"`, o.json, order, fmt.Sprintf("walk-%x-%d", hash(f.String()), i), `"`+version+`"`, at).Replace(text), i)
		if s.after != nil {
			s.after(a)
		}
		var held struct{ Version json.Number }
		if a.StatusCode == http.StatusOK && json.Unmarshal(a.body, &held) == nil && held.Version != "" {
			at = held.Version.String()
		}
		w.note(f, o, a)
	}
}

// hash keeps order ids of different fields apart.
func hash(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func (w *walker) note(f field, o oddity, a reply) {
	wrong := judge(f, o, a)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests++
	for _, s := range wrong {
		w.findings = append(w.findings, fmt.Sprintf("%v, %.60q: %s", f, o.name, s))
	}
	if a.StatusCode < 300 {
		w.accepted = append(w.accepted, accepted{f, a.StatusCode, a.body})
	}
}

// send makes the request; body is ready.
func (w *walker) send(f field, s *scene, o oddity, body string, i int) reply {
	path, query := f.path(), url.Values{}
	maps.Copy(query, s.query)
	for name, value := range s.path {
		if f.where == inPath && f.pointer == "/"+name {
			value = strings.ReplaceAll(url.PathEscape(o.text), ".", "%2E")
		}
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	switch {
	case f.where == inQuery:
		query[f.pointer[1:]] = []string{o.text}
	case f.where == unknownName && s.body == nil:
		query["x"+o.text] = []string{o.text}
	}
	req := httptest.NewRequest(f.method(), base+path+"?"+query.Encode(), strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.file != nil {
		req = httptest.NewRequest(f.method(), base+path+"?"+query.Encode(), bytes.NewReader(s.file.content))
		req.Header.Set("Content-Type", s.file.kind)
	}
	s.as(req)
	req.Header.Set("Idempotency-Key", "walk "+f.String()+strconv.Itoa(i))
	if f.where == inHeader {
		req.Header[http.CanonicalHeaderKey(f.pointer[1:])] = []string{o.text}
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	return reply{rec.Result(), rec.Body.Bytes()}
}

// template is the body with a hole where the field is.
func template(t *testing.T, f field, body map[string]any) string {
	t.Helper()
	b, err := json.Marshal(body)
	must(t, err)
	var root any
	must(t, json.Unmarshal(b, &root))
	switch f.where {
	case unknownName:
		// Marshal writes names as strings, so the hole is a name here.
		b, err = json.Marshal(root)
		must(t, err)
		if string(b) == "{}" {
			return `{"` + hole + `":1}`
		}
		return `{"` + hole + `":1,` + string(b[1:])
	case inBody:
		root = dig(t, f, root, strings.Split(f.pointer, "/")[1:])
	case inPath, inQuery, inHeader:
	}
	b, err = json.Marshal(root)
	must(t, err)
	return string(b)
}

// dig replaces what the names lead to. A good request has to hold every object and
// list of its schema, so that everything in them is reached.
func dig(t *testing.T, f field, at any, names []string) any {
	t.Helper()
	if len(names) == 0 {
		return hole
	}
	switch v := at.(type) {
	case map[string]any:
		v[names[0]] = dig(t, f, v[names[0]], names[1:])
	case []any:
		if len(v) == 0 {
			t.Errorf("%v: the good request has nothing in the list above it", f)
			return hole
		}
		v[0] = dig(t, f, v[0], names[1:])
	default:
		t.Errorf("%v: the good request has nothing above it", f)
	}
	return at
}
