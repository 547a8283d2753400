package iso8583_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"innopay/acquirer/iso8583"
)

// TestEveryByteEverywhere: what a class lets through does not depend on where in the
// value a byte stands.
func TestEveryByteEverywhere(t *testing.T) {
	t.Parallel()
	for b := range 256 {
		for at := range 19 {
			number := []byte(strings.Repeat("5", 19))
			number[at] = byte(b)
			var m iso8583.Message
			m.MTI = iso8583.MTIRequest
			m.Set(2, number)
			if _, err := m.Append(nil); (err == nil) != (b >= '0' && b <= '9') {
				t.Errorf("byte %#x at %d of a number: %v", b, at, err)
			}
			text := []byte(strings.Repeat("x", 19))
			text[at] = byte(b)
			m.Reset()
			m.MTI = iso8583.MTIRequest
			m.Set(48, text)
			if _, err := m.Append(nil); (err == nil) != (b >= ' ' && b != 0x7f && utf8.Valid(text)) {
				t.Errorf("byte %#x at %d of a text: %v", b, at, err)
			}
			hangul := []byte("가나다라마바사")
			hangul[at] = byte(b)
			m.Reset()
			m.MTI = iso8583.MTIRequest
			m.Set(48, hangul)
			if _, err := m.Append(nil); (err == nil) != (b >= ' ' && b != 0x7f && utf8.Valid(hangul)) {
				t.Errorf("byte %#x at %d of Korean text: %v", b, at, err)
			}
		}
	}
}
