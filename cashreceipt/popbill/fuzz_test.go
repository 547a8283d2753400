package popbill_test

import (
	"regexp"
	"testing"

	"innopay/cashreceipt"
	"innopay/cashreceipt/popbill"
)

// plain is what may stand in a log: a code, too short to be an identifier.
var plain = regexp.MustCompile(`^[A-Za-z0-9_-]{0,10}$`)

// FuzzAnswer: whatever comes back, only an answer with a number is an issue, and
// nothing but codes of it goes further.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"code":1,"confirmNum":"TB0000178","tradeDate":"20261128"}`))
	f.Add(200, []byte(`{"mgtKey":"k","confirmNum":"TB0000178","tradeDate":"20261128","stateCode":305,"ntsresultCode":"8001","ntsresultMessage":"x"}`))
	f.Add(400, []byte(`{"code":-14001019,"message":"01012345678"}`))
	f.Add(503, []byte(``))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, look := popbill.Answered(status, body)
		if (a.Outcome == cashreceipt.Issued) != cashreceipt.ValidNumber(a.Reference.Number) || a.Outcome == cashreceipt.Issued && status != 200 {
			t.Errorf("%d %q: %+v", status, body, a)
		}
		if look && a.Outcome != cashreceipt.Unknown || !plain.MatchString(a.Code) || a.Outcome != cashreceipt.Issued && a.Message == "" {
			t.Errorf("%d %q: %+v", status, body, a)
		}
		v := popbill.Told(status, body, "k")
		known := v.State != cashreceipt.Unheard && v.State != cashreceipt.Absent
		if known != cashreceipt.ValidNumber(v.Reference.Number) || known && status != 200 || !plain.MatchString(v.Code) || digits.MatchString(v.Message) {
			t.Errorf("%d %q: %+v", status, body, v)
		}
	})
}

var digits = regexp.MustCompile(`\d{4}`)
