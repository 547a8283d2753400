package merchant

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"innopay/fault"
)

// Lengths of passwords in characters (reliability 4.1: ten; fifteen where there is
// no second factor to stand behind an owner). Nothing is truncated, no classes of
// characters are asked for and no change is forced.
const (
	MinPassword       = 10
	MinOwnerPassword  = 15
	MinCancelPassword = 8 // five tries, then a lock
	MaxPassword       = 128
)

// MinPasswordOf is the least length for a role.
func MinPasswordOf(r Role) int {
	if r == Owner {
		return MinOwnerPassword
	}
	return MinPassword // an operator has a second factor
}

const (
	fewDistinct  = 5 // a password needs at least this many different characters
	leastLeft    = 4 // characters that must be left when common words are taken out
	predictable  = 3 // of each four steps from character to character, so many may not be foreseeable
	stepsOfFour  = 4
	shortestWord = 2 // characters of the merchant's own words that are looked for
)

//go:embed words.txt
var wordList string

// commonWords are the bases of the passwords that are guessed first. With what is
// commonly put before and after them they stand for many thousands.
var commonWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(wordList) {
		m[w] = true
	}
	return m
})

// rows are the orders in which characters follow each other foreseeably.
var rows = []string{
	"01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
	"1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "!@#$%^&*()",
	"가나다라마바사아자차카타파하",
}

// leet undoes the usual exchanges of letters.
var leet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i")

// normalPassword is the form that is hashed: NFC, so that the same text typed on
// another device is the same password. ok is false when it is longer than any
// password may be, or no text.
func normalPassword(p Password) (n Password, ok bool) {
	if len(p) > MaxPassword*utf8.UTFMax*3 || !utf8.ValidString(string(p)) {
		return "", false
	}
	n = Password(norm.NFC.String(string(p)))
	return n, utf8.RuneCountInString(string(n)) <= MaxPassword
}

// checkPassword says whether p may be chosen. own are words of the merchant and
// the user that must not be most of it. It returns the form to hash.
func checkPassword(p Password, least int, own ...string) (Password, error) {
	n, ok := normalPassword(p)
	if !ok {
		return "", fault.InvalidField("/password", "PASSWORD_TOO_LONG", "비밀번호는 128자까지 쓸 수 있어요.")
	}
	if utf8.RuneCountInString(string(n)) < least {
		return "", fault.InvalidField("/password", "PASSWORD_TOO_SHORT", "비밀번호가 너무 짧아요. 더 길게 입력해 주세요.")
	}
	if guessable(string(n), own) {
		return "", fault.InvalidField("/password", "PASSWORD_TOO_COMMON", "쉽게 추측할 수 있는 비밀번호예요. 다른 비밀번호를 입력해 주세요.")
	}
	return n, nil
}

func guessable(p string, own []string) bool {
	f := cases.Fold().String(norm.NFKC.String(p))
	if foreseeable(f) {
		return true
	}
	words := ownWords(own)
	plain := strings.Join(strings.FieldsFunc(f, notWord), "")
	// Years and counts at the end are no letters in disguise.
	head := strings.TrimRightFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })
	return head == "" || worn(f, words) || worn(plain, words) || worn(leet.Replace(f), words) || worn(leet.Replace(head), words)
}

// foreseeable reports whether p has few different characters or is mostly runs
// along the alphabet, the digits or the keyboard.
func foreseeable(p string) bool {
	distinct := map[rune]bool{}
	var last rune
	steps, runs := -1, 0
	for _, r := range p {
		distinct[r] = true
		if steps >= 0 && follows(last, r) {
			runs++
		}
		last = r
		steps++
	}
	return len(distinct) < fewDistinct || runs*stepsOfFour >= steps*predictable
}

func follows(a, b rune) bool {
	if a == b {
		return true
	}
	up, down := string([]rune{a, b}), string([]rune{b, a})
	for _, row := range rows {
		if strings.Contains(row, up) || strings.Contains(row, down) {
			return true
		}
	}
	return false
}

// worn reports whether p is made of common or own words: when they are taken out,
// longest first, hardly anything or no letter is left.
func worn(p string, own map[string]bool) bool {
	text := []rune(p)
	// best[i] is the least that known words leave of text[i:].
	best := make([]remains, len(text)+1)
	for i := len(text) - 1; i >= 0; i-- {
		best[i] = best[i+1]
		best[i].left++
		if unicode.IsLetter(text[i]) {
			best[i].letters++
		}
		for n := min(len(text)-i, longestKnown); n >= 2; n-- {
			if r := best[i+n]; r.less(best[i]) && known(string(text[i:i+n]), own) {
				best[i] = r
			}
		}
	}
	r := best[0]
	return r.left < len(text) && (r.left < leastLeft || r.letters == 0)
}

// remains are the characters that no known word covers.
type remains struct{ left, letters int }

func (r remains) less(o remains) bool {
	return r.left < o.left || r.left == o.left && r.letters < o.letters
}

// longestKnown bounds the words that are looked for, in characters.
const longestKnown = 40

func known(word string, own map[string]bool) bool { return commonWords()[word] || own[word] }

func ownWords(own []string) map[string]bool {
	m := map[string]bool{}
	for _, o := range own {
		f := cases.Fold().String(norm.NFKC.String(o))
		for _, w := range append(strings.FieldsFunc(f, notWord), strings.Join(strings.FieldsFunc(f, notWord), "")) {
			if utf8.RuneCountInString(w) >= shortestWord {
				m[w] = true
				m[leet.Replace(w)] = true
			}
		}
	}
	return m
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
