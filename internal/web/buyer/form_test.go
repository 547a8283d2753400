package buyer_test

import (
	"strings"
	"testing"

	"innopay/card"
	"innopay/internal/web/buyer"
)

// FuzzExpiry takes no expiry whose digits were not typed in that order.
func FuzzExpiry(f *testing.F) {
	for _, s := range []string{"07/31", "0731", "7/31", "07 / 2031", "072031", "", "/", "0/0", "7/", "//", "가/나", "\xff/31", "1/20", "20/20"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := card.ParseExpiry(buyer.Expiry(s))
		if err != nil {
			return
		}
		typed := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
		month, year := strings.TrimLeft(e.YYMM()[2:], "0"), e.YYMM()[:2]
		if !strings.HasPrefix(strings.TrimLeft(typed, "0"), month) || !strings.HasSuffix(typed, year) || len(typed) > 6 {
			t.Fatalf("%q was read as %s of %s", s, month, year)
		}
	})
}
