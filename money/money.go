// Package money holds Korean won and the split of an amount into its tax parts.
// Everything is an integer; there is no float anywhere.
package money

import (
	"errors"
	"math/bits"
	"strconv"
)

// Won is an amount in Korean won. Amounts of payments are 1..Max; sums and
// signed postings may be larger or negative.
type Won int64

// Max is the largest amount of one payment (contract: 1 .. 9,999,999,999).
const Max Won = 9_999_999_999

// String groups by thousands with the unit: 1,234,567원. The sign of won (₩) is
// avoided because it does not exist in CP949.
func (w Won) String() string { return w.Grouped() + "원" }

// Grouped is the number alone, grouped by thousands: 1,234,567.
func (w Won) Grouped() string {
	s := strconv.FormatInt(int64(w), 10)
	neg := s[0] == '-'
	if neg {
		s = s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if neg {
		return "-" + s
	}
	return s
}

// Rounding is how the VAT contained in an amount is rounded to whole won. It is a
// merchant's setting and is stored with each payment (domain facts 2.6).
type Rounding string

// The two roundings seen at Korean acquirers.
const (
	Nearest Rounding = "NEAREST"
	Floor   Rounding = "FLOOR"
)

// VAT is the value added tax contained in a taxable sum: sum/11, rounded.
// taxable must not be negative.
func VAT(taxable Won, r Rounding) Won {
	if r == Floor {
		return taxable / 11
	}
	return (2*taxable + 11) / 22 // a half never occurs: 11 is odd
}

// TaxType is what a merchant may sell.
type TaxType string

// The tax types of a merchant.
const (
	Taxable TaxType = "TAXABLE"
	TaxFree TaxType = "TAX_FREE"
	Mixed   TaxType = "MIXED"
)

// Split is an amount in its parts: Amount = Supplied + VAT + TaxFree + ServiceFee.
type Split struct {
	Amount     Won
	Supplied   Won // taxable part without its VAT
	VAT        Won
	TaxFree    Won
	ServiceFee Won
}

// Errors of SplitOf. The caller names the field.
var (
	ErrAmount      = errors.New("money: amount out of range")
	ErrTaxFree     = errors.New("money: tax-free part out of range")
	ErrServiceFee  = errors.New("money: service fee out of range")
	ErrPartsExceed = errors.New("money: parts exceed the amount")
)

// SplitOf splits amount. taxFree and serviceFee are parts of it; the rest is
// taxable and contains its VAT.
func SplitOf(amount, taxFree, serviceFee Won, r Rounding) (Split, error) {
	switch {
	case amount < 1 || amount > Max:
		return Split{}, ErrAmount
	case taxFree < 0 || taxFree > amount:
		return Split{}, ErrTaxFree
	case serviceFee < 0 || serviceFee > amount:
		return Split{}, ErrServiceFee
	case taxFree+serviceFee > amount:
		return Split{}, ErrPartsExceed
	}
	taxable := amount - taxFree - serviceFee
	vat := VAT(taxable, r)
	return Split{Amount: amount, Supplied: taxable - vat, VAT: vat, TaxFree: taxFree, ServiceFee: serviceFee}, nil
}

// Taxable is the part that contains VAT.
func (s Split) Taxable() Won { return s.Supplied + s.VAT }

// Holds reports whether the parts are not negative and add up.
func (s Split) Holds() bool {
	return s.Supplied >= 0 && s.VAT >= 0 && s.TaxFree >= 0 && s.ServiceFee >= 0 &&
		s.Amount == s.Supplied+s.VAT+s.TaxFree+s.ServiceFee
}

// Minus is what remains of s after part was taken from it.
func (s Split) Minus(part Split) Split {
	return Split{
		Amount: s.Amount - part.Amount, Supplied: s.Supplied - part.Supplied, VAT: s.VAT - part.VAT,
		TaxFree: s.TaxFree - part.TaxFree, ServiceFee: s.ServiceFee - part.ServiceFee,
	}
}

// Part splits a partial cancel of amount out of the remaining split s, with its
// tax-free part given, or (when taxFree is negative) taken pro rata, rounded to
// the nearest won. The service fee is taken pro rata. VAT is VAT(before) less
// VAT(remainder), so that parts never drift, and the last part takes the rest
// (rulings 2).
func (s Split) Part(amount, taxFree Won, r Rounding) (Split, error) {
	if amount < 1 || amount > s.Amount {
		return Split{}, ErrAmount
	}
	if amount == s.Amount {
		if taxFree >= 0 && taxFree != s.TaxFree {
			return Split{}, ErrTaxFree
		}
		return s, nil
	}
	fee := proRata(s.ServiceFee, amount, s.Amount)
	if taxFree < 0 {
		taxFree = proRata(s.TaxFree, amount, s.Amount)
		taxFree = min(taxFree, amount-fee)
	}
	if taxFree > s.TaxFree || taxFree > amount {
		return Split{}, ErrTaxFree
	}
	fee = min(fee, amount-taxFree)
	taxable := amount - taxFree - fee
	// Rounding of the pro rata parts may ask for more taxable won than are left.
	if over := taxable - s.Taxable(); over > 0 {
		add := min(over, s.ServiceFee-fee)
		fee += add
		taxable -= add
		if taxable > s.Taxable() {
			return Split{}, ErrTaxFree
		}
	}
	vat := s.VAT - VAT(s.Taxable()-taxable, r)
	vat = max(0, min(vat, taxable, s.VAT))
	return Split{Amount: amount, Supplied: taxable - vat, VAT: vat, TaxFree: taxFree, ServiceFee: fee}, nil
}

// proRata is part*amount/whole rounded to the nearest won, in 128 bits: the product
// of two amounts does not fit into 64. None is negative, part is at most whole.
func proRata(part, amount, whole Won) Won {
	if part == 0 {
		return 0
	}
	hi, lo := bits.Mul64(2*uint64(part), uint64(amount)) //nolint:gosec // not negative
	twice, _ := bits.Div64(hi, lo, uint64(whole))        //nolint:gosec // positive; part <= whole keeps hi below it
	return Won((twice + 1) / 2)                          //nolint:gosec // at most amount
}

// Plus is s with a part given back.
func (s Split) Plus(part Split) Split {
	return Split{
		Amount: s.Amount + part.Amount, Supplied: s.Supplied + part.Supplied, VAT: s.VAT + part.VAT,
		TaxFree: s.TaxFree + part.TaxFree, ServiceFee: s.ServiceFee + part.ServiceFee,
	}
}
