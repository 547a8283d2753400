package api

import (
	"context"
	"errors"

	"innopay/acquirer"
	"innopay/card"
	"innopay/card/reader"
	"innopay/internal/payment"
	"innopay/internal/web/keyin"
	"innopay/internal/web/problem"
)

// CardRequest is the card as typed or swiped. It lives until it is read into types
// that print masked.
type CardRequest struct {
	Entry                 string  `json:"entry" enum:"KEY_IN,SWIPE,SWIPE_ENCRYPTED"`
	Number                string  `json:"number,omitempty" doc:"KEY_IN: 13 to 19 digits; blanks and hyphens are dropped"`
	ExpiryMonth           string  `json:"expiryMonth,omitempty" doc:"KEY_IN: MM"`
	ExpiryYear            string  `json:"expiryYear,omitempty" doc:"KEY_IN: YY"`
	BirthOrBusinessNumber string  `json:"birthOrBusinessNumber,omitempty" doc:"YYMMDD or 10 digits; asked for by the merchant's authenticationLevel"`
	PasswordTwoDigits     string  `json:"passwordTwoDigits,omitempty" doc:"Asked for by the merchant's authenticationLevel"`
	Format                string  `json:"format,omitempty" enum:"MAGTEK,IDTECH" doc:"SWIPE_ENCRYPTED: how the reader encrypts; one of the merchant's readers.formats"`
	KSN                   string  `json:"ksn,omitempty" maxLength:"24" doc:"SWIPE_ENCRYPTED: the key serial number as hex digits, 20 of them by TDES and 24 by AES"`
	Track2                string  `json:"track2,omitempty" doc:"SWIPE: ;...=...? - SWIPE_ENCRYPTED: the ciphertext of track 2 as hex digits"`
	Track1                string  `json:"track1,omitempty" maxLength:"224" doc:"SWIPE, SWIPE_ENCRYPTED: accepted and not used"`
	FallbackReason        string  `json:"fallbackReason,omitempty" maxLength:"100" doc:"SWIPE, SWIPE_ENCRYPTED: why the chip was not used; recorded, so without numbers. CHIP_FAILED, or CHIP_FAILED and a blank and more, says that the chip was tried; readers.chipFirst REFUSE asks that of a card with a chip"`
	Device                *Device `json:"device,omitempty"`
}

// Device is the reader a card was swiped on.
type Device struct {
	Model  string `json:"model,omitempty" maxLength:"100"`
	Serial string `json:"serial,omitempty" maxLength:"100"`
}

// read takes the card into masked types, and says into p what else the core must know
// of a swipe. The fault names every field that cannot be read; what is merely missing
// the core says.
func (a *API) readCard(ctx context.Context, c CardRequest, p *payment.Create) {
	var wrong keyin.Faults
	var failed error
	switch c.Entry {
	case string(acquirer.Swipe):
		p.Card = c.readTrack(&wrong, p)
	case entryEncrypted:
		p.Card, failed = a.openSwipe(ctx, c, &wrong, p)
	default:
		p.Card = c.readKeys(&wrong)
	}
	if p.CardFault = wrong.Err(); p.CardFault == nil {
		p.CardFault = failed
	}
	if p.CardFault != nil {
		p.Card.Wipe()
		p.Card = acquirer.Card{Entry: p.Card.Entry}
	}
	if c.Device != nil {
		p.Device = payment.Device(*c.Device)
	}
}

// entryEncrypted is a swipe that the reader encrypted; to the acquirer it is a swipe.
const entryEncrypted = "SWIPE_ENCRYPTED"

func (c CardRequest) typed() keyin.Fields {
	return keyin.Fields{
		Number: c.Number, ExpiryMonth: c.ExpiryMonth, ExpiryYear: c.ExpiryYear,
		BirthOrBusinessNumber: c.BirthOrBusinessNumber, PasswordTwoDigits: c.PasswordTwoDigits,
	}
}

// unexpected names the values that do not go with the entry.
func unexpected(wrong *keyin.Faults, values map[string]string) {
	for path, value := range values {
		if value != "" {
			wrong.Add(path, problem.Unexpected)
		}
	}
}

func (c CardRequest) readKeys(wrong *keyin.Faults) acquirer.Card {
	unexpected(wrong, map[string]string{
		"/card/track2": c.Track2, "/card/track1": c.Track1, "/card/fallbackReason": c.FallbackReason,
		"/card/format": c.Format, "/card/ksn": c.KSN,
	})
	if c.Device != nil {
		wrong.Add("/card/device", problem.Unexpected)
	}
	return c.typed().Read(wrong)
}

// readSwipe reads what goes with every swipe beside its tracks.
func (c CardRequest) readSwipe(wrong *keyin.Faults) acquirer.Card {
	out := acquirer.Card{Entry: acquirer.Swipe, FallbackReason: c.FallbackReason}
	c.typed().ReadHolder(&out, wrong)
	unexpected(wrong, map[string]string{"/card/number": c.Number, "/card/expiryMonth": c.ExpiryMonth, "/card/expiryYear": c.ExpiryYear})
	if c.Track2 == "" {
		wrong.Add("/card/track2", problem.Required)
	}
	return out
}

// maxTrack1 is the most that a stripe's first track holds (ISO/IEC 7813).
const maxTrack1 = 79

func (c CardRequest) readTrack(wrong *keyin.Faults, p *payment.Create) acquirer.Card {
	out := c.readSwipe(wrong)
	unexpected(wrong, map[string]string{"/card/format": c.Format, "/card/ksn": c.KSN})
	if len(c.Track1) > maxTrack1 {
		wrong.Add("/card/track1", problem.WrongLength)
	}
	if c.Track2 == "" {
		return out
	}
	t, err := card.ParseTrack2(c.Track2)
	if err != nil {
		wrong.Add("/card/track2", "INVALID_TRACK")
		return out
	}
	take(&out, t, p)
	return out
}

// take puts a track into the card.
func take(out *acquirer.Card, t card.Track2, p *payment.Create) {
	out.PAN, out.Expiry, out.Track2, p.Chip = t.PAN, t.Expiry, t.Raw, t.Chip()
}

// openSwipe decrypts. What is wrong with the swipe is named in wrong; the error is that
// of a decrypter that cannot work now.
func (a *API) openSwipe(ctx context.Context, c CardRequest, wrong *keyin.Faults, p *payment.Create) (acquirer.Card, error) {
	out := c.readSwipe(wrong)
	if c.Format == "" {
		wrong.Add("/card/format", problem.Required)
	}
	if c.KSN == "" {
		wrong.Add("/card/ksn", problem.Required)
	}
	if !hexDigits(c.Track1) {
		wrong.Add("/card/track1", "INVALID_TRACK")
	}
	if c.Format == "" || c.KSN == "" || c.Track2 == "" {
		return out, nil
	}
	opened, err := a.Readers.Decrypter.Open(ctx, reader.Swipe{Format: reader.Format(c.Format), KSN: c.KSN, Track2: c.Track2})
	switch {
	case errors.Is(err, reader.ErrFormat):
		wrong.Add("/card/format", problem.NotAllowed)
	case errors.Is(err, reader.ErrKSN):
		wrong.Add("/card/ksn", "INVALID_KSN")
	case errors.Is(err, reader.ErrKeySet):
		wrong.Add("/card/ksn", "UNKNOWN_KEY_SET")
	case errors.Is(err, reader.ErrTrack):
		wrong.Add("/card/track2", "INVALID_TRACK")
	case err != nil:
		return out, payment.ErrDecrypter.Because(err)
	default:
		take(&out, opened.Track, p)
		p.Reader = payment.ReaderUse{Format: c.Format, Device: opened.Device, Counter: opened.Counter}
	}
	return out, nil
}

func hexDigits(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'F') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s)%2 == 0
}
