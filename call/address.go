package call

import (
	"net/netip"
	"net/url"
	"strings"
)

// Address reads the address of a service. Secrets and people's data travel to it, so
// it is HTTPS, except where the open network is not crossed: see Near.
func Address(s string) (u *url.URL, ok bool) {
	u, err := url.Parse(s)
	switch {
	case err != nil: // its text repeats the address, which may hold a password
		return nil, false
	case u.Host == "" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, false
	case u.Scheme == "https", u.Scheme == "http" && Near(u.Hostname()):
		return u, true
	}
	return nil, false
}

// Near reports whether a host can only be on this machine or its own network: a
// loopback or private address, or a name without a dot.
func Near(host string) bool {
	if a, err := netip.ParseAddr(host); err == nil {
		return a.IsLoopback() || a.IsPrivate()
	}
	return !strings.Contains(host, ".")
}
