package lan

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"innopay/ui"
)

// Path is where the page is; FilePath the authority itself.
const (
	Path     = "/ca"
	FilePath = "/ca.crt"
)

// fileName is what a telephone shows of the file.
const fileName = "innopay-demo-ca.crt"

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

// way is how one kind of telephone installs an authority.
type way struct {
	Name  string
	Steps []string
	Open  bool
	word  string // in the name of its browsers
}

// words are the page in one language.
type words struct {
	Lang, Title, Lead, GetTitle, GetText, Get, InstallTitle, OpenTitle, Open, CheckTitle, CheckText, After string
	Ways                                                                                                   []way
}

var korean = words{
	Lang: "ko", Title: "휴대폰에서 써 보기",
	Lead:     "컴퓨터에서 켠 데모를 같은 와이파이에 있는 휴대폰으로 열어요. 인증서를 한 번만 설치하면 돼요.",
	GetTitle: "인증서 받기", GetText: "이 데모만을 위한 인증서예요. 사설 네트워크 밖의 주소는 보증할 수 없게 만들었어요.", Get: "인증서 내려받기",
	InstallTitle: "설치하기", OpenTitle: "앱 열기", Open: "INNOPAY 열기",
	CheckTitle: "확인과 정리", CheckText: "설치하기 전에 아래 값이 컴퓨터 화면에 나온 값과 같은지 확인해 주세요.",
	After: "다 써 본 뒤에는 휴대폰 설정에서 이 인증서를 지워 주세요.",
	Ways: []way{
		{Name: "안드로이드", word: "Android", Steps: []string{
			"휴대폰 설정을 열고 ‘CA 인증서’를 검색해요. (보안 → 기타 보안 설정 → 휴대전화에 저장된 인증서 설치)",
			"‘CA 인증서’를 고르고 안내가 나오면 ‘설치’를 눌러요. 잠금 화면을 풀라고 할 수 있어요.",
			"내려받은 " + fileName + " 파일을 골라요.",
		}},
		{Name: "아이폰·아이패드", word: "iPhone", Steps: []string{
			"이 페이지를 Safari로 열고 인증서를 내려받은 뒤 ‘허용’을 눌러요.",
			"설정 맨 위의 ‘프로파일이 다운로드됨’을 눌러 설치해요.",
			"설정 → 일반 → 정보 → 인증서 신뢰 설정에서 ‘INNOPAY demo’를 켜요.",
		}},
	},
}

var english = words{
	Lang: "en", Title: "Try it on a phone",
	Lead:     "Open the demo that runs on the computer from a phone in the same Wi-Fi. A certificate has to be installed once.",
	GetTitle: "Get the certificate", GetText: "It belongs to this demo alone, and is made so that it cannot vouch for addresses outside private networks.", Get: "Download the certificate",
	InstallTitle: "Install it", OpenTitle: "Open the app", Open: "Open INNOPAY",
	CheckTitle: "Check, and clean up", CheckText: "Before you install it, compare this value with the one on the computer's screen.",
	After: "When you are done, remove the certificate in the phone's settings.",
	Ways: []way{
		{Name: "Android", word: "Android", Steps: []string{
			"Open the settings and search for “CA certificate” (Security → More security settings → Install from phone storage).",
			"Choose “CA certificate” and “Install anyway”. The phone may ask for its screen lock.",
			"Choose the downloaded file " + fileName + ".",
		}},
		{Name: "iPhone and iPad", word: "iPhone", Steps: []string{
			"Open this page in Safari, download the certificate and press “Allow”.",
			"In Settings, press “Profile Downloaded” at the top and install it.",
			"In Settings → General → About → Certificate Trust Settings, switch “INNOPAY demo” on.",
		}},
	},
}

// view is what the page shows.
type view struct {
	words
	File, App, Fingerprint string
	Style                  template.CSS
}

var languages = language.NewMatcher([]language.Tag{language.Korean, language.English})

// Page serves, over plain HTTP, the page from which a telephone takes the authority, the
// authority's certificate, and nothing else. app is the address of the app.
func Page(c Certificate, app string) (http.Handler, error) {
	t, err := template.New("ca").Parse(pageText)
	if err != nil {
		return nil, fmt.Errorf("lan: %w", err)
	}
	style := slices.Concat(ui.Tokens, ui.Base, pageStyle)
	sum := sha256.Sum256(style)
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) {
		v := view{words: wordsFor(r), File: FilePath, App: app, Fingerprint: c.Fingerprint, Style: template.CSS(style)} //nolint:gosec // our own style
		var b bytes.Buffer
		if err := t.Execute(&b, v); err != nil {
			http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(b.Bytes()) // whoever left does not read it
	})
	mux.HandleFunc("GET "+FilePath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-x509-ca-cert")
		w.Header().Set("Content-Disposition", `attachment; filename="`+fileName+`"`)
		_, _ = w.Write(c.Authority)
	})
	mux.Handle("GET /{$}", http.RedirectHandler(Path, http.StatusFound))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	}), nil
}

// wordsFor are the words in the reader's language, with the steps of its telephone open.
func wordsFor(r *http.Request) words {
	w := korean
	if header := r.Header.Get("Accept-Language"); header != "" && len(header) <= 500 {
		if _, i := language.MatchStrings(languages, header); i == 1 {
			w = english
		}
	}
	agent := r.UserAgent()
	w.Ways = slices.Clone(w.Ways)
	for i := range w.Ways {
		w.Ways[i].Open = strings.Contains(agent, w.Ways[i].word)
	}
	return w
}

// Server is a server for the page with every time-out set.
func Server(h http.Handler) *http.Server {
	const limit = 10 * time.Second
	return &http.Server{Handler: h, ReadHeaderTimeout: limit, ReadTimeout: limit, WriteTimeout: limit, IdleTimeout: limit, MaxHeaderBytes: 8 << 10}
}
