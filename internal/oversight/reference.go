package oversight

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"innopay/id"
)

// RefKind is what a reference names.
type RefKind string

// The kinds of references.
const (
	ByPayment RefKind = "PAYMENT"
	ByAttempt RefKind = "ATTEMPT"
	ByCancel  RefKind = "CANCEL"
	ByRequest RefKind = "REQUEST"
	ByReceipt RefKind = "RECEIPT"
	ByMessage RefKind = "MESSAGE"
	ByTrace   RefKind = "TRACE"
	BySTAN    RefKind = "STAN"  // trace number of a terminal
	ByLast4   RefKind = "LAST4" // last four of the card
	ByNumber  RefKind = "NUMBER"
)

// Reference is a number that somebody read out, as far as its form tells what it is.
// NUMBER is any other: an order id, approval number or RRN.
type Reference struct {
	Kind     RefKind
	Value    string
	Terminal string // STAN
	STAN     int
}

// maxReference is the longest reference: order ids have 64 characters.
const maxReference = 100

var refPrefixes = []struct {
	prefix string
	kind   RefKind
}{
	{string(id.Payment), ByPayment}, {string(id.Attempt), ByAttempt}, {"avd_", ByAttempt}, {"arf_", ByAttempt}, {string(id.Cancel), ByCancel},
	{string(id.Request), ByRequest}, {string(id.Receipt), ByReceipt}, {string(id.Message), ByMessage}, {string(id.Trace), ByTrace},
}

// ReadReference reads a reference as typed; false when it can be none. A STAN is written
// behind its terminal: T0000001/000123.
func ReadReference(s string) (Reference, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxReference || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return Reference{}, false
	}
	for _, p := range refPrefixes {
		if id.Valid(id.Prefix(p.prefix), s) {
			return Reference{Kind: p.kind, Value: s}, true
		}
	}
	if terminal, number, ok := strings.Cut(s, "/"); ok && terminal != "" && len(number) <= 6 {
		if n, err := strconv.ParseUint(number, 10, 32); err == nil && n > 0 {
			return Reference{Kind: BySTAN, Value: s, Terminal: terminal, STAN: int(n)}, true
		}
	}
	if len(s) == 4 && strings.Trim(s, "0123456789") == "" {
		return Reference{Kind: ByLast4, Value: s}, true
	}
	return Reference{Kind: ByNumber, Value: s}, true
}
