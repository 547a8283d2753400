// Package simulator is an acquirer for demos and tests: the other end of the wire
// that acquirer/iso8583 speaks.
//
// Book holds the rules and the state, without sockets. Journal is its memory on
// disk, durable before any answer leaves. Server puts both behind TCP and HTTP;
// Direct calls a Book in the same process. Nothing here knows the payment core.
//
// It never runs beside a real acquirer, and keeps of a card only its last four
// digits, its issuer and its kind.
package simulator
