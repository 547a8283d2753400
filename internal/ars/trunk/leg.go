// Package trunk answers telephone calls over SIP (RFC 3261): it listens on UDP, TCP and
// TLS, admits calls of the configured carriers, negotiates their sound and hands each call
// to whoever takes it. It knows nothing of payments. The SIP library is behind its types
// and could be changed.
//
// Keys of a call are digits of cards: nothing of a message's body is logged, also not by
// the library.
package trunk

import (
	"sync"

	"innopay/internal/ars/media"
)

// Leg is one answered call. It is safe for concurrent use.
type Leg struct {
	id      string
	caller  string
	session *media.Session

	over sync.Once
	done chan struct{}
}

// ID is unique: letters, digits and '-'.
func (l *Leg) ID() string { return l.id }

// Caller is the number of the caller, digits only in its Korean form that begins with 0
// (or a representative number of eight digits); empty when it is withheld or foreign.
// Somebody may have forged it: it identifies no one.
func (l *Leg) Caller() string { return l.caller }

// Media is the sound of the call. It runs and sends silence; whoever takes the call calls
// Listen on it first.
func (l *Leg) Media() *media.Session { return l.session }

// Done is closed when the call is over: the other side hung up, its session expired, it
// was silent for too long, or our own hanging up has ended.
func (l *Leg) Done() <-chan struct{} { return l.done }

// HangUp ends the call, and does not wait for it. It may be called more than once.
func (l *Leg) HangUp() { l.over.Do(func() { close(l.done) }) }
