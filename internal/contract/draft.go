package contract

import (
	"fmt"
	"strings"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/money"
)

// Draft is a version that somebody asks for.
type Draft struct {
	Version   int64     // of the contract that was read; 0: there was none
	Effective clock.Day // today or later; the first version may begin with the contract
	From      clock.Day
	Until     clock.Day // empty: no end
	Fees      []Fee
	FeeVAT    bool
	Limits    Limits
	Cycle     int
	Account   *Account // nil: as it was
}

// Bounds of a contract.
const (
	maxFees  = 200
	maxCycle = 60
	maxPlan  = 12
)

// Validate names every wrong value; present is the version that was read, the zero
// Contract when there was none.
func (d Draft) Validate(present Contract, today clock.Day) error {
	var c fault.Checks
	d.checkDays(&c, present, today)
	d.checkFees(&c)
	for path, won := range map[string]money.Won{"/limits/perPayment": d.Limits.PerPayment, "/limits/perDay": d.Limits.PerDay, "/limits/perMonth": d.Limits.PerMonth} {
		c.That(won >= 0 && won <= MostLimit, path, "OUT_OF_RANGE", "한도는 0원(한도 없음)부터 정할 수 있어요.")
	}
	c.That(d.Limits.MaxMonths == 0 || d.Limits.MaxMonths >= 2 && d.Limits.MaxMonths <= maxPlan, "/limits/maxInstallmentMonths", "OUT_OF_RANGE", "할부는 일시불(0) 또는 2~12개월까지 정할 수 있어요.")
	c.That(d.Cycle >= 0 && d.Cycle <= maxCycle, "/settlement/cycle", "OUT_OF_RANGE", "정산 주기는 영업일 0~60일로 정해 주세요.")
	if a := d.Account; a != nil {
		c.That(Banks[a.Bank] != "", "/settlement/bank", "UNKNOWN_VALUE", "은행을 다시 골라 주세요.")
		c.That(len(a.Number) >= 6 && len(a.Number) <= 16 && strings.Trim(string(a.Number), "0123456789") == "", "/settlement/accountNumber", "INVALID_ACCOUNT", "계좌번호는 숫자 6~16자리로 입력해 주세요.")
		c.That(merchant.Printable(a.Holder, 1, 50), "/settlement/holder", "INVALID_TEXT", "예금주는 1~50자로 입력해 주세요.")
	} else {
		c.That(present.Account != Account{}, "/settlement/accountNumber", "REQUIRED", "정산 받을 계좌를 입력해 주세요.")
	}
	return c.Err()
}

// MostLimit bounds the sums of a day and a month, in won.
const MostLimit money.Won = 1_000_000_000_000

func (d Draft) checkDays(c *fault.Checks, present Contract, today clock.Day) {
	valid := func(day clock.Day) bool { _, err := clock.ParseDay(string(day)); return err == nil }
	c.That(valid(d.From), "/from", "INVALID_DAY", "계약 시작일을 다시 입력해 주세요.")
	c.That(d.Until == "" || valid(d.Until) && d.From <= d.Until, "/until", "OUT_OF_RANGE", "계약 종료일은 시작일보다 빠를 수 없어요.")
	ok := valid(d.Effective) && d.Effective >= d.From
	if present.Version > 0 {
		ok = ok && d.Effective >= today
	}
	c.That(ok, "/effective", "OUT_OF_RANGE", "적용일은 오늘이나 그 뒤로, 계약 시작일부터 정할 수 있어요.")
}

func (d Draft) checkFees(c *fault.Checks) {
	c.That(len(d.Fees) >= 1 && len(d.Fees) <= maxFees, "/fees", "OUT_OF_RANGE", "수수료를 1개 이상 입력해 주세요.")
	seen, general := map[string]bool{}, false
	for i, f := range d.Fees {
		at := fmt.Sprintf("/fees/%d", i)
		c.That(f.Method == Card || f.Method == Cash, at+"/method", "UNKNOWN_VALUE", "결제 수단을 다시 골라 주세요.")
		c.That(f.Rate >= 0 && f.Rate <= MaxRate, at+"/rate", "OUT_OF_RANGE", "수수료율은 0.00%부터 100.00%까지예요.")
		c.That(f.Issuer == "" || f.Method == Card && len(f.Issuer) <= 4 && plain(f.Issuer), at+"/issuerCode", "INVALID_CODE", "카드사 코드를 다시 확인해 주세요.")
		switch f.CardType {
		case "", "CREDIT", "CHECK", "GIFT":
			c.That(f.CardType == "" || f.Method == Card, at+"/cardType", "UNKNOWN_VALUE", "카드 종류를 다시 골라 주세요.")
		default:
			c.That(false, at+"/cardType", "UNKNOWN_VALUE", "카드 종류를 다시 골라 주세요.")
		}
		key := string(f.Method) + "/" + f.Issuer + "/" + f.CardType
		c.That(!seen[key], at, "DUPLICATE", "같은 수수료가 두 번 있어요.")
		seen[key] = true
		general = general || f.Method == Card && f.Issuer == "" && f.CardType == ""
	}
	c.That(general || len(d.Fees) == 0, "/fees", "REQUIRED", "모든 카드에 적용할 기본 수수료를 입력해 주세요.")
}

// plain reports whether s is of letters and digits of ASCII.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}
