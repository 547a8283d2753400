package receipt

import (
	"strings"

	"innopay/id"
	"innopay/internal/merchant"
	"innopay/internal/payment"
	"innopay/internal/taxreceipt"
)

// Keys makes and checks the secret part of a link (innopay/internal/keyring).
type Keys interface {
	Token(kind, id string, generation int) string
	TokenValid(token, kind, id string, generation int) bool
}

// Document is what a link leads to: the receipt of a payment, or a cash receipt.
type Document struct {
	MerchantID string
	ID         string // id.Payment or id.Receipt
	Generation int    // of its link
}

// OfPayment is the receipt of p.
func OfPayment(p payment.Payment) Document {
	return Document{MerchantID: p.MerchantID, ID: p.ID, Generation: p.LinkGeneration}
}

// OfCashReceipt is the cash receipt r itself.
func OfCashReceipt(r taxreceipt.Receipt) Document {
	return Document{MerchantID: r.MerchantID, ID: r.ID, Generation: r.LinkGeneration}
}

// The tokens of each kind of document are of a kind of their own, and of a form of their
// own: the first character of an id is a digit.
const (
	tokenKind     = "receipt"
	cashTokenKind = "receipt.cash"
	cashMark      = "c"
)

// idLength is how many characters of an id follow its prefix.
const idLength = 26

// Links makes the address of a receipt and finds the document of one. An address
// names document and merchant and carries a token of 144 bits; it works until the
// document's generation rises, also after keys were rotated (rulings 11). Safe
// for concurrent use.
type Links struct {
	Keys Keys
	Base string // the installation's address without a slash at its end
}

// URL is the address of a payment's receipt for the buyer.
func (l Links) URL(p payment.Payment) string { return l.Address(OfPayment(p)) }

// Address is the document's address for the buyer.
func (l Links) Address(d Document) string {
	head := strings.TrimPrefix(d.ID, string(id.Payment))
	if d.cash() {
		head = cashMark + strings.TrimPrefix(d.ID, string(id.Receipt))
	}
	return l.Base + "/r/" + head + strings.TrimPrefix(d.MerchantID, string(id.Merchant)) + l.Keys.Token(d.kind(), d.subject(), d.Generation)
}

// Find reads which document a token names; false when it has not our form. Nothing
// is proven by it: Opens decides.
func Find(token string) (t merchant.Tenant, documentID string, ok bool) {
	prefix := id.Payment
	token, cash := strings.CutPrefix(token, cashMark)
	if cash {
		prefix = id.Receipt
	}
	if len(token) <= 2*idLength || len(token) > 4*idLength {
		return merchant.Tenant{}, "", false
	}
	documentID = string(prefix) + token[:idLength]
	merchantID := string(id.Merchant) + token[idLength:2*idLength]
	if !id.Valid(prefix, documentID) || !id.Valid(id.Merchant, merchantID) {
		return merchant.Tenant{}, "", false
	}
	return merchant.TenantOf(merchantID), documentID, true
}

// Opens reports whether the token opens the document, in constant time.
func (l Links) Opens(token string, d Document) bool {
	token = strings.TrimPrefix(token, cashMark)
	return len(token) > 2*idLength && l.Keys.TokenValid(token[2*idLength:], d.kind(), d.subject(), d.Generation)
}

func (d Document) cash() bool { return strings.HasPrefix(d.ID, string(id.Receipt)) }

func (d Document) kind() string {
	if d.cash() {
		return cashTokenKind
	}
	return tokenKind
}

func (d Document) subject() string { return d.MerchantID + "/" + d.ID }
