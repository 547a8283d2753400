package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"innopay/internal/web/problem"
)

// judge says what is wrong with the answer to an oddity in a field: nothing, where
// the server behaved.
func judge(f field, o oddity, a reply) []string {
	var wrong []string
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	switch {
	case a.StatusCode >= http.StatusInternalServerError:
		add("answers %d", a.StatusCode)
		return wrong
	case a.StatusCode < http.StatusOK, a.StatusCode >= 300 && a.StatusCode < 400:
		add("answers %d to %s", a.StatusCode, a.Header.Get("Location"))
		return wrong
	case a.StatusCode < 300:
		if why := illegal(f, o); why != "" {
			add("takes a value that the document forbids: %s", why)
		}
		if len(a.body) > 0 && !fits(f, a) {
			add("answers %q", a.Header.Get("Content-Type"))
		}
	default:
		wrong = append(wrong, refusalWrong(f, o, a)...)
	}
	if a.Header.Get("X-Content-Type-Options") != "nosniff" {
		add("may be sniffed")
	}
	for name, values := range a.Header {
		if name == "X-Injected" || name == "Set-Cookie" && !strings.HasPrefix(f.operation, "POST /v1/sessions") || strings.ContainsAny(strings.Join(values, ""), "\r\n") {
			add("header %s is the client's", name)
		}
	}
	return wrong
}

// streams are the operations that answer with something other than JSON.
var streams = map[string]string{
	"GET /v1/events": "text/event-stream", "GET /v1/operator/audit/export": "text/csv; charset=utf-8", "GET /v1/payments/export": "text/csv; charset=utf-8",
	"GET /v1/personal-data": "application/zip", "POST /v1/operator/buyers/export": "application/zip", "POST /v1/operator/merchants/{merchantId}/users/{id}/personal-data/export": "application/zip",
	"GET /v1/products/export":               workbook, // or what format says
	"GET /v1/operator/interest-free/export": workbook, "GET /v1/sales/export": workbook, "GET /v1/settlements/export": workbook,
	"GET /v1/closings/{day}/document": "application/pdf",
	"GET /v1/products/{id}/picture":   "image/jpeg",
}

// fits reports whether what was answered is of the operation's kind.
func fits(f field, a reply) bool {
	got := a.Header.Get("Content-Type")
	if want, ok := streams[f.operation]; ok {
		return got == want || f.pointer == "/format" && got == streams["GET /v1/payments/export"]
	}
	return got == "application/json" && json.Valid(a.body)
}

// refusalWrong looks at a 4xx.
func refusalWrong(f field, o oddity, a reply) []string {
	var wrong []string
	var p struct {
		Status        int
		Code, Message string
		TraceID       string
		Errors        []problem.Field
	}
	if a.Header.Get("Content-Type") != problem.ContentType || json.Unmarshal(a.body, &p) != nil || p.Status != a.StatusCode || p.Message == "" || p.TraceID == "" {
		return []string{fmt.Sprintf("answers %d with %q", a.StatusCode, a.body)}
	}
	if !codeForm.MatchString(p.Code) {
		wrong = append(wrong, fmt.Sprintf("code %q", p.Code))
	}
	if told := o.text; len(told) > 12 && (f.where != unknownName || !shortName.MatchString(told)) && bytes.Contains(a.body, []byte(told)) || bytes.Contains(a.body, []byte("<")) || len(a.body) > 8<<10 {
		wrong = append(wrong, fmt.Sprintf("the value comes back: %.200q", a.body))
	}
	if a.StatusCode == http.StatusUnprocessableEntity && !slices.ContainsFunc(p.Errors, func(e problem.Field) bool { return names(f, e.Field) }) {
		wrong = append(wrong, fmt.Sprintf("does not name the field: %v", p.Errors))
	}
	for _, e := range p.Errors {
		if !codeForm.MatchString(e.Code) || e.Message == "" {
			wrong = append(wrong, fmt.Sprintf("%+v says nothing", e))
		}
	}
	return wrong
}

// shortName is a name that may be told back: it holds no number of anything.
var shortName = regexp.MustCompile(`^[A-Za-z][A-Za-z_-]{0,39}$`)

var codeForm = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,39}$`)

// related are fields that are judged together: a wrong one may be told at another.
var related = map[string][]string{
	"/method":            {"/card", "/cash"},
	"/type":              {"/identifier"},
	"/cash/receipt/type": {"/cash/receipt/identifier"},
	"/cash/received":     {"/amount"},
	"/amount":            {"/items", "/serviceFee", "/taxFreeAmount"},
	"/serviceFee":        {"/items", "/taxFreeAmount"},
	"/taxFreeAmount":     {"/items"},
	"/card/entry":        {"/card/number", "/card/track2"},
	"/card/expiryYear":   {"/card/expiryMonth"},
	"/maxAmount":         {"/minAmount"},
	"/items/0/taxFree":   {"/taxFreeAmount"},
	"/add":               {"/set"},
	"/format":            {""}, // the file is of another
	"/to":                {"/from"},
}

// names reports whether a pointer of an answer means the field.
func names(f field, pointer string) bool {
	if f.where == unknownName {
		return true // the pointer ends before a name that may not be repeated
	}
	// Of a number that no integer can be, the reader does not know which line it stood in.
	if pointer == strings.ReplaceAll(f.pointer, "/0", "") {
		return true
	}
	if pointer == f.pointer || strings.HasPrefix(pointer, f.pointer+"/") || pointer != "" && strings.HasPrefix(f.pointer, pointer+"/") {
		return true
	}
	return slices.ContainsFunc(related[f.pointer], func(r string) bool { return pointer == r || strings.HasPrefix(pointer, r+"/") })
}

// illegal is why the field's schema forbids the value, empty where it does not. It
// knows what the schema says and no rule of the business.
func illegal(f field, o oddity) string {
	if f.where == unknownName {
		return "a name that the document does not have"
	}
	if f.where != inBody {
		return illegalText(f, o.text)
	}
	d := json.NewDecoder(strings.NewReader(o.json))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() || !utf8.ValidString(o.json) {
		return "no JSON"
	}
	kinds := kindsOf(f.schema)
	switch v := v.(type) {
	case nil:
		return unless(!f.required || slices.Contains(kinds, "null"), "null")
	case bool:
		return unless(slices.Contains(kinds, "boolean"), "a boolean")
	case json.Number:
		return illegalNumber(f.schema, kinds, v.String())
	case string:
		if !slices.Contains(kinds, "string") {
			return "a string"
		}
		return illegalString(f.schema, v)
	case []any:
		if most, ok := f.schema["maxItems"].(float64); ok && len(v) > int(most) {
			return "too many"
		}
		return unless(slices.Contains(kinds, "array"), "a list")
	default:
		return unless(slices.Contains(kinds, "object"), "an object")
	}
}

func unless(fits bool, why string) string {
	if fits {
		return ""
	}
	return why
}

func kindsOf(s map[string]any) []string {
	switch t := s["type"].(type) {
	case string:
		return []string{t}
	case []any:
		var out []string
		for _, k := range t {
			out = append(out, fmt.Sprint(k))
		}
		return out
	}
	return nil
}

func illegalNumber(s map[string]any, kinds []string, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	integer := slices.Contains(kinds, "integer")
	switch {
	case !integer && !slices.Contains(kinds, "number"):
		return "a number"
	case err != nil || math.IsInf(n, 0):
		return "out of every range"
	case integer && n != math.Trunc(n):
		return "a fraction"
	case integer && math.Abs(n) > math.MaxInt64:
		return "beyond int64"
	}
	if lo, ok := s["minimum"].(float64); ok && n < lo {
		return "below the minimum"
	}
	if hi, ok := s["maximum"].(float64); ok && n > hi {
		return "above the maximum"
	}
	return ""
}

func illegalString(s map[string]any, text string) string {
	n := utf8.RuneCountInString(text)
	if least, ok := s["minLength"].(float64); ok && n < int(least) && n > 0 {
		return "too short" // an empty one may mean that there is none
	}
	if most, ok := s["maxLength"].(float64); ok && n > int(most) {
		return "too long"
	}
	if values, ok := s["enum"].([]any); ok && !slices.Contains(values, any(text)) {
		return "none of the values"
	}
	if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(text) {
		return "another form"
	}
	return ""
}

// illegalText is the same for addresses and headers, where everything is text.
func illegalText(f field, text string) string {
	if text == "" {
		return "" // not sent
	}
	kinds := kindsOf(f.schema)
	switch {
	case slices.Contains(kinds, "integer"):
		if _, err := strconv.ParseInt(text, 10, 64); err != nil {
			return "no integer"
		}
		return illegalNumber(f.schema, kinds, text)
	case slices.Contains(kinds, "boolean"):
		_, err := strconv.ParseBool(text)
		return unless(err == nil, "no boolean")
	case slices.Contains(kinds, "array"):
		items, ok := f.schema["items"].(map[string]any)
		if !ok {
			return ""
		}
		return illegalString(items, text)
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return "control characters"
	}
	return illegalString(f.schema, text)
}
