package cashreceipt

import (
	"strings"
	"time"

	"innopay/money"
)

// Limits of the tax service.
const (
	maxID        = 64
	numberLength = 9
	businessSize = 10
)

// Refuse checks an issue before it leaves. ok is true for one that may leave; otherwise
// the answer is Refused and says why.
func (in Issue) Refuse() (a Answer, ok bool) {
	if a, ok = refuse(in.ID, in.Merchant, in.Kind, in.Split); !ok {
		return a, false
	}
	return CheckIdentifier(in.Kind, in.Identifier.Reveal())
}

// Refuse checks a cancel before it leaves, as an issue is. An office may know whose
// receipt it is by its number alone, so the identifier may be missing.
func (c Cancel) Refuse() (a Answer, ok bool) {
	switch a, ok = refuse(c.ID, c.Merchant, c.Kind, c.Split); {
	case !ok:
		return a, false
	case c.Reason < DealCanceled || c.Reason > OtherReason:
		return no("REASON", "취소 사유를 골라 주세요.")
	case !ValidNumber(c.Original.Number) || c.Original.Day == "":
		return no("ORIGINAL", "원래 현금영수증의 승인번호와 거래일이 필요해요.")
	case c.Identifier.Empty():
		return Answer{}, true
	}
	return CheckIdentifier(c.Kind, c.Identifier.Reveal())
}

func no(code, message string) (Answer, bool) {
	return Answer{Outcome: Refused, Code: code, Message: message}, false
}

func refuse(id string, m Merchant, k Kind, s money.Split) (Answer, bool) {
	switch {
	case !validID(id):
		return no("ID", "현금영수증 번호가 맞지 않아요.")
	case len(m.BusinessNumber) != businessSize || !digits([]byte(m.BusinessNumber)):
		return no("BUSINESS_NUMBER", "상점의 사업자등록번호가 맞지 않아요.")
	case k != IncomeDeduction && k != ExpenseProof && k != SelfIssued:
		return no("KIND", "현금영수증 용도를 골라 주세요.")
	case s.Amount < 1 || s.Amount > money.Max || !s.Holds():
		return no("AMOUNT", "금액이 맞지 않아요.")
	}
	return Answer{}, true
}

// CheckIdentifier says whether the tax service takes the digits for the kind: a mobile
// number or a card for a person, a business number besides for a business. Resident
// registration numbers are refused everywhere.
func CheckIdentifier(k Kind, identifier []byte) (Answer, bool) {
	nobody := string(identifier) == SelfIssuedIdentifier
	switch {
	case !digits(identifier):
		return no("IDENTIFIER", "번호는 숫자만 입력해 주세요.")
	case k == SelfIssued && !nobody:
		return no("IDENTIFIER", "자진발급은 010-000-1234로만 할 수 있어요.")
	case k == SelfIssued:
		return Answer{}, true
	case nobody:
		return no("IDENTIFIER", "010-000-1234는 자진발급에만 쓸 수 있어요.")
	case resident(identifier):
		return no("RESIDENT_NUMBER", "주민등록번호로는 발급할 수 없어요. 휴대전화 번호를 입력해 주세요.")
	case mobile(identifier), len(identifier) >= 13 && len(identifier) <= 19:
		return Answer{}, true
	case k == ExpenseProof && len(identifier) == businessSize && checked(identifier):
		return Answer{}, true
	case k == ExpenseProof:
		return no("IDENTIFIER", "사업자등록번호를 확인해 주세요.")
	}
	return no("IDENTIFIER", "휴대전화 번호나 현금영수증 카드 번호를 확인해 주세요.")
}

// ValidNumber reports whether s has the form of a receipt's number: nine capital
// letters and digits.
func ValidNumber(s string) bool {
	return len(s) == numberLength && strings.IndexFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	}) < 0
}

func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// mobile: 010 has eleven digits, the older codes ten or eleven.
func mobile(b []byte) bool {
	if len(b) != 10 && len(b) != 11 || b[0] != '0' || b[1] != '1' {
		return false
	}
	switch b[2] {
	case '0':
		return len(b) == 11
	case '1', '6', '7', '8', '9':
		return true
	}
	return false
}

// resident: thirteen digits that begin with a birth date. No card in Korea is that
// short and begins so.
func resident(b []byte) bool {
	if len(b) != 13 {
		return false
	}
	_, err := time.Parse("20060102", "20"+string(b[:6]))
	return err == nil
}

// checked is the check digit of a business number (domain facts 3).
func checked(b []byte) bool {
	sum := int(b[8]-'0') * 5 / 10
	for i, w := range [9]int{1, 3, 7, 1, 3, 7, 1, 3, 5} {
		sum += int(b[i]-'0') * w
	}
	return string(b) != "0000000000" && (10-sum%10)%10 == int(b[9]-'0')
}

func validID(id string) bool {
	return id != "" && len(id) <= maxID && strings.IndexFunc(id, func(r rune) bool {
		return r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
}
