package web

import (
	"fmt"
	"net/http"
	"strings"

	"innopay/internal/web/developer"
)

// consoleDevices lets no page of the console at anything of the machine but security keys.
const consoleDevices = "accelerometer=(), camera=(), geolocation=(), gyroscope=(), hid=(), microphone=(), payment=(), serial=(), usb=(), publickey-credentials-get=(self)"

// policies are the security headers of each area of the server.
type policies struct {
	hsts    bool
	app     string // Content-Security-Policy of the app
	console string // of the operators' screens
	guide   string // of the pages for developers, which bring a script of their own
	page    string // of pages that bring no script; buyer's pages set their own, with the hash of their style
	nothing string // of everything that is no page
}

func policiesOf(o Options, tls bool) policies {
	frame := "'none'"
	if o.AllowFraming {
		frame = "'self'"
	}
	return policies{
		hsts: tls && !o.NoHSTS,
		app: "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; script-src 'self'; style-src 'self'; font-src 'self'; " +
			"worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors " + frame,
		console: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
		guide:   "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		page:    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		nothing: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
}

// set gives every answer its headers; handlers may make them stricter.
func (p policies) set(h http.Header, path string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "accelerometer=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), "+
		"camera=(self), usb=(self), serial=(self), hid=(self)")
	h.Set("Cache-Control", "no-store")
	if p.hsts {
		h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	}
	switch {
	case strings.HasPrefix(path, "/app/") || strings.HasPrefix(path, "/simulator/"):
		h.Set("Content-Security-Policy", p.app)
	case strings.HasPrefix(path, consoleArea):
		h.Set("Content-Security-Policy", p.console)
		h.Set("Permissions-Policy", consoleDevices)
	case strings.HasPrefix(path, developer.Place):
		h.Set("Content-Security-Policy", p.guide)
	case strings.HasPrefix(path, "/docs"):
		h.Set("Content-Security-Policy", p.page)
	default:
		h.Set("Content-Security-Policy", p.nothing)
	}
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }
