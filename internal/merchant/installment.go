package merchant

import (
	"slices"

	"innopay/clock"
	"innopay/money"
)

// DefaultInstallmentMinimum holds where no rule says otherwise (domain facts 2.2).
const DefaultInstallmentMinimum money.Won = 50_000

// Installments are between these months; 0 is a lump sum (domain facts 2.1).
const (
	MinMonths = 2
	MaxMonths = 12
)

// Offer is what is offered for an amount at an acquirer and issuer on a day. An
// empty issuer (not known before the card is) gives the rules of any issuer and no
// interest-free months.
func (r InstallmentRules) Offer(amount money.Won, acquirer, issuer string, day clock.Day) Offer {
	o := Offer{Minimum: r.minimum(acquirer, issuer)}
	if amount < o.Minimum {
		return o
	}
	for m := MinMonths; m <= MaxMonths; m++ {
		o.Months = append(o.Months, m)
		if r.free(amount, issuer, m, day) {
			o.InterestFree = append(o.InterestFree, m)
		}
	}
	return o
}

// Offers reports whether months may be chosen; 0, a lump sum, always may.
func (o Offer) Offers(months int) bool { return months == 0 || slices.Contains(o.Months, months) }

// FreeOfInterest reports whether months cost the buyer no interest.
func (o Offer) FreeOfInterest(months int) bool { return slices.Contains(o.InterestFree, months) }

func (r InstallmentRules) minimum(acquirer, issuer string) money.Won {
	least, best := DefaultInstallmentMinimum, -1
	for _, m := range r.Minimums {
		if m.Acquirer != "" && m.Acquirer != acquirer || m.Issuer != "" && m.Issuer != issuer {
			continue
		}
		exact := 0
		if m.Acquirer != "" {
			exact++
		}
		if m.Issuer != "" {
			exact += 2 // an issuer's rule outweighs an acquirer's
		}
		if exact > best {
			least, best = m.Minimum, exact
		}
	}
	return least
}

func (r InstallmentRules) free(amount money.Won, issuer string, months int, day clock.Day) bool {
	if issuer == "" {
		return false
	}
	return slices.ContainsFunc(r.Events, func(e InterestFree) bool {
		return e.Issuer == issuer && amount >= e.MinAmount && e.From <= day && day <= e.Until &&
			slices.Contains(e.Months, months)
	})
}
