package messenger

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
)

// Limits of the Korean carriers, in bytes of CP949 (domain 4).
const (
	MaxSMS     = 90
	MaxLMS     = 2000
	MaxSubject = 40 // the smaller of what gateways take
	// MaxAlimTalk is in characters.
	MaxAlimTalk = 1000
)

// substitutes are what is written for characters that CP949 lacks and people type.
// Whatever else it lacks becomes '?', as on the phone.
var substitutes = map[rune]string{
	'₩': "원", '\u2013': "-", '\u2014': "-", '\u2011': "-", '\u2212': "-", '\u00a0': " ", '\u200b': "", '\u200d': "", '\ufe0f': "", '\ufeff': "",
	'\t': " ", '\r': "", '•': "·",
}

// Plain is the text as every phone shows it: whole in CP949, other characters replaced.
// replaced counts those that became '?', so that a form can say so.
func Plain(text string) (plain string, replaced int) {
	var b strings.Builder
	for _, r := range text {
		if width(r) > 0 {
			b.WriteRune(r)
			continue
		}
		s, ok := substitutes[r]
		if !ok {
			s = "?"
			replaced++
		}
		b.WriteString(s)
	}
	return b.String(), replaced
}

// Bytes is the length of a text in CP949, which the carriers count; a character
// outside it counts as the '?' it becomes.
func Bytes(text string) int {
	n := 0
	for _, r := range text {
		n += max(1, width(r))
	}
	return n
}

// KindFor is SMS when the text fits one, else LMS.
func KindFor(text string) Kind {
	if Bytes(text) <= MaxSMS {
		return SMS
	}
	return LMS
}

// Cut is the longest beginning of a text of at most so many bytes in CP949. It never
// halves a character.
func Cut(text string, most int) string {
	n := 0
	for i, r := range text {
		if n += max(1, width(r)); n > most {
			return text[:i]
		}
	}
	return text
}

// width is how many bytes of CP949 a character has; 0 when it has none there.
func width(r rune) int {
	switch {
	case r == '\n' || r >= 0x20 && r < 0x7f:
		return 1
	case r < 0xa1 || r == utf8.RuneError:
		return 0
	}
	var in [utf8.UTFMax]byte
	var out [4]byte
	n, _, err := korean.EUCKR.NewEncoder().Transform(out[:], in[:utf8.EncodeRune(in[:], r)], true)
	if err != nil {
		return 0
	}
	return n
}

// ValidMobile reports whether s is a Korean mobile number, digits only.
func ValidMobile(s string) bool {
	if !digits(s) || len(s) < 10 || len(s) > 11 {
		return false
	}
	if strings.HasPrefix(s, "010") {
		return len(s) == 11
	}
	return strings.HasPrefix(s, "011") || strings.HasPrefix(s, "016") || strings.HasPrefix(s, "017") ||
		strings.HasPrefix(s, "018") || strings.HasPrefix(s, "019")
}

// ValidSender reports whether s has the form of a number that may be registered as a
// sender (domain 4): with its area code, 8 to 11 digits, up to 12 when 030; 15XX, 16XX
// and 18XX have exactly 8 and no area code; 050 is never one.
func ValidSender(s string) bool {
	if !digits(s) || len(s) < 8 || strings.HasPrefix(s, "050") {
		return false
	}
	if s[0] != '0' {
		return len(s) == 8 && (strings.HasPrefix(s, "15") || strings.HasPrefix(s, "16") || strings.HasPrefix(s, "18"))
	}
	if strings.HasPrefix(s, "030") {
		return len(s) <= 12
	}
	return len(s) >= 9 && len(s) <= 11
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
