package load

import (
	"encoding/hex"

	"innopay/card/dukpt"
	"innopay/internal/demo"
	"innopay/internal/demo/swiper"
)

// cardOf is the card as the order says: keyed in, or the first swipe of a reader of its own.
func cardOf(o Order, card demo.Card) map[string]string {
	if o.Reader > 0 {
		return swiped(o.Reader, card)
	}
	return map[string]string{
		"entry": "KEY_IN", "number": card.Number, "expiryMonth": card.ExpiryMonth, "expiryYear": card.ExpiryYear,
		"birthOrBusinessNumber": card.BirthOrBusinessNumber, "passwordTwoDigits": card.PasswordTwoDigits,
	}
}

func swiped(device uint32, card demo.Card) map[string]string {
	ksn, track, err := seal(device, ";"+card.Number+"="+card.ExpiryYear+card.ExpiryMonth+"1010000000000?")
	if err != nil {
		panic("load: a reader's first swipe cannot fail: " + err.Error())
	}
	return map[string]string{"entry": "SWIPE_ENCRYPTED", "format": "MAGTEK", "ksn": ksn, "track2": track, "fallbackReason": "CHIP_FAILED"}
}

// seal encrypts a track as the demo's readers do.
func seal(device uint32, track string) (number, sealed string, err error) {
	sets, err := swiper.PublishedSets()
	if err != nil {
		return "", "", err
	}
	ksn, err := dukpt.Initial(sets[0].ID, device)
	if err != nil {
		return "", "", err
	}
	if ksn, err = ksn.Next(); err != nil {
		return "", "", err
	}
	k, err := dukpt.SwipeKey(sets[0].Key, ksn, sets[0].Scheme, dukpt.PIN)
	if err != nil {
		return "", "", err
	}
	return ksn.String(), hex.EncodeToString(k.Seal(sets[0].Scheme, []byte(track))), nil
}
