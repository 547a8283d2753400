package truth_test

import (
	"strings"
	"testing"

	"innopay/internal/load"
	"innopay/test/truth"
)

func auth(attempt, number string, amount int64) load.Entry {
	return load.Entry{Type: "AUTHORIZE", AttemptID: attempt, ApprovalNumber: number, MerchantID: "mer_1", Amount: amount, Result: "APPROVED"}
}

func undo(kind, attempt, original string, amount int64) load.Entry {
	return load.Entry{Type: kind, AttemptID: attempt, OriginalAttemptID: original, MerchantID: "mer_1", Amount: amount, Result: "APPROVED"}
}

func sale(id, number string, amount int64, canceled ...int64) load.Payment {
	p := load.Payment{ID: id, MerchantID: "mer_1", Status: "DONE", OrderID: "order-" + id, Amount: amount, BalanceAmount: amount, Card: load.Card{ApprovalNumber: number}}
	for _, c := range canceled {
		p.Cancels = append(p.Cancels, load.Refund{ID: "cnl_" + id, Amount: c, Status: "DONE"})
		p.BalanceAmount -= c
		p.Status = "PARTIAL_CANCELED"
	}
	return p
}

func TestBooks(t *testing.T) {
	t.Parallel()
	repeat := auth("att_1", "1", 1000)
	repeat.Repeat = true
	declined := load.Entry{Type: "AUTHORIZE", AttemptID: "att_9", Amount: 1000, Result: "DECLINED"}
	unsettled := sale("pay_1", "1", 1000)
	unsettled.Status = "UNKNOWN"
	unsettled.Card.ApprovalNumber = ""
	aborted := sale("pay_1", "1", 1000)
	aborted.Status = "ABORTED"
	other := sale("pay_1", "1", 1000)
	other.MerchantID = "mer_2"
	balance := sale("pay_1", "1", 1000, 400)
	balance.BalanceAmount = 1000
	tests := map[string]struct {
		journal  []load.Entry
		payments []load.Payment
		want     string // empty: clean
	}{
		"sale":               {[]load.Entry{auth("att_1", "1", 1000), repeat, declined}, []load.Payment{sale("pay_1", "1", 1000)}, ""},
		"reversed":           {[]load.Entry{auth("att_1", "1", 1000), undo("REVERSE", "att_2", "att_1", 1000)}, nil, ""},
		"voided by a worker": {[]load.Entry{auth("att_1", "1", 1000), undo("VOID", "avd_1", "att_1", 1000)}, nil, ""},
		"partly cancelled":   {[]load.Entry{auth("att_1", "1", 1000), undo("REFUND", "att_2", "att_1", 400)}, []load.Payment{sale("pay_1", "1", 1000, 400)}, ""},
		"lost":               {[]load.Entry{auth("att_1", "1", 1000)}, nil, "belongs to no sale"},
		"partly lost":        {[]load.Entry{auth("att_1", "1", 1000), undo("REFUND", "att_2", "att_1", 400)}, nil, "belongs to no sale"},
		"invented":           {nil, []load.Payment{sale("pay_1", "1", 1000)}, "has no authorization"},
		"double":             {[]load.Entry{auth("att_1", "1", 1000), auth("att_2", "2", 1000)}, []load.Payment{sale("pay_1", "1", 1000)}, "belongs to no sale"},
		"shared":             {[]load.Entry{auth("att_1", "1", 1000)}, []load.Payment{sale("pay_1", "1", 1000), sale("pay_2", "1", 1000)}, "share authorization"},
		"other amount":       {[]load.Entry{auth("att_1", "1", 1000)}, []load.Payment{sale("pay_1", "1", 2000)}, "authorization of 1000 won"},
		"other merchant":     {[]load.Entry{auth("att_1", "1", 1000)}, []load.Payment{other}, "of mer_1"},
		"reversed sale":      {[]load.Entry{auth("att_1", "1", 1000), undo("REVERSE", "att_2", "att_1", 1000)}, []load.Payment{sale("pay_1", "1", 1000)}, "was reversed"},
		"refund forgotten":   {[]load.Entry{auth("att_1", "1", 1000), undo("REFUND", "att_2", "att_1", 400)}, []load.Payment{sale("pay_1", "1", 1000)}, "0 won cancelled here"},
		"refund invented":    {[]load.Entry{auth("att_1", "1", 1000)}, []load.Payment{sale("pay_1", "1", 1000, 400)}, "0 won at the acquirer"},
		"balance wrong":      {[]load.Entry{auth("att_1", "1", 1000), undo("REFUND", "att_2", "att_1", 400)}, []load.Payment{balance}, "balance 1000"},
		"refunded twice": {
			[]load.Entry{auth("att_1", "1", 1000), undo("REFUND", "att_2", "att_1", 600), undo("REFUND", "att_3", "att_1", 600)},
			[]load.Payment{sale("pay_1", "1", 1000, 600, 600)}, "moves its money twice",
		},
		"cancelled and reversed": {[]load.Entry{auth("att_1", "1", 1000), undo("VOID", "att_2", "att_1", 1000), undo("REVERSE", "att_3", "att_1", 1000)}, nil, "moves its money twice"},
		"still unknown":          {nil, []load.Payment{unsettled}, "is not settled"},
		"aborted with approval":  {[]load.Entry{auth("att_1", "1", 1000)}, []load.Payment{aborted}, "shows approval"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, truth.Books(test.journal, test.payments), test.want)
		})
	}
}

func expect(t *testing.T, got []string, want string) {
	t.Helper()
	all := strings.Join(got, "\n")
	if want == "" && all != "" || !strings.Contains(all, want) {
		t.Errorf("found %q, want %q", all, want)
	}
}

func TestReversals(t *testing.T) {
	t.Parallel()
	unknown := func(status string) []truth.Attempt {
		return []truth.Attempt{{ID: "att_1", PaymentID: "pay_1", Kind: "AUTHORIZE", Status: status}}
	}
	approved := []load.Entry{auth("att_1", "1", 1000)}
	reversed := append(approved[:1:1], undo("REVERSE", "att_2", "att_1", 1000)) //nolint:gocritic // the capacity is cut, so a new slice is made
	tests := map[string]struct {
		journal []load.Entry
		unknown []truth.Attempt
		want    string
	}{
		"reversed":             {reversed, unknown("REVERSED"), ""},
		"undone too late":      {append(approved[:1:1], undo("REFUND", "arf_1", "att_1", 1000)), unknown("REVERSED"), ""},
		"absent":               {nil, unknown("ABSENT"), ""},
		"never acted on":       {nil, unknown("REVERSED"), ""},
		"not reversed":         {approved, unknown("REVERSED"), "was not reversed"},
		"taken for absent":     {approved, unknown("ABSENT"), "taken for absent"},
		"reversed for nothing": {reversed, nil, "was never unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, truth.Reversals(test.journal, test.unknown), test.want)
		})
	}
}
