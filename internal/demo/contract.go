package demo

import (
	"context"
	"fmt"
	"time"

	"innopay/clock"
	"innopay/internal/approval"
	"innopay/internal/contract"
	"innopay/internal/merchant"
)

// contract gives a shop its terms, from before the month that is seeded: fees as cards
// cost small shops, paid two business days later, and no limit but that of the cards.
func (s *Seeder) contract(ctx context.Context, sh shop, t merchant.Tenant, now time.Time) error {
	present, err := s.Contracts.Latest(ctx, t)
	if err != nil || present.Version > 0 {
		return err
	}
	from := clock.DayOf(now.AddDate(0, -3, 0))
	err = s.Office.ApprovalTx(ctx, func(ctx context.Context, tx approval.Tx) error {
		_, err := s.Contracts.Write(ctx, tx, actor, t, contract.Draft{
			Effective: from, From: from, FeeVAT: true, Cycle: 2, Limits: contract.Limits{MaxMonths: merchant.MaxMonths},
			Fees:    []contract.Fee{{Method: contract.Card, Rate: 230}, {Method: contract.Card, CardType: "CHECK", Rate: 150}},
			Account: &contract.Account{Bank: "004", Number: contract.Number("0000001" + sh.businessNumber()[:6]), Holder: sh.owner},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("demo: contract of %s: %w", sh.key, err)
	}
	return nil
}
