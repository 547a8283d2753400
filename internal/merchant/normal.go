package merchant

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"innopay/fault"
)

// Bounds of a login id after normalisation, in characters.
const (
	MinLoginID = 4
	MaxLoginID = 64
)

// maxRawLoginID bounds what is normalised at all, in bytes: four for each of the
// characters of the longest id, and room for compatibility forms and blanks.
const maxRawLoginID = 1024

// NormalLoginID is the one form of a login id: NFKC, case folded, trimmed, and NFKC
// again because folding may leave it. It is taken before every look-up and every
// count, so that no spelling of an id escapes its counter (reliability 5, rule 14).
// What is too long to be any id comes back cut, and matches nobody.
func NormalLoginID(s string) string {
	if len(s) > maxRawLoginID {
		s = strings.ToValidUTF8(s[:maxRawLoginID], "")
	}
	// Lower case after folding: folding alone swaps the two cases of Cherokee.
	s = strings.ToLower(cases.Fold().String(norm.NFKC.String(s)))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1 // invisible: two ids that look the same are the same
		}
		return r
	}, s)
	return strings.TrimSpace(norm.NFKC.String(s))
}

// checkLoginID says whether a normalised id may be given to a user.
func checkLoginID(id string) error {
	n := utf8.RuneCountInString(id)
	ok := n >= MinLoginID && n <= MaxLoginID
	for _, r := range id {
		ok = ok && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@", r) || unicode.Is(unicode.Hangul, r))
	}
	if !ok {
		return fault.InvalidField("/loginId", "INVALID_LOGIN_ID", "아이디는 4~64자의 영문 소문자, 숫자, 한글과 . _ - @ 로 만들어 주세요.")
	}
	return nil
}

// Printable reports whether s has between least and most characters, begins and
// ends without blanks, and has no control or direction character.
func Printable(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	if !utf8.ValidString(s) || n < least || n > most || strings.TrimSpace(s) != s {
		return false
	}
	for _, r := range s {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}

// LongestDigits counts the longest row of digits; blanks, hyphens and dots do not break
// one. Texts that are kept for good hold none that could be a number of a person or card.
func LongestDigits(s string) int {
	longest, row := 0, 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9', r >= '０' && r <= '９':
			row++
			longest = max(longest, row)
		case r == ' ' || r == '-' || r == '.':
		default:
			row = 0
		}
	}
	return longest
}

// Paragraphs is Printable for texts of several lines.
func Paragraphs(s string, least, most int) bool {
	return Printable(strings.ReplaceAll(s, "\n", "\u00a0"), least, most) && strings.TrimSpace(s) == s
}

// digits reports whether s is between least and most decimal digits.
func digits(s string, least, most int) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// ValidBusinessNumber reports whether s is ten digits whose last one is the right
// check digit (domain facts 3: weights 1 3 7 1 3 7 1 3 5, plus the tens of the
// ninth digit times five).
func ValidBusinessNumber(s string) bool {
	if !digits(s, 10, 10) || s == "0000000000" {
		return false
	}
	sum := int(s[8]-'0') * 5 / 10
	for i, w := range [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		sum += int(s[i]-'0') * w
	}
	return (10-sum%10)%10 == int(s[9]-'0')
}
