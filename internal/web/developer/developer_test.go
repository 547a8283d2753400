package developer_test

import (
	"bytes"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"

	"innopay/acquirer/simulator"
	"innopay/docs/examples"
	"innopay/internal/merchant"
	"innopay/internal/web/developer"
	"innopay/internal/webhook"
)

func render(t *testing.T, o developer.Options) developer.Pages {
	t.Helper()
	p, err := developer.Render(o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func demo() developer.Options {
	o := developer.Options{Base: "https://pay.example.com", Test: true}
	for _, c := range simulator.Cards() {
		o.Cards = append(o.Cards, developer.Card{Number: c.Number, Expiry: c.ExpiryMonth + "/" + c.ExpiryYear, Birth: c.BirthOrBusinessNumber, Password: c.PasswordTwoDigits, Behaviour: c.Behaviour})
	}
	return o
}

var code = regexp.MustCompile(`(?s)<code id="code-([^"]+)">(.*?)</code>`)

func TestBothPagesShowTheVeryExamples(t *testing.T) {
	t.Parallel()
	pages := render(t, demo())
	list, err := examples.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{developer.KoreanPage, developer.EnglishPage} {
		shown := map[string]string{}
		for _, m := range code.FindAllStringSubmatch(string(pages[name]), -1) {
			shown[m[1]] = html.UnescapeString(m[2])
		}
		if len(shown) != len(list) || len(list) < 12 {
			t.Errorf("%s shows %d of %d examples", name, len(shown), len(list))
		}
		for _, e := range list {
			want, err := examples.Files.ReadFile(e.Name())
			if err != nil || shown[e.Name()] != string(want) || !bytes.Equal(pages["examples/"+e.Name()], want) {
				t.Errorf("%s: %s is another one (%v)", name, e.Name(), err)
			}
		}
	}
}

var (
	place = regexp.MustCompile(`<section id="([a-z]+)">`)
	link  = regexp.MustCompile(`href="#([a-z]+)"`)
)

func TestBothPagesSayTheSameThings(t *testing.T) {
	t.Parallel()
	pages := render(t, demo())
	sections := func(name string) (out []string) {
		for _, m := range place.FindAllSubmatch(pages[name], -1) {
			out = append(out, string(m[1]))
		}
		return out
	}
	korean := sections(developer.KoreanPage)
	if english := sections(developer.EnglishPage); len(korean) < 13 || !slices.Equal(korean, english) {
		t.Errorf("%v, %v", korean, english)
	}
	for _, name := range []string{developer.KoreanPage, developer.EnglishPage} {
		text := string(pages[name])
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(korean, m[1]) {
				t.Errorf("%s leads to %s, which is not there", name, m[1])
			}
		}
		wanted := []string{"Idempotency-Key", "standardwebhooks", "https://pay.example.com", "UNKNOWN", "nextCursor", "traceId"}
		for _, s := range merchant.AllScopes {
			wanted = append(wanted, "<code>"+string(s)+"</code>")
		}
		for _, e := range webhook.EventTypes {
			wanted = append(wanted, "<code>"+e+"</code>")
		}
		for _, c := range simulator.Cards() {
			wanted = append(wanted, c.Number)
			if strings.Contains(text, "<td>"+c.Behaviour+"</td>") {
				t.Errorf("%s has no words for %s", name, c.Behaviour)
			}
		}
		for _, w := range wanted {
			if !strings.Contains(text, w) {
				t.Errorf("%s lacks %s", name, w)
			}
		}
		if strings.Contains(text, "style=") || strings.Contains(text, "onclick") {
			t.Errorf("%s has what its policy refuses", name)
		}
	}
}

func TestAServerThatTakesRealMoneyShowsNoCards(t *testing.T) {
	t.Parallel()
	pages := render(t, developer.Options{Base: "https://pay.example.com"})
	for name, warns := range map[string]string{developer.KoreanPage: "실제 결제가 되는 서버예요", developer.EnglishPage: "takes real payments"} {
		text := string(pages[name])
		cards := text[strings.Index(text, `id="cards"`):]
		if !strings.Contains(text, warns) || strings.Contains(cards, "<table>") || strings.Contains(text, "시험 서버예요") {
			t.Errorf("%s", name)
		}
	}
}
