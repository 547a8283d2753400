package taxreceipt_test

import (
	"errors"
	"testing"

	"innopay/cashreceipt"
	"innopay/internal/merchant"
	"innopay/internal/taxreceipt"
)

func TestWithoutAnOfficeNothingIsAskedOfIt(t *testing.T) {
	t.Parallel()
	s := taxreceipt.New(taxreceipt.Options{})
	tenant := merchant.TenantOf("mer_1")
	wanted := taxreceipt.Wanted{Kind: cashreceipt.IncomeDeduction, Identifier: "01000001234"}
	for name, do := range map[string]func() error{
		"issue": func() error {
			_, _, err := s.Issue(t.Context(), taxreceipt.Request{Tenant: tenant, Kind: wanted.Kind, Identifier: wanted.Identifier})
			return err
		},
		"cancel": func() error {
			_, err := s.Cancel(t.Context(), taxreceipt.Taking{Tenant: tenant, ReceiptID: "rcp_1", Reason: cashreceipt.DealCanceled, Actor: "usr_1"})
			return err
		},
		"reissue": func() error {
			_, err := s.Reissue(t.Context(), tenant, "rcp_1", wanted, "usr_1")
			return err
		},
	} {
		if err := do(); !errors.Is(err, taxreceipt.ErrNotOffered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
