package contract_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"innopay/clock"
	"innopay/fault"
	"innopay/internal/contract"
	"innopay/money"
)

func TestTheMostExactFeeHolds(t *testing.T) {
	t.Parallel()
	c := contract.Contract{FeeVAT: true, Fees: []contract.Fee{
		{Method: contract.Card, Rate: 230}, {Method: contract.Card, CardType: "CHECK", Rate: 150},
		{Method: contract.Card, Issuer: "11", Rate: 200}, {Method: contract.Card, Issuer: "11", CardType: "CHECK", Rate: 85},
	}}
	for _, x := range []struct {
		method       contract.Method
		issuer, kind string
		amount       money.Won
		fee, vat     money.Won
	}{
		{contract.Card, "", "", 100_000, 2300, 230}, {contract.Card, "41", "CREDIT", 100_000, 2300, 230}, {contract.Card, "41", "CHECK", 100_000, 1500, 150},
		{contract.Card, "11", "CREDIT", 100_000, 2000, 200}, {contract.Card, "11", "CHECK", 100_000, 850, 85}, {contract.Cash, "", "", 100_000, 0, 0},
		{contract.Card, "", "", 43, 0, 0}, {contract.Card, "", "", 44, 1, 0}, {contract.Card, "", "", -100_000, -2300, -230}, {contract.Card, "", "", 0, 0, 0},
		{contract.Card, "", "", money.Max, 229_999_999, 22_999_999},
	} {
		if fee, vat := c.Fee(x.method, x.issuer, x.kind, x.amount); fee != x.fee || vat != x.vat {
			t.Errorf("%+v: %d and %d", x, fee, vat)
		}
	}
	c.FeeVAT = false
	if _, vat := c.Fee(contract.Card, "", "", 100_000); vat != 0 {
		t.Errorf("VAT %d", vat)
	}
	if _, ok := c.Rate(contract.Cash, "", ""); ok {
		t.Error("a rate for cash")
	}
}

// TestFeesOfAnyAmount: a fee is never more than its rate, less than a won below it, that
// of a cancel is that of its payment, and the order of the rates means nothing.
func TestFeesOfAnyAmount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var c contract.Contract
		for i, rate := range rapid.SliceOfN(rapid.IntRange(0, contract.MaxRate), 1, 4).Draw(t, "rates") {
			c.Fees = append(c.Fees, contract.Fee{Method: contract.Card, Issuer: []string{"", "11", "", "11"}[i], CardType: []string{"", "", "CHECK", "CHECK"}[i], Rate: rate})
		}
		c.FeeVAT = rapid.Bool().Draw(t, "VAT")
		amount := money.Won(rapid.Int64Range(0, int64(money.Max)).Draw(t, "amount"))
		issuer, kind := rapid.SampledFrom([]string{"", "11", "41"}).Draw(t, "issuer"), rapid.SampledFrom([]string{"CREDIT", "CHECK"}).Draw(t, "type")
		rate, ok := c.Rate(contract.Card, issuer, kind)
		fee, vat := c.Fee(contract.Card, issuer, kind, amount)
		if exact := int64(amount) * int64(rate); !ok || int64(fee)*contract.MaxRate > exact || int64(fee+1)*contract.MaxRate <= exact || vat < 0 || vat*10 > fee {
			t.Fatalf("rate %d of %d: %d and %d", rate, amount, fee, vat)
		}
		if back, backVAT := c.Fee(contract.Card, issuer, kind, -amount); back != -fee || backVAT != -vat {
			t.Fatalf("of the cancel %d and %d", back, backVAT)
		}
		slices.Reverse(c.Fees)
		if again, _ := c.Fee(contract.Card, issuer, kind, amount); again != fee {
			t.Fatalf("in another order %d, not %d", again, fee)
		}
	})
}

func TestDrafts(t *testing.T) {
	t.Parallel()
	const today clock.Day = "2026-03-02"
	good := contract.Draft{
		Effective: today, From: "2026-01-01", Fees: []contract.Fee{{Method: contract.Card, Rate: 0}}, Limits: contract.Limits{MaxMonths: 12}, Cycle: 2,
		Account: &contract.Account{Bank: "004", Number: "123456", Holder: "대표"},
	}
	if err := good.Validate(contract.Contract{}, today); err != nil {
		t.Fatal(err)
	}
	stands := contract.Contract{Version: 1, Account: *good.Account}
	for name, c := range map[string]struct {
		change  func(d *contract.Draft)
		present contract.Contract
		path    string
	}{
		"no first day":        {func(d *contract.Draft) { d.From = "" }, contract.Contract{}, "/from"},
		"no such day":         {func(d *contract.Draft) { d.From = "2026-02-30" }, contract.Contract{}, "/from"},
		"ends before":         {func(d *contract.Draft) { d.Until = "2025-12-31" }, contract.Contract{}, "/until"},
		"in the past":         {func(d *contract.Draft) { d.Effective = "2026-03-01" }, stands, "/effective"},
		"before it begins":    {func(d *contract.Draft) { d.Effective = "2025-12-31" }, contract.Contract{}, "/effective"},
		"no fees":             {func(d *contract.Draft) { d.Fees = nil }, contract.Contract{}, "/fees"},
		"no fee for any card": {func(d *contract.Draft) { d.Fees = []contract.Fee{{Method: contract.Card, Issuer: "11", Rate: 1}} }, contract.Contract{}, "/fees"},
		"above 100 %":         {func(d *contract.Draft) { d.Fees[0].Rate = 10_001 }, contract.Contract{}, "/fees/0/rate"},
		"below nothing":       {func(d *contract.Draft) { d.Fees[0].Rate = -1 }, contract.Contract{}, "/fees/0/rate"},
		"twice":               {func(d *contract.Draft) { d.Fees = append(d.Fees, d.Fees[0]) }, contract.Contract{}, "/fees/1"},
		"a type of cash": {func(d *contract.Draft) {
			d.Fees = append(d.Fees, contract.Fee{Method: contract.Cash, CardType: "CHECK"})
		}, contract.Contract{}, "/fees/1/cardType"},
		"a negative limit":    {func(d *contract.Draft) { d.Limits.PerDay = -1 }, contract.Contract{}, "/limits/perDay"},
		"one month":           {func(d *contract.Draft) { d.Limits.MaxMonths = 1 }, contract.Contract{}, "/limits/maxInstallmentMonths"},
		"thirteen months":     {func(d *contract.Draft) { d.Limits.MaxMonths = 13 }, contract.Contract{}, "/limits/maxInstallmentMonths"},
		"a cycle of a season": {func(d *contract.Draft) { d.Cycle = 61 }, contract.Contract{}, "/settlement/cycle"},
		"no account":          {func(d *contract.Draft) { d.Account = nil }, contract.Contract{}, "/settlement/accountNumber"},
		"no such bank":        {func(d *contract.Draft) { d.Account.Bank = "999" }, contract.Contract{}, "/settlement/bank"},
		"letters":             {func(d *contract.Draft) { d.Account.Number = "12345a" }, contract.Contract{}, "/settlement/accountNumber"},
		"nobody":              {func(d *contract.Draft) { d.Account.Holder = "" }, contract.Contract{}, "/settlement/holder"},
	} {
		d := good
		account := *good.Account
		d.Fees, d.Account = slices.Clone(good.Fees), &account
		c.change(&d)
		f, ok := errors.AsType[*fault.Error](d.Validate(c.present, today))
		if !ok || len(f.Fields) != 1 || f.Fields[0].Path != c.path {
			t.Errorf("%s: %v", name, f)
		}
	}
	d := good
	d.Account = nil
	if err := d.Validate(stands, today); err != nil {
		t.Errorf("the account as before: %v", err)
	}
}

func TestAnAccountNumberIsNeverWhole(t *testing.T) {
	t.Parallel()
	n := contract.Number("1234567890123")
	b, err := json.Marshal(map[string]any{"n": n})
	for _, s := range []string{n.String(), fmt.Sprint(n), fmt.Sprintf("%v %+v %#v %q", n, n, n, n), fmt.Sprintf("%+v", contract.Account{Number: n}), n.LogValue().String(), string(b)} {
		if err != nil || strings.Contains(s, "4567") || !strings.Contains(s, "0123") {
			t.Errorf("%q %v", s, err)
		}
	}
	if contract.Number("123").Masked() != "123" || contract.Number("").Masked() != "" {
		t.Error("short numbers")
	}
}
