package trunk

import (
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Lengths of numbers in Korea with their leading 0: 02 and seven digits to 050x and eight.
const (
	minNumber = 9
	maxNumber = 12
	// A representative number (15xx, 16xx, 18xx) has eight digits and no leading 0.
	representative = 8
)

// callerOf is the number of who calls, and "" when it is withheld, foreign or malformed.
// P-Asserted-Identity (RFC 3325) is believed from a configured carrier alone: anybody else
// could write it.
func callerOf(req *sip.Request, trusted bool) string {
	if withheld(req) {
		return ""
	}
	if trusted {
		for _, h := range req.GetHeaders("P-Asserted-Identity") {
			for _, identity := range split(h.Value(), ',') {
				if number := numberIn(identity); number != "" {
					return number
				}
			}
		}
	}
	if h := req.GetHeader("From"); h != nil {
		return numberIn(h.Value())
	}
	return ""
}

// withheld reports what the caller asked the carrier to hide (RFC 3323, RFC 3325 9.3).
func withheld(req *sip.Request) bool {
	for _, h := range req.GetHeaders("Privacy") {
		for _, kind := range strings.FieldsFunc(strings.ToLower(h.Value()), func(r rune) bool { return r == ';' || r == ',' || r == ' ' }) {
			if kind == "id" || kind == "user" || kind == "header" {
				return true
			}
		}
	}
	h := req.GetHeader("From")
	if h == nil {
		return true
	}
	uri := strings.ToLower(uriIn(h.Value()))
	return strings.Contains(uri, "anonymous")
}

// numberIn reads the number of an address: a display name and a sip:, sips: or tel: URI.
func numberIn(address string) string {
	uri := uriIn(address)
	scheme, rest, ok := strings.Cut(uri, ":")
	if !ok {
		return ""
	}
	switch strings.ToLower(scheme) {
	case "sip", "sips":
		var host bool
		if rest, _, host = strings.Cut(rest, "@"); !host {
			return ""
		}
	case "tel":
	default:
		return ""
	}
	rest, _, _ = strings.Cut(rest, ";") // parameters of the number
	rest, _, _ = strings.Cut(rest, ":") // a password
	return korean(rest)
}

// uriIn is the URI of an address, which stands in angle brackets or alone.
func uriIn(address string) string {
	rest := address
	if strings.HasPrefix(strings.TrimSpace(rest), `"`) { // a display name may hold brackets
		if at := closingQuote(rest); at >= 0 {
			rest = rest[at+1:]
		}
	}
	if _, after, ok := strings.Cut(rest, "<"); ok {
		uri, _, _ := strings.Cut(after, ">")
		return strings.TrimSpace(uri)
	}
	uri, _, _ := strings.Cut(rest, ";") // parameters of the header
	return strings.TrimSpace(uri)
}

// closingQuote is where the first quoted string ends, or -1.
func closingQuote(s string) int {
	open := strings.IndexByte(s, '"')
	for i := open + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// split cuts a list at its separators, but not inside of quotes or brackets.
func split(list string, separator byte) []string {
	var out []string
	start, quoted, inside := 0, false, false
	for i := 0; i < len(list); i++ {
		switch c := list[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '>':
			inside = c == '<'
		case c == separator && !inside:
			out, start = append(out, list[start:i]), i+1
		}
	}
	return append(out, list[start:])
}

// korean is a number as it is dialled in Korea: +82 10 and 82 10 become 010. Visual
// separators of a tel: URI (RFC 3966) go.
func korean(number string) string {
	number = strings.Map(func(r rune) rune {
		if strings.ContainsRune("-.() ", r) {
			return -1
		}
		return r
	}, number)
	digits, international := strings.CutPrefix(number, "+")
	for _, r := range digits {
		if r < '0' || r > '9' {
			return ""
		}
	}
	if rest, ok := strings.CutPrefix(digits, "82"); ok && (international || len(digits) > representative) {
		digits, international = rest, false
		if !strings.HasPrefix(digits, "0") && len(digits) != representative { // some write +82 010
			digits = "0" + digits
		}
	}
	switch {
	case international:
		return ""
	case len(digits) == representative && digits[0] == '1':
		return digits
	case len(digits) >= minNumber && len(digits) <= maxNumber && digits[0] == '0' && digits[1] != '0':
		return digits
	}
	return ""
}
