package cashreceipt_test

import (
	"strings"
	"testing"

	"innopay/card"
	"innopay/cashreceipt"
	"innopay/money"
)

func TestIdentifiersAreCheckedByKind(t *testing.T) {
	t.Parallel()
	const person, business, nobody = cashreceipt.IncomeDeduction, cashreceipt.ExpenseProof, cashreceipt.SelfIssued
	for _, test := range []struct {
		kind       cashreceipt.Kind
		identifier string
		code       string // empty: taken
	}{
		{person, "01012345678", ""},
		{person, "0111234567", ""},
		{person, "0101234567", "IDENTIFIER"},
		{person, "0212345678", "IDENTIFIER"},
		{person, "01212345678", "IDENTIFIER"},
		{person, "010123456789", "IDENTIFIER"},
		{person, "010-1234-5678", "IDENTIFIER"},
		{person, "", "IDENTIFIER"},
		{person, "1234567890", "IDENTIFIER"},
		{person, "1234567890123456", ""},
		{person, strings.Repeat("1", 12), "IDENTIFIER"},
		{person, strings.Repeat("5", 13), ""},
		{person, strings.Repeat("1", 19), ""},
		{person, strings.Repeat("1", 20), "IDENTIFIER"},
		{person, "9001011234567", "RESIDENT_NUMBER"},
		{business, "9001011234567", "RESIDENT_NUMBER"},
		{person, cashreceipt.SelfIssuedIdentifier, "IDENTIFIER"},
		{business, "1208147521", ""},
		{business, "1208147522", "IDENTIFIER"},
		{business, "0000000000", "IDENTIFIER"},
		{business, "01012345678", ""},
		{business, cashreceipt.SelfIssuedIdentifier, "IDENTIFIER"},
		{nobody, cashreceipt.SelfIssuedIdentifier, ""},
		{nobody, "01012345678", "IDENTIFIER"},
	} {
		a, ok := cashreceipt.CheckIdentifier(test.kind, []byte(test.identifier))
		if ok != (test.code == "") || a.Code != test.code {
			t.Errorf("%s %q: %v %q, want %q", test.kind, test.identifier, ok, a.Code, test.code)
		}
		if !ok && (a.Outcome != cashreceipt.Refused || a.Message == "" || test.identifier != "" && strings.Contains(a.Message, test.identifier)) {
			t.Errorf("%s: %+v", test.kind, a)
		}
	}
}

func cancel() cashreceipt.Cancel {
	return cashreceipt.Cancel{
		ID: "rcp_1", Merchant: cashreceipt.Merchant{BusinessNumber: "1208147521"}, Kind: cashreceipt.IncomeDeduction,
		Original: cashreceipt.Reference{Number: "TB0000178", Day: "2026-11-28"}, Reason: cashreceipt.DealCanceled,
		Split: money.Split{Amount: 1100, Supplied: 1000, VAT: 100},
	}
}

func TestWhatCannotBeSentIsRefusedBeforeItLeaves(t *testing.T) {
	t.Parallel()
	if a, ok := cancel().Refuse(); !ok {
		t.Fatalf("%+v", a)
	}
	for code, spoil := range map[string]func(*cashreceipt.Cancel){
		"ID":              func(c *cashreceipt.Cancel) { c.ID = "a b" },
		"BUSINESS_NUMBER": func(c *cashreceipt.Cancel) { c.Merchant.BusinessNumber = "120-81-47521" },
		"KIND":            func(c *cashreceipt.Cancel) { c.Kind = "" },
		"AMOUNT":          func(c *cashreceipt.Cancel) { c.Split.VAT++ },
		"REASON":          func(c *cashreceipt.Cancel) { c.Reason = 4 },
		"ORIGINAL":        func(c *cashreceipt.Cancel) { c.Original.Number = "tb0000178" },
		"IDENTIFIER":      func(c *cashreceipt.Cancel) { c.Identifier = card.NewSecret("12345") },
	} {
		c := cancel()
		spoil(&c)
		if a, ok := c.Refuse(); ok || a.Code != code || a.Outcome != cashreceipt.Refused || a.Message == "" {
			t.Errorf("%s: %v %+v", code, ok, a)
		}
	}
	in := cashreceipt.Issue{ID: "rcp_1", Merchant: cancel().Merchant, Kind: cashreceipt.IncomeDeduction, Split: cancel().Split}
	if a, ok := in.Refuse(); ok || a.Code != "IDENTIFIER" {
		t.Errorf("without an identifier: %+v", a)
	}
}
