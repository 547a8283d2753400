package api

import (
	"innopay/acquirer"
	"innopay/card"
	"innopay/fault"
	"innopay/internal/web/problem"
)

// CardRequest is the card as typed or swiped. It lives until it is read into types
// that print masked.
type CardRequest struct {
	Entry                 string  `json:"entry" enum:"KEY_IN,SWIPE"`
	Number                string  `json:"number,omitempty" doc:"KEY_IN: 13 to 19 digits; blanks and hyphens are dropped"`
	ExpiryMonth           string  `json:"expiryMonth,omitempty" doc:"KEY_IN: MM"`
	ExpiryYear            string  `json:"expiryYear,omitempty" doc:"KEY_IN: YY"`
	BirthOrBusinessNumber string  `json:"birthOrBusinessNumber,omitempty" doc:"YYMMDD or 10 digits; asked for by the merchant's authenticationLevel"`
	PasswordTwoDigits     string  `json:"passwordTwoDigits,omitempty" doc:"Asked for by the merchant's authenticationLevel"`
	Track2                string  `json:"track2,omitempty" doc:"SWIPE: ;...=...?"`
	Track1                string  `json:"track1,omitempty" maxLength:"79" doc:"SWIPE: accepted and not used"`
	FallbackReason        string  `json:"fallbackReason,omitempty" maxLength:"100" doc:"SWIPE: why the chip was not used; recorded, so without numbers"`
	Device                *Device `json:"device,omitempty"`
}

// Device is the reader a card was swiped on.
type Device struct {
	Model  string `json:"model,omitempty" maxLength:"100"`
	Serial string `json:"serial,omitempty" maxLength:"100"`
}

// read takes the card into masked types. The fault names every field that cannot be
// read; what is merely missing the core says.
func (c CardRequest) read() (acquirer.Card, error) {
	var f *fault.Error
	wrong := func(path, code string) {
		if f == nil {
			f = problem.InvalidField(path, code)
			return
		}
		f = problem.WithField(f, path, code)
	}
	var out acquirer.Card
	if c.Entry == string(acquirer.Swipe) {
		out = c.readTrack(wrong)
	} else {
		out = c.readKeys(wrong)
	}
	out.BirthOrBusinessNumber = digits(c.BirthOrBusinessNumber, func(n int) bool { return n == 6 || n == 10 },
		func() { wrong("/card/birthOrBusinessNumber", "INVALID_BIRTH_OR_BUSINESS_NUMBER") })
	out.PasswordTwoDigits = digits(c.PasswordTwoDigits, func(n int) bool { return n == 2 },
		func() { wrong("/card/passwordTwoDigits", "INVALID_PASSWORD_DIGITS") })
	if f == nil {
		return out, nil
	}
	out.Wipe()
	return acquirer.Card{Entry: out.Entry}, f
}

func (c CardRequest) readKeys(wrong func(path, code string)) acquirer.Card {
	out := acquirer.Card{Entry: acquirer.KeyIn}
	var err error
	if c.Number == "" {
		wrong("/card/number", problem.Required)
	} else if out.PAN, err = card.ParsePAN(c.Number); err != nil {
		wrong("/card/number", "INVALID_CARD_NUMBER")
	}
	if c.ExpiryMonth == "" {
		wrong("/card/expiryMonth", problem.Required)
	} else if out.Expiry, err = card.ParseExpiry(c.ExpiryMonth, c.ExpiryYear); err != nil {
		wrong("/card/expiryMonth", "INVALID_EXPIRY")
	}
	for path, value := range map[string]string{"/card/track2": c.Track2, "/card/track1": c.Track1, "/card/fallbackReason": c.FallbackReason} {
		if value != "" {
			wrong(path, problem.Unexpected)
		}
	}
	if c.Device != nil {
		wrong("/card/device", problem.Unexpected)
	}
	return out
}

func (c CardRequest) readTrack(wrong func(path, code string)) acquirer.Card {
	out := acquirer.Card{Entry: acquirer.Swipe, FallbackReason: c.FallbackReason}
	for path, value := range map[string]string{"/card/number": c.Number, "/card/expiryMonth": c.ExpiryMonth, "/card/expiryYear": c.ExpiryYear} {
		if value != "" {
			wrong(path, problem.Unexpected)
		}
	}
	if c.Track2 == "" {
		wrong("/card/track2", problem.Required)
		return out
	}
	t, err := card.ParseTrack2(c.Track2)
	if err != nil {
		wrong("/card/track2", "INVALID_TRACK")
		return out
	}
	out.PAN, out.Expiry, out.Track2 = t.PAN, t.Expiry, t.Raw
	return out
}

// digits takes an optional number of a length that fits.
func digits(s string, fits func(int) bool, wrong func()) card.Secret {
	if s == "" {
		return card.Secret{}
	}
	d, err := card.Digits(s, 1, 10)
	if err != nil || !fits(len(s)) {
		d.Wipe()
		wrong()
		return card.Secret{}
	}
	return d
}
