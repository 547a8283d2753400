package ticket_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"innopay/internal/ticket"
)

func TestCardNumbersAreFoundHoweverTheyAreWritten(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"4111111111111111", "카드 4111-1111-1111-1111 이에요", "5555 5555 5555 4444", "4111.1111.1111.1111", "3782 822463 10005", "４１１１１１１１１１１１１１１１",
		"4111 1111 1111 1111 12/28", "번호4111111111111111유효1228", "41111111111111111228", "4111–1111–1111–1111", "4111\u200b1111\u200b1111\u200b1111",
	} {
		if !ticket.HoldsCard(s) {
			t.Errorf("%q is taken", s)
		}
	}
	for _, s := range []string{
		"", "승인번호 12345678", "010-0000-0001, 010-0000-0002", "2026-11-28 13:54", "4111", "카드 뒤 네 자리 1111", "사업자 101-81-99993", "4111111111111112",
		"pay_01ja2b3c4d5e6f7g8h9jakbmcn", "4111\n1111\n1111\n1111", "0000000000000000", "주문 1234567890123",
	} {
		if ticket.HoldsCard(s) {
			t.Errorf("%q is refused", s)
		}
	}
}

// TestNoTextAroundHidesACardNumber puts a number between any words.
func TestNoTextAroundHidesACardNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[가-힣a-z ,!?\n]{0,40}`)
		between := rapid.SampledFrom([]string{"", "-", " ", ".", " - "[:2]}).Draw(t, "between")
		number := strings.Join([]string{"4111", "1111", "1111", "1111"}, between)
		if s := text.Draw(t, "before") + number + text.Draw(t, "after"); !ticket.HoldsCard(s) {
			t.Fatalf("%q is taken", s)
		}
	})
}

func FuzzHoldsCard(f *testing.F) {
	f.Add("카드 4111-1111-1111-1111")
	f.Add("41111111111111111228")
	f.Fuzz(func(t *testing.T, s string) {
		if ticket.HoldsCard(s) && !ticket.HoldsCard(s+"\n끝") {
			t.Errorf("%q: what follows hides it", s)
		}
	})
}
