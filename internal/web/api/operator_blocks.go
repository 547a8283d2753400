package api

import (
	"context"
	"strings"

	"innopay/card"
	"innopay/fault"
	"innopay/id"
	"innopay/internal/audit"
	"innopay/internal/merchant"
	"innopay/internal/risk"
	"innopay/internal/web/problem"
	"innopay/messenger"
)

// ruleRecord sees that a change of a rule is in order, and is what is written down of it.
func (a *API) ruleRecord(ctx context.Context, b RiskRuleChange, action string) (audit.Record, error) {
	who := act(ctx, b.Reason)
	if err := who.Check(); err != nil {
		return audit.Record{}, err
	}
	if err := a.knownMerchant(ctx, b.MerchantID); err != nil {
		return audit.Record{}, err
	}
	return a.Oversight.Written(who, merchant.TenantOf(b.MerchantID), action, "", map[string]any{"rule": b.RiskRuleRequest}), nil
}

func (a *API) listBlocks(ctx context.Context, in *riskBlocksInput) (*riskBlocksOutput, error) {
	f := risk.BlockFilter{Kind: risk.BlockKind(in.Kind), Text: strings.TrimSpace(in.Q)}
	var err error
	if f.Before, err = decodeCursor(id.Block, in.Cursor); err != nil {
		return nil, err
	}
	rows, more, err := a.Risk.Blocks(ctx, f, in.Limit)
	return &riskBlocksOutput{RiskBlockList{
		Blocks: views(rows, a.blockView), NextCursor: following(rows, more, func(b risk.Block) string { return b.ID }),
	}}, err
}

func (a *API) blockView(b risk.Block) RiskBlock {
	return RiskBlock{
		ID: b.ID, Kind: string(b.Kind), Label: b.Label, Reason: b.Reason, CreatedAt: instant(b.CreatedAt), CreatedBy: b.CreatedBy,
		Until: instant(b.Until), Ended: b.Ended(a.Clock.Now()),
	}
}

func (a *API) createBlock(ctx context.Context, in *riskBlockInput) (*riskBlockOutput, error) {
	who := act(ctx, in.Body.Reason)
	if err := who.Check(); err != nil {
		return nil, err
	}
	t, err := a.target(ctx, in.Body)
	defer t.Card.Wipe()
	if err != nil {
		return nil, err
	}
	until, err := timeOf("/until", in.Body.Until)
	if err != nil {
		return nil, err
	}
	b, err := a.Risk.CreateBlock(ctx, t, strings.TrimSpace(in.Body.Reason), until, a.Oversight.Written(who, merchant.Tenant{}, "operator.risk_block_created", "", nil))
	return &riskBlockOutput{a.blockView(b)}, err
}

// target reads what is to be blocked: exactly one thing.
func (a *API) target(ctx context.Context, b RiskBlockRequest) (t risk.Target, err error) {
	named := 0
	for _, s := range []string{b.Number, b.PaymentID, b.BIN, b.Phone} {
		if s != "" {
			named++
		}
	}
	switch {
	case named != 1:
		wrong := problem.Required
		if named > 1 {
			wrong = problem.Unexpected
		}
		f := problem.InvalidField("/number", wrong)
		for _, path := range []string{"/paymentId", "/bin", "/phone"} {
			f = problem.WithField(f, path, wrong)
		}
		return t, f
	case b.Number != "":
		if t.Card, err = card.ParsePAN([]byte(digitsOnly(b.Number))); err != nil {
			return t, fault.InvalidField("/number", "INVALID_CARD_NUMBER", "카드번호를 확인해 주세요.")
		}
	case b.PaymentID != "":
		p, err := a.Payments.Get(ctx, merchant.TenantOf(b.MerchantID), b.PaymentID)
		if err != nil {
			return t, err
		}
		t.Payment = &p
	case b.BIN != "":
		t.BIN = b.BIN
	default:
		if t.Phone = digitsOnly(b.Phone); !messenger.ValidMobile(t.Phone) {
			return t, fault.InvalidField("/phone", "INVALID_MOBILE", "휴대폰 번호를 확인해 주세요.")
		}
	}
	return t, nil
}
