package speech_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"innopay/internal/ars/speech"
	"innopay/money"
)

func TestNumbersAreReadInGroupsOfFour(t *testing.T) {
	t.Parallel()
	tests := map[int64]string{
		0: "영", 1: "일", 9: "구", 10: "십", 11: "십일", 20: "이십", 100: "백", 101: "백일", 110: "백십", 111: "백십일",
		1_000: "천", 1_100: "천백", 2_345: "이천삼백사십오", 9_999: "구천구백구십구",
		10_000: "일만", 10_001: "일만일", 11_111: "일만천백십일", 50_000: "오만", 100_000: "십만", 123_456: "십이만삼천사백오십육",
		210_000: "이십일만", 1_000_000: "백만", 10_000_000: "천만", 99_999_999: "구천구백구십구만구천구백구십구",
		100_000_000: "일억", 100_010_000: "일억일만", 120_030_405: "일억이천삼만사백오", 1_000_000_000: "십억",
		int64(money.Max): "구십구억구천구백구십구만구천구백구십구", 1_000_000_000_000: "일조",
		9_999_999_999_999_999:  "구천구백구십구조구천구백구십구억구천구백구십구만구천구백구십구",
		10_000_000_000_000_000: "일공공공공공공공공공공공공공공공공", -12: "일이",
	}
	for n, want := range tests {
		if got := speech.Text(speech.NumberKo(n)); got != want {
			t.Errorf("%d is read %q, want %q", n, got, want)
		}
	}
}

func TestAmountsEndInTheirUnit(t *testing.T) {
	t.Parallel()
	if got := speech.Text(speech.WonKo(15_000)); got != "일만오천원" {
		t.Errorf("15,000 won is read %q", got)
	}
	if got := speech.Text(speech.WonIsKo(0)); got != "영원입니다." {
		t.Errorf("0 won at the end of a sentence is read %q", got)
	}
}

// TestZeroHasTwoReadings: 공 in a card number, 영 in an amount.
func TestZeroHasTwoReadings(t *testing.T) {
	t.Parallel()
	if got := speech.Text(speech.DigitsKo("3001 02-9")); got != "삼공공일공이구" {
		t.Errorf("digits are read %q", got)
	}
	if got := speech.Text(speech.DigitsKo([]byte("0"))); got != "공" {
		t.Errorf("a digit of zero is read %q", got)
	}
}

func TestOnlyDigitsCountAsDigits(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"30012345": true, "0": true, "": false, "12A456": false, "1 2": false, strings.Repeat("1", 13): false} {
		if speech.Digits(s, 12) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// value reads clips back into the number, by the rules of the language and not of the
// code.
func value(t *testing.T, clips []speech.Clip) int64 {
	t.Helper()
	var sum, group, digit int64
	for _, c := range clips {
		text := speech.Text([]speech.Clip{c})
		if at := slices.Index([]string{"영", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구"}, text); at >= 0 {
			digit = int64(at)
		} else if at := slices.Index([]string{"", "십", "백", "천"}, text); at > 0 {
			group += max(digit, 1) * int64(math.Pow10(at))
			digit = 0
		} else if at := slices.Index([]string{"", "만", "억", "조"}, text); at > 0 {
			sum += (group + digit) * int64(math.Pow10(4*at))
			group, digit = 0, 0
		} else {
			t.Fatalf("%q is no word of a number", text)
		}
	}
	return sum + group + digit
}

func FuzzNumberKo(f *testing.F) {
	for _, n := range []int64{0, 1, 10, 10_000, 10_010, 100_000_000, 120_030_405, int64(money.Max), math.MaxInt64, -1} {
		f.Add(n)
	}
	f.Fuzz(func(t *testing.T, n int64) {
		clips := speech.NumberKo(n)
		if len(clips) == 0 {
			t.Fatalf("%d is not read at all", n)
		}
		if n < 0 || n >= 1_0000_0000_0000_0000 {
			return
		}
		if got := value(t, clips); got != n {
			t.Errorf("%d is heard as %d", n, got)
		}
	})
}
