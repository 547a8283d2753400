package taxreceipt

import (
	"innopay/card"
	"innopay/cashreceipt"
)

// ReadIdentifier is what every way in reads an identifier with.
func ReadIdentifier(k cashreceipt.Kind, typed, field string) (card.Secret, error) {
	return readIdentifier(k, typed, field)
}

// Mask is what is shown of one.
func Mask(k cashreceipt.Kind, identifier string) string { return mask(k, identifier) }

// OfficeID is what the office knows the receipt by at its present attempt.
func (r Receipt) OfficeID() string { return r.officeID() }

// MaxAttempts bounds how often a receipt is corrected.
const MaxAttempts = maxAttempts
