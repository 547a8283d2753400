// Package developer makes the pages for those who connect their own systems: how to get a
// key, what to send, what comes back, and programs to begin with, which are the files of
// docs/examples themselves. The pages work without a script; with one there are buttons
// that copy.
package developer

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"path"
	"strings"

	"innopay/docs/examples"
)

// Place is the address of the pages.
const Place = "/developers"

// Card is a card of the simulated acquirer, and what becomes of a payment by it.
type Card struct{ Number, Expiry, Birth, Password, Behaviour string }

// Options are what an installation says of itself.
type Options struct {
	Base  string // how people reach the server, without a slash at its end
	Test  bool   // nothing that is paid is real
	Cards []Card // that may be tried; none: nothing is said of cards
}

// Pages are the files under Place by name: KoreanPage, EnglishPage, style, script and
// examples.
type Pages map[string][]byte

// The two pages.
const (
	KoreanPage  = "ko.html"
	EnglishPage = "en.html"
)

//go:embed *.html page.css page.js
var files embed.FS

// example is one thing to do, in the languages it is there for.
type example struct {
	Name  string // of the group of buttons, unique on the page
	Title string
	Copy  string // label of the button
	Tabs  []tab
}

type tab struct{ Language, Key, File, Code string }

// view is what a template gets.
type view struct {
	Options
	English bool
	Outcome map[string]string // of a card, by its behaviour
}

// Render makes the pages. It fails when a template or an example is missing.
func Render(o Options) (Pages, error) {
	out := Pages{}
	for name, english := range map[string]bool{KoreanPage: false, EnglishPage: true} {
		t, err := template.New("").Funcs(template.FuncMap{"example": exampler(english), "outcome": outcomer(english)}).ParseFS(files, "*.html")
		if err != nil {
			return nil, fmt.Errorf("developer: %w", err)
		}
		var b bytes.Buffer
		if err := t.ExecuteTemplate(&b, name, view{Options: o, English: english}); err != nil {
			return nil, fmt.Errorf("developer: %w", err)
		}
		out[name] = b.Bytes()
	}
	for _, name := range []string{"page.css", "page.js"} {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("developer: %w", err)
		}
		out[name] = b
	}
	list, err := examples.Files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("developer: %w", err)
	}
	for _, e := range list {
		b, err := examples.Files.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("developer: %w", err)
		}
		out["examples/"+e.Name()] = b
	}
	return out, nil
}

// exampler gives a template the files it names as one example.
func exampler(english bool) func(title string, names ...string) (example, error) {
	return func(title string, names ...string) (example, error) {
		e := example{Title: title, Copy: "복사"}
		if english {
			e.Copy = "Copy"
		}
		for _, name := range names {
			b, err := examples.Files.ReadFile(name)
			if err != nil {
				return e, err
			}
			t := tab{Language: "Node", Key: "node", File: name, Code: string(b)}
			if path.Ext(name) == ".sh" {
				t.Language, t.Key = "curl", "curl"
				if !strings.Contains(t.Code, "curl ") {
					t.Language = "bash" // it asks nobody
				}
			}
			e.Tabs = append(e.Tabs, t)
		}
		e.Name = strings.TrimSuffix(names[0], path.Ext(names[0]))
		return e, nil
	}
}

// outcomes say what becomes of a payment by a card, in Korean and in English.
var outcomes = map[string][2]string{
	"APPROVE":                {"승인돼요", "approved"},
	"DECLINE":                {"거절돼요 · CARD_DECLINED", "declined: CARD_DECLINED"},
	"DECLINE_LIMIT":          {"한도 초과로 거절돼요 · CARD_DECLINED_LIMIT", "declined: CARD_DECLINED_LIMIT"},
	"DECLINE_LOST":           {"분실 카드로 거절돼요 · CARD_DECLINED_LOST", "declined: CARD_DECLINED_LOST"},
	"DECLINE_EXPIRED":        {"기한이 지나 거절돼요 · CARD_DECLINED_EXPIRED", "declined: CARD_DECLINED_EXPIRED"},
	"DECLINE_NUMBER":         {"없는 카드로 거절돼요 · INVALID_CARD_NUMBER", "declined: INVALID_CARD_NUMBER"},
	"DECLINE_AUTHENTICATION": {"본인 확인에 실패해요 · INVALID_AUTHENTICATION", "declined: INVALID_AUTHENTICATION"},
	"TIMEOUT":                {"응답이 없어요 · UNKNOWN이었다가 되돌려져요", "no answer: UNKNOWN, then reversed"},
	"LATE":                   {"응답이 늦게 와요 · UNKNOWN이었다가 되돌려져요", "a late answer: UNKNOWN, then reversed"},
	"DUPLICATE":              {"응답이 두 번 와도 한 번만 승인돼요", "answered twice, approved once"},
	"GARBAGE":                {"응답이 깨져요 · UNKNOWN이었다가 되돌려져요", "a broken answer: UNKNOWN, then reversed"},
	"HALF_CLOSE":             {"연결이 끊겨요 · UNKNOWN이었다가 되돌려져요", "the line ends: UNKNOWN, then reversed"},
	"RESET":                  {"연결이 끊겨요 · UNKNOWN이었다가 되돌려져요", "the line breaks: UNKNOWN, then reversed"},
	"FOREIGN":                {"다른 거래의 응답이 와요 · UNKNOWN이었다가 되돌려져요", "the answer of another payment: UNKNOWN, then reversed"},
	"WRONG_AMOUNT":           {"금액이 다른 응답이 와요 · UNKNOWN이었다가 되돌려져요", "an answer of another amount: UNKNOWN, then reversed"},
	"DROP":                   {"카드사에 닿지 않아요 · UNKNOWN이었다가 없던 일이 돼요", "never arrives: UNKNOWN, then proven never to have been"},
	"DELAY":                  {"조금 늦게 승인돼요", "approved a little later"},
	"NO_ORIGINAL":            {"승인돼요 · 취소할 때 카드사가 모른다고 답해요", "approved; a cancel is answered as unknown to the acquirer"},
}

func outcomer(english bool) func(behaviour string) string {
	return func(behaviour string) string {
		both, ok := outcomes[behaviour]
		switch {
		case !ok:
			return behaviour
		case english:
			return both[1]
		}
		return both[0]
	}
}
