package daemon

import (
	"innopay/clock"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// NewTerms is what tells the payment core about merchants.
func NewTerms(d merchant.Directory, p merchant.CancelPasswords, c clock.Clock) payment.Merchants {
	return &terms{directory: d, passwords: p, clock: c}
}

// NewReaderTerms is NewTerms of an installation that forbids plain tracks, or not.
func NewReaderTerms(d merchant.Directory, c clock.Clock, forbid bool) payment.Merchants {
	return &terms{directory: d, clock: c, forbidPlainTrack: forbid}
}

// PlainTracks reports whether the configuration allows readers that do not encrypt.
func PlainTracks(c Config) bool { return c.plainTracks() }
