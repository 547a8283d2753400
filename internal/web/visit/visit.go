// Package visit is what the server knows about one request: who asks, from where,
// in which language, and the trace id under which it is logged and answered.
package visit

import (
	"context"
	"net/netip"

	"innopay/internal/merchant"
)

// Visit is one request. The server makes it before anything else runs; the
// authorization middleware fills in the principal. It belongs to the goroutine of
// its request.
type Visit struct {
	TraceID   string     // id.Trace
	English   bool       // Accept-Language prefers English; Korean otherwise
	IP        netip.Addr // of the client, through trusted proxies; invalid when unknown
	Route     string     // pattern that matched, for the access log; empty when none did
	LoggedIn  bool       // Principal was proven
	Principal merchant.Principal
	Session   string // token of the session that proved it; empty for keys. Never logged
	Console   bool   // came in by the console's own listener
}

// home is the part of an IPv6 address that one customer of a network is given.
const home = 64

// Client is what limits count by: the address, of IPv6 the network of one home, where
// anybody has more addresses than can be counted.
func (v *Visit) Client() string {
	if !v.IP.Is6() {
		return v.IP.String()
	}
	network, err := v.IP.WithZone("").Prefix(home)
	if err != nil {
		return v.IP.String()
	}
	return network.String()
}

type key struct{}

// With returns a context that carries v.
func With(ctx context.Context, v *Visit) context.Context { return context.WithValue(ctx, key{}, v) }

// From is the visit of a request's context, an empty one where there is none.
func From(ctx context.Context) *Visit {
	if v, ok := ctx.Value(key{}).(*Visit); ok {
		return v
	}
	return &Visit{}
}
