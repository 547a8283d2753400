package buyer

import (
	_ "embed"
	"html/template"
	"net/http"
	"strings"

	"innopay/internal/payment"
	"innopay/internal/receipt/desk"
)

// kakaoScript hands the link to KakaoTalk's own script.
//
//go:embed kakao.js
var kakaoScript string

// kakaoHosts are what that script talks to: its window for choosing friends is a form
// sent there.
const kakaoHosts = "https://*.kakao.com"

// kakaoShare is what the document that shares a link shows.
type kakaoShare struct {
	desk.KakaoShare
	Shop, Link, Text, Act string
	Script                template.JS
}

// kakao is the one document with a script of somebody else. The sandbox gives it an origin
// of its own: what runs there has no session and reads nothing of ours, and nothing of the
// receipt but its link stands in it.
func (s *Pages) kakao(w http.ResponseWriter, r *http.Request) {
	k := s.Receipts.Kakao
	if !k.Offered() {
		s.refuse(w, r, payment.ErrNotFound)
		return
	}
	p, m, err := s.Receipts.Open(r.Context(), r.PathValue("token"))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	b := book(r)
	shared := page{phrasebook: b, Title: b.say("kakaoTitle"), Data: kakaoShare{
		KakaoShare: k, Shop: m.Name, Link: s.Receipts.Links.Address(p.Document) + langQuery(r), Text: "[" + m.Name + "] " + b.say("kakaoTold"), Act: b.say("kakaoOpen"),
		Script: template.JS(kakaoScript), //nolint:gosec // our own file, no input
	}}
	body, err := s.render("kakao.html", shared)
	s.sendWith(w, r, http.StatusOK, kakaoPolicy(s.views["kakao.html"].policy, k), shared, body, err)
}

// kakaoPolicy opens the page's policy as far as the script needs it.
func kakaoPolicy(own string, k desk.KakaoShare) string {
	own = strings.Replace(own, "form-action 'self'", "form-action "+kakaoHosts, 1)
	return own + "; script-src " + k.Origin() + " '" + hash(kakaoScript) + "'; connect-src " + kakaoHosts +
		"; sandbox allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"
}
