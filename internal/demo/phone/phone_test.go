package phone_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"innopay/internal/demo"
	"innopay/internal/demo/phone"
)

const next = "the simulator's process"

// start is a phone before a simulator that answers everything with next.
func start(t *testing.T, token string) http.Handler {
	t.Helper()
	h, err := phone.New(phone.Options{
		Buyers: demo.Buyers(),
		Cards: []demo.Card{
			{Number: "9990012000000016", ExpiryMonth: "12", ExpiryYear: "35", BirthOrBusinessNumber: "900101", PasswordTwoDigits: "12", Behaviour: "APPROVE"},
			{Number: "1234", Behaviour: "ODD"},
		},
		Token: token,
		Next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, next)
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func ask(t *testing.T, h http.Handler, method, path, token string) (*httptest.ResponseRecorder, string) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequestWithContext(t.Context(), method, path, nil)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	h.ServeHTTP(w, r)
	return w, w.Body.String()
}

func TestThePageLoadsOnlyWhatIsOurs(t *testing.T) {
	t.Parallel()
	h := start(t, "")
	a, page := ask(t, h, http.MethodGet, phone.Path, "")
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("%d %v", a.Code, a.Header())
	}
	policy := a.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "frame-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("policy %s", policy)
	}
	if regexp.MustCompile(`(?i)<style|style=|\son\w+=|<script(>|\s[^>]*>[^<])`).MatchString(page) {
		t.Error("the page has something inline")
	}
	files := regexp.MustCompile(`(?:href|src)="(/[^"]+)"`).FindAllStringSubmatch(page, -1)
	if len(files) < 4 {
		t.Fatalf("the page loads %v", files)
	}
	for _, f := range files {
		a, body := ask(t, h, http.MethodGet, f[1], "")
		if a.Code != http.StatusOK || body == "" || body == next {
			t.Errorf("%s: %d", f[1], a.Code)
		}
	}
}

// A file that a module imports and that is not there leaves the page blank.
func TestEveryModuleIsServed(t *testing.T) {
	t.Parallel()
	h := start(t, "")
	queue, seen := []string{"main.mjs"}, map[string]bool{"main.mjs": true}
	imports := regexp.MustCompile(`from '\./([a-z]+\.mjs)'`)
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		a, body := ask(t, h, http.MethodGet, phone.Path+"/page/"+name, "")
		if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "text/javascript; charset=utf-8" {
			t.Errorf("%s: %d %s", name, a.Code, a.Header().Get("Content-Type"))
		}
		for _, m := range imports.FindAllStringSubmatch(body, -1) {
			if !seen[m[1]] {
				seen[m[1]] = true
				queue = append(queue, m[1])
			}
		}
	}
	if len(seen) < 8 {
		t.Errorf("the page is made of %v", seen)
	}
}

func TestAMailIsShownWithoutOurOriginAndWithoutItsScripts(t *testing.T) {
	t.Parallel()
	h := start(t, "")
	a, _ := ask(t, h, http.MethodGet, phone.Path+"/page/letter.html", "")
	policy := a.Header().Get("Content-Security-Policy")
	for _, want := range []string{"sandbox allow-scripts;", "default-src 'none'", "script-src 'self'", "frame-ancestors 'self'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy lacks %s: %s", want, policy)
		}
	}
	if strings.Contains(policy, "allow-same-origin") || strings.Contains(policy, "script-src 'unsafe") {
		t.Errorf("policy %s", policy)
	}
	// A document without an origin may load only what says that others may.
	if a, _ := ask(t, h, http.MethodGet, phone.Path+"/page/letter.js", ""); a.Header().Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("letter.js: %v", a.Header())
	}
	if a, _ := ask(t, h, http.MethodGet, phone.Path+"/page/main.mjs", ""); a.Header().Get("Cross-Origin-Resource-Policy") != "" {
		t.Errorf("main.mjs: %v", a.Header())
	}
}

func TestTheSetupNamesBuyersAndCardsAndNothingThatOpensAMerchant(t *testing.T) {
	t.Parallel()
	a, body := ask(t, start(t, ""), http.MethodGet, phone.Path+"/setup", "")
	if a.Code != http.StatusOK || a.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("%d %v", a.Code, a.Header())
	}
	var got map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got["buyers"] == nil || got["cards"] == nil {
		t.Errorf("setup tells of %v", got)
	}
	for _, want := range []string{
		`"phone":"01000000001"`, `"number":"9990012000000016"`, `"issuer":"KB국민카드"`, `"type":"CHECK"`, `"behaviour":"ODD","issuer":"","type":"CREDIT"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("setup lacks %s: %s", want, body)
		}
	}
}

func TestWithATokenOnlyThePageItselfIsShown(t *testing.T) {
	t.Parallel()
	h := start(t, "secret")
	for _, tt := range []struct {
		path, token string
		status      int
	}{
		{phone.Path, "", http.StatusOK},
		{phone.Path + "/page/main.mjs", "", http.StatusOK},
		{phone.Path + "/setup", "", http.StatusUnauthorized},
		{phone.Path + "/setup", "wrong", http.StatusUnauthorized},
		{phone.Path + "/setup", "secret", http.StatusOK},
	} {
		a, body := ask(t, h, http.MethodGet, tt.path, tt.token)
		if a.Code != tt.status {
			t.Errorf("%s with %q: %d", tt.path, tt.token, a.Code)
		}
		if tt.status == http.StatusUnauthorized && (a.Header().Get("WWW-Authenticate") != "Bearer" || strings.Contains(body, "0100000")) {
			t.Errorf("%s with %q: %v %s", tt.path, tt.token, a.Header(), body)
		}
	}
}

func TestEverythingElseIsTheSimulators(t *testing.T) {
	t.Parallel()
	h := start(t, "")
	for _, tt := range []struct{ method, path string }{
		{http.MethodGet, phone.Path + "/01000000001/messages"},
		{http.MethodGet, "/simulator/mail"},
		{http.MethodGet, "/simulator/acquirer/journal"},
		{http.MethodPost, "/simulator/messenger/faults"},
		{http.MethodPost, phone.Path},
	} {
		if _, body := ask(t, h, tt.method, tt.path, ""); body != next {
			t.Errorf("%s %s: %q", tt.method, tt.path, body)
		}
	}
	if a, body := ask(t, h, http.MethodGet, phone.Path+"/page/none.mjs", ""); a.Code != http.StatusNotFound || !strings.Contains(body, `"code":"NOT_FOUND"`) {
		t.Errorf("no such file: %d %s", a.Code, body)
	}
}
