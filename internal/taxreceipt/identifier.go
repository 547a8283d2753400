package taxreceipt

import (
	"strings"
	"time"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/fault"
	"innopay/internal/merchant"
)

// identifierField is where an API carries it.
const identifierField = "/identifier"

// readIdentifier takes what a buyer named themselves by. The fault says why it cannot be
// used; it never repeats the value (rulings 14).
func readIdentifier(k cashreceipt.Kind, typed, field string) (card.Secret, error) {
	digits := strings.NewReplacer("-", "", " ", "").Replace(typed)
	wrong := func(code, message string) (card.Secret, error) {
		return card.Secret{}, fault.InvalidField(field, code, message)
	}
	if k == cashreceipt.SelfIssued {
		if digits != "" && digits != cashreceipt.SelfIssuedIdentifier {
			return wrong("UNEXPECTED", "자진발급에는 번호를 넣지 않아요.")
		}
		return card.NewSecret(cashreceipt.SelfIssuedIdentifier), nil
	}
	switch {
	case digits == "":
		return wrong("REQUIRED", "현금영수증을 받을 번호를 입력해 주세요.")
	case strings.Trim(digits, "0123456789") != "":
		return wrong("INVALID_IDENTIFIER", "번호는 숫자로 입력해 주세요.")
	case digits == cashreceipt.SelfIssuedIdentifier: // nobody's, and never a business's
		return wrong("INVALID_IDENTIFIER", "010-000-1234는 자진발급에만 쓰는 번호예요. 자진발급을 골라 주세요.")
	case residentNumber(digits):
		return wrong("RESIDENT_NUMBER", "주민등록번호는 받지 않아요. 휴대폰 번호를 입력해 주세요.")
	case mobile(digits):
		return card.NewSecret(digits), nil
	case k == cashreceipt.ExpenseProof && len(digits) == 10:
		if !merchant.ValidBusinessNumber(digits) {
			return wrong("INVALID_BUSINESS_NUMBER", "사업자등록번호를 다시 확인해 주세요.")
		}
		return card.NewSecret(digits), nil
	case len(digits) >= 13 && len(digits) <= 19:
		if paymentCard(digits) {
			return wrong("PAYMENT_CARD", "결제 카드번호는 쓸 수 없어요. 현금영수증 카드나 휴대폰 번호를 입력해 주세요.")
		}
		return card.NewSecret(digits), nil
	case k == cashreceipt.ExpenseProof:
		return wrong("INVALID_IDENTIFIER", "사업자등록번호 10자리나 휴대폰 번호를 입력해 주세요.")
	}
	return wrong("INVALID_IDENTIFIER", "휴대폰 번호나 현금영수증 카드번호를 입력해 주세요.")
}

// mobile reports whether the digits are a Korean mobile number.
func mobile(s string) bool {
	if len(s) < 10 || len(s) > 11 || !strings.HasPrefix(s, "01") {
		return false
	}
	return strings.ContainsRune("016789", rune(s[2]))
}

// residentNumber reports whether 13 digits are one of a person: a day of birth, then a
// digit for sex and century. Such numbers are refused whatever they are meant as.
func residentNumber(s string) bool {
	if len(s) != 13 {
		return false
	}
	// The century does not matter: 2000 had a 29 February.
	_, err := time.Parse("20060102", "20"+s[:6])
	return err == nil
}

// paymentCard reports whether the number is of a card that somebody could pay with.
func paymentCard(s string) bool {
	p, err := card.ParsePAN(s)
	if err != nil {
		return false
	}
	defer p.Wipe()
	_, known := card.Lookup(p)
	return known
}
