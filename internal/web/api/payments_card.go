package api

import (
	"innopay/acquirer"
	"innopay/card"
	"innopay/internal/web/keyin"
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
	var wrong keyin.Faults
	var out acquirer.Card
	if c.Entry == string(acquirer.Swipe) {
		out = c.readTrack(&wrong)
	} else {
		out = c.readKeys(&wrong)
	}
	err := wrong.Err()
	if err == nil {
		return out, nil
	}
	out.Wipe()
	return acquirer.Card{Entry: out.Entry}, err
}

func (c CardRequest) typed() keyin.Fields {
	return keyin.Fields{
		Number: c.Number, ExpiryMonth: c.ExpiryMonth, ExpiryYear: c.ExpiryYear,
		BirthOrBusinessNumber: c.BirthOrBusinessNumber, PasswordTwoDigits: c.PasswordTwoDigits,
	}
}

func (c CardRequest) readKeys(wrong *keyin.Faults) acquirer.Card {
	for path, value := range map[string]string{"/card/track2": c.Track2, "/card/track1": c.Track1, "/card/fallbackReason": c.FallbackReason} {
		if value != "" {
			wrong.Add(path, problem.Unexpected)
		}
	}
	if c.Device != nil {
		wrong.Add("/card/device", problem.Unexpected)
	}
	return c.typed().Read(wrong)
}

func (c CardRequest) readTrack(wrong *keyin.Faults) acquirer.Card {
	out := acquirer.Card{Entry: acquirer.Swipe, FallbackReason: c.FallbackReason}
	c.typed().ReadHolder(&out, wrong)
	for path, value := range map[string]string{"/card/number": c.Number, "/card/expiryMonth": c.ExpiryMonth, "/card/expiryYear": c.ExpiryYear} {
		if value != "" {
			wrong.Add(path, problem.Unexpected)
		}
	}
	if c.Track2 == "" {
		wrong.Add("/card/track2", problem.Required)
		return out
	}
	t, err := card.ParseTrack2(c.Track2)
	if err != nil {
		wrong.Add("/card/track2", "INVALID_TRACK")
		return out
	}
	out.PAN, out.Expiry, out.Track2 = t.PAN, t.Expiry, t.Raw
	return out
}
