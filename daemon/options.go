// Package daemon is the whole server: it wires store, features, edges and workers.
// The program, the tests and private programs that bring adapters of their own all
// start it here.
package daemon

import (
	"log/slog"
	"net/http"

	"innopay/acquirer"
	"innopay/clock"
	"innopay/internal/payment"
	"innopay/messenger"
)

// Options are what Start needs beside the configuration.
type Options struct {
	Config   Config
	Adapters []acquirer.Adapter
	Gateways []messenger.Adapter
	Clock    clock.Clock
	Log      *slog.Logger
	// Simulators serves /simulator/; nil in production, where the paths are 404.
	Simulators http.Handler
	// BeforeServe is told the address before the first request is answered; an error
	// ends the start.
	BeforeServe func(baseURL string) error
	// WrapStore and WrapAcquirer stand between the core and its ports; tests put
	// faults there. Nil changes nothing.
	WrapStore    func(payment.Store) payment.Store
	WrapAcquirer func(acquirer.Acquirer) acquirer.Acquirer
	// WrapGateway stands between messages and their gateways, likewise.
	WrapGateway func(messenger.Sender) messenger.Sender
}
