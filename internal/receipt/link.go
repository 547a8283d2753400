package receipt

import (
	"strings"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
)

// Keys makes and checks the secret part of a link (innopay/internal/keyring).
type Keys interface {
	Token(kind, id string, generation int) string
	TokenValid(token, kind, id string, generation int) bool
}

// tokenKind separates these tokens from those of other links.
const tokenKind = "receipt"

// idLength is how many characters of an id follow its prefix.
const idLength = 26

// Links makes the address of a receipt and finds the payment of one. An address
// names payment and merchant and carries a token of 144 bits; it works until the
// payment's LinkGeneration rises, also after keys were rotated (rulings 11). Safe
// for concurrent use.
type Links struct {
	Keys Keys
	Base string // the installation's address without a slash at its end
}

// URL is the receipt's address for the buyer.
func (l Links) URL(p payment.Payment) string { return l.Base + "/r/" + l.token(p) }

func (l Links) token(p payment.Payment) string {
	return strings.TrimPrefix(p.ID, string(id.Payment)) + strings.TrimPrefix(p.MerchantID, string(id.Merchant)) +
		l.Keys.Token(tokenKind, subject(p.MerchantID, p.ID), p.LinkGeneration)
}

// Find reads which payment a token names; false when it has not our form. Nothing
// is proven by it: Opens decides.
func Find(token string) (t merchant.Tenant, paymentID string, ok bool) {
	if len(token) <= 2*idLength || len(token) > 4*idLength {
		return merchant.Tenant{}, "", false
	}
	paymentID = string(id.Payment) + token[:idLength]
	merchantID := string(id.Merchant) + token[idLength:2*idLength]
	if !id.Valid(id.Payment, paymentID) || !id.Valid(id.Merchant, merchantID) {
		return merchant.Tenant{}, "", false
	}
	return merchant.TenantOf(merchantID), paymentID, true
}

// Opens reports whether the token opens the receipt of p, in constant time.
func (l Links) Opens(token string, p payment.Payment) bool {
	return len(token) > 2*idLength &&
		l.Keys.TokenValid(token[2*idLength:], tokenKind, subject(p.MerchantID, p.ID), p.LinkGeneration)
}

func subject(merchantID, paymentID string) string { return merchantID + "/" + paymentID }
