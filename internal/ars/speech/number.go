package speech

import (
	"strconv"

	"innopay/money"
)

var (
	digits = [10]Clip{zeroAmount, "n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8", "n9"}
	places = [4]Clip{"", "ten", "hundred", "thousand"} // within a group of four digits
	groups = [4]Clip{"", "man", "eok", "jo"}           // 10^4, 10^8, 10^12
)

// readable is the first number without a reading; longer ones are read by digits.
const readable = 1_0000_0000_0000_0000

// NumberKo reads a number as amounts are read: in groups of four digits, 십, 백 and 천
// without a one before them, but 일만 and 일억 with it, as banks say them so that nothing
// can be missed. A negative number is read as its digits, which no amount here is.
func NumberKo(n int64) []Clip {
	switch {
	case n < 0 || n >= readable:
		return DigitsKo(strconv.FormatInt(n, 10))
	case n == 0:
		return []Clip{zeroAmount}
	}
	var out []Clip
	for group, unit := 3, int64(1_0000_0000_0000); group >= 0; group, unit = group-1, unit/1_0000 {
		part := int(n / unit % 1_0000)
		if part == 0 {
			continue
		}
		out = appendGroup(out, part)
		if group > 0 {
			out = append(out, groups[group])
		}
	}
	return out
}

// appendGroup reads 1 to 9,999.
func appendGroup(out []Clip, part int) []Clip {
	for place, unit := 3, 1000; place >= 0; place, unit = place-1, unit/10 {
		digit := part / unit % 10
		switch {
		case digit == 0:
		case place == 0:
			out = append(out, digits[digit])
		case digit == 1:
			out = append(out, places[place])
		default:
			out = append(out, digits[digit], places[place])
		}
	}
	return out
}

// WonKo reads an amount with its unit.
func WonKo(w money.Won) []Clip { return append(NumberKo(int64(w)), won) }

// WonIsKo reads an amount with its unit at the end of a sentence.
func WonIsKo(w money.Won) []Clip { return append(NumberKo(int64(w)), wonIs) }

// DigitsKo reads digit after digit, as card numbers and approval numbers are read.
// What is no digit is left out; Digits tells whether there is any.
func DigitsKo[T ~string | ~[]byte](s T) []Clip {
	var out []Clip
	for i := range len(s) {
		switch c := s[i]; {
		case c == '0':
			out = append(out, zeroDigit)
		case c > '0' && c <= '9':
			out = append(out, digits[c-'0'])
		}
	}
	return out
}

// Digits reports whether s is one to most digits, so that DigitsKo leaves nothing out.
func Digits(s string, most int) bool { return len(s) <= most && s != "" && len(DigitsKo(s)) == len(s) }
