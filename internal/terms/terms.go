// Package terms is what people agree to: documents by kind and version, each with the
// day from which it holds, and who agreed to which. A published version is never
// changed; what is to change is published as the next one.
package terms

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
)

// Kind is what a document is about.
type Kind string

// The kinds.
const (
	Service   Kind = "SERVICE"   // 이용약관
	Privacy   Kind = "PRIVACY"   // 개인정보 처리방침
	Finance   Kind = "FINANCE"   // 전자금융거래 이용약관
	Marketing Kind = "MARKETING" // 마케팅 정보 수신
)

// Kinds are all of them, in the order in which people are asked.
func Kinds() []Kind { return []Kind{Service, Privacy, Finance, Marketing} }

// Bounds of a document, in characters, lines and versions.
const (
	MaxTitle    = 100
	MaxBody     = 60_000
	MaxLines    = 2_000
	MaxChanges  = 2_000
	mostAhead   = 366 * 24 * time.Hour // a version is published at most this long before it holds
	mostVersion = 1_000
)

// Document is one published version.
type Document struct {
	Kind     Kind
	Version  int // from 1
	Title    string
	Required bool // nobody works with the app without agreeing
	// Body is plain text. A line that begins with "# " or "## " is a heading, one that
	// begins with "- " an item of a list; an empty line ends a paragraph.
	Body          string
	Changes       string // what is new in it, for those who agreed to the one before
	EffectiveFrom clock.Day
	Sample        bool // a model text that the installation came with
	PublishedAt   time.Time
	PublishedBy   string // user id
}

// Consent is what somebody said to a version.
type Consent struct {
	MerchantID string // empty for operators
	ID         string // id.Consent
	UserID     string
	Kind       Kind
	Version    int
	Agreed     bool // false: refused, or taken back; possible for what is not required
	At         time.Time
	Address    string // of the client; stored encrypted
}

// Answer is what somebody says to a document.
type Answer struct {
	Kind    Kind
	Version int
	Agreed  bool
}

// Reach says how far a version came among the people of merchants who may log in.
type Reach struct {
	People int
	Agreed int // to it or a later one, with their newest answer
}

// Faults of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "NOT_FOUND", "찾을 수 없어요. 주소를 다시 확인해 주세요.")
	// ErrVersion: another version holds than the one that was answered.
	ErrVersion = fault.New(fault.Conflict, "TERMS_CHANGED", "그 사이 약관이 바뀌었어요. 새 약관을 확인한 뒤 다시 동의해 주세요.")
	// ErrRequired: a document was refused without which nobody works with the app.
	ErrRequired = fault.New(fault.Invalid, "TERMS_REQUIRED", "필수 약관에 모두 동의해야 계속할 수 있어요.")
	// ErrPublished: somebody else published a version at the same time.
	ErrPublished = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
)

// known reports whether k is a kind.
func (k Kind) known() bool {
	switch k {
	case Service, Privacy, Finance, Marketing:
		return true
	}
	return false
}

// bodyWords say what the text of a document may be.
const bodyWords = "내용은 1~60,000자, 2,000줄까지의 글로 입력해 주세요."

// Validate checks a document before it is published on the day today.
func (d Document) Validate(today clock.Day) error {
	var c fault.Checks
	c.That(d.Kind.known(), "/kind", "UNKNOWN_VALUE", "약관 종류를 다시 골라 주세요.")
	c.That(merchant.Printable(d.Title, 1, MaxTitle), "/title", "INVALID_TEXT", "제목은 1~100자로 입력해 주세요.")
	c.That(text(d.Body, 1, MaxBody), "/body", "INVALID_TEXT", bodyWords)
	c.That(text(d.Changes, 0, MaxChanges), "/changes", "INVALID_TEXT", "바뀐 내용은 2,000자까지 입력해 주세요.")
	from := d.EffectiveFrom.Start()
	ok := !from.IsZero() && d.EffectiveFrom >= today && from.Sub(today.Start()) <= mostAhead
	c.That(ok, "/effectiveFrom", "OUT_OF_RANGE", "시행일은 오늘부터 1년 안의 날짜로 입력해 주세요.")
	return c.Err()
}

// text reports whether s is plain text of several lines.
func text(s string, least, most int) bool {
	n := utf8.RuneCountInString(s)
	if !utf8.ValidString(s) || n < least || n > most || strings.Count(s, "\n") >= MaxLines || least > 0 && strings.TrimSpace(s) == "" {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029')
	})
}

// Tidy is a text as it is stored: one kind of line end, no blanks at ends of lines, none
// around it.
func Tidy(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}

// Holding are the newest versions that hold on a day, in the order of kinds; a version
// published later takes the place of one published before for the same day.
func Holding(docs []Document, day clock.Day) []Document {
	var out []Document
	for _, k := range Kinds() {
		var best *Document
		for i := range docs {
			d := &docs[i]
			if d.Kind == k && d.EffectiveFrom <= day && (best == nil || d.Version > best.Version) {
				best = d
			}
		}
		if best != nil {
			out = append(out, *best)
		}
	}
	return out
}

// Coming are the versions that were published and do not hold yet, earliest first.
func Coming(docs []Document, day clock.Day) []Document {
	var out []Document
	for _, d := range docs {
		if d.EffectiveFrom <= day {
			continue
		}
		at := len(out)
		for at > 0 && out[at-1].EffectiveFrom > d.EffectiveFrom {
			at--
		}
		out = append(out[:at], append([]Document{d}, out[at:]...)...)
	}
	return out
}
