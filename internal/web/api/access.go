package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

// errNoAccess is an operation that says nothing about who may call it.
var errNoAccess = errors.New("api: operation without access rule")

// enter is the one way into every operation: who is it, may they, is the request
// fit to be read. What it does not let through, no handler sees.
func (a *API) enter(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	visit.From(r.Context()).Route = r.Pattern
	acc, ok := ctx.Operation().Metadata[accessKey].(access)
	if !ok || acc.permission == "" && !acc.public {
		a.deny(w, r, errNoAccess)
		return
	}
	for _, step := range []func(*http.Request, access) error{a.authorize, a.slow, checkQuery, a.find, checkKey} {
		if err := step(r, acc); err != nil {
			a.deny(w, r, err)
			return
		}
	}
	var wipe func()
	var err error
	if acc.file == nil {
		wipe, err = readBody(w, r, ctx.Operation())
	} else {
		wipe, err = a.readFile(w, r, *acc.file)
	}
	defer wipe()
	if err != nil {
		a.deny(w, r, err)
		return
	}
	next(ctx)
}

func (a *API) deny(w http.ResponseWriter, r *http.Request, err error) {
	if _, _, ok := r.BasicAuth(); ok && fault.KindOf(err) == fault.Unauthenticated {
		// Only to those who tried a key: a browser would open a box of its own.
		w.Header().Set("WWW-Authenticate", `Basic realm="innopay"`)
	}
	if fault.KindOf(err) == fault.Internal {
		v := visit.From(r.Context())
		a.Log.Error("request failed", "trace", v.TraceID, "route", v.Route, "err", err)
	}
	problem.Write(w, r, err)
}

// authorize proves the principal and asks for the operation's permission.
func (a *API) authorize(r *http.Request, acc access) error {
	if acc.public {
		return nil
	}
	p, err := a.authenticate(r)
	if err != nil {
		return err
	}
	v := visit.From(r.Context())
	v.Principal, v.LoggedIn = p, true
	if !p.Allowed(acc.permission) {
		return merchant.ErrForbidden
	}
	return nil
}

// authenticate takes the secret key when one is sent, else the session's cookie.
func (a *API) authenticate(r *http.Request) (merchant.Principal, error) {
	if r.Header.Get("Authorization") != "" {
		if visit.From(r.Context()).Console {
			return merchant.Principal{}, merchant.ErrNotLoggedIn // merchants' systems have no business there
		}
		key, password, ok := r.BasicAuth()
		if !ok || key == "" || password != "" {
			return merchant.Principal{}, merchant.ErrNotLoggedIn
		}
		return reached(a.Login.KeyPrincipal(r.Context(), key))
	}
	return a.session(r)
}

// reached turns what is no fault, a database that does not answer, into "not now".
func reached[T any](v T, err error) (T, error) {
	var f *fault.Error
	if err == nil || errors.As(err, &f) || errors.Is(err, context.Canceled) {
		return v, err
	}
	return v, problem.ErrNotReady.Because(err)
}

// slow refuses floods of logins and writes.
func (a *API) slow(r *http.Request, acc access) error {
	v := visit.From(r.Context())
	var wait time.Duration
	switch {
	case acc.login:
		wait = a.logins.Wait(v.Client())
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		wait = a.writes.Wait(v.Principal.UserID)
	}
	if wait > 0 {
		return problem.ErrRate.WithRetryAfter(wait)
	}
	return nil
}

// repeatable are the query parameters that may be sent more than once (contract).
var repeatable = map[string]bool{"channel": true, "status": true}

// maxRepeats bounds them.
const maxRepeats = 20

// checkQuery refuses what can be read in two ways or not be stored as text.
func checkQuery(r *http.Request, _ access) error {
	if len(r.URL.RawQuery) == 0 {
		return nil
	}
	query, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return problem.ErrUnreadable.Because(err)
	}
	for name, values := range query {
		if len(values) > 1 && !repeatable[name] || len(values) > maxRepeats {
			return problem.InvalidField(pointerOf(name), problem.Repeated)
		}
		for _, v := range values {
			if !plainText(v) {
				return problem.InvalidField(pointerOf(name), problem.WrongFormat)
			}
		}
	}
	return nil
}

// plainText reports whether s is valid UTF-8 without control characters.
func plainText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

func (a *API) find(r *http.Request, acc access) error {
	if acc.exists == nil {
		return nil
	}
	return acc.exists(r.Context(), principal(r.Context()).Tenant, r.PathValue("id"))
}

// payment reports whether the tenant has it.
func (a *API) hasPayment(ctx context.Context, t merchant.Tenant, id string) error {
	_, err := a.Payments.Get(ctx, t, id)
	return err
}

func checkKey(r *http.Request, acc access) error {
	if !acc.money {
		return nil
	}
	if keys := r.Header.Values("Idempotency-Key"); len(keys) != 1 || !payment.ValidKey(keys[0]) {
		return problem.ErrKey
	}
	return nil
}
