// Package contract knows on which terms a merchant takes money: the days of its
// contract, fees, limits, and where and when it is paid. A change is a new version from
// a day on; what held before is never altered, so that the fee of a day can be told for
// ever.
//
// Who shows or sums fees asks Service.Terms; who changes a contract goes through the
// approval of a second operator (innopay/internal/approval), which calls Service.Write.
package contract

import (
	"fmt"
	"io"
	"log/slog"
	"time"

	"innopay/clock"
	"innopay/fault"
	"innopay/money"
)

// Method is what a fee is for: the method of a payment.
type Method string

// The methods.
const (
	Card Method = "CARD"
	Cash Method = "CASH"
)

// Fee is one rate. Of those that fit a payment the most exact one holds: issuer and
// type, then issuer, then type, then neither.
type Fee struct {
	Method   Method `json:"method"`
	Issuer   string `json:"issuerCode,omitempty"` // empty: every issuer
	CardType string `json:"cardType,omitempty"`   // CREDIT, CHECK or GIFT; empty: every type
	Rate     int    `json:"rate"`                 // hundredths of a percent, 0..MaxRate
}

// MaxRate is 100 percent.
const MaxRate = 10_000

// Limits bound what a merchant takes by card. 0 won is no limit.
type Limits struct {
	PerPayment money.Won
	PerDay     money.Won // of a Korean day: what was approved or is under way, less cancels
	PerMonth   money.Won // of a calendar month, likewise
	MaxMonths  int       // longest installment plan, 0 (lump sums only) or 2..12
}

// Account is where a merchant is paid.
type Account struct {
	Bank   string // code of the bank, three digits (Banks)
	Number Number
	Holder string // 1..50 characters
}

// Contract is one version of a merchant's contract.
type Contract struct {
	MerchantID string
	Version    int64     // 1, 2, ..
	Effective  clock.Day // from this day on, until a higher version's day has come
	From       clock.Day // first day of the contract
	Until      clock.Day // last day; empty: no end
	Fees       []Fee
	FeeVAT     bool // 10 percent of VAT are charged on fees
	Limits     Limits
	Cycle      int     // business days from the sale to its settlement, 0..60
	Account    Account // zero: none is known yet
	Actor      string  // who brought it about
	CreatedAt  time.Time
}

// Covers reports whether the merchant may take money on the day.
func (c Contract) Covers(day clock.Day) bool {
	return c.From <= day && (c.Until == "" || day <= c.Until)
}

// Rate is the rate of a payment, in hundredths of a percent; ok is false when the
// contract has none for it.
func (c Contract) Rate(m Method, issuer, cardType string) (rate int, ok bool) {
	best := -1
	for _, f := range c.Fees {
		if f.Method != m || f.Issuer != "" && f.Issuer != issuer || f.CardType != "" && f.CardType != cardType {
			continue
		}
		exact := 0
		if f.Issuer != "" {
			exact += 2
		}
		if f.CardType != "" {
			exact++
		}
		if exact > best {
			best, rate = exact, f.Rate
		}
	}
	return rate, best >= 0
}

// Fee is what is kept of an amount, and the VAT on it, both without the parts of a won.
// Of a negative amount, a cancel, it is negative. A payment for which there is no rate
// costs nothing.
func (c Contract) Fee(m Method, issuer, cardType string, amount money.Won) (fee, vat money.Won) {
	rate, _ := c.Rate(m, issuer, cardType)
	fee = amount * money.Won(rate) / MaxRate
	if c.FeeVAT {
		vat = fee / vatDivisor
	}
	return fee, vat
}

// vatDivisor makes 10 percent.
const vatDivisor = 10

// Number is an account number, digits only. It prints masked.
type Number string

// lastShown is how many digits of an account number people see.
const lastShown = 4

// Masked is the number with all digits but the last four hidden.
func (n Number) Masked() string {
	hidden := max(0, len(n)-lastShown)
	b := make([]byte, len(n))
	for i := range b {
		if b[i] = '*'; i >= hidden {
			b[i] = n[i]
		}
	}
	return string(b)
}

// String hides the value.
func (n Number) String() string { return n.Masked() }

// Format hides the value under every verb.
func (n Number) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, n.Masked()) }

// LogValue hides the value.
func (n Number) LogValue() slog.Value { return slog.StringValue(n.Masked()) }

// MarshalText hides the value; what is sealed is written by seal.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.Masked()), nil }

// Banks are the codes of the Korean banks and brokers (금융기관 공동코드) that pay
// merchants, with their names.
var Banks = map[string]string{
	"002": "산업은행", "003": "기업은행", "004": "국민은행", "007": "수협은행", "011": "농협은행", "012": "농축협", "020": "우리은행",
	"023": "SC제일은행", "027": "한국씨티은행", "031": "iM뱅크", "032": "부산은행", "034": "광주은행", "035": "제주은행", "037": "전북은행",
	"039": "경남은행", "045": "새마을금고", "048": "신협", "050": "저축은행", "064": "산림조합", "071": "우체국", "081": "하나은행",
	"088": "신한은행", "089": "케이뱅크", "090": "카카오뱅크", "092": "토스뱅크",
}

// Faults of this package.
var (
	// ErrNone: the merchant has no contract that holds on the day.
	ErrNone = fault.New(fault.NotFound, "NO_CONTRACT", "등록된 계약이 없어요. 고객센터에 문의해 주세요.")
	// ErrChanged: another version stands since it was read.
	ErrChanged = fault.New(fault.Conflict, "CHANGED_MEANWHILE", "그 사이 다른 곳에서 바뀌었어요. 새로 고친 뒤 다시 시도해 주세요.")
)
