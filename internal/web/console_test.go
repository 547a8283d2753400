package web_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"innopay/internal/web"
	"innopay/internal/web/api"
)

const unsettled = "/v1/operator/unsettled"

// One browser holds a merchant's and an operator's session side by side.
func TestTwoSessionsInOneBrowser(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	owner, operator := r.login(t, "one-owner"), r.login(t, "operator")
	if operator.Name != "innopay-console" || operator.SameSite != http.SameSiteStrictMode || !operator.HttpOnly || operator.Path != "/" || operator.Domain != "" {
		t.Fatalf("the operator's cookie %v", operator)
	}
	who := func(client, path string) (status int, role string) {
		c := r.to(http.MethodGet, path, nil).cookie(owner).cookie(operator)
		if client != "" {
			c.header(api.ClientHeader, client)
		}
		a := c.do()
		if user, ok := a.json(t)["user"].(map[string]any); ok {
			role, _ = user["role"].(string)
		}
		return a.StatusCode, role
	}
	for _, tt := range []struct {
		client, path, role string
		status             int
	}{
		{api.App, "/v1/sessions/current", "OWNER", http.StatusOK},
		{api.Console, "/v1/sessions/current", "OPERATOR", http.StatusOK},
		{"", "/v1/sessions/current", "OWNER", http.StatusOK},
		{api.Console, unsettled, "", http.StatusOK},
		{"", unsettled, "", http.StatusOK},
		{api.App, unsettled, "", http.StatusForbidden},
		{api.Console, "/v1/merchant", "", http.StatusForbidden},
		{api.App, "/v1/merchant", "", http.StatusOK},
		{"", "/v1/merchant", "", http.StatusOK},
	} {
		if status, role := who(tt.client, tt.path); status != tt.status || role != tt.role {
			t.Errorf("%s as %q: %d %s, want %d %s", tt.path, tt.client, status, role, tt.status, tt.role)
		}
	}
	out := r.to(http.MethodDelete, "/v1/sessions/current", nil).cookie(owner).cookie(operator).header(api.ClientHeader, api.Console).do()
	if out.StatusCode != http.StatusNoContent || out.Cookies()[0].Name != operator.Name || out.Cookies()[0].MaxAge >= 0 {
		t.Errorf("the console's logout: %d %v", out.StatusCode, out.Header)
	}
	if a := r.to(http.MethodGet, "/v1/merchant", nil).cookie(owner).do(); a.StatusCode != http.StatusOK {
		t.Errorf("the owner after the operator's logout: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, unsettled, nil).cookie(operator).do(); a.StatusCode != http.StatusUnauthorized {
		t.Errorf("the operator after the logout: %d", a.StatusCode)
	}
}

// A session counts in the cookie that was made for its kind and in no other.
func TestSessionsDoNotChangeCookies(t *testing.T) {
	t.Parallel()
	for _, tls := range []bool{false, true} {
		r := newRig(t, func(o *web.Options) {
			if tls {
				o.BaseURL = "https://pay.example.com"
			}
		})
		owner, operator := r.login(t, "one-owner"), r.login(t, "operator") //nolint:gosec // taken as they came, and never set
		if tls && (operator.Name != "__Host-innopay-console" || !operator.Secure || operator.Path != "/" || operator.Domain != "") {
			t.Errorf("the operator's cookie %v", operator)
		}
		owner.Name, operator.Name = operator.Name, owner.Name
		for _, client := range []string{"", api.App, api.Console} {
			for _, path := range []string{"/v1/merchant", "/v1/sessions/current", unsettled} {
				for _, k := range []*http.Cookie{owner, operator} {
					a := r.to(http.MethodGet, path, nil).cookie(k).header(api.ClientHeader, client).do()
					if a.StatusCode != http.StatusUnauthorized {
						t.Errorf("%s with %s as %q: %d", path, k.Name, client, a.StatusCode)
					}
				}
			}
		}
	}
}

// The contract's plain use: log in, and call with the cookie that came back.
func TestOneCookieIsEnough(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	operator := r.login(t, "operator")
	for _, path := range []string{"/v1/sessions/current", "/v1/sessions", unsettled} {
		if a := r.to(http.MethodGet, path, nil).cookie(operator).do(); a.StatusCode != http.StatusOK {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	if a := r.to(http.MethodGet, unsettled, nil).cookie(r.login(t, "one-owner")).do(); a.StatusCode != http.StatusForbidden {
		t.Errorf("an owner at the operators' desk: %d", a.StatusCode)
	}
	other := map[string]any{"presentPassword": loginPassword, "password": "nine orange kettles 58"}
	if a := r.to(http.MethodPut, "/v1/password", other).cookie(operator).do(); a.StatusCode != http.StatusNoContent {
		t.Errorf("the operator's password: %d %s", a.StatusCode, a.body)
	}
	if a := r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(operator).do(); a.StatusCode != http.StatusOK {
		t.Errorf("the session that changed the password: %d", a.StatusCode)
	}
}

func TestLoginAtTheWrongScreen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for client, loginID := range map[string]string{api.Console: "one-owner", api.App: "operator"} {
		body := map[string]string{"loginId": loginID, "password": loginPassword}
		if loginID == "operator" {
			body["totpCode"] = r.code(t, "operator")
		}
		a := r.to(http.MethodPost, "/v1/sessions", body).header(api.ClientHeader, client).do()
		if a.StatusCode != http.StatusForbidden || a.json(t)["code"] != "NOT_FOR_THIS_SCREEN" || len(a.Cookies()) != 0 {
			t.Errorf("%s at %s: %d %s", loginID, client, a.StatusCode, a.body)
		}
	}
	owner := r.login(t, "one-owner")
	own, _ := r.to(http.MethodGet, "/v1/sessions", nil).cookie(owner).do().json(t)["sessions"].([]any)
	if len(own) != 1 {
		t.Errorf("%d sessions: the refused login left one behind", len(own))
	}
}

// screens is a build of one page and one script.
func screens(word string) fstest.MapFS {
	return fstest.MapFS{"index.html": {Data: []byte("<html>" + word)}, "assets/a.js": {Data: []byte(word)}}
}

func TestConsolePages(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.App, o.Console, o.AllowFraming = screens("app"), screens("desk"), true })
	for path, want := range map[string]string{"/console/": "<html>desk", "/console/payments/x": "<html>desk", "/console/assets/a.js": "desk", "/app/": "<html>app", "/app/console/": "<html>app"} {
		if a := r.to(http.MethodGet, path, nil).do(); a.StatusCode != http.StatusOK || string(a.body) != want {
			t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
		}
	}
	a := r.to(http.MethodGet, "/console/", nil).do()
	policy := a.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in %q", want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "worker") || strings.Contains(a.Header.Get("Permissions-Policy"), "camera=(self)") {
		t.Errorf("the console may too much: %v", a.Header)
	}
	if a := r.to(http.MethodGet, "/console", nil).do(); a.StatusCode != http.StatusMovedPermanently || a.Header.Get("Location") != "/console/" {
		t.Errorf("/console: %d", a.StatusCode)
	}
	if a := r.to(http.MethodGet, "/console/assets/old.js", nil).do(); a.StatusCode != http.StatusNotFound {
		t.Errorf("a file of an older build: %d", a.StatusCode)
	}
}

func TestConsoleApart(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.App, o.Console, o.ConsoleApart = screens("app"), screens("desk"), true })
	public, desk := r.handler, web.ConsoleListener(r.handler)
	on := func(h http.Handler, c *call) reply {
		r.handler = h
		defer func() { r.handler = public }()
		return c.do()
	}
	for _, path := range []string{"/console", "/console/", "/console/payments", "/v1/operator/unsettled", "/v1/operator/nothing", "/v1/%6fperator/unsettled"} {
		if a := on(public, r.to(http.MethodGet, path, nil)); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s in the open: %d", path, a.StatusCode)
		}
	}
	for _, path := range []string{"/app/", "/docs", "/openapi.json", "/p/x", "/simulator/phone"} {
		if a := on(desk, r.to(http.MethodGet, path, nil)); a.StatusCode != http.StatusNotFound {
			t.Errorf("%s on the console's listener: %d", path, a.StatusCode)
		}
	}
	if a := on(desk, r.to(http.MethodGet, "/", nil)); a.Header.Get("Location") != "/console/" {
		t.Errorf("/ leads to %q", a.Header.Get("Location"))
	}
	if a := on(desk, r.to(http.MethodGet, "/console/", nil)); string(a.body) != "<html>desk" {
		t.Errorf("the console: %d %s", a.StatusCode, a.body)
	}
	body := map[string]string{"loginId": "operator", "password": loginPassword, "totpCode": r.code(t, "operator")}
	if a := on(public, r.to(http.MethodPost, "/v1/sessions", body)); a.StatusCode != http.StatusForbidden || len(a.Cookies()) != 0 {
		t.Errorf("the open took an operator: %d %s", a.StatusCode, a.body)
	}
	body["totpCode"] = r.code(t, "operator")
	a := on(desk, r.to(http.MethodPost, "/v1/sessions", body))
	if a.StatusCode != http.StatusCreated {
		t.Fatalf("an operator on the console's listener: %d %s", a.StatusCode, a.body)
	}
	operator, owner := a.Cookies()[0], r.login(t, "one-owner")
	for name, tt := range map[string]struct {
		h    http.Handler
		c    *call
		want int
	}{
		"operator at the desk":           {desk, r.to(http.MethodGet, unsettled, nil).cookie(operator), http.StatusOK},
		"operator's session at the desk": {desk, r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(operator).cookie(owner), http.StatusOK},
		"operator in the open":           {public, r.to(http.MethodGet, "/v1/sessions/current", nil).cookie(operator), http.StatusUnauthorized},
		"owner at the desk":              {desk, r.to(http.MethodGet, "/v1/merchant", nil).cookie(owner), http.StatusUnauthorized},
		"owner who says console":         {public, r.to(http.MethodGet, "/v1/merchant", nil).cookie(owner).header(api.ClientHeader, api.Console), http.StatusOK},
		"a key at the desk":              {desk, r.to(http.MethodGet, "/v1/merchant", nil).as(r.one), http.StatusUnauthorized},
		"owner in the open":              {public, r.to(http.MethodGet, "/v1/merchant", nil).cookie(owner), http.StatusOK},
	} {
		if a := on(tt.h, tt.c); a.StatusCode != tt.want {
			t.Errorf("%s: %d %s", name, a.StatusCode, a.body)
		}
	}
}
