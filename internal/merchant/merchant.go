// Package merchant knows the shops, the people who work in them and what each may
// do: merchants with their settings and installment rules, users and roles, the
// one login path, sessions, API keys, activation links and the cancel password.
//
// What others build on stands in port.go; what it asks of a database in store.go.
package merchant

import (
	"time"

	"innopay/money"
)

// Status says whether a merchant may take money.
type Status string

// The states of a merchant.
const (
	Review    Status = "REVIEW" // new: nobody has approved it yet; may log in and read, takes no payment
	Active    Status = "ACTIVE"
	Suspended Status = "SUSPENDED" // may log in and read, takes no new payment
	Closed    Status = "CLOSED"    // nobody logs in, keys are dead
)

// AuthLevel is which key-in fields the merchant's contract asks for (domain facts 2.1).
type AuthLevel string

// The levels.
const (
	AuthNone    AuthLevel = "NONE"    // 비인증: number and expiry
	AuthPartial AuthLevel = "PARTIAL" // 부분인증: and birth date or business number
	AuthFull    AuthLevel = "FULL"    // 구인증: and the first two digits of the password
)

// ChipFirst is what is done about a swiped card that has a chip: by Korean law the chip
// comes first, and the stripe only where the chip fails.
type ChipFirst string

// The policies.
const (
	ChipAsk    ChipFirst = "ASK"    // the seller says why the chip was not used
	ChipRefuse ChipFirst = "REFUSE" // taken only when the seller says that the chip was tried and failed
)

// Defaults of a new merchant.
const (
	DefaultSignatureLimit money.Won = 50_000 // more than this asks for a signature (rulings 3)
	DefaultMinCardAmount  money.Won = 100    // contract: minimum 100 won for cards
)

// Merchant is one shop under contract, with everything a payment and a receipt
// need of it. Name, owner, address and phone stand on every receipt (domain facts
// 2.7), so they are public.
type Merchant struct {
	ID             string // id.Merchant
	Name           string
	BusinessNumber string // ten digits with a right check digit
	OwnerName      string
	Address        string
	Phone          string // digits only
	TaxType        money.TaxType
	Rounding       money.Rounding // of the VAT
	AuthLevel      AuthLevel
	MinCardAmount  money.Won
	MCC            string // four digits, ISO 8583 DE18
	// ForbidPlainTrack refuses card readers that do not encrypt; the installation may
	// refuse them for everybody.
	ForbidPlainTrack bool
	ChipFirst        ChipFirst
	Status           Status
	Terminals        []Terminal // by TID; the first one takes the app's payments
	Settings         Settings
	CreatedAt        time.Time
	Version          int64 // rises by one with every change of the merchant, its terminals or settings
}

// Terminal is one terminal as an acquirer knows it.
type Terminal struct {
	TID      string // ISO 8583 DE41, 1..8 characters
	MID      string // merchant number at the acquirer, DE42, 1..15 characters
	Acquirer string // adapter's name
}

// TakesMoney reports whether new payments may be taken.
func (m Merchant) TakesMoney() bool { return m.Status == Active }

// SignatureNeeded reports whether a payment of amount asks for a signature.
func (m Merchant) SignatureNeeded(amount money.Won) bool { return amount > m.Settings.SignatureLimit }

// Tenant names the merchant as a tenant. Only jobs and the authorization
// middleware may act with it.
func (m Merchant) Tenant() Tenant { return TenantOf(m.ID) }

// Settings are what the owner may change for the whole shop; settings of one
// device stay on the device. FixedBuyer and NotifyPhone are stored encrypted.
type Settings struct {
	SlideMenu       bool       `json:"slideMenu"`
	Cart            bool       `json:"cart"`
	BuyerInfo       bool       `json:"buyerInfo"`             // on: typed at each payment; off: FixedBuyer is used
	FixedBuyer      FixedBuyer `json:"fixedBuyer,omitzero"`   // manual chapter 10
	SignatureLimit  money.Won  `json:"signatureLimit"`        // more than this asks for a signature, 0..money.Max
	Sound           bool       `json:"sound"`                 // tone when a payment ends
	Vibration       bool       `json:"vibration"`             //
	Notify          bool       `json:"notify"`                // notices of payments made elsewhere
	NotifyPhone     string     `json:"notifyPhone,omitempty"` // the seller is texted there when a request is paid; digits only
	AutoCashReceipt bool       `json:"autoCashReceipt"`       // self-issue the next day what the law asks for and nobody asked
	ShuffleKeypad   bool       `json:"shuffleKeypad"`         // password pad in random order
	ReceiptGate     bool       `json:"receiptGate,omitempty"` // receipt links ask for the last digits of the buyer's phone
	Printer         bool       `json:"printer,omitempty"`     // receipts are printed (모바일 프린터, manual chapter 10)
	Theme           Theme      `json:"theme"`                 //
	TextSize        TextSize   `json:"textSize"`              //
	Version         int64      `json:"version"`               // of the settings; a change names the one it read
}

// FixedBuyer is who stands as buyer when buyer information is off.
type FixedBuyer struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"` // digits only
	Email string `json:"email,omitempty"`
}

// Theme is the colours of the app.
type Theme string

// The themes.
const (
	ThemeSystem Theme = "SYSTEM"
	ThemeLight  Theme = "LIGHT"
	ThemeDark   Theme = "DARK"
)

// TextSize is the size of text in the app.
type TextSize string

// The sizes.
const (
	TextNormal TextSize = "NORMAL"
	TextLarge  TextSize = "LARGE"
	TextHuge   TextSize = "HUGE"
)
