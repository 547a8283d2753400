package main_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"innopay/acquirer/simulator"
	"innopay/card"
	"innopay/cashreceipt"
	receipts "innopay/cashreceipt/simulator"
	"innopay/clock"
	main "innopay/cmd/innopay"
	"innopay/money"
)

// TestOfficesAreListedOnce: each under its own name, and none opens without what it
// needs or with what it does not know.
func TestOfficesAreListedOnce(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, a := range main.Offices {
		name := a.Descriptor.Name
		if seen[name] {
			t.Errorf("%s is listed twice", name)
		}
		seen[name] = true
		for _, c := range []cashreceipt.Config{nil, {}, {"unknown": "x"}} {
			if s, err := a.Open(c); s != nil || !errors.Is(err, cashreceipt.ErrConfig) {
				t.Errorf("%s opens with %v: %v", name, c, err)
			}
		}
	}
	if !seen["popbill"] {
		t.Error("popbill is not listed")
	}
}

// TestTheDemosOfficeReachesItsSimulator, with and without a token, beside the gateway.
func TestTheDemosOfficeReachesItsSimulator(t *testing.T) {
	t.Parallel()
	for _, token := range []string{"", "a token"} {
		office, err := receipts.Start(receipts.Options{Data: t.TempDir(), Secret: token})
		if err != nil {
			t.Fatal(err)
		}
		post := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
		web := httptest.NewServer(main.Others(office, post))
		configs := main.DemoOffices(simulator.Info{HTTP: strings.TrimPrefix(web.URL, "http://")}, token)
		p, err := main.Offices[0].Open(configs[main.Offices[0].Descriptor.Name])
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		got := p.Issue(ctx, cashreceipt.Issue{
			ID: "rcp_01kb2c3d4e5f6g7h8j9k0m1n2p", Merchant: cashreceipt.Merchant{BusinessNumber: "1208147521"}, Kind: cashreceipt.SelfIssued,
			Identifier: card.NewSecret(cashreceipt.SelfIssuedIdentifier), DealAt: clock.System{}.Now(), Split: money.Split{Amount: 1000, TaxFree: 1000},
		})
		cancel()
		if got.Outcome != cashreceipt.Issued || !p.Describe().Simulated {
			t.Errorf("token %q: %+v", token, got)
		}
		other := httptest.NewRecorder()
		main.Others(office, post).ServeHTTP(other, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/messages/v4/list", http.NoBody))
		if other.Code != http.StatusTeapot {
			t.Errorf("the gateway's path answered %d", other.Code)
		}
		if err := errors.Join(p.Close(), office.Close()); err != nil {
			t.Error(err)
		}
		web.Close()
	}
	if main.DemoOffices(simulator.Info{}, "") != nil {
		t.Error("an office without a simulator")
	}
}
