package buyer

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"innopay/internal/merchant"
)

// previewPath is the picture that messengers show beside a link. It is the same for
// every link: what a messenger keeps must tell nobody anything (screens 3).
const previewPath = "/brand/preview.png"

//go:embed preview.png
var previewPicture []byte

// preview is what a messenger shows of a link: who asks, never how much, of whom, or
// what became of it.
type preview struct {
	Title, Description, Image string
}

func (s *Pages) preview(b phrasebook, m merchant.Merchant) *preview {
	return &preview{
		Title: short(m.Name) + " " + b.say("request"), Description: b.say("previewText"), Image: s.Receipts.Links.Base + previewPath,
	}
}

// payScript makes the form easier to fill in; the page works without it. It travels
// beside the page, which its size would push over one round trip.
//
//go:embed pay.js
var payScript string

// scriptPath names the script by its content.
var scriptPath = fmt.Sprintf("/brand/pay-%.6x.js", sha256.Sum256([]byte(payScript)))

// serveBrand answers with a file that is the same for everybody.
func serveBrand(contentType, cache string, content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Type", contentType)
		h.Set("Cache-Control", cache)
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // messengers show the picture
		if r.Method != http.MethodHead {
			_, _ = w.Write(content) // the client may have left
		}
	}
}

// machines are those that follow links for a preview, an index or a virus scan, by what
// they say of themselves.
var machines = regexp.MustCompile(`(?i)kakaotalk-scrap|facebookexternalhit|facebot|slackbot|twitterbot|whatsapp|telegrambot|discordbot|` +
	`linkedinbot|googlebot|yeti/|bingpreview|skypeuripreview|(^|[^u])bot\b|crawl|spider|preview|scan|fetch|curl/|wget/|python-|go-http-client|okhttp|java/`)

// byPerson guesses whether somebody looks at the page that r asks for. Nothing depends
// on it but when the merchant believes the link was opened.
func byPerson(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	for _, name := range []string{"Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(r.Header.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") {
			return false
		}
	}
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "", "document", "iframe":
	default:
		return false
	}
	agent := r.UserAgent()
	return agent != "" && !machines.MatchString(agent)
}
