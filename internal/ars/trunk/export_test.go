package trunk

import (
	"log/slog"

	"github.com/emiago/sipgo/sip"

	"innopay/clock"
)

// What the tests look at from outside.
var (
	Korean   = korean
	NumberIn = numberIn
	DigitOf  = digitOf
)

// Peek is what the filter sees of a packet.
func Peek(packet []byte) (method string, within bool, agent string, ok bool) {
	m, ok := peek(packet)
	return m.method, m.within, string(m.agent), ok
}

// Answer is the answer to an offer.
func Answer(body []byte) ([]byte, error) {
	o, err := parseOffer(body)
	if err != nil {
		return nil, err
	}
	return o.answer(ours{addr: loopback[0].Addr(), port: 4000}), nil
}

// LibraryLog is the log that the SIP library gets.
func LibraryLog(next slog.Handler, c clock.Clock) slog.Handler { return newLibraryLog(next, c) }

// Granted is how long a registration lasts by the text of an answer.
func Granted(answer string, host string) (int, error) {
	m, err := sip.ParseMessage([]byte(answer))
	if err != nil {
		return 0, err
	}
	return int(grantedBy(m.(*sip.Response), sip.Uri{Host: host}, askedExpiry).Seconds()), nil
}

// Certificate reads a certificate again when its file changes.
func Certificate(cert, key string, c clock.Clock) (serial func() (string, error), err error) {
	k, err := newCertificate(cert, key, c)
	return func() (string, error) {
		pair, err := k.get(nil)
		if err != nil {
			return "", err
		}
		return pair.Leaf.SerialNumber.String(), nil
	}, err
}
