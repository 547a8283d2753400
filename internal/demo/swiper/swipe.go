package swiper

import (
	"fmt"
	"strings"

	"innopay/card/dukpt"
	"innopay/card/reader"
)

// stripe is what a card has on its magnetic stripe.
type stripe struct {
	number  string // 13 to 19 digits
	yymm    string
	service string // three digits; 201: a chip card, 101: one without
}

const (
	withChip    = "201"
	withoutChip = "101"
	holder      = "TEST CARD/DEMO"
)

// track1 is format B of ISO/IEC 7813, with its sentinels.
func (s stripe) track1() string {
	return fmt.Sprintf("%%B%s^%s^%s%s0000000000000?", s.number, holder, s.yymm, s.service)
}

func (s stripe) track2() string {
	return fmt.Sprintf(";%s=%s%s0000000000?", s.number, s.yymm, s.service)
}

// masked hides the number but its ends with one character, and all behind the date with
// another: as much as a reader shows in clear.
func masked(track, number string, hide byte) string {
	shown := number[:4] + strings.Repeat(string(hide), len(number)-8) + number[len(number)-4:]
	return strings.Replace(track, number, shown, 1)
}

// hidden replaces all between the last separator and the end sentinel.
func hidden(track string, separator byte, keep int, hide byte) string {
	end := strings.IndexByte(track, '?') // the check character behind it may be a separator
	from := strings.LastIndexByte(track[:end], separator) + 1 + keep
	return track[:from] + strings.Repeat(string(hide), end-from) + track[end:]
}

// sealer encrypts what one swipe says.
type sealer struct {
	key    dukpt.Key
	scheme dukpt.Scheme
}

func newSealer(set reader.KeySet, ksn dukpt.KSN, use dukpt.Use) (sealer, error) {
	k, err := dukpt.SwipeKey(set.Key, ksn, set.Scheme, use)
	return sealer{k, set.Scheme}, err
}

func (s sealer) seal(data string) []byte { return s.key.Seal(s.scheme, []byte(data)) }
