package messenger_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"

	"innopay/messenger"
)

// carriers is what a text is on the carriers' side, and whether they can write it.
func carriers(text string) (string, bool) {
	out, err := korean.EUCKR.NewEncoder().String(text)
	return out, err == nil
}

func TestNinetyBytesAreOneSMS(t *testing.T) {
	t.Parallel()
	hangul := func(n int) string { return strings.Repeat("가", n) }
	for name, c := range map[string]struct {
		text  string
		bytes int
		kind  messenger.Kind
	}{
		"nothing":                        {"", 0, messenger.SMS},
		"89 bytes of ASCII":              {strings.Repeat("a", 89), 89, messenger.SMS},
		"90 bytes of ASCII":              {strings.Repeat("a", 90), 90, messenger.SMS},
		"91 bytes of ASCII":              {strings.Repeat("a", 91), 91, messenger.LMS},
		"89 bytes, Hangul at the border": {hangul(44) + "a", 89, messenger.SMS},
		"90 bytes of Hangul":             {hangul(45), 90, messenger.SMS},
		"91 bytes, Hangul at the border": {"a" + hangul(45), 91, messenger.LMS},
		"a syllable beyond KS X 1001":    {hangul(44) + "뷁", 90, messenger.SMS},
		"another of them, over it":       {hangul(44) + "a똠", 91, messenger.LMS},
		"a line's end is one":            {hangul(44) + "a\n", 90, messenger.SMS},
		"₩ counts as the ? it would be":  {hangul(44) + "a₩", 90, messenger.SMS},
		"an emoji is one ?":              {hangul(44) + "a\U0001f600", 90, messenger.SMS},
	} {
		if n, kind := messenger.Bytes(c.text), messenger.KindFor(c.text); n != c.bytes || kind != c.kind {
			t.Errorf("%s: %d bytes, %s; want %d, %s", name, n, kind, c.bytes, c.kind)
		}
	}
}

func TestPlainTextIsWhatPhonesShow(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		text     string
		replaced int
	}{
		"":                           {"", 0},
		"[가게] 결제 요청\n14,500원":        {"[가게] 결제 요청\n14,500원", 0},
		"₩14,500":                    {"원14,500", 0},
		"10:00–12:00 — 낮":            {"10:00-12:00 - 낮", 0},
		"“차림표”…":                     {"“차림표”…", 0}, // all in KS X 1001
		"뷁 똠 힣":                      {"뷁 똠 힣", 0},
		"커피\U0001f600":               {"커피?", 1},
		"\U0001f468\u200d\U0001f469": {"??", 2}, // joined without the joiner
		"é":                          {"?", 1},
		"a\tb\u00a0c\ufeff":          {"a b c", 0},
		"a\x00b\x7f\x1b":             {"a?b??", 3},
		"a\r\nb":                     {"a\nb", 0},
		"\xff\xfe":                   {"??", 2},
		"~\\|":                       {"~\\|", 0},
	} {
		got, replaced := messenger.Plain(in)
		if got != want.text || replaced != want.replaced {
			t.Errorf("%q: %q with %d replaced, want %q with %d", in, got, replaced, want.text, want.replaced)
		}
	}
}

func TestATextIsCutAtACharacter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"가나다", 6, "가나다"},
		{"가나다", 5, "가나"},
		{"가나다", 4, "가나"},
		{"가나다", 1, ""},
		{"가나다", 0, ""},
		{"a가나", 4, "a가"},
		{"가a나", 4, "가a"},
		{"뷁뷁", 3, "뷁"},
		{"가\U0001f600나", 3, "가\U0001f600"},
		{"", 0, ""},
	} {
		if got := messenger.Cut(c.text, c.most); got != c.want {
			t.Errorf("%q at %d: %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// TestEveryCharacterIsCountedAsItIsEncoded goes through all there are.
func TestEveryCharacterIsCountedAsItIsEncoded(t *testing.T) {
	t.Parallel()
	encoder := korean.EUCKR.NewEncoder()
	double := 0
	for r := rune(0); r <= 0xffff; r++ {
		if !utf8.ValidRune(r) || r < 0x20 && r != '\n' || r == 0x7f {
			continue
		}
		text := string(r)
		encoded, err := encoder.String(text)
		encoder.Reset()
		plain, replaced := messenger.Plain(text)
		switch {
		case err != nil:
			if plain == text {
				t.Fatalf("%U stays though no phone shows it", r)
			}
		case plain != text:
			t.Errorf("%U is replaced though every phone shows it", r)
		case plain == text && (messenger.Bytes(text) != len(encoded) || replaced != 0):
			t.Errorf("%U has %d bytes and counts as %d", r, len(encoded), messenger.Bytes(text))
		}
		if len(encoded) == 2 && err == nil {
			double++
		}
	}
	if double < 17_000 { // 11,172 syllables, 4,888 Hanja and what is left
		t.Errorf("only %d characters of two bytes", double)
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for number, want := range map[string][2]bool{ // mobile, sender
		"01000001234": {true, true}, "0100000123": {false, true}, "0110001234": {true, true}, "01100001234": {true, true}, "010000012345": {false, false},
		"0200000001": {false, true}, "020000001": {false, true}, "02000000": {false, false}, "0310000001": {false, true}, "03100000012": {false, true},
		"15880000": {false, true}, "16000000": {false, true}, "18000000": {false, true}, "17000000": {false, false}, "1588000": {false, false},
		"158800000": {false, false}, "0215880000": {false, true}, "05000000001": {false, false}, "050700000001": {false, false},
		"030000000001": {false, true}, "0300000000012": {false, false}, "07000000001": {false, true}, "": {false, false}, "0100000123a": {false, false},
		"010-0000-1234": {false, false}, "０１０００００１２３４": {false, false}, "119": {false, false},
	} {
		if got := [2]bool{messenger.ValidMobile(number), messenger.ValidSender(number)}; got != want {
			t.Errorf("%q: mobile and sender %v, want %v", number, got, want)
		}
	}
}

// FuzzText holds counting and cutting against the carriers' own encoding.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "가나다 14,500원", "₩–\U0001f600뷁", "a\x00\xff\r\n", "é한\u1112\u1161\u11ab"} {
		for _, most := range []int{0, 1, 40, 90, 2000} {
			f.Add(s, most)
		}
	}
	f.Fuzz(func(t *testing.T, text string, most int) {
		plain, replaced := messenger.Plain(text)
		encoded, can := carriers(plain)
		if !can || len(encoded) != messenger.Bytes(plain) {
			t.Fatalf("%q: %d bytes counted, %d encoded (%v)", plain, messenger.Bytes(plain), len(encoded), can)
		}
		if again, more := messenger.Plain(plain); again != plain || more != 0 {
			t.Fatalf("plain text is made plain again: %q, %q", plain, again)
		}
		if replaced > utf8.RuneCountInString(text) {
			t.Fatalf("%d of %q replaced", replaced, text)
		}
		cut := messenger.Cut(plain, most)
		rest, begins := strings.CutPrefix(plain, cut)
		if !begins || !utf8.ValidString(cut) || len(cut) > 0 && messenger.Bytes(cut) > most {
			t.Fatalf("%q cut at %d: %q", plain, most, cut)
		}
		if rest != "" {
			_, size := utf8.DecodeRuneInString(rest)
			if messenger.Bytes(cut+rest[:size]) <= most {
				t.Fatalf("%q cut at %d leaves out what fits: %q", plain, most, cut)
			}
		}
	})
}
