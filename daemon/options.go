// Package daemon is the whole server: it wires store, features, edges and workers.
// The program, the tests and private programs that bring adapters of their own all
// start it here.
package daemon

import (
	"log/slog"
	"net/http"
	"net/netip"

	"innopay/acquirer"
	"innopay/card/reader"
	"innopay/cashreceipt"
	"innopay/clock"
	"innopay/internal/payment"
	"innopay/internal/printer"
	"innopay/internal/web/developer"
	"innopay/messenger"
)

// Options are what Start needs beside the configuration.
type Options struct {
	Config   Config
	Adapters []acquirer.Adapter
	Gateways []messenger.Adapter
	Offices  []cashreceipt.Adapter
	Clock    clock.Clock
	Log      *slog.Logger
	// Simulators serves /simulator/; nil in production, where the paths are 404.
	Simulators http.Handler
	// Phone puts telephones in browsers before the simulators; nil: none. Only the demo
	// has them.
	Phone *Phone
	// Printer is the demo's own printer, to which the server may connect; none elsewhere.
	Printer netip.AddrPort
	// TestCards are those of the demo's acquirer, for the page of developers.
	TestCards []developer.Card
	// BeforeServe is told the addresses before the first request is answered; an error
	// ends the start.
	BeforeServe func(Addresses) error
	// WrapStore and WrapAcquirer stand between the core and its ports; tests put
	// faults there. Nil changes nothing.
	WrapStore    func(payment.Store) payment.Store
	WrapAcquirer func(acquirer.Acquirer) acquirer.Acquirer
	// WrapGateway stands between messages and their gateways, likewise.
	WrapGateway func(messenger.Sender) messenger.Sender
	WrapOffice  func(cashreceipt.Issuer) cashreceipt.Issuer
	// Decrypter opens the swipes of encrypting readers, an HSM for one; nil takes the
	// one in software over the key folder.
	Decrypter reader.Decrypter
}

// Phone are the terms on which a browser may call the line.
type Phone struct {
	Token string // asked for with every request; empty on loopback (rulings 17)
}

// Addresses are where a server is reached.
type Addresses struct {
	Base    string // http or https, without a slash at its end
	Console string // the operators' console, whole
	SIP     string // host:port of the telephone line; empty: nobody calls over SIP
	// Printers is the feature of printers, for the demo to attach its own.
	Printers *printer.Service
}
