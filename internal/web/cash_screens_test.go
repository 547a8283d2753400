package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"innopay/internal/taxreceipt"
	"innopay/internal/web"
	"innopay/money"
)

func TestMerchantIsToldWhetherReceiptsAreOfferedAndWhetherItsTradeMustIssue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change        func(*taxreceipt.Options)
		offered, duty bool
	}{
		"an office, a free trade":   {func(o *taxreceipt.Options) { o.Duty = taxreceipt.Duty{} }, true, false},
		"no office":                 {func(o *taxreceipt.Options) { o.Office, o.Duty = nil, taxreceipt.Duty{} }, false, false},
		"a trade that must issue":   {func(o *taxreceipt.Options) { o.Duty = taxreceipt.Duty{"5814": "시험 업종"} }, true, true},
		"it must, and has no means": {func(o *taxreceipt.Options) { o.Office, o.Duty = nil, taxreceipt.Duty{"5814": "시험 업종"} }, false, true},
	} {
		r := newRig(t, func(o *web.Options) {
			terms := o.CashReceipts.Options
			c.change(&terms)
			o.CashReceipts = taxreceipt.New(terms)
		})
		m := r.to(http.MethodGet, "/v1/merchant", nil).as(r.one).do().json(t)
		if m["cashReceipts"] != c.offered || m["cashReceiptDuty"] != c.duty {
			t.Errorf("%s: %v", name, m)
		}
	}
	if money.Won(100_000) != taxreceipt.DutyFrom {
		t.Error("the screens and the document say 100,000 won")
	}
}

func TestChangesOfACashReceiptAreToldUnderTheirOwnName(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(o *web.Options) { o.StreamLife = time.Minute })
	server := httptest.NewServer(r.handler)
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); r.options.Live.Run(ctx) }()
	defer func() { stop(); <-ended }()

	mine, _ := listen(t, server.URL, func(req *http.Request) { req.SetBasicAuth(r.one.key, "") })
	heard(t, mine, "retry: ")
	p := r.sell(t, 20_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000001234"})
	r.settle(t)
	id := r.receiptOf(t, p)["id"].(string)
	heard(t, mine, "event: cashReceipt\n", `"cashReceiptId":"`+id+`"`, `"paymentId":"`+p["id"].(string)+`"`, `"status":"ISSUED"`)
}

func TestCashReceiptsAreFoundByNameNumberAndEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	person := r.sell(t, 20_000, map[string]any{"type": "INCOME_DEDUCTION", "identifier": "01000005678"})
	r.sell(t, 30_000, map[string]any{"type": "SELF_ISSUED"})
	r.settle(t)
	receipt := r.receiptOf(t, person)
	for q, want := range map[string]int{
		"": 2, "아메리카노": 2, "메리": 2, "라떼": 0, "5678": 1, "1234": 0, "678": 0, "%": 0, receipt["issueNumber"].(string): 1, receipt["orderId"].(string): 1,
	} {
		a := r.to(http.MethodGet, "/v1/cash-receipts?q="+url.QueryEscape(q), nil).as(r.one).do().json(t)
		if got := len(a["cashReceipts"].([]any)); got != want {
			t.Errorf("%q found %d, want %d", q, got, want)
		}
	}
	if a := r.to(http.MethodGet, "/v1/cash-receipts?q=5678", nil).as(r.two).do().json(t); len(a["cashReceipts"].([]any)) != 0 {
		t.Error("another merchant's was found")
	}
}
