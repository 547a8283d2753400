package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// plantedDocument has one operation, which plain serves without a mistake.
const plantedDocument = `{"paths":{"/v1/things":{"post":{"parameters":[{"name":"limit","in":"query","schema":{"type":"integer","minimum":1,"maximum":9}}],
"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Thing"}}}}}}},
"components":{"schemas":{"Thing":{"type":"object","required":["name","count"],"properties":{"name":{"type":"string","maxLength":5},"count":{"type":"integer","minimum":1,"maximum":9}}}}}}`

// plain serves the operation as it should be.
func plain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	var thing struct {
		Name  *string `json:"name"`
		Count *int    `json:"count"`
	}
	text, err := io.ReadAll(r.Body)
	if err != nil || !utf8.Valid(text) {
		problem.Write(w, r, problem.ErrUnreadable)
		return
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	refuse := func(pointer string) { problem.Write(w, r, problem.InvalidField(pointer, problem.WrongFormat)) }
	for name, values := range r.URL.Query() {
		n := 0
		if _, err := fmt.Sscan(values[0], &n); name != "limit" || values[0] != "" && (err != nil || n < 1 || n > 9 || values[0] != fmt.Sprint(n)) {
			refuse("/limit")
			return
		}
	}
	var wrong *json.UnmarshalTypeError
	switch err := d.Decode(&thing); {
	case asType(err, &wrong):
		refuse(strings.TrimSuffix("/"+wrong.Field, "/"))
	case err != nil || d.More():
		problem.Write(w, r, problem.ErrUnreadable)
	case thing.Name == nil || utf8.RuneCountInString(*thing.Name) > 5:
		refuse("/name")
	case thing.Count == nil || *thing.Count < 1 || *thing.Count > 9:
		refuse("/count")
	default:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte("{}\n"))
	}
}

func asType(err error, target **json.UnmarshalTypeError) bool {
	found, ok := err.(*json.UnmarshalTypeError) //nolint:errorlint // json.Decode returns it as it is
	*target = found
	return ok
}

// edited is an answer before it leaves.
type edited struct {
	http.ResponseWriter
	status int
	change func(status int, h http.Header, body []byte) (int, []byte)
}

func (e *edited) WriteHeader(status int) { e.status = status }

func (e *edited) Write(b []byte) (int, error) {
	if e.status == 0 {
		e.status = http.StatusOK
	}
	status, body := e.change(e.status, e.Header(), b)
	e.ResponseWriter.WriteHeader(status)
	return e.ResponseWriter.Write(body)
}

func TestTheWalkFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	// A mistake sees the request's text and may change the answer.
	type mistake func(text string, status int, h http.Header, body []byte) (int, []byte)
	always := func(found string, set func(h http.Header)) (string, mistake) {
		return found, func(_ string, status int, h http.Header, body []byte) (int, []byte) { set(h); return status, body }
	}
	plants := map[string]mistake{
		"": func(_ string, status int, _ http.Header, body []byte) (int, []byte) { return status, body },
		"answers 500": func(text string, status int, _ http.Header, body []byte) (int, []byte) {
			if strings.Contains(text, "\U0001f600") {
				return http.StatusInternalServerError, body
			}
			return status, body
		},
		"the value comes back": func(text string, status int, _ http.Header, body []byte) (int, []byte) {
			if status >= 400 && strings.Contains(text, "alert(1)") {
				body = []byte(strings.Replace(string(body), `"message":"`, `"message":"<script>`, 1))
			}
			return status, body
		},
		"does not name the field": func(_ string, status int, _ http.Header, body []byte) (int, []byte) {
			return status, []byte(strings.ReplaceAll(string(body), `"/count"`, `"/name"`))
		},
		"forbids: above the maximum": func(text string, status int, h http.Header, body []byte) (int, []byte) {
			if strings.Contains(text, `"count":10,"name":"a"`) {
				h.Set("Content-Type", "application/json")
				return http.StatusOK, []byte("{}")
			}
			return status, body
		},
		"forbids: null": func(text string, status int, h http.Header, body []byte) (int, []byte) {
			if strings.Contains(text, `"name":null`) {
				h.Set("Content-Type", "application/json")
				return http.StatusOK, []byte("{}")
			}
			return status, body
		},
		"answers 302": func(text string, status int, _ http.Header, body []byte) (int, []byte) {
			if strings.Contains(text, "X-Injected") {
				return http.StatusFound, nil
			}
			return status, body
		},
	}
	for found, header := range map[string][2]string{
		"may be sniffed": {"X-Content-Type-Options", ""}, "is the client's": {"Set-Cookie", "a=b"}, `with "{`: {"Content-Type", "text/html"},
	} {
		name, m := always(found, func(h http.Header) { h.Set(header[0], header[1]) })
		plants[name] = m
	}
	for found, m := range plants {
		findings := walkPlanted(t, m)
		if found == "" && len(findings) > 0 {
			t.Errorf("finds in what is right: %q", findings[:min(len(findings), 5)])
		}
		if found != "" && !strings.Contains(strings.Join(findings, "\n"), found) {
			t.Errorf("planted %q, found %d others", found, len(findings))
		}
	}
}

// walkPlanted walks the planted operation with one mistake in it.
func walkPlanted(t *testing.T, m func(text string, status int, h http.Header, body []byte) (int, []byte)) []string {
	t.Helper()
	var d openAPI
	must(t, json.Unmarshal([]byte(plantedDocument), &d))
	w := &walker{
		handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			must(t, err)
			r = r.WithContext(visit.With(r.Context(), &visit.Visit{TraceID: "trc_planted"}))
			r.Body = io.NopCloser(bytes.NewReader(text))
			plain(&edited{ResponseWriter: w, change: func(status int, h http.Header, b []byte) (int, []byte) {
				return m(string(text), status, h, b)
			}}, r)
		}),
		scene: func(*testing.T, field) *scene {
			return &scene{body: map[string]any{"name": "a", "count": 1}, as: func(*http.Request) {}}
		},
	}
	fields := d.fields()
	if len(fields) != 5 {
		t.Fatalf("the document has %d fields: %v", len(fields), fields)
	}
	w.walk(t, fields, oddities())
	return w.findings
}
