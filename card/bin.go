package card

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Type is what kind of card a number names.
type Type string

// The types (contract).
const (
	Credit Type = "CREDIT"
	Check  Type = "CHECK"
	Gift   Type = "GIFT"
)

// Range is one row of the BIN table: who issued the numbers that begin so.
type Range struct {
	From, To               string // first eight digits, both included
	MinDigits, MaxDigits   int    // length of the whole number
	CheckDigit             bool   // a number with a wrong check digit does not exist
	Issuer, IssuerName     string // two-character code and Korean name
	Acquirer, AcquirerName string
	Type                   Type
}

//go:embed bins.tsv
var binTable string

// ranges is the table in ascending order, without overlaps.
var ranges = mustRanges(binTable)

// Lookup finds the range of a card number. A number outside the table belongs to an
// issuer we do not know: that alone refuses nothing.
func Lookup(p PAN) (Range, bool) { return find(p.BIN8()) }

// LookupBIN finds the range of a number's first eight digits.
func LookupBIN(bin8 string) (Range, bool) {
	if len(bin8) != 8 {
		return Range{}, false
	}
	return find(bin8)
}

// Issuer names the issuer of the numbers that begin with the six digits which may be
// shown of a card: code and Korean name, or false where they are no one issuer's.
func Issuer(bin6 string) (code, name string, ok bool) {
	if len(bin6) != 6 || strings.Trim(bin6, "0123456789") != "" {
		return "", "", false
	}
	first, last := bin6+"00", bin6+"99"
	for _, r := range ranges {
		if r.To < first || r.From > last {
			continue
		}
		if ok && r.Issuer != code {
			return "", "", false
		}
		code, name, ok = r.Issuer, r.IssuerName, true
	}
	return code, name, ok
}

func find(bin8 string) (Range, bool) {
	i, found := slices.BinarySearchFunc(ranges, bin8, func(r Range, b string) int {
		switch {
		case r.To < b:
			return -1
		case r.From > b:
			return 1
		}
		return 0
	})
	if !found {
		return Range{}, false
	}
	return ranges[i], true
}

// Ranges lists the BIN table in ascending order.
func Ranges() []Range { return slices.Clone(ranges) }

// CheckNumber returns ErrNumber when the table proves that the number cannot exist:
// a wrong length for its range, or a wrong check digit where the range has one.
func CheckNumber(p PAN) error {
	r, known := Lookup(p)
	if !known {
		return nil
	}
	if n := len(p.Reveal()); n < r.MinDigits || n > r.MaxDigits || r.CheckDigit && !p.Luhn() {
		return ErrNumber
	}
	return nil
}

// parseRanges reads the table: tab-separated columns as its heading names them.
func parseRanges(table string) ([]Range, error) {
	var out []Range
	for i, line := range strings.Split(table, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		r, err := parseRange(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if n := len(out); n > 0 && out[n-1].To >= r.From {
			return nil, fmt.Errorf("line %d: not above the line before", i+1)
		}
		out = append(out, r)
	}
	return out, nil
}

func parseRange(col []string) (Range, error) {
	if len(col) != 9 {
		return Range{}, fmt.Errorf("%d columns, want 9", len(col))
	}
	r := Range{
		From: col[0], To: col[1], CheckDigit: col[3] == "luhn", Issuer: col[4], IssuerName: col[5],
		Acquirer: col[6], AcquirerName: col[7], Type: Type(col[8]),
	}
	shortest, longest, ok := strings.Cut(col[2], "-")
	var err1, err2 error
	r.MinDigits, err1 = strconv.Atoi(shortest)
	r.MaxDigits, err2 = strconv.Atoi(longest)
	switch {
	case !ok || err1 != nil || err2 != nil || r.MinDigits < 13 || r.MaxDigits > 19 || r.MinDigits > r.MaxDigits:
		return Range{}, fmt.Errorf("digits %q", col[2])
	case !eightDigits(r.From) || !eightDigits(r.To) || r.From > r.To:
		return Range{}, fmt.Errorf("range %q to %q", r.From, r.To)
	case col[3] != "luhn" && col[3] != "any":
		return Range{}, fmt.Errorf("check %q", col[3])
	case r.Type != Credit && r.Type != Check && r.Type != Gift:
		return Range{}, fmt.Errorf("type %q", col[8])
	case len(r.Issuer) != 2 || len(r.Acquirer) != 2 || r.IssuerName == "" || r.AcquirerName == "":
		return Range{}, fmt.Errorf("issuer %q acquirer %q", r.Issuer, r.Acquirer)
	}
	return r, nil
}

func eightDigits(s string) bool { return len(s) == 8 && strings.Trim(s, "0123456789") == "" }

// mustRanges panics at start-up on a broken table, which a test would have found.
func mustRanges(table string) []Range {
	out, err := parseRanges(table)
	if err != nil {
		panic("card: bins.tsv: " + err.Error())
	}
	return out
}
