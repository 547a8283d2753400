package ticket

import (
	"slices"
	"strings"
	"unicode"

	"innopay/card"
)

const cardWords = "카드번호는 적지 마세요. 카드는 뒤 네 자리로 알려 주세요."

// Digits of a card number (ISO/IEC 7812), and how many signs people put between two.
const (
	leastDigits = 13
	mostDigits  = 19
	mostBetween = 2
)

// HoldsCard reports whether a text holds what is a card number: a run of 13 to 19 digits,
// however it is grouped, that begins as card numbers do and has a right check digit, or
// that is of a range which the table of issuers knows.
func HoldsCard(text string) bool { return holdsCard(text, false) }

// holdsCard with knownOnly takes no number that only may be one.
func holdsCard(text string, knownOnly bool) bool {
	var r run
	for _, sign := range text {
		switch d := digit(sign); {
		case d != 0:
			r.add(d)
		case len(r.digits) > 0 && r.between < mostBetween && separates(sign):
			r.between++
		case r.isCard(knownOnly):
			return true
		default:
			r = run{}
		}
	}
	return r.isCard(knownOnly)
}

// run is digits with at most a few signs between them.
type run struct {
	digits  []byte
	groups  []int // where groups begin
	between int   // signs since the last digit
}

func (r *run) add(d byte) {
	if len(r.digits) == 0 || r.between > 0 {
		r.groups = append(r.groups, len(r.digits))
	}
	r.digits, r.between = append(r.digits, d), 0
}

// isCard looks for a number of whole groups, and in a long group without any for one of a
// known range.
func (r *run) isCard(knownOnly bool) bool {
	ends := append(slices.Clone(r.groups), len(r.digits))
	for i, from := range r.groups {
		for _, to := range ends[i+1:] {
			if to-from >= leastDigits && to-from <= mostDigits && isCard(r.digits[from:to], knownOnly) {
				return true
			}
		}
		if to := ends[i+1]; to-from > mostDigits && heldIn(r.digits[from:to]) {
			return true
		}
	}
	return false
}

func heldIn(digits []byte) bool {
	for from := range digits {
		for n := leastDigits; n <= mostDigits && from+n <= len(digits); n++ {
			if isCard(digits[from:from+n], true) {
				return true
			}
		}
	}
	return false
}

// separates reports whether a sign may stand between two digits of one number.
func separates(r rune) bool {
	return strings.ContainsRune("-./_ \t\u00a0", r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r)
}

// digit is the plain form of a digit, 0 for anything else. People's keyboards write wide
// ones, too.
func digit(r rune) byte {
	switch {
	case r >= '0' && r <= '9':
		return byte(r)
	case r >= '\uff10' && r <= '\uff19':
		return byte(r-'\uff10') + '0'
	}
	return 0
}

func isCard(s []byte, knownOnly bool) bool {
	p, err := card.ParsePAN(s)
	if err != nil {
		return false
	}
	defer p.Wipe()
	if r, known := card.Lookup(p); known {
		return len(s) >= r.MinDigits && len(s) <= r.MaxDigits && (!r.CheckDigit || p.Luhn())
	}
	// First digits of the card schemes; 9 is that of cards of Korea alone.
	return !knownOnly && strings.ContainsRune("34569", rune(s[0])) && p.Luhn()
}
