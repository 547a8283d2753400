package push

import (
	"net/http"
	"net/netip"
)

// Public and ValidEndpoint are the guard against calling what a device must not name.
func Public(a netip.Addr) bool { return public(a) }

func ValidEndpoint(s string, loopback bool) bool { return validEndpoint(s, loopback) }

// NewClient is what calls push services.
func NewClient(loopback bool) *http.Client { return newClient(loopback) }
