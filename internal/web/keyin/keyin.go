// Package keyin reads a card as somebody typed it, into types that print masked. The
// seller's API and the buyer's page both stand on it, so that they accept the same.
package keyin

import (
	"innopay/acquirer"
	"innopay/card"
	"innopay/fault"
	"innopay/internal/web/problem"
)

// Faults collects what cannot be read. The zero value is ready; it belongs to one
// goroutine.
type Faults struct{ f *fault.Error }

// Add names one wrong value, with the table's Korean sentence.
func (w *Faults) Add(path, code string) {
	if w.f == nil {
		w.f = problem.InvalidField(path, code)
		return
	}
	w.f = problem.WithField(w.f, path, code)
}

// Err is the fault that names them all, nil when there are none.
func (w *Faults) Err() error {
	if w.f == nil {
		return nil
	}
	return w.f
}

// Fields are what was typed. Number may hold blanks and hyphens.
type Fields struct {
	Number                string
	ExpiryMonth           string // MM
	ExpiryYear            string // YY
	BirthOrBusinessNumber string // YYMMDD or ten digits; empty when not asked for
	PasswordTwoDigits     string // empty when not asked for
}

// Read is the card. What cannot be read is named in wrong and stays empty; whether the
// merchant asks for more, the core says.
func (f Fields) Read(wrong *Faults) acquirer.Card {
	out := acquirer.Card{Entry: acquirer.KeyIn}
	var err error
	if f.Number == "" {
		wrong.Add("/card/number", problem.Required)
	} else if out.PAN, err = card.ParsePAN(f.Number); err != nil {
		wrong.Add("/card/number", "INVALID_CARD_NUMBER")
	}
	if f.ExpiryMonth == "" {
		wrong.Add("/card/expiryMonth", problem.Required)
	} else if out.Expiry, err = card.ParseExpiry(f.ExpiryMonth, f.ExpiryYear); err != nil {
		wrong.Add("/card/expiryMonth", "INVALID_EXPIRY")
	}
	f.ReadHolder(&out, wrong)
	return out
}

// ReadHolder reads only what proves the card's holder, which also goes with a swipe.
func (f Fields) ReadHolder(out *acquirer.Card, wrong *Faults) {
	out.BirthOrBusinessNumber = digits(f.BirthOrBusinessNumber, wrong, "/card/birthOrBusinessNumber", "INVALID_BIRTH_OR_BUSINESS_NUMBER", 6, 10)
	out.PasswordTwoDigits = digits(f.PasswordTwoDigits, wrong, "/card/passwordTwoDigits", "INVALID_PASSWORD_DIGITS", 2)
}

// digits takes an optional number of one of the lengths.
func digits(s string, wrong *Faults, path, code string, lengths ...int) card.Secret {
	if s == "" {
		return card.Secret{}
	}
	for _, n := range lengths {
		if d, err := card.Digits(s, n, n); err == nil {
			return d
		}
	}
	wrong.Add(path, code)
	return card.Secret{}
}
