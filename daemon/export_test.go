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
