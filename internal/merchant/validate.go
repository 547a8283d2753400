package merchant

import (
	"fmt"
	"strings"

	"innopay/fault"
	"innopay/money"
)

// maxTerminals of one merchant.
const maxTerminals = 64

// bare takes blanks and hyphens out of a number people typed.
func bare(s string) string {
	return strings.NewReplacer(" ", "", "-", "").Replace(s)
}

// Validate checks a merchant and names every wrong field.
func (m Merchant) Validate() error {
	var c fault.Checks
	c.That(Printable(m.Name, 1, 50), "/name", "INVALID_TEXT", "상호는 1~50자로 입력해 주세요.")
	c.That(ValidBusinessNumber(m.BusinessNumber), "/businessNumber", "INVALID_BUSINESS_NUMBER", "사업자등록번호가 맞지 않아요. 10자리를 다시 확인해 주세요.")
	c.That(Printable(m.OwnerName, 1, 50), "/ownerName", "INVALID_TEXT", "대표자 이름은 1~50자로 입력해 주세요.")
	c.That(Printable(m.Address, 1, 200), "/address", "INVALID_TEXT", "주소는 1~200자로 입력해 주세요.")
	c.That(digits(m.Phone, 8, 12), "/phone", "INVALID_PHONE", "전화번호는 숫자 8~12자리로 입력해 주세요.")
	c.That(digits(m.MCC, 4, 4), "/mcc", "INVALID_MCC", "업종코드는 숫자 4자리로 입력해 주세요.")
	c.That(m.MinCardAmount >= 1 && m.MinCardAmount <= money.Max, "/minCardAmount", "OUT_OF_RANGE", "카드 최소 금액은 1원 이상이어야 해요.")
	switch m.TaxType {
	case money.Taxable, money.TaxFree, money.Mixed:
	default:
		c.That(false, "/taxType", "UNKNOWN_VALUE", "과세 유형을 다시 골라 주세요.")
	}
	switch m.Rounding {
	case money.Nearest, money.Floor:
	default:
		c.That(false, "/rounding", "UNKNOWN_VALUE", "부가세 반올림 방식을 다시 골라 주세요.")
	}
	switch m.AuthLevel {
	case AuthNone, AuthPartial, AuthFull:
	default:
		c.That(false, "/authLevel", "UNKNOWN_VALUE", "인증 수준을 다시 골라 주세요.")
	}
	c.That(m.ChipFirst == ChipAsk || m.ChipFirst == ChipRefuse, "/chipFirst", "UNKNOWN_VALUE", "칩 우선 정책을 다시 골라 주세요.")
	m.checkTerminals(&c)
	return c.Err()
}

func (m Merchant) checkTerminals(c *fault.Checks) {
	c.That(len(m.Terminals) >= 1 && len(m.Terminals) <= maxTerminals, "/terminals", "OUT_OF_RANGE", "단말기를 1대 이상 입력해 주세요.")
	seen := map[string]bool{}
	for i, t := range m.Terminals {
		at := fmt.Sprintf("/terminals/%d", i)
		c.That(plainCode(t.TID, 8) && !seen[t.TID], at+"/tid", "INVALID_TERMINAL", "단말기번호는 겹치지 않는 영문·숫자 1~8자로 입력해 주세요.")
		c.That(plainCode(t.MID, 15), at+"/mid", "INVALID_MID", "가맹점번호는 영문·숫자 1~15자로 입력해 주세요.")
		c.That(t.Acquirer != "" && Printable(t.Acquirer, 1, 50), at+"/acquirer", "REQUIRED", "매입사 연결을 골라 주세요.")
		seen[t.TID] = true
	}
}

// plainCode reports whether s is 1..most letters and digits of ASCII.
func plainCode(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// validate checks a rule of installments.
func (m InstallmentMinimum) validate() error {
	var c fault.Checks
	c.That(m.Minimum >= 1 && m.Minimum <= money.Max, "/minimum", "OUT_OF_RANGE", "할부 최소 금액은 1원 이상이어야 해요.")
	c.That(m.Issuer == "" || plainCode(m.Issuer, 8), "/issuer", "INVALID_CODE", "카드사 코드를 다시 확인해 주세요.")
	return c.Err()
}

func (e InterestFree) validate() error {
	var c fault.Checks
	c.That(plainCode(e.Issuer, 8), "/issuer", "INVALID_CODE", "카드사 코드를 다시 확인해 주세요.")
	c.That(e.MinAmount >= 1 && e.MinAmount <= money.Max, "/minAmount", "OUT_OF_RANGE", "최소 금액은 1원 이상이어야 해요.")
	c.That(!e.From.Start().IsZero() && !e.Until.Start().IsZero() && e.From <= e.Until, "/until", "OUT_OF_RANGE", "행사 기간을 다시 확인해 주세요.")
	ok := len(e.Months) > 0
	for i, m := range e.Months {
		ok = ok && m >= MinMonths && m <= MaxMonths && (i == 0 || e.Months[i-1] < m)
	}
	c.That(ok, "/months", "OUT_OF_RANGE", "개월 수는 2~12에서 작은 수부터 입력해 주세요.")
	return c.Err()
}

// errUnknownRole is the fault of a role that cannot be given to a user.
var errUnknownRole = fault.InvalidField("/role", "UNKNOWN_VALUE", "역할을 다시 골라 주세요.")
