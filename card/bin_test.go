package card_test

import (
	"testing"

	"innopay/card"
)

func TestIssuerOfSixDigits(t *testing.T) {
	t.Parallel()
	for bin, want := range map[string]string{
		"999001": "11 KB국민카드", "999024": "24 토스뱅크카드", "411111": "4V VISA",
		"123456": " ", "99900": " ", "9990011": " ", "99900x": " ", "": " ",
	} {
		code, name, ok := card.Issuer(bin)
		if got := code + " " + name; got != want || ok != (want != " ") {
			t.Errorf("%q: %s, want %s", bin, got, want)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	tests := []struct {
		number, issuer, acquirer string
		kind                     card.Type
	}{
		{"9990011000000018", "11", "11", card.Credit},
		{"9990019999999999", "", "", ""},
		{"9990022000000083", "21", "21", card.Check},
		{"9990013900000000", "11", "11", card.Gift},
		{"9990242000000000", "24", "21", card.Check},
		{"4111111111111111", "4V", "31", card.Credit},
		{"4111111211111111", "", "", ""},
		{"0000000000000000", "", "", ""},
		{"9999999999999999", "", "", ""},
	}
	for _, test := range tests {
		row, known := card.Lookup(mustPAN(t, test.number))
		if known != (test.issuer != "") || row.Issuer != test.issuer || row.Acquirer != test.acquirer || row.Type != test.kind {
			t.Errorf("%.8s: %+v", test.number, row)
		}
	}
	if _, known := card.Lookup(card.PAN{}); known {
		t.Error("no number, yet a row")
	}
	if _, known := card.LookupBIN("411111"); known {
		t.Error("six digits are no key of the table")
	}
	if row, known := card.LookupBIN("41111111"); !known || row.Issuer != "4V" {
		t.Errorf("%+v", row)
	}
}

// TestCheckNumber: a wrong check digit is a refusal only where the table says so, and
// an unknown BIN is none (rulings 19).
func TestCheckNumber(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]error{
		"4111111111111111":    nil,
		"4111111111111112":    card.ErrNumber,
		"41111111111111113":   card.ErrNumber, // 17 digits
		"378282246310005":     nil,
		"6200000000000000000": nil,
		"9990013100000000":    nil, // gift: any check digit
		"9990013100000001":    nil,
		"9990011000000018":    nil,
		"9990011000000017":    card.ErrNumber,
		"1234567812345678":    nil, // unknown
	} {
		if got := card.CheckNumber(mustPAN(t, number)); got != want { //nolint:errorlint // the very error
			t.Errorf("%.8s...%s: %v, want %v", number, number[len(number)-1:], got, want)
		}
	}
}

// TestTableIsSound: every range is found by both its ends, and every issuer of the
// eight domestic acquirers is there.
func TestTableIsSound(t *testing.T) {
	t.Parallel()
	issuers := map[string]string{}
	for _, r := range card.Ranges() {
		for _, bin := range []string{r.From, r.To} {
			if got, known := card.LookupBIN(bin); !known || got != r {
				t.Errorf("%s finds %+v", bin, got)
			}
		}
		if name, there := issuers[r.Issuer]; there && name != r.IssuerName {
			t.Errorf("issuer %s has two names: %s, %s", r.Issuer, name, r.IssuerName)
		}
		issuers[r.Issuer] = r.IssuerName
	}
	for _, code := range []string{"11", "21", "31", "41", "51", "61", "71", "91", "W1", "3K", "33", "36", "46", "35", "42", "34", "62", "38", "37", "39", "30", "15", "3A", "24"} {
		if issuers[code] == "" {
			t.Errorf("issuer %s is missing", code)
		}
	}
}
