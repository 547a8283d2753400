package api

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// convertErrors makes huma refuse requests in our shape. Its hooks belong to the
// whole process, so they are set once and take everything from the request.
var convertErrors = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		return problem.Of(visit.From(ctx.Context()), refusal(status, errs))
	}
	huma.NewError = func(status int, _ string, errs ...error) huma.StatusError {
		return problem.Of(visit.From(context.Background()), refusal(status, errs))
	}
})

// refusal is the fault of a request that huma did not accept. Of its texts only the
// names of our own fields are used, because they may repeat values.
func refusal(status int, errs []error) error {
	switch {
	case status == http.StatusUnsupportedMediaType:
		return problem.ErrMediaType
	case status == http.StatusRequestEntityTooLarge:
		return problem.ErrTooLarge
	case status >= http.StatusInternalServerError:
		return problem.Internal
	}
	f := problem.ErrInvalid
	for _, err := range errs {
		if len(f.Fields) == maxFields {
			break // a body can hold a hundred thousand wrong values
		}
		if d, ok := errors.AsType[*huma.ErrorDetail](err); ok {
			path, code := readDetail(d)
			f = problem.WithField(f, path, code)
		}
	}
	if len(f.Fields) == 0 && status == http.StatusBadRequest {
		return problem.ErrUnreadable
	}
	return f
}

// maxFields bounds the wrong values that one answer names.
const maxFields = 20

var (
	missing   = regexp.MustCompile(`^expected required property ([A-Za-z0-9]+) to be present$`)
	unmatched = regexp.MustCompile(`into Go (?:struct field [A-Za-z0-9]+\.([A-Za-z0-9.]+)|value) of type`)
)

// readDetail is pointer and code of one error of huma's.
func readDetail(d *huma.ErrorDetail) (path, code string) {
	at := pointer(d.Location)
	if m := missing.FindStringSubmatch(d.Message); m != nil {
		return at + "/" + m[1], problem.Required
	}
	if m := unmatched.FindStringSubmatch(d.Message); m != nil {
		return slashed(m[1]), problem.WrongType
	}
	for _, known := range []struct{ start, code string }{
		{"unexpected property", problem.UnknownField},
		{"unknown query parameter", problem.UnknownField},
		{"required ", problem.Required},
		{"expected value to be one of", problem.NotAllowed},
		{"expected number >", problem.OutOfRange},
		{"expected number <", problem.OutOfRange},
		{"expected length", problem.WrongLength},
		{"expected array length", problem.WrongLength},
		{"expected string to ", problem.WrongFormat},
	} {
		if strings.HasPrefix(d.Message, known.start) {
			return at, known.code
		}
	}
	return at, problem.WrongType
}

// slashed is the pointer of a field as encoding/json names it, without the embedded
// types on the way: names of ours begin with a small letter.
func slashed(dotted string) string {
	var b strings.Builder
	for name := range strings.SplitSeq(dotted, ".") {
		if name != "" && (name[0] < 'A' || name[0] > 'Z') {
			b.WriteString("/" + name)
		}
	}
	return b.String()
}

// pointer turns body.items[0].name into /items/0/name. It ends at the first name
// that is not fit to be shown, because names come from the client too.
func pointer(location string) string {
	_, rest, ok := strings.Cut(location, ".")
	if !ok {
		return ""
	}
	var b strings.Builder
	for part := range strings.SplitSeq(rest, ".") {
		name, indexes, _ := strings.Cut(part, "[")
		if !showable(name) {
			break
		}
		b.WriteString("/" + name)
		for index := range strings.SplitSeq(indexes, "[") {
			if i := strings.TrimSuffix(index, "]"); i != "" && len(i) < 8 && strings.Trim(i, "0123456789") == "" {
				b.WriteString("/" + i)
			}
		}
	}
	return b.String()
}
