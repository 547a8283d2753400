// Package load drives a running server from outside, as merchants' systems do: it
// knows the API only by its contract. Client sends single requests, Press is one
// press of a button with its idempotency key, Book remembers every press and every
// acknowledged answer, and Run keeps a number of clients busy with a mix of both.
// Simulator talks to the acquirer's own process.
//
// It is a tool of tests and benchmarks. Everything is bounded in count and time,
// and a server that is away for a while is waited for, with the same keys.
package load
