package merchant

import "strings"

// Browser is what the name that a browser gave itself says to people. Names of browsers
// and systems are the same in every language; what is not known is empty.
type Browser struct {
	Kind   string // PHONE, TABLET, COMPUTER or UNKNOWN
	System string
	Name   string
}

// sign is a word in a browser's name and what it means. Browsers name each other, so
// the first that is found counts.
type sign struct{ word, means string }

var (
	systems = []sign{
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"},
	}
	browsers = []sign{
		{"KAKAOTALK", "KakaoTalk"}, {"NAVER(", "NAVER"}, {"SamsungBrowser/", "Samsung Internet"}, {"Whale/", "Whale"}, {"Edg", "Edge"}, {"OPR/", "Opera"},
		{"FxiOS/", "Firefox"}, {"Firefox/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Chromium/", "Chrome"}, {"Safari/", "Safari"},
	}
)

// BrowserOf reads the name of a browser (User-Agent, RFC 9110 10.1.5). Whatever else
// logged in, as a program does, is UNKNOWN.
func BrowserOf(agent string) Browser {
	d := Browser{Kind: "UNKNOWN", System: meaning(agent, systems), Name: meaning(agent, browsers)}
	switch d.System {
	case "":
	case "iPhone":
		d.Kind = "PHONE"
	case "iPad":
		d.Kind = "TABLET"
	case "Android":
		d.Kind = "TABLET"
		if strings.Contains(agent, "Mobile") {
			d.Kind = "PHONE"
		}
	default:
		d.Kind = "COMPUTER"
	}
	return d
}

func meaning(agent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(agent, s.word) {
			return s.means
		}
	}
	return ""
}
