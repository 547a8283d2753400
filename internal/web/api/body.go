package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/web/problem"
)

// maxDepth is how deep a JSON document may be nested, maxValues how many values it may
// hold: twice a signature of the most points. Each value may become an error of its
// own, which is many times its size.
const (
	maxDepth  = 16
	maxValues = 40_000
)

// Reasons why a body is no JSON document of ours; for the log.
var (
	errEncoding  = errors.New("not valid UTF-8")
	errDuplicate = errors.New("a name stands twice in one object")
	errDepth     = errors.New("nested too deep")
	errValues    = errors.New("too many values")
	errTrailing  = errors.New("more than one document")
	errRange     = errors.New("a number beyond every reader's range")
	errQuery     = errors.New("query cannot be decoded")
)

// rawBody is a body that is a file and no JSON.
type rawBody struct {
	types []string // media types
	most  int64    // bytes
}

// errUploads is when as many files are on their way as the memory allows.
var errUploads = problem.ErrRate.WithRetryAfter(uploadWait)

// Bounds of files on their way: each is in memory.
const (
	maxUploads = 16
	uploadWait = 2 * time.Second
)

// readFile reads the body of an operation that takes a file, and puts it back for huma.
// done gives its place away.
func (a *API) readFile(w http.ResponseWriter, r *http.Request, raw rawBody) (done func(), err error) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(raw.types, mediaType) {
		return func() {}, problem.ErrFileType
	}
	select {
	case a.uploads <- struct{}{}:
		done = func() { <-a.uploads }
	default:
		return func() {}, errUploads
	}
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, raw.most))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return done, problem.ErrFileTooLarge
	case err != nil:
		return done, problem.ErrUnreadable.Because(err)
	case len(b) == 0:
		return done, problem.InvalidField("", problem.Required)
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	return done, nil
}

// readBody reads and checks the body of an operation that has one, and puts it back
// for huma. wipe clears the copy, which may hold a card number. A body that may be
// left out is not asked for.
func readBody(w http.ResponseWriter, r *http.Request, op *huma.Operation) (wipe func(), err error) {
	if op.RequestBody == nil || !op.RequestBody.Required && r.ContentLength == 0 {
		return func() {}, nil
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := params["charset"]
	if err != nil || mediaType != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		return func() {}, problem.ErrMediaType
	}
	var buf bytes.Buffer
	_, err = buf.ReadFrom(http.MaxBytesReader(w, r.Body, MaxBody))
	b := buf.Bytes()
	wipe = func() { clear(b) }
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return wipe, problem.ErrTooLarge
	case err != nil:
		return wipe, problem.ErrUnreadable.Because(err)
	}
	if err := strictJSON(b); err != nil {
		return wipe, problem.ErrUnreadable.Because(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(b))
	return wipe, nil
}

// strictJSON refuses what two readers could understand differently: broken UTF-8,
// names that stand twice, numbers that overflow, anything after the document.
func strictJSON(b []byte) error {
	if !utf8.Valid(b) || !pairedEscapes(b) {
		return errEncoding
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	left := maxValues
	if err := value(d, 0, &left); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errTrailing
	}
	return nil
}

// value reads one value with everything in it; left is how many more there may be.
func value(d *json.Decoder, depth int, left *int) error {
	if *left--; *left < 0 {
		return errValues
	}
	token, err := d.Token()
	if err != nil {
		return unspoken(err)
	}
	if n, ok := token.(json.Number); ok {
		if _, err := n.Float64(); err != nil {
			return errRange
		}
	}
	open, nested := token.(json.Delim)
	if !nested {
		return nil
	}
	if depth >= maxDepth {
		return errDepth
	}
	names := map[string]bool{}
	for d.More() {
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return unspoken(err)
			}
			text, ok := name.(string)
			if !ok || names[text] {
				return errDuplicate
			}
			names[text] = true
		}
		if err := value(d, depth+1, left); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return unspoken(err)
}

// unspoken keeps an error of the JSON package from quoting the body.
func unspoken(err error) error {
	var syntax *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return errors.New("syntax at byte " + strconv.FormatInt(syntax.Offset, 10))
	default:
		return errors.New("cut off")
	}
}

// pairedEscapes reports whether every \u escape stands for a character: no half of
// a surrogate pair, which Go would quietly replace, and no NUL, which databases
// refuse.
func pairedEscapes(b []byte) bool {
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			continue
		}
		i++
		unit, ok := escaped(b, i)
		if !ok {
			continue
		}
		i += 4
		switch {
		case unit == 0:
			return false
		case unit >= 0xDC00 && unit <= 0xDFFF:
			return false
		case unit >= 0xD800 && unit <= 0xDBFF:
			low, ok := uint64(0), i+2 < len(b) && b[i+1] == '\\'
			if ok {
				low, ok = escaped(b, i+2)
			}
			if !ok || low < 0xDC00 || low > 0xDFFF {
				return false
			}
			i += 6
		}
	}
	return true
}

// escaped is the code unit of uXXXX at b[i].
func escaped(b []byte, i int) (uint64, bool) {
	if i+4 >= len(b) || b[i] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(b[i+1:i+5]), 16, 16)
	return n, err == nil
}

func parseQuery(raw string) (url.Values, error) {
	q, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errQuery // its text would quote the query
	}
	return q, nil
}

// segment is a name that may be shown in a pointer: one of ours, or short enough to
// hold nothing secret.
var segment = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,39}$`)

// maxDigits is how many digits a shown name may have: ours have one or two, a card
// number's quarter has four.
const maxDigits = 4

// showable reports whether a name of the client may stand in an answer.
func showable(name string) bool {
	digits := 0
	for _, r := range name {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits <= maxDigits && segment.MatchString(name)
}

// pointerOf is the JSON pointer of a name sent by the client, the whole document
// when the name is not fit to be shown.
func pointerOf(name string) string {
	if !showable(name) {
		return ""
	}
	return "/" + name
}
