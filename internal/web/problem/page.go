package problem

import (
	"fmt"
	"strings"
)

// Row is one line of the error page.
type Row struct {
	Code    string
	Status  int // 0 for codes of single fields
	Korean  string
	English string
}

// Codes are the codes of problems, in the order of the page.
func Codes() []Row {
	rows := make([]Row, 0, len(table))
	for _, e := range table {
		rows = append(rows, Row{e.fault.Code, status(e.fault), e.fault.Message, e.english})
	}
	return rows
}

// FieldCodes are the codes of wrong values.
func FieldCodes() []Row {
	rows := make([]Row, 0, len(fieldTable))
	for _, e := range fieldTable {
		rows = append(rows, Row{Code: e.code, Korean: e.ko, English: e.en})
	}
	return rows
}

// Markdown is the error page of the repository.
func Markdown() string {
	var b strings.Builder
	b.WriteString("<!-- Code generated from internal/web/problem; DO NOT EDIT. -->\n\n# Error codes\n\n" +
		"Every error is `application/problem+json` (RFC 9457) with `code`, `message`, `traceId`, `retryable` and, for wrong values, " +
		"`errors`. Programs decide by `code`; people read `message`, Korean by default and English with `Accept-Language: en`. " +
		"Codes are never renamed.\n\n| code | status | Korean | English |\n| --- | --- | --- | --- |\n")
	for _, r := range Codes() {
		fmt.Fprintf(&b, "| `%s` | %d | %s | %s |\n", r.Code, r.Status, r.Korean, r.English)
	}
	b.WriteString("\n## Codes of single values\n\nThey stand in `errors[].code` of `INVALID_REQUEST` (422); `errors[].field` is a JSON pointer into " +
		"the body, or the name of a query parameter behind a slash. The Korean sentence may be more exact than the English one.\n\n" +
		"| code | English |\n| --- | --- |\n")
	for _, r := range FieldCodes() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", r.Code, r.English)
	}
	return b.String()
}
