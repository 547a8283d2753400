package api

import (
	"net/http"
	"strings"
	"time"

	"innopay/internal/merchant"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// ClientHeader is where our own screens say which of them asks, App or Console: one
// browser may hold a session of each (ADR 0023). Programs need not send it.
const ClientHeader = "Innopay-Client"

// The screens of our own.
const (
	App     = "app"     // of the merchants
	Console = "console" // of the operators
)

// operatorArea is where operators' operations are.
const operatorArea = "/v1/operator/"

// CookieName is the name of the cookie of a merchant's session. With TLS the prefix
// makes browsers refuse one that is not Secure or comes from another host.
func CookieName(tls bool) string {
	if tls {
		return "__Host-innopay"
	}
	return "innopay-session"
}

// ConsoleCookieName is the name of the cookie of an operator's session.
func ConsoleCookieName(tls bool) string {
	if tls {
		return "__Host-innopay-console"
	}
	return "innopay-console"
}

// asking is which screen a request comes from: by the listener where the console has
// one of its own, else by what the request says of itself, else empty.
func (a *API) asking(r *http.Request) string {
	if a.ConsoleApart {
		if visit.From(r.Context()).Console {
			return Console
		}
		return App
	}
	return r.Header.Get(ClientHeader)
}

// heldSession is the token of the session that a request speaks for, and whether it came
// in the console's cookie. Who does not say which screen it is (programs, which hold one
// cookie) is believed to mean the one that fits the address, else the other.
func (a *API) heldSession(r *http.Request) (token string, console bool) {
	value := func(name string) string {
		c, err := r.Cookie(name)
		if err != nil {
			return ""
		}
		return c.Value
	}
	shop, desk := value(CookieName(a.TLS)), value(ConsoleCookieName(a.TLS))
	switch a.asking(r) {
	case Console:
		return desk, true
	case App:
		return shop, false
	}
	if desk != "" && (shop == "" || strings.HasPrefix(r.URL.Path, operatorArea)) {
		return desk, true
	}
	return shop, false
}

// session proves the session of the request's cookie. A session of an operator counts in
// the console's cookie alone, one of a merchant in the other alone.
func (a *API) session(r *http.Request) (merchant.Principal, error) {
	token, console := a.heldSession(r)
	if token == "" {
		return merchant.Principal{}, merchant.ErrNotLoggedIn
	}
	p, err := reached(a.Login.Session(r.Context(), token))
	if err != nil {
		return merchant.Principal{}, err
	}
	if console != (p.Role == merchant.Operator) {
		return merchant.Principal{}, merchant.ErrNotLoggedIn
	}
	visit.From(r.Context()).Session = token
	return p, nil
}

// belongs refuses people who log in at a screen that is not theirs.
func belongs(client string, role merchant.Role) error {
	operator := role == merchant.Operator
	if client == Console && !operator || client == App && operator {
		return problem.ErrOtherScreen
	}
	return nil
}

// cookie carries a session's token; no token ends it in the browser.
func (a *API) cookie(role merchant.Role, token string, until time.Time) http.Cookie {
	c := http.Cookie{ //nolint:gosec // Secure wherever people come by https; browsers drop such a cookie on plain-http loopback
		Name: CookieName(a.TLS), Value: token, Path: "/", Secure: a.TLS, HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: -1,
	}
	if role == merchant.Operator {
		// Nobody comes to the console by a link from elsewhere.
		c.Name, c.SameSite = ConsoleCookieName(a.TLS), http.SameSiteStrictMode
	}
	if token != "" {
		c.Expires, c.MaxAge = until.UTC(), max(1, int(until.Sub(a.now())/time.Second))
	}
	return c
}
